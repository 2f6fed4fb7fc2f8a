"""Settings of a test run, which tests are of which chapter, and what the chapters cost."""

import os
import re
from functools import cache
from pathlib import Path

import pytest

from chapter import Chapter
from execute import chapters

# The chapters' kernels under nbval, and torch in the tests, run with one thread. test_chapters.py
# runs the chapters again with two: text outputs must not depend on it.
os.environ["OMP_NUM_THREADS"] = "1"
# Nor must they depend on the processor: under nbval its instructions are those that all have.
LEAST_PROCESSOR = {
    "ATEN_CPU_CAPABILITY": "default",
    "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
}
# Nobody is there to read: cells save pictures and start nothing. The browser tests take it away.
os.environ["COURSE_UNATTENDED"] = "1"

PATIENCE = 600  # seconds for a test in the browser

# The fixtures of a page with a reader and of one without, and of JupyterLab in a browser.
pytest_plugins = ["reader", "browsing", "side_by_side"]


def pytest_addoption(parser):
    parser.addoption(
        "--chapter",
        action="append",
        default=[],
        metavar="NN",
        help="only what tests this chapter: its cells, its page, its room (may stand repeatedly)",
    )


def pytest_configure(config):
    try:
        chapters(config.option.chapter)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Mark what starts a kernel or a browser, and keep what tests the wanted chapters."""
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker("kernel")
        elif "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
            # A page that no longer answers would be waited for until the end of days.
            item.add_marker(pytest.mark.timeout(PATIENCE, method="thread"))
    if config.option.chapter:
        wanted = {path.name[:2] for path in chapters(config.option.chapter)}
        config.hook.pytest_deselected(items=[i for i in items if not numbers_of(i) & wanted])
        items[:] = [item for item in items if numbers_of(item) & wanted]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Start the kernel of a chapter under nbval as on the least of processors."""
    least = LEAST_PROCESSOR if item.path.suffix == ".ipynb" else {}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in least.items():
            patch.setenv(name, value)
        return (yield)


def numbers_of(item: pytest.Item) -> set[str]:
    """The numbers of the chapters that a test is of: by its notebook, parameter or imports."""
    if item.path.suffix == ".ipynb":
        return {item.path.name[:2]}
    given = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return set().union(*map(numbers_in, given)) or numbers_of_module(item.module)


@cache
def numbers_of_module(module) -> set[str]:
    return set().union(*map(numbers_in, vars(module).values()))


def numbers_in(value) -> set[str]:
    """The number of a chapter, or of the chapter in whose room a file or an object stands."""
    if isinstance(value, Chapter):
        return {value.number}
    if isinstance(value, Path):
        place = value.as_posix()
    else:
        names = (getattr(value, name, None) for name in ("__module__", "__name__"))
        place = " ".join(name for name in names if isinstance(name, str)).replace(".", "/")
    return set(re.findall(r"helpers/chapters/ch(\d\d)", place))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Let a test's fixtures know, while they end, that it failed: they keep what shows why."""
    report = yield
    item.failed = getattr(item, "failed", False) or report.failed
    return report


def pytest_terminal_summary(terminalreporter):
    reports = [r for kind in ("passed", "failed") for r in terminalreporter.getreports(kind)]
    costs = {name: cost for report in reports for name, cost in report.user_properties}
    if not costs:
        return
    terminalreporter.section("what the chapters cost: seconds of work, and memory at most")
    for name, (seconds, memory) in sorted(costs.items()):
        terminalreporter.line(f"{name:34} {seconds:6.1f} s {memory / 1e6:6.0f} MB")
    total = sum(seconds for seconds, _ in costs.values())
    terminalreporter.line(f"{'together':34} {total:6.1f} s")
