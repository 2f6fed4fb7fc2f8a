"""How the tests themselves are run: shared out to processes, and as on the least of processors."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from conftest import LEAST_PROCESSOR
from execute import KERNELSPEC, ROOT
from side_by_side import pytest_xdist_auto_num_workers, together


def test_what_shares_a_kernel_or_a_page_stays_together(request):
    assert together("notebooks/03_bigram.ipynb::Cell 1") == "notebooks/03_bigram.ipynb"
    one, other = (f"tests/test_chapters.py::{test}[03_bigram]" for test in ("one", "other"))
    assert together(one) == together(other) != together(one.replace("03", "04"))
    for item in request.session.items:
        if item.get_closest_marker("browser"):
            assert together(item.nodeid) == "pages", f"name {item.path.name} among the PAGES"


def test_there_is_one_process_more_than_cores(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert pytest_xdist_auto_num_workers(None) == 3


@pytest.mark.kernel
def test_nbval_runs_as_on_the_least_of_processors(tmp_path):
    path = tmp_path / "01_sample.ipynb"
    shown = [new_output("execute_result", {"text/plain": repr([*LEAST_PROCESSOR.values()])})]
    source = f"import os\n[os.environ.get(name) for name in {[*LEAST_PROCESSOR]}]"
    cells = [new_code_cell(source, execution_count=1, outputs=shown)]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC}), path)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        ROOT / "pyproject.toml",
        "-p",
        "conftest",
        path,
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    run = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stdout + run.stderr
