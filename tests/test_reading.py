"""What a reader does, done exactly so in JupyterLab: steps, clicks, types, comes back."""

import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import expect

from browsing import keep_what_failed, opened
from chapter import all_chapters
from execute import KERNELSPEC, WIDGET_VIEW, read
from lab import Notebook, Notebook7, close

CELLS = [
    new_markdown_cell("# A sample\n\n## Asking"),
    new_code_cell(
        "import matplotlib.pyplot as plt\n"
        "from helpers.chapters.ch00 import quiz\n"
        "from helpers.exercises import measured, predict\n"
        "from helpers.plots import show\n"
        "from helpers.sliders import sliders"
    ),
    new_code_cell('many = predict("How many?", choices=[23, 57, 100])'),
    new_code_cell('large = predict("How large?", low=-10, high=5000)'),
    new_code_cell("many.reveal(57)\nlarge.reveal(1000)"),
    new_code_cell("quiz()"),
    new_code_cell('measured(one=(1, "a row"))'),
    new_markdown_cell("## Dragging"),
    new_code_cell(
        "fig, ax = plt.subplots()\n"
        'ax.set(xlim=(-3, 3), ylim=(0, 9), xlabel="x")\n'
        '(dot,) = ax.plot([], [], "o", markersize=10)\n'
        'label = ax.text(-2.8, 8, "")\n\n\n'
        "def move(x):\n"
        "    if x == 2.5:\n"
        '        raise ValueError("not here")\n'
        "    dot.set_data([x], [x * x])\n"
        '    label.set_text(f"{x * x:.2f}")\n\n\n'
        'sentence = "A dot at {:g} on a hidden parabola.".format\n'
        "sliders(fig, [dot, label], move, x=(-3.0, 3.0, 0.5), alt=lambda x: sentence(x))"
    ),
    new_code_cell(
        "fig, ax = plt.subplots()\nax.plot([1, 2], [2, 1])\n"
        'show(fig, alt="A line falls from two to one.")'
    ),
]
ASK, ASK_NUMBER, REVEAL, QUIZ, MEASURED, DRAG, SHOW = 2, 3, 4, 5, 6, 8, 9


@pytest.fixture
def written(course):
    """A short notebook with one of each, as nobody has run it yet."""
    path = course / "notebooks" / "sample.ipynb"
    nbformat.write(new_notebook(cells=CELLS, metadata={"kernelspec": KERNELSPEC}), path)


@pytest.fixture(scope="module")
def desk(server, browser):
    """Where the one page of JupyterLab that the flows share lies between them."""
    pages = []
    yield pages
    for notebook in pages:
        close(notebook.page)


@pytest.fixture
def sample(written, desk, server, browser, request):
    """The notebook in the shared page, with a kernel of its own; after a failure in a new page."""
    if desk:
        notebook = desk.pop()
        notebook.open_anew()
    else:
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        notebook = Notebook(page, server, "notebooks/sample.ipynb")
    yield notebook
    if request.node.failed:
        keep_what_failed(request.node, notebook)
        close(notebook.page)
    else:
        desk.append(notebook)


def output(notebook: Notebook, index: int):
    return notebook.cell(index).locator(".jp-OutputArea-output")


def choice(notebook: Notebook, index: int, words: str):
    return output(notebook, index).get_by_role("radio", name=words, exact=True)


def walk(notebook: Notebook, first: int, last: int) -> None:
    """Shift+Enter on each of these cells; the focus stays where the reader's last act left it."""
    for index in range(first, last + 1):
        assert notebook.active() == index
        notebook.shift_enter()


def printed(notebook: Notebook, index: int) -> str:
    outputs = notebook.cells()[index]["outputs"]
    return "".join("".join(output.get("text", "")) for output in outputs)


# ---------------------------------------------------------------- guesses


def test_a_guess_survives_shift_enter_all_the_way(sample):
    sample.select(0)
    walk(sample, 0, ASK)
    choice(sample, ASK, "57").click()
    walk(sample, ASK_NUMBER, ASK_NUMBER)
    output(sample, ASK_NUMBER).get_by_role("textbox").click()
    sample.page.keyboard.type("1,100")
    walk(sample, REVEAL, MEASURED)
    said = printed(sample, REVEAL)
    assert "It is 57, as you said." in said
    assert "You said 1,100: off by 100, close enough." in said
    assert printed(sample, MEASURED).endswith("Your predictions: 2 of 2 came true.\n")


