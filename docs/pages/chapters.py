"""Run chapters with the recorder in their kernels, side by side, and keep what came out.

    python -m pages.chapters notebook.ipynb recorded.json      one chapter

A chapter runs again only where something changed on which its figures rest.
"""

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nbformat.v4 import new_code_cell

from execute import ROOT, kernel, read, run_cell
from pages.packing import pack
from pages.recorder import RECORDING

BEGIN = "from pages import recorder as _recorder; _recorder.begin()"
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "PYTHONPATH": os.pathsep.join([str(ROOT / "docs"), str(ROOT / "tests")]),
}


def record(path: Path) -> dict[str, list[list]]:
    """What each cell recorded, by its id: for each output that it shows, what stands behind it."""
    notebook = read(path)
    found = {}
    with kernel(notebook, path.parent, ENVIRONMENT) as client:
        client.nb.cells.insert(0, new_code_cell(BEGIN))
        for index, cell in enumerate(client.nb.cells):
            if cell.cell_type == "code":
                run_cell(client, index)
                found[cell.get("id", "")] = behind_each(cell.outputs)
    return {name: recorded for name, recorded in found.items() if any(recorded)}


def behind_each(outputs: list) -> list[list]:
    """The recordings, packed, behind each of the outputs that are none."""
    found: list[list] = []
    for output in outputs:
        recording = output.get("data", {}).get(RECORDING)
        if recording is None:
            found.append([])
        elif found:
            found[-1].append(pack(recording) if "looks" in recording else recording)
    return found


def rests_on(path: Path) -> str:
    """A name for all that a chapter's figures rest on: its code, its room, the house, the data."""
    number = path.name[:2]
    sources = [
        *sorted((ROOT / "helpers").glob("*.py")),
        *sorted((ROOT / "helpers" / "chapters").glob(f"ch{number}*")),
        *sorted((ROOT / "helpers" / "chapters").glob(f"ch{number}/*.py")),
        ROOT / "requirements.txt",
        ROOT / "data" / "SHA256SUMS",
        *(Path(__file__).with_name(f"{name}.py") for name in ("recorder", "packing", "chapters")),
    ]
    code = [cell.source for cell in read(path).cells if cell.cell_type == "code"]
    digest = hashlib.sha256(json.dumps(code).encode())
    for source in sources:
        if source.is_file():
            digest.update(source.read_bytes())
    return digest.hexdigest()


def recorded(paths: list[Path], folder: Path) -> dict[str, dict[str, list[list]]]:
    """What each of the chapters recorded, by its file's stem; kept in `folder` for the next time.

    Raises RuntimeError with what a chapter said where it failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = {path: folder / f"{path.stem}.{rests_on(path)[:16]}.json" for path in paths}
    for path, file in kept.items():
        for old in set(folder.glob(f"{path.stem}.*.json")) - {file}:
            old.unlink()
    missing = [path for path, file in kept.items() if not file.exists()]
    # The longest first, as far as the size of its file tells.
    missing.sort(key=lambda path: -path.stat().st_size)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda path: _in_a_process(path, kept[path]), missing))
    return {path.stem: json.loads(file.read_text(encoding="utf-8")) for path, file in kept.items()}


def _in_a_process(path: Path, file: Path) -> None:
    command = [sys.executable, "-m", "pages.chapters", str(path), str(file)]
    environment = {**os.environ, **ENVIRONMENT}
    run = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8")
    if run.returncode:
        raise RuntimeError(f"{path.name}: {run.stderr[-2000:]}")
    print(run.stdout, end="", flush=True)


def main(path: Path, file: Path) -> None:
    found = record(path)
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(found, separators=(",", ":")), encoding="utf-8")
    partial.replace(file)
    figures = sum("figure" in one for cell in found.values() for group in cell for one in group)
    print(f"{path.stem:34} {figures} figures recorded")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
