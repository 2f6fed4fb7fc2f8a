"""Every rule of rules.py catches its fault, and finds none where there is none.

`BROKEN` holds for each rule what it must catch: changes to a sample chapter without a fault.
"""

import copy
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from chapter import Chapter
from execute import LANGUAGE_INFO, WIDGET_VIEW
from rules import COURSE_IS_MISSING, LARGEST_NOTEBOOK, REGISTRIES, RULES, dead_links, faults_of_text

PNG = "iVBORw0KGgo="
IMPORTS = f"import torch\n\n{COURSE_IS_MISSING}\nfrom helpers.chapters.ch00 import quiz"
ALT = "A curve rises from left to right."


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
            "**Reading** 5 minutes, **running** 2 seconds."
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


def count(notebook):
    notebook.cells[3].execution_count = 7


def collapse(notebook):
    notebook.cells[3].metadata["collapsed"] = True


def half_folded(notebook):
    notebook.cells[3].metadata["tags"] = ["hide-input"]


def folded_by_hand(notebook):
    notebook.cells[3].metadata["jupyter"] = {"source_hidden": True}


def open_slider(notebook):
    next(cell for cell in notebook.cells if "sliders(" in cell.source).metadata.clear()


def revealed_nowhere(notebook):
    reveal = next(cell for cell in notebook.cells if "reveal" in cell.source)
    reveal.outputs = reveal.outputs[:1]


def revealed_elsewhere(notebook):
    reveal = next(cell for cell in notebook.cells if "reveal" in cell.source)
    reveal.outputs += folds("It is 3, which was not among the choices.")


def fold_import(notebook):
    hidden(notebook.cells[1])


def timing(notebook):
    notebook.cells[3].metadata["execution"] = {"iopub.status.busy": "2026-01-01"}


def version(notebook):
    notebook.metadata.language_info["version"] = "3.11.7"


def kernel(notebook):
    notebook.metadata.kernelspec["name"] = "my-venv"


def state(notebook):
    notebook.metadata["widgets"] = {}


def swap(notebook):
    cells = notebook.cells
    places = [i for i, c in enumerate(cells) if c.source.startswith(("## Further", "## Next"))]
    cells[places[0]], cells[places[1]] = cells[places[1]], cells[places[0]]


def tag(notebook):
    notebook.cells[3].metadata["tags"] = ["nbval-ignore-output"]


STDERR = {"output_type": "stream", "name": "stderr", "text": "UserWarning: old"}
ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
LONG = "\n".join(f"x{n} = {n}" for n in range(26))
FAR, SLIDER, TABLE, STUB = 3, 4, 5, 6  # code cells of the sample

