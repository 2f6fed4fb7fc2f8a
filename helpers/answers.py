"""How an exercise's answer is compared: with what is right, and with the usual mistakes."""

import copy
import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch


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
            arguments = _fresh(case)
            _run(answer, arguments, copied=True)
            for after, before in zip(arguments, case, strict=True):
                if isinstance(before, (torch.Tensor, list)) and not same(after, before, 0.0):
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
        if same(answer, self.right, self.tolerance, floor=0.0):
            return None
        for message, value in self.mistakes.items():
            if same(answer, value, self.tolerance, floor=0.0):
                return message
        return _difference(answer, self.right, tell=False)


def same(mine: Any, theirs: Any, tolerance: float, floor: float = 1.0) -> bool:
    """Equal in kind, shape and, to `tolerance`, in value; exceptions are equal in kind alone.

    Nan equals nan. The tolerance is relative to the size of `theirs`, or to `floor` where that is
    larger.
    """
    if isinstance(theirs, Exception):
        return type(mine) is type(theirs)
    if _is_number(mine) and _is_number(theirs):
        mine, theirs = float(mine), float(theirs)
        if math.isnan(mine) or math.isnan(theirs):
            return math.isnan(mine) and math.isnan(theirs)
        return mine == theirs or abs(mine - theirs) <= tolerance * max(abs(theirs), floor)
    if isinstance(mine, torch.Tensor) and isinstance(theirs, torch.Tensor):
        if mine.shape != theirs.shape:
            return False
        mine, theirs = mine.detach().double(), theirs.detach().double()
        return torch.allclose(mine, theirs, tolerance, tolerance * floor, equal_nan=True)
    if isinstance(mine, (list, tuple)) and isinstance(theirs, (list, tuple)):
        return len(mine) == len(theirs) and _agree(mine, theirs, tolerance)
    return type(mine) is type(theirs) and bool(mine == theirs)


def _agree(ours: Sequence, theirs: Sequence, tolerance: float) -> bool:
    return all(same(a, b, tolerance) for a, b in zip(ours, theirs, strict=True))


def _is_number(value: Any) -> bool:
    if isinstance(value, torch.Tensor):
        return value.dim() == 0
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _run(function: Callable, case: tuple, copied: bool = False) -> Any:
    # The reader's own exception is an answer too; the stop button is not.
    try:
        return function(*(case if copied else _fresh(case)))
    except Exception as error:
        return error


def _fresh(case: tuple) -> tuple:
    """A copy of the arguments, so that no answer can spoil the next one's."""
    return tuple(
        argument.clone_state() if isinstance(argument, torch.Generator) else copy.deepcopy(argument)
        for argument in case
    )


def _difference(mine: Any, theirs: Any, tell: bool = True) -> str:
    arrays = all(isinstance(value, torch.Tensor) and value.dim() for value in (mine, theirs))
    if arrays and mine.shape != theirs.shape:
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