def test_a_guess_survives_its_question_run_again(sample):
    """As where a click beside the choices has made the question's cell the active one."""
    sample.select(1)
    walk(sample, 1, ASK)
    choice(sample, ASK, "100").click()
    sample.select(ASK)
    walk(sample, ASK, ASK)
    assert choice(sample, ASK, "100").is_checked()
    walk(sample, ASK_NUMBER, REVEAL)
    assert "It is 57. You said 100." in printed(sample, REVEAL)


@pytest.mark.parametrize(
    ("typed", "meant"), [("1,000", "1,000"), ("−3", "-3"), ("0,5", "0.5"), ("9000", None)]
)
def test_a_typed_number_is_the_one_a_person_means(sample, typed, meant):
    sample.select(1)
    walk(sample, 1, ASK_NUMBER)
    box = output(sample, ASK_NUMBER).get_by_role("textbox")
    box.click()
    sample.page.keyboard.type(typed)
    sample.settle()
    said = output(sample, ASK_NUMBER).get_by_role("status").inner_text()
    assert said == (f"Your guess: {meant}" if meant else "That lies outside -10 to 5,000.")
    assert box.input_value() == typed
    walk(sample, REVEAL, REVEAL)
    folds = output(sample, REVEAL).locator("details")
    expect(folds).to_have_count(1 if meant else 2)  # the first question has no guess
    assert not folds.last.get_attribute("open")
    if not meant:
        assert not output(sample, REVEAL).get_by_text("It is 1,000.").is_visible()


def test_a_restart_and_run_all_says_that_the_guess_is_open(sample):
    sample.select(1)
    walk(sample, 1, ASK)
    choice(sample, ASK, "57").click()
    sample.restart()
    sample.run_all()
    assert not choice(sample, ASK, "57").is_checked()
    fold = output(sample, REVEAL).locator("summary").first
    assert "no guess is recorded" in fold.inner_text()
    assert not output(sample, REVEAL).get_by_text("It is 57").is_visible()
    fold.click()
    assert output(sample, REVEAL).get_by_text("It is 57").is_visible()
    assert "came true" not in printed(sample, MEASURED)


def test_a_guess_from_the_keyboard_alone(sample):
    sample.select(1)
    walk(sample, 1, ASK)
    choice(sample, ASK, "23").focus()
    sample.page.keyboard.press("ArrowDown")
    sample.settle()
    assert choice(sample, ASK, "57").is_checked()
    sample.page.keyboard.press("Tab")
    assert not choice(sample, ASK, "57").evaluate("one => one === document.activeElement")
    sample.select(REVEAL)
    walk(sample, REVEAL, REVEAL)
    assert "It is 57, as you said." in printed(sample, REVEAL)


def test_questions_reply_on_the_page_and_have_names(sample):
    sample.run_all()
    quiz = output(sample, QUIZ)
    groups = quiz.get_by_role("group")
    assert groups.count() == 3
    first = groups.first
    assert first.evaluate("group => group.querySelector('legend').textContent").startswith("1. ")
    first.get_by_role("radio").nth(1).click()
    assert first.get_by_role("status").inner_text().startswith(("✓ Right.", "✗ Not quite."))


# ---------------------------------------------------------------- sliders


@pytest.fixture
def figure(sample):
    sample.run_all()
    [figure] = sample.slider_figures()
    figure.image.scroll_into_view_if_needed()
    return figure


def test_the_sentence_is_true_at_every_value_and_read_out(figure):
    assert figure.sentence() == "A dot at -3 on a hidden parabola."
    figure.key(0, "End")
    assert figure.sentence() == "A dot at 3 on a hidden parabola."
    figure.page.wait_for_timeout(600)
    assert figure.voice.text_content() == "A dot at 3 on a hidden parabola."
    assert figure.value_text(0) == figure.readouts.first.inner_text() == "3"


def test_home_end_page_and_arrows_move_by_what_they_should(figure):
    for key, value in {"End": "3", "ArrowLeft": "2.5", "Home": "−3", "ArrowUp": "−2.5"}.items():
        figure.key(0, key)
        assert figure.value_text(0) == value
    figure.key(0, "PageUp")
    assert figure.value_text(0) != "−2.5"


def test_a_focused_slider_shows_it(figure):
    figure.sliders.first.focus()
    figure.page.keyboard.press("ArrowRight")
    assert figure.sliders.first.evaluate("s => getComputedStyle(s).outlineWidth") == "3px"


