"""Execute the chapters in place, in order, each in a fresh kernel, ready to commit.

    python tests/execute.py          all chapters
    python tests/execute.py 03 04    these two

NOTEBOOKS=folder in the environment names another folder of notebooks.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = Path(os.environ.get("NOTEBOOKS") or ROOT / "notebooks").resolve()
CELL_TIMEOUT = 300  # seconds

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# Without the version of Python: it would differ from machine to machine.
LANGUAGE_INFO = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}
# Each system has its own way to say what a process took at most. Linux keeps the peak of this very
# process in VmHWM; ru_maxrss there starts at the parent's size. Windows has no `resource`.
PEAK = """
import sys as _s
if _s.platform == "linux":
    with open("/proc/self/status", encoding="utf-8") as _file:
        _words = _file.read().split()
    print(int(_words[_words.index("VmHWM:") + 1]) * 1024)
elif _s.platform == "win32":
    import psutil as _p
    print(_p.Process().memory_info().peak_wset)
else:
    import resource as _r
    print(_r.getrusage(_r.RUSAGE_SELF).ru_maxrss)
"""
FORGET = """
import contextlib as _c
with _c.suppress(OSError), open("/proc/self/clear_refs", "w", encoding="utf-8") as _file:
    _file.write("5")
"""


class ThisPython(KernelSpecManager):
    """Knows one kernel: that of this very Python, whatever kernels the machine has."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict())


class ChapterError(Exception):
    """A cell of a chapter failed; the message says which, and how."""


@dataclass
class Run:
    """What executing a chapter cost and said beside its outputs."""

    seconds: float
    peak_bytes: int
    warnings: list[str]


def chapters(wanted: Iterable[str] = (), folder: Path = NOTEBOOKS) -> list[Path]:
    """The chapters' files in order; of those named by number ("03", "3") only these.

    Raises ValueError where a wanted chapter is not there.
    """
    files = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    numbers = [number.zfill(2) for number in wanted]
    known = [file.name[:2] for file in files]
    if missing := [number for number in numbers if number not in known]:
        raise ValueError(
            f"No chapter {', '.join(missing)} in {folder}; there are {', '.join(known) or 'none'}."
        )
    return [file for file in files if not numbers or file.name[:2] in numbers]


def read(path: Path) -> NotebookNode:
    """The notebook; a cell without an id gets one from its source, the same every time."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    taken = {cell.get("id") for cell in raw["cells"]}
    for cell in raw["cells"]:
        salt = 0
        while not cell.get("id"):
            text = f"{''.join(cell['source'])}{salt or ''}"
            name = hashlib.sha256(text.encode()).hexdigest()[:8]
            if name not in taken:
                cell["id"] = name
                taken.add(name)
            salt += 1
    raw["nbformat"], raw["nbformat_minor"] = 4, 5
    return nbformat.reads(json.dumps(raw), as_version=4)


@contextmanager
def kernel(
    notebook: NotebookNode, cwd: Path = NOTEBOOKS, env: Mapping[str, str] | None = None
) -> Iterator[NotebookClient]:
    """A client with a fresh kernel of this very Python."""
    manager = AsyncKernelManager(kernel_spec_manager=ThisPython())
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=CELL_TIMEOUT,
        store_widget_state=False,
        record_timing=True,
        coalesce_streams=True,  # how many pieces a print arrives in differs from run to run
    )
    client.owns_km = True  # the kernel ends with the block
    # What a kernel says on its own stderr is not the chapter's: advice on its transport.
    unattended = {**os.environ, "COURSE_UNATTENDED": "1", **(env or {})}
    with client.setup_kernel(cwd=str(cwd), env=unattended, stderr=subprocess.DEVNULL):
        yield client


def run_cell(client: NotebookClient, index: int) -> NotebookNode:
    """Execute one cell of the client's notebook; ChapterError where it fails."""
    cell = client.nb.cells[index]
    try:
        return client.execute_cell(cell, index)
    except CellExecutionError as error:
        reason = f"{error.ename}: {error.evalue}"
    except (CellTimeoutError, DeadKernelError) as error:
        reason = f"{type(error).__name__}: {str(error).splitlines()[0]}"
    code = [c for c in client.nb.cells[: index + 1] if c.cell_type == "code"]
    first = cell.source.strip().splitlines()[0]
    raise ChapterError(f"code cell {len(code)} ({first!r}) failed: {reason}")


def peak_bytes(client: NotebookClient) -> int:
    """Peak resident memory of the client's kernel so far, from an execution not kept."""
    return int(_aside(client, PEAK).outputs[0].text)


def forget_peak(client: NotebookClient) -> None:
    """Let the client's kernel begin its peak anew, where the system can (Linux)."""
    _aside(client, FORGET)


def _aside(client: NotebookClient, source: str) -> NotebookNode:
    """The cell of an execution that is not kept."""
    client.nb.cells.append(nbformat.v4.new_code_cell(source))
    cell = client.execute_cell(client.nb.cells[-1], len(client.nb.cells) - 1, store_history=False)
    client.nb.cells.pop()
    return cell


def execute(notebook: NotebookNode, cwd: Path = NOTEBOOKS) -> Run:
    """Execute the notebook in place, as a reader would, cell after cell."""
    said = []
    with kernel(notebook, cwd) as client:
        started = time.perf_counter()
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                run_cell(client, index)
                said += [o.text for o in cell.outputs if o.get("name") == "stderr"]
        return Run(time.perf_counter() - started, peak_bytes(client), said)


def clean(notebook: NotebookNode) -> None:
    """Leave what is committed: code, prose and outputs, and nothing of the run or its machine."""
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO}
    )
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        kept = {"tags": tags} if tags else {}
        if "hide-input" in (tags or []):
            kept["jupyter"] = {"source_hidden": True}
        cell.metadata = nbformat.from_dict(kept)
        if cell.cell_type == "code":
            cell.outputs = [output for output in map(_without_view, cell.outputs) if output]


def _without_view(output: NotebookNode) -> NotebookNode | None:
    if "data" in output:
        output.data.pop(WIDGET_VIEW, None)
        output.metadata.pop(WIDGET_VIEW, None)
        if not output.data:
            return None
    return output


def write(notebook: NotebookNode, path: Path) -> None:
    """Write the notebook whole or not at all."""
    nbformat.validate(notebook)
    partial = path.with_suffix(".partial")
    nbformat.write(notebook, partial)
    os.replace(partial, path)


def main(wanted: list[str]) -> int:
    """Execute the wanted chapters; the number of those that failed."""
    warnings.filterwarnings("ignore", module="zmq|nbformat")
    try:
        files = chapters(wanted)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    failed = 0
    for file in files:
        notebook = read(file)
        try:
            run = execute(notebook, file.parent)
        except ChapterError as error:
            failed += 1
            print(f"{file.stem:34} FAILED, left as it was: {error}", file=sys.stderr, flush=True)
            continue
        clean(notebook)
        write(notebook, file)
        cost = f"{run.seconds:6.1f} s  {run.peak_bytes / 1e6:5.0f} MB of memory"
        print(f"{file.stem:34} {cost}  {file.stat().st_size / 1e3:5.0f} kB", flush=True)
        for text in run.warnings:
            print(f"    on stderr, mend it: {text.strip()}", file=sys.stderr, flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
