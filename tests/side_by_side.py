"""How pytest-xdist shares the tests out: what uses one kernel, page or fixture stays together."""

import os
import re
from pathlib import Path

import pytest

PAGES = {
    "test_browser.py",
    "test_live.py",
    "test_pages.py",
    "test_reading.py",
}  # one browser at a time, whatever the cores


def together(nodeid: str) -> str:
    """What a test is run together with: all pages; else its file, by chapter where it says one."""
    file, _, test = nodeid.partition("::")
    if Path(file).name in PAGES:
        return "pages"
    return " ".join([file, *re.findall(r"\[(\d\d)_", test)])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return together(nodeid)

    return Together(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config) -> int:
    """One process more than cores, since that of the pages waits half of its time."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """What takes long comes first, so that no process is left alone with it at the end."""

    def rank(item: pytest.Item) -> int:
        return next((n for n, kind in enumerate(("browser", "kernel")) if kind in item.keywords), 2)

    items.sort(key=rank)
