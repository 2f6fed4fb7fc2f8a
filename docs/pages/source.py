"""What Sphinx reads: each committed notebook, its outputs put so that the page can wake them."""

import base64
import html
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from chapter import Chapter, tags
from pages.packing import script
from readme import PLACEHOLDER, filled, table

COVER = re.compile(r"^<div .*<img .*</div>$", re.MULTILINE)
AWAKE = (
    "Here a run is recorded, with {}: press Play, or drag the step. "
    "With a kernel it trains under your hand, and the buttons that the text names are there."
)

COMMANDS = "two commands](index.md#The-two-commands)"


def anchor(heading: str) -> str:
    """What a link to a heading says in Jupyter."""
    return heading.strip().replace(" ", "-")


@dataclass
class Page:
    """A chapter on its way to a page; `recorded` is what each of its cells recorded.

    `files` are what the page fetches: their paths in the static folder, and what they hold.
    """

    chapter: Chapter
    recorded: dict[str, list[list[dict]]]
    repository: str
    files: dict[str, bytes] = field(default_factory=dict)
    parts: int = 0
    shown: dict[str, str] = field(default_factory=dict)  # what README shows too, by its cell's tag

    def notebook(self) -> NotebookNode:
        """The notebook for Sphinx."""
        notebook = self.chapter.notebook.copy()
        notebook.cells = [self.cell(cell.copy()) for cell in notebook.cells]
        notebook.cells[0].source += f"\n\n{self.ways()}"
        return notebook

    def cell(self, cell: NotebookNode) -> NotebookNode:
        if cell.cell_type == "markdown":
            cell.source = self.words(cell.source)
        else:
            behind = self.recorded.get(cell.id, [])
            behind = behind if len(behind) == len(cell.outputs) else [[]] * len(cell.outputs)
            cell.outputs = [
                self.output(output.copy(), {name: one[name] for one in group for name in one})
                for output, group in zip(cell.outputs, behind, strict=True)
            ]
            for tag in {"motion", "readme"}.intersection(tags(cell)):
                self.shown[tag] = cell.outputs[0].data["text/html"]
        return cell

    def words(self, source: str) -> str:
        """Prose whose links and pictures lead where they lie beside the page."""
        source = COVER.sub(lambda _: self.cover(), source)
        source = source.replace("](../README.md)", "](index.md)")
        if re.search(r"^## Your turn$", source, re.MULTILINE):
            source += f"\n\n*Python checks the exercises, and this page has none.* {self.how()}"
        return source

    def how(self) -> str:
        """How to come to a kernel."""
        if self.repository == PLACEHOLDER:
            by_hand = "[by hand](index.md#The-chapters)"
            return f"Open the chapter with the first of [the {COMMANDS}, or on Binder {by_hand}."
        return (
            f"[Open this chapter on Binder]({self.binder()}), with nothing to install, or on your "
            f"own machine with the first of [the {COMMANDS}."
        )

    def binder(self) -> str:
        path = f"notebooks/notebooks/{self.chapter.path.name}"
        return f"https://mybinder.org/v2/gh/{self.repository}/HEAD?urlpath={path}"

    def ways(self) -> str:
        """Where else the chapter can be had."""
        name = self.chapter.path.name
        self.files[f"notebooks/{name}"] = self.chapter.path.read_bytes()
        ways = [f'<a href="_static/notebooks/{name}" download>The notebook of this page</a>']
        if self.repository != PLACEHOLDER:
            ways.append(f'<a href="{html.escape(self.binder())}">open it on Binder</a>')
            source = f"https://github.com/{self.repository}/blob/HEAD/notebooks/{name}"
            ways.append(f'<a href="{source}">on GitHub</a>')
        ways.append('<a href="#What-was-measured">what was measured</a>')
        return f'<p class="course-ways">{" · ".join(ways)}</p>'

    # ------------------------------------------------------------ outputs

    def output(self, output: NotebookNode, behind: dict[str, Any]) -> NotebookNode:
        """An output as HTML, with what wakes it."""
        data = output.get("data", {})
        if "image/png" in data:
            still = self.picture(output, behind.get("picture"))
            shown = self.figure(still, behind) if "artists" in behind else still
        elif "questions" in behind:
            given = {"questions": behind["questions"]}
            shown = self.part("questions", data["text/html"], given)
        elif "answer" in behind:
            names = "answer", "key", "right", "number"
            shown = self.part("answer", data["text/html"], {name: behind[name] for name in names})
        else:
            return output
        return NotebookNode(
            output_type="display_data", metadata=NotebookNode(), data={"text/html": shown}
        )

    def picture(self, output: NotebookNode, room: dict | None) -> str:
        """The still, in a file of its own that is fetched when it comes near."""
        name = f"pictures/{self.chapter.number}-{len(self.files)}.png"
        self.files[name] = base64.b64decode(output.data["image/png"])
        room = room or {"width": output.metadata["image/png"].get("width", 900)}
        return picture_markup(f"_static/{name}", output.data["text/plain"], room)

    def cover(self) -> str:
        """The picture that opens the chapter, once more."""
        for _, cell in self.chapter.code:
            if "cover" not in tags(cell):
                continue
            groups = self.recorded.get(cell.id, [[]] * len(cell.outputs))
            for output, group in zip(cell.outputs, groups, strict=False):
                if "image/png" in output.get("data", {}):
                    room = next((one["picture"] for one in group if "picture" in one), None)
                    return self.picture(output, room).replace(' loading="lazy"', "")
        return ""

    def figure(self, still: str, packed: dict) -> str:
        """A figure that moves: its still, and the name of the file with its states."""
        name = self.name()
        self.files[f"recorded/{name}.js"] = script(name, packed).encode()
        said = html.escape(AWAKE.format(packed.get("trains")))
        below = f"<p class='course-aside'>{said}</p>" if "trains" in packed else ""
        return (
            f'<div class="course-figure" data-name="{name}">'
            f'<div class="course-still" data-part="{name}">{still}</div></div>{below}'
        )

    def part(self, kind: str, still: str, given: dict) -> str:
        """A question, or what is revealed on one: what stands there, and what the page is told."""
        name = self.name()
        told = json.dumps(given, ensure_ascii=False).replace("<", "\\u003c")
        return (
            f'<div class="course-{kind}" data-name="{name}">'
            f'<div class="course-still" data-part="{name}">{still}</div>'
            f'<script type="application/json">{told}</script></div>'
        )

    def name(self) -> str:
        self.parts += 1
        return f"{self.chapter.number}-{self.parts}"


