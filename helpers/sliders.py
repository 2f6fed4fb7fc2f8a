"""The slider figure: drag, and the picture follows the hand.

The figure is drawn once. On each change only what moves is drawn again, over a saved background
(blitting), and the picture travels to the page as a quickly packed PNG.
"""

import base64
import html
import math
import struct
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from traitlets import TraitError

from helpers.plots import sentence

# For screen readers alone: there, but one pixel large.
UNSEEN = "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)"


def sliders(
    fig: Figure,
    moving: Sequence[Artist],
    update: Callable[..., None],
    *,
    alt: str,
    labels: dict[str, str] | None = None,
    units: dict[str, str] | None = None,
    start: dict[str, Any] | None = None,
    **controls: Any,
) -> None:
    """Display `fig` above one slider per control; dragging calls `update(**values)`.

    `moving` are the artists that `update` changes; all else is drawn once and stands still. They
    are drawn above it, so clamp what would leave the axes. A control is `(low, high, step)`,
    `(low, high, step, start)`, a list of values, or an ipywidgets control. `labels` and `units`
    name a control on the page, and `start` sets a list's first value where it is not the leftmost;
    `alt` is the sentence for those who cannot see the picture.

    Raises ValueError or TypeError that names the control or the artist that cannot serve. What
    `update` raises later is shown under the picture, which stays; the sliders live on.
    """
    figure = SliderFigure(
        fig, moving, update, alt=alt, labels=labels, units=units, start=start, controls=controls
    )
    figure.show()


class SliderFigure:
    """What `sliders` displays. `frame(**values)` is the picture at other values, as PNG bytes."""

    def __init__(self, fig, moving, update, *, alt, controls, labels=None, units=None, start=None):
        self.alt = sentence(alt)
        self.fig, self.update = fig, update
        # Drawn in the order in which matplotlib itself would draw them.
        self.moving = sorted(_artists(moving), key=lambda artist: artist.get_zorder())
        if not controls:
            raise ValueError("sliders needs at least one control, such as x=(0, 10, 1).")
        labels, units, start = labels or {}, units or {}, start or {}
        for named in (*labels, *units, *start):
            if named not in controls:
                raise ValueError(f"labels, units or start name {named!r}, which is no control.")
        labels = {name: labels.get(name, name.replace("_", " ")) for name in controls}
        # One width for all labels, so that the sliders stand in line.
        width = f"{0.6 * max(map(len, labels.values())) + 1:.1f}em"
        self.controls = {
            name: _control(name, spec, labels[name], units.get(name, ""), width)
            for name, spec in controls.items()
        }
        for name, value in start.items():
            try:
                self.controls[name].value = value
            except TraitError:
                raise ValueError(f"{name}: start {value!r} is not on the slider.") from None
        self.start = self.values
        self._prepare()

    @property
    def values(self) -> dict[str, Any]:
        """The controls' present values, by name."""
        return {name: control.value for name, control in self.controls.items()}

    def frame(self, **values: Any) -> bytes:
        """Call `update` with `values` (the present ones where none are given); the PNG's bytes."""
        self.update(**(self.values | values))
        canvas = self.fig.canvas
        canvas.restore_region(self.background)
        for artist in self.moving:
            self.fig.draw_artist(artist)
        return quick_png(np.asarray(canvas.buffer_rgba()))

    def show(self) -> None:
        """Display picture and sliders; without a kernel the still picture stands there."""
        width, height = self.fig.canvas.get_width_height()
        still = self.frame()
        self.image = ipywidgets.Image(value=_url(still), format="url", width=width, height=height)
        # The box keeps its size while the picture changes, so that the page does not jump.
        self.image.layout = ipywidgets.Layout(
            width=f"{width}px", height="auto", max_width="100%", object_fit="contain"
        )
        # ipywidgets' picture takes no alternative text; a screen reader finds it beside it.
        described = ipywidgets.HTML(f'<span style="{UNSEEN}">{html.escape(self.alt)}</span>')
        described.layout = ipywidgets.Layout(height="0", margin="0")
        self.message = ipywidgets.HTML()
        reset = ipywidgets.Button(description="Reset", tooltip="Back to the values at the start")
        reset.on_click(self._reset)
        for control in self.controls.values():
            control.observe(self._changed, "value")
        rows = [*self.controls.values(), reset]
        self.widget = ipywidgets.VBox([self.image, described, *rows, self.message])
        display(
            self.widget._repr_mimebundle_() | {"image/png": still, "text/plain": self.alt},
            metadata={"image/png": {"alt": self.alt}},
            raw=True,
        )

    def _prepare(self) -> None:
        """Draw all that stands still, once, and keep it."""
        self.update(**self.values)
        plt.close(self.fig)
        # A closed figure's canvas cannot blit.
        FigureCanvasAgg(self.fig)
        self.fig.canvas.draw()
        # The layout is settled; left on, it would move the axes under the background.
        self.fig.set_layout_engine("none")
        for artist in self.moving:
            artist.set_animated(True)
        self.fig.canvas.draw()
        self.background = self.fig.canvas.copy_from_bbox(self.fig.bbox)

    def _changed(self, _change: dict | None = None) -> None:
        try:
            self.image.value = _url(self.frame())
        except Exception as error:  # the reader's own code: say it, and live on
            self.message.value = _warning(error, self.values)
        else:
            self.message.value = ""

    def _reset(self, _button: ipywidgets.Button) -> None:
        for name, control in self.controls.items():
            control.value = self.start[name]


