"""The commands around the course: make's set-up, executing the chapters, and the pins."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter

import nbformat
import pytest

from chapter import Chapter, all_chapters
from execute import ROOT, chapters
from rules import RULES
from rules.committed import counts_run_from_one, metadata_is_clean, no_widget_state
from rules.repository import TORCH_INDEX

needs_make = pytest.mark.skipif(
    os.name == "nt" or not shutil.which("make"), reason="there is no make here, or no shell for it"
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OLDEST, NEWEST = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["requires-python"]).groups()
PYTHONS = f"Python 3.{OLDEST} to 3.{int(NEWEST) - 1}"


# ---------------------------------------------------------------- make


@pytest.fixture
def clone(tmp_path):
    """What make looks at, without the course."""
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(folder, *arguments):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=environment, capture_output=True, encoding="utf-8"
    )


def python_that(folder, answer):
    """A Python that gives `answer`, a line of shell, where it is asked for something else."""
    path = folder / "python-here"
    path.write_text(f'#!/bin/sh\n{answer}\nexec {sys.executable} "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return f"PYTHON={path}"


def of_version(minor):
    """The answer of a Python 3.`minor`; asked for an environment, it says so and fails."""
    return f"""\
case "$*" in "-m venv"*) echo making one; exit 1;; esac
[ "$1" = --version ] && echo Python 3.{minor}.9 && exit
[ "$1" = -c ] && exec {sys.executable} -c "import sys
sys.version_info = (3, {minor}, 9)
$2"
"""


@needs_make
@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (of_version(int(OLDEST) - 1), f"needs {PYTHONS}; this is Python 3.{int(OLDEST) - 1}.9."),
        (of_version(int(NEWEST)), f"needs {PYTHONS}; this is Python 3.{NEWEST}.9."),
        (
            'case "$*" in *ensurepip*) exit 1;; esac',
            f"apt-get install python3.{sys.version_info.minor}-venv",
        ),
        ('case "$*" in "-m venv"*) mkdir -p .venv/bin; exit 1;; esac', "Error"),
        ("exit 127", "There is no "),
    ],
    ids=["older", "newer", "without ensurepip", "failing venv", "missing"],
)
def test_set_up_says_what_is_missing_and_leaves_nothing_behind(clone, answer, wanted):
    run = make(clone, "lab", python_that(clone, answer))
    assert run.returncode != 0
    assert wanted in run.stdout + run.stderr
    assert not (clone / ".venv").exists()


@needs_make
@pytest.mark.parametrize("minor", range(int(OLDEST), int(NEWEST)))
def test_every_python_that_is_named_is_taken(clone, minor):
    run = make(clone, "lab", python_that(clone, of_version(minor)))
    assert "making one" in run.stdout
    assert "needs Python" not in run.stdout


@needs_make
def test_a_machine_without_a_build_of_torch_is_told_so(clone):
    """Pip says in its own words that it finds none; below, the set-up says why."""
    (clone / ".venv" / "bin").mkdir(parents=True)
    python = clone / ".venv" / "bin" / "python"
    failing = "#!/bin/sh\necho ERROR: No matching distribution found for torch\nexit 1\n"
    python.write_text(failing, encoding="utf-8")
    python.chmod(0o755)
    run = make(clone, "lab")
    assert run.returncode != 0
    own, _, ours = run.stdout.partition("found for torch\n")
    assert own and "torch has no build for this machine" in ours
    for machine in ("Intel Macs", "Windows on ARM", "glibc 2.28"):
        assert machine in ours
    assert not (clone / ".venv" / "ready").exists()


@needs_make
def test_second_call_installs_nothing(clone):
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").touch()
    first = make(clone, "-n", "lab").stdout
    assert "-m pip install" in first
    assert "-m venv" not in first
    (clone / ".venv" / "ready").touch()
    second = make(clone, "-n", "lab", "ARGS=--no-browser --port=8899").stdout
    [line] = second.splitlines()
    assert "-m jupyterlab" in line
    assert "--no-browser --port=8899" in line
    assert ("--allow-root" in line) == (os.getuid() == 0)


@needs_make
def test_changed_pins_are_installed(clone):
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").touch()
    (clone / ".venv" / "ready").touch()
    os.utime(clone / "requirements.txt", (2e9, 2e9))
    assert "-m pip install" in make(clone, "-n", "lab").stdout


@needs_make
def test_what_make_gives_to_pytest(clone):
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").touch()
    for stamp in ("ready", "ready-to-maintain"):
        (clone / ".venv" / stamp).touch()
    for arguments, wanted, unwanted in [
        (["test"], ["-n auto"], ["--chapter", "not kernel"]),
        (["test", "CH=11 3", "ARGS=-x"], ["--chapter=11 --chapter=3 -x"], ["not kernel"]),
        (["check"], ['-m "not kernel and not browser"'], ["--chapter"]),
    ]:
        said = make(clone, "-n", *arguments).stdout
        assert all(part in said for part in wanted), said
        assert not any(part in said for part in unwanted), said


@needs_make
def test_help_names_every_command(clone):
    rules = re.findall(
        r"^\.PHONY: help (.*)", (clone / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    said = make(clone, "help").stdout
    assert [name for name in rules[0].split() if f" make {name} " not in said] == []


# ---------------------------------------------------------------- choosing tests


def collected(*arguments):
    """The files of the tests that a run of pytest would take, each with how many it takes of it."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider"]
    # A few of each kind: collecting them all takes as long as it takes to import torch twice.
    names = ("structure", "browser", "reading", "chapters", "sweeps", "house", "layers")
    command += ["notebooks", *(f"tests/test_{name}.py" for name in names)]
    run = subprocess.run([*command, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8")
    return run, Counter(re.findall(r"^(\S+?\.(?:py|ipynb))::", run.stdout, re.MULTILINE))


def test_a_chapter_has_its_own_tests():
    last = all_chapters()[-1]
    run, files = collected(f"--chapter={last.number}")
    assert run.returncode == 0, run.stdout
    notebooks = [name for name in files if name.startswith("notebooks/")]
    assert notebooks == [f"notebooks/{last.path.name}"]
    assert files[notebooks[0]] == len(last.code)
    assert files["tests/test_structure.py"] == len(RULES)
    assert files["tests/test_browser.py"] == 1
    assert {"tests/test_chapters.py", "tests/test_sweeps.py", "tests/test_house.py"} <= files.keys()
    assert not {"tests/test_layers.py", "tests/test_reading.py"} & files.keys()


def test_a_chapter_that_there_is_not_is_named():
    beyond = f"{len(all_chapters()):02d}"
    run, files = collected(f"--chapter={beyond}")
    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"No chapter {beyond} in" in run.stderr
    assert not files


def test_a_check_starts_no_kernel_and_no_browser():
    _, files = collected("-m", "not kernel and not browser")
    assert files["tests/test_layers.py"] > 100
    assert "tests/test_reading.py" not in files
    assert not any(name.startswith("notebooks/") for name in files)


# ---------------------------------------------------------------- executing in place


def execute(folder, *numbers):
    return subprocess.run(
        [sys.executable, ROOT / "tests" / "execute.py", *numbers],
        env={**os.environ, "NOTEBOOKS": str(folder)},
        capture_output=True,
        encoding="utf-8",
    )


def cell(source, **fields):
    return {
        "cell_type": "code",
        "source": source,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    } | fields


def write(path, cells):
    """A notebook as some editor may have left it: no ids, and its own metadata."""
    metadata = {"kernelspec": {"name": "mine", "display_name": "Mine"}, "widgets": {"x": 1}}
    path.write_text(
        json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}),
        encoding="utf-8",
    )
    return path


