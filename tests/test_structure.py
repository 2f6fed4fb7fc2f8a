"""Static rules over the committed chapters, the README and the repository.

Each rule is a function from a chapter to the faults it finds. `BROKEN`, at the end, holds for each
rule what it must catch: a change to a sample chapter in which no rule finds a fault.
"""

import ast
import copy
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from chapter import (
    Chapter,
    all_chapters,
    links,
    printed,
    prose,
    without_code,
    without_fences,
)
from execute import LANGUAGE_INFO, NOTEBOOKS, ROOT, WIDGET_VIEW

CHAPTERS = all_chapters()
Rule = Callable[[Chapter], list[str]]
RULES: list[Rule] = []

LONGEST_CODE_CELL = 25  # lines
LARGEST_NOTEBOOK = 1_000_000  # bytes
# The chapters that answer a question of the notes the course grew from.
ASKED = {"01", "04", "05", "06", "07", "08", "09", "10"}
SECTIONS = [
    "## Before you start",
    "## What was measured",
    "## What the seeds asked",
    "## Your turn",
    "## Further reading",
    "## Next",
]


def rule(function: Rule) -> Rule:
    RULES.append(function)
    return function


# ---------------------------------------------------------------- committed notebooks


@rule
def counts_run_from_one(chapter: Chapter) -> list[str]:
    faults = []
    for expected, (i, cell) in enumerate(chapter.code, 1):
        if not cell.source.strip():
            faults.append(f"cell {i} is empty")
        counts = {cell.execution_count} | {
            output.execution_count
            for output in cell.outputs
            if output.output_type == "execute_result"
        }
        if counts != {expected}:
            faults.append(f"cell {i}: execution count {counts}, not {expected}")
    return faults


@rule
def metadata_is_clean(chapter: Chapter) -> list[str]:
    faults = []
    metadata = chapter.notebook.metadata
    if extra := set(metadata) - {"kernelspec", "language_info"}:
        faults.append(f"notebook metadata {sorted(extra)}")
    if metadata.get("kernelspec", {}).get("name") != "python3":
        faults.append("the kernel is not python3")
    if metadata.get("language_info") != LANGUAGE_INFO:
        faults.append("language_info holds more than the language, such as the version of Python")
    for i, cell in enumerate(chapter.cells):
        if extra := set(cell.metadata) - {"tags"}:
            faults.append(f"cell {i}: metadata {sorted(extra)}")
    return faults


@rule
def no_widget_state(chapter: Chapter) -> list[str]:
    faults = ["saved widget state"] if "widgets" in chapter.notebook.metadata else []
    return faults + [
        f"cell {i}: a widget view in an output"
        for i, cell in chapter.code
        for output in cell.outputs
        if WIDGET_VIEW in output.get("data", {})
    ]


@rule
def no_errors_or_warnings(chapter: Chapter) -> list[str]:
    return [
        f"cell {i}: {output.get('ename', 'stderr')}: {output.get('text', '')[:80]}"
        for i, cell in chapter.code
        for output in cell.outputs
        if output.output_type == "error" or output.get("name") == "stderr"
    ]


MACHINE_PATH = re.compile(
    r"(?<![\w.:/-])(?:/(?:home|root|work|tmp|Users)/[\w.-]|[A-Z]:\\(?:Users|Temp|Windows)\b)"
)


@rule
def no_machine_paths(chapter: Chapter) -> list[str]:
    faults = []
    for i, cell in enumerate(chapter.cells):
        said = [cell.source]
        for output in cell.get("outputs", []):
            said += [output.get("text", ""), *output.get("traceback", [])]
            said += [str(v) for k, v in output.get("data", {}).items() if k != "image/png"]
        faults += [
            f"cell {i}: {found[0]!r}" for text in said for found in MACHINE_PATH.finditer(text)
        ]
    return faults


@rule
def pictures_have_alternative_text(chapter: Chapter) -> list[str]:
    faults = []
    for i, cell in chapter.code:
        for output in cell.outputs:
            for kind in output.get("data", {}):
                if not kind.startswith("image/"):
                    continue
                text = output.data.get("text/plain", "")
                if len(text.split()) < 4 or not text.endswith(".") or text.startswith("<"):
                    faults.append(f"cell {i}: the picture's text form is {text!r}, no sentence")
                if output.metadata.get(kind, {}).get("alt") != text:
                    faults.append(f"cell {i}: the picture's metadata hold no alt, or another")
    return faults


