"""Predictions, questions, exercises and the closing table of a chapter."""

import dis
import importlib
import inspect
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets
from IPython.display import display

import helpers.checks
from helpers.answers import FunctionCheck, ValueCheck

__all__ = [
    "FunctionCheck",
    "Question",
    "ValueCheck",
    "check",
    "measured",
    "predict",
    "quiz",
]

# ---------------------------------------------------------------- predictions


class Prediction:
    """A guess that the reader records before running an experiment; made by `predict`."""

    def __init__(self, question: str, widget: ipywidgets.Widget, choices: Sequence | None):
        self.question, self.widget, self.choices = question, widget, choices

    def reveal(self, truth: Any) -> None:
        """Print what came out beside what the reader guessed.

        Raises ValueError where there were choices and `truth` was none of them.
        """
        if self.choices is not None and truth not in self.choices:
            raise ValueError(f"{truth!r} came out, and was not among the choices {self.choices}.")
        guess = self.widget.value
        answer = f"The answer: {truth}" if isinstance(truth, str) else f"It is {truth}"
        if guess is None:
            print(f"{answer}. You recorded no guess; a wrong one teaches more than none.")
        elif guess == truth:
            print(f"{answer}, as you said.")
        elif self.choices is None and isinstance(truth, (int, float)):
            print(f"{answer}. You said {guess:g}: off by {abs(guess - truth):.3g}.")
        else:
            print(f"{answer}. You said {guess}.")


def predict(
    question: str,
    choices: Sequence | None = None,
    *,
    low: float | None = None,
    high: float | None = None,
) -> Prediction:
    """Ask the reader for a guess: one of `choices`, or a number between `low` and `high`.

    With nothing chosen the chapter runs on; `reveal` then says so.
    Raises ValueError where there are neither choices nor two bounds.
    """
    if choices is not None:
        if len(choices) < 2:
            raise ValueError("predict needs at least two choices.")
        widget = _radio([(str(choice), choice) for choice in choices])
        text = f"{question}  [{' / '.join(str(choice) for choice in choices)}]"
    elif low is not None and high is not None and low < high:
        widget = NumberBox(low, high)
        text = f"{question}  [a number from {low:g} to {high:g}]"
    else:
        raise ValueError("predict needs choices=[…], or low=… and high=… with low < high.")
    box = ipywidgets.VBox([ipywidgets.Label(question), getattr(widget, "box", widget)])
    _display(box, text)
    return Prediction(question, widget, choices)


class NumberBox:
    """A text box for a number from `low` to `high`; `value` is None while it holds none."""

    def __init__(self, low: float, high: float):
        self.low, self.high, self.value = low, high, None
        self.field = ipywidgets.Text(placeholder=f"a number from {low:g} to {high:g}")
        self.note = ipywidgets.Label()
        self.field.observe(self._read, "value")
        self.box = ipywidgets.HBox([self.field, self.note])

    def _read(self, change: dict) -> None:
        self.value = None
        try:
            number = float(change["new"].replace(",", "."))
        except ValueError:
            self.note.value = "not a number yet" if change["new"].strip() else ""
            return
        if self.low <= number <= self.high:
            self.value, self.note.value = number, ""
        else:
            self.note.value = f"outside {self.low:g} to {self.high:g}"


# ---------------------------------------------------------------- questions


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


def quiz(chapter: str) -> None:
    """Ask the three questions on `chapter`, for example `quiz("03")`; each choice is answered."""
    rows, lines = [], []
    for number, question in enumerate(_module(chapter).QUESTIONS, 1):
        box = _radio(list(question.choices))
        reply = ipywidgets.Label()

        def respond(change, question=question, reply=reply):
            reply.value = question.answer(change["new"]) if change["new"] else ""

        box.observe(respond, "value")
        rows += [ipywidgets.Label(f"{number}. {question.text}"), box, reply]
        lines += [f"{number}. {question.text}", *(f"   ( ) {choice}" for choice in box.options)]
    _display(ipywidgets.VBox(rows), "\n".join(lines))


def _module(chapter: str):
    try:
        return importlib.import_module(f"helpers.checks.ch{chapter}")
    except ModuleNotFoundError:
        known = [module.name[2:] for module in pkgutil.iter_modules(helpers.checks.__path__)]
        raise ValueError(f"No chapter {chapter!r}; there are {', '.join(known)}.") from None


# ---------------------------------------------------------------- exercises


def check(name: str, answer: Any) -> None:
    """Say whether `answer` solves the exercise `name`, and if not, what went wrong.

    Prints one of `○` (not attempted yet), `✗` (and what is wrong) and `✓`.
    Raises ValueError where no exercise has that name.
    """
    exercises = {}
    for module in pkgutil.iter_modules(helpers.checks.__path__):
        exercises |= _module(module.name[2:]).EXERCISES
    if name not in exercises:
        raise ValueError(f"No exercise is called {name!r}; there are {', '.join(exercises)}.")
    if is_stub(answer):
        print(f"○ {name}: not attempted yet. Replace the … in this cell and run it again.")
        return
    wrong = exercises[name](answer)
    if wrong:
        print(f"✗ {name}: {wrong}")
    else:
        print(f"✓ {name}: right. {getattr(exercises[name], 'praise', '')}".rstrip())


def is_stub(answer: Any) -> bool:
    """True for `...`, for a function whose body is `...` and for a class without one of its own."""
    if answer is ...:
        return True
    if inspect.isclass(answer):
        return all(is_stub(member) for member in vars(answer).values() if callable(member))
    code = getattr(answer, "__code__", None)
    if code is None:
        return False
    # `...` and a docstring leave no trace in the bytecode but "return None".
    steps = [step for step in dis.get_instructions(code) if step.opname not in ("RESUME", "NOP")]
    ending = (["LOAD_CONST", "RETURN_VALUE"], ["RETURN_CONST"])
    return [step.opname for step in steps] in ending and steps[0].argval is None


# ---------------------------------------------------------------- the closing table


def measured(**rows: tuple[str | int, str]) -> None:
    """Print the table of what the chapter measured: `name=(value, meaning)`.

    The prose quotes a value with the row's name in a comment behind it, and a test holds the two
    together. Values are strings, formatted to the digits that are stable, or whole numbers.
    """
    for name, (value, _) in rows.items():
        if not isinstance(value, (str, int)):
            raise TypeError(f"{name}: format {value!r} as a string, to the digits that are stable.")
    cells = [(name, f"{v:,}" if isinstance(v, int) else v, m) for name, (v, m) in rows.items()]
    name_width = max(len(name) for name, _, _ in cells)
    width = max(len(value) for _, value, _ in cells)
    for name, value, meaning in cells:
        print(f"{name:<{name_width}}  {value:>{width}}  {meaning}")


def _radio(options: list) -> ipywidgets.RadioButtons:
    """Radio buttons, none of them chosen yet, as wide as their words."""
    return ipywidgets.RadioButtons(options=options, value=None, layout={"width": "max-content"})


def _display(widget: ipywidgets.Widget, text: str) -> None:
    bundle = widget._repr_mimebundle_() | {"text/plain": text}
    display(bundle, raw=True)
