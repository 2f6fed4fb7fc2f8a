"""README.md is what the notebooks make of it."""

import pytest

from chapter import all_chapters
from readme import README, cover, filled, opened, readme, repository, table
from sample import sample, write_sample

CHAPTERS = all_chapters()


def test_readme_is_up_to_date():
    text = README.read_text(encoding="utf-8")
    assert readme(text, CHAPTERS) == text, "README.md is behind the notebooks: make readme"


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
    rows = table(CHAPTERS).splitlines()[2:]
    assert len(rows) == len(CHAPTERS)
    for chapter, row in zip(CHAPTERS, rows, strict=True):
        assert f"({'notebooks/' + chapter.path.name})" in row
        assert f"/gh/{repository()}/HEAD" in row


def test_an_opening_that_cannot_be_read_is_named(tmp_path):
    notebook = sample()
    notebook.cells[0].source = notebook.cells[0].source.replace("**running** 2 seconds", "soon")
    with pytest.raises(ValueError, match=r"01_sample.ipynb: the opening lacks \*\*running\*\* n s"):
        table([write_sample(notebook, tmp_path)])


def test_one_cover_opens_the_readme():
    with pytest.raises(ValueError, match="0 chapters have a cell tagged 'readme'"):
        readme(README.read_text(encoding="utf-8"), [])


def test_a_readme_without_its_marks_is_refused():
    with pytest.raises(ValueError, match="chapters"):
        filled("no marks here", "chapters", "a table")
