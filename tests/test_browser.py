"""Every chapter, opened in JupyterLab by a real browser: what is seen, dragged, read out, kept."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from browsing import WIDTHS, keep_what_failed, opened, seriously_wrong
from chapter import Chapter, all_chapters, printed, sanitized
from execute import WIDGET_VIEW, read
from lab import Notebook, SliderFigure, close

CHAPTERS = all_chapters()
SMALLEST_LETTERS = 9  # pixels
STRAY = 0.015  # of full darkness: how far the page's drawing may be from matplotlib's, on average


def name_of(chapter: Chapter) -> str:
    return chapter.path.stem


@pytest.fixture(scope="module")
def in_turn(server, browser, request):
    """The chapters that are tested, in turn, started one ahead.

    While one is tried, the next one's cells run: two cores have work, and the tests take less time.
    """

    def started(chapter: Chapter) -> Notebook:
        notebook = opened(browser, server, chapter)
        notebook.pictures_at_first = notebook.pictures()
        notebook.start_all()
        return notebook

    def notebooks():
        ahead = started(chapters[0])
        for following in [*chapters[1:], None]:
            notebook, ahead = ahead, following and started(following)
            yield notebook

    tests = [item for item in request.session.items if item.path == request.path]
    parameters = [getattr(test, "callspec", None) for test in tests]
    chapters = [found.params["chapter"] for found in parameters if found]
    return notebooks()


@pytest.fixture
def notebook(in_turn, request):
    notebook = next(in_turn)
    notebook.wait_for_all()
    notebook.page.bring_to_front()  # the next one was opened over it
    yield notebook
    keep_what_failed(request.node, notebook)
    close(notebook.page)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=name_of)
def test_a_chapter_in_the_browser(notebook, chapter, course):
    """As committed; then run, dragged, read out, made narrow; saved, and opened the next day."""
    first, *_ = notebook.pictures_at_first
    assert first["top"] > 0 and first["bottom"] < 900, "no picture on the first screen"
    assert all(picture["drawn"] > 300 for picture in notebook.pictures_at_first)

    figures = notebook.slider_figures()
    assert len(figures) == len(chapter.calls("sliders")) + len(chapter.calls("live"))
    for figure in figures:
        assert figure.strays_from_still() < STRAY
        if figure.buttons.filter(has_text="Train").count():
            try_training(figure)
        else:
            try_sliders(figure)
    assert notebook.outputs_without_alt() == []
    assert seriously_wrong(Axe().run(notebook.page, ".jp-Notebook .jp-Cell-outputArea")) == []
    for width in WIDTHS:
        notebook.page.set_viewport_size({"width": width, "height": 900})
        if width < 500:  # on a phone the side bar leaves no room; a reader closes it
            notebook.command("application:toggle-left-area")
        assert notebook.cut_texts() == [], f"at {width} pixels"
        assert min(notebook.sizes_of_letters()) >= SMALLEST_LETTERS, f"at {width} pixels"
    notebook.command("application:toggle-left-area")
    notebook.page.set_viewport_size({"width": 1300, "height": 900})

    if chapter.exercises:
        try_an_exercise(notebook, chapter)
    assert notebook.errors == []
    try_the_next_day(notebook, chapter, course, len(figures))


def try_sliders(figure: SliderFigure) -> None:
    """Keys, drags to both ends and reset: each moves the picture, and none leaves one behind."""
    figure.image.scroll_into_view_if_needed()
    first, size, sentence = figure.picture(), figure.box()[2:], figure.sentence()
    for slider in range(figure.sliders.count()):
        pictures = {key: figure.key(slider, key) for key in ("Home", "End")}
        assert pictures["Home"] != pictures["End"], f"slider {slider}: both ends look the same"
        for key, where in (("Home", 0.0), ("End", 1.0)):
            box = figure.box()
            assert figure.drag(slider, where) == {box}, f"slider {slider}: the page jumped"
            figure.notebook.settle()
            assert figure.place(slider) == where
            assert figure.picture() == pictures[key], f"slider {slider}: not the picture at {key}"
            assert figure.readouts.nth(slider).inner_text() == figure.value_text(slider)
        assert figure.key(slider, "ArrowLeft") != pictures["End"], f"slider {slider}: dead keys"
        assert figure.name(slider).strip(), f"slider {slider} has no name"
        figure.reset.click()
        figure.notebook.settle()
        assert figure.picture() == first, f"slider {slider}: reset shows another picture"
        assert figure.sentence() == sentence
    assert figure.box()[2:] == size
    assert figure.note.inner_text() == ""


def try_training(figure: SliderFigure) -> None:
    """It trains while each control goes to both ends; reset brings the beginning back."""
    figure.image.scroll_into_view_if_needed()
    first, sentence, size = figure.picture(), figure.sentence(), figure.box()[2:]
    for slider in range(figure.sliders.count()):
        assert figure.name(slider).strip(), f"slider {slider} has no name"
        for key, place in (("Home", 0), ("End", 1)):
            figure.buttons.filter(has_text="Train").click()
            figure.sliders.nth(slider).focus()
            figure.page.keyboard.press(key)
            # Where the machine is busy, the first step comes late.
            line = figure.box_of_all.locator("p").first
            expect(line).not_to_contain_text("Step 0 of", timeout=30_000)
            figure.page.wait_for_timeout(500)
            figure.notebook.command("notebook:interrupt-kernel")
            figure.notebook.settle()
            assert figure.picture() != first, f"slider {slider}, {key}: nothing was trained"
            assert figure.place(slider) == place
            assert figure.readouts.nth(slider).inner_text() == figure.value_text(slider)
            figure.reset.click()
            # The kernel answers before it builds the next network, which takes its time.
            expect(figure.box_of_all.locator("p").first).to_contain_text("Step 0 of")
            figure.notebook.settle()
            assert (figure.picture(), figure.sentence()) == (first, sentence)
    assert figure.box()[2:] == size
    assert figure.note.inner_text() == ""


def try_an_exercise(notebook: Notebook, chapter: Chapter) -> None:
    """A wrong answer typed in, then the right one."""
    exercise = chapter.exercises[0]
    wrong = f"{exercise.name} = 'no idea'"  # what no exercise asks for
    said = notebook.run_code(exercise.index, exercise.answered(wrong))
    assert f"✗ {exercise.name}: " in said
    solved = notebook.run_code(exercise.index, exercise.answered(exercise.solutions[0]))
    assert f"✓ {exercise.name}" in solved


def try_the_next_day(notebook: Notebook, chapter: Chapter, course: Path, figures: int) -> None:
    """Saved, its kernel ended, opened again: stills and words, no error, a clean file."""
    notebook.save()
    assert faults_of_saved(chapter, read(course / "notebooks" / chapter.path.name)) == []
    notebook.end_and_reopen()
    assert notebook.dead_widgets() == 0
    assert notebook.page.locator(".course-live").count() == 0
    questions = len(chapter.calls("predict")) + len(chapter.calls("quiz"))
    for selector, wanted in {
        ".course-still img": figures,
        ".course-still:not(:has(img))": questions,
    }.items():
        # JupyterLab draws what stands further down when it has time.
        notebook.page.wait_for_function(
            "([selector, n]) => document.querySelectorAll(selector).length === n",
            arg=[selector, wanted],
        )
        assert shown(notebook, selector) == wanted
    assert notebook.outputs_without_alt() == []


def shown(notebook: Notebook, selector: str) -> int:
    """How many of these are on the page and not hidden, seen or further down."""
    return notebook.page.locator(selector).evaluate_all(
        "found => found.filter(one => one.checkVisibility()).length"
    )


def faults_of_saved(chapter: Chapter, saved) -> list[str]:
    """Where a notebook that was run and saved differs from the committed one, and should not."""
    faults = [f"metadata: {key}" for key in saved.metadata if key == "widgets"]
    exercise = chapter.exercises[0].index if chapter.exercises else None
    for i, (now, then) in enumerate(zip(saved.cells, chapter.cells, strict=True)):
        if i == exercise:
            continue
        if now.source != then.source:
            faults.append(f"cell {i}: other source")
        if now.metadata.get("jupyter", {}) != then.metadata.get("jupyter", {}):
            faults.append(f"cell {i}: folded otherwise")
        # Numbers that are marked as unstable, such as those of a clock, are another time others.
        if now.cell_type == "code" and sanitized(printed(now)) != sanitized(printed(then)):
            faults.append(f"cell {i} printed {printed(now)!r}, committed {printed(then)!r}")
        if now.cell_type == "code":
            more = {kind for output in now.outputs for kind in output.get("data", {})}
            more -= {"text/plain", "text/html", WIDGET_VIEW}
            faults += [f"cell {i}: saved {kind}" for kind in sorted(more)]
    return faults


def test_faults_of_a_saved_notebook_are_found():
    chapter = CHAPTERS[-1]
    assert faults_of_saved(chapter, read(chapter.path))  # as committed: PNGs, which no reader has
    changed = read(chapter.path)
    changed.metadata["widgets"] = {}
    changed.cells[0].source += "x"
    said = " ".join(faults_of_saved(chapter, changed))
    assert "metadata: widgets" in said and "cell 0: other source" in said
