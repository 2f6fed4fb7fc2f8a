"""The course's figures: one visual language, and `show` to display a figure with a sentence.

Importing this module sets the style for every figure drawn afterwards.
"""

import io

import matplotlib.pyplot as plt
from cycler import cycler
from IPython.display import display
from matplotlib.figure import Figure

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
    "lines.linewidth": 1.8,
}
plt.rcParams.update(STYLE)


def show(fig: Figure, alt: str) -> None:
    """Display `fig` with a sentence for readers who cannot see it, and close it.

    The sentence `alt` is the output's text form and the picture's alternative text.
    Raises ValueError where `alt` is not a sentence.
    """
    display(
        {"image/png": png(fig), "text/plain": sentence(alt)},
        metadata={"image/png": {"alt": alt}},
        raw=True,
    )
    plt.close(fig)


def png(fig: Figure) -> bytes:
    """The figure as the bytes of a PNG file, at the figure's own size and dpi."""
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=fig.dpi)
    return buffer.getvalue()


def sentence(alt: str) -> str:
    """`alt` itself; ValueError where it is empty or does not end like a sentence."""
    if not isinstance(alt, str) or len(alt.split()) < 4 or not alt.rstrip().endswith("."):
        raise ValueError(
            f"alt={alt!r} is not a sentence. Say in one sentence, ending in a full stop, "
            "what the figure shows to someone who cannot see it."
        )
    return alt
