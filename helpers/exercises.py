"""Exercises, checked while the reader works, and the closing table of a chapter."""

import dis
import inspect
from collections.abc import Callable
from typing import Any

from helpers.answers import FunctionCheck, ValueCheck
from helpers.predictions import predict, score

__all__ = ["Exercises", "FunctionCheck", "ValueCheck", "measured", "predict"]


class Exercises(dict[str, Callable[[Any], str | None]]):
    """The exercises of a chapter by name, each a function that says what is wrong with an answer.

    As `check` it stands in the chapter's room: `check("name", answer)`.
    """

    def __call__(self, name: str, answer: Any) -> None:
        """Say whether `answer` solves the exercise `name`, and if not, what went wrong.

        Prints one of `○` (not attempted yet), `✗` (and what is wrong) and `✓`.
        Raises ValueError where the chapter has no exercise of that name.
        """
        if name not in self:
            raise ValueError(f"No exercise here is called {name!r}; there are {', '.join(self)}.")
        if is_stub(answer):
            print(f"○ {name}: not attempted yet. Replace the … in this cell and run it again.")
        elif wrong := self[name](answer):
            print(f"✗ {name}: {wrong}")
        else:
            print(f"✓ {name}: right. {getattr(self[name], 'praise', '')}".rstrip())


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
    if score():
        print(f"\n{score()}")
