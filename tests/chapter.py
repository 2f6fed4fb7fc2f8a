"""A chapter as the tests read it: its cells, exercises, closing table, prose and links."""

import ast
import importlib
import re
from configparser import ConfigParser
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from nbformat import NotebookNode

from execute import ROOT, WIDGET_VIEW, chapters, read

# What the first cell of a chapter says: what it is called, and how it is found.
OPENING = {
    "able": ("**You will be able to** …", r"\*\*You will be able to\*\* (.*?\.)\s"),
    "need": ("**You need** …", r"\*\*You need\*\* (.*?\.)\s"),
    "minutes": ("**Reading** n minutes", r"\*\*Reading\*\* (\d+) minutes"),
    "seconds": ("**running** n seconds", r"\*\*running\*\* (\d+) seconds"),
}


@dataclass(frozen=True)
class Exercise:
    """An exercise as it stands in a chapter; `index` is the place of its code cell."""

    index: int
    name: str
    stub: str
    call: str
    hints: int
    solutions: tuple[str, ...]

    def answered(self, code: str) -> str:
        """The source of the cell with `code` in place of the stub."""
        return f"{code.rstrip()}\n\n\n{self.call}\n"


@dataclass(frozen=True)
class Chapter:
    """A notebook with what the tests ask of it."""

    path: Path

    @cached_property
    def notebook(self) -> NotebookNode:
        return read(self.path)

    @property
    def cells(self) -> list[NotebookNode]:
        return self.notebook.cells

    @property
    def number(self) -> str:
        return self.path.name[:2]

    @property
    def title(self) -> str:
        return self.cells[0].source.splitlines()[0].removeprefix("# ")

    def opening(self, part: str) -> str:
        """A part of OPENING as the first cell says it; ValueError where it does not."""
        name, pattern = OPENING[part]
        found = re.search(pattern, self.cells[0].source, re.DOTALL)
        if not found:
            raise ValueError(f"{self.path.name}: the opening lacks {name}")
        return " ".join(found[1].split())

    @property
    def before(self) -> "Chapter | None":
        """The chapter before this one; None for the first."""
        return self._neighbor(-1)

    @property
    def after(self) -> "Chapter | None":
        """The chapter after this one; None for the last."""
        return self._neighbor(1)

    def _neighbor(self, step: int) -> "Chapter | None":
        found = sorted(self.path.parent.glob(f"{int(self.number) + step:02d}_*.ipynb"))
        return Chapter(found[0]) if found else None

    @cached_property
    def code(self) -> list[tuple[int, NotebookNode]]:
        """The code cells with their places among all cells."""
        return [(i, cell) for i, cell in enumerate(self.cells) if cell.cell_type == "code"]

    @cached_property
    def markdown(self) -> list[tuple[int, NotebookNode]]:
        return [(i, cell) for i, cell in enumerate(self.cells) if cell.cell_type == "markdown"]

    @cached_property
    def headings(self) -> list[tuple[int, str]]:
        """The headings, `#` signs included, with the place of their cell."""
        return [
            (i, line.strip())
            for i, cell in self.markdown
            for line in without_fences(cell.source).splitlines()
            if re.match(r"#{1,6} ", line)
        ]

    def section_of(self, place: int) -> str:
        """The `##` heading under which a cell stands; for a cell with headings, its last."""
        above = [text for i, text in self.headings if i <= place and text.startswith("## ")]
        return above[-1] if above else ""

    def calls(self, name: str) -> list[tuple[int, ast.Call]]:
        """The calls of a function or method called `name`, with the place of their cell."""
        return [
            (i, node)
            for i, cell in self.code
            for node in ast.walk(ast.parse(cell.source))
            if isinstance(node, ast.Call)
            and name in (getattr(node.func, "id", None), getattr(node.func, "attr", None))
        ]

    @cached_property
    def exercises(self) -> list[Exercise]:
        """The exercises: cells that end with `check("name", answer)`, and the folds below them."""
        found = []
        for i, cell in self.code:
            body = ast.parse(cell.source).body
            if not (body and _is_check(body[-1])):
                continue
            below = self.cells[i + 1].source if i + 1 < len(self.cells) else ""
            folds = re.findall(
                r"<details>\s*<summary>(.*?)</summary>(.*?)</details>", below, re.DOTALL
            )
            lines = cell.source.splitlines()
            found.append(
                Exercise(
                    index=i,
                    name=body[-1].value.args[0].value,
                    stub="\n".join(lines[: body[-1].lineno - 1]).rstrip(),
                    call="\n".join(lines[body[-1].lineno - 1 :]),
                    hints=sum("hint" in kind.lower() for kind, _ in folds),
                    solutions=tuple(
                        code
                        for kind, text in folds
                        if "solution" in kind.lower()
                        for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL)
                    ),
                )
            )
        return found

    @cached_property
    def measured(self) -> dict[str, str]:
        """The closing table: what `measured(...)` printed, row name to value."""
        rows = {}
        for i, _ in self.calls("measured"):
            for line in printed(self.cells[i]).splitlines():
                if row := re.match(r"(\w+)\s+(\S.*?)\s{2,}\S", line):
                    rows[row[1]] = row[2]
        return rows

    def definitions(self, *names: str) -> str:
        """The source of what the cells define under these names, and of cells tagged "engine"."""
        wanted = [
            node
            for _, cell in self.code
            for node in ast.parse(cell.source).body
            if "engine" in tags(cell) or getattr(node, "name", None) in names
        ]
        return "\n\n".join(map(ast.unparse, wanted))

    def build(self, *names: str, **given) -> dict:
        """The definitions, made with `given` around them and nothing else of the chapter."""
        space = dict(given)
        exec(compile(self.definitions(*names), f"chapter {self.number}", "exec"), space)
        return space


