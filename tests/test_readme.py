"""README.md is what the notebooks make of it."""

import io
import shutil
import subprocess
from unittest.mock import patch

import numpy as np
import pytest
from PIL import Image

import motion
from chapter import all_chapters
from readme import (
    MOVES,
    PLACEHOLDER,
    PROJECT,
    README,
    RESTS,
    cover,
    filled,
    known_repository,
    opened,
    pages_address,
    put_address,
    readme,
    repository,
    table,
    tagged,
)
from sample import sample, write_sample

CHAPTERS = all_chapters()


def test_readme_is_up_to_date():
    text = README.read_text(encoding="utf-8")
    now = readme(text, CHAPTERS, repository())
    assert now == text, "README.md is behind the notebooks: make readme"


def test_where_the_address_is_known_it_is_committed():
    known = known_repository()
    assert not (known and repository() == PLACEHOLDER), f"this is {known}: make readme"


@pytest.mark.parametrize(
    ("remotes", "known"),
    [
        ({}, None),
        ({"origin": "https://github.com/ada/course.git"}, "ada/course"),
        ({"origin": "git@github.com:ada/course"}, "ada/course"),
        ({"origin": "ssh://git@github.com/ada/my.course.git/"}, "ada/my.course"),
        ({"origin": "https://me:secret@github.com/ada/course"}, "ada/course"),
        ({"origin": "/srv/mirror/github.com/ada/course"}, None),
        ({"origin": "https://notgithub.com/ada/course"}, None),
        (
            {"fork": "https://github.com/b/c", "origin": "https://github.com/ada/course"},
            "ada/course",
        ),
        ({"origin": "/srv/course", "up": "https://github.com/ada/course"}, "ada/course"),
    ],
)
def test_the_address_is_read_from_the_remotes(remotes, known, tmp_path, monkeypatch):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    for name, url in remotes.items():
        subprocess.run(["git", "remote", "add", name, url], cwd=tmp_path, check=True)
    assert known_repository(tmp_path) == known


def test_a_workflow_says_where_it_runs(monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_REPOSITORY", "ada/course")
    assert known_repository(tmp_path) == "ada/course"


def test_the_address_goes_into_the_project(tmp_path):
    project = tmp_path / "pyproject.toml"
    shutil.copy(PROJECT, project)
    put_address(project, None)
    assert project.read_bytes() == PROJECT.read_bytes()
    put_address(project, "ada/course")
    assert repository(project) == "ada/course"
    put_address(project, "eve/other")
    assert repository(project) == "eve/other"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.path.stem)
def test_a_chapter_opens_with_its_cover(chapter):
    drawn = cover(chapter)
    assert drawn.path.read_bytes() == drawn.png, "the cover is old: make readme"
    assert drawn.tag in chapter.cells[0].source, f"the first cell lacks {drawn.tag}"


def test_a_cover_takes_the_place_of_the_old_one():
    drawn = cover(CHAPTERS[0])
    assert opened("# 00 Title", drawn) == f"# 00 Title\n\n{drawn.tag}"
    other = drawn.tag.replace("alt=", 'title="old" alt=')
    assert opened(f"# 00 Title\n\n{other}\n\nText.", drawn) == f"# 00 Title\n\n{drawn.tag}\n\nText."


def test_every_chapter_has_a_row_with_a_badge():
    rows = table(CHAPTERS, "ada/course").splitlines()
    assert len(rows) == 2 + len(CHAPTERS)
    for chapter, row in zip(CHAPTERS, rows[2:], strict=True):
        assert f"({'notebooks/' + chapter.path.name})" in row
        assert "/gh/ada/course/HEAD" in row
    assert len({row.count("|") for row in rows}) == 1


@pytest.mark.parametrize(
    ("named", "address"),
    [
        ("ada/course", "https://ada.github.io/course/"),
        ("Ada/Course", "https://ada.github.io/Course/"),
        ("ada/ada.github.io", "https://ada.github.io/"),
    ],
)
def test_the_readme_opens_with_the_way_to_the_pages(named, address):
    text = readme(README.read_text(encoding="utf-8"), CHAPTERS, named)
    title, opening = text.split("\n\n")[:2]
    assert title.startswith("# ")
    assert f"]({address})" in opening and pages_address(named) == address
    assert f"mybinder.org/v2/gh/{named}/HEAD" in text and PLACEHOLDER not in text


def test_without_an_address_the_readme_says_how_to_build_the_pages():
    text = readme(README.read_text(encoding="utf-8"), CHAPTERS, PLACEHOLDER)
    opening = text.split("\n\n")[1]
    assert "`make pages`" in opening
    assert "github.io" not in text and PLACEHOLDER not in text


def test_without_an_address_there_is_a_sentence_instead_of_dead_links():
    rows, said = table(CHAPTERS, PLACEHOLDER).split("\n\n")
    assert PLACEHOLDER not in rows and "mybinder.org" not in rows
    assert len({row.count("|") for row in rows.splitlines()}) == 1
    assert "mybinder.org" in said


def test_an_opening_that_cannot_be_read_is_named(tmp_path):
    notebook = sample()
    notebook.cells[0].source = notebook.cells[0].source.replace("**running** 2 seconds", "soon")
    with pytest.raises(ValueError, match=r"01_sample.ipynb: the opening lacks \*\*running\*\* n s"):
        table([write_sample(notebook, tmp_path)], PLACEHOLDER)


# ---------------------------------------------------------------- the slider in motion


def seen(file) -> list[np.ndarray]:
    """The pictures of an animated file."""
    with Image.open(file) as image:
        found = []
        for place in range(image.n_frames):
            image.seek(place)
            found.append(np.asarray(image.convert("RGB"), int))
        return found


def strays(one: list[np.ndarray], other: list[np.ndarray]) -> float:
    """How far the pictures of two films are apart, on average over their pixels: 0 to 255."""
    return max(abs(a - b).mean() for a, b in zip(one, other, strict=True))


@pytest.fixture(scope="module")
def figure():
    return motion.moving_figure(tagged(CHAPTERS, "motion"))


def test_the_slider_that_opens_the_readme_is_the_chapters(figure):
    film = seen(io.BytesIO(motion.moving(figure)))
    assert strays(seen(MOVES), film) < 0.2, "the picture of the slider is old: make readme"
    assert strays(seen(RESTS), film[:1]) < 0.2
    assert MOVES.stat().st_size + RESTS.stat().st_size < 300_000


def test_a_figure_that_looks_different_is_noticed(figure):
    control = figure.sliders[0]
    with patch.object(motion, "walk", lambda _: [control.index + 1]):
        [picture], _ = motion.frames(figure)
    assert strays([np.asarray(picture, int)], seen(MOVES)[:1]) > 0.2


def test_what_moves_comes_to_rest():
    with Image.open(MOVES) as image:
        assert 0 < image.info["loop"] < 5
        assert image.is_animated


def test_a_course_without_a_slider_in_motion_is_told_so(tmp_path):
    with pytest.raises(ValueError, match=r"01_sample.ipynb: no cell is tagged 'motion'"):
        motion.moving_figure(write_sample(sample(), tmp_path))


def test_one_cover_opens_the_readme():
    with pytest.raises(ValueError, match="0 chapters have a cell tagged 'readme'"):
        readme(README.read_text(encoding="utf-8"), [], PLACEHOLDER)


def test_a_readme_without_its_marks_is_refused():
    with pytest.raises(ValueError, match="chapters"):
        filled("no marks here", "chapters", "a table")
