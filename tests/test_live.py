"""Training under the hand: what it takes, its still, and on the page what a reader does with it."""

import matplotlib.pyplot as plt
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

from browsing import keep_what_failed
from execute import KERNELSPEC
from helpers.live import Goal, live
from lab import Notebook, Notebook7, SliderFigure, close

WALK = """\
import time

import matplotlib.pyplot as plt
from helpers.live import Goal, live

fig, ax = plt.subplots()
ax.set(xlim=(0, 3000), ylim=(0, 9), xlabel="step", ylabel="height")
(line,) = ax.plot([], [])
taken = []


def build(place):
    return {"x": place}


def step(network, learning_rate):
    time.sleep(0.001)
    taken.append(learning_rate)
    network["x"] -= learning_rate * 2 * network["x"]
    return network["x"] * network["x"]


def draw(network, losses):
    line.set_data(range(len(losses)), losses)


def sentence(network, losses):
    return f"The height after {len(losses)} steps from {network['x']:.6f}."


goal = Goal("distance", 2.0, 50, lambda network: abs(network["x"]))
live(
    fig, [line], build, step, draw, alt=sentence, limit=3000, next=["place"], goal=goal,
    place=(1.0, 3.0, 1.0, 3.0), learning_rate=[0.0, 0.001, 0.1, 2.0],
    start={"learning_rate": 0.001},
)"""
CELLS = [new_code_cell(WALK), new_code_cell("len(taken)"), new_code_cell(WALK)]


@pytest.fixture(scope="module")
def desk(course, server, browser):
    nbformat.write(
        new_notebook(cells=CELLS, metadata={"kernelspec": KERNELSPEC}),
        course / "notebooks" / "live.ipynb",
    )
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    yield Notebook(page, server, "notebooks/live.ipynb")
    close(page)


class Live(SliderFigure):
    """A live figure on the page."""

    def __init__(self, notebook: Notebook, place: int = 0):
        box = notebook.page.locator(".course-live:has(.course-picture)").nth(place)
        super().__init__(notebook, box)
        self.place_of_cell, self.line = place, box.locator("p").first

    def press(self, name: str) -> None:
        self.box_of_all.get_by_role("button", name=name, exact=True).click()

    def steps(self) -> int:
        return int(self.line.inner_text().split()[1].replace(",", ""))

    def wait_for(self, steps: int) -> None:
        """Wait until so many steps were taken."""
        while self.steps() < steps:
            self.page.wait_for_timeout(20)

    def trains(self) -> bool:
        """Whether steps are taken while one looks."""
        before = self.steps()
        self.page.wait_for_timeout(500)
        return self.steps() > before


@pytest.fixture
def figure(desk, request):
    desk.open_anew()
    desk.select(0)
    desk.shift_enter()
    yield Live(desk)
    keep_what_failed(request.node, desk)


def test_it_trains_pauses_and_goes_on(figure):
    assert figure.line.inner_text() == "Step 0 of 3,000."
    figure.press("Train")
    figure.wait_for(60)
    figure.press("Pause")
    expect(figure.box_of_all.get_by_role("button", name="Train")).to_be_visible()
    assert not figure.trains()
    assert f"after {figure.steps()} steps" in figure.sentence()
    assert "your best of 1 " in figure.box_of_all.inner_text()
    figure.press("Train")
    assert figure.trains()


def test_a_control_acts_while_it_trains(figure):
    figure.press("Train")
    figure.wait_for(20)
    figure.sliders.nth(1).focus()
    figure.page.keyboard.press("ArrowRight")
    figure.wait_for(figure.steps() + 400)
    assert figure.value_text(1) == "0.1"
    figure.press("Pause")
    figure.notebook.settle()
    assert figure.sentence().endswith("from 0.000000.")


def test_what_waits_for_the_next_network_says_so(figure):
    assert figure.name(0) == "place (next network)"
    figure.key(0, "Home")
    assert figure.sentence() == "The height after 0 steps from 1.000000."  # nothing was trained yet
    figure.press("One step")
    figure.notebook.settle()
    figure.key(0, "End")
    assert figure.note.inner_text() == "Press Again for a network with it."
    assert figure.sentence().startswith("The height after 1 steps from 0.99")
    figure.press("Again")
    figure.notebook.settle()
    assert figure.sentence() == "The height after 0 steps from 3.000000."


def test_again_is_the_same_luck_and_goes_on(figure):
    figure.press("Train")
    figure.wait_for(200)
    before = figure.steps()
    figure.press("Again")
    while figure.steps() >= before:
        figure.page.wait_for_timeout(20)
    assert figure.trains()
    figure.press("Pause")
    figure.notebook.settle()
    # Each step shortens the way by the same share, whichever network takes it.
    assert figure.sentence().endswith(f"from {3 * 0.998 ** figure.steps():.6f}.")


def test_reset_brings_all_back(figure):
    before = figure.picture(), figure.sentence()
    figure.key(1, "End")
    figure.press("One step")
    figure.press("Reset")
    figure.notebook.settle()
    assert (figure.picture(), figure.sentence()) == before
    assert figure.value_text(1) == "0.001"