@rule
def notebook_is_small(chapter: Chapter) -> list[str]:
    size = chapter.path.stat().st_size
    return [f"{size:,} bytes"] if size > LARGEST_NOTEBOOK else []


@rule
def code_cells_are_short(chapter: Chapter) -> list[str]:
    return [
        f"cell {i}: {lines} lines of code"
        for i, cell in chapter.code
        if (lines := len(cell.source.strip().splitlines())) > LONGEST_CODE_CELL
    ]


@rule
def exempt_cells_say_why(chapter: Chapter) -> list[str]:
    faults = []
    for i, cell in chapter.code:
        if tags := [tag for tag in cell.metadata.get("tags", []) if "nbval" in tag]:
            faults.append(f"cell {i}: tag {tags}; exempt a cell in a comment, where readers see it")
        lines = [line.strip() for line in cell.source.splitlines()]
        for n, line in enumerate(lines):
            if not re.fullmatch(r"#+\s*(?:NBVAL|PYTEST_VALIDATE)_\w+", line):
                continue
            beside = lines[max(n - 1, 0) : n] + lines[n + 1 : n + 2]
            if not any(b.startswith("#") and len(b.split()) > 4 for b in beside):
                faults.append(f"cell {i}: {line} without a comment beside it that says why")
    return faults


# ---------------------------------------------------------------- the parts of a chapter


@rule
def opening_says_what_and_how_long(chapter: Chapter) -> list[str]:
    first = chapter.cells[0]
    if first.cell_type != "markdown" or not first.source.startswith(f"# {chapter.number} "):
        return [f"does not open with '# {chapter.number} Title'"]
    wanted = {
        "**You will be able to**": r"\*\*You will be able to\*\*",
        "**You need**": r"\*\*You need\*\*",
        "**Reading** n minutes": r"\*\*Reading\*\*\s+(?:about\s+)?\d+\s+minutes?",
        "**running** n seconds": r"\*\*running\*\*\s+(?:about\s+)?\d+\s+seconds?",
    }
    return [
        f"the opening lacks {name}"
        for name, pattern in wanted.items()
        if not re.search(pattern, first.source, re.IGNORECASE)
    ]


@rule
def sections_stand_in_order(chapter: Chapter) -> list[str]:
    optional = set()
    if chapter.number == "00":
        optional.add("## Before you start")
    if chapter.number not in ASKED:
        optional.add("## What the seeds asked")
    headings = [heading for _, heading in chapter.headings]
    faults = [f"no section {s!r}" for s in SECTIONS if s not in headings and s not in optional]
    known = [heading for heading in headings if heading in SECTIONS]
    if known != [section for section in SECTIONS if section in known]:
        faults.append(f"the sections stand in the order {known}")
    # The glossary is the one thing that may stand behind the last section, in 00.
    ending = [heading for heading in headings if heading != "## Glossary"][-1:]
    if ending != ["## Next"]:
        faults.append(f"the last section is {ending}, not Next")
    if sum(heading.startswith("# ") for heading in headings) != 1:
        faults.append("there is more than one title")
    return faults


@rule
def chapter_before_is_asked(chapter: Chapter) -> list[str]:
    calls = chapter.calls("quiz")
    if chapter.number == "00":
        return ["00 has no chapter before it to ask about"] if calls else []
    call = f'quiz("{int(chapter.number) - 1:02d}")'
    places = [i for i, cell in chapter.code if cell.source.strip() == call]
    if len(places) != 1 or len(calls) != 1:
        return [f"{call} does not stand once, in a cell of its own"]
    if section_of(chapter, places[0]) != "## Before you start":
        return [f"{call} does not stand under 'Before you start'"]
    return []


@rule
def measurements_are_listed(chapter: Chapter) -> list[str]:
    calls = chapter.calls("measured")
    if len(calls) != 1:
        return [f"measured(...) is called {len(calls)} times"]
    place, call = calls[0]
    faults = []
    if section_of(chapter, place) != "## What was measured":
        faults.append("measured(...) does not stand under 'What was measured'")
    if list(chapter.measured) != [keyword.arg for keyword in call.keywords]:
        faults.append(f"of the table's rows the output shows {list(chapter.measured)}")
    return faults


