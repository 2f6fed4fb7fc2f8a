"""The rules of rules/ over the committed chapters, the README and the repository."""

import re
import subprocess

import pytest

from chapter import all_chapters
from execute import ROOT
from rules import RULES
from rules.prose import dead_links
from rules.repository import faults_of_text

CHAPTERS = all_chapters()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.path.stem)
def test_chapter(chapter, rule):
    if faults := rule(chapter):
        pytest.fail(f"{chapter.path.name}: " + "\n".join(faults), pytrace=False)


def test_chapters_are_numbered_from_zero():
    numbers = [chapter.number for chapter in CHAPTERS]
    assert numbers == [f"{n:02d}" for n in range(len(numbers))]
    assert numbers


def test_exercise_names_are_unique_in_the_course():
    names = [exercise.name for chapter in CHAPTERS for exercise in chapter.exercises]
    assert len(names) == len(set(names)), sorted(n for n in set(names) if names.count(n) > 1)


@pytest.mark.parametrize("name", ["README.md", "data/README.md"])
def test_links_of_readme(name):
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"there is no {name}")
    if faults := dead_links(path.read_text(encoding="utf-8"), path):
        pytest.fail("\n".join(faults), pytrace=False)


def test_repository_names_no_registry_and_no_machine():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    faults = {}
    for name in listed.stdout.splitlines():
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        text = re.sub(r'"image/png": ".*?"', "", text)
        if found := faults_of_text(text, name):
            faults[name] = found
    assert not faults
