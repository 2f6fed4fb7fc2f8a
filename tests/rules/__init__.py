"""What is asked of a committed chapter: each rule finds the faults of one kind.

`RULES` holds them, by subject in the modules of this folder; a rule is a function from a chapter to
the faults it finds, in words.
"""

from rules import claims, committed, exercises, page, parts, prose
from rules.registry import RULES

__all__ = ["RULES", "claims", "committed", "exercises", "page", "parts", "prose"]
