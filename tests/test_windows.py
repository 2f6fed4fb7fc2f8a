"""What Windows does not have, and the encoding that it would choose: nothing here needs them."""

import ast
import os
import subprocess
import sys

import nbformat
import pytest

from execute import ROOT, kernel, peak_bytes

OURS = sorted(
    path for folder in ("helpers", "tests", "data") for path in (ROOT / folder).rglob("*.py")
)


def relative(path):
    return path.relative_to(ROOT).as_posix()


# ---------------------------------------------------------------- modules and functions

# What others need of these is loaded before they go: on Windows, others have ways of their own.
LIKE_WINDOWS = """
import importlib, os, signal, sys, time, types
import anywidget, ipykernel.kernelapp, ipywidgets, matplotlib.pyplot, nbclient, psutil, torch
import jupyter_client.manager, networkx

for name in ("fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "termios", "tty"):
    sys.modules[name] = None
for module, names in {
    os: ("fork", "getuid", "killpg", "setsid", "sched_getaffinity"),
    signal: ("SIGALRM", "SIGHUP", "SIGKILL", "setitimer"),
    time: ("tzset",),
}.items():
    for name in names:
        delattr(module, name)
sys.platform = "win32"
psutil.Process.memory_info = lambda process: types.SimpleNamespace(peak_wset=123_456_789)
"""


def test_all_is_imported_and_checks_work_without_what_windows_lacks():
    names = [relative(path).removesuffix(".py") for path in OURS if "helpers" in path.parts]
    modules = [name.removesuffix("/__init__").replace("/", ".") for name in names]
    assert "helpers.guard" in modules and "helpers.chapters.ch11" in modules
    program = f"""{LIKE_WINDOWS}
for name in {[*modules, "execute", "replicate"]}:
    importlib.import_module(name)
from helpers.chapters.ch01 import check
check(next(iter(check)), 3.0)
"""
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])},
        capture_output=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout[0] in "✓✗", run.stdout


@pytest.mark.kernel
def test_the_peak_of_a_kernel_is_measured_without_what_windows_lacks():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(LIKE_WINDOWS)])
    with kernel(notebook, ROOT) as client:
        here = peak_bytes(client)
        client.execute_cell(notebook.cells[0], 0)
        assert peak_bytes(client) == 123_456_789
    assert 10e6 < here < 10e9


# ---------------------------------------------------------------- encoding


def without_encoding(source: str) -> list[str]:
    """The calls that read or write text in whatever encoding the system chooses."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and "encoding" not in {key.arg for key in node.keywords}:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            values = [*node.args, *(key.value for key in node.keywords)]
            words = [value.value for value in values if isinstance(value, ast.Constant)]
            # `page.open()` opens no file: a function, or a method that is given a mode, does.
            opens = name == "open" and (
                isinstance(node.func, ast.Name) or {"r", "w", "a"} & {*words}
            )
            opens = opens or name in {"read_text", "write_text"} or {"rt", "wt"} & {*words}
            asks = any(
                key.arg == "text" and getattr(key.value, "value", 0) is True
                for key in node.keywords
            )
            if (opens and not {"rb", "wb", "ab"} & {*words}) or asks:
                found.append(f"line {node.lineno}: {name}")
    return found


@pytest.mark.parametrize("path", OURS, ids=relative)
def test_text_is_read_and_written_as_utf_8(path):
    assert without_encoding(path.read_text(encoding="utf-8")) == []


def test_an_encoding_that_is_not_named_is_found():
    for call in (
        "open(path)",
        "open(path, 'w')",
        "path.open('w')",
        "path.read_text()",
        "path.write_text(text)",
        "gzip.open(path, 'rt')",
        "subprocess.run(command, capture_output=True, text=True)",
    ):
        name = call.partition("(")[0].rpartition(".")[2]
        assert without_encoding(call) == [f"line 1: {name}"], call
    for call in ("open(path, 'rb')", "path.read_text(encoding='utf-8')", "page.open()"):
        assert without_encoding(call) == []