SHOWS_WIDGETS = """\
from IPython.display import display
view = {"model_id": "1", "version_major": 2, "version_minor": 0}
display({"application/vnd.jupyter.widget-view+json": view}, raw=True)
display({"application/vnd.jupyter.widget-view+json": view, "text/plain": "a box"}, raw=True)"""


@pytest.mark.kernel
def test_executed_notebook_is_ready_to_commit(tmp_path):
    cells = [
        {"cell_type": "markdown", "source": "# 01 Title", "metadata": {"editable": True}},
        cell("x = 1\nx", metadata={"collapsed": True, "tags": ["kept"]}, execution_count=9),
        cell(SHOWS_WIDGETS, metadata={"execution": {"iopub.status.busy": "now"}}),
        cell("print(x)\nprint(x)"),
        cell("x = 1\nx"),
    ]
    path = write(tmp_path / "01_sample.ipynb", cells)
    run = execute(tmp_path)
    assert run.returncode == 0, run.stderr
    assert re.search(r"01_sample +\d+\.\d s +\d+ MB of memory +\d+ kB", run.stdout)

    done = Chapter(path)
    assert counts_run_from_one(done) + metadata_is_clean(done) + no_widget_state(done) == []
    nbformat.validate(done.notebook)
    ids = [cell.id for cell in done.cells]
    assert len(set(ids)) == 5
    assert [cell.metadata for cell in done.cells] == [{}, {"tags": ["kept"]}, {}, {}, {}]
    assert [output.data for output in done.cells[2].outputs] == [{"text/plain": "a box"}]
    assert [output.text for output in done.cells[3].outputs] == ["1\n1\n"]
    assert path.read_text(encoding="utf-8").endswith("}\n")

    before = path.read_bytes()
    assert execute(tmp_path, "1").returncode == 0
    assert path.read_bytes() == before