def all_chapters() -> list[Chapter]:
    """Every chapter, in order."""
    return [Chapter(path) for path in chapters()]


def chapter_that_defines(*names: str) -> Chapter:
    """The first chapter that defines all these functions and classes; ValueError for none."""
    for chapter in all_chapters():
        code = "\n".join(cell.source for _, cell in chapter.code)
        if set(names) <= set(re.findall(r"^(?:class|def) (\w+)", code, re.MULTILINE)):
            return chapter
    raise ValueError(f"No chapter defines {' and '.join(names)}.")


def wrong_answers(chapter: Chapter) -> dict[str, list[tuple[str, str]]]:
    """Exercise name to its wrong answers: (code, fragment of the message it must get)."""
    name = f"wrong_answers.ch{chapter.number}"
    try:
        return importlib.import_module(name).WRONG_ANSWERS
    except ModuleNotFoundError as error:
        if error.name != name:  # the file is there, and imports what is not
            raise
        return {}


def _is_check(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "id", None) == "check"
        and bool(node.value.args)
        and isinstance(node.value.args[0], ast.Constant)
    )


def tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def folded(cell: NotebookNode) -> bool:
    """Whether the cell's code is folded away until a reader asks for it."""
    return "hide-input" in tags(cell)


def printed(cell: NotebookNode) -> str:
    """What a code cell printed."""
    return "".join(o.text for o in cell.outputs if o.get("name") == "stdout")


def texts(cell: NotebookNode) -> list[tuple[str, ...]]:
    """What of a cell's outputs must not change: streams whole, and all data but pictures."""
    streams = {}
    shown = []
    for output in cell.outputs:
        if output.output_type == "stream":
            streams[output.name] = streams.get(output.name, "") + output.text
        elif output.output_type == "error":
            shown.append(("error", output.ename, output.evalue))
        else:
            shown += [
                (kind, str(value))
                for kind, value in sorted(output.data.items())
                if kind != WIDGET_VIEW and not kind.startswith("image/")
            ]
    return [*streams.items(), *shown]


@cache
def sanitizers(path: Path = ROOT / "tests" / "nbval.cfg") -> list[tuple[str, str]]:
    """What nbval takes out of a text before it compares: patterns, and what stands in for them."""
    config = ConfigParser(interpolation=None)
    config.read_string(path.read_text(encoding="utf-8"))
    return [(part["regex"], part["replace"]) for name, part in config.items() if name != "DEFAULT"]


def sanitized(text: str) -> str:
    """The text as nbval compares it."""
    for pattern, stand_in in sanitizers():
        text = re.sub(pattern, stand_in, text)
    return text


UNSTABLE = re.compile(r"≈ *([-−]?[\d,.]*\d) ± *([\d,.]*\d)")


def unstable(text: str) -> list[tuple[float, float]]:
    """The numbers of a text that differ from processor to processor, each with its spread.

    Marked by ≈, as in "≈ 3.95 ± 0.08", they are what nbval takes out of a text as unstable.
    """
    return [
        tuple(float(number.replace("−", "-").replace(",", "")) for number in pair)
        for pair in UNSTABLE.findall(text)
    ]


def without_fences(markdown: str) -> str:
    return re.sub(r"^( *)(```+|~~~+).*?^\1\2[ \t]*$", "", markdown, flags=re.DOTALL | re.MULTILINE)


def without_code(markdown: str) -> str:
    """The text without fenced and inline code."""
    return re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", " ", without_fences(markdown), flags=re.DOTALL)


def prose(markdown: str) -> str:
    """The words of a markdown text: no code, math, link targets, pictures or tags.

    Comments stay: those behind a number are the markers that name its row.
    """
    text = without_code(markdown)
    text = re.sub(r"\$\$.+?\$\$", " ", text, flags=re.DOTALL)
    text = re.sub(r"(?<![\\$])\$(?!\s).+?(?<![\s\\])\$(?!\d)", " ", text, flags=re.DOTALL)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", " ", text)
    text = re.sub(r"\]\([^)]*\)", "] ", text)
    text = re.sub(r"<(?!!--)[^>]*>", " ", text)
    return re.sub(r"https?://\S+", " ", text)


def links(markdown: str) -> list[str]:
    """The targets of links and pictures, in markdown and in HTML."""
    text = without_code(markdown)
    targets = re.findall(r"\]\(\s*<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\s*\)", text)
    targets += re.findall(r"^\s*\[[^\]]+\]:\s*(\S+)", text, flags=re.MULTILINE)
    return targets + re.findall(r"(?:href|src)\s*=\s*[\"']([^\"']+)[\"']", text)
