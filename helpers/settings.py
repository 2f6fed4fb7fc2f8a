"""The settings of a training run: checked, and made into the functions that its loop calls."""

from collections.abc import Callable

import torch
from torch import Generator, Tensor


def check_batch(batch, class_numbers: bool, what: str = "data") -> tuple[Tensor, ...]:
    """Inputs and targets with a row for each example, after a look at what usually goes wrong."""
    listed = isinstance(batch, (tuple, list))
    if not listed or len(batch) < 2 or not all(isinstance(tensor, Tensor) for tensor in batch):
        got = [type(one).__name__ for one in batch] if listed else type(batch).__name__
        raise TypeError(f"{what} must be a pair of tensors, (inputs, targets), got {got}")
    inputs, targets, *more = batch
    alone = class_numbers and targets.shape != inputs.shape[: targets.ndim]  # (B,), or (K, B)
    if not inputs.ndim or any(tensor.shape[:1] != inputs.shape[:1] for tensor in batch) or alone:
        shapes = " and ".join(str(tuple(tensor.shape)) for tensor in batch)
        raise ValueError(f"{what}: each example needs one row in each tensor, got shapes {shapes}")
    if not len(inputs):
        raise ValueError(f"{what} is empty: there is no example in it")
    if class_numbers and (more or targets.dtype != torch.int64):
        got = f"{len(batch)} tensors" if more else f"{targets.dtype}: use targets.long()"
        raise TypeError(f"{what}: targets must be class numbers, int64, got {got}, or give a loss")
    return tuple(batch)


def check_model(model) -> list[Tensor]:
    """The parameters of model, of which one at least must be there to be trained."""
    if not callable(model) or not hasattr(model, "parameters"):
        raise TypeError(f"model must be callable and have parameters(), got {model!r}")
    parameters = list(model.parameters())
    if not any(p.requires_grad for p in parameters):
        wrong = "none has requires_grad=True" if parameters else "it has no parameters"
        raise ValueError(f"there is nothing to train in this model: {wrong}")
    return parameters


def check_counts(optional: bool = False, **counts: int | None) -> tuple[int | None, ...]:
    """The counts, which must be whole numbers of at least 1, or None where that is `optional`."""
    for name, count in counts.items():
        if not (type(count) is int and count >= 1) and not (optional and count is None):
            raise ValueError(f"{name} must be a whole number of at least 1, got {count!r}")
    return tuple(counts.values())


def batches(
    data: tuple | Callable, batch_size: int | None, generator, K: int | None, class_numbers: bool
) -> Callable[[], tuple[Tensor, ...]]:
    """A function that draws the next batch: rows of data (B, …), or for each model (K, B, …)."""
    generator = Generator().manual_seed(0) if generator is None else generator
    single = isinstance(generator, Generator)
    each = list(generator) if isinstance(generator, (list, tuple)) else [generator]
    if not all(isinstance(g, Generator) for g in each) or not (single or len(each) == K):
        wanted = f"one, or {K} for the models of this fleet" if K else "one"
        raise ValueError(f"generator: give {wanted}, got {generator!r}")
    if callable(data):
        what = "what data(batch_size, generator) returns"
        return lambda: check_batch(data(batch_size, generator), class_numbers, what)
    tensors = check_batch(data, class_numbers)
    N, device = len(tensors[0]), tensors[0].device

    def draw() -> tuple[Tensor, ...]:
        drawn = [torch.randint(N, (batch_size,), generator=g, device=g.device) for g in each]
        rows = (drawn[0] if single else torch.stack(drawn)).to(device)  # g may be elsewhere
        return tuple(tensor[rows] for tensor in tensors)

    return draw if batch_size else lambda: tensors


def make_optimizer(optimizer, parameters: list[Tensor]) -> torch.optim.Optimizer | None:
    """An optimizer from what a caller of fit may give: None, an optimizer, or what makes one."""
    if optimizer is None:
        return None
    made = optimizer(parameters) if callable(optimizer) else optimizer
    if not (hasattr(made, "step") and hasattr(made, "param_groups")):
        raise TypeError(f"optimizer: give torch.optim.Adam, for example, not {optimizer!r}")
    held = {id(p) for group in made.param_groups for p in group["params"]}
    if not any(id(p) in held for p in parameters):
        raise ValueError("this optimizer was made from parameters that are not this model's")
    return made


def schedule(learning_rate, optimizer, K: int | None, like: Tensor) -> Callable:
    """A function of the step: the learning rate, float or (K,), which it also tells optimizer."""
    if learning_rate is None and optimizer is not None:
        return lambda step: float(optimizer.param_groups[0]["lr"])

    def rate_at(step: int) -> float | Tensor:
        rate = learning_rate(step) if callable(learning_rate) else learning_rate
        if not isinstance(rate, (int, float)):
            try:
                rate = torch.as_tensor(rate, dtype=like.dtype, device=like.device)
            except (TypeError, ValueError, RuntimeError):
                raise TypeError(f"learning_rate must be a number, got {rate!r}") from None
            if rate.ndim and (optimizer is not None or rate.shape != (K,)):
                wanted = f"one or {K} numbers" if K and optimizer is None else "one number"
                raise ValueError(f"learning_rate: this run takes {wanted}, got {tuple(rate.shape)}")
            rate = rate if rate.ndim else rate.item()
        for group in optimizer.param_groups if optimizer is not None else ():
            group["lr"] = rate
        return rate

    learning_rate = 0.1 if learning_rate is None else learning_rate
    return rate_at
