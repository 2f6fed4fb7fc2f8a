"""What stands still in the figures of chapter 01, derivatives, and the sentences that they say."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import torch
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from torch import Tensor

from helpers.chapters.ch01.ground import Ground
from helpers.plots import FAINT, GUIDE, SMALL, Panel, frame, frames

Stage = tuple[Figure, tuple[Artist, ...]]  # a figure, and what moves in it

# ---------------------------------------------------------------- the hidden curve


def veil_stage(probes: Sequence[float], heights: Tensor) -> Stage:
    """Feet at their heights, and the curve, which is empty."""
    title = "What your feet felt, and what the blindfold hides"
    around = {"xlim": (-10.3, 10.3), "ylim": (-0.5, 13.5), "legend": "upper center"}
    fig, ax = frame(title, "$x$", "height", **around)
    (curve,) = ax.plot([], [], color="C0", label="the curve")
    ax.plot(probes, heights, "o", color="C1", markersize=9, label="your feet")
    return fig, (curve,)


def veil_words(ground: Ground, probes: Sequence[float], seen: Tensor) -> str:
    """What is to be seen where the curve is unveiled at the places `seen`."""
    places = torch.as_tensor(probes, dtype=torch.float64)
    foot = places[ground(places).argmin()]
    words = f"The lowest of {len(probes)} feet is at {foot:zg}, at a height of {ground(foot):.1f}"
    if len(seen) < 2:
        return f"{words}; the curve is hidden.".replace("-", "−")
    lowest = seen[ground(seen).argmin()]
    words += f"; of the curve up to {seen[-1]:zg}, the lowest place is {lowest:z.1f}"
    return f"{words}, at {ground(lowest):z.1f}.".replace("-", "−")


def crowd_stage() -> Stage:
    """The hidden curve, the ground that was felt, the walkers, and the way of their mean height."""
    fig, (left, right) = frames(
        Panel("What forty walkers have felt", "$x$", "height", xlim=(-10.3, 10.3), ylim=(-0.5, 10)),
        Panel("How high they stand", "step", "mean height", xlim=(0, 600), ylim=(0, 10)),
        width_ratios=(1.6, 1),
    )
    (veiled,) = left.plot([], [], "-", color=FAINT, linewidth=1)
    (felt,) = left.plot([], [], "-", color="C0", linewidth=2.5)
    (dots,) = left.plot([], [], "o", color="C1", markersize=5)
    right.axhline(0.3, **GUIDE)
    right.axvline(400, **GUIDE)
    (line,) = right.plot([], [], "-", color="C1")
    return fig, (veiled, felt, dots, line)


def crowd_words(steps: int, height: float, part: float) -> str:
    return (
        f"Forty walkers after {steps} steps, at a mean height of {height:.1f}; "
        f"{part:.0%} of the curve was under their feet."
    )


# ---------------------------------------------------------------- slopes


def secant_stage(f: Callable) -> Stage:
    """The curve of 3x² with tangent and secant, and beside it the line of its slopes."""
    fig, (left, right) = frames(
        Panel("The secant turns into the tangent", "$x$", "height", ylim=(-40, 115)),
        Panel("The secant's slope lies above the tangent's", "$x$", "slope", legend="upper left"),
        subplot_kw={"xlim": (-4.5, 6.5)},
    )
    xs = torch.linspace(-4.5, 6.5, 200)
    left.plot(xs, f(xs))
    tangent, secant, feet = left.plot([], [], "C2--", [], [], "C1-", [], [], "oC1")
    right.set_ylim(-30, 45)
    right.plot(xs, 6 * xs, "C2--", label="derivative, $6x$")
    (gap,) = right.plot([], [], "o-C1", markersize=5, label="from tangent's to secant's slope")
    reading = right.text(6.4, -27, "", ha="right")
    return fig, (tangent, secant, feet, gap, reading)


def slope_words(x: float, h: float, slope: float) -> str:
    return (
        f"The secant from x = {x:zg} to {round(x + h, 2):zg} has a slope of {slope:z.2f}, "
        f"the tangent at {x:zg} one of {6 * x:z.2f}: a gap of {slope - 6 * x:.2f}."
    ).replace("-", "−")


# ---------------------------------------------------------------- digits

LEAST = 1e-16  # an error of 0 has no place on a logarithmic axis; it is drawn down here


def digits_stage(steps: Sequence[float], asked: Sequence[float], taken: Sequence[float]) -> Stage:
    """The errors of two slopes over the step, and beside them the digits, which are empty."""
    legend = {"loc": "upper center", "fontsize": SMALL}
    title = "Smaller helps, until it hurts"
    error = Panel(title, "step $h$", "relative error", ylim=(4e-17, 10), legend=legend)
    fig, (left, right) = frames(error, Panel("", None, None), width_ratios=(1, 1.15))
    for errors, style, label in ((asked, "o-", "rise / $h$"), (taken, "s:C2", "rise / step taken")):
        held = [max(error, LEAST) for error in errors]
        left.loglog(steps[: len(held)], held, style, markersize=4, label=label)
    (dot,) = left.plot([], [], "oC1", markersize=11)
    style = {"family": "monospace", "va": "top", "linespacing": 1.8, "fontsize": 11}
    rows = "f(3 + h)", "f(3)", "rise", "step taken", "", "rise / h", "rise / taken"
    right.text(0, 0.98, "\n".join(rows), **style)
    return fig, (dot, right.text(0.32, 0.98, "", **style))


def digits_words(h: float, rise: float, taken: float) -> str:
    words = f"With a step of {h:g} the two heights differ by {rise:.9g}, and the step really taken "
    words += f"is {taken:.7g}: rise / h is {rise / h:.9f}"
    return words + (f", rise / step taken {rise / taken:.9f}." if taken else ".")


# ---------------------------------------------------------------- the walk down


def sixtieths(rate: float) -> str:
    """A learning rate as a fraction: 1/6 for 0.1666…"""
    return str(Fraction(round(60 * rate), 60))


def descent_stage(f: Callable) -> Stage:
    """The walker on 3x², and the distance to the bottom, step by step."""
    fig, (left, right) = frames(
        Panel(r"Every step multiplies $x$ by $1 - 6\,$lr", "$x$", "height"),
        Panel("Straight lines: down, flat or up", "step", "distance to the bottom"),
    )
    xs = torch.linspace(-4.4, 4.4, 100)
    left.plot(xs, f(xs), color=FAINT, linewidth=1)
    left.set(xlim=(-4.4, 4.4), ylim=(-3, 60))
    (trail,) = left.plot([], [], "o-C1", markersize=5, linewidth=1)
    right.set(yscale="log", xlim=(-0.5, 20.5), ylim=(1e-7, 1e5), xticks=range(0, 21, 5))
    right.axhline(3, **GUIDE)
    (distance,) = right.plot([], [], "o-C1", markersize=4)
    return fig, (trail, right.text(0, 1.5e4, ""), distance)


def descent_words(rate: float, last: float) -> str:
    """The sentence for a walk of 20 steps that ends at `last`."""
    far = abs(last)
    end = "less than 1e-07" if far < 1e-7 else f"{far:.2g}" if far < 9 else f"{far:,.0f}"
    return (
        f"At a learning rate of {sixtieths(rate)} every step multiplies x by {1 - 6 * rate:z.2f}, "
        f"and after 20 steps the walker is {end} from the bottom."
    ).replace(" -", " −")
