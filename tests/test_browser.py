"""Every slider of every chapter, dragged in JupyterLab by a real browser."""

import os
import shutil

import pytest

from chapter import Chapter, all_chapters, wrong_answers
from lab import FLAGS, ROOT, Notebook, SliderFigure, browser_path, close, lab

CHAPTERS = all_chapters()
SCREENSHOTS = ROOT / "tests" / "screenshots"

if browser_path() is None and os.environ.get("CI") != "true":
    pytest.skip(
        "browser tests skipped: install Chromium (Debian: apt install chromium)",
        allow_module_level=True,
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """JupyterLab over a copy of the course, so that nothing a test does is kept."""
    folder = tmp_path_factory.mktemp("course")
    for part in ("notebooks", "images"):
        shutil.copytree(ROOT / part, folder / part)
    with lab(folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    assert browser_path(), "CI needs a browser: install Chromium (Debian: apt install chromium)."
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def in_turn(server, browser, request):
    """The chapters that are tested, in turn, started one ahead.

    While one is tried, the next one's cells run: two cores have work, and the tests take less time.
    """

    def started(chapter: Chapter) -> Notebook:
        notebook = opened(browser, server, chapter)
        stills = [notebook.cell(cell) for cell, _ in chapter.calls("sliders")]
        notebook.stills = [width_of(still.locator(".jp-OutputArea img")) for still in stills]
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
    yield notebook
    keep_what_failed(request.node, notebook.page)
    close(notebook.page)


def keep_what_failed(test, page):
    """A picture of the page on which a test has failed."""
    if getattr(test, "failed", False):
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{test.name}.png")


def name_of(chapter: Chapter) -> str:
    return chapter.path.stem


def opened(browser, server: str, chapter: Chapter) -> Notebook:
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    return Notebook(page, server, f"notebooks/{chapter.path.name}")


def width_of(still) -> int:
    """The width of a picture on the page, decoded."""
    still.scroll_into_view_if_needed()
    return still.evaluate("image => image.decode().then(() => image.naturalWidth)")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=name_of)
def test_a_chapter_in_the_browser(notebook, chapter):
    """Its stills before anything has run, then every slider, then an exercise."""
    assert all(width > 300 for width in notebook.stills)
    figures = notebook.slider_figures()
    assert len(figures) == len(notebook.stills)
    for figure in figures:
        try_sliders(figure)
    if chapter.exercises:
        try_an_exercise(notebook, chapter)
    assert notebook.errors == []


def try_sliders(figure: SliderFigure) -> None:
    """Keys, drags to both ends and reset: each moves the picture, and none leaves one behind."""
    figure.image.scroll_into_view_if_needed()
    first, size = figure.picture(), figure.box()[2:]
    for slider in range(figure.handles.count()):
        pictures = {key: figure.key(slider, key) for key in ("Home", "End")}
        assert pictures["Home"] != pictures["End"], f"slider {slider}: both ends look the same"
        for key, where, text in (("Home", 0.0, "aria-valuemin"), ("End", 1.0, "aria-valuemax")):
            box = figure.box()
            assert figure.drag(slider, where) == {box}, f"slider {slider}: the page jumped"
            figure.notebook.settle()
            handle = figure.handles.nth(slider)
            assert handle.get_attribute("aria-valuenow") == handle.get_attribute(text)
            assert figure.picture() == pictures[key], f"slider {slider}: not the picture at {key}"
        assert figure.key(slider, "ArrowLeft") != pictures["End"], f"slider {slider}: dead keys"
        figure.reset.click()
        figure.notebook.settle()
        assert figure.picture() == first, f"slider {slider}: reset shows another picture"
    assert figure.box()[2:] == size
    assert "failed" not in "".join(figure.texts.all_inner_texts())


def try_an_exercise(notebook: Notebook, chapter: Chapter) -> None:
    """A wrong answer typed in, then the right one."""
    exercise = chapter.exercises[0]
    wrong, fragment = wrong_answers(chapter)[exercise.name][0]
    assert fragment in notebook.run_code(exercise.index, exercise.answered(wrong))
    solved = notebook.run_code(exercise.index, exercise.answered(exercise.solutions[0]))
    assert f"✓ {exercise.name}" in solved


@pytest.fixture(scope="module")
def first_chapter(server, browser):
    """The first chapter with a slider, opened and run once for the tests below."""
    notebook = opened(browser, server, next(c for c in CHAPTERS if c.calls("sliders")))
    notebook.run_all()
    yield notebook
    close(notebook.page)


@pytest.fixture
def figure(first_chapter, request):
    figure = first_chapter.slider_figures()[0]
    figure.image.scroll_into_view_if_needed()
    yield figure
    keep_what_failed(request.node, first_chapter.page)


def test_a_slider_dragged_while_a_cell_runs_follows_all_the_same(figure):
    last = figure.key(0, "End")
    figure.key(0, "Home")
    figure.notebook.start_code("import time; time.sleep(3)")
    figure.drag(0, 1.0)
    figure.notebook.settle()
    assert figure.picture() == last


def test_a_slider_lives_on_after_the_stop_button(figure):
    last = figure.key(0, "End")
    figure.key(0, "Home")
    figure.notebook.start_code("import time; time.sleep(60)")
    figure.drag(0, 1.0)
    figure.notebook.command("notebook:interrupt-kernel")
    figure.notebook.settle()
    assert figure.picture() == last


def test_a_slider_works_after_a_restart_and_run_all(figure):
    last = figure.key(0, "End")
    figure.notebook.restart()
    figure.notebook.run_all()
    again = figure.notebook.slider_figures()[0]
    assert again.key(0, "End") == last
    assert again.key(0, "Home") != last
