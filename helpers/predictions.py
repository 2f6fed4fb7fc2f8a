"""Predictions: what a reader expects before running, beside what came out."""

import html
import math
import re
from collections.abc import Sequence
from typing import Any

from helpers.answers import is_number
from helpers.output import attended, show_text
from helpers.questions import GUESSES, ask

CAME_TRUE: dict[tuple, bool] = {}  # which of the reader's predictions did


class Prediction:
    """A guess that the reader records before running an experiment; made by `predict`."""

    def __init__(self, question: str, choices: Sequence | None, low, high, edges, form):
        self.choices, self.low, self.high, self.edges, self.form = choices, low, high, edges, form
        self.key = (question, tuple(choices or ()), low, high)

    @property
    def guess(self) -> Any:
        """The choice, or the number, that the reader has recorded; None where there is none."""
        guess = GUESSES.get(self.key)
        if guess is None:
            return None
        return self.choices[guess] if self.choices else number(guess, self.low, self.high)

    def choice(self, truth: Any) -> Any:
        """The choice that `truth` is, lies in or, among numbers, is nearest to; None for none."""
        if not is_number(truth):
            return truth if isinstance(truth, str) and truth in self.choices else None
        if self.edges and not math.isnan(truth):
            reached = sum(truth >= edge for edge in self.edges)
            return self.choices[reached if self.edges[0] <= self.edges[-1] else -1 - reached]
        numbers = filter(is_number, self.choices if math.isfinite(truth) else ())
        return min(numbers, key=lambda choice: abs(choice - truth), default=None)

    def reveal(self, truth: Any) -> None:
        """Say what came out, beside what the reader guessed; folded where there is no guess.

        A number finds its choice: the range between `edges`, or the nearest number. `None`, like
        all that belongs to no choice, is none of them. A typed number comes true where it is off
        by at most a twentieth of the range that was asked for.
        """
        truth = truth.item() if getattr(truth, "ndim", None) == 0 else truth
        answer, guess = self._answer(truth), self.guess
        if guess is None:
            return _fold(answer)
        exact = guess == (self.choice(truth) if self.choices else truth)
        CAME_TRUE[self.key] = exact
        said = f"You said {_shown(guess, self.form) if self.choices else f'{guess:,.10g}'}"
        if not self.choices and is_number(truth):
            off = abs(guess - truth)
            CAME_TRUE[self.key] = close = off <= (self.high - self.low) / 20
            said += f": off by {off:.3g}" + (", close enough" if close else "")
        print(f"{answer}, as you said." if exact else f"{answer}. {said}.")

    def _answer(self, truth: Any) -> str:
        """What came out, in words: the choice, and the number that it was found by."""
        said = _shown(truth, self.form if self.choices else self.form or "{:,.10g}")
        if not self.choices:
            return f"It is {said}"
        choice = self.choice(truth)
        if choice is None:
            missed = f"{said}, which was not among the choices"
            return f"It is {'none of the choices' if truth is None else missed}"
        near = _shown(choice, self.form)
        if isinstance(choice, str):
            return f"The answer: {near}" + (f" ({said})" if said not in ("", near) else "")
        return f"It is {said}" + (f"; the nearest choice is {near}" if said != near else "")


def predict(
    question: str,
    choices: Sequence | None = None,
    *,
    low: float | None = None,
    high: float | None = None,
    edges: Sequence[float] | None = None,
    form: str | None = None,
) -> Prediction:
    """Ask the reader for a guess: one of `choices`, or a number from `low` to `high`.

    `edges` are the numbers at which one choice ends and the next begins, rising or falling; one
    on the edge belongs to the higher. `form` ("{:.0%}") writes numbers; an empty one, none. With
    nothing chosen the chapter runs on, and `reveal` folds what came out.
    Raises ValueError where there are neither choices nor two bounds, or edges that do not fit.
    """
    prediction = Prediction(question, choices, low, high, edges, form)
    if choices is not None:
        if len(choices) < 2:
            raise ValueError("predict needs at least two choices.")
        rising = sorted(set(edges or ()))
        fitting = len(rising) == len(choices) - 1 and list(edges) in (rising, rising[::-1])
        if edges is not None and not fitting:
            raise ValueError(f"edges={edges}: give one between each two choices, in order.")
        asked = {"text": question, "choices": [_shown(choice, form) for choice in choices]}
        ask({prediction.key: asked})
    elif low is not None and high is not None and low < high:
        asked = {"text": question, "range": f"a number from {low:,.10g} to {high:,.10g}"}
        ask({prediction.key: asked}, lambda typed: _heard(typed, low, high))
    else:
        raise ValueError("predict needs choices=[…], or low=… and high=… with low < high.")
    return prediction


def score() -> str:
    """How many of this kernel's predictions came true, in words; empty where none was made."""
    if not CAME_TRUE:
        return ""
    true, made = sum(CAME_TRUE.values()), len(CAME_TRUE)
    return f"Your predictions: {true} of {made} came true."


def number(typed: str, low: float, high: float) -> float | None:
    """The number that a person means by what they typed; None where it is none from low to high.

    "1,000" is a thousand, "0,5" is a half, "−3" has the minus sign of print, and "40 %" is 40, or
    0.4 where 40 would be out of range.
    """
    text = re.sub(r"[\s'’_]", "", str(typed)).translate(str.maketrans("−–", "--"))
    percent = text.endswith("%")
    readings = _readings(text.removesuffix("%"), fine=high - low < 10)
    readings += [reading / 100 for reading in readings if percent]
    return next((reading for reading in readings if low <= reading <= high), None)


def _readings(text: str, fine: bool) -> list[float]:
    """What the text may mean, the likeliest first; `fine` where three decimals make sense."""
    grouped = re.fullmatch(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?", text)
    found = [text.replace(",", "")] if grouped else []
    if fine or not grouped:
        found.append(text.replace(",", "."))
    if re.fullmatch(r"[-+]?[1-9]\d{0,2}(\.\d{3})+(,\d*)?", text):
        found.append(text.replace(".", "").replace(",", "."))
    pattern = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
    return [float(reading) for reading in found if pattern.fullmatch(reading)]


def _shown(value: Any, form: str | None) -> str:
    """A value as the reader sees it: a number in this form, or to two digits where it has none."""
    if not is_number(value):
        return str(value)
    if form is None:
        form = "{:,}" if isinstance(value, int) else "{:,.0f}" if abs(value) >= 10 else "{:.2g}"
    return form.format(value)


def _heard(typed: str | None, low: float, high: float) -> str:
    """What is said beside a typed number: how it was read, or what is wrong with it."""
    if not (typed or "").strip():
        return " "
    understood = number(typed, low, high)
    if understood is not None:
        return f"Your guess: {understood:,.10g}"
    if number(typed, float("-inf"), float("inf")) is None:
        return "That is not a number yet."
    return f"That lies outside {low:,.10g} to {high:,.10g}."


def _fold(answer: str) -> None:
    summary = "What came out"
    if attended():
        summary += " (no guess is recorded: choose one above and run this cell again, or look)"
    markup = f"<details><summary>{summary}</summary><p>{html.escape(answer)}.</p></details>"
    show_text(markup, "What came out is folded in here.")
