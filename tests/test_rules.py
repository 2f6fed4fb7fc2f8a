"""Every rule of rules/ catches its fault, and finds none where there is none."""

import pytest

from broken import BROKEN
from rules import RULES
from rules.prose import dead_links
from rules.repository import REGISTRIES, TORCH_INDEX, faults_of_text
from sample import sample, write_sample


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
        "[e](https://example.org/lab/tree/notebooks/77_none.ipynb)\n",
        encoding="utf-8",
    )
    (tmp_path / "p.png").touch()
    faults = "\n".join(dead_links(page.read_text(encoding="utf-8"), page))
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


def test_only_the_readme_and_binder_name_the_index_of_torch():
    line = f"pip install torch --index-url https://{TORCH_INDEX}/whl/cpu"
    for name in ("README.md", ".binder/postBuild"):
        assert not faults_of_text(line, name)
        assert faults_of_text(f"{line} https://{REGISTRIES[1]}", name) == [REGISTRIES[1]]
    for name in ("", "data/README.md", "Makefile", "requirements.txt", "notebooks/README.md"):
        assert faults_of_text(line, name) == [TORCH_INDEX]
