"""What the training loop stands on: its settings checked, a model's state kept, sizes measured."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import Generator, Tensor


def check_data(data: tuple[Tensor, Tensor], whole_targets: bool) -> tuple[Tensor, Tensor]:
    """The pair (inputs, targets), after a look at what usually goes wrong with it."""
    if not isinstance(data, (tuple, list)) or [type(t) for t in data] != [Tensor, Tensor]:
        raise TypeError("data must be a pair of tensors, (inputs, targets)")
    inputs, targets = data
    if not inputs.ndim or not targets.ndim or len(inputs) != len(targets):
        shapes = f"{tuple(inputs.shape)} and {tuple(targets.shape)}"
        raise ValueError(f"inputs and targets need one row for each example, got shapes {shapes}")
    if not len(inputs):
        raise ValueError("data is empty: there is no example in it")
    if whole_targets and targets.dtype != torch.int64:
        remedy = "use targets.long(), or give your own loss"
        raise TypeError(f"targets must be class numbers, int64, got {targets.dtype}: {remedy}")
    return inputs, targets


def check_model(model) -> list[Tensor]:
    """The parameters of model, of which one at least must be there to be trained."""
    if not callable(model) or not hasattr(model, "parameters"):
        raise TypeError(f"model must be callable and have parameters(), got {model!r}")
    parameters = list(model.parameters())
    if not any(p.requires_grad for p in parameters):
        wrong = "none has requires_grad=True" if parameters else "it has no parameters"
        raise ValueError(f"there is nothing to train in this model: {wrong}")
    return parameters


def check_count(name: str, count: int | None, optional: bool = False) -> None:
    """A whole number of at least 1, or None where that means something."""
    if not (type(count) is int and count >= 1) and not (optional and count is None):
        raise ValueError(f"{name} must be a whole number of at least 1, got {count!r}")


def draws(
    generator: Generator | Sequence[Generator] | None,
    inputs: Tensor,
    batch_size: int | None,
    K: int | None,
) -> Callable[[], Tensor | slice]:
    """A function that draws the rows of a batch: (B,), or (K, B) with a generator for each model.

    A generator may be on another device than the data.
    """
    if batch_size is None:
        return lambda: slice(None)  # all rows

    def draw_one(g: Generator) -> Tensor:
        return torch.randint(len(inputs), (batch_size,), generator=g, device=g.device)

    if generator is None or isinstance(generator, Generator):
        g = generator or Generator().manual_seed(0)
        return lambda: draw_one(g).to(inputs.device)
    generators = list(generator) if isinstance(generator, Sequence) else []
    if len(generators) != K or not all(isinstance(g, Generator) for g in generators):
        wanted = f"one, or {K} for the models of this fleet" if K else "one"
        raise ValueError(f"generator: give {wanted}, got {generator!r}")
    return lambda: torch.stack([draw_one(g) for g in generators]).to(inputs.device)


def make_optimizer(optimizer, parameters: list[Tensor]) -> torch.optim.Optimizer | None:
    """An optimizer from what a caller of fit may give: None, an optimizer, or what makes one."""
    if optimizer is None:
        return None
    made = optimizer
    if not isinstance(optimizer, torch.optim.Optimizer):
        made = optimizer(parameters) if callable(optimizer) else None
        if not (hasattr(made, "step") and hasattr(made, "param_groups")):
            raise TypeError(f"optimizer: give torch.optim.Adam, for example, not {optimizer!r}")
    held = {id(p) for group in made.param_groups for p in group["params"]}
    if not any(id(p) in held for p in parameters):
        raise ValueError("this optimizer was made from parameters that are not this model's")
    return made


def schedule(
    learning_rate, optimizer: torch.optim.Optimizer | None, K: int | None, like: Tensor
) -> Callable[[int], float | Tensor]:
    """A function of the step: the learning rate, float or (K,), which it also tells optimizer."""

    def checked(rate) -> float | Tensor:
        if isinstance(rate, (int, float)):
            return float(rate)
        try:
            rate = torch.as_tensor(rate, dtype=like.dtype, device=like.device)
        except (TypeError, ValueError, RuntimeError):
            raise TypeError(f"learning_rate must be a number, got {rate!r}") from None
        if rate.ndim == 0:
            return rate.item()
        if optimizer is not None or rate.shape != (K,):
            wanted = f"one or {K} numbers" if K and optimizer is None else "one number"
            raise ValueError(f"learning_rate: this run takes {wanted}, got {tuple(rate.shape)}")
        return rate

    if learning_rate is None:
        if optimizer is not None:
            return lambda step: float(optimizer.param_groups[0]["lr"])
        learning_rate = 0.1
    constant = None if callable(learning_rate) else checked(learning_rate)

    def rate_at(step: int) -> float | Tensor:
        rate = checked(learning_rate(step)) if constant is None else constant
        if optimizer is not None:
            for group in optimizer.param_groups:
                group["lr"] = rate
        return rate

    return rate_at


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
    norms = [part for part in parts(model) if isinstance(getattr(part, kept[0], None), Tensor)]
    return [getattr(norm, name) for norm in norms for name in kept]


def state(model) -> list[Tensor]:
    return [*model.parameters(), *buffers(model)]


def restore(tensors: list[Tensor], values: list[Tensor]) -> None:
    with torch.no_grad():
        for tensor, value in zip(tensors, values, strict=True):
            tensor.copy_(value)


@contextmanager
def evaluation_mode(model) -> Iterator[None]:
    modes = [(part, part.training) for part in parts(model) if hasattr(part, "training")]
    try:
        for part, _ in modes:
            part.training = False
        yield
    finally:
        for part, mode in modes:
            part.training = mode


def names(model, parameters: list[Tensor]) -> list[str]:
    if hasattr(model, "named_parameters"):
        return [name for name, _ in model.named_parameters()]
    return [f"{i} {tuple(p.shape)}" for i, p in enumerate(parameters)]


class Best(NamedTuple):
    """The best validation until now; () each, in a fleet (K,)."""

    loss: Tensor
    step: Tensor
    waited: Tensor  # validations since
    weights: list[Tensor] | None  # as they were then


def better(model, step: int, now: Tensor, best: Best | None, patience: int | None) -> Best:
    """The best until now, each model's own. One that has run out of patience stays where it is."""
    zero = torch.zeros_like(now, dtype=torch.int64)
    best = best or Best(torch.full_like(now, math.inf), zero, zero, None)
    lower = now < best.loss
    weights = None
    if patience:
        lower &= best.waited < patience
        held = state(model)
        weights = [
            torch.where(lower.to(t.device).view(lower.shape + (1,) * (t.ndim - lower.ndim)), t, old)
            for t, old in zip(held, best.weights or held, strict=True)
        ]
    return Best(
        torch.where(lower, now, best.loss),
        torch.where(lower, step, best.step),
        torch.where(lower, 0, best.waited + 1),
        weights,
    )


def norms(tensors: list[Tensor], K: int | None) -> Tensor:
    """The root of the sum of squares of each tensor: (P,), in a fleet each model's own, (P, K)."""
    if K is None:
        return torch.stack(torch._foreach_norm(tensors))
    return torch.stack([t.flatten(1).norm(dim=1) for t in tensors])


def log_ratio(sizes: list[Tensor], rates: Tensor | None) -> Tensor:
    """log10 of the first half of each row, times its learning rate, over the second half."""
    update, parameter = torch.stack(sizes).cpu().chunk(2, dim=1)  # (n, P) or (n, P, K) each
    if rates is not None:
        rates = rates.abs().unsqueeze(1)  # (n, 1) or (n, 1, K)
        update = update * rates.view(*rates.shape, *(1,) * (update.ndim - rates.ndim))
    return (update / parameter).log10().masked_fill(parameter == 0, math.nan)


def for_each_parameter(rate: float | Tensor, parameters: list[Tensor]) -> float | list[Tensor]:
    """The learning rate in a form that multiplies a list: K of them go along the first axis."""
    if not isinstance(rate, Tensor):
        return rate
    return [rate.view(-1, *(1,) * (p.ndim - 1)) for p in parameters]
