"""The slider figure: drag, and the picture follows the hand.

What stands still is sent to the page once, as vectors. On each change Python calls `update`, writes
down what moves, and sends those artists that look different now.
"""

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
import matplotlib.pyplot as plt
import traitlets
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from helpers.controls import Control, control, text
from helpers.output import Part, asset, attended, show_part, still_picture
from helpers.plots import DRAWING, Picture, put_legends, sentence, show
from helpers.vectors import Recorder, Stroke, strokes_of


def sliders(
    fig: Figure,
    moving: Sequence[Artist],
    update: Callable[..., None],
    *,
    alt: str | Callable[..., str],
    labels: dict[str, str] | None = None,
    units: dict[str, str] | None = None,
    read: dict[str, Callable[[Any], str]] | None = None,
    start: dict[str, Any] | None = None,
    **controls: Any,
) -> None:
    """Display `fig` above one slider per control; dragging calls `update(**values)`.

    `moving` are the artists that `update` changes; all else is drawn once and stands still. They
    are drawn above it, so clamp what would leave the axes. A control is `(low, high, step)`,
    `(low, high, step, start)`, a list of values, or an ipywidgets control.

    `alt` is the sentence for those who cannot see the picture. It must be true at every value:
    where the picture says something else at another, give a function of the values that returns
    it, `alt=lambda x: f"A dot at {x}."`. `labels` and `units` name a control on the page, `read`
    gives the words in which a value reads (`{"x": "{:.0%}".format}`), and `start` sets a list's
    first value where it is not the leftmost.

    Raises ValueError or TypeError that names the control or the artist that cannot serve. What
    `update` raises later is shown under the picture, which stays; the sliders live on.
    """
    named = {"labels": labels, "units": units, "read": read, "start": start}
    figure = SliderFigure(fig, moving, update, alt=alt, controls=controls, **named)
    figure.show()


class LiveFigure(Part):
    """The page's side of a slider figure; `figure` is all that its first picture needs."""

    _esm = asset("drawing.js", "parts.js", "figure.js")
    figure = traitlets.Dict().tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)


