"""The slider figure without a browser: pictures, values, errors."""

import base64
import io

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from helpers import sliders as module
from helpers.sliders import SliderFigure, sliders

ALT = "A dot sits on a line that rises."


def dot_figure(update=None, **controls):
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1])
    (dot,) = ax.plot([], [], "o", markersize=12)

    def move(x):
        dot.set_data([x], [x])

    return SliderFigure(
        fig, [dot], update or move, alt=ALT, controls=controls or {"x": (0.0, 1.0, 0.1, 0.3)}
    )


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def shown(figure):
    figure.show()
    return figure


def slider(figure, name="x"):
    return figure.controls[name]


def test_a_frame_equals_a_whole_new_drawing():
    figure = dot_figure()
    figure.frame(x=0.9)
    blitted = pixels(figure.frame(x=0.7))
    for artist in figure.moving:
        artist.set_animated(False)
    figure.fig.canvas.draw()
    whole = np.asarray(figure.fig.canvas.buffer_rgba())[..., :3]
    assert np.array_equal(blitted, whole)


def test_the_picture_has_the_size_of_the_figure_and_nothing_moves_but_the_dot():
    figure = dot_figure()
    left, right = pixels(figure.frame(x=0.0)), pixels(figure.frame(x=1.0))
    assert left.shape == (320, 900, 3)
    changed = (left != right).any(axis=2)
    assert 0 < changed.sum() < 1000


def test_values_are_exact_and_countable():
    figure = dot_figure()
    assert [value for _, value in slider(figure).options] == [
        0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0,
    ]  # fmt: skip
    assert figure.values == {"x": 0.3}


def test_whole_numbers_stay_whole_and_an_uneven_range_stops_below_high():
    figure = dot_figure(x=(0, 10, 3))
    assert [value for _, value in slider(figure).options] == [0, 3, 6, 9]
    assert all(type(value) is int for _, value in slider(figure).options)


def test_a_list_and_a_ready_made_control_serve_too():
    figure = dot_figure(x=[0.5, 0.25])
    assert figure.values == {"x": 0.5}
    figure = dot_figure(x=ipywidgets.Dropdown(options=[0.1, 0.2], value=0.2))
    assert figure.values == {"x": 0.2}


def test_a_list_may_start_elsewhere():
    fig, ax = plt.subplots()
    lines = ax.plot([0], [0], "o")
    keys = {"alt": ALT, "controls": {"x": [0.1, 1, 10]}}
    figure = SliderFigure(fig, lines, lambda x: None, start={"x": 1}, **keys)
    assert figure.values == {"x": 1}
    with pytest.raises(ValueError, match="start 2 is not on the slider"):
        SliderFigure(fig, lines, lambda x: None, start={"x": 2}, **keys)


def test_label_value_and_unit_are_on_the_slider():
    fig, ax = plt.subplots()
    (dot,) = ax.plot([0], [0], "o")
    figure = SliderFigure(
        fig,
        [dot],
        lambda step_size: None,
        alt=ALT,
        labels={"step_size": "size of a step"},
        units={"step_size": "m"},
        controls={"step_size": (0.0, 1.0, 0.1, 0.3)},
    )
    assert slider(figure, "step_size").description == "size of a step"
    assert slider(figure, "step_size").label == "0.3 m"


def test_dragging_changes_the_picture_and_reset_brings_the_first_back():
    figure = shown(dot_figure())
    first = figure.image.value
    slider(figure).value = 0.9
    assert figure.image.value != first
    kind, picture = bytes(figure.image.value).split(b",")
    assert kind == b"data:image/png;base64"
    assert base64.b64decode(picture) == figure.frame(x=0.9)
    reset = next(w for w in figure.widget.children if isinstance(w, ipywidgets.Button))
    reset.click()
    assert figure.image.value == first


def test_an_error_in_update_is_shown_the_picture_stays_and_the_slider_lives_on():
    def move(x):
        if x > 0.8:
            raise ValueError("x < 0.8 <b>please</b>")

    figure = shown(dot_figure(move))
    before = figure.image.value
    slider(figure).value = 0.9
    assert "ValueError" in figure.message.value
    assert "x = 0.9" in figure.message.value
    assert "&lt;b&gt;please" in figure.message.value
    assert figure.image.value == before
    slider(figure).value = 0.5
    assert figure.message.value == ""


def test_the_output_carries_the_still_picture_its_sentence_and_the_widget(monkeypatch):
    caught = {}
    monkeypatch.setattr(module, "display", lambda data, **keys: caught.update(data=data, **keys))
    figure = dot_figure()
    figure.show()
    assert caught["data"]["text/plain"] == ALT
    assert caught["metadata"]["image/png"]["alt"] == ALT
    assert caught["data"]["image/png"] == figure.frame()
    assert "application/vnd.jupyter.widget-view+json" in caught["data"]


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
        dot_figure(x=spec)


@pytest.mark.parametrize("spec", [[], "0..1", 3, ipywidgets.Button()])
def test_what_is_no_control_is_named(spec):
    with pytest.raises(TypeError, match="x"):
        dot_figure(x=spec)


def test_a_figure_needs_a_sentence_a_control_and_artists():
    fig, ax = plt.subplots()
    lines = ax.plot([0], [0])
    with pytest.raises(ValueError, match="sentence"):
        sliders(fig, lines, lambda x: None, alt="dot", x=(0, 1, 1))
    with pytest.raises(ValueError, match="at least one control"):
        sliders(fig, lines, lambda: None, alt=ALT)
    with pytest.raises(TypeError, match="unpack"):
        sliders(fig, [lines], lambda x: None, alt=ALT, x=(0, 1, 1))
    with pytest.raises(ValueError, match="'y'"):
        sliders(fig, lines, lambda x: None, alt=ALT, labels={"y": "no"}, x=(0, 1, 1))


def test_titles_and_tick_free_axes_may_move():
    fig, ax = plt.subplots()

    def move(x):
        ax.title.set_text(f"x is {x}")

    figure = SliderFigure(fig, [ax.title], move, alt=ALT, controls={"x": (0, 9, 1)})
    assert not np.array_equal(pixels(figure.frame(x=1)), pixels(figure.frame(x=8)))
