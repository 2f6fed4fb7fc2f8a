"""Write down all that a chapter's figures and questions can show, while it runs unattended.

`begin` is called in the kernel before the first cell. From then on a cell that shows a figure with
sliders, asks a question or reveals an answer puts a second output behind the one that it shows
anyway, of the type RECORDING. The figure is the very one that a reader would get: `SliderFigure`
draws it, and `update` is called for every product of values.
"""

import itertools
from functools import lru_cache
from typing import Any
from unittest.mock import patch

import numpy as np
from IPython.display import display

from helpers import live, plots, predictions, questions, sliders, vectors
from helpers.controls import Control
from helpers.plots import DRAWING

RECORDING = "application/vnd.course.recording+json"
MOST = 20_000  # states, beyond which a figure is not walked through
PICTURES = 60  # of a network in training, at most
STEPS = 400  # of training that are recorded, where the figure goes so far


def begin() -> None:
    """Record from here on what this kernel shows."""
    sliders.SliderFigure.show = also(sliders.SliderFigure.show, sliders_recorded)
    plots.show_picture = also(plots.show_picture, picture_recorded)
    live.Training.show = also(live.Training.show, training_recorded)
    vectors._data_url = images_once(vectors._data_url)
    predictions.Prediction.reveal = also(predictions.Prediction.reveal, answer_recorded)
    for module in (questions, predictions):
        module.ask = also(questions.ask, questions_recorded)


def also(original, recorded):
    """`original`, and behind what it shows, what `recorded` makes of the same arguments."""

    def both(*args, **keys):
        result = original(*args, **keys)
        if found := recorded(*args, **keys):
            display({RECORDING: found}, raw=True)
        return result

    return both


# ---------------------------------------------------------------- figures


class Remembering(vectors.Recorder):
    """A recorder that outlines the same mark once."""

    def __init__(self, figure, *args, **keys):
        super().__init__(figure, *args, **keys)
        self.outlines: dict[tuple, str] = {}

    def _mark(self, path, transform):
        codes = None if path.codes is None else path.codes.tobytes()
        key = path.vertices.tobytes(), codes, transform.get_matrix().tobytes()
        if key not in self.outlines:
            self.outlines[key] = super()._mark(path, transform)
        return self.outlines[key]


def images_once(original):
    """`vectors._data_url`, which packs the same pixels once."""

    @lru_cache(512)
    def packed(pixels: bytes, shape: tuple[int, ...]) -> str:
        return original(np.frombuffer(pixels, np.uint8).reshape(shape))

    return lambda pixels: packed(pixels.tobytes(), pixels.shape)


class Walk:
    """The figure as a reader's page gets it, and its looks while it is moved.

    A look is what an artist draws, or the sentence; each is kept once, and `states` holds, state by
    state, the number of each artist's look, that of the sentence last.
    """

    def __init__(self, figure: sliders.SliderFigure):
        self.figure = figure
        with (
            patch.object(sliders, "attended", lambda: True),
            patch.object(sliders, "LiveFigure", lambda figure: _Page(figure)),
            patch.object(sliders, "show_part", lambda *_: None),
            patch.object(sliders, "Recorder", Remembering),
        ):
            # Not what `live` makes of it: it would wait for a hand.
            SHOW_SLIDERS(figure)
        self.shown = dict(figure.live.figure)
        self.shown["layers"] = self.shown["layers"][:1]  # what stands still; the rest is a state
        self.shown["beside"] = {}
        self.looks: list[dict[str, int]] = [{} for _ in range(len(figure.moving) + 1)]
        self.kept: list[list[Any]] = [[] for _ in self.looks]
        self.states: list[list[int]] = []

    def look(self) -> None:
        """Keep the present state."""
        with DRAWING:
            seen = [*self.figure.layers(), self.figure.sentence()]
        state = []
        for known, kept, look in zip(self.looks, self.kept, seen, strict=True):
            number = known.setdefault(repr(look), len(known))
            if number == len(kept):
                kept.append(look)
            state.append(number)
        self.states.append(state)

    def recording(self, shape: list[int]) -> dict:
        return {
            "figure": self.shown,
            "shape": shape,
            "looks": self.kept,
            "states": self.states,
        }


class _Page:
    """What stands where the page's side of a figure would."""

    def __init__(self, figure: dict):
        self.figure = figure

    def on_msg(self, _heard) -> None:
        pass


SHOW_SLIDERS = sliders.SliderFigure.show


def sliders_recorded(figure: sliders.SliderFigure) -> dict | None:
    """All states of a figure with sliders; None where there are too many, or other controls."""
    if isinstance(figure, live.Training):
        return None  # it is recorded as what it is
    shape = [len(control.values) for control in figure.sliders]
    states = 1
    for length in shape:
        states *= length
    if figure.widgets or states > MOST:
        return None
    start = [control.index for control in figure.sliders]
    walk = Walk(figure)
    for places in itertools.product(*map(range, shape)):
        _set(figure.sliders, places)
        walk.look()
    _set(figure.sliders, start)
    figure.update(**figure.values)  # cells below may look at what it has set
    return walk.recording(shape)


def training_recorded(figure: live.Training, still: int) -> dict:
    """A run at the first values, as a figure with one slider: the step."""
    steps = min(figure.limit, max(still, STEPS))
    every = max(1, -(-steps // PICTURES))
    # The still's step is among the pictures: there the slider stands. So is the last.
    wanted = sorted({*range(0, steps + 1, every), still, steps})
    figure.begin()
    walk, places = Walk(figure), []
    for step in wanted:
        while len(figure.losses) < step and figure.take():
            pass
        if len(figure.losses) < step:
            break  # the network is lost
        places.append(step)
        walk.look()
    walk.shown["controls"] = [
        {
            "label": "training step",
            "texts": [f"{step:,}" for step in places],
            "start": places.index(still) if still in places else 0,
        }
    ]
    values = [f"{control.label} {control.texts[control.index]}" for control in figure.sliders]
    return walk.recording([len(places)]) | {"trains": ", ".join(values)}


def _set(controls: list[Control], places) -> None:
    for control, place in zip(controls, places, strict=True):
        control.index = place


def picture_recorded(picture: plots.Picture, _alt: str) -> dict:
    """The room that a picture takes, which its PNG does not say."""
    names = "width", "height", "least_width", "photo"
    return {"picture": {name: getattr(picture, name) for name in names}}


# ---------------------------------------------------------------- questions


def questions_recorded(asked: dict[tuple, dict], *_understand) -> dict:
    """The questions, each with a name by which an answer finds it."""
    named = [{**question, "key": _name(key)} for key, question in asked.items()]
    for question, key in zip(named, asked, strict=True):
        if "range" in question:
            question["low"], question["high"] = key[-2:]
    return {"questions": named}


def answer_recorded(prediction: predictions.Prediction, truth: Any) -> dict:
    """What came out, and the place of the choice that it is."""
    truth = truth.item() if getattr(truth, "ndim", None) == 0 else truth
    found = prediction.choice(truth) if prediction.choices else None
    right = list(prediction.choices).index(found) if found is not None else None
    number = None if prediction.choices or not predictions.is_number(truth) else float(truth)
    return {
        "answer": prediction._answer(truth),
        "key": _name(prediction.key),
        "right": right,
        "number": number,
    }


def _name(key: tuple) -> str:
    return str(key[0])
