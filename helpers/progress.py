"""The bar that shows how far a training run is."""

import html
import math
import time

from torch import Tensor

from helpers.output import WIDGET_VIEW, attended


class Progress:
    """A bar in a notebook for runs longer than half a second; it leaves nothing behind.

    It is a widget: nbval does not compare it, and its output is emptied at the end.
    """

    def __init__(self, steps: int, wanted: bool):
        self.steps, self.bar, self.handle = steps, None, None
        self.due = time.monotonic() + 0.5 if wanted and attended() else math.inf

    def show(self, done: int, loss: Tensor) -> None:
        """Say how far the run is, at most ten times a second."""
        if time.monotonic() < self.due:
            return
        if self.bar is None:
            import ipywidgets  # here, because only notebooks need it
            from IPython.display import display

            self.bar = ipywidgets.HTML()
            view = {"version_major": 2, "version_minor": 0, "model_id": self.bar.model_id}
            self.handle = display({WIDGET_VIEW: view}, raw=True, display_id=True)
        what = "loss" if loss.ndim == 0 else f"median loss of {len(loss)} models"
        text = html.escape(f"{done:,} of {self.steps:,} steps, {what} {loss.nanmedian():.3f}")
        self.bar.value = f'<progress value="{done}" max="{self.steps}"></progress> {text}'
        self.due = time.monotonic() + 0.1

    def close(self) -> None:
        """Take the bar away."""
        if self.handle is not None:
            self.bar.close()
            self.handle.update({}, raw=True)