@pytest.mark.kernel
def test_failing_chapter_is_named_and_left_alone(tmp_path):
    bad = write(tmp_path / "00_bad.ipynb", [cell("x = 1"), cell("1 / 0")])
    good = write(tmp_path / "01_good.ipynb", [cell("import warnings\nwarnings.warn('old')")])
    before = bad.read_bytes()
    run = execute(tmp_path)
    assert run.returncode == 1
    assert "00_bad" in run.stderr
    assert "code cell 2 ('1 / 0') failed: ZeroDivisionError" in run.stderr
    assert bad.read_bytes() == before
    assert Chapter(good).cells[0].execution_count == 1
    assert "UserWarning: old" in run.stderr


def test_missing_chapter_is_named(tmp_path):
    write(tmp_path / "00_first.ipynb", [])
    with pytest.raises(ValueError, match=r"No chapter 07 .*there are 00"):
        chapters(["0", "7"], tmp_path)
    assert [path.name for path in chapters(["0"], tmp_path)] == ["00_first.ipynb"]


# ---------------------------------------------------------------- updating a used copy


def git(folder, *arguments):
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


@pytest.mark.skipif(os.name == "nt", reason="the lines for a Unix shell")
def test_the_readme_updates_a_copy_that_was_used(tmp_path):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [lines] = re.findall(r"<!-- update -->\n```sh\n(.*?)```", readme, re.DOTALL)
    lines, last = lines.rstrip().rsplit("\n", 1)
    assert last.startswith("make lab")

    course = tmp_path / "course"
    for part in ("notebooks", "images"):
        (course / part).mkdir(parents=True)
        (course / part / "a.ipynb").write_text("as it came", encoding="utf-8")
    shutil.copy(ROOT / ".gitignore", course)
    git(tmp_path, "init", "--quiet", "--initial-branch=main", "course")
    git(course, "add", ".")
    git(course, "commit", "--quiet", "-m", "first")
    git(tmp_path, "clone", "--quiet", "course", "mine")
    (course / "notebooks" / "a.ipynb").write_text("newer", encoding="utf-8")
    git(course, "commit", "--quiet", "-a", "-m", "second")

    mine = tmp_path / "mine"
    (mine / "notebooks" / "a.ipynb").write_text("with my answers", encoding="utf-8")
    subprocess.run(["sh", "-ec", lines], cwd=mine, check=True, capture_output=True)
    assert (mine / "notebooks" / "a.ipynb").read_text(encoding="utf-8") == "newer"
    assert (mine / "my-notebooks" / "a.ipynb").read_text(encoding="utf-8") == "with my answers"
    assert git(mine, "status", "--short") == ""