def picture_markup(source: str, alt: str, room: dict) -> str:
    """A picture with its sentence; where there is little room it scrolls, as in a notebook."""
    least = room.get("least_width", room["width"])
    size = f'width="{room["width"]}"' + (f' height="{room["height"]}"' if "height" in room else "")
    kind = "course-picture course-photo" if room.get("photo") else "course-picture"
    return (
        f'<figure class="{kind}" tabindex="0"><img alt="{html.escape(alt)}" src="{source}" {size} '
        f'loading="lazy" style="max-width: 100%; min-width: {least}px; height: auto"></figure>'
    )


def start_page(readme: str, chapters: list[Chapter], repository: str, shown: dict) -> str:
    """The page that opens the course: what README says of it, the way through, how to run it.

    `shown` are the figures of README, by the tags of their cells; here they follow the hand.
    """
    opening, _, rest = readme.partition("## The two commands")
    figures = {"pages": "", "motion": shown.get("motion", ""), "picture": shown.get("readme", "")}
    for part, figure in figures.items():
        opening = filled(opening, part, figure)
    rows = table(chapters, repository).replace("](notebooks/", "](")
    rows = re.sub(r"(\d+) (min|s) \|", "\\1\N{NO-BREAK SPACE}\\2 |", rows)
    listed = "\n".join(chapter.path.stem for chapter in chapters)
    parts = [
        opening.rstrip(),
        "## The chapters\n\nHere every slider moves, and every question answers. To run the code, "
        f"and to do the exercises, take [the {COMMANDS} below, or Binder.",
        rows,
        "The [glossary](00_start_here.ipynb#Glossary) has every term; in the text, a term with "
        "dots under it shows what it means.",
        f"## The two commands{rest.partition('## The chapters')[0]}".rstrip(),
        f"```{{toctree}}\n:hidden:\n\n{listed}\n```",
    ]
    return re.sub(r"<!-- /?\w+ -->\n", "", "\n\n".join(parts)) + "\n"


def write_if_new(path: Path, content: bytes) -> None:
    """Write the file, unless it holds just this: what is as it was is not built again."""
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
