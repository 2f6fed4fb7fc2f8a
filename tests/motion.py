"""A slider in motion, as a picture: a chapter's figure, and below it the slider that moves it.

The figure is that of the cell tagged "motion". It is made by running the chapter up to that cell,
in this process, and every place of its first slider is drawn as a reader's page would show it.
"""

import contextlib
import io
import os
from pathlib import Path
from unittest.mock import patch

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from chapter import Chapter, tags
from helpers.controls import Control
from helpers.plots import COLORS, DARK, FAINT
from helpers.sliders import SliderFigure

DPI = 150  # a page has 100 pixels to the inch: sharp enough on screens of double density
STRIP = 0.5  # inches for the slider
STEP, REST, END = 90, 700, 2500  # milliseconds at a place, where it turns, and where it stops
TIMES = 3  # that it is played; then it rests where it began
COLORS_IN_ALL = 64


def moving_figure(chapter: Chapter) -> SliderFigure:
    """The figure with sliders in the cell tagged "motion"; ValueError where there is none."""
    made, space = [], {}
    unattended = patch.dict(os.environ, COURSE_UNATTENDED="1")
    kept = patch.object(SliderFigure, "show", lambda figure: made.append(figure))
    if not any("motion" in tags(cell) for _, cell in chapter.code):
        raise ValueError(f"{chapter.path.name}: no cell is tagged 'motion'.")
    for _, cell in chapter.code:
        with unattended, kept, contextlib.redirect_stdout(io.StringIO()):
            exec(compile(cell.source, f"{chapter.path.name} {cell.id}", "exec"), space)
        if "motion" in tags(cell):
            break
    return made[-1]


def walk(control: Control) -> list[int]:
    """The places of a slider from its start to its right end, to its left end, and back."""
    start, last = control.index, len(control.values) - 1
    return [*range(start, last), *range(last, 0, -1), *range(start)]


def duration(places: list[int], i: int) -> int:
    """How long the place number `i` of a walk is shown, in milliseconds."""
    if i == 0:
        return END
    before, here, after = places[i - 1], places[i], places[(i + 1) % len(places)]
    return STEP if (after - here) * (here - before) > 0 else REST


def pixels(fig: Figure) -> np.ndarray:
    """The figure as it looks now, (height, width, 3)."""
    fig.set_dpi(DPI)
    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[:, :, :3]


def slider(control: Control, width: float) -> np.ndarray:
    """The slider at its present place, as pixels: its label, its track, its handle, its value."""
    fig = Figure((width, STRIP), facecolor="white", layout="none")
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(-0.5, 0.5))
    ax.axis("off")
    left, right = 0.24 * width, 0.88 * width
    handle = left + (right - left) * control.index / (len(control.values) - 1)
    thick = {"linewidth": 4, "linestyle": "-", "solid_capstyle": "round"}
    ax.plot([left, right], [0, 0], color=FAINT, **thick)
    ax.plot([left, handle], [0, 0], color=COLORS[0], **thick)
    ax.plot(handle, 0, "o", color=COLORS[0], markersize=11)
    words = {"va": "center_baseline", "fontsize": 10.5}
    ax.text(left - 0.2, 0, control.label, ha="right", **words)
    ax.text(right + 0.2, 0, control.texts[control.index], color=DARK, **words)
    return pixels(fig)


def frames(figure: SliderFigure) -> tuple[list[Image.Image], list[int]]:
    """The pictures of a walk of the first slider, in few colors, and how long each is shown."""
    control = figure.sliders[0]
    places = walk(control)
    width = figure.fig.get_size_inches()[0]
    drawn = {}
    for control.index in sorted(set(places)):
        figure.update(**figure.values)
        drawn[control.index] = np.vstack([pixels(figure.fig), slider(control, width)])
    control.index = places[0]
    seen = [Image.fromarray(drawn[place]) for place in places]
    few, none = seen[0].quantize(COLORS_IN_ALL), Image.Dither.NONE
    seen = [one.quantize(palette=few, dither=none).convert("RGB") for one in seen]
    return seen, [duration(places, i) for i in range(len(places))]


def moving(figure: SliderFigure) -> bytes:
    """The figure while its first slider moves, as an animated WebP."""
    (first, *rest), durations = frames(figure)
    keys = {"duration": durations, "loop": TIMES, "lossless": True, "quality": 75, "method": 4}
    buffer = io.BytesIO()
    first.save(buffer, "webp", save_all=True, append_images=rest, **keys)
    return buffer.getvalue()


def at_rest(file: Path) -> bytes:
    """The first picture of an animated file, as a PNG."""
    buffer = io.BytesIO()
    with Image.open(file) as image:
        image.convert("RGB").quantize(COLORS_IN_ALL).save(buffer, "png", optimize=True)
    return buffer.getvalue()
