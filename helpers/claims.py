"""What a chapter claims when it compares, as a line of code that fails like a test."""

import json
import os
from pathlib import Path


def claim(sentence: str, holds: bool, margin: float | None = None) -> None:
    """Print that the claim holds; AssertionError where it does not.

    `margin` is the number by which it holds, in the claim's own unit, and below zero where it does
    not. It is not printed, because it differs from machine to machine: `make replicate`, which runs
    the chapters on other seeds, writes down the smallest.

    Raises ValueError for a sentence without its full stop, or a margin that contradicts `holds`.
    """
    if not sentence.rstrip().endswith("."):
        raise ValueError(f"{sentence!r} is not a sentence: say what is claimed, to the full stop.")
    holds, margin = bool(holds), None if margin is None else float(margin)
    if margin is not None and (margin > 0) != holds:
        raise ValueError(f"margin is {margin:g} for a claim that is {holds}: {sentence}")
    if log := os.environ.get("COURSE_CLAIMS"):  # a replication counts, and goes on
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(json.dumps([sentence, holds, margin]) + "\n")
    elif not holds:
        by = "" if margin is None else f" It misses by {-margin:.3g}."
        raise AssertionError(f"This claim does not hold here: {sentence}{by}")
    print(f"{'✓' if holds else '✗'} {sentence}")
