"""Fixtures for the tests in a browser, and what they look for in an opened notebook."""

import os
import shutil

import pytest

from chapter import Chapter
from lab import FLAGS, ROOT, Notebook, browser_path, lab

SCREENSHOTS = ROOT / "tests" / "screenshots"
WIDTHS = (1300, 1024, 800, 390)  # of the window, in pixels: from a laptop to a phone


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course, so that nothing a test does is kept."""
    folder = tmp_path_factory.mktemp("course")
    for part in ("notebooks", "images"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "requirements.txt", folder)
    return folder


@pytest.fixture(scope="module")
def server(course):
    """JupyterLab over the copy."""
    if browser_path() is None and os.environ.get("CI") != "true":
        pytest.skip("browser tests skipped: install Chromium (Debian: apt install chromium)")
    with lab(course) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    """Chromium; it ends with its module: kernels of later tests need its event loop gone."""
    if browser_path() is None and os.environ.get("CI") != "true":
        pytest.skip("browser tests skipped: install Chromium (Debian: apt install chromium)")
    assert browser_path(), "CI needs a browser: install Chromium (Debian: apt install chromium)."
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        yield browser
        browser.close()


def keep_what_failed(test, notebook: Notebook) -> None:
    """Keep a picture of the page where the test has failed; call it while the page is open."""
    if getattr(test, "failed", False):
        SCREENSHOTS.mkdir(exist_ok=True)
        notebook.page.screenshot(path=SCREENSHOTS / f"{test.name}.png")


def opened(browser, server: str, chapter: Chapter, width: int = 1300, **keys) -> Notebook:
    """The chapter in JupyterLab, in a window of a laptop's size."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    return Notebook(page, server, f"notebooks/{chapter.path.name}", **keys)


def seriously_wrong(results) -> list[str]:
    """What axe-core found that is serious or worse, in words."""
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in results.response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
