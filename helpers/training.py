"""One training loop for the whole course, and the mean loss of a model over data.

    record = fit(model, (contexts, targets), steps=1000, learning_rate=0.1)
    evaluate(model, (dev_contexts, dev_targets))

A model is anything that maps a batch of inputs to logits and has `parameters()`: layers of
helpers.layers, a torch.nn.Module, a class of your own, or a Fleet of K models at once.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from helpers.fleet import Fleet
from helpers.progress import Progress
from helpers.training_parts import (
    better,
    buffers,
    check_count,
    check_data,
    check_model,
    draws,
    evaluation_mode,
    for_each_parameter,
    log_ratio,
    make_optimizer,
    names,
    norms,
    restore,
    schedule,
    state,
)

__all__ = ["Fleet", "Record", "cross_entropy", "evaluate", "fit"]


@dataclass
class Record:
    """What a run leaves behind, for the n steps that were taken (of a fleet: for K models).

    loss: (n,) or (n, K); loss[i] is the loss of batch i, before update i.
    learning_rate: (n,), or (n, K) where each model has its own.
    validation_steps: (m,); validation_loss: (m,) or (m, K). Step s means after s updates.
    best_step: the step of the lowest validation loss, of a fleet (K,); None without validation.
    update_ratio: (n, P) or (n, P, K), or None: for each of the P parameters of `names`, log10 of
        the size of update i over the size of the parameter it changes. A size is the root of the
        sum of squares. For a tensor of mean zero that gives the ratio of standard deviations, and
        it still means something for a gamma that is 1 throughout. nan where the parameter is all
        zeros, as a bias is at its first step; -inf where the update is all zeros.
    names: of the parameters, such as "2 Linear.weight".
    stopped: one sentence that says why the run ended.
    """

    loss: Tensor
    learning_rate: Tensor
    validation_steps: Tensor
    validation_loss: Tensor
    best_step: int | Tensor | None
    update_ratio: Tensor | None
    names: list[str]
    stopped: str


def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean of -log softmax(logits)[target] over a batch: (B, V) and (B,) -> ().

    For a fleet one mean for each model: (K, B, V), and (B,) or (K, B), -> (K,).
    """
    if logits.ndim == 2:
        return F.cross_entropy(logits, targets)
    targets = targets.expand(logits.shape[:2]).flatten()
    each = F.cross_entropy(logits.flatten(0, 1), targets, reduction="none")
    return each.view(logits.shape[:2]).mean(1)


