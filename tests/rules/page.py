"""What a reader meets on the page: pictures and their sentences, sliders, and what is folded."""

import ast
import re

from chapter import Chapter, folded, printed
from helpers.missing import names_made
from rules.registry import rule


@rule
def pictures_have_alternative_text(chapter: Chapter) -> list[str]:
    faults = []
    for i, cell in chapter.code:
        for output in cell.outputs:
            for kind in output.get("data", {}):
                if not kind.startswith("image/"):
                    continue
                text = output.data.get("text/plain", "")
                if len(text.split()) < 4 or not text.endswith(".") or text.startswith("<"):
                    faults.append(
                        f"cell {i}: the picture's text form is {text!r}, no sentence; a figure "
                        "left open at the end of a cell is shown there without one"
                    )
                if output.metadata.get(kind, {}).get("alt") != text:
                    faults.append(f"cell {i}: the picture's metadata hold no alt, or another")
    return faults


def dragged(chapter: Chapter) -> list[tuple[int, ast.Call]]:
    """The calls that put a figure with sliders on the page, with the place of their cell."""
    return chapter.calls("sliders") + chapter.calls("live")


@rule
def reader_drags(chapter: Chapter) -> list[str]:
    calls = dragged(chapter)
    faults = [] if calls else ["no slider"]
    for i, _ in calls:
        # Between the question and the slider a figure may be drawn, and explained.
        above = [cell.source for j, cell in chapter.markdown if j < i][-2:]
        if not any("?" in text for text in above):
            faults.append(f"cell {i}: no question in the text above the slider")
        if not any("image/png" in output.get("data", {}) for output in chapter.cells[i].outputs):
            faults.append(f"cell {i}: the slider has no still picture")
    return faults


@rule
def drawing_is_folded(chapter: Chapter) -> list[str]:
    """A slider stands by its question, its code folded; what teaches is never folded."""
    sliders = {i for i, _ in dragged(chapter)}
    shows = sliders | {i for name in ("show", "four_plots") for i, _ in chapter.calls(name)}
    faults = []
    for i, cell in chapter.code:
        body = ast.parse(cell.source).body
        only_defines = all(isinstance(node, ast.FunctionDef) for node in body)
        if i in sliders and not folded(cell):
            faults.append(f"cell {i}: the slider's code is not folded")
        if folded(cell) and i not in shows and not only_defines:
            faults.append(f"cell {i}: folded, but it shows no picture")
    return faults


@rule
def sliders_stand_by_their_question(chapter: Chapter) -> list[str]:
    return [
        f"cell {i}: code stands between the question and the slider"
        for i, _ in dragged(chapter)
        if chapter.cells[i - 1].cell_type != "markdown"
    ]


@rule
def sliders_keep_their_names(chapter: Chapter) -> list[str]:
    """What a slider's function reads as it is dragged, no later cell may bind to another thing."""
    faults, functions = [], {}
    for place, cell in chapter.code:
        body = ast.parse(cell.source).body
        functions |= {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
        for call in (call for i, call in dragged(chapter) if i == place):
            named = [functions.get(getattr(argument, "id", None)) for argument in call.args]
            given = [argument for argument in call.args if isinstance(argument, ast.Lambda)]
            pending, read = [function for function in named + given if function], set()
            while pending:
                names = global_names(pending.pop()) - read
                read |= names
                pending += [functions[name] for name in names if name in functions]
            for later, other in chapter.code:
                if later > place and (clash := read & names_made(other.source)):
                    faults.append(f"cell {later} binds {sorted(clash)}, which a slider above reads")
    return faults


def names_in(node: ast.AST, context: type) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, context)}


def global_names(function: ast.FunctionDef | ast.Lambda) -> set[str]:
    """The names that a function reads and does not make itself."""
    own = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
    return names_in(function, ast.Load) - names_in(function, ast.Store) - own


@rule
def answers_are_folded(chapter: Chapter) -> list[str]:
    """What a prediction reveals is not in sight of a reader who has not guessed yet."""
    faults = []
    for i in sorted({i for i, _ in chapter.calls("reveal")}):
        cell = chapter.cells[i]
        shown = "".join(output.get("data", {}).get("text/html", "") for output in cell.outputs)
        if "<details>" not in shown or re.search(r"It is |The answer: ", printed(cell)):
            faults.append(f"cell {i}: what came out is not folded")
        if "not among the choices" in shown:
            faults.append(f"cell {i}: what came out is not among the choices")
    return faults


@rule
def folds_are_closed(chapter: Chapter) -> list[str]:
    return [
        f"cell {i}: a fold is not closed, or {what}"
        for i, cell in chapter.markdown
        for what, bad in {
            "its summary is not": cell.source.count("<summary>") != cell.source.count("</summary>"),
            "closed twice": cell.source.count("<details>") != cell.source.count("</details>"),
        }.items()
        if bad
    ]
