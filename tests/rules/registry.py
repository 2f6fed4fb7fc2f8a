"""The list of all rules, filled as the modules beside this one are imported."""

from collections.abc import Callable

from chapter import Chapter

Rule = Callable[[Chapter], list[str]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    RULES.append(function)
    return function
