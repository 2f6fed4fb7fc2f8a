"""What a reader does in a chapter: predictions and exercises."""

import ast

from chapter import Chapter, printed
from rules.registry import rule


@rule
def reader_predicts(chapter: Chapter) -> list[str]:
    asked, answered = len(chapter.calls("predict")), len(chapter.calls("reveal"))
    faults = []
    if asked < 2 and chapter.before:
        faults.append(f"{asked} predictions; a chapter has two or more")
    if answered < asked:
        faults.append(f"{asked} predictions, {answered} of them revealed")
    return faults


@rule
def exercises_are_whole(chapter: Chapter) -> list[str]:
    exercises = chapter.exercises
    faults = []
    if not 3 <= len(exercises) <= 6:
        faults.append(f"{len(exercises)} exercises; a chapter has three to six")
    if len(chapter.calls("check")) != len(exercises):
        faults.append("a check that is not the last line of its cell")
    for n, exercise in enumerate(exercises, 1):
        above = chapter.cells[exercise.index - 1]
        missing = {
            f"a text above with '**Exercise {n}.**'": above.cell_type == "markdown"
            and f"**Exercise {n}.**" in above.source,
            "a place under 'Your turn'": chapter.section_of(exercise.index) == "## Your turn",
            "a stub with …": any(
                isinstance(node, ast.Constant) and node.value is ...
                for node in ast.walk(ast.parse(exercise.stub))
            ),
            "a folded hint below": exercise.hints >= 1,
            "one folded solution below": len(exercise.solutions) == 1,
            "a solution without the check": not any("check(" in s for s in exercise.solutions),
            "the output 'not attempted yet'": printed(chapter.cells[exercise.index]).startswith(
                f"○ {exercise.name}: not attempted yet"
            ),
        }
        faults += [f"{exercise.name} lacks {what}" for what, there in missing.items() if not there]
    names = [exercise.name for exercise in exercises]
    return faults + [f"{name} stands twice" for name in set(names) if names.count(name) > 1]