@rule
def reader_drags(chapter: Chapter) -> list[str]:
    calls = chapter.calls("sliders")
    faults = [] if calls else ["no slider"]
    for i, _ in calls:
        above = [cell.source for j, cell in chapter.markdown if j < i][-1:]
        if not any("?" in text for text in above):
            faults.append(f"cell {i}: no question in the text above the slider")
        if not any("image/png" in output.get("data", {}) for output in chapter.cells[i].outputs):
            faults.append(f"cell {i}: the slider has no still picture")
    return faults


@rule
def reader_predicts(chapter: Chapter) -> list[str]:
    asked, answered = len(chapter.calls("predict")), len(chapter.calls("reveal"))
    faults = []
    if asked < 2 and chapter.number != "00":
        faults.append(f"{asked} predictions; a chapter has two or more")
    if answered < asked:
        faults.append(f"{asked} predictions, {answered} of them revealed")
    return faults


@rule
def exercises_are_whole(chapter: Chapter) -> list[str]:
    exercises = chapter.exercises
    faults = []
    if not 3 <= len(exercises) <= 6:
        faults.append(f"{len(exercises)} exercises; a chapter has three to six")
    if len(chapter.calls("check")) != len(exercises):
        faults.append("a check that is not the last line of its cell")
    for n, exercise in enumerate(exercises, 1):
        above = chapter.cells[exercise.index - 1]
        missing = {
            f"a text above with '**Exercise {n}.**'": above.cell_type == "markdown"
            and f"**Exercise {n}.**" in above.source,
            "a place under 'Your turn'": section_of(chapter, exercise.index) == "## Your turn",
            "a stub with …": any(
                isinstance(node, ast.Constant) and node.value is ...
                for node in ast.walk(ast.parse(exercise.stub))
            ),
            "a folded hint below": exercise.hints >= 1,
            "one folded solution below": len(exercise.solutions) == 1,
            "a solution without the check": not any("check(" in s for s in exercise.solutions),
            "the output 'not attempted yet'": printed(chapter.cells[exercise.index]).startswith(
                f"○ {exercise.name}: not attempted yet"
            ),
        }
        faults += [f"{exercise.name} lacks {what}" for what, there in missing.items() if not there]
    names = [exercise.name for exercise in exercises]
    return faults + [f"{name} stands twice" for name in set(names) if names.count(name) > 1]


@rule
def folds_are_closed(chapter: Chapter) -> list[str]:
    return [
        f"cell {i}: a fold is not closed, or {what}"
        for i, cell in chapter.markdown
        for what, bad in {
            "its summary is not": cell.source.count("<summary>") != cell.source.count("</summary>"),
            "closed twice": cell.source.count("<details>") != cell.source.count("</details>"),
        }.items()
        if bad
    ]


@rule
def next_chapter_is_linked(chapter: Chapter) -> list[str]:
    number = f"{int(chapter.number) + 1:02d}"
    following = sorted(chapter.path.parent.glob(f"{number}_*.ipynb"))
    if not following:
        return []
    link = f"[{Chapter(following[0]).title}]({following[0].name})"
    here = [cell.source for i, cell in chapter.markdown if section_of(chapter, i) == "## Next"]
    return [] if link in "\n".join(here) else [f"'Next' lacks the link {link}"]


def section_of(chapter: Chapter, place: int) -> str:
    """The `##` heading under which a cell stands; for a cell with headings, its last."""
    above = [text for i, text in chapter.headings if i <= place and text.startswith("## ")]
    return above[-1] if above else ""


# ---------------------------------------------------------------- prose


@rule
def links_resolve(chapter: Chapter) -> list[str]:
    return [
        f"cell {i}: {fault}"
        for i, cell in chapter.markdown
        for fault in dead_links(cell.source, chapter.path)
    ]


