"""Exercises, checked while the reader works, and the closing table of a chapter."""

import dis
import inspect
import io
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

from helpers import guard
from helpers.answers import FunctionCheck, ValueCheck, raised
from helpers.predictions import predict, score

__all__ = ["Exercises", "FunctionCheck", "ValueCheck", "measured", "predict"]


class Exercises(dict[str, Callable[[Any], str | None]]):
    """The exercises of a chapter by name, each a function that says what is wrong with an answer.

    As `check` it stands in the chapter's room: `check("name", answer)`.
    """

    def __call__(self, name: str, answer: Any) -> None:
        """Say whether `answer` solves the exercise `name`, and if not, what went wrong.

        Prints one of `○` (not attempted yet), `✗` (and what is wrong) and `✓`, and above it the
        beginning of what the answer itself printed. What the answer changes around it is put back.
        Raises ValueError where the chapter has no exercise of that name.
        """
        if name not in self:
            raise ValueError(f"No exercise here is called {name!r}; there are {', '.join(self)}.")
        if is_stub(answer):
            print(f"○ {name}: not attempted yet. Replace the … in this cell and run it again.")
            return
        printed = _Beginning()
        try:
            with guard.left_alone(), guard.time_limit(), redirect_stdout(printed):
                wrong = guard.outcome(self[name], answer)
        except guard.TimeUp:
            wrong = f"it was still running after {guard.LIMIT} seconds. Does a loop never end?"
        if isinstance(wrong, BaseException):
            wrong = f"it raises {raised(wrong)}."
        if printed.getvalue():
            print(printed.getvalue().rstrip("\n"))
        praise = f"✓ {name}: right. {getattr(self[name], 'praise', '')}".rstrip()
        print(f"✗ {name}: {wrong}" if wrong else praise)


class _Beginning(io.StringIO):
    """Keeps the first 1,000 characters that are written."""

    def write(self, text: str) -> int:
        return super().write(text[: max(0, 1_000 - self.tell())])


def is_stub(answer: Any) -> bool:
    """True for `...`, for a function whose body is `...` and for a class without one of its own."""
    if answer is ...:
        return True
    if inspect.isclass(answer):
        return all(is_stub(member) for member in vars(answer).values() if callable(member))
    return inspect.isfunction(answer) and _steps(answer) == _steps(lambda: None)


def _steps(function: Callable) -> list[tuple]:
    return [(step.opname, step.argval) for step in dis.get_instructions(function)]


# ---------------------------------------------------------------- the closing table


def measured(**rows: tuple[str | int, str]) -> None:
    """Print the table of what the chapter measured: `name=(value, meaning)`.

    The prose quotes a value with the row's name in a comment behind it, and a test holds the two
    together. Values are strings, formatted to the digits that are stable, or whole numbers.
    """
    for name, (value, _) in rows.items():
        if not isinstance(value, (str, int)):
            raise TypeError(f"{name}: format {value!r} as a string, to the digits that are stable.")
    values = [f"{value:,}" if isinstance(value, int) else value for value, _ in rows.values()]
    name_width, width = max(map(len, rows)), max(map(len, values))
    for (name, (_, meaning)), value in zip(rows.items(), values, strict=True):
        print(f"{name:<{name_width}}  {value:>{width}}  {meaning}")
    if score():
        print(f"\n{score()}")
