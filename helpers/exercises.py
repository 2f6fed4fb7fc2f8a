"""Predictions, questions, exercises and the closing table of a chapter."""

import copy
import importlib
import inspect
import math
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets
import torch
from IPython.display import display

import helpers.checks

# ---------------------------------------------------------------- predictions


class Prediction:
    """A guess that the reader records before running an experiment; made by `predict`."""

    def __init__(self, question: str, widget: ipywidgets.Widget, choices: Sequence | None):
        self.question, self.widget, self.choices = question, widget, choices

    def reveal(self, truth: Any) -> None:
        """Print what came out beside what the reader guessed."""
        guess = self.widget.value
        if guess is None:
            print(f"It is {truth}. You recorded no guess; a wrong one teaches more than none.")
        elif guess == truth:
            print(f"You said {guess}, and {truth} it is.")
        elif self.choices is None and isinstance(truth, (int, float)):
            print(f"You said {guess:g}; it is {truth}. You were off by {abs(guess - truth):.3g}.")
        else:
            print(f"You said {guess}; it is {truth}.")


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
        options = [("choose …", None), *((str(choice), choice) for choice in choices)]
        widget = ipywidgets.Dropdown(options=options, value=None)
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
        box = ipywidgets.RadioButtons(
            options=list(question.choices), value=None, layout={"width": "max-content"}
        )
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
    return code is not None and code.co_code in _STUBS


def _stub(): ...


def _documented_stub():
    """A stub may say what it wants."""


_STUBS = {_stub.__code__.co_code, _documented_stub.__code__.co_code}


@dataclass(frozen=True)
class FunctionCheck:
    """Compares a function with `solution` on `cases`, a list of tuples of arguments.

    `mistakes` maps a message to a wrong implementation: an answer that gives what it gives, in all
    cases, gets its message. `tolerance` is relative, and absolute below 1.
    """

    solution: Callable
    cases: Sequence[tuple]
    mistakes: Mapping[str, Callable]
    praise: str = ""
    tolerance: float = 1e-6

    def __call__(self, answer: Callable) -> str | None:
        if not callable(answer):
            return f"this should be a function; you gave {describe(answer)}."
        wanted = [_run(self.solution, case) for case in self.cases]
        given = [_run(answer, case) for case in self.cases]
        if _agree(given, wanted, self.tolerance):
            return self._spoilt(answer)
        for message, mistake in self.mistakes.items():
            if _agree(given, [_run(mistake, case) for case in self.cases], self.tolerance):
                return message
        return self._first_difference(given, wanted)

    def _spoilt(self, answer: Callable) -> str | None:
        for case in self.cases:
            arguments = copy.deepcopy(case)
            answer(*arguments)
            if not _agree(list(arguments), list(case), 0.0):
                return "right, but it changes its argument in place; work on a copy."
        return None

    def _first_difference(self, given: list, wanted: list) -> str:
        for case, mine, theirs in zip(self.cases, given, wanted, strict=True):
            if same(mine, theirs, self.tolerance):
                continue
            call = f"for ({', '.join(describe(argument) for argument in case)})"
            if mine is None:
                return f"{call} it gives None. Is a `return` missing?"
            if isinstance(mine, Exception):
                return f"{call} it raises {type(mine).__name__}: {mine}."
            return f"{call} {_difference(mine, theirs)}"
        raise AssertionError("unreachable: the answers agree")


@dataclass(frozen=True)
class ValueCheck:
    """Compares a value with `right`; `mistakes` maps a message to the wrong value it is for."""

    right: Any
    mistakes: Mapping[str, Any]
    praise: str = ""
    tolerance: float = 1e-6

    def __call__(self, answer: Any) -> str | None:
        if same(answer, self.right, self.tolerance):
            return None
        for message, value in self.mistakes.items():
            if same(answer, value, self.tolerance):
                return message
        return _difference(answer, self.right, tell=False)


def same(a: Any, b: Any, tolerance: float) -> bool:
    """Equal in kind, shape and, to the tolerance, in value; nan equals nan."""
    if isinstance(b, Exception):
        return type(a) is type(b)
    if _is_number(a) and _is_number(b):
        a, b = float(a), float(b)
        if math.isnan(a) or math.isnan(b):
            return math.isnan(a) and math.isnan(b)
        return a == b or abs(a - b) <= tolerance * max(abs(b), 1.0 if abs(b) > 1e-3 else abs(b))
    if isinstance(a, torch.Tensor) and isinstance(b, torch.Tensor):
        if a.shape != b.shape:
            return False
        if not (a.is_floating_point() or b.is_floating_point()):
            return bool((a == b).all())
        return torch.allclose(
            a.detach().double(), b.detach().double(), tolerance, tolerance, equal_nan=True
        )
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and _agree(a, b, tolerance)
    return type(a) is type(b) and bool(a == b)


def _agree(ours: Sequence, theirs: Sequence, tolerance: float) -> bool:
    return all(same(a, b, tolerance) for a, b in zip(ours, theirs, strict=True))


def _is_number(value: Any) -> bool:
    if isinstance(value, torch.Tensor):
        return value.dim() == 0
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _run(function: Callable, case: tuple) -> Any:
    # The reader's own exception is an answer too; the stop button is not.
    try:
        return function(*copy.deepcopy(case))
    except Exception as error:
        return error


def _difference(mine: Any, theirs: Any, tell: bool = True) -> str:
    both = (mine, theirs)
    if all(isinstance(value, torch.Tensor) for value in both) and mine.shape != theirs.shape:
        return f"the shape is {tuple(mine.shape)}; it should be {tuple(theirs.shape)}."
    if _is_number(mine) != _is_number(theirs) or (
        not _is_number(mine) and type(mine) is not type(theirs)
    ):
        return f"you gave {describe(mine)}; it should be {_kind(theirs)}."
    ending = f"; it should be {describe(theirs)}." if tell else ", which is not it."
    return f"you gave {describe(mine)}{ending}"


def _kind(value: Any) -> str:
    if _is_number(value):
        return "a number"
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    return f"of type {type(value).__name__}"


def describe(value: Any) -> str:
    """A value in a few words: numbers as they are, tensors by shape unless they are small."""
    if isinstance(value, torch.Tensor) and value.dim() > 0:
        if value.numel() <= 6:
            return f"tensor({value.tolist()})"
        return f"a tensor of shape {tuple(value.shape)}"
    if _is_number(value):
        return f"{float(value):.6g}"
    if inspect.isfunction(value):
        return "the function" if value.__name__ == "<lambda>" else value.__name__
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


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


def _display(widget: ipywidgets.Widget, text: str) -> None:
    bundle = widget._repr_mimebundle_() | {"text/plain": text}
    display(bundle, raw=True)
