"""Two networks in training, side by side: their losses, and what their tanh layers put out."""

from collections.abc import Sequence

import torch
from matplotlib.collections import PolyCollection
from torch import Tensor

from helpers.layers import Sequential, Tanh
from helpers.plots import GUIDE, Panel, frames

TOGETHER = 20  # steps, whose mean is a point of a loss curve
RECENT = 100  # steps, over which the sentence takes the mean
LOWEST, HIGHEST = 2.2, 3.6  # of the axis of the loss; its ends also stand for what lies beyond
MOST = 8  # layers
BINS, TOP = 40, 0.1  # of a histogram, and the share at which a hill is as high as it gets


def tanh_outputs(model: Sequential) -> list[Tensor]:
    """What each tanh layer put out last."""
    return [layer.out.detach() for layer in model if isinstance(layer, Tanh)]


def saturated(model: Sequential) -> float:
    """The share of all tanh outputs beyond 0.99."""
    outputs = torch.cat([out.flatten() for out in tanh_outputs(model)])
    return (outputs.abs() > 0.99).float().mean().item()


def means(losses: Sequence[float]) -> Tensor:
    """The means of so many steps at a time, the newest of fewer."""
    return torch.tensor([part.mean() for part in torch.tensor(losses).split(TOGETHER)])


def hill(out: Tensor, level: int) -> Tensor:
    """The outline (BINS + 2, 2) of a histogram from -1 to 1 that stands on the line `level`."""
    share = out.histc(BINS, -1, 1) / out.numel()
    x = torch.cat([-torch.ones(1), torch.arange(0.5, BINS) * 2 / BINS - 1, torch.ones(1)])
    height = torch.cat([torch.zeros(1), 0.9 * share.clamp(max=TOP) / TOP, torch.zeros(1)])
    return torch.stack([x, level - height], dim=1)


class SideBySide:
    """The picture of a pair, and the sentence that says what it shows.

    `fig` is the figure and `moving` what changes in it, as helpers.live wants it. A pair has
    `models` and `losses` by name, `without` and `with`, and `dev_loss`, in which their names are
    missing until it was measured. `letters`: the loss of the letter frequencies. `measured`: the
    step at which the dev loss is taken, of `steps`.
    """

    def __init__(self, letters: float, measured: int, steps: int):
        self.letters, self.measured = letters, measured
        self.losses, self.hills, self.titles = {}, {}, {}
        run = Panel("", "step", "training loss", xlim=(0, steps), ylim=(LOWEST, HIGHEST))
        outputs = Panel("", "output of tanh", "layer", xlim=(-1.05, 1.05), ylim=(MOST + 0.3, 0))
        self.fig, (left, *both) = frames(
            run, outputs, outputs, height=4.2, width_ratios=(1.6, 1, 1)
        )
        self.heading = left.set_title("")
        for k, (name, ax) in enumerate(zip(("without", "with"), both, strict=True)):
            (self.losses[name],) = left.plot([], [], label=f"{name} batch norm")
            self.hills[name] = ax.add_collection(PolyCollection([], facecolor=f"C{k}"))
            self.titles[name] = ax.set_title("")
            ax.set(xticks=(-1, 0, 1), yticks=range(1, MOST + 1))
        left.axhline(letters, **GUIDE, label="letter frequencies")
        left.axvline(measured, **GUIDE)
        drawn = (self.losses, self.hills, self.titles)
        self.moving = [self.heading, *(artist for each in drawn for artist in each.values())]

    def update(self, pair) -> None:
        """Draw a pair as it is now."""
        for name, model in pair.models.items():
            loss = means(pair.losses[name])
            steps = torch.arange(len(loss)) * TOGETHER + TOGETHER / 2
            self.losses[name].set_data(steps, loss.clamp(LOWEST, HIGHEST))
            outputs = enumerate(tanh_outputs(model), start=1)
            self.hills[name].set_verts([hill(out, level).numpy() for level, out in outputs])
            self.titles[name].set_text(f"{name.capitalize()}: {saturated(model):.0%} saturated")
        ends = ", ".join(f"{loss:.2f} {name}" for name, loss in pair.dev_loss.items())
        self.heading.set_text(f"Dev at step {self.measured:,}: {ends}" if ends else "")

    def sentence(self, pair) -> str:
        """What is seen: which of the two train by now, and how many tanh outputs are saturated."""
        said = f"Two loss curves after {len(pair.losses['with']):,} steps"
        for name, model in pair.models.items():
            recent = torch.tensor(pair.losses[name][-RECENT:]).mean()  # nan before the first step
            trains = "trains" if recent < self.letters - 0.1 else "does not train yet"
            share = saturated(model)
            many = "most" if share > 2 / 3 else "some" if share > 0.05 else "few"
            said += f"; the network {name} batch norm {trains}, {many} of its outputs saturated"
        return said + "."
