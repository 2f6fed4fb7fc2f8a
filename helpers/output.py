"""What a cell puts on the page, for a reader who is there and for one who only looks.

With a reader, a picture is an HTML figure whose `<img>` carries its sentence, and what answers the
hand stands behind a still of it. Where nobody is there (the tests, `make notebooks`, the pages) a
cell saves the picture as a PNG with its sentence, and starts nothing; the environment variable
COURSE_UNATTENDED=1 says so.
"""

import base64
import html
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import anywidget
import ipywidgets
import traitlets
from IPython import get_ipython
from IPython.display import display

PAGE = Path(__file__).parent / "page"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def attended() -> bool:
    """True in a notebook's kernel, unless COURSE_UNATTENDED says that nobody is there."""
    unattended = os.environ.get("COURSE_UNATTENDED", "0") not in ("", "0")
    return hasattr(get_ipython(), "kernel") and not unattended


@cache
def asset(*names: str) -> str:
    """The files of `helpers/page` with these names, one after the other."""
    return "\n".join((PAGE / name).read_text(encoding="utf-8") for name in names)


class Part(anywidget.AnyWidget):
    """A part of the page that answers the hand; subclasses name their script and their traits."""

    _css = asset("course.css")
    name = traitlets.Unicode().tag(sync=True)  # by which the page finds the part's still

    def __init__(self, **traits):
        super().__init__(**traits)
        self.name = self.model_id


@dataclass(frozen=True)
class Picture:
    """A PNG and the room it takes, in pixels of the page.

    Where there is less room than its width it keeps `least_width`, for its lettering to be read;
    the rest scrolls. A `photo` keeps its colors on dark pages, where other figures turn to light
    lines on dark ground.
    """

    png: bytes
    width: int
    height: int
    least_width: int
    photo: bool

    def markup(self, alt: str) -> str:
        """The picture as HTML that looks right wherever it is opened."""
        source = f"data:image/png;base64,{base64.b64encode(self.png).decode()}"
        # In the attributes, because pages that clean HTML keep these and drop the style sheet.
        image = (
            f'<img alt="{html.escape(alt)}" width="{self.width}" src="{source}" '
            f'style="max-width: 100%; min-width: {self.least_width}px; height: auto">'
        )
        kind = "course-picture course-photo" if self.photo else "course-picture"
        return f'<figure class="{kind}" tabindex="0">{image}</figure>{_style()}'


def show_picture(picture: Picture, alt: str) -> None:
    """Put a picture on the page, with its sentence `alt`."""
    if attended():
        return show_text(picture.markup(alt), alt)
    data = {"image/png": picture.png, "text/plain": alt}
    display(data, metadata={"image/png": {"alt": alt, "width": picture.width}}, raw=True)


def show_part(part: Part, still: str, text: str, below: Sequence[ipywidgets.Widget] = ()) -> None:
    """Put a part that answers the hand on the page, behind a still of it, in HTML.

    The style sheet shows one of the two: the part, with what stands `below` it, while it lives, and
    the still where there is no kernel behind it, as on the next day. `text` is what stands there
    where HTML cannot.
    """
    show_text(f'<div class="course-still" data-part="{part.name}">{still}</div>{_style()}', text)
    shown = ipywidgets.VBox([part, *below]) if below else part
    view = {"version_major": 2, "version_minor": 0, "model_id": shown.model_id}
    display({WIDGET_VIEW: view, "text/plain": " "}, raw=True)


def show_text(markup: str, text: str) -> None:
    """Put HTML on the page; `text` is what stands there where HTML cannot."""
    display({"text/html": markup, "text/plain": text}, raw=True)


def _style() -> str:
    return f"<style>{' '.join(asset('still.css').split())}</style>"
