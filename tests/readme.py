"""Write what is drawn and listed elsewhere: the chapters' covers, and README's picture and table.

    python tests/readme.py

The table is read from the first cell of each chapter. A cover is the picture of the cell that is
tagged "cover", kept in images/ and shown by the chapter's first cell; the one that is also tagged
"readme" opens README.md. The address of the repository is from pyproject.toml. Tests hold all of it
to what this would write.
"""

import base64
import html
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from chapter import Chapter, all_chapters, tags
from execute import ROOT, write

README = ROOT / "README.md"


def repository() -> str:
    """Owner and repository, such as "owner/repository"."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return "/".join(project["urls"]["repository"].rstrip("/").split("/")[-2:])


def table(chapters: list[Chapter]) -> str:
    """One row per chapter: title, what it teaches, minutes to read, seconds to run, badge."""
    rows = ["| chapter | you will be able to | read | run | |", "|---|---|---|---|---|"]
    for chapter in chapters:
        able, minutes, seconds = map(chapter.opening, ("able", "minutes", "seconds"))
        path = f"notebooks/{chapter.path.name}"
        # In Notebook rather than JupyterLab, whose side bar leaves a phone no room to read.
        view = f"HEAD?urlpath=notebooks/{quote(path)}"
        binder = f"https://mybinder.org/v2/gh/{repository()}/{view}"
        badge = f"[![Open chapter {chapter.number} on Binder](images/binder.svg)]({binder})"
        rows.append(
            f"| [{chapter.title}]({path}) | {able} | {minutes} min | {seconds} s | {badge} |"
        )
    return "\n".join(rows)


@dataclass(frozen=True)
class Cover:
    """The picture that opens a chapter: its file, its bytes, and its alternative text."""

    path: Path
    png: bytes
    alt: str

    @property
    def tag(self) -> str:
        """The line that shows it in the chapter's first cell, readable on a narrow page too."""
        image = f'src="../images/{self.path.name}" width="900" alt="{html.escape(self.alt)}"'
        return f'<div style="overflow-x: auto"><img style="min-width: 740px" {image}></div>'


def cover(chapter: Chapter) -> Cover:
    """The chapter's cover; ValueError where not one cell is tagged so, with one picture."""
    pictures = [
        (base64.b64decode(output.data["image/png"]), output.data["text/plain"])
        for _, cell in chapter.code
        if "cover" in tags(cell)
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]
    if len(pictures) != 1:
        raise ValueError(f"{chapter.path.name}: {len(pictures)} pictures are tagged as the cover.")
    return Cover(ROOT / "images" / f"{chapter.path.stem}.png", *pictures[0])


def filled(text: str, part: str, content: str) -> str:
    """`text` with `content` between the comments that name `part`."""
    pattern = rf"(<!-- {part} -->\n).*?(<!-- /{part} -->)"
    result, count = re.subn(pattern, lambda m: f"{m[1]}{content}\n{m[2]}", text, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"README.md needs one <!-- {part} --> … <!-- /{part} -->, has {count}.")
    return result


def readme(text: str, chapters: list[Chapter]) -> str:
    """README.md as it should be; ValueError where not one cover is tagged to open it."""
    opens = [c for c in chapters if any("readme" in tags(cell) for _, cell in c.code)]
    if len(opens) != 1:
        raise ValueError(f"{len(opens)} chapters have a cell tagged 'readme'; one cover opens it.")
    opening = cover(opens[0])
    image = opening.path.relative_to(ROOT).as_posix()
    text = filled(text, "picture", f"![{opening.alt}]({image})")
    return filled(text, "chapters", table(chapters))


def opened(source: str, drawn: Cover) -> str:
    """The source of a chapter's first cell with its cover, in the place of an old one."""
    old = re.compile(r"^<div .*<img .*</div>$", re.MULTILINE)
    found = old.search(source)
    if not found:
        return f"{source.rstrip()}\n\n{drawn.tag}"
    return source[: found.start()] + drawn.tag + source[found.end() :]


def main(readme_path: Path = README) -> None:
    """Write README.md, the covers, and the chapters' first cells that do not show theirs."""
    chapters = all_chapters()
    for chapter in chapters:
        drawn, first = cover(chapter), chapter.cells[0]
        drawn.path.write_bytes(drawn.png)
        if drawn.tag not in first.source:
            first.source = opened(first.source, drawn)
            write(chapter.notebook, chapter.path)
    text = readme_path.read_text(encoding="utf-8")
    readme_path.write_text(readme(text, chapters), encoding="utf-8")


if __name__ == "__main__":
    main()