class SliderFigure:
    """What `sliders` displays."""

    def __init__(
        self, fig, moving, update, *, alt, controls, labels=None, units=None, read=None, start=None
    ):
        self.fig, self.update, self.alt = fig, update, alt
        # Drawn in the order in which matplotlib itself would draw them.
        self.moving = sorted(_artists(moving), key=lambda artist: artist.get_zorder())
        if not controls:
            raise ValueError("sliders needs at least one control, such as x=(0, 10, 1).")
        labels, units, read, start = labels or {}, units or {}, read or {}, start or {}
        for named in (*labels, *units, *read, *start):
            if named not in controls:
                raise ValueError(
                    f"labels, units, read or start name {named!r}, which is no control."
                )
        made = {
            name: control(
                name,
                spec,
                label=labels.get(name, name.replace("_", " ")),
                unit=units.get(name, ""),
                read=read.get(name),
                start=start.get(name),
            )
            for name, spec in controls.items()
        }
        self.controls = {name: c for name, c in made.items() if isinstance(c, Control)}
        # Controls of ipywidgets stand below the figure, and are followed from here.
        self.widgets = {name: c for name, c in made.items() if name not in self.controls}
        self.names = list(made)
        self.indices = [c.start for c in self.controls.values()]
        self.start = {name: widget.value for name, widget in self.widgets.items()}
        put_legends(fig)
        with DRAWING:
            self._prepare()

    @property
    def values(self) -> dict[str, Any]:
        """The controls' present values, by name."""
        sliders = zip(self.controls.items(), self.indices, strict=True)
        values = {name: control.values[index] for (name, control), index in sliders}
        values |= {name: widget.value for name, widget in self.widgets.items()}
        return {name: values[name] for name in self.names}

    def sentence(self) -> str:
        """The sentence that is true of the picture at the present values."""
        return sentence(self.alt(**self.values) if callable(self.alt) else self.alt)

    def layers(self) -> list[list[Stroke]]:
        """What moves, at the present values: the strokes of each artist."""
        self.update(**self.values)
        return [strokes_of(artist, self.recorder) for artist in self.moving]

    def show(self) -> None:
        """Display picture and sliders; where nobody is there, the picture alone."""
        if not attended():
            return show(self.fig, self.sentence())
        with DRAWING:
            picture = Picture(self.fig)
            self.recorder = Recorder(self.fig, sharp=1)
            # Animated artists are left out of the figure's drawing, which is what stands still.
            for artist in self.moving:
                artist.set_animated(True)
            ground, self.sent = strokes_of(self.fig, Recorder(self.fig)), self.layers()
        self.order = 0
        self.live = LiveFigure(
            figure={
                "width": picture.width,
                "height": picture.height,
                "least_width": picture.least_width,
                "photo": picture.photo,
                "alt": self.sentence(),
                "layers": [ground, *self.sent],
                "controls": [
                    {"label": c.label, "texts": list(c.texts), "start": c.start}
                    for c in self.controls.values()
                ],
            }
        )
        self.live.name = self.live.model_id
        self.live.on_msg(lambda _live, message, _buffers: self.answer(message))
        for widget in self.widgets.values():
            widget.observe(lambda _change: self.answer({}), "value")
        still = still_picture(
            picture.png,
            self.sentence(),
            width=picture.width,
            least_width=picture.least_width,
            photo=picture.photo,
        )
        part = ipywidgets.VBox([self.live, *self.widgets.values()]) if self.widgets else self.live
        show_part(part, still, self.sentence(), name=self.live.name)

    def answer(self, message: dict) -> None:
        """Answer the page: what looks different at the values that it asks for.

        `message` may hold `request` (a number that the answer repeats), `indices` (the sliders'
        places), `all` (send every artist), `reset` and `hello` (a view has come).
        """
        if "hello" in message and not self.order:
            return  # nothing has moved yet: the view has drawn it all
        everything = "all" in message or "hello" in message
        said = ""
        with DRAWING:
            self.indices = message.get("indices", self.indices)
            if "reset" in message:
                for name, widget in self.widgets.items():
                    widget.value = self.start[name]
            try:
                layers, alt = self.layers(), self.sentence()
            except (Exception, KeyboardInterrupt) as error:  # the reader's code, or the stop button
                layers, alt = self.sent, self.said
                at = ", ".join(f"{name} = {text(value)}" for name, value in self.values.items())
                said = f"update failed at {at}. {type(error).__name__}: {error}"
                said += " The picture is the last one that worked."
            changed = [
                [place + 1, strokes]
                for place, strokes in enumerate(layers)
                if everything or strokes != self.sent[place]
            ]
            self.sent, self.said = layers, alt
            self.order += 1
            self.live.send(
                {
                    "request": message.get("request", 0),
                    "indices": self.indices,
                    "order": self.order,
                    "all": everything,
                    "welcome": "hello" in message,
                    "layers": changed,
                    "alt": alt,
                    "message": said,
                }
            )

    def _prepare(self) -> None:
        """Settle the layout, so that nothing but what moves changes place."""
        self.update(**self.values)
        self.said = self.sentence()
        plt.close(self.fig)
        # A closed figure's canvas cannot draw.
        FigureCanvasAgg(self.fig)
        self.fig.canvas.draw()
        # The layout is settled; left on, it would move the axes under what stands still.
        self.fig.set_layout_engine("none")


def _artists(moving: Sequence[Artist]) -> list[Artist]:
    for artist in moving:
        if not isinstance(artist, Artist):
            raise TypeError(
                f"moving holds {artist!r}, which is not something matplotlib draws. "
                "plot returns a list of lines: unpack it, (line,) = ax.plot(…)."
            )
    return list(moving)
