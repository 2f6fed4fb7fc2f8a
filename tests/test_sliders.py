"""The slider figure without a browser: what it sends, values, sentences, errors, threads."""

import threading

import ipywidgets
import matplotlib.pyplot as plt
import pytest

from helpers import output
from helpers.controls import control, text
from helpers.plots import DRAWING, show
from helpers.sliders import SliderFigure, sliders

ALT = "A dot sits on a line that rises."


def dot_figure(update=None, alt=ALT, controls=None, **keys):
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1])
    (dot,) = ax.plot([], [], "o", markersize=12)
    label = ax.text(0.1, 0.9, "")

    def move(x):
        dot.set_data([x], [x])
        label.set_text("left" if x < 0.5 else "right")

    controls = controls or {"x": (0.0, 1.0, 0.1, 0.3)}
    return SliderFigure(fig, [dot, label], update or move, alt=alt, controls=controls, **keys)


class Live:
    """A slider figure on a page with a reader; `ask` is what the page does."""

    def __init__(self, figure):
        self.figure, self.answers = figure, []
        figure.show()
        figure.live.send = self.answers.append

    def ask(self, **message):
        self.figure.live._handle_custom_msg(message, [])
        return self.answers[-1] if self.answers else None


@pytest.fixture
def live(read_page):
    return Live(dot_figure())


def words(layers):
    """The texts among the strokes of (place, strokes) pairs."""
    return [what[0] for _, strokes in layers for kind, _, _, what, _ in strokes if kind == "text"]


# ---------------------------------------------------------------- with a reader


def test_a_still_stands_before_what_lives(read_page):
    figure = dot_figure()
    figure.show()
    (still, _), (view, _) = read_page.shown
    assert still["text/plain"] == ALT
    assert f'<img alt="{ALT}" width="900" src="data:image/png;base64,' in still["text/html"]
    assert 'class="course-still"' in still["text/html"]
    assert view[output.WIDGET_VIEW]["model_id"] == figure.live.model_id
    assert view["text/plain"] == " "


def test_the_first_picture_is_all_there(live):
    first = live.figure.live.figure
    assert (first["width"], first["height"]) == (900, 320)
    assert len(first["layers"]) == 3  # what stands still, the dot, the label
    assert first["alt"] == ALT
    [slider] = first["controls"]
    assert slider["texts"][:3] == ["0", "0.1", "0.2"]
    assert (slider["label"], slider["start"]) == ("x", 3)


def test_only_what_looks_different_is_sent(live):
    answer = live.ask(request=1, indices=[4])
    assert [place for place, _ in answer["layers"]] == [1]  # the dot; the label still says left
    answer = live.ask(request=2, indices=[7])
    assert [place for place, _ in answer["layers"]] == [1, 2]
    assert words(answer["layers"]) == ["right"]
    assert (answer["request"], answer["indices"], answer["order"]) == (2, [7], 2)
    assert live.ask(request=3, indices=[7])["layers"] == []


def test_a_view_that_missed_an_answer_gets_everything(live):
    live.ask(request=1, indices=[7])
    answer = live.ask(request=2, indices=[7], all=True)
    assert [place for place, _ in answer["layers"]] == [1, 2]
    assert answer["all"]


def test_a_view_that_comes_later_is_told_what_moved(live):
    assert live.ask(hello=True) is None  # nothing has moved
    live.ask(request=1, indices=[7])
    answer = live.ask(hello=True)
    assert answer["welcome"] and answer["indices"] == [7]
    assert words(answer["layers"]) == ["right"]


def test_coming_back_is_exact(live):
    first = live.figure.live.figure["layers"][1:]
    for place in (9, 0, 3):
        live.ask(request=1, indices=[place])
    answer = live.ask(request=2, indices=[3], all=True)
    assert [strokes for _, strokes in answer["layers"]] == first


def test_an_error_in_update_is_shown_the_picture_stays_and_the_slider_lives_on(read_page):
    def move(x):
        if x > 0.8:
            raise ValueError("x < 0.8 please")

    live = Live(dot_figure(move))
    answer = live.ask(request=1, indices=[9])
    assert answer["message"] == (
        "update failed at x = 0.9. ValueError: x < 0.8 please The picture is the last one that "
        "worked."
    )
    assert answer["layers"] == []
    assert answer["alt"] == ALT
    answer = live.ask(request=2, indices=[5])
    assert answer["message"] == ""


def test_the_stop_button_in_the_midst_of_drawing_is_answered(read_page):
    def move(x):
        if x > 0.8:
            raise KeyboardInterrupt

    live = Live(dot_figure(move))
    assert "KeyboardInterrupt" in live.ask(request=1, indices=[9])["message"]
    assert live.ask(request=2, indices=[5])["message"] == ""


def test_the_sentence_follows_the_values(read_page):
    live = Live(dot_figure(alt=lambda x: f"A dot sits at a height of {x:g}."))
    assert read_page.texts[0] == "A dot sits at a height of 0.3."
    assert live.figure.live.figure["alt"] == "A dot sits at a height of 0.3."
    assert live.ask(request=1, indices=[9])["alt"] == "A dot sits at a height of 0.9."


