"""What a model holds: parameters, buffers, modes; and a watch that keeps the best of it."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor


def parts(model) -> Iterator:
    """The model, and all layers within it."""
    if isinstance(model, torch.nn.Module):
        yield from model.modules()
    else:
        yield model
        for layer in getattr(model, "layers", ()):
            yield from parts(layer)


def buffers(model) -> list[Tensor]:
    """What a model keeps beside its parameters: the running statistics of batch norm."""
    if isinstance(model, torch.nn.Module):
        return list(model.buffers())
    kept = ("running_mean", "running_var")
    held = [getattr(part, name, None) for part in parts(model) for name in kept]
    return [tensor for tensor in held if isinstance(tensor, Tensor)]


def state(model) -> list[Tensor]:
    """All tensors that training changes."""
    return [*model.parameters(), *buffers(model)]


@torch.no_grad()
def restore(tensors: list[Tensor], values: list[Tensor]) -> None:
    """Write the values into the tensors."""
    for tensor, value in zip(tensors, values, strict=True):
        tensor.copy_(value)


def names(model) -> list[str]:
    """A name for each parameter: the model's own, or its place and its shape."""
    if hasattr(model, "named_parameters"):
        return [name for name, _ in model.named_parameters()]
    return [f"{i} {tuple(p.shape)}" for i, p in enumerate(model.parameters())]


@contextmanager
def evaluation_mode(model) -> Iterator[None]:
    """Evaluation mode without gradients; then every layer gets back the mode it was in."""
    modes = [(part, part.training) for part in parts(model) if hasattr(part, "training")]
    try:
        for part, _ in modes:
            part.training = False
        with torch.no_grad():
            yield
    finally:
        for part, mode in modes:
            part.training = mode


def along(each: Tensor, tensor: Tensor) -> Tensor:
    """One value for all, (), or one for each of K models, (K,), in a shape that meets tensor's."""
    return each.to(tensor.device).view(each.shape + (1,) * (tensor.ndim - each.ndim))


class Watch:
    """The validations of a run, and the best of them; () each, in a fleet (K,).

    measure: a function of the model that returns its loss. With patience the best weights are kept,
    each model's own; a model that has run out of patience stays where it is.
    """

    def __init__(self, model, measure: Callable, patience: int | None):
        self.model, self.measure, self.patience = model, measure, patience
        self.steps, self.losses, self.weights = [], [], None
        self.best, self.best_step, self.waited = map(torch.tensor, (math.inf, 0, 0))

    def look(self, step: int) -> None:
        """Measure, and note it."""
        with evaluation_mode(self.model):
            now = torch.as_tensor(self.measure(self.model), dtype=torch.float64, device="cpu")
        lower = now < self.best
        if self.patience:
            lower &= self.waited < self.patience
            held = state(self.model)
            pairs = zip(held, self.weights or held, strict=True)
            self.weights = [torch.where(along(lower, t), t, old) for t, old in pairs]
        self.best = torch.where(lower, now, self.best)
        self.best_step = torch.where(lower, step, self.best_step)
        self.waited = torch.where(lower, 0, self.waited + 1)
        self.steps.append(step)
        self.losses.append(now)

    @property
    def out_of_patience(self) -> bool:
        return bool(self.patience and (self.waited >= self.patience).all())

    def bring_back(self) -> None:
        """Give the model its best weights, where they were kept."""
        if self.weights:
            restore(state(self.model), self.weights)
