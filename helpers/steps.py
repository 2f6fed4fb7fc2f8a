"""The steps of a training run: each is taken whole, or not at all."""

import math
import signal
from contextlib import suppress

import torch
from torch import Tensor

from helpers.state import along


class StopButton:
    """While it is entered, SIGINT (the stop button, Ctrl-C) counts in `presses` and does no more.

    The run then ends by itself. If pressed again, a KeyboardInterrupt follows at the end of the
    `with`; a third time, at once, for a step that never ends. In a thread, which gets no signals,
    and where SIGINT is left to the system, all stays as it is.
    """

    def __enter__(self):
        self.presses, self.before, self.held = 0, signal.getsignal(signal.SIGINT), False
        if callable(self.before):
            with suppress(ValueError):  # only the main thread may
                signal.signal(signal.SIGINT, self._press)
                self.held = True
        return self

    def __exit__(self, kind, error, trace) -> None:
        if self.held:
            signal.signal(signal.SIGINT, self.before)
            if self.presses > 1 and kind is None:
                self.before(signal.SIGINT, None)

    def _press(self, number, frame) -> None:
        self.presses += 1
        if self.presses > 2:
            self.before(number, frame)


class Descent:
    """Takes the steps, by plain gradient descent or by an optimizer, and keeps a row of each.

    losses: () each, in a fleet (K,); rates: a float, or (K,); sizes, if `recording`: those of the P
    updates, then of the P parameters before them, (2 P,) or (2 P, K).
    """

    def __init__(self, parameters: list[Tensor], optimizer, K: int | None, recording: bool):
        self.parameters, self.optimizer = parameters, optimizer
        self.K, self.recording = K, recording
        self.losses, self.rates, self.sizes = [], [], []

    def step(self, value: Tensor, rate: float | Tensor) -> str | None:
        """Take a step down this loss, or say why not: it, or a gradient, is nan or inf.

        In a fleet the step is taken all the same, for the models that are well.
        """
        if value.shape != (() if self.K is None else (self.K,)):
            wanted = "one number" if self.K is None else f"{self.K} numbers"
            raise ValueError(f"loss must return {wanted}, it has shape {tuple(value.shape)}")
        for p in self.parameters:
            p.grad = None
        (value if self.K is None else value.sum()).backward()
        gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in self.parameters]
        with torch.no_grad():
            if self.recording or self.K is None:
                sizes = self._sizes([*gradients, *self.parameters] if self.recording else gradients)
            if self.K is None and not math.isfinite(value.item() + sizes.sum().item()):
                return _what_happened(value, len(self.losses), rate)
            if self.optimizer is None:
                self._descend(gradients, rate)
                if self.recording:
                    sizes[: len(gradients)] *= abs(rate)  # so far these were the gradients'
            else:
                old = [p.clone() for p in self.parameters] if self.recording else []
                self.optimizer.step()
                if self.recording:
                    sizes = self._sizes([*torch._foreach_sub(self.parameters, old), *old])
        if self.recording:
            self.sizes.append(sizes)
        self.losses.append(value.detach())
        self.rates.append(rate)
        return None

    def _descend(self, gradients: list[Tensor], rate: float | Tensor) -> None:
        """p -= rate * p.grad for all; the K rates of a fleet go along the first axis of each."""
        if isinstance(rate, Tensor):
            rate = [along(rate, p) for p in self.parameters]
        torch._foreach_sub_(self.parameters, torch._foreach_mul(gradients, rate))

    def _sizes(self, tensors: list[Tensor]) -> Tensor:
        """The root of the sum of squares of each: (n,), in a fleet each model's own, (n, K)."""
        if self.K is None:
            return torch.stack(torch._foreach_norm(tensors))
        return torch.stack([t.flatten(1).norm(dim=1) for t in tensors])

    def update_ratio(self) -> Tensor | None:
        """log10 of each update over its parameter, (n, P) or (n, P, K); nan over a size of 0."""
        if not self.sizes:
            return None
        update, parameter = torch.stack(self.sizes).cpu().chunk(2, dim=1)
        return (update / parameter).log10().masked_fill(parameter == 0, math.nan)


def _what_happened(value: Tensor, step: int, rate: float) -> str:
    what = f"The loss is {value.item()}" if not value.isfinite() else "A gradient is nan or inf"
    advice = f"try a smaller learning rate (it was {rate:g}) or smaller initial weights."
    if step == 0:
        advice = "look for nan, inf and huge numbers in the data and in the initial weights."
    return f"{what} at step {step:,}, so that step was not taken: {advice}"
