"""Chapter 02's network in torch, many at a time: each learning rate, with each of several seeds.

The formulas are the chapter's, and so are the first weights and the batches of a seed.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor

# Points (count, 2) and labels (count,), -1 or 1, of this noise: the chapter's make_moons.
Moons = Callable[[int, float, torch.Generator], tuple[Tensor, Tensor]]


def first_parameters(sizes: Sequence[int], generator: torch.Generator) -> list[Tensor]:
    """Each layer's weights (fan_out, fan_in) and biases (fan_out, 1), as Network draws them."""
    parameters = []
    for fan_in, fan_out in pairwise(sizes):
        rows = [torch.randn(fan_in, generator=generator) * 2 / fan_in**0.5 for _ in range(fan_out)]
        parameters += [torch.stack(rows), torch.zeros(fan_out, 1)]
    return parameters


def missing(parameters: list[Tensor], points: Tensor, labels: Tensor) -> Tensor:
    """The hinge loss of each network, (rates, seeds), on points (…, B, 2) with labels (…, B)."""
    numbers = points.transpose(-1, -2)  # (…, 2, B)
    *hidden, last = list(zip(parameters[::2], parameters[1::2], strict=True))
    for weight, bias in hidden:
        numbers = (weight @ numbers + bias).tanh()
    scores = (last[0] @ numbers + last[1])[..., 0, :]
    return (1 - scores * labels).relu().mean(-1)


def train_all(
    make_moons: Moons,
    sizes: Sequence[int],
    rates: Callable[[int], Tensor],
    *,
    seeds: Sequence[int],
    steps: int,
    batch: int,
    noise: float,
    fresh: int = 1000,
) -> Tensor:
    """Train a network at each rate and seed; the losses (rates, seeds) on fresh points.

    `rates(step)` gives the rates (rates,) of a step. Each step draws a new batch of moons.
    """
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]
    each = [first_parameters(sizes, generator) for generator in generators]
    copies = len(rates(0))
    parameters = [
        torch.stack(same).repeat(copies, 1, 1, 1).requires_grad_()  # (rates, seeds, out, in)
        for same in zip(*each, strict=True)
    ]
    for step in range(steps):
        drawn = [make_moons(batch, noise, generator) for generator in generators]
        points, labels = (torch.stack(part) for part in zip(*drawn, strict=True))
        losses = missing(parameters, points, labels)
        gradients = torch.autograd.grad(losses.sum(), parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter -= rates(step).view(-1, 1, 1, 1) * gradient
    with torch.no_grad():
        return missing(
            parameters, *make_moons(fresh, noise, torch.Generator().manual_seed(min(seeds) - 1))
        )
