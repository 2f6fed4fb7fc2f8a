"""The four plots of chapter 09: outputs, their gradients, those of the weights, and updates."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from helpers.plots import DARK, GRAY, SMALL, Panel, frames, show

PANELS = (
    Panel("1  Outputs of the hidden layers", "output", "share"),
    Panel("2  Gradients of these outputs", "log10 |gradient|", "share"),
    Panel("3  Gradients of the weights", "log10 |gradient|", "share"),
    Panel("4  Updates of the weights", "step", "log10 (update : weight)"),
)


class Plot:
    """One of the four plots: a line for each layer and, at the right, its name and numbers.

    `numbers` says what they are; where it is empty, there are no names and no numbers.
    """

    def __init__(self, ax: Axes, layers: dict, x: tuple, y: tuple, numbers: str):
        self.x, self.y, self.lines, self.numbers = x, y, [], []
        ax.set(xlim=x, ylim=y)
        style = {"transform": ax.transAxes, "va": "top", "fontsize": SMALL}
        if numbers:
            ax.text(1.02, 1.07, numbers, color=DARK, **style)
        for i, (layer, color) in enumerate(layers.items()):
            self.lines += ax.plot([], [], color=color, linestyle="-", linewidth=1.3)
            if numbers:
                height = 0.95 - i * 0.95 / max(5, len(layers))
                ax.text(1.02, height, "■", color=color, **style)
                ax.text(1.07, height, layer, **style)
                self.numbers.append(ax.text(1.07, height - 0.065, "", color=DARK, **style))

    def histograms(self, tensors: Sequence[Tensor], bins: int = 50) -> None:
        """The share of numbers in each bin; what lies outside is counted at the edges."""
        (low, high), top = self.x, self.y[1]
        centers = (torch.arange(0.5, bins) * (high - low) / bins + low).numpy()
        for line, tensor in zip(self.lines, tensors, strict=True):
            inside = tensor.flatten().clamp(low, high)
            share = torch.histc(inside, bins, low, high) / len(inside)
            line.set_data(centers, share.clamp(max=top).numpy())  # at once, not number by number

    def say(self, numbers: Sequence[str]) -> None:
        """Write a line of numbers below the name of each layer."""
        for text, number in zip(self.numbers, numbers, strict=bool(self.numbers)):
            text.set_text(number)


class FourPlots:
    """The four plots of a network; `update(chart)` draws those of another in the same place.

    `fig` is the figure and `moving` what changes in it, as helpers.sliders wants it. A chart is a
    clinic.Chart; all charts drawn in one place have as many layers and as many steps. `axes`: four
    axes to draw in, without numbers; if None, a new figure of 2 × 2.
    """

    def __init__(self, chart, axes: Sequence[Axes] | None = None):
        named = axes is None
        if named:
            _, axes = frames(*PANELS, rows=2, height=5.6)
        one, two, three, four = axes
        self.fig = one.figure
        # From dark to light with depth, which shows in grey print too; the embedding is grey.
        count = len(chart.weights) - 1
        shades = plt.get_cmap("viridis")(torch.linspace(0, 0.8, count).numpy())
        layers = {f"layer {i + 1}": shade for i, shade in enumerate(shades)}
        hidden = dict(list(layers.items())[: len(chart.outputs)])
        everything = {"embedding": GRAY} | layers
        x, stuck = ((0, 4), "dead") if chart.kind == "relu" else ((-1, 1), "sat.")
        numbers = (f"mean, std, {stuck}", "std", "grad:data", "median") if named else [""] * 4
        self.outputs = Plot(one, hidden, x, (0, 0.2), numbers[0])
        self.gradients = Plot(two, hidden, (-8, 0), (0, 0.2), numbers[1])
        self.weights = Plot(three, everything, (-8, 0), (0, 0.2), numbers[2])
        self.updates = Plot(four, everything, (0, len(chart.updates) or 1), (-6.5, 0.2), numbers[3])
        four.axhline(-3, color=DARK, linestyle="--", linewidth=1)
        for ax in (one, two, three):
            ax.set(yticks=(0, 0.1, 0.2))
        plots = (self.outputs, self.gradients, self.weights, self.updates)
        self.moving = [artist for plot in plots for artist in (*plot.lines, *plot.numbers)]

    def update(self, chart, every: int = 1) -> None:
        """Draw a chart, with `every` so-many-th of its updates.

        In plots 2 to 4 the low edge also stands for zero.
        """
        self.outputs.histograms(chart.outputs)
        self.gradients.histograms([g.abs().log10() for g in chart.output_gradients])
        self.weights.histograms([g.abs().log10() for g in chart.weight_gradients])
        shown = chart.updates[::every].clamp(-6.4, 0.1).numpy()
        for line, column in zip(self.updates.lines, shown.T, strict=True):
            line.set_data(range(0, len(chart.updates), every), column)
        rows = zip(chart.outputs, chart.spread, chart.stuck, strict=True)
        self.outputs.say([f"{o.mean():+.2f}, {s:.2f}, {d:.0%}" for o, s, d in rows])
        self.gradients.say([f"{size:.0e}" for size in chart.gradient_size])
        self.weights.say([f"{ratio:.0e}" for ratio in chart.gradient_to_data])
        self.updates.say([f"{pace:.1f}" if len(chart.updates) else "" for pace in chart.pace])


def four_plots(chart, alt: str) -> None:
    """Show the four plots of one network, with a sentence for those who cannot see them."""
    plots = FourPlots(chart)
    plots.update(chart)
    show(plots.fig, alt)


def ward(charts: dict) -> Figure:
    """The four plots of several networks, a row for each, with its name and without numbers."""
    heads = ("1  outputs", "2  gradients", "3  weight gradients", "4  updates")
    names = list(charts)
    panels = [
        Panel(
            head if name == names[0] else "",
            panel.settings["xlabel"] if name == names[-1] else None,
            name if head == heads[0] else None,
        )
        for name in names
        for head, panel in zip(heads, PANELS, strict=True)
    ]
    fig, axes = frames(*panels, rows=len(charts), height=5.2)
    for i, chart in enumerate(charts.values()):
        row = axes[4 * i : 4 * i + 4]
        for ax in row:
            ax.set_axis_on()  # those inside have no labels, but ticks
        row[3].set(yticks=(-6, -3, 0))
        FourPlots(chart, row).update(chart)
    return fig