def evaluate(
    model, data: tuple[Tensor, Tensor], *, loss: Callable = cross_entropy, chunk: int | None = None
) -> float | Tensor:
    """The mean loss over all of data, in evaluation mode and without gradients.

    Goes through data in pieces of `chunk` rows, so `loss` must be a mean over its batch. Every
    layer is put back into the mode it was in. Returns a float, of a fleet a float64 tensor (K,).
    """
    inputs, targets = check_data(data, loss is cross_entropy)
    K = model.K if isinstance(model, Fleet) else None
    check_count("chunk", chunk, optional=True)
    chunk = chunk or max(1, 8192 // (K or 1))
    total = 0.0
    with torch.no_grad(), evaluation_mode(model):
        for x, y in zip(inputs.split(chunk), targets.split(chunk), strict=True):
            total = total + loss(model(x), y).cpu().double() * len(x)
    mean = total / len(inputs)
    return mean.item() if K is None else mean


def fit(
    model,
    data: tuple[Tensor, Tensor],
    *,
    steps: int,
    batch_size: int | None = 32,
    learning_rate: float | Sequence[float] | Tensor | Callable | None = None,
    optimizer: Callable | torch.optim.Optimizer | None = None,
    loss: Callable = cross_entropy,
    generator: Generator | Sequence[Generator] | None = None,
    validation: tuple[Tensor, Tensor] | None = None,
    every: int | None = None,
    patience: int | None = None,
    record_updates: bool = False,
    progress: bool = True,
) -> Record:
    """Train model in place, each step on `batch_size` rows of data drawn with replacement.

    data: inputs (N, …) and targets (N,), on the model's device. batch_size=None takes all rows.
    learning_rate: a number, or a function of the step (0, 1, …) that returns one; for a fleet also
        K numbers. If None, 0.1, or what the optimizer has by itself.
    optimizer: gradient descent if None; or torch.optim.Adam, or any function of the parameters
        that makes an optimizer, or an optimizer made from them.
    loss: a function of logits and targets; for a fleet it returns (K,).
    generator: draws the rows; seeded with 0 if None. For a fleet also K, one for each model.
    validation, every: data whose loss is measured before the first step, then every `every` steps
        (a twentieth of the run if None), and after the last.
    patience: stop when so many measurements in a row bring no new lowest one. However the run
        ends, the model then gets the weights of its best_step, in a fleet each model its own.
    record_updates: keep Record.update_ratio.

    The model trains in the mode it is in. The stop button ends the run with whole steps only, in
    model and record; a loss or gradient that is nan or inf ends it before that step. Both print a
    line. In a fleet the others go on, and the loss of the lost model is nan from there.
    Raises TypeError and ValueError for settings that do not fit.
    """
    inputs, targets = check_data(data, loss is cross_entropy)
    parameters = check_model(model)
    check_count("steps", steps)
    check_count("every", every := max(1, steps // 20) if every is None else every)
    check_count("batch_size", batch_size, optional=True)
    check_count("patience", patience, optional=True)
    if patience and validation is None:
        raise ValueError("patience needs a validation loss: give validation=(inputs, targets)")
    K = model.K if isinstance(model, Fleet) else None
    draw = draws(generator, inputs, batch_size, K)
    optimizer = make_optimizer(optimizer, parameters)
    rate_at = schedule(learning_rate, optimizer, K, parameters[0])

    losses, rates, sizes = [], [], []  # a row for each step
    watched = ([], None)  # each validation's step and loss, and the best of them
    done = 0  # whole steps: those in the model and in the record
    before = None  # what it takes to undo the step that is being taken:
    held = state if optimizer else buffers  # what a step changes other than by one call of ours
    stopped, alarm = f"All {steps:,} steps were taken.", False
    bar = Progress(steps, progress)
    grad_mode = torch.is_grad_enabled()
    try:
        while True:
            if validation and (done % every == 0 or done == steps):
                now = torch.as_tensor(evaluate(model, validation, loss=loss), dtype=torch.float64)
                best = better(model, done, now, watched[1], patience)
                watched = ([*watched[0], (done, now)], best)  # at once: both or neither
                if patience and done < steps and (best.waited >= patience).all():
                    stopped = f"Stopped early after {done:,} of {steps:,} steps: {patience} "
                    stopped += "validations in a row brought no new lowest loss."
                    break
            if done == steps:
                break

            rows = draw()
            rate = rate_at(done)
            before = _Before(done, parameters[0]._version, [t.clone() for t in held(model)])
            value = loss(model(inputs[rows]), targets[rows])
            if value.shape != (() if K is None else (K,)):
                wanted = "one number" if K is None else f"{K} numbers"
                raise ValueError(f"loss must return {wanted}, it has shape {tuple(value.shape)}")
            for p in parameters:
                p.grad = None
            (value if K is None else value.sum()).backward()
            with torch.no_grad():
                gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
                if K is None or record_updates:
                    size = norms([*gradients, *parameters] if record_updates else gradients, K)
                if K is None and not math.isfinite(value.item() + size.sum().item()):
                    restore(held(model), before.tensors)
                    stopped, alarm = _what_happened(value, done, rate), True
                    break
                losses.append(value.item() if K is None else value.detach())
                rates.append(rate)
                if optimizer is None:
                    if record_updates:
                        sizes.append(size)  # the update's, once it is times the learning rate
                    updates = torch._foreach_mul(gradients, for_each_parameter(rate, parameters))
                    torch._foreach_sub_(parameters, updates)  # p -= learning_rate * p.grad
                else:
                    optimizer.step()
                    if record_updates:
                        old = before.tensors[: len(parameters)]
                        sizes.append(norms([*torch._foreach_sub(parameters, old), *old], K))
            done += 1
            bar.show(done, value.detach())
    except KeyboardInterrupt:
        if before and before.step == done:  # it came amid a step
            if optimizer is None and parameters[0]._version > before.version:
                done += 1  # after the update, which is one call, so it is whole
            else:
                restore(held(model), before.tensors)
        stopped, alarm = f"Stopped by hand after {done:,} of {steps:,} steps.", True
    finally:
        torch.set_grad_enabled(grad_mode)  # an interrupt can come between no_grad's on and off
        bar.close()
    seen, best = watched
    if patience and best:
        restore(state(model), best.weights)

    loss_rows = _join(losses[:done], parameters[0], () if K is None else (K,))
    lost = ~loss_rows.isfinite().cumprod(0).bool()  # all false but in a fleet: after nan or inf
    if lost.any():
        loss_rows = loss_rows.masked_fill(lost, math.nan)
        stopped += f" {lost[-1].sum()} of {K} models diverged: their loss is nan from there."
    if lost.any() or alarm:
        print(stopped)
    rates = _join(rates[:done], parameters[0])
    return Record(
        loss=loss_rows,
        learning_rate=rates,
        validation_steps=torch.tensor([step for step, _ in seen], dtype=torch.int64),
        validation_loss=_join([now for _, now in seen], parameters[0]),
        best_step=best and (best.step.item() if K is None else best.step),
        update_ratio=log_ratio(sizes[:done], None if optimizer else rates)
        if sizes[:done]
        else None,
        names=names(model, parameters),
        stopped=stopped,
    )


class _Before(NamedTuple):
    """What was there before a step, to undo it."""

    step: int
    version: int  # of the first parameter: torch counts the changes in place
    tensors: list[Tensor]


def _what_happened(value: Tensor, step: int, rate: float) -> str:
    what = f"The loss is {value.item()}" if not value.isfinite() else "A gradient is nan or inf"
    advice = f"try a smaller learning rate (it was {rate:g}) or smaller initial weights."
    if step == 0:
        advice = "look for nan, inf and huge numbers in the data and in the initial weights."
    return f"{what} at step {step:,}, so that step was not taken: {advice}"


def _join(rows: list, like: Tensor, shape: tuple = ()) -> Tensor:
    """Numbers, or tensors, as one tensor with a row for each; of `shape` if there is none."""
    if rows and isinstance(rows[0], Tensor):
        return torch.stack(rows).cpu()
    return torch.tensor(rows, dtype=like.dtype).reshape(-1, *shape)