def test_a_control_of_ipywidgets_is_followed_and_reset(read_page):
    box = ipywidgets.Dropdown(options=[0.1, 0.9], value=0.1)
    live = Live(dot_figure(lambda y, x: None, controls={"x": box, "y": (0, 9, 1)}))
    assert live.figure.values == {"x": 0.1, "y": 0}
    box.value = 0.9
    assert live.answers[-1]["order"] == 1
    live.ask(request=1, indices=[4])
    assert live.figure.values == {"x": 0.9, "y": 4}
    live.ask(request=2, indices=[0], reset=True)
    assert live.figure.values == {"x": 0.1, "y": 0}


def test_two_threads_draw_in_turns(read_page):
    """JupyterLab answers sliders in a thread of its own; mathtext fails where two draw at once."""
    fig, ax = plt.subplots()
    label = ax.text(0, 0, "")
    live = Live(
        SliderFigure(
            fig,
            [label],
            lambda x: label.set_text(f"$\\frac{{{x}}}{{x^{{{x}}}}}$"),
            alt=ALT,
            controls={"x": (0, 99, 1)},
        )
    )

    def draw_figures():
        for x in range(12):
            other, axes = plt.subplots(figsize=(3, 2))
            axes.set_title(f"$\\sqrt{{{x}}} + \\alpha_{{{x}}}$")
            show(other, ALT)

    def drag():
        for x in range(60):
            live.ask(request=x, indices=[x])

    threads = [threading.Thread(target=work) for work in (draw_figures, drag, drag)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert len(live.answers) == 120
    assert {answer["message"] for answer in live.answers} == {""}


def test_nothing_is_drawn_while_another_draws(read_page):
    live = Live(dot_figure())
    with DRAWING:
        asking = threading.Thread(target=live.ask, kwargs={"request": 1, "indices": [9]})
        asking.start()
        asking.join(0.3)
        assert asking.is_alive() and live.answers == []
    asking.join(10)
    assert len(live.answers) == 1


# ---------------------------------------------------------------- where nobody is there


def test_where_nobody_is_there_the_picture_stands_alone(page):
    figure = dot_figure()
    figure.show()
    [(data, metadata)] = page.shown
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == ALT
    assert metadata["image/png"] == {"alt": ALT, "width": 900}
    assert not hasattr(figure, "live")


# ---------------------------------------------------------------- controls


def control_of(spec, **keys):
    return control("x", spec, **keys)


def test_values_are_exact_and_countable():
    assert control_of((0.0, 1.0, 0.1, 0.3)).values == [
        0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0,
    ]  # fmt: skip


def test_whole_numbers_stay_whole_and_an_uneven_range_stops_below_high():
    made = control_of((0, 10, 3))
    assert made.values == [0, 3, 6, 9]
    assert all(type(value) is int for value in made.values)


def test_a_list_serves_too_and_may_start_elsewhere():
    assert control_of([0.5, 0.25]).index == 0
    assert control_of([0.1, 1, 10], start=1).index == 1
    with pytest.raises(ValueError, match="start 2 is not on the slider"):
        control_of([0.1, 1, 10], start=2)


def test_a_value_reads_as_it_is_told():
    assert control_of((-1.0, 0.5, 0.5)).texts == ["−1", "−0.5", "0", "0.5"]
    assert control_of((0, 2, 1), unit="m").texts == ["0 m", "1 m", "2 m"]
    assert control_of([1 / 60, 2 / 60], read=lambda x: f"{60 * x:.0f}/60").texts == ["1/60", "2/60"]
    assert text(0.1 + 0.2) == "0.3"
    assert text("−a") == "−a"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ((0, 1), "low, high, step"),
        ((1, 0, 0.1), "low must be below high"),
        ((0, 1, 0), "step above 0"),
        ((0.0, 1.0, 0.1, 0.55), "not on the slider"),
        ((0.0, 1.0, 0.1, 7), "nearest is 1.0"),
    ],
)
def test_a_range_that_cannot_serve_is_named(spec, message):
    with pytest.raises(ValueError, match=message):
        control_of(spec)


@pytest.mark.parametrize("spec", [[], "0..1", 3, ipywidgets.Button()])
def test_what_is_no_control_is_named(spec):
    with pytest.raises(TypeError, match="x"):
        control_of(spec)


def test_a_figure_needs_a_sentence_a_control_and_artists():
    fig, ax = plt.subplots()
    lines = ax.plot([0], [0])
    with pytest.raises(ValueError, match="sentence"):
        sliders(fig, lines, lambda x: None, alt="dot", x=(0, 1, 1))
    with pytest.raises(ValueError, match="sentence"):
        sliders(fig, lines, lambda x: None, alt=lambda x: f"dot {x}", x=(0, 1, 1))
    with pytest.raises(ValueError, match="at least one control"):
        sliders(fig, lines, lambda: None, alt=ALT)
    with pytest.raises(TypeError, match="unpack"):
        sliders(fig, [lines], lambda x: None, alt=ALT, x=(0, 1, 1))
    with pytest.raises(ValueError, match="'y'"):
        sliders(fig, lines, lambda x: None, alt=ALT, read={"y": str}, x=(0, 1, 1))
