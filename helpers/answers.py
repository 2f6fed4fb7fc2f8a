"""How an exercise's answer is compared: with what is right, and with the usual mistakes."""

import copy
import inspect
import math
import reprlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, SupportsFloat

import numpy as np
import torch
from torch.overrides import TorchFunctionMode

from helpers.guard import outcome


@dataclass(frozen=True)
class FunctionCheck:
    """Compares a function with `solution` on `cases`, a list of tuples of arguments.

    `mistakes` maps a message to a wrong implementation: an answer that gives what it gives, in all
    cases, gets its message. `play`, where given, makes of a function the one that takes a case.
    `without` names what may not do the work: "autograd", or functions of torch. `tolerance` is
    relative, and absolute below 1.
    """

    solution: Callable
    cases: Sequence[tuple]
    mistakes: Mapping[str, Callable]
    praise: str = ""
    tolerance: float = 1e-6
    play: Callable[[Callable], Callable] = lambda function: function
    without: Sequence[str] = ()

    def __call__(self, answer: Callable) -> str | None:
        if misfit := misfitting(answer, self.solution):
            return misfit
        given, wanted = self._results(answer), self._results(self.solution)
        if same(given, wanted, self.tolerance):
            return self._fault_of_manner(answer)
        for message, mistake in self.mistakes.items():
            if same(given, self._results(mistake), self.tolerance):
                return message
        return self._first_difference(given, wanted)

    def _results(self, function: Callable) -> list:
        # Each call has its own arguments, so that no answer can spoil another's.
        return [outcome(self.play(function), *copy.deepcopy(case)) for case in self.cases]

    def _fault_of_manner(self, answer: Callable) -> str | None:
        for case in self.cases:
            mine, theirs = copy.deepcopy(case), copy.deepcopy(case)
            with _Watch() as watch:
                outcome(self.play(answer), *mine)
            outcome(self.play(self.solution), *theirs)
            if not same(mine, theirs, 0.0):
                return "right, but it changes its argument in place; work on a copy."
            if used := watch.seen.intersection(self.without):
                return f"right, but {min(used)} does the work; find a way without it."
        return None

    def _first_difference(self, given: list, wanted: list) -> str:
        pairs = zip(self.cases, given, wanted, strict=True)
        case, mine, theirs = next(p for p in pairs if not same(p[1], p[2], self.tolerance))
        call = f"for ({', '.join(map(describe, case))})"
        if mine is None:
            return f"{call} it gives None. Is a `return` missing?"
        if isinstance(mine, BaseException):
            return f"{call} it raises {raised(mine)}."
        return f"{call} {difference(mine, theirs, self.tolerance)}"


@dataclass(frozen=True)
class ValueCheck:
    """Compares a value with `right`; `mistakes` maps a message to the wrong value it is for."""

    right: Any
    mistakes: Mapping[str, Any]
    praise: str = ""
    tolerance: float = 1e-6

    def __call__(self, answer: Any) -> str | None:
        if same(answer, self.right, self.tolerance, floor=0.0):
            return None
        for message, value in self.mistakes.items():
            if same(answer, value, self.tolerance, floor=0.0):
                return message
        known = _kind(answer) == _kind(self.right)
        ending = ", which is not it." if known else f"; it should be {_kind(self.right)}."
        return f"you gave {describe(answer)}{ending}"


def misfitting(answer: Callable, solution: Callable) -> str | None:
    """What to tell of an answer that cannot be called like `solution`; None for one that can."""
    if not callable(answer):
        return f"this should be a function; you gave {describe(answer)}."
    parameters = inspect.signature(solution).parameters.values()
    names = [p.name for p in parameters if p.default is p.empty]
    try:
        inspect.signature(answer).bind(*names)
    except TypeError:
        return f"it is called with ({', '.join(names)}); yours takes {inspect.signature(answer)}."
    except ValueError:  # a function written in C need not tell
        pass
    return None


def raised(error: BaseException) -> str:
    """An exception in a line: its kind, and the beginning of what it says."""
    text = outcome(str, error)
    line = f": {text.splitlines()[0][:200].rstrip('.')}" if text and isinstance(text, str) else ""
    return type(error).__name__ + line


# ---------------------------------------------------------------- equal, and where not