# ---------------------------------------------------------------- pins


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", ".binder/postBuild"])
def test_the_small_build_of_torch_is_that_of_the_pinned_version(name):
    [pinned] = re.findall(r"^torch==(\S+)$", text_of("requirements.txt"), re.MULTILINE)
    index = f"https://{TORCH_INDEX}/whl/cpu"
    lines = re.findall(r"pip install .*torch==(\S+) --index-url (\S+)", text_of(name))
    assert lines == [(pinned, index)]
    assert text_of(name).count("torch==") == 1


def test_what_carries_the_course_is_pinned():
    lines = [line for line in text_of("requirements.txt").splitlines() if line != "-e ."]
    pins = dict(line.split("==") for line in lines)
    assert all(re.fullmatch(r"\d+(\.\d+)+", version) for version in pins.values())
    draw, carry = {"torch", "numpy", "matplotlib"}, {"ipykernel", "ipywidgets", "anywidget"}
    assert draw | carry <= pins.keys()


def test_the_pythons_are_the_same_everywhere():
    for name in ("README.md", "Makefile"):
        assert PYTHONS in text_of(name)
        assert not re.search(r"Python 3\.\d+ or newer", text_of(name)), name
    named = re.findall(r"python-version: (.+)", text_of(".github/workflows/tests.yml"))
    minors = {int(minor) for line in named for minor in re.findall(r"3\.(\d+)", line)}
    containers = re.findall(r"container: python:3\.(\d+)-", text_of(".github/workflows/tests.yml"))
    assert {int(OLDEST)} == set(map(int, containers))
    assert max(minors) == int(NEWEST) - 1
    [binder] = re.findall(r"python-3\.(\d+)", text_of(".binder/runtime.txt"))
    assert int(OLDEST) <= int(binder) < int(NEWEST)


def test_line_ends_are_the_same_on_every_system():
    """Git for Windows would write others: a shell fails at them, and checksums do not hold."""
    files = ("Makefile", ".ci/run", ".binder/postBuild", "notebooks/x.ipynb")
    said = git(ROOT, "check-attr", "eol", "--", *files)
    assert re.findall(r": eol: (\w+)", said) == ["lf"] * len(files)
    said = git(ROOT, "check-attr", "text", "--", "data/names.txt", "data/austen.txt.gz")
    assert re.findall(r": text: (\w+)", said) == ["unset"] * 2


def test_what_is_installed_has_a_name_of_its_own():
    """Whoever types `pip install helpers` gets a stranger's package: nothing here says so."""
    assert not (ROOT / PROJECT["name"].replace("-", "_")).exists()
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, encoding="utf-8")
    texts = [ROOT / name for name in listed.stdout.split() if name.endswith((".md", ".ipynb"))]
    assert texts
    for path in texts:
        assert "install helpers" not in path.read_text(encoding="utf-8"), path


WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_are_pinned_and_may_do_little(path):
    text = path.read_text(encoding="utf-8")
    uses = re.findall(r"uses: *(.+)", text)
    assert uses
    assert [u for u in uses if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", u)] == []
    assert re.search(r"^permissions:\n  contents: read\n\n", text, re.MULTILINE)
    assert text.count("runs-on:") == text.count("timeout-minutes:")
    assert not re.search(r"pip install (?!-r|-e)(?!\S+==)", text), "what is installed is pinned"


@pytest.mark.skipif(not shutil.which("actionlint"), reason="there is no actionlint here")
def test_workflows_are_linted(tmp_path):
    def lint(path):
        return subprocess.run(["actionlint", path], capture_output=True, encoding="utf-8")

    for path in WORKFLOWS:
        assert lint(path).returncode == 0, lint(path).stdout
    broken = tmp_path / "broken.yml"
    text = WORKFLOWS[0].read_text(encoding="utf-8")
    broken.write_text(text.replace("runs-on:", "run-on:", 1), encoding="utf-8")
    assert "run-on" in lint(broken).stdout
