"""Predictions that a reader makes before running, and the questions on the chapter before.

What was chosen is kept as long as the kernel lives: a question that runs again shows it again.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import traitlets

from helpers.output import Part, asset, attended, show_part, show_text

# What the reader has chosen, question by question, and which predictions came true.
GUESSES: dict[tuple, Any] = {}
CAME_TRUE: dict[tuple, bool] = {}


class Questions(Part):
    """The page's side of questions: each has choices, and replies to them, or a range."""

    _esm = asset("parts.js", "questions.js")
    questions = traitlets.List().tag(sync=True)
    guesses = traitlets.List().tag(sync=True)
    notes = traitlets.List().tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)


def _ask(keys: list[tuple], questions: list[dict], understand=lambda guess: "") -> None:
    """Put questions on the page, with what was chosen before, and keep what is chosen."""
    still = "".join(map(_still, questions))
    words = "\n".join(map(_words, questions))
    if not attended():
        return show_text(still, words)
    part = Questions(questions=questions, guesses=[GUESSES.get(key) for key in keys])
    part.name = part.model_id

    def keep(change: dict) -> None:
        GUESSES.update(zip(keys, change["new"], strict=True))
        part.notes = [understand(guess) for guess in change["new"]]

    part.observe(keep, "guesses")
    part.notes = [understand(guess) for guess in part.guesses]
    show_part(part, still, words, name=part.name)


def _words(question: dict) -> str:
    choices = [f"   ( ) {choice}" for choice in question.get("choices", [])]
    return "\n".join([question["text"], *(choices or [f"   {question['range']}"])])


def _still(question: dict) -> str:
    answers = [f"<li>{html.escape(choice)}</li>" for choice in question.get("choices", [])]
    below = (
        f"<ul>{''.join(answers)}</ul>" if answers else f"<p>{html.escape(question['range'])}</p>"
    )
    return f"<p><b>{html.escape(question['text'])}</b></p>{below}"


# ---------------------------------------------------------------- predictions


class Prediction:
    """A guess that the reader records before running an experiment; made by `predict`."""

    def __init__(self, question: str, choices: Sequence | None, low: float, high: float):
        self.question, self.choices, self.low, self.high = question, choices, low, high
        self.key = (question, tuple(choices or ()), low, high)

    @property
    def guess(self) -> Any:
        """The choice, or the number, that the reader has recorded; None where there is none."""
        guess = GUESSES.get(self.key)
        if guess is None:
            return None
        return self.choices[guess] if self.choices else number(guess, self.low, self.high)

    def reveal(self, truth: Any) -> None:
        """Say what came out, beside what the reader guessed; folded where there is no guess.

        A number comes true where it is off by at most a twentieth of the range that was asked for.
        """
        answer = f"The answer: {truth}" if isinstance(truth, str) else f"It is {_shown(truth)}"
        if self.choices and truth not in self.choices:
            answer += ", which was not among the choices"
        if self.guess is None:
            _fold(answer)
            return
        off = 0 if self.choices else abs(self.guess - truth)
        right = self.guess == truth if self.choices else off <= (self.high - self.low) / 20
        CAME_TRUE[self.key] = right
        if self.guess == truth:
            print(f"{answer}, as you said.")
        elif self.choices:
            print(f"{answer}. You said {_shown(self.guess)}.")
        else:
            close = ", close enough" if right else ""
            print(f"{answer}. You said {self.guess:,.10g}: off by {off:.3g}{close}.")


def predict(
    question: str,
    choices: Sequence | None = None,
    *,
    low: float | None = None,
    high: float | None = None,
) -> Prediction:
    """Ask the reader for a guess: one of `choices`, or a number from `low` to `high`.

    With nothing chosen the chapter runs on, and `reveal` folds what came out.
    Raises ValueError where there are neither choices nor two bounds.
    """
    prediction = Prediction(question, choices, low, high)
    if choices is not None:
        if len(choices) < 2:
            raise ValueError("predict needs at least two choices.")
        asked = {"text": question, "choices": [_shown(choice) for choice in choices]}
        _ask([prediction.key], [asked])
    elif low is not None and high is not None and low < high:
        asked = {"text": question, "range": f"a number from {low:,.10g} to {high:,.10g}"}
        _ask([prediction.key], [asked], lambda typed: _heard(typed, low, high))
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


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


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


# ---------------------------------------------------------------- questions on a chapter


@dataclass(frozen=True)
class Question:
    """A question with choices: `choices` maps each choice to what is said when it is chosen."""

    text: str
    choices: Mapping[str, str]
    right: str

    def __post_init__(self):
        if self.right not in self.choices:
            raise ValueError(f"{self.right!r} is not among the choices of {self.text!r}.")

    def answer(self, choice: str) -> str:
        """What the reader sees on choosing `choice`."""
        return f"{'✓ Right' if choice == self.right else '✗ Not quite'}. {self.choices[choice]}"


class Quiz:
    """The questions on a chapter, which the next one asks.

    As `quiz` it stands in the chapter's room: `quiz()` asks them one below the other, and each
    choice is answered on the page itself.
    """

    def __init__(self, *questions: Question):
        self.questions = questions

    def __call__(self) -> None:
        asked = [
            {
                "text": f"{place}. {question.text}",
                "choices": list(question.choices),
                "replies": [question.answer(choice) for choice in question.choices],
            }
            for place, question in enumerate(self.questions, 1)
        ]
        keys = [(question.text, tuple(question.choices)) for question in self.questions]
        _ask(keys, asked)
