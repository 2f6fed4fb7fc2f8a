"""A report in sections, of which a run writes some anew and leaves the others as they are."""

import re
from pathlib import Path


def renewed(old: str, head: str, sections: dict[str, str]) -> str:
    """The report with new sections, by title and in the titles' order; the others as they were."""
    parts = re.split(r"^(?=## )", old, flags=re.MULTILINE)[1:]
    known = {part.splitlines()[0].removeprefix("## "): part.strip() + "\n" for part in parts}
    known |= {title: f"## {title}\n\n{text.strip()}\n" for title, text in sections.items()}
    return "\n".join([head, *(known[title] for title in sorted(known))])


def renew(report: Path, head: str, sections: dict[str, str]) -> None:
    """Write the report of this name anew; see `renewed`."""
    report.parent.mkdir(exist_ok=True)
    old = report.read_text(encoding="utf-8") if report.exists() else ""
    report.write_text(renewed(old, head, sections), encoding="utf-8")