def test_shift_enter_on_a_slider_runs_its_cell(figure):
    notebook = figure.notebook
    before = notebook.cells()[DRAG]["execution_count"]
    figure.sliders.first.click()
    notebook.shift_enter()
    assert notebook.cells()[DRAG]["execution_count"] > before
    assert notebook.active() == DRAG + 1


def test_control_enter_on_a_slider_runs_its_cell_and_stays(figure):
    notebook = figure.notebook
    before = notebook.cells()[DRAG]["execution_count"]
    figure.sliders.first.click()
    notebook.page.keyboard.press("ControlOrMeta+Enter")
    notebook.settle()
    assert notebook.cells()[DRAG]["execution_count"] > before
    assert notebook.active() == DRAG


def test_an_error_in_the_picture_is_said_and_passes(figure):
    figure.key(0, "End")
    last = figure.key(0, "ArrowLeft")
    assert "update failed at x = 2.5. ValueError: not here" in figure.note.inner_text()
    assert figure.key(0, "ArrowLeft") != last
    assert figure.note.inner_text() == ""


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


def test_a_busy_python_is_said_to_be_busy(figure):
    # Called so, C's own sleep keeps Python's lock: nothing else runs, in whatever thread.
    figure.notebook.start_code("import ctypes; ctypes.PyDLL(None).sleep(4)")
    figure.sliders.first.focus()
    figure.page.keyboard.press("End")
    figure.note.get_by_text("Python is busy").wait_for(timeout=20_000)
    figure.notebook.settle()
    assert figure.note.inner_text() == ""
    assert figure.sentence() == "A dot at 3 on a hidden parabola."


def test_a_dead_slider_says_so_and_so_do_questions(sample):
    sample.run_all()
    [figure] = sample.slider_figures()
    sample.restart()
    figure.note.get_by_text("Run this cell again").wait_for()
    assert figure.sliders.first.is_disabled()
    assert "Run this cell again" in output(sample, ASK).get_by_role("status").inner_text()
    sample.select(1)
    walk(sample, 1, DRAG)
    [again] = sample.slider_figures()
    assert again.key(0, "End") != again.key(0, "Home")


def test_two_views_of_one_figure_show_the_same(figure):
    figure.key(0, "End")
    figure.notebook.command("notebook:create-output-view")
    views = figure.page.locator(".jp-LinkedOutputView svg[role=img]")
    views.wait_for()
    figure.notebook.settle()
    assert views.get_attribute("aria-label") == "A dot at 3 on a hidden parabola."


EVERY_STROKE = """\
import matplotlib.pyplot as plt
import torch
from helpers.sliders import sliders

fig, (left, middle, right) = plt.subplots(1, 3)
cells = torch.arange(12.0).view(3, 4)
images = [left.imshow(cells, aspect="auto")]
images.append(middle.imshow(cells, origin="lower", extent=(2, 6, 2, 5), aspect="auto"))
heights = torch.linspace(1, 9, 500)
many = right.scatter(heights, heights**2, s=9)
(dashed,) = right.plot([-9, 9], [80, 5], "--o", color="C1", clip_on=True)
words = right.text(1.2, 40, "turned $x^2$", rotation=60, weight="bold", color="C2")
bar = right.axvspan(6, 8, alpha=0.3, color="C3")
sliders(fig, [*images, many, dashed, words, bar], lambda x: None, x=(0, 9, 1),
        alt="Two maps of twelve cells, and a curve of many dots.")"""


def test_the_page_draws_what_matplotlib_draws(sample):
    sample.run_code(DRAG, EVERY_STROKE)
    [figure] = sample.slider_figures()
    assert figure.strays_from_still() < 0.0055  # an image upside down is 0.0077


# ---------------------------------------------------------------- cells out of order


def test_a_cell_out_of_order_says_which_one_is_missing(sample):
    sample.select(REVEAL)
    walk(sample, REVEAL, REVEAL)
    [error] = [shown for shown in sample.cells()[REVEAL]["outputs"] if "traceback" in shown]
    said = "\n".join(error["traceback"])
    assert "'many' is made in another cell of this notebook" in said
    assert "under 'Asking', the cell that begins with" in said
    assert 'many = predict("How many?"' in said


# ---------------------------------------------------------------- coming back


