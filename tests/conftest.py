"""Settings of a test run, and the table of what the chapters cost at its end."""

import os

import pytest

# The chapters' kernels under nbval, and torch in the tests, run with one thread. test_chapters.py
# runs the chapters again with two: text outputs must not depend on it.
os.environ["OMP_NUM_THREADS"] = "1"
# Nobody is there to read: cells save pictures and start nothing. The browser tests take it away.
os.environ["COURSE_UNATTENDED"] = "1"

# The fixtures of a page with a reader and of one without, and of JupyterLab in a browser.
pytest_plugins = ["reader", "browsing"]

COSTS = pytest.StashKey[dict]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Let a test's fixtures know, while they end, that it failed: they keep what shows why."""
    report = yield
    item.failed = getattr(item, "failed", False) or report.failed
    return report


@pytest.fixture(scope="session")
def costs(pytestconfig):
    """What each chapter cost: its name to (seconds, bytes of memory)."""
    return pytestconfig.stash.setdefault(COSTS, {})


def pytest_terminal_summary(terminalreporter, config):
    costs = config.stash.get(COSTS, {})
    if not costs:
        return
    terminalreporter.section("what the chapters cost: seconds of work, and memory at most")
    for name, (seconds, memory) in costs.items():
        terminalreporter.line(f"{name:34} {seconds:6.1f} s {memory / 1e6:6.0f} MB")
    total = sum(seconds for seconds, _ in costs.values())
    terminalreporter.line(f"{'together':34} {total:6.1f} s")