def same(mine: Any, theirs: Any, tolerance: float, floor: float = 1.0) -> bool:
    """Equal in kind, in length and, to `tolerance`, in value; exceptions are equal in kind alone.

    Numbers and rows are compared by value, whatever type holds them. True is no number, and nan
    equals nan. The tolerance is relative to the size of `theirs`, or to `floor` where it is larger.
    """
    mine, theirs = _plain(mine), _plain(theirs)
    if isinstance(theirs, (BaseException, torch.Generator)):
        return type(mine) is type(theirs)
    if is_number(mine) and is_number(theirs):
        close = math.isfinite(theirs) and abs(mine - theirs) <= tolerance * max(abs(theirs), floor)
        return mine == theirs or close or (math.isnan(mine) and math.isnan(theirs))
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return mine.keys() == theirs.keys() and all(
            same(mine[key], theirs[key], tolerance, floor) for key in theirs
        )
    if not isinstance(mine, type(theirs)) or isinstance(mine, bool) != isinstance(theirs, bool):
        return False
    parts = getattr(theirs, "__dict__", None)
    return bool(mine == theirs) or bool(parts and same(vars(mine), parts, tolerance, floor))


def difference(mine: Any, theirs: Any, tolerance: float, at: str = "") -> str:
    """Where two values differ first, and how: "entry [2][0] is 0.4; it should be 0.5."."""
    shapes = [tuple(getattr(value, "shape", ())) for value in (mine, theirs)]
    if all(shapes) and shapes[0] != shapes[1]:
        return f"the shape{at and f' of entry {at}'} is {shapes[0]}; it should be {shapes[1]}."
    parts, wanted = _plain(mine), _plain(theirs)
    if isinstance(parts, dict) and isinstance(wanted, dict):
        for key in wanted | parts:
            entry = f"{at}[{describe(key)}]"
            if key not in parts or key not in wanted:
                ending = "is missing" if key in wanted else "should not be there"
                return f"entry {entry} {ending}."
            if not same(parts[key], wanted[key], tolerance):
                return difference(parts[key], wanted[key], tolerance, entry)
    texts = describe(mine), describe(theirs)
    if is_number(parts) and is_number(wanted):
        digits = next((d for d in (6, 9) if f"{parts:.{d}g}" != f"{wanted:.{d}g}"), 17)
        texts = f"{parts:.{digits}g}", f"{wanted:.{digits}g}"
    elif _kind(mine) != _kind(theirs):
        texts = texts[0], _kind(theirs)
    ending = f"; it should be {texts[1]}." if texts[0] != texts[1] else ", which is not it."
    return f"{f'entry {at} is' if at else 'you gave'} {texts[0]}{ending}"


def _plain(value: Any) -> Any:
    """What holds a number as a number, rows by their places as a dict, anything else as it is."""
    if isinstance(value, (torch.Tensor, np.ndarray, np.generic)) and math.prod(value.shape) < 1e6:
        value = value.tolist()
    elif isinstance(value, SupportsFloat) and not isinstance(value, (int, torch.Tensor)):
        value = float(value)
    return dict(enumerate(value)) if isinstance(value, (list, tuple, range)) else value


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


# ---------------------------------------------------------------- in words


def describe(value: Any) -> str:
    """A value in a few words: numbers to six digits, tensors by shape unless they are small."""
    return _WORDS.repr(value)


def _kind(value: Any) -> str:
    if isinstance(value, torch.Tensor) and value.dim():
        return f"a tensor of shape {tuple(value.shape)}"
    return "a number" if is_number(_plain(value)) else f"of type {type(value).__name__}"


class _Words(reprlib.Repr):
    """What is long is cut short."""

    def repr1(self, x: Any, level: int) -> str:
        if isinstance(x, torch.Tensor) and x.dim():
            small = x.numel() <= self.maxlist
            return f"tensor({self.repr1(x.tolist(), level)})" if small else _kind(x)
        if isinstance(plain := _plain(x), float):
            return f"{plain:.6g}"
        if inspect.isfunction(x):
            return "the function" if x.__name__ == "<lambda>" else x.__name__
        return super().repr1(x, level)


_WORDS = _Words()
_WORDS.maxstring = _WORDS.maxother = 60


class _Watch(TorchFunctionMode):
    """Notes which functions of torch are called, and "autograd" where it follows a tensor."""

    def __init__(self):
        super().__init__()
        self.seen = set()

    def __torch_function__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        followed = isinstance(out, torch.Tensor) and out.requires_grad
        self.seen.add("autograd" if followed else getattr(func, "__name__", ""))
        return out