def _artists(moving: Sequence[Artist]) -> list[Artist]:
    for artist in moving:
        if not isinstance(artist, Artist):
            raise TypeError(
                f"moving holds {artist!r}, which is not something matplotlib draws. "
                "plot returns a list of lines: unpack it, (line,) = ax.plot(…)."
            )
    return list(moving)


def _control(name: str, spec: Any, label: str, unit: str, label_width: str) -> ipywidgets.Widget:
    """The ipywidgets control for a specification; a slider over a countable list of values."""
    if isinstance(spec, ipywidgets.Widget):
        if not spec.has_trait("value"):
            raise TypeError(f"{name}: {type(spec).__name__} has no value to follow.")
        return spec
    if isinstance(spec, tuple):
        values, start = _steps(name, spec)
    elif isinstance(spec, list) and spec:
        values, start = spec, spec[0]
    else:
        raise TypeError(
            f"{name}={spec!r}: give (low, high, step), (low, high, step, start), a list of values, "
            "or an ipywidgets control."
        )
    return ipywidgets.SelectionSlider(
        options=[(f"{text(value)} {unit}".rstrip(), value) for value in values],
        value=start,
        description=label,
        style={"description_width": label_width},
        layout={"width": "min(42em, 100%)"},
    )


def _steps(name: str, spec: tuple) -> tuple[list, Any]:
    if len(spec) not in (3, 4) or not all(isinstance(part, (int, float)) for part in spec):
        raise ValueError(f"{name}={spec!r}: give (low, high, step) or (low, high, step, start).")
    low, high, step = spec[:3]
    if step <= 0 or high <= low:
        raise ValueError(f"{name}={spec!r}: low must be below high, and step above 0.")
    count = math.floor((high - low) / step + 1e-9)
    whole = all(isinstance(part, int) for part in (low, step))
    # Rounded, so that 0.1 + 2 × 0.1 is the 0.3 that the reader sees.
    values = [low + i * step if whole else round(low + i * step, 12) for i in range(count + 1)]
    start = spec[3] if len(spec) == 4 else low
    nearest = min(values, key=lambda value: abs(value - start))
    if abs(nearest - start) > 1e-9:
        raise ValueError(f"{name}: start {start} is not on the slider; nearest is {nearest}.")
    return values, nearest


def quick_png(pixels: np.ndarray) -> bytes:
    """Pixels (height, width, 4) as a PNG, packed fast rather than small.

    Without the choice of a filter for every row, which takes libraries most of their time. The
    format: PNG specification, third edition, sections 5, 7 and 10.
    """
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + 4 * width), np.uint8)  # each begins with 0, its filter: none
    # Alpha stays, opaque as it is: leaving it out takes longer than packing it.
    rows[:, 1:] = pixels.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)  # R, G, B, A, 8 bits each
    png = b"\x89PNG\r\n\x1a\n"
    for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")):
        check = zlib.crc32(kind + data)
        png += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
    return png


def _url(png: bytes) -> bytes:
    """The picture as a data URL: the page reads it some milliseconds sooner than a blob."""
    return b"data:image/png;base64," + base64.b64encode(png)


def text(value: Any) -> str:
    """A value as the slider shows it: short, and without the tail of binary fractions."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _warning(error: Exception, values: dict[str, Any]) -> str:
    at = ", ".join(f"{name} = {text(value)}" for name, value in values.items())
    message = html.escape(f"{type(error).__name__}: {error}", quote=False)
    return f"<b>update failed at {at}</b><br>{message}<br>The picture is the last one that worked."
