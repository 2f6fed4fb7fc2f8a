"""The text of a chapter: its links, its words, and its numbers."""

import re
from pathlib import Path

from chapter import Chapter, links, prose, without_code, without_fences
from execute import NOTEBOOKS
from rules.registry import rule


@rule
def links_resolve(chapter: Chapter) -> list[str]:
    return [
        f"cell {i}: {fault}"
        for i, cell in chapter.markdown
        for fault in dead_links(cell.source, chapter.path)
    ]


def dead_links(markdown: str, path: Path) -> list[str]:
    """What is wrong with the links and pictures of a markdown text that stands in `path`."""
    faults = []
    for target in links(markdown):
        if target.startswith("attachment:"):
            faults.append(f"{target}: a picture inside the notebook; keep it in images/")
        # Pages that show or run a notebook of this course elsewhere name its file too.
        for name in re.findall(r"notebooks(?:/|%2F)([\w-]+\.ipynb)", target):
            if not (NOTEBOOKS / name).exists() and not (path.parent / name).exists():
                faults.append(f"{target}: there is no notebook {name}")
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file) if file else path
        if not there.exists():
            faults.append(f"{target}: no such file")
        elif anchor and anchor not in anchors(there):
            faults.append(f"{target}: no such heading")
    pictures = re.findall(r"!\[([^\]]*)\]\(", without_code(markdown))
    pictures += re.findall(r"<img\b(?![^>]*\balt=\"[^\"]+\")()[^>]*>", without_code(markdown))
    if any(not alt.strip() for alt in pictures):
        faults.append("a picture without alternative text")
    return faults


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings: JupyterLab's for a notebook, GitHub's for markdown."""
    if path.suffix == ".ipynb":
        return {text.lstrip("# ").replace(" ", "-") for _, text in Chapter(path).headings}
    found = set()
    for line in without_fences(path.read_text(encoding="utf-8")).splitlines():
        if re.match(r"#{1,6} ", line):
            words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.lstrip("# ")).strip().lower()
            found.add(re.sub(r"[^\w\- ]", "", words).replace(" ", "-"))
    return found


@rule
def words_do_not_belittle_or_shout(chapter: Chapter) -> list[str]:
    faults = []
    for i, cell in chapter.markdown:
        text = re.sub(r"<!--.*?-->", " ", prose(cell.source), flags=re.DOTALL)
        faults += [
            f"cell {i}: {word!r}"
            for word in re.findall(r"\b(?:simply|just|obviously)\b|\w*!", text, re.IGNORECASE)
        ]
    return faults


NUMBER = r"[-−+]?\d[\d,]*(?:\.\d+)?(?:e[-−+]?\d+)?"
MARKED = re.compile(rf"({NUMBER})\s?%?(?:\*\*)?<!--\s*([\w ]*?)\s*-->")
# What a number may be without being measured: the place of something in a book, or a version.
PLACE = re.compile(
    r"(?:\b(?:sections?|sec\.|figures?|fig\.|tables?|chapters?|equations?|eq\.|appendix|versions?"
    r"|python|pytorch|torch|arxiv:?)|§+)\s*\d[\d.]*(?:\s*(?:,|and|to|or|–|-)\s*\d[\d.]*)*",
    re.IGNORECASE,
)


@rule
def numbers_are_measured(chapter: Chapter) -> list[str]:
    rows = {name: plain(value) for name, value in chapter.measured.items()}
    faults = []
    for i, cell in chapter.markdown:
        text = prose(cell.source)
        for number, name in MARKED.findall(text):
            if name == "given":
                continue
            if name not in rows:
                faults.append(f"cell {i}: {number} is marked {name!r}, which no row is called")
            elif plain(number) != rows[name]:
                faults.append(f"cell {i}: {number} in the prose, {rows[name]} in the row {name}")
        text = MARKED.sub(" ", text)
        faults += [
            f"cell {i}: {comment} does not stand right behind a number"
            for comment in re.findall(r"<!--.*?-->", text, re.DOTALL)
        ]
        faults += [
            f"cell {i}: {number.strip()} has no marker: a row, <!-- given -->, or backticks?"
            for number in re.findall(r"\d[\d,]*\.\d+\s?%?|\d+\s?%", PLACE.sub(" ", text))
        ]
    return faults


def plain(number: str) -> str:
    """A number as text without what is there for the eye: commas, a percent sign, a long minus."""
    return number.replace(",", "").replace("−", "-").rstrip(" %")
