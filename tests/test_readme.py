"""README.md is what the notebooks make of it."""

import pytest

from chapter import all_chapters
from readme import PICTURE, README, filled, picture, readme, repository, table

CHAPTERS = all_chapters()


def test_readme_is_up_to_date():
    text = README.read_text(encoding="utf-8")
    assert readme(text, CHAPTERS) == text, "README.md is behind the notebooks: make readme"


def test_picture_is_the_chapters():
    assert PICTURE[0].read_bytes() == picture(CHAPTERS)[0], "the picture is old: make readme"


def test_every_chapter_has_a_row_with_a_badge():
    rows = table(CHAPTERS).splitlines()[2:]
    assert len(rows) == len(CHAPTERS)
    for chapter, row in zip(CHAPTERS, rows, strict=True):
        assert f"({'notebooks/' + chapter.path.name})" in row
        assert f"/gh/{repository()}/HEAD" in row


def test_a_readme_without_its_marks_is_refused():
    with pytest.raises(ValueError, match="chapters"):
        filled("no marks here", "chapters", "a table")
