"""A sample chapter in which no rule finds a fault, and ways to change it."""

import copy
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from chapter import Chapter
from execute import LANGUAGE_INFO
from rules.parts import COURSE_IS_MISSING

PNG = "iVBORw0KGgo="
IMPORTS = f"import torch\n\n{COURSE_IS_MISSING}\nfrom helpers.chapters.ch00 import quiz"
ALT = "A curve rises from left to right."
FAR, SLIDER, TABLE, STUB = 3, 4, 6, 7  # code cells of the sample


def code(source: str, *outputs) -> nbformat.NotebookNode:
    return new_code_cell(source, outputs=list(outputs))


def said(text: str):
    return new_output("stream", name="stdout", text=text)


def picture():
    return new_output(
        "display_data",
        {"image/png": PNG, "text/plain": ALT},
        metadata={"image/png": {"alt": ALT}},
    )


def folds(*answers: str):
    """What `reveal` shows where nobody has guessed."""
    return [
        new_output(
            "display_data",
            {
                "text/html": f"<details><summary>What came out</summary>{answer}</details>",
                "text/plain": "What came out is folded in here.",
            },
        )
        for answer in answers
    ]


def hidden(cell: nbformat.NotebookNode) -> nbformat.NotebookNode:
    cell.metadata = nbformat.from_dict({"tags": ["hide-input"], "jupyter": {"source_hidden": True}})
    return cell


def exercise_cells(n: int, name: str) -> list[nbformat.NotebookNode]:
    return [
        new_markdown_cell(f"**Exercise {n}.** Find it."),
        code(
            f'{name} = ...\ncheck("{name}", {name})',
            said(f"○ {name}: not attempted yet. Replace it.\n"),
        ),
        new_markdown_cell(
            "<details><summary>Hint</summary>Count.</details>\n"
            f"<details><summary>Solution</summary>\n\n```python\n{name} = 1\n```\n</details>"
        ),
    ]


def sample() -> nbformat.NotebookNode:
    """A chapter 01 in which no rule finds a fault."""
    cells = [
        new_markdown_cell(
            "# 01 A sample\n\n**You will be able to** see. **You need** eyes. "
            "**Reading** 5 minutes, **running** 2 seconds.",
            metadata={"tags": ["asked"]},
        ),
        code(IMPORTS),
        new_markdown_cell("## Before you start"),
        code("quiz()"),
        new_markdown_cell("## A story\n\nHow [far](00_first.ipynb#The-map); see [below](#Next)."),
        code('a = predict("A?", [1, 2])\nb = predict("B?", [1, 2])'),
        code("a.reveal(1)\nb.reveal(2)\nprint(1)", said("1\n"), *folds("It is 1.", "It is 2.")),
        new_markdown_cell("Where does it stop, at 2.50<!-- far -->, 1,024<!-- big --> or `0.1`?"),
        hidden(
            code(
                "def put(x):\n    dot.set(x)\n\n\ndef move(x):\n    put(x)\n\n\n"
                "sliders(fig, [dot], move, x=(0, 1, 1))",
                picture(),
            )
        ),
        new_markdown_cell("## A race\n\nOne beats two."),
        code('claim("One beats two.", one < two)', said("✓ One beats two.\n")),
        new_markdown_cell("## What was measured"),
        code(
            'measured(far=("2.50", "m"), big=(1024, "m"))',
            said("far   2.50  how far\nbig  1,024  how big\n"),
        ),
        new_markdown_cell("## What the study notes asked\n\nHow far."),
        new_markdown_cell("## Your turn"),
        *exercise_cells(1, "one"),
        *exercise_cells(2, "two"),
        *exercise_cells(3, "three"),
        new_markdown_cell(
            "## Further reading\n\nA paper, section 2.1, that says 109<!-- given -->."
        ),
        new_markdown_cell("## Next\n\n*Shut Down Kernel* first.\n\n[02 The last](02_last.ipynb)"),
    ]
    numbered = [cell for cell in cells if cell.cell_type == "code"]
    for n, cell in enumerate(numbered, 1):
        cell.execution_count = n
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return new_notebook(cells=cells, metadata={**metadata, "language_info": LANGUAGE_INFO})


def write_sample(notebook: nbformat.NotebookNode, folder: Path) -> Chapter:
    for name, text in {"00_first": "# 00 First\n\n## The map", "02_last": "# 02 The last"}.items():
        nbformat.write(new_notebook(cells=[new_markdown_cell(text)]), folder / f"{name}.ipynb")
    path = folder / "01_sample.ipynb"
    nbformat.write(notebook, path)
    return Chapter(path)


def replace(old: str, new: str):
    """A change: `old` becomes `new` in the sources of the sample, where it must occur."""

    def change(notebook):
        assert any(old in cell.source for cell in notebook.cells), old
        for cell in notebook.cells:
            cell.source = cell.source.replace(old, new)

    return change


def output(place: int, **changes):
    """A change: the first output of the code cell at `place` gets other fields."""

    def change(notebook):
        cell = [cell for cell in notebook.cells if cell.cell_type == "code"][place]
        cell.outputs[0].update(nbformat.from_dict(changes))

    return change


def drop(start: str):
    """A change: the first cell whose source starts so is not there."""

    def change(notebook):
        gone = next(cell for cell in notebook.cells if cell.source.startswith(start))
        notebook.cells.remove(gone)

    return change


def more(cell: nbformat.NotebookNode, place: int):
    """A change: one cell more, at `place` or behind all others."""

    def change(notebook):
        notebook.cells.insert(place, copy.deepcopy(cell))

    return change