def test_the_next_day_shows_stills_and_words_and_no_error(sample, course):
    sample.run_all()
    choice(sample, ASK, "57").click()
    sample.slider_figures()[0].key(0, "End")
    sample.save()
    saved = read(course / "notebooks" / "sample.ipynb")
    assert "widgets" not in saved.metadata
    sample.end_and_reopen()
    assert sample.dead_widgets() == 0
    assert output(sample, ASK).get_by_text("How many?").is_visible()
    still = output(sample, DRAG).locator("img[alt='A dot at -3 on a hidden parabola.']")
    assert still.is_visible()
    assert sample.page.locator(".course-live").count() == 0
    sample.run_all()
    assert sample.page.locator(".course-live").count() == 4
    assert not still.is_visible()


def test_without_a_kernel_each_picture_has_its_sentence(sample, course, browser, tmp_path):
    """HTML as nbconvert exports it and nbviewer shows it."""
    sample.run_all()
    sample.save()
    source = course / "notebooks" / "sample.ipynb"
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--output-dir", str(tmp_path)]
    subprocess.run([*command, str(source)], check=True, capture_output=True)
    page = browser.new_page()
    page.route("http*://**", lambda route: route.abort())
    page.goto((tmp_path / "sample.html").as_uri())
    seen = page.locator("img").evaluate_all(
        "images => images.filter(image => image.checkVisibility()).map(image => image.alt)"
    )
    assert seen == ["A dot at -3 on a hidden parabola.", "A line falls from two to one."]
    assert page.get_by_text("How many?").first.is_visible()
    assert page.get_by_text("No description has been provided").count() == 0
    assert page.get_by_text("Error displaying widget").count() == 0
    page.close()


def test_what_is_saved_after_use_differs_little(course, server, browser, request):
    """Run, guessed, dragged and saved, a chapter's diff is its pictures and what the reader did."""
    chapter = next(c for c in all_chapters() if c.calls("predict") and c.calls("sliders"))
    path = course / "notebooks" / chapter.path.name
    shutil.copy(chapter.path, path)
    notebook = opened(browser, server, chapter)
    notebook.run_all()
    notebook.page.locator(".course-live input[type=radio]").first.click()
    notebook.slider_figures()[0].key(0, "End")
    notebook.save()
    close(notebook.page)
    before, after = (
        [line for line in without_pictures(read(file)).splitlines() if line.strip()]
        for file in (chapter.path, path)
    )
    changed = [line for line in after if line not in before]
    views = after_use(read(path))
    # A widget's view is ten lines of JSON; the rest is the version of Python and the like.
    assert len(changed) < 12 * views + 30, "\n".join(changed[:80])


def without_pictures(notebook) -> str:
    """The notebook's JSON, its pictures left out, whatever they stand in."""
    for cell in notebook.cells:
        if "outputs" in cell:
            data = [shown.get("data", {}) for shown in cell.outputs]
            pictures = ["image/png" in d or "<img" in d.get("text/html", "") for d in data]
            cell.outputs = [o for o, one in zip(cell.outputs, pictures, strict=True) if not one]
    return nbformat.writes(notebook)


def after_use(notebook) -> int:
    """How many views of widgets its outputs hold."""
    outputs = [shown for cell in notebook.cells for shown in cell.get("outputs", [])]
    return sum(WIDGET_VIEW in shown.get("data", {}) for shown in outputs)


# ---------------------------------------------------------------- other ways to it


def test_notebook_7_has_it_all_and_a_phone_is_enough(sample, browser, server):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()
    phone = Notebook7(page, server, "notebooks/sample.ipynb")
    phone.run_all()
    [figure] = phone.slider_figures()
    figure.image.scroll_into_view_if_needed()
    assert figure.key(0, "ArrowRight") != figure.key(0, "ArrowRight")
    assert figure.value_text(0) == "−2"
    track = figure.sliders.first.bounding_box()
    page.touchscreen.tap(track["x"] + track["width"] - 3, track["y"] + track["height"] / 2)
    phone.settle()
    assert figure.value_text(0) == "3"
    assert min(phone.sizes_of_letters()) >= 9
    assert phone.cut_texts() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".course-live input[type=radio]").nth(1).tap()
    phone.select(REVEAL)
    phone.shift_enter()
    assert "as you said" in printed(phone, REVEAL)
    assert phone.errors == []
    close(page)
    context.close()


def test_the_first_start_asks_nothing(written, server, browser):
    """About news, that is; the settings are the course's own, however JupyterLab was started."""
    page = browser.new_page()
    Notebook(page, server, "notebooks/sample.ipynb")
    page.wait_for_timeout(1500)
    assert page.locator(".jp-toast, .Toastify__toast, .jp-Dialog").count() == 0
    assert page.get_by_text("Would you like to").count() == 0
    close(page)
