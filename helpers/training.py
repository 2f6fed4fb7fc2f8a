"""One training loop for the whole course, and the mean loss of a model over data.

    record = fit(model, (contexts, targets), steps=1000, learning_rate=0.1)
    evaluate(model, (dev_contexts, dev_targets))

A model is anything that maps a batch of inputs to logits and has `parameters()`: layers of
helpers.layers, a torch.nn.Module, a class of your own, or a Fleet of K models at once.
"""

import math
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from helpers.fleet import Fleet
from helpers.progress import Progress
from helpers.settings import (
    batches,
    check_batch,
    check_counts,
    check_model,
    make_optimizer,
    schedule,
)
from helpers.state import Watch, buffers, evaluation_mode, names, restore
from helpers.steps import Descent, StopButton

__all__ = ["Fleet", "Record", "cross_entropy", "evaluate", "fit"]


@dataclass
class Record:
    """What a run leaves behind, for the n steps that were taken (of a fleet: for K models).

    loss: (n,) or (n, K); loss[i] is the loss of batch i, before update i.
    learning_rate: (n,), or (n, K) where each model has its own.
    validation_steps: (m,); validation_loss: (m,) or (m, K). Step s means after s updates.
    best_step: the step of the lowest validation loss, of a fleet (K,); None without validation.
    update_ratio: (n, P) or (n, P, K), or None: for each of the P parameters of `names`, log10 of
        the size of update i over the size of the parameter it changes, both the root of a sum of
        squares; nan where the parameter is all zeros, as a bias is at its first step, and -inf
        where the update is.
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

    def updates_of(self, kind: str) -> Tensor:
        """The update ratios of the parameters whose names end so: (n, p) or (n, p, K).

        "Linear.weight" takes the weights of all Linear layers, in their order.
        """
        return self.update_ratio[:, [i for i, name in enumerate(self.names) if name.endswith(kind)]]


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
    model, data: tuple[Tensor, ...], *, loss: Callable = cross_entropy, chunk: int | None = None
) -> float | Tensor:
    """The mean loss over all of data, in evaluation mode and without gradients.

    Goes through data in pieces of `chunk` rows, so `loss` must be a mean over its batch. Every
    layer is put back into the mode it was in. Returns a float, of a fleet a float64 tensor (K,).
    """
    data = check_batch(data, loss is cross_entropy)
    K = model.K if isinstance(model, Fleet) else None
    check_counts(optional=True, chunk=chunk)
    chunk = chunk or max(1, 8192 // (K or 1))
    total = 0.0
    with evaluation_mode(model):
        for x, *targets in zip(*(tensor.split(chunk) for tensor in data), strict=True):
            total = total + loss(model(x), *targets).cpu().double() * len(x)
    mean = total / len(data[0])
    return mean.item() if K is None else mean


def fit(
    model,
    data: tuple[Tensor, Tensor] | Callable,
    *,
    steps: int,
    batch_size: int | None = 32,
    learning_rate: float | Sequence[float] | Tensor | Callable | None = None,
    optimizer: Callable | torch.optim.Optimizer | None = None,
    loss: Callable = cross_entropy,
    generator: Generator | Sequence[Generator] | None = None,
    validation: tuple[Tensor, Tensor] | Callable | None = None,
    every: int | None = None,
    patience: int | None = None,
    record_updates: bool = False,
    progress: bool = True,
) -> Record:
    """Train model in place, each step on `batch_size` rows of data drawn with replacement.

    data: inputs (N, …) and targets (N,), on the model's device; batch_size=None takes all rows.
        Or a function that draws a batch: data(batch_size, generator) returns inputs (B, …) and
        targets (B, …), in a fleet of one batch for each model (K, B, …). It may return more
        tensors, such as weights: all but the inputs go to `loss`.
    learning_rate: a number, or a function of the step (0, 1, …) that returns one; for a fleet also
        K numbers. If None, 0.1, or what the optimizer has by itself.
    optimizer: gradient descent if None; or torch.optim.Adam, or any function of the parameters
        that makes an optimizer, or an optimizer made from them.
    loss: a function of logits and targets; for a fleet it returns (K,).
    generator: draws the rows; seeded with 0 if None. For a fleet also K, one for each model.
    validation, every: data, or a function of the model, whose loss is measured before the first
        step, then every `every` steps (a twentieth of the run if None), and after the last.
    patience: stop when so many measurements in a row bring no new lowest one. However the run
        ends, the model then gets the weights of its best_step, in a fleet each model its own.
    record_updates: keep Record.update_ratio.

    The model trains in the mode it is in. The stop button ends the run when the step is whole; a
    loss or gradient that is nan or inf ends it before that step. Both print a line. In a fleet the
    others go on, and the loss of the lost model is nan from there.
    Raises TypeError and ValueError for settings that do not fit.
    """
    parameters = check_model(model)
    K = model.K if isinstance(model, Fleet) else None
    check_counts(steps=steps)
    check_counts(optional=True, batch_size=batch_size, every=every, patience=patience)
    if patience and validation is None:
        raise ValueError("patience needs a validation loss: give validation=(inputs, targets)")
    draw = batches(data, batch_size, generator, K, loss is cross_entropy)
    optimizer = make_optimizer(optimizer, parameters)
    rate_at = schedule(learning_rate, optimizer, K, parameters[0])
    descent = Descent(parameters, optimizer, K, record_updates)
    measure = partial(evaluate, data=validation, loss=loss)
    watch = Watch(model, validation if callable(validation) else measure, patience)
    every, alarm = every or max(1, steps // 20), None
    moving = K is None and bool(buffers(model))  # a step that is not taken moves them too
    with StopButton() as stop, closing(Progress(steps, progress)) as bar:
        while not stop.presses:
            done = len(descent.losses)
            if validation is not None and (done % every == 0 or done == steps):
                watch.look(done)
            if done == steps or stop.presses or watch.out_of_patience:
                break
            (inputs, *targets), rate = draw(), rate_at(done)
            kept = [t.clone() for t in buffers(model)] if moving else []
            value = loss(model(inputs), *targets)
            if alarm := descent.step(value, rate):
                restore(buffers(model), kept)
                break
            bar.show(done + 1, descent.losses[-1])
        watch.bring_back()
    if stop.presses and not alarm:
        alarm = f"Stopped by hand after {len(descent.losses):,} of {steps:,} steps."
    return _record(model, descent, watch, steps, alarm)


def _record(model, descent: Descent, watch: Watch, steps: int, alarm: str | None) -> Record:
    """The record of a run; what ended it is printed if nobody had planned it."""
    done, K, like = len(descent.losses), descent.K, descent.parameters[0]
    ended = alarm or f"All {steps:,} steps were taken."
    if done < steps and not alarm:
        ended = f"Stopped early after {done:,} of {steps:,} steps: {watch.patience} validations "
        ended += "in a row brought no new lowest loss."
    losses = _join(descent.losses, like, () if K is None else (K,))
    lost = ~losses.isfinite().cumprod(0).bool()  # all false but in a fleet: after nan or inf
    if lost.any():
        ended += f" {lost[-1].sum()} of {K} models diverged: their loss is nan from there."
    if lost.any() or alarm:
        print(ended)
    best = watch.best_step.item() if K is None else watch.best_step
    return Record(
        loss=losses.masked_fill(lost, math.nan),
        learning_rate=_join(descent.rates, like),
        validation_steps=torch.tensor(watch.steps, dtype=torch.int64),
        validation_loss=_join(watch.losses, like),
        best_step=best if watch.steps else None,
        update_ratio=descent.update_ratio(),
        names=names(model),
        stopped=ended,
    )


def _join(rows: list, like: Tensor, shape: tuple = ()) -> Tensor:
    """Numbers, or tensors, as one tensor with a row for each; of `shape` if there is none."""
    if rows and isinstance(rows[0], Tensor):
        return torch.stack(rows).cpu()
    return torch.tensor(rows, dtype=like.dtype).reshape(-1, *shape)
