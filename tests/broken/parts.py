"""Changes to the sample that leave out a part, or put it elsewhere."""

from nbformat.v4 import new_markdown_cell

from rules.parts import COURSE_IS_MISSING
from sample import TABLE, drop, more, output, replace


def untag(notebook):
    notebook.cells[0].metadata.clear()


def swap(notebook):
    cells = notebook.cells
    places = [i for i, c in enumerate(cells) if c.source.startswith(("## Further", "## Next"))]
    cells[places[0]], cells[places[1]] = cells[places[1]], cells[places[0]]


BROKEN = {
    "opening_says_what_and_how_long": [
        replace("# 01 A sample", "# 02 A sample"),
        replace("**You need** eyes.", ""),
        replace("**Reading** 5 minutes", "**Reading** some minutes"),
        replace("**running** 2 seconds", ""),
    ],
    "sections_stand_in_order": [
        drop("## Further reading"),
        drop("## What the study notes asked"),
        untag,
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
    "memory_is_given_back": [replace("Shut Down Kernel", "Go on")],
    "next_chapter_is_linked": [
        replace("[02 The last]", "[02 The end]"),
        replace("02_last.ipynb", "03_last.ipynb"),
    ],
}
