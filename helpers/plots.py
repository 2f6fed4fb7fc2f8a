"""The course's figures: one visual language, `frame` to begin a figure, `show` to display it.

Importing this module sets the style for every figure drawn afterwards.
"""

import io
import math
import threading
from weakref import WeakKeyDictionary

import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text
from PIL import Image
from torch import Tensor

from helpers.output import Picture, show_picture

# Okabe and Ito (2008), in an order that also differs in lightness; the line styles that go with
# them keep curves apart in grey print.
COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000"]
LINE_STYLES = ["-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1))]

# Grays, from what stands behind the data to words beside it; and the one smaller size of letters.
BAND, FAINT, GRAY, DARK = "0.93", "0.75", "0.6", "0.4"
SMALL = 9
GUIDE = {"color": GRAY, "linestyle": ":", "linewidth": 1.4}  # a line to compare with

STYLE = {
    "figure.figsize": (9, 3.2),  # inches: a laptop's notebook column
    "figure.dpi": 100,
    "figure.facecolor": "white",  # opaque, so that JupyterLab's dark theme cannot swallow labels
    "savefig.facecolor": "white",
    "figure.constrained_layout.use": True,
    "axes.prop_cycle": cycler(color=COLORS) + cycler(linestyle=LINE_STYLES),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.labelsize": 10,
    "font.size": 10,
    "legend.frameon": False,
    "image.cmap": "viridis",
    "image.interpolation": "none",
    "lines.linewidth": 1.8,
}
plt.rcParams.update(STYLE)


# Matplotlib draws one figure at a time: a slider answers in a thread of its own in JupyterLab.
DRAWING = threading.RLock()
SHARP = 2  # pixels of a picture to one of the page, for screens of double density
READABLE = 9  # pixels of the page: the least height of letters, where there is little room
LEGENDS: WeakKeyDictionary[Axes, dict] = WeakKeyDictionary()  # where legends will be put


class Panel:
    """What stands around a plot: its title, the labels of its axes, and what else `ax.set` takes.

    A label of None says that the ticks say all; both of them, that there are no axes. The legend,
    of what is drawn with a label, is put at this place when the figure is shown; a dict is handed
    to `ax.legend`, and None makes none. Raises ValueError for an empty label.
    """

    def __init__(self, title: str, x: str | None, y: str | None, *, legend="best", **settings):
        for axis, label in {"x": x, "y": y}.items():
            if label is not None and not label.strip():
                raise ValueError(
                    f"The {axis} axis of {title!r} has no label: name what it shows and its unit. "
                    "None says that its ticks say all, or that there is no axis."
                )
        self.bare = x is None and y is None
        self.legend = {"loc": legend} if isinstance(legend, str) else legend
        self.settings = {"title": title, "xlabel": x or "", "ylabel": y or "", **settings}


def frames(*panels: Panel, height: float = 3.2, rows: int = 1, **grid) -> tuple[Figure, list[Axes]]:
    """A figure of panels, in rows, and their axes; `grid` goes to `plt.subplots`.

    `height` is in inches. Where panels share an axis (`sharey=True`), only the outer ones say it.
    """
    grid |= {"figsize": (9, height), "squeeze": False}
    fig, axes = plt.subplots(rows, len(panels) // rows, **grid)
    for ax, panel in zip(axes.flat, panels, strict=True):
        ax.set(**panel.settings)
        if panel.bare:
            ax.axis("off")
        if panel.legend is not None:
            LEGENDS[ax] = panel.legend
        if grid.get("sharey") and ax not in axes[:, 0]:
            ax.set_ylabel("")
    return fig, list(axes.flat)


def frame(
    title: str, x: str | None, y: str | None, *, height: float = 3.2, **settings
) -> tuple[Figure, Axes]:
    """A figure of one panel, and its axes; what else as in `Panel`."""
    fig, [ax] = frames(Panel(title, x, y, **settings), height=height)
    return fig, ax


def over_seeds(ax: Axes, x, runs: Tensor, *, band: bool = False, **line) -> None:
    """Draw the mean of `runs` (n, seeds) over `x` (n,) with bars of a standard deviation.

    A `band` shows the whole range of the seeds instead, where the places lie close together.
    """
    if not band:
        ax.errorbar(x, runs.mean(1), runs.std(1), **{"capsize": 4} | line)
        return
    (drawn,) = ax.plot(x, runs.mean(1), **line)
    ax.fill_between(x, runs.amin(1), runs.amax(1), color=drawn.get_color(), alpha=0.25, lw=0)


def put_legends(fig: Figure) -> None:
    """Make the legends that the panels of `fig` have asked for, of what is drawn by now."""
    for ax in fig.axes:
        if ax in LEGENDS and ax.get_legend_handles_labels()[0]:
            ax.legend(**LEGENDS.pop(ax))


def show(fig: Figure, alt: str) -> None:
    """Display `fig` with a sentence for readers who cannot see it, and close it.

    The sentence `alt` is the output's text form and the picture's alternative text.
    Raises ValueError where `alt` is not a sentence.
    """
    sentence(alt)
    put_legends(fig)
    with DRAWING:
        picture = drawn(fig)
    plt.close(fig)
    show_picture(picture, alt)


def drawn(fig: Figure) -> Picture:
    """The figure drawn for the page."""
    full, packed = io.BytesIO(), io.BytesIO()
    fig.savefig(full, format="png", dpi=SHARP * fig.dpi)
    # A palette of 256 colors takes a third of the bytes, and to the eye it is the same picture.
    Image.open(full).convert("RGB").quantize(256).save(packed, format="png")
    width, height = (round(inches * fig.dpi) for inches in fig.get_size_inches())
    letters = [text.get_fontsize() for text in fig.findobj(Text) if text.get_text().strip()]
    smallest = min(letters, default=fig.dpi) * fig.dpi / 72  # from points to pixels
    least_width = min(width, math.floor(width * READABLE / smallest) + 1)
    # Maps and pictures keep their colors on dark pages: their words say what is dark in them.
    photo = bool(fig.findobj(lambda artist: isinstance(artist, (AxesImage, QuadMesh))))
    return Picture(packed.getvalue(), width, height, least_width, photo)


def sentence(alt: str) -> str:
    """`alt` itself; ValueError where it is empty or does not end like a sentence."""
    if not isinstance(alt, str) or len(alt.split()) < 4 or not alt.rstrip().endswith("."):
        raise ValueError(
            f"alt={alt!r} is not a sentence. Say in one sentence, ending in a full stop, "
            "what the figure shows to someone who cannot see it."
        )
    return alt
