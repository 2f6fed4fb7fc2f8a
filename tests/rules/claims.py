"""What a chapter says when it compares: a claim stands beside it, and fails like a test."""

import ast
import re

from chapter import Chapter, prose
from rules.registry import rule

COMPARES = re.compile(
    r"\b(?:beats?|beaten|outperforms?|overtakes?|ahead|no difference|trails|level with"
    r"|(?:better|worse|faster|slower|lower|higher) than|no (?:better|worse)|does better|do better"
    r"|as (?:good|well|fast) as|leads? (?:by|in|at|of)|lower loss|higher loss|wins)\b",
    re.IGNORECASE,
)
# Sections that ask, quote, or repeat what was claimed above.
APART = {"", "## What was measured", "## What the study notes asked", "## Your turn"}
APART |= {"## Before you start", "## Further reading", "## Next", "## Glossary"}


@rule
def comparisons_are_claims(chapter: Chapter) -> list[str]:
    """A section that compares, in prose or in a figure's title, has a claim of its own."""
    claimed = {chapter.section_of(i) for i, _ in chapter.calls("claim")}
    said = [(i, prose(cell.source)) for i, cell in chapter.markdown] + titles(chapter)
    return [
        f"cell {i}: {found[0]!r} compares, and {section[3:]!r} has no claim"
        for i, text in said
        if (section := chapter.section_of(i)) not in APART | claimed
        and (found := COMPARES.search(" ".join(text.split())))
    ]


def titles(chapter: Chapter) -> list[tuple[int, str]]:
    """The titles of the figures, with the place of their cell."""
    calls = [*chapter.calls("set_title"), *chapter.calls("set"), *chapter.calls("frame")]
    return [
        (i, ast.unparse(part))
        for i, call in calls
        for part in [*call.args, *(key.value for key in call.keywords if key.arg == "title")]
        if isinstance(part, ast.Constant | ast.JoinedStr)
    ]
