"""A reader for the tests of helpers: what is displayed is kept, as if somebody were there."""

import pytest

from helpers import output, predictions, questions, sliders


class Page:
    """What cells have put on the page, in order: MIME bundles with their metadata."""

    def __init__(self):
        self.shown: list[tuple[dict, dict]] = []

    def display(self, data, metadata=None, raw=False):
        assert raw
        self.shown.append((data, metadata or {}))

    @property
    def texts(self) -> list[str]:
        return [data["text/plain"] for data, _ in self.shown]

    @property
    def markup(self) -> list[str]:
        return [data["text/html"] for data, _ in self.shown if "text/html" in data]


@pytest.fixture
def page(monkeypatch) -> Page:
    """The page where nobody is there."""
    page = Page()
    monkeypatch.setattr(output, "display", page.display)
    guesses = {}
    for module in (questions, predictions):
        monkeypatch.setattr(module, "GUESSES", guesses)
    monkeypatch.setattr(predictions, "CAME_TRUE", {})
    return page


@pytest.fixture
def read_page(page, monkeypatch) -> Page:
    """The page where a reader is there."""
    for module in (output, predictions, questions, sliders):
        monkeypatch.setattr(module, "attended", lambda: True)
    return page
