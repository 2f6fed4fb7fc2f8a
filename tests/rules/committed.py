"""A committed notebook: executed in order, clean of its machine, small, no fault left in it."""

import re

from chapter import Chapter, folded, tags
from execute import LANGUAGE_INFO, WIDGET_VIEW
from rules.registry import rule
from rules.repository import MACHINE_PATH

LONGEST_CODE_CELL = 25  # lines
LARGEST_NOTEBOOK = 1_500_000  # bytes: pictures are kept at double density


@rule
def counts_run_from_one(chapter: Chapter) -> list[str]:
    faults = []
    for expected, (i, cell) in enumerate(chapter.code, 1):
        if not cell.source.strip():
            faults.append(f"cell {i} is empty")
        counts = {cell.execution_count} | {
            output.execution_count
            for output in cell.outputs
            if output.output_type == "execute_result"
        }
        if counts != {expected}:
            faults.append(f"cell {i}: execution count {counts}, not {expected}")
    return faults


@rule
def metadata_is_clean(chapter: Chapter) -> list[str]:
    faults = []
    metadata = chapter.notebook.metadata
    if extra := set(metadata) - {"kernelspec", "language_info"}:
        faults.append(f"notebook metadata {sorted(extra)}")
    if metadata.get("kernelspec", {}).get("name") != "python3":
        faults.append("the kernel is not python3")
    if metadata.get("language_info") != LANGUAGE_INFO:
        faults.append("language_info holds more than the language, such as the version of Python")
    for i, cell in enumerate(chapter.cells):
        if extra := set(cell.metadata) - {"tags", "jupyter"}:
            faults.append(f"cell {i}: metadata {sorted(extra)}")
        # JupyterLab folds a cell by one of them, builders of pages by the other.
        hidden = {"source_hidden": True} if folded(cell) else None
        if cell.metadata.get("jupyter") != hidden:
            faults.append(f"cell {i}: hide-input and jupyter.source_hidden go together, alone")
    return faults


@rule
def no_widget_state(chapter: Chapter) -> list[str]:
    faults = ["saved widget state"] if "widgets" in chapter.notebook.metadata else []
    return faults + [
        f"cell {i}: a widget view in an output"
        for i, cell in chapter.code
        for output in cell.outputs
        if WIDGET_VIEW in output.get("data", {})
    ]


@rule
def no_errors_or_warnings(chapter: Chapter) -> list[str]:
    return [
        f"cell {i}: {output.get('ename', 'stderr')}: {output.get('text', '')[:80]}"
        for i, cell in chapter.code
        for output in cell.outputs
        if output.output_type == "error" or output.get("name") == "stderr"
    ]


@rule
def no_machine_paths(chapter: Chapter) -> list[str]:
    faults = []
    for i, cell in enumerate(chapter.cells):
        said = [cell.source]
        for output in cell.get("outputs", []):
            said += [output.get("text", ""), *output.get("traceback", [])]
            said += [str(v) for k, v in output.get("data", {}).items() if k != "image/png"]
        faults += [
            f"cell {i}: {found[0]!r}" for text in said for found in MACHINE_PATH.finditer(text)
        ]
    return faults


@rule
def notebook_is_small(chapter: Chapter) -> list[str]:
    size = chapter.path.stat().st_size
    return [f"{size:,} bytes"] if size > LARGEST_NOTEBOOK else []


@rule
def code_cells_are_short(chapter: Chapter) -> list[str]:
    return [
        f"cell {i}: {lines} lines of code"
        for i, cell in chapter.code
        if (lines := len(cell.source.strip().splitlines())) > LONGEST_CODE_CELL
    ]


@rule
def exempt_cells_say_why(chapter: Chapter) -> list[str]:
    faults = []
    for i, cell in chapter.code:
        if exempt := [tag for tag in tags(cell) if "nbval" in tag]:
            faults.append(
                f"cell {i}: tag {exempt}; exempt a cell in a comment, where readers see it"
            )
        lines = [line.strip() for line in cell.source.splitlines()]
        for n, line in enumerate(lines):
            if not re.fullmatch(r"#+\s*(?:NBVAL|PYTEST_VALIDATE)_\w+", line):
                continue
            beside = lines[max(n - 1, 0) : n] + lines[n + 1 : n + 2]
            if not any(b.startswith("#") and len(b.split()) > 4 for b in beside):
                faults.append(f"cell {i}: {line} without a comment beside it that says why")
    return faults
