"""The slider figure: drag, and the picture follows the hand.

What stands still is sent to the page once, as vectors. On each change Python calls `update`, writes
down what moves, and sends those artists that look different now.
"""

from collections.abc import Callable, Sequence
from typing import Any

import matplotlib.pyplot as plt
import traitlets
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from helpers.controls import Control, control, text
from helpers.output import Part, asset, attended, show_part
from helpers.plots import DRAWING, drawn, put_legends, sentence, show
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
    told = {"label": labels, "unit": units, "read": read, "start": start}
    SliderFigure(fig, moving, update, alt=alt, controls=controls, **told).show()


class LiveFigure(Part):
    """The page's side of a slider figure; `figure` is all that its first picture needs."""

    _esm = asset("drawing.js", "parts.js", "figure.js")
    figure = traitlets.Dict().tag(sync=True)


class SliderFigure:
    """What `sliders` displays; `told` holds what `control` takes, each by the control's name."""

    def __init__(self, fig, moving, update, *, alt, controls, **told: dict[str, Any] | None):
        self.fig, self.update, self.alt = fig, update, alt
        for artist in moving:
            if not isinstance(artist, Artist):
                raise TypeError(
                    f"moving holds {artist!r}, which is not something matplotlib draws. "
                    "plot returns a list of lines: unpack it, (line,) = ax.plot(…)."
                )
        # Drawn in the order in which matplotlib itself would draw them.
        self.moving = sorted(moving, key=lambda artist: artist.get_zorder())
        if not controls:
            raise ValueError("sliders needs at least one control, such as x=(0, 10, 1).")
        told = {key: by_name or {} for key, by_name in told.items()}
        if unknown := set().union(*told.values()) - controls.keys():
            raise ValueError(f"labels, units, read, start: no control is called {min(unknown)!r}.")
        self.controls = {}
        for name, spec in controls.items():
            keys = {key: by_name[name] for key, by_name in told.items() if name in by_name}
            self.controls[name] = control(name, spec, **keys)
        self.sliders = [c for c in self.controls.values() if isinstance(c, Control)]
        # Controls of ipywidgets with their first values; they stand below, and are followed here.
        self.widgets = {c: c.value for c in self.controls.values() if c not in self.sliders}
        put_legends(fig)
        with DRAWING:
            self.update(**self.values)
            self.said = self.sentence()
            plt.close(fig)
            FigureCanvasAgg(fig).draw()  # a closed figure's own canvas cannot draw
            # The layout is settled; left on, it would move the axes under what stands still.
            fig.set_layout_engine("none")

    @property
    def values(self) -> dict[str, Any]:
        """The controls' present values, by name."""
        return {name: control.value for name, control in self.controls.items()}

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
            return show(self.fig, self.said)
        with DRAWING:
            picture = drawn(self.fig)
            self.recorder = Recorder(self.fig, sharp=1)
            # Animated artists are left out of the figure's drawing, which is what stands still.
            for artist in self.moving:
                artist.set_animated(True)
            ground, self.sent = strokes_of(self.fig, Recorder(self.fig)), self.layers()
        self.order = 0  # of the last answer
        self.live = LiveFigure(
            figure={
                "width": picture.width,
                "height": picture.height,
                "least_width": picture.least_width,
                "photo": picture.photo,
                "alt": self.said,
                "layers": [ground, *self.sent],
                "beside": self.beside(),
                "controls": [
                    {"label": c.label, "texts": c.texts, "start": c.index} for c in self.sliders
                ],
            }
        )
        self.live.on_msg(lambda _live, message, _buffers: self.answer(message))
        for widget in self.widgets:
            widget.observe(lambda _change: self.answer({}), "value")
        show_part(self.live, picture.markup(self.said), self.said, list(self.widgets))

    def answer(self, message: dict) -> None:
        """Answer the page: what looks different at the values that it asks for.

        `message` may hold `request` (a number that the answer repeats), `indices` (the sliders'
        places), `all` (send every artist), `reset` and `hello` (a view has come).
        """
        if "hello" in message and not self.order:
            return  # nothing has moved yet: the view has drawn it all
        with DRAWING:
            self.follow(message)
            self.send("all" in message or "hello" in message, message)

    def follow(self, message: dict) -> None:
        """Set the controls to what the page says."""
        # A change of a control of ipywidgets says nothing of the sliders.
        for slider, index in zip(self.sliders, message.get("indices", []), strict=False):
            slider.index = index
        if "reset" in message:
            for widget, start in self.widgets.items():
                widget.value = start

    def beside(self) -> dict[str, Any]:
        """What the page says beside picture and sliders; see `helpers.live`."""
        return {}

    def send(self, everything: bool, message: dict) -> None:
        """Draw, and send the page what looks different now, or `everything`."""
        said = ""
        with DRAWING:
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
                    "indices": [slider.index for slider in self.sliders],
                    "order": self.order,
                    "all": everything,
                    "welcome": "hello" in message,
                    "layers": changed,
                    "alt": alt,
                    "message": said,
                    "beside": self.beside(),
                }
            )
