"""Claims fail where they do not hold; a replication counts in how many runs on other seeds."""

import json
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
import torch
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from chapter import Chapter
from helpers.claims import claim
from replicate import APART, Replication, replicate, section
from sections import renew


@pytest.fixture(autouse=True)
def no_log(monkeypatch):
    monkeypatch.delenv("COURSE_CLAIMS", raising=False)


def test_a_claim_that_holds_is_printed(capsys):
    claim("Two is more than one.", torch.tensor(2) > 1, margin=1)
    assert capsys.readouterr().out == "✓ Two is more than one.\n"


def test_a_claim_that_does_not_hold_fails():
    with pytest.raises(AssertionError, match=r"One is more than two\. It misses by 1\."):
        claim("One is more than two.", False, margin=-1)
    with pytest.raises(AssertionError, match="One is two"):
        claim("One is two.", False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Two is more", True), "full stop"),
        (("Two is more than one.", True, -1), "margin is -1 for a claim that is True"),
        (("One is more than two.", False, 0.5), "margin is 0.5 for a claim that is False"),
    ],
)
def test_a_claim_that_contradicts_itself_is_an_error(arguments, message):
    with pytest.raises(ValueError, match=message):
        claim(*arguments)


def test_a_replication_notes_what_does_not_hold_and_goes_on(monkeypatch, tmp_path, capsys):
    log = tmp_path / "claims"
    monkeypatch.setenv("COURSE_CLAIMS", str(log))
    claim("One is more than two.", False, margin=-1)
    claim("Two is two.", True)
    assert [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] == [
        ["One is more than two.", False, -1],
        ["Two is two.", True, None],
    ]
    assert capsys.readouterr().out == "✗ One is more than two.\n✓ Two is two.\n"


@pytest.fixture
def pool():
    with ThreadPoolExecutor(2) as pool:
        yield pool


COIN = """import multiprocessing
from concurrent.futures import ProcessPoolExecutor
import torch
from helpers.claims import claim
coin = torch.rand(1, generator=torch.Generator().manual_seed(7)).item()"""


@pytest.mark.kernel
def test_each_run_has_seeds_of_its_own_and_a_coin_is_found_out(tmp_path, pool):
    path = tmp_path / "01_coin.ipynb"
    cells = [
        new_markdown_cell("# 01 A coin"),
        new_code_cell(COIN),
        new_code_cell('claim("The coin shows heads.", coin > 0.5, coin - 0.5)'),
        new_code_cell('claim("One is one.", True)'),
    ]
    nbformat.write(new_notebook(cells=cells), path)
    found = replicate(Chapter(path), 4, pool)
    drawn = [
        torch.rand(1, generator=torch.Generator().manual_seed(7 + run * APART)).item()
        for run in range(1, 5)
    ]
    coin = found.claims["The coin shows heads."]
    assert coin.held == [number > 0.5 for number in drawn]
    assert coin.margins == [number - 0.5 for number in drawn]
    assert 0 < sum(coin.held) < 4  # else this would be no coin
    assert found.weak == ["The coin shows heads."]
    assert found.broken == []


@pytest.mark.kernel
def test_workers_of_a_pool_are_shifted_too(tmp_path, pool):
    """A worker process starts anew, with a torch of its own."""
    path = tmp_path / "01_pool.ipynb"
    work = "import torch\n\n\ndef draw(seed):\n"
    work += "    return torch.rand(1, generator=torch.Generator().manual_seed(seed)).item()\n"
    (tmp_path / "work.py").write_text(work, encoding="utf-8")
    workers = "ProcessPoolExecutor(1, mp_context=multiprocessing.get_context('spawn'))"
    source = f"from work import draw\nwith {workers} as pool:\n    [there] = pool.map(draw, [7])\n"
    source += 'claim("A worker draws what its parent draws.", there == coin)'
    cells = [new_markdown_cell("# 01"), new_code_cell(COIN), new_code_cell(source)]
    nbformat.write(new_notebook(cells=cells), path)
    found = replicate(Chapter(path), 1, pool)
    assert found.broken == []
    assert found.weak == []


@pytest.mark.kernel
def test_a_run_that_ends_early_counts_against_what_follows(tmp_path, pool):
    path = tmp_path / "01_sample.ipynb"
    cells = [
        new_markdown_cell("# 01 A sample"),
        new_code_cell(COIN + '\nclaim("Before.", True)\n1 / 0'),
        new_code_cell('claim("Behind.", True)'),
    ]
    nbformat.write(new_notebook(cells=cells), path)
    found = replicate(Chapter(path), 1, pool)
    assert list(found.claims) == ["Before."]
    assert "ZeroDivisionError" in found.broken[0]
    assert "Ended early, run 1: code cell 1" in section(found)


def test_a_section_tells_what_held():
    found = Replication(2)
    found.add("A | B.", True, 0.123)
    found.add("A | B.", False, -0.5)
    assert "| A \\| B. | 1 | -0.5 |" in section(found)


def test_a_report_keeps_the_sections_that_are_not_written_anew(tmp_path):
    report = tmp_path / "docs" / "report.md"
    renew(report, "# Head\n", {"01 One": "Old.", "02 Two": "Old."})
    renew(report, "# Head\n", {"02 Two": "New.\n", "00 Zero": "None."})
    parts = ("# Head", "## 00 Zero", "None.", "## 01 One", "Old.", "## 02 Two", "New.")
    assert report.read_text(encoding="utf-8") == "\n\n".join(parts) + "\n"
