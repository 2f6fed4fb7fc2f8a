"""README.md is what the notebooks make of it."""

import pytest

from chapter import all_chapters
from readme import README, cover, filled, readme, repository, table

CHAPTERS = all_chapters()


def test_readme_is_up_to_date():
    text = README.read_text(encoding="utf-8")
    assert readme(text, CHAPTERS) == text, "README.md is behind the notebooks: make readme"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.path.stem)
def test_a_chapter_opens_with_its_cover(chapter):
    drawn = cover(chapter)
    assert drawn.path.read_bytes() == drawn.png, "the cover is old: make readme"
    assert drawn.tag in chapter.cells[0].source, f"the first cell lacks {drawn.tag}"


def test_every_chapter_has_a_row_with_a_badge():
    rows = table(CHAPTERS).splitlines()[2:]
    assert len(rows) == len(CHAPTERS)
    for chapter, row in zip(CHAPTERS, rows, strict=True):
        assert f"({'notebooks/' + chapter.path.name})" in row
        assert f"/gh/{repository()}/HEAD" in row


def test_a_readme_without_its_marks_is_refused():
    with pytest.raises(ValueError, match="chapters"):
        filled("no marks here", "chapters", "a table")