BROKEN: dict[str, list] = {
    "counts_run_from_one": [count, more(code("x = 1"), 2), replace(IMPORTS, "")],
    "metadata_is_clean": [collapse, timing, version, state, kernel, half_folded, folded_by_hand],
    "no_widget_state": [
        state,
        output(SLIDER, data={"text/plain": ALT, WIDGET_VIEW: {"model_id": "1"}}),
    ],
    "no_errors_or_warnings": [output(FAR, **STDERR), output(FAR, **ERROR)],
    "no_machine_paths": [
        output(FAR, text="saved in /" + "home/ada/x\n"),
        output(FAR, text="see C:" + "\\Users\\ada\n"),
        output(SLIDER, data={"image/png": PNG, "text/plain": "/" + "tmp/ipykernel_1/2.py"}),
        replace("import torch", 'load("/' + 'root/names.txt")'),
    ],
    "pictures_have_alternative_text": [
        output(SLIDER, data={"image/png": PNG}),
        output(SLIDER, data={"image/png": PNG, "text/plain": "<Figure size 900x320 with 1 Axes>"}),
        output(SLIDER, data={"image/png": PNG, "text/plain": "A curve"}),
        output(SLIDER, metadata={}),
    ],
    "drawing_is_folded": [open_slider, fold_import],
    "sliders_stand_by_their_question": [more(code("x = 1"), 8)],
    "answers_are_folded": [
        output(FAR, text="It is 1.\n"),
        revealed_nowhere,
        revealed_elsewhere,
    ],
    "memory_is_given_back": [replace("Shut Down Kernel", "Go on")],
    "notebook_is_small": [output(FAR, text="x" * LARGEST_NOTEBOOK)],
    "code_cells_are_short": [replace("import torch", LONG)],
    "exempt_cells_say_why": [
        replace("import torch", "# NBVAL_IGNORE_OUTPUT\nimport torch"),
        replace("import torch", "import torch\n# NBVAL_SKIP"),
        tag,
    ],
    "opening_says_what_and_how_long": [
        replace("# 01 A sample", "# 02 A sample"),
        replace("**You need** eyes.", ""),
        replace("**Reading** 5 minutes", "**Reading** some minutes"),
        replace("**running** 2 seconds", ""),
    ],
    "sections_stand_in_order": [
        drop("## Further reading"),
        drop("## What the study notes asked"),
        swap,
        more(new_markdown_cell("## An afterthought"), 100),
        replace("## A story", "# A story"),
    ],
    "chapter_before_is_asked": [
        replace("ch00 import quiz", "ch01 import quiz"),
        replace("quiz()", ""),
        replace("quiz()", "print()\nquiz()"),
        drop("## Before you start"),
    ],
    "first_cell_says_what_is_missing": [
        replace(COURSE_IS_MISSING, "# Imports."),
        replace("import torch\n", "import helpers\n"),
    ],
    "measurements_are_listed": [
        replace('measured(far=("2.50", "m"),', 'measured(near=("2.50", "m"),'),
        replace("measured(", "print("),
        drop("## What was measured"),
        output(TABLE, text=""),
    ],
    "reader_drags": [
        replace("sliders(", "show("),
        replace("or `0.1`?", "or `0.1`."),
        output(SLIDER, data={"text/plain": ALT}),
    ],
    "reader_predicts": [replace('b = predict("B?", [1, 2])', ""), replace("b.reveal(2)", "")],
    "exercises_are_whole": [
        replace("three", "two"),
        replace('check("three", three)', 'check("three", three)\nprint()'),
        replace("**Exercise 2.**", "**Exercise 3.**"),
        replace("one = ...", "one = None"),
        replace("<details><summary>Hint</summary>Count.</details>", ""),
        replace("```python\ntwo = 1\n```", "Two."),
        replace("```python\ntwo = 1\n", '```python\ntwo = 1\ncheck("two", two)\n'),
        drop("## Your turn"),
        output(STUB, text="✓ one: right.\n"),
    ],
    "folds_are_closed": [replace("```\n</details>", "```\n"), replace("Hint</summary>", "Hint")],
    "next_chapter_is_linked": [
        replace("[02 The last]", "[02 The end]"),
        replace("02_last.ipynb", "03_last.ipynb"),
    ],
    "links_resolve": [
        replace("00_first.ipynb#", "00_none.ipynb#"),
        replace("#The-map", "#The-maps"),
        replace("(#Next)", "(#next)"),
        replace("How far.", "![A curve.](../images/none.png)"),
        replace("How far.", "![](00_first.ipynb)"),
        replace("How far.", '<img src="00_first.ipynb">'),
        replace("How far.", "![A curve.](attachment:curve.png)"),
    ],
    "sliders_keep_their_names": [
        replace("measured(far", "dot = 1\nmeasured(far"),
        replace("measured(far", "def put():\n    pass\n\n\nmeasured(far"),
    ],
    "words_do_not_belittle_or_shout": [
        replace("How far.", "Just how far."),
        replace("How far.", "This is simply far."),
        replace("How far.", "How far!"),
    ],
    "numbers_are_measured": [
        replace("2.50<!--", "2.5<!--"),
        replace("2.50<!--", "-2.50<!--"),
        replace("<!-- far -->", "<!-- near -->"),
        replace("2.50<!-- far -->", "2.50"),
        replace("2.50<!-- far -->", "far<!-- far -->"),
        replace("1,024<!-- big -->", "1,025<!-- big -->"),
        replace("How far.", "Half of it, 50 %."),
        output(TABLE, text="far   2.51  how far\nbig  1,024  how big\n"),
    ],
}


def test_no_rule_finds_fault_with_the_sample(tmp_path):
    chapter = write_sample(sample(), tmp_path)
    assert {rule.__name__: faults for rule in RULES if (faults := rule(chapter))} == {}


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        pytest.param(rule, change, id=f"{rule.__name__}-{n}")
        for rule in RULES
        for n, change in enumerate(BROKEN[rule.__name__])
    ],
)
def test_rule_catches(rule, change, tmp_path):
    notebook = sample()
    change(notebook)
    assert rule(write_sample(notebook, tmp_path))


def test_dead_links_of_a_page_are_found(tmp_path):
    page = tmp_path / "README.md"
    page.write_text(
        "## Set up, then *run*\n\n[a](#set-up-then-run) [b](#Set-up) [c](none.md) ![](p.png)\n"
        "`[code](none.py)` <img src='p.png'> [d](lab?path=notebooks%2F77_none.ipynb)\n"
        "[e](https://example.org/lab/tree/notebooks/77_none.ipynb)\n"
    )
    (tmp_path / "p.png").touch()
    faults = "\n".join(dead_links(page.read_text(), page))
    for wanted in ("#Set-up: no such heading", "none.md: no such file", "alternative text"):
        assert wanted in faults
    assert faults.count("no notebook 77_none.ipynb") == 2
    assert "none.py" not in faults
    assert "#set-up-then-run" not in faults


def test_registries_and_machines_are_found():
    assert faults_of_text("see https://" + REGISTRIES[0] + "/x") == [REGISTRIES[0]]
    for path in ("/" + "home/ada/x", "/" + "Users/ada", "in /" + "tmp/x", "C:" + "\\Users\\ada"):
        assert faults_of_text(f"from {path} on"), path
    assert not faults_of_text("https://example.org/home/x notebooks/work/x ~/tmp /tmp")
