"""A sweep: one job per setting, run by a loop or by any executor of concurrent.futures.

A worker process imports what it runs, so a job cannot be a function of a notebook. Chapter 11
builds the parts of this file, and shows that they are equal.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from helpers import networks
from helpers.data import VOCABULARY, load_names, split, windows
from helpers.layers import Sequential
from helpers.settings import check_counts
from helpers.training import Fleet, fit


@dataclass(frozen=True)
class Setting:
    """All that a job needs to know. ValueError for what cannot be trained."""

    learning_rate: float
    hidden: int
    embedding: int
    context_length: int
    steps: int = 200
    batch_size: int = 128
    seeds: tuple[int, ...] = (0, 1, 2)

    def __post_init__(self):
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate must be above 0, got {self.learning_rate!r}")
        for name in ("hidden", "embedding", "context_length", "steps", "batch_size"):
            check_counts(**{name: getattr(self, name)})
        if not isinstance(self.seeds, tuple) or not self.seeds:
            raise ValueError(f"seeds must be a tuple such as (0, 1, 2), got {self.seeds!r}")


class Result(NamedTuple):
    """What comes back: the setting, and a train and a dev loss for each of its seeds."""

    setting: Setting
    train: tuple[float, ...]
    dev: tuple[float, ...]


class Contexts(NamedTuple):
    """Each distinct context once, with what follows it (chapter 04)."""

    contexts: Tensor  # (M, T) int64
    shares: Tensor  # (M, V) how often each character followed
    times: Tensor  # (M,) how often the context occurs, float32


def distinct_contexts(names: Sequence[str], context_length: int) -> Contexts:
    """The distinct contexts of `context_length` characters in the names, in sorted order.

    ValueError beyond 13 characters, whose numbers would not fit in 64 bits.
    """
    if context_length > 13:
        raise ValueError(f"context_length can be 13 at most, got {context_length}")
    contexts, targets = windows(names, context_length)
    V = len(VOCABULARY)
    numbers = contexts @ V ** torch.arange(context_length - 1, -1, -1)  # (N,) digits to base 27
    known, row, times = numbers.unique(return_inverse=True, return_counts=True)
    distinct = contexts.new_zeros(len(known), context_length)
    distinct[row] = contexts  # every window writes its own context into its row
    counts = torch.bincount(V * row + targets, minlength=V * len(distinct)).view(-1, V)
    return Contexts(distinct, counts / times[:, None], times.float())


def network(setting: Setting, seed: int) -> Sequential:
    """The network of chapter 04, scaled as in chapter 07: (B, T) -> (B, V)."""
    sizes = {name: getattr(setting, name) for name in ("hidden", "embedding", "context_length")}
    return networks.network(seed, **sizes)


def mean_loss(fleet: Fleet, data: Contexts) -> Tensor:
    """The loss over all windows behind `data`, from the distinct contexts: (K,) float64."""
    total = torch.zeros(fleet.K, dtype=torch.float64)
    with torch.no_grad():
        for contexts, shares, times in zip(*(part.split(2048) for part in data), strict=True):
            nll = -(shares * fleet(contexts).log_softmax(dim=-1)).sum(dim=-1)  # (K, 2048)
            total += (nll * times).sum(dim=1).double()
    return total / data.times.sum()


@cache
def names_data(context_length: int) -> tuple[Contexts, Contexts, Contexts]:
    """The course's names: to train on, 3,000 of these names to grade on, and dev."""
    train, dev, _ = split(load_names())
    return tuple(distinct_contexts(part, context_length) for part in (train, train[:3000], dev))


def even_draws(data: Contexts) -> Callable:
    """A draw for `fit`: contexts at even distances on a line on which rare ones own more (n^0.6).

    draw(B, generators) returns contexts (K, B, T), shares (K, B, V) and weights n/p (K, B).
    """
    p = data.times.double() ** 0.6
    p /= p.sum()
    edges, weights = p.cumsum(0), (data.times / data.times.sum() / p).float()  # (M,) both

    def draw(B: int, generators: Sequence[Generator]) -> tuple[Tensor, Tensor, Tensor]:
        offsets = torch.stack([torch.rand(1, generator=g) for g in generators])  # (K, 1)
        rows = torch.searchsorted(edges, (torch.arange(B) + offsets.double()) / B)  # (K, B)
        rows.clamp_(max=len(p) - 1)  # the last edge may be a rounding error below 1
        return data.contexts[rows], data.shares[rows], weights[rows]

    return draw


def weighted_nll(logits: Tensor, shares: Tensor, weights: Tensor) -> Tensor:
    """The loss of each network: (K, B, V), (K, B, V) and (K, B) -> (K,)."""
    nll = -(shares * logits.log_softmax(dim=-1)).sum(dim=-1)  # (K, B)
    return (weights * nll).mean(dim=-1)


def train(setting: Setting) -> Fleet:
    """Train a fleet, a network per seed: Adam, a falling rate, even draws weighted n/p.

    KeyboardInterrupt if it is stopped by hand: a network that is half trained is no result.
    """
    fleet, steps = Fleet([network(setting, seed) for seed in setting.seeds]), setting.steps
    record = fit(
        fleet,
        even_draws(names_data(setting.context_length)[0]),
        steps=steps,
        batch_size=setting.batch_size,
        learning_rate=lambda step: setting.learning_rate * (1 - step / steps),
        optimizer=torch.optim.Adam,
        loss=weighted_nll,
        generator=[Generator().manual_seed(seed) for seed in setting.seeds],
        progress=False,
    )
    if len(record.loss) < steps:
        raise KeyboardInterrupt(record.stopped)
    return fleet


def job(setting: Setting) -> Result:
    """Train by a setting and grade. Takes one thread, whoever runs it: its sums stay the same."""
    torch.set_num_threads(1)
    fleet, (_, some_train, dev) = train(setting), names_data(setting.context_length)
    graded = [tuple(mean_loss(fleet, part).tolist()) for part in (some_train, dev)]
    return Result(setting, *graded)


def sweep(settings: Iterable[Setting], executor: Executor | None = None) -> list[Result]:
    """The results, in the order of the settings; in a loop, or by what `executor.map` has.

    Raises TypeError where an executor cannot map, and whatever a job raises.
    """
    if executor is not None and not callable(getattr(executor, "map", None)):
        raise TypeError(f"an executor of concurrent.futures has a method map; got {executor!r}")
    return list((map if executor is None else executor.map)(job, settings))