def dead_links(markdown: str, path: Path) -> list[str]:
    """What is wrong with the links and pictures of a markdown text that stands in `path`."""
    faults = []
    for target in links(markdown):
        if target.startswith("attachment:"):
            faults.append(f"{target}: a picture inside the notebook; keep it in images/")
        # Pages that show or run a notebook of this course elsewhere name its file too.
        for name in re.findall(r"notebooks(?:/|%2F)([\w-]+\.ipynb)", target):
            if not (NOTEBOOKS / name).exists() and not (path.parent / name).exists():
                faults.append(f"{target}: there is no notebook {name}")
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file) if file else path
        if not there.exists():
            faults.append(f"{target}: no such file")
        elif anchor and anchor not in anchors(there):
            faults.append(f"{target}: no such heading")
    pictures = re.findall(r"!\[([^\]]*)\]\(", without_code(markdown))
    pictures += re.findall(r"<img\b(?![^>]*\balt=\"[^\"]+\")()[^>]*>", without_code(markdown))
    if any(not alt.strip() for alt in pictures):
        faults.append("a picture without alternative text")
    return faults


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings: JupyterLab's for a notebook, GitHub's for markdown."""
    if path.suffix == ".ipynb":
        return {text.lstrip("# ").replace(" ", "-") for _, text in Chapter(path).headings}
    found = set()
    for line in without_fences(path.read_text(encoding="utf-8")).splitlines():
        if re.match(r"#{1,6} ", line):
            words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.lstrip("# ")).strip().lower()
            found.add(re.sub(r"[^\w\- ]", "", words).replace(" ", "-"))
    return found


@rule
def words_do_not_belittle_or_shout(chapter: Chapter) -> list[str]:
    faults = []
    for i, cell in chapter.markdown:
        text = re.sub(r"<!--.*?-->", " ", prose(cell.source), flags=re.DOTALL)
        faults += [
            f"cell {i}: {word!r}"
            for word in re.findall(r"\b(?:simply|just|obviously)\b|\w*!", text, re.IGNORECASE)
        ]
    return faults


NUMBER = r"[-−+]?\d[\d,]*(?:\.\d+)?(?:e[-−+]?\d+)?"
MARKED = re.compile(rf"({NUMBER})\s?%?(?:\*\*)?<!--\s*([\w ]*?)\s*-->")
# What a number may be without being measured: the place of something in a book, or a version.
PLACE = re.compile(
    r"(?:\b(?:sections?|sec\.|figures?|fig\.|tables?|chapters?|equations?|eq\.|appendix|versions?"
    r"|python|pytorch|torch|arxiv:?)|§+)\s*\d[\d.]*(?:\s*(?:,|and|to|or|–|-)\s*\d[\d.]*)*",
    re.IGNORECASE,
)


@rule
def numbers_are_measured(chapter: Chapter) -> list[str]:
    rows = {name: plain(value) for name, value in chapter.measured.items()}
    faults = []
    for i, cell in chapter.markdown:
        text = prose(cell.source)
        for number, name in MARKED.findall(text):
            if name == "given":
                continue
            if name not in rows:
                faults.append(f"cell {i}: {number} is marked {name!r}, which no row is called")
            elif plain(number) != rows[name]:
                faults.append(f"cell {i}: {number} in the prose, {rows[name]} in the row {name}")
        text = MARKED.sub(" ", text)
        faults += [
            f"cell {i}: {comment} does not stand right behind a number"
            for comment in re.findall(r"<!--.*?-->", text, re.DOTALL)
        ]
        faults += [
            f"cell {i}: {number} without a marker; measured, <!-- given -->, or in backticks?"
            for number in re.findall(r"\d[\d,]*\.\d+\s?%?|\d+\s?%", PLACE.sub(" ", text))
        ]
    return faults


def plain(number: str) -> str:
    """A number as text without what is there for the eye: commas, a percent sign, a long minus."""
    return number.replace(",", "").replace("−", "-").rstrip(" %")


# ---------------------------------------------------------------- the rules, applied


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.path.stem)
def test_chapter(chapter, rule):
    faults = rule(chapter)
    assert not faults, f"{chapter.path.name}: " + "\n".join(faults)


def test_chapters_are_numbered_from_zero():
    numbers = [chapter.number for chapter in CHAPTERS]
    assert numbers == [f"{n:02d}" for n in range(len(numbers))]
    assert numbers


def test_exercise_names_are_unique_in_the_course():
    names = [exercise.name for chapter in CHAPTERS for exercise in chapter.exercises]
    assert len(names) == len(set(names)), sorted(n for n in set(names) if names.count(n) > 1)


# ---------------------------------------------------------------- README and repository


@pytest.mark.parametrize("name", ["README.md", "data/README.md"])
def test_links_of_readme(name):
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"there is no {name}")
    faults = dead_links(path.read_text(encoding="utf-8"), path)
    assert not faults, "\n".join(faults)


def test_dead_links_of_a_page_are_found(tmp_path):
    page = tmp_path / "README.md"
    page.write_text(
        "## Set up, then *run*\n\n[a](#set-up-then-run) [b](#Set-up) [c](none.md) ![](p.png)\n"
        "`[code](none.py)` <img src='p.png'> [d](lab?path=notebooks%2F77_none.ipynb)\n"
        "[e](https://example.org/lab/tree/notebooks/77_none.ipynb)\n"
    )
    (tmp_path / "p.png").touch()
    faults = "\n".join(dead_links(page.read_text(), page))
    for wanted in ("#Set-up: no such heading", "none.md: no such file", "alternative text"):
        assert wanted in faults
    assert faults.count("no notebook 77_none.ipynb") == 2
    assert "none.py" not in faults
    assert "#set-up-then-run" not in faults


# In pieces, so that this file does not name them either.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("download", "pytorch", "org"),
        ("npmjs", "org"),
        ("deb", "debian", "org"),
        ("anaconda", "org"),
    )
]


def faults_of_text(text: str) -> list[str]:
    """Registry hosts and paths of a machine in a text of the repository."""
    hosts = [host for host in REGISTRIES if host in text]
    return hosts + [found[0] for found in MACHINE_PATH.finditer(text)]


def test_repository_names_no_registry_and_no_machine():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    faults = {}
    for name in listed.stdout.splitlines():
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        text = re.sub(r'"image/png": ".*?"', "", text)
        if found := faults_of_text(text):
            faults[name] = found
    assert not faults


def test_registries_and_machines_are_found():
    assert faults_of_text("see https://" + REGISTRIES[0] + "/x") == [REGISTRIES[0]]
    for path in ("/" + "home/ada/x", "/" + "Users/ada", "in /" + "tmp/x", "C:" + "\\Users\\ada"):
        assert faults_of_text(f"from {path} on"), path
    assert not faults_of_text("https://example.org/home/x notebooks/work/x ~/tmp /tmp")


# ---------------------------------------------------------------- every rule catches its fault

PNG = "iVBORw0KGgo="
ALT = "A curve rises from left to right."


def code(source: str, *outputs) -> nbformat.NotebookNode:
    return new_code_cell(source, outputs=list(outputs))


def said(text: str):
    return new_output("stream", name="stdout", text=text)


def picture():
    return new_output(
        "display_data",
        {"image/png": PNG, "text/plain": ALT},
        metadata={"image/png": {"alt": ALT}},
    )


def exercise_cells(n: int, name: str) -> list[nbformat.NotebookNode]:
    return [
        new_markdown_cell(f"**Exercise {n}.** Find it."),
        code(
            f'{name} = ...\ncheck("{name}", {name})',
            said(f"○ {name}: not attempted yet. Replace it.\n"),
        ),
        new_markdown_cell(
            "<details><summary>Hint</summary>Count.</details>\n"
            f"<details><summary>Solution</summary>\n\n```python\n{name} = 1\n```\n</details>"
        ),
    ]


def sample() -> nbformat.NotebookNode:
    """A chapter 01 in which no rule finds a fault."""
    cells = [
        new_markdown_cell(
            "# 01 A sample\n\n**You will be able to** see. **You need** eyes. "
            "**Reading** 5 minutes, **running** 2 seconds."
        ),
        code("import torch"),
        new_markdown_cell("## Before you start"),
        code('quiz("00")'),
        new_markdown_cell("## A story\n\nHow [far](00_first.ipynb#The-map)? See [below](#Next)."),
        code('a = predict("A?", [1, 2])\nb = predict("B?", [1, 2])'),
        code("a.reveal(1)\nb.reveal(2)", said("It is 1.\n")),
        new_markdown_cell("Where does it stop, at 2.50<!-- far -->, 1,024<!-- big --> or `0.1`?"),
        code("sliders(fig, [], move, x=(0, 1, 1))", picture()),
        new_markdown_cell("## What was measured"),
        code(
            'measured(far=("2.50", "m"), big=(1024, "m"))',
            said("far   2.50  how far\nbig  1,024  how big\n"),
        ),
        new_markdown_cell("## What the seeds asked\n\nHow far."),
        new_markdown_cell("## Your turn"),
        *exercise_cells(1, "one"),
        *exercise_cells(2, "two"),
        *exercise_cells(3, "three"),
        new_markdown_cell(
            "## Further reading\n\nA paper, section 2.1, that says 109<!-- given -->."
        ),
        new_markdown_cell("## Next\n\n[02 The last](02_last.ipynb)"),
    ]
    numbered = [cell for cell in cells if cell.cell_type == "code"]
    for n, cell in enumerate(numbered, 1):
        cell.execution_count = n
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return new_notebook(cells=cells, metadata={**metadata, "language_info": LANGUAGE_INFO})


def write_sample(notebook: nbformat.NotebookNode, folder: Path) -> Chapter:
    for name, text in {"00_first": "# 00 First\n\n## The map", "02_last": "# 02 The last"}.items():
        nbformat.write(new_notebook(cells=[new_markdown_cell(text)]), folder / f"{name}.ipynb")
    path = folder / "01_sample.ipynb"
    nbformat.write(notebook, path)
    return Chapter(path)


def replace(old: str, new: str):
    """A change: `old` becomes `new` in the sources of the sample, where it must occur."""

    def change(notebook):
        assert any(old in cell.source for cell in notebook.cells), old
        for cell in notebook.cells:
            cell.source = cell.source.replace(old, new)

    return change


def output(place: int, **changes):
    """A change: the first output of the code cell at `place` gets other fields."""

    def change(notebook):
        cell = [cell for cell in notebook.cells if cell.cell_type == "code"][place]
        cell.outputs[0].update(nbformat.from_dict(changes))

    return change


def drop(start: str):
    """A change: the first cell whose source starts so is not there."""

    def change(notebook):
        gone = next(cell for cell in notebook.cells if cell.source.startswith(start))
        notebook.cells.remove(gone)

    return change


def more(cell: nbformat.NotebookNode, place: int):
    """A change: one cell more, at `place` or behind all others."""

    def change(notebook):
        notebook.cells.insert(place, copy.deepcopy(cell))

    return change


def count(notebook):
    notebook.cells[3].execution_count = 7


def collapse(notebook):
    notebook.cells[3].metadata["collapsed"] = True


def timing(notebook):
    notebook.cells[3].metadata["execution"] = {"iopub.status.busy": "2026-01-01"}


def version(notebook):
    notebook.metadata.language_info["version"] = "3.11.7"


def kernel(notebook):
    notebook.metadata.kernelspec["name"] = "my-venv"


def state(notebook):
    notebook.metadata["widgets"] = {}


def swap(notebook):
    cells = notebook.cells
    places = [i for i, c in enumerate(cells) if c.source.startswith(("## Further", "## Next"))]
    cells[places[0]], cells[places[1]] = cells[places[1]], cells[places[0]]


def tag(notebook):
    notebook.cells[3].metadata["tags"] = ["nbval-ignore-output"]


STDERR = {"output_type": "stream", "name": "stderr", "text": "UserWarning: old"}
ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
LONG = "\n".join(f"x{n} = {n}" for n in range(26))
FAR, SLIDER, TABLE, STUB = 3, 4, 5, 6  # code cells of the sample

BROKEN: dict[str, list] = {
    "counts_run_from_one": [count, more(code("x = 1"), 2), replace("import torch", "")],
    "metadata_is_clean": [collapse, timing, version, state, kernel],
    "no_widget_state": [
        state,
        output(SLIDER, data={"text/plain": ALT, WIDGET_VIEW: {"model_id": "1"}}),
    ],
    "no_errors_or_warnings": [output(FAR, **STDERR), output(FAR, **ERROR)],
    "no_machine_paths": [
        output(FAR, text="saved in /" + "home/ada/x\n"),
        output(FAR, text="see C:" + "\\Users\\ada\n"),
        output(SLIDER, data={"image/png": PNG, "text/plain": "/" + "tmp/ipykernel_1/2.py"}),
        replace("import torch", 'load("/' + 'root/names.txt")'),
    ],
    "pictures_have_alternative_text": [
        output(SLIDER, data={"image/png": PNG}),
        output(SLIDER, data={"image/png": PNG, "text/plain": "<Figure size 900x320 with 1 Axes>"}),
        output(SLIDER, data={"image/png": PNG, "text/plain": "A curve"}),
        output(SLIDER, metadata={}),
    ],
    "notebook_is_small": [output(FAR, text="x" * LARGEST_NOTEBOOK)],
    "code_cells_are_short": [replace("import torch", LONG)],
    "exempt_cells_say_why": [
        replace("import torch", "# NBVAL_IGNORE_OUTPUT\nimport torch"),
        replace("import torch", "import torch\n# NBVAL_SKIP"),
        tag,
    ],
    "opening_says_what_and_how_long": [
        replace("# 01 A sample", "# 02 A sample"),
        replace("**You need** eyes.", ""),
        replace("**Reading** 5 minutes", "**Reading** some minutes"),
        replace("**running** 2 seconds", ""),
    ],
    "sections_stand_in_order": [
        drop("## Further reading"),
        drop("## What the seeds asked"),
        swap,
        more(new_markdown_cell("## An afterthought"), 100),
        replace("## A story", "# A story"),
    ],
    "chapter_before_is_asked": [
        replace('quiz("00")', 'quiz("01")'),
        replace('quiz("00")', ""),
        replace('quiz("00")', 'print()\nquiz("00")'),
        drop("## Before you start"),
    ],
    "measurements_are_listed": [
        replace('measured(far=("2.50", "m"),', 'measured(near=("2.50", "m"),'),
        replace("measured(", "print("),
        drop("## What was measured"),
        output(TABLE, text=""),
    ],
    "reader_drags": [
        replace("sliders(", "show("),
        replace("or `0.1`?", "or `0.1`."),
        output(SLIDER, data={"text/plain": ALT}),
    ],
    "reader_predicts": [replace('b = predict("B?", [1, 2])', ""), replace("b.reveal(2)", "")],
    "exercises_are_whole": [
        replace("three", "two"),
        replace('check("three", three)', 'check("three", three)\nprint()'),
        replace("**Exercise 2.**", "**Exercise 3.**"),
        replace("one = ...", "one = None"),
        replace("<details><summary>Hint</summary>Count.</details>", ""),
        replace("```python\ntwo = 1\n```", "Two."),
        replace("```python\ntwo = 1\n", '```python\ntwo = 1\ncheck("two", two)\n'),
        drop("## Your turn"),
        output(STUB, text="✓ one: right.\n"),
    ],
    "folds_are_closed": [replace("```\n</details>", "```\n"), replace("Hint</summary>", "Hint")],
    "next_chapter_is_linked": [
        replace("[02 The last]", "[02 The end]"),
        replace("02_last.ipynb", "03_last.ipynb"),
    ],
    "links_resolve": [
        replace("00_first.ipynb#", "00_none.ipynb#"),
        replace("#The-map", "#The-maps"),
        replace("(#Next)", "(#next)"),
        replace("How far.", "![A curve.](../images/none.png)"),
        replace("How far.", "![](00_first.ipynb)"),
        replace("How far.", '<img src="00_first.ipynb">'),
        replace("How far.", "![A curve.](attachment:curve.png)"),
    ],
    "words_do_not_belittle_or_shout": [
        replace("How far.", "Just how far."),
        replace("How far.", "This is simply far."),
        replace("How far.", "How far!"),
    ],
    "numbers_are_measured": [
        replace("2.50<!--", "2.5<!--"),
        replace("2.50<!--", "-2.50<!--"),
        replace("<!-- far -->", "<!-- near -->"),
        replace("2.50<!-- far -->", "2.50"),
        replace("2.50<!-- far -->", "far<!-- far -->"),
        replace("1,024<!-- big -->", "1,025<!-- big -->"),
        replace("How far.", "Half of it, 50 %."),
        output(TABLE, text="far   2.51  how far\nbig  1,024  how big\n"),
    ],
}


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
