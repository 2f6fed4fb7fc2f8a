"""The course's figures: one visual language, and `show` to display a figure with a sentence.

Importing this module sets the style for every figure drawn afterwards.
"""

import io
import math
import threading

import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text
from PIL import Image

from helpers.output import show_picture

# Okabe and Ito (2008), in an order that also differs in lightness; the line styles that go with
# them keep curves apart in grey print.
COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000"]
LINE_STYLES = ["-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1))]

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


def show(fig: Figure, alt: str) -> None:
    """Display `fig` with a sentence for readers who cannot see it, and close it.

    The sentence `alt` is the output's text form and the picture's alternative text.
    Raises ValueError where `alt` is not a sentence.
    """
    sentence(alt)
    with DRAWING:
        picture = Picture(fig)
    plt.close(fig)
    show_picture(
        picture.png,
        alt,
        width=picture.width,
        least_width=picture.least_width,
        photo=picture.photo,
    )


class Picture:
    """A figure drawn for the page: its PNG, and the room it takes there, in the page's pixels."""

    def __init__(self, fig: Figure):
        self.png = png(fig)
        self.width, self.height = (round(inches * fig.dpi) for inches in fig.get_size_inches())
        letters = [text.get_fontsize() for text in fig.findobj(Text) if text.get_text().strip()]
        smallest = min(letters, default=fig.dpi) * fig.dpi / 72  # from points to pixels
        self.least_width = min(self.width, math.floor(self.width * READABLE / smallest) + 1)
        # Maps and pictures keep their colors on dark pages: their words say what is dark in them.
        colored = fig.findobj(lambda artist: isinstance(artist, (AxesImage, QuadMesh)))
        self.photo = bool(colored)


def png(fig: Figure) -> bytes:
    """The figure as the bytes of a PNG file, of its own size at double density.

    It is drawn with a palette of 256 colors: a third of the bytes, to the eye the same picture.
    """
    drawn, packed = io.BytesIO(), io.BytesIO()
    fig.savefig(drawn, format="png", dpi=SHARP * fig.dpi)
    Image.open(drawn).convert("RGB").quantize(256).save(packed, format="png")
    return packed.getvalue()


def sentence(alt: str) -> str:
    """`alt` itself; ValueError where it is empty or does not end like a sentence."""
    if not isinstance(alt, str) or len(alt.split()) < 4 or not alt.rstrip().endswith("."):
        raise ValueError(
            f"alt={alt!r} is not a sentence. Say in one sentence, ending in a full stop, "
            "what the figure shows to someone who cannot see it."
        )
    return alt
