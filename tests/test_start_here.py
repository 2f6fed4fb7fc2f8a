"""Chapter 00's look at the environment: it says what is missing and the line that mends it."""

import re
import subprocess
import sys

import pytest

from chapter import Chapter, all_chapters
from execute import NOTEBOOKS, ROOT

CHAPTER, *OTHERS = all_chapters()
ALL_IS_WELL = "Everything the course needs is here."
# Stands before the cells: the named packages are as if they were not installed.
BLOCK = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {blocked!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
"""


def look(folder, blocked=()):
    """What the two cells that look for packages print, run by a fresh Python in `folder`/notebooks.

    They stand under the heading to which the reader's first import points.
    """
    places = [(CHAPTER.section_of(i), cell.source) for i, cell in CHAPTER.code]
    cells = [source for section, source in places if section == "## Is everything here?"]
    assert len(cells) == 2
    notebooks = folder / "notebooks"
    notebooks.mkdir(exist_ok=True)
    run = subprocess.run(
        [sys.executable, "-c", "\n".join([BLOCK.format(blocked=set(blocked)), *cells])],
        cwd=notebooks,
        capture_output=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_nothing_is_missing_here():
    assert look(ROOT).strip() == ALL_IS_WELL


def test_it_asks_for_nothing_but_python():
    said = look(ROOT, blocked=["torch", "matplotlib", "ipywidgets", "networkx", "helpers"])
    for package in ("torch", "matplotlib", "ipywidgets", "networkx", "helpers.exercises"):
        assert f"{package} cannot be imported: No module named" in said
    assert ALL_IS_WELL not in said


@pytest.mark.parametrize("package", ["helpers", "torch"])
def test_the_line_that_mends_it_names_this_folder_and_this_python(package):
    lines = look(ROOT, blocked=[package]).splitlines()
    assert lines[-1] == (f'!cd "{ROOT}" && "{sys.executable}" -m pip install -r requirements.txt')


@pytest.mark.parametrize(
    ("requirement", "message"),
    [
        ("no-such-package==1.0", "no-such-package 1.0 is missing."),
        ("nbval==0.0.1", "the course was tested with 0.0.1."),
    ],
)
def test_a_package_that_is_missing_or_another_is_named(tmp_path, requirement, message):
    (tmp_path / "requirements.txt").write_text(f"{requirement}\n-e .\n", encoding="utf-8")
    said = look(tmp_path)
    assert message in said
    assert "-m pip install -r requirements.txt" in said


def test_a_build_of_the_pinned_version_is_the_pinned_version(tmp_path):
    import torch

    pinned = torch.__version__.split("+")[0]
    (tmp_path / "requirements.txt").write_text(f"torch=={pinned}\n", encoding="utf-8")
    assert look(tmp_path).strip() == ALL_IS_WELL


def test_a_notebook_carried_away_alone_says_so(tmp_path):
    assert "get the whole course" in look(tmp_path)


def test_the_first_import_says_where_to_look():
    first = next(cell.source for _, cell in CHAPTER.code if "import torch" in cell.source)
    comment, *_ = first.splitlines()
    assert comment.startswith("# If this fails") and '"Is everything here?"' in comment
    assert "## Is everything here?" in [heading for _, heading in CHAPTER.headings]


def chapter_text(chapter):
    return "\n".join(cell.source for cell in chapter.cells)


@pytest.mark.parametrize("chapter", OTHERS, ids=lambda chapter: chapter.path.stem)
def test_the_map_has_every_chapter_by_its_title(chapter):
    row = f"| [{chapter.title}]({chapter.path.name}) |"
    assert row in chapter_text(CHAPTER), f"the map of the course lacks {row}"


def glossary():
    """(term, file of the chapter that introduces it) for each row."""
    text = chapter_text(CHAPTER).partition("## Glossary")[2]
    return re.findall(r"^\| \*\*(.+?)\*\* \|.*\| \[\d\d\]\((.+?)\) \|$", text, re.MULTILINE)


def test_the_glossary_is_in_order():
    terms = [term.lower() for term, _ in glossary()]
    assert len(terms) > 50
    assert terms == sorted(set(terms))


@pytest.mark.parametrize(("term", "file"), glossary(), ids=lambda value: value)
def test_the_chapter_that_the_glossary_names_uses_the_term(term, file):
    text = " ".join(chapter_text(Chapter(NOTEBOOKS / file)).lower().split())
    names = [name.strip() for name in re.split(r"[,()]", term.lower()) if name.strip()]
    assert any(name in text for name in names), f"{file} holds none of {names}"