def test_other_cells_run_and_the_stop_button_pauses(figure):
    figure.press("Train")
    figure.wait_for(20)
    figure.notebook.start_code("seen = len(taken); print(seen)")
    assert figure.trains()
    figure.notebook.command("notebook:interrupt-kernel")
    expect(figure.note).to_have_text("Paused by the stop button.")
    assert not figure.trains()
    figure.notebook.select(1)
    figure.notebook.shift_enter()
    assert int(figure.notebook.cells()[1]["outputs"][0]["data"]["text/plain"]) >= figure.steps()
    figure.press("Train")
    assert figure.trains()


def test_running_the_cell_again_ends_the_loop_of_before(figure):
    notebook = figure.notebook
    figure.press("Train")
    figure.wait_for(20)
    notebook.select(0)
    notebook.page.keyboard.press("ControlOrMeta+Enter")
    expect(Live(notebook).line).to_have_text("Step 0 of 3,000.")
    notebook.page.wait_for_timeout(500)
    notebook.select(1)
    notebook.shift_enter()
    assert notebook.cells()[1]["outputs"][0]["data"]["text/plain"] == "0"


def test_two_on_a_page_share_the_kernel(figure):
    notebook = figure.notebook
    notebook.select(2)
    notebook.shift_enter()
    other = Live(notebook, 1)
    figure.press("Train")
    other.press("Train")
    other.wait_for(20)
    first, second = figure.steps(), other.steps()
    other.wait_for(second + 400)
    assert 1 / 3 < (figure.steps() - first) / (other.steps() - second) < 3
    notebook.command("notebook:interrupt-kernel")
    for one in (figure, other):
        expect(one.note).to_have_text("Paused by the stop button.")


def test_a_page_that_is_left_does_not_train_for_ever(figure):
    figure.notebook.start_code("import helpers.live; helpers.live.UNSEEN = 1")
    figure.press("Train")
    figure.wait_for(20)
    figure.page.evaluate("window.requestAnimationFrame = () => 0")  # as where the page is hidden
    figure.page.wait_for_timeout(2500)
    expect(figure.note).to_have_text("Paused, since nobody was there for a while.")
    assert not figure.trains()


def test_a_loss_that_is_no_number_ends_the_run(figure):
    figure.sliders.nth(1).focus()
    figure.page.keyboard.press("End")
    figure.press("Train")
    expect(figure.note).to_contain_text("this network is lost", timeout=60_000)
    assert not figure.trains()
    figure.press("Again")
    figure.notebook.settle()
    assert figure.note.inner_text() == ""


def test_an_error_in_a_step_is_said(figure):
    figure.notebook.start_code("def step(network, learning_rate): 1 / 0")
    figure.notebook.settle()
    # The figure holds the function that it was given, so the cell is run with the new one.
    figure.notebook.start_code("import helpers.live; helpers.live.LIVING[-1].step = step")
    figure.press("Train")
    expect(figure.note).to_have_text("ZeroDivisionError: division by zero")


def test_it_trains_in_notebook_7_too(desk, server, browser):
    desk.open_anew()  # no kernel of an earlier test's runs beside it
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    notebook = Notebook7(page, server, "notebooks/live.ipynb")
    notebook.select(0)
    notebook.shift_enter()
    figure = Live(notebook)
    figure.press("Train")
    figure.wait_for(20)
    figure.sliders.nth(1).focus()
    page.keyboard.press("ArrowRight")
    figure.wait_for(figure.steps() + 400)
    assert figure.value_text(1) == "0.1"
    figure.press("Pause")
    notebook.settle()
    assert not figure.trains()
    assert figure.sentence().endswith("from 0.000000.")
    figure.press("Again")
    figure.press("Train")
    figure.wait_for(20)
    notebook.command("notebook:interrupt-kernel")
    expect(figure.note).to_have_text("Paused by the stop button.")
    assert notebook.errors == []
    close(page)


# ---------------------------------------------------------------- without a page


def test_where_nobody_is_there_it_shows_a_still(capsys):
    fig, ax = plt.subplots()
    (line,) = ax.plot([], [])
    taken = []

    def step(network, rate):
        taken.append(rate)
        return 1.0

    live(
        fig,
        [line],
        lambda: "a network",
        step,
        lambda network, losses: line.set_data(range(len(losses)), losses),
        alt=lambda network, losses: f"{network} has taken {len(losses)} steps.",
        limit=500,
        still=7,
        rate=[0.1, 0.2],
    )
    assert taken == [0.1] * 7
    assert "a network has taken 7 steps." in capsys.readouterr().out


def nothing(*_, **__):
    return 0.0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"next": ["gain"]}, "next names 'gain', which is no control"),
        ({"limit": 0}, "limit must be a whole number"),
        ({"labels": {"gain": "gain"}}, "no control is called 'gain'"),
    ],
)
def test_what_does_not_fit_is_named(settings, message):
    fig, ax = plt.subplots()
    settings = {"limit": 9, "alt": lambda *_: "A plot of nothing at all."} | settings
    with pytest.raises(ValueError, match=message):
        live(fig, [ax.title], nothing, nothing, nothing, rate=[1, 2], **settings)


def test_a_goal_says_how_far_one_has_come():
    goal = Goal("dev loss", 2.4, 1000, nothing)
    assert goal.words([]) == "Goal: a dev loss below 2.4 at step 1,000."
    assert goal.words([2.5]).endswith("The last one 2.500, your best of 1 2.500.")
    assert goal.words([2.3, 2.5]).endswith("The last one 2.500, your best of 2 2.300: reached.")
