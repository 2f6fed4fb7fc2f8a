"""Build the pages into docs/_build/html: record what chapters can show, and let Sphinx write.

    python -m pages          all chapters
    python -m pages 00 01    these two
"""

import shutil
import sys
import time
from pathlib import Path

import nbformat
from sphinx.application import Sphinx

from chapter import Chapter
from execute import ROOT, chapters
from helpers.output import asset
from pages.chapters import recorded
from pages.source import Page, start_page, write_if_new
from readme import README, repository

HERE = Path(__file__).parent
BUILT = HERE.parent / "_build"


def scripts() -> str:
    """The script of the pages: the parts of a notebook's page, as they are, and what wakes them.

    Modules cannot be loaded from a folder on disk, so each part becomes a function's own.
    """
    parts = {"figure": ["drawing.js", "parts.js", "figure.js"], "questions": ["parts.js", "questions.js"]}
    wrapped = [
        f"const {name} = (() => {{\n{asset(*files).replace('export default', 'return')}\n}})();"
        for name, files in parts.items()
    ]
    return "\n".join([*wrapped, (HERE / "page" / "pages.js").read_text(encoding="utf-8")])


def prepare(paths: list[Path], built: Path) -> None:
    """Write what Sphinx reads, and what the pages fetch."""
    found = recorded(paths, built / "recorded")
    members = [Chapter(path) for path in paths]
    files = {
        "static/pages.js": scripts().encode(),
        "static/course.css": asset("course.css", "still.css").encode(),
        "static/pages.css": (HERE / "page" / "pages.css").read_bytes(),
        "source/index.md": start_page(README.read_text(encoding="utf-8"), members).encode(),
    }
    for image in (ROOT / "images").iterdir():
        files[f"source/images/{image.name}"] = image.read_bytes()
    for chapter in members:
        page = Page(chapter, found[chapter.path.stem], repository())
        notebook = nbformat.writes(page.notebook())
        files[f"source/{chapter.path.name}"] = notebook.encode()
        files |= {f"static/{name}": content for name, content in page.files.items()}
    for folder in ("source", "static"):
        for old in [path for path in (built / folder).rglob("*") if path.is_file()]:
            if old.relative_to(built).as_posix() not in files:
                old.unlink()
    for name, content in files.items():
        write_if_new(built / name, content)


def build(paths: list[Path], built: Path = BUILT) -> int:
    """Build the pages of these chapters; the number that Sphinx ends with."""
    prepare(paths, built)
    settings = {"html_static_path": [str(built / "static")]}
    folders = [str(built / "source"), str(HERE), str(built / "html"), str(built / "doctrees")]
    app = Sphinx(
        *folders, "html", settings, status=None, warning=sys.stderr, exception_on_warning=False
    )
    app.build()
    return app.statuscode


def main(wanted: list[str]) -> int:
    started = time.perf_counter()
    status = build(chapters(wanted))
    size = sum(path.stat().st_size for path in (BUILT / "html").rglob("*") if path.is_file())
    took = time.perf_counter() - started
    print(f"docs/_build/html: {size / 1e6:.1f} MB, in {took:.1f} s. Open index.html in it.")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
