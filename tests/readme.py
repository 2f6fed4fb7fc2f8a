"""Write what is drawn and listed elsewhere: the chapters' covers, and README's pictures and table.

    python tests/readme.py

The table is read from the first cell of each chapter. A cover is the picture of the cell that is
tagged "cover", kept in images/ and shown by the chapter's first cell; the one that is also tagged
"readme" stands in README.md, which opens with the slider of the cell tagged "motion", in motion.
The address of the repository stands in pyproject.toml, where this puts the checkout's own as soon
as that is known. Tests hold all of it to what this would write.
"""

import base64
import html
import os
import re
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from chapter import Chapter, all_chapters, tags
from execute import ROOT, write

README, PROJECT = ROOT / "README.md", ROOT / "pyproject.toml"
PLACEHOLDER = "OWNER/REPOSITORY"
GITHUB = re.compile(r"(?:^|@|//)github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?$")
BY_HAND = """\
On Binder: where these chapters lie in a repository of yours on GitHub, give its address to
mybinder.org, and the path of a chapter (`notebooks/01_derivatives.ipynb`) as the file to open.
`make readme` then finds the address, and puts a button beside each chapter here."""
MOVES, RESTS = ROOT / "images" / "slider.webp", ROOT / "images" / "slider.png"
TO_BUILD = """\
**Read it as pages**, on which every slider moves and every question answers with no Python behind
them: `make pages` builds them in `docs/_build/html`. On GitHub, they are built and published with
each push, and `make readme` puts their address here."""


def repository(project: Path = PROJECT) -> str:
    """Owner and repository as committed, such as "owner/repository"."""
    table = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    return "/".join(table["urls"]["repository"].rstrip("/").split("/")[-2:])


def known_repository(folder: Path = ROOT) -> str | None:
    """Owner and repository on GitHub, told by a workflow or by the checkout's remotes, if any."""
    if named := os.environ.get("GITHUB_REPOSITORY"):
        return named
    asked = ["git", "config", "--get-regexp", r"^remote\..*\.url$"]
    try:
        told = subprocess.run(asked, cwd=folder, capture_output=True, encoding="utf-8")
    except FileNotFoundError:
        return None  # no git here
    remotes = dict(line.split(maxsplit=1) for line in told.stdout.splitlines())
    first = sorted(remotes, key=lambda name: name != "remote.origin.url")
    found = [match[1] for name in first if (match := GITHUB.search(remotes[name]))]
    return found[0] if found else None


def put_address(project: Path, known: str | None) -> None:
    """Put the address, where it is known, into pyproject.toml."""
    text = project.read_text(encoding="utf-8")
    if known:
        project.write_text(text.replace(repository(project), known), encoding="utf-8")


def pages_address(repository: str) -> str:
    """Where GitHub publishes the pages of a repository."""
    owner, name = repository.split("/")
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def to_the_pages(repository: str) -> str:
    """The link to the pages; without an address, how to build them."""
    if repository == PLACEHOLDER:
        return TO_BUILD
    return (
        f"**[Read it in your browser]({pages_address(repository)})**, with nothing to install: "
        "every slider\nmoves, and every question answers."
    )


def table(chapters: list[Chapter], repository: str) -> str:
    """One row per chapter: title, what it teaches, minutes to read, seconds to run, badge.

    Without an address there are no badges, and a sentence says how to do without.
    """
    published = repository != PLACEHOLDER
    rows = ["| chapter | you will be able to | read | run |", "|---|---|---|---|"]
    if published:
        rows = [f"{row}{more}" for row, more in zip(rows, (" |", "---|"), strict=True)]
    for chapter in chapters:
        able, minutes, seconds = map(chapter.opening, ("able", "minutes", "seconds"))
        path = f"notebooks/{chapter.path.name}"
        # In Notebook rather than JupyterLab, whose side bar leaves a phone no room to read.
        view = f"HEAD?urlpath=notebooks/{quote(path)}"
        binder = f"https://mybinder.org/v2/gh/{repository}/{view}"
        badge = f"[![Open chapter {chapter.number} on Binder](images/binder.svg)]({binder})"
        row = f"| [{chapter.title}]({path}) | {able} | {minutes} min | {seconds} s |"
        rows.append(f"{row} {badge} |" if published else row)
    return "\n".join(rows if published else [*rows, "", BY_HAND])


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


def tagged(chapters: list[Chapter], tag: str) -> Chapter:
    """The one chapter with a cell that is tagged so; ValueError where there is not one."""
    found = [c for c in chapters if any(tag in tags(cell) for _, cell in c.code)]
    if len(found) != 1:
        raise ValueError(f"{len(found)} chapters have a cell tagged {tag!r}; README needs one.")
    return found[0]


def in_motion(chapter: Chapter) -> str:
    """The picture of a slider in motion; at rest for readers who want nothing to move."""
    moves, rests = (path.relative_to(ROOT).as_posix() for path in (MOVES, RESTS))
    [alt] = [
        output.data["text/plain"]
        for _, cell in chapter.code
        if "motion" in tags(cell)
        for output in cell.outputs
    ]
    said = f"A slider is dragged from end to end, and the picture follows. Where it starts: {alt}"
    return (
        f'<picture><source media="(prefers-reduced-motion: reduce)" srcset="{rests}">'
        f'<img src="{moves}" width="900" alt="{html.escape(said)}"></picture>'
    )


def readme(text: str, chapters: list[Chapter], repository: str) -> str:
    """README.md as it should be; ValueError where its pictures are not tagged in the chapters."""
    picture = cover(tagged(chapters, "readme"))
    image = picture.path.relative_to(ROOT).as_posix()
    text = filled(text, "pages", to_the_pages(repository))
    text = filled(text, "motion", in_motion(tagged(chapters, "motion")))
    text = filled(text, "picture", f"![{picture.alt}]({image})")
    return filled(text, "chapters", table(chapters, repository))


def opened(source: str, drawn: Cover) -> str:
    """The source of a chapter's first cell with its cover, in the place of an old one."""
    old = re.compile(r"^<div .*<img .*</div>$", re.MULTILINE)
    found = old.search(source)
    if not found:
        return f"{source.rstrip()}\n\n{drawn.tag}"
    return source[: found.start()] + drawn.tag + source[found.end() :]


def main(readme_path: Path = README) -> None:
    """Write README.md, its pictures, the covers, and the first cells that do not show theirs."""
    import motion  # brings torch with it, which who only asks for an address need not wait for

    put_address(PROJECT, known_repository())
    chapters = all_chapters()
    for chapter in chapters:
        drawn, first = cover(chapter), chapter.cells[0]
        drawn.path.write_bytes(drawn.png)
        if drawn.tag not in first.source:
            first.source = opened(first.source, drawn)
            write(chapter.notebook, chapter.path)
    MOVES.write_bytes(motion.moving(motion.moving_figure(tagged(chapters, "motion"))))
    RESTS.write_bytes(motion.at_rest(MOVES))
    text = readme_path.read_text(encoding="utf-8")
    readme_path.write_text(readme(text, chapters, repository()), encoding="utf-8")


if __name__ == "__main__":
    main()
