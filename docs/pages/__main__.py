"""Build the pages into docs/_build/html: record what chapters can show, and let Sphinx write.

python -m pages          all chapters
python -m pages 00 01    these two
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import nbformat

from chapter import Chapter
from execute import ROOT, chapters
from helpers.output import asset
from pages import fonts
from pages.chapters import ENVIRONMENT, recorded
from pages.source import Page, start_page, write_if_new
from readme import README, known_repository, repository

HERE = Path(__file__).parent
BUILT = HERE.parent / "_build"
OWN = ("pages.css", "terms.js")  # files of the folder page/ that the pages load as they are


def scripts() -> str:
    """The script of the pages: the parts of a notebook's page, as they are, and what wakes them.

    Modules cannot be loaded from a folder on disk, so each part becomes a function's own.
    """
    parts = {
        "figure": ["drawing.js", "parts.js", "figure.js"],
        "questions": ["parts.js", "questions.js"],
    }
    wrapped = [
        f"const {name} = (() => {{\n{asset(*files).replace('export default', 'return')}\n}})();"
        for name, files in parts.items()
    ]
    return "\n".join([*wrapped, (HERE / "page" / "pages.js").read_text(encoding="utf-8")])


def prepare(paths: list[Path], built: Path, kept: Path) -> None:
    """Write what Sphinx reads, and what the pages fetch."""
    found = recorded(paths, kept)
    members, address = [Chapter(path) for path in paths], known_repository() or repository()
    opening = README.read_text(encoding="utf-8")
    files = {
        "static/pages.js": scripts().encode(),
        "static/course.css": asset("course.css", "still.css").encode(),
        "static/fonts.js": fonts.script(),
        **{f"static/{name}": (HERE / "page" / name).read_bytes() for name in OWN},
    }
    for image in (ROOT / "images").iterdir():
        files[f"source/images/{image.name}"] = image.read_bytes()
    shown: dict[str, str] = {}
    for chapter in members:
        page = Page(chapter, found[chapter.path.stem], address)
        notebook = nbformat.writes(page.notebook())
        files[f"source/{chapter.path.name}"] = notebook.encode()
        files |= {f"static/{name}": content for name, content in page.files.items()}
        shown |= page.shown
    files["source/index.md"] = start_page(opening, members, address, shown).encode()
    for folder in ("source", "static"):
        for old in [path for path in (built / folder).rglob("*") if path.is_file()]:
            if old.relative_to(built).as_posix() not in files:
                old.unlink()
    for name, content in files.items():
        write_if_new(built / name, content)


def build(paths: list[Path], built: Path = BUILT, kept: Path | None = None) -> int:
    """Build the pages of these chapters; 0 where Sphinx found no fault.

    `kept` is the folder of what chapters have recorded, if not the one beside the pages.
    """
    prepare(paths, built, kept or built / "recorded")
    settings = {"html_static_path": built / "static"}
    whole = [path.name for path in paths] == [path.name for path in chapters()]
    if not whole:
        settings["suppress_warnings"] = "myst.xref_missing"  # links to what is not built
    command = [
        *(sys.executable, "-W", "ignore", "-m", "sphinx", "--quiet", "--conf-dir", HERE),
        *(f"--define={name}={value}" for name, value in settings.items()),
        *(["--fail-on-warning"] if whole else []),
        *("--doctree-dir", built / "doctrees", built / "source", built / "html"),
    ]
    # In a process of its own: Sphinx cannot be started twice in one.
    return subprocess.run(command, env={**os.environ, **ENVIRONMENT}).returncode


def main(wanted: list[str]) -> int:
    started = time.perf_counter()
    status = build(chapters(wanted))
    size = sum(path.stat().st_size for path in (BUILT / "html").rglob("*") if path.is_file())
    took = time.perf_counter() - started
    print(f"docs/_build/html: {size / 1e6:.1f} MB, in {took:.1f} s. Open index.html in it.")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
