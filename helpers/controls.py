"""What a slider figure is moved with: a range, a list of values, or a control of ipywidgets."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets


@dataclass
class Control:
    """A slider over a countable list of values; `index` is the place where it stands."""

    label: str
    values: Sequence[Any]
    texts: Sequence[str]
    index: int

    @property
    def value(self) -> Any:
        return self.values[self.index]


def control(
    name: str, spec: Any, *, label="", unit="", read: Callable | None = None, start: Any = None
) -> Control | ipywidgets.Widget:
    """The control for `spec`: `(low, high, step)`, `(low, high, step, start)`, or a list of values.

    `label` stands for the name, `read` gives the words in which a value reads, and `unit` what
    stands behind it; `start` sets the first value of a list, which is the leftmost otherwise. A
    control of ipywidgets is returned as it is. Raises ValueError or TypeError that names it.
    """
    if isinstance(spec, ipywidgets.Widget) and spec.has_trait("value"):
        return spec
    if isinstance(spec, tuple):
        values, first = _steps(name, spec)
    elif isinstance(spec, list) and spec:
        values, first = spec, spec[0]
    else:
        raise TypeError(
            f"{name}={spec!r}: give (low, high, step), (low, high, step, start), a list of values, "
            "or a control of ipywidgets that has a value."
        )
    first = first if start is None else start
    if first not in values:
        raise ValueError(f"{name}: start {first!r} is not on the slider.")
    texts = [f"{(read or text)(value)} {unit}".rstrip() for value in values]
    return Control(label or name.replace("_", " "), values, texts, values.index(first))


def _steps(name: str, spec: tuple) -> tuple[list, Any]:
    """The values of a range, and which of them is the start."""
    if len(spec) not in (3, 4) or not all(isinstance(part, (int, float)) for part in spec):
        raise ValueError(f"{name}={spec!r}: give (low, high, step) or (low, high, step, start).")
    low, high, step, start = (*spec, spec[0])[:4]
    if step <= 0 or high <= low:
        raise ValueError(f"{name}={spec!r}: low must be below high, and step above 0.")
    # Rounded, so that 0.1 + 2 × 0.1 is the 0.3 that the reader sees; whole numbers stay whole.
    count = math.floor((high - low) / step + 1e-9)
    values = [round(low + i * step, 12) for i in range(count + 1)]
    nearest = min(values, key=lambda value: abs(value - start))
    if abs(nearest - start) > 1e-9:
        raise ValueError(f"{name}: start {start} is not on the slider; nearest is {nearest}.")
    return values, nearest


def text(value: Any) -> str:
    """A value in words: short, with the minus sign of print, without the tail of fractions."""
    written = f"{value:.6g}" if isinstance(value, float) else str(value)
    return f"−{written[1:]}" if isinstance(value, (int, float)) and value < 0 else written
