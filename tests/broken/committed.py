"""Changes to the sample that leave it not fit to be committed."""

from execute import WIDGET_VIEW
from rules.committed import LARGEST_NOTEBOOK
from sample import ALT, FAR, IMPORTS, PNG, SLIDER, code, more, output, replace

STDERR = {"output_type": "stream", "name": "stderr", "text": "UserWarning: old"}
ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
LONG = "\n".join(f"x{n} = {n}" for n in range(26))


def count(notebook):
    notebook.cells[3].execution_count = 7


def collapse(notebook):
    notebook.cells[3].metadata["collapsed"] = True


def timing(notebook):
    notebook.cells[3].metadata["execution"] = {"iopub.status.busy": "2026-01-01"}


def version(notebook):
    notebook.metadata.language_info["version"] = "3.11.7"


def kernel(notebook):
    notebook.metadata.kernelspec["name"] = "my-venv"


def state(notebook):
    notebook.metadata["widgets"] = {}


def tag(notebook):
    notebook.cells[3].metadata["tags"] = ["nbval-ignore-output"]


def half_folded(notebook):
    notebook.cells[3].metadata["tags"] = ["hide-input"]


def folded_by_hand(notebook):
    notebook.cells[3].metadata["jupyter"] = {"source_hidden": True}


BROKEN = {
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
    "notebook_is_small": [output(FAR, text="x" * LARGEST_NOTEBOOK)],
    "code_cells_are_short": [replace("import torch", LONG)],
    "exempt_cells_say_why": [
        replace("import torch", "# NBVAL_IGNORE_OUTPUT\nimport torch"),
        replace("import torch", "import torch\n# NBVAL_SKIP"),
        tag,
    ],
}
