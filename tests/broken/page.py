"""Changes to the sample that a reader would meet on the page."""

from sample import ALT, FAR, PNG, SLIDER, code, folds, hidden, more, output, replace


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


BROKEN = {
    "pictures_have_alternative_text": [
        output(SLIDER, data={"image/png": PNG}),
        output(SLIDER, data={"image/png": PNG, "text/plain": "<Figure size 900x320 with 1 Axes>"}),
        output(SLIDER, data={"image/png": PNG, "text/plain": "A curve"}),
        output(SLIDER, metadata={}),
    ],
    "reader_drags": [
        replace("sliders(", "show("),
        replace("or `0.1`?", "or `0.1`."),
        output(SLIDER, data={"text/plain": ALT}),
    ],
    "drawing_is_folded": [open_slider, fold_import],
    "sliders_stand_by_their_question": [more(code("x = 1"), 8)],
    "sliders_keep_their_names": [
        replace("measured(far", "dot = 1\nmeasured(far"),
        replace("measured(far", "def put():\n    pass\n\n\nmeasured(far"),
    ],
    "answers_are_folded": [
        output(FAR, text="It is 1.\n"),
        revealed_nowhere,
        revealed_elsewhere,
    ],
    "folds_are_closed": [replace("```\n</details>", "```\n"), replace("Hint</summary>", "Hint")],
}
