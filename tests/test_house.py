"""The shared house and the chapters' rooms: their sizes, and which way their imports point."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from chapter import all_chapters
from execute import ROOT
from rules.parts import COURSE_IS_MISSING

HELPERS = ROOT / "helpers"
HOUSE = sorted(HELPERS.glob("*.py"))
ROOMS = sorted((HELPERS / "chapters").rglob("*.py"))
LONGEST_IN_ALL = 3_010  # lines of the house, 250 of them `live`; it is meant to shrink
LONGEST_FILE = 250  # lines of a file of the house
LONGEST_ROOM = 300  # lines of a file of a room; a longer one becomes a folder
LONGEST_FUNCTION = 60  # lines, its docstring apart
SEARCHING = {"importlib", "pkgutil"}  # a room is imported by its name, never looked up


def relative(path: Path) -> str:
    return path.relative_to(HELPERS).as_posix()


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def imported(source: str) -> set[str]:
    """The modules that a source imports, each `from a import b` as "a" and "a.b"."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def long_functions(source: str, longest: int = LONGEST_FUNCTION) -> list[str]:
    """The functions of more lines than `longest`, docstrings apart, with their lines."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            count = node.end_lineno - node.lineno + 1
            if ast.get_docstring(node) is not None:
                count -= node.body[0].end_lineno - node.body[0].lineno + 1
            found += [f"{node.name}: {count} lines"] if count > longest else []
    return found


def circle(arrows: dict[str, set[str]]) -> list[str]:
    """Modules that import one another in a circle; none where all arrows can point down."""
    left = dict(arrows)
    while free := [name for name, targets in left.items() if not targets & left.keys()]:
        for name in free:
            del left[name]
    return sorted(left)


def test_the_house_is_small():
    assert sum(map(lines, HOUSE)) <= LONGEST_IN_ALL
    assert {relative(path): lines(path) for path in HOUSE if lines(path) > LONGEST_FILE} == {}


def test_a_room_that_grows_becomes_a_folder():
    assert {relative(path): lines(path) for path in ROOMS if lines(path) > LONGEST_ROOM} == {}


@pytest.mark.parametrize("path", [*HOUSE, *ROOMS], ids=relative)
def test_no_function_is_long(path):
    assert long_functions(path.read_text(encoding="utf-8")) == []


def test_long_functions_are_found():
    body = "    x = 1\n" * 60
    assert long_functions(f"def f():\n{body}") == ["f: 61 lines"]
    assert long_functions(f'def f():\n    """One.\n\n    Two.\n    """\n{body[:-10]}') == []


@pytest.mark.parametrize("path", HOUSE, ids=relative)
def test_the_house_imports_no_room(path):
    modules = imported(path.read_text(encoding="utf-8"))
    assert not any(module.startswith("helpers.chapters") for module in modules)
    assert not modules & SEARCHING


@pytest.mark.parametrize("path", ROOMS, ids=relative)
def test_a_room_takes_from_the_house_and_itself(path):
    room = relative(path).removesuffix(".py").split("/")[1]
    modules = imported(path.read_text(encoding="utf-8"))
    rooms = {module.split(".")[2] for module in modules if module.startswith("helpers.chapters.")}
    assert rooms <= {room}
    assert not modules & SEARCHING


def test_imports_point_down():
    names = {f"helpers.{path.stem}": imported(path.read_text(encoding="utf-8")) for path in HOUSE}
    assert circle(names) == []
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["a", "b", "c"]


@pytest.mark.parametrize("chapter", all_chapters(), ids=lambda chapter: chapter.path.stem)
def test_each_chapter_has_a_room(chapter):
    room = importlib.import_module(f"helpers.chapters.ch{chapter.number}")
    assert len(room.quiz.questions) == 3
    assert room.check.keys() == {exercise.name for exercise in chapter.exercises}


def test_a_chapter_opened_alone_says_what_is_missing(tmp_path):
    """The traceback, as Jupyter shows it, holds the line above the import that failed."""
    first = [chapter.code[0][1].source for chapter in all_chapters()[1:]]
    program = (
        "import sys; sys.modules['helpers'] = None\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance(colors='nocolor')\n"
        f"for source in {[source[source.find(COURSE_IS_MISSING) :] for source in first]!r}:\n"
        "    shell.run_cell(source)"
    )
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8").stdout
    assert said.count(COURSE_IS_MISSING) == len(first)
    assert said.count("\nModuleNotFoundError: ") == len(first)
