"""What is asked of a committed chapter: each rule finds the faults of one kind.

`RULES` holds them; a rule is a function from a chapter to the faults it finds, in words.
"""

import ast
import re
from collections.abc import Callable
from pathlib import Path

from nbformat import NotebookNode

from chapter import Chapter, links, printed, prose, without_code, without_fences
from execute import LANGUAGE_INFO, NOTEBOOKS, WIDGET_VIEW
from helpers.missing import names_made

Rule = Callable[[Chapter], list[str]]
RULES: list[Rule] = []

COURSE_IS_MISSING = (
    "# If this fails, the rest of the course is missing here; its README says how to get it."
)
LONGEST_CODE_CELL = 25  # lines
LARGEST_NOTEBOOK = 1_500_000  # bytes: pictures are kept at double density
# The chapters that answer a question of the notes the course grew from.
ASKED = {"01", "04", "05", "06", "07", "08", "09", "10"}
SECTIONS = [
    "## Before you start",
    "## What was measured",
    "## What the study notes asked",
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
        if extra := set(cell.metadata) - {"tags", "jupyter"}:
            faults.append(f"cell {i}: metadata {sorted(extra)}")
        # JupyterLab folds a cell by one of them, builders of pages by the other.
        hidden = {"source_hidden": True} if folded(cell) else None
        if cell.metadata.get("jupyter") != hidden:
            faults.append(f"cell {i}: hide-input and jupyter.source_hidden go together, alone")
    return faults


def folded(cell: NotebookNode) -> bool:
    """Whether the cell's code is folded away until a reader asks for it."""
    return "hide-input" in cell.metadata.get("tags", [])


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
                    faults.append(
                        f"cell {i}: the picture's text form is {text!r}, no sentence; a figure "
                        "left open at the end of a cell is shown there without one"
                    )
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


@rule
def sliders_keep_their_names(chapter: Chapter) -> list[str]:
    """What a slider's function reads as it is dragged, no later cell may bind to another thing."""
    faults, functions = [], {}
    for place, cell in chapter.code:
        body = ast.parse(cell.source).body
        functions |= {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
        for call in (call for i, call in chapter.calls("sliders") if i == place):
            named = [functions.get(getattr(argument, "id", None)) for argument in call.args]
            given = [argument for argument in call.args if isinstance(argument, ast.Lambda)]
            pending, read = [function for function in named + given if function], set()
            while pending:
                names = global_names(pending.pop()) - read
                read |= names
                pending += [functions[name] for name in names if name in functions]
            for later, other in chapter.code:
                if later > place and (clash := read & names_made(other.source)):
                    faults.append(f"cell {later} binds {sorted(clash)}, which a slider above reads")
    return faults


def names_in(node: ast.AST, context: type) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, context)}


def global_names(function: ast.FunctionDef | ast.Lambda) -> set[str]:
    """The names that a function reads and does not make itself."""
    own = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
    return names_in(function, ast.Load) - names_in(function, ast.Store) - own


# ---------------------------------------------------------------- the parts of a chapter


@rule
def opening_says_what_and_how_long(chapter: Chapter) -> list[str]:
    first = chapter.cells[0]
    if first.cell_type != "markdown" or not first.source.startswith(f"# {chapter.number} "):
        return [f"does not open with '# {chapter.number} Title'"]
    wanted = {
        "**You will be able to**": r"\*\*You will be able to\*\*",
        "**You need**": r"\*\*You need\*\*",
        "**Reading** n minutes": r"\*\*Reading\*\* \d+ minutes",
        "**running** n seconds": r"\*\*running\*\* \d+ seconds",
    }
    return [
        f"the opening lacks {name} (each on one line)"
        for name, pattern in wanted.items()
        if not re.search(pattern, first.source)
    ]


@rule
def sections_stand_in_order(chapter: Chapter) -> list[str]:
    optional = set()
    if chapter.number == "00":
        optional.add("## Before you start")
    if chapter.number not in ASKED:
        optional.add("## What the study notes asked")
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
    places = [i for i, cell in chapter.code if cell.source.strip() == "quiz()"]
    if len(places) != 1 or len(calls) != 1:
        return ["quiz() does not stand once, in a cell of its own"]
    if section_of(chapter, places[0]) != "## Before you start":
        return ["quiz() does not stand under 'Before you start'"]
    imported = f"from helpers.chapters.ch{int(chapter.number) - 1:02d} import quiz"
    if imported not in chapter.code[0][1].source:
        return [f"the first cell does not say: {imported}"]
    return []


@rule
def first_cell_says_what_is_missing(chapter: Chapter) -> list[str]:
    """Where the chapter was opened alone, the failing import stands below this line."""
    if chapter.number == "00":  # it looks for everything by itself
        return []
    before, found, _ = chapter.code[0][1].source.partition(COURSE_IS_MISSING)
    if not found or "helpers" in before:
        return [f"above the first import of helpers there is no line {COURSE_IS_MISSING!r}"]
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
        # Between the question and the slider a figure may be drawn, and explained.
        above = [cell.source for j, cell in chapter.markdown if j < i][-2:]
        if not any("?" in text for text in above):
            faults.append(f"cell {i}: no question in the text above the slider")
        if not any("image/png" in output.get("data", {}) for output in chapter.cells[i].outputs):
            faults.append(f"cell {i}: the slider has no still picture")
    return faults


@rule
def drawing_is_folded(chapter: Chapter) -> list[str]:
    """A slider stands by its question, its code folded; what teaches is never folded."""
    sliders = {i for i, _ in chapter.calls("sliders")}
    shows = sliders | {i for name in ("show", "four_plots") for i, _ in chapter.calls(name)}
    faults = []
    for i, cell in chapter.code:
        body = ast.parse(cell.source).body
        only_defines = all(isinstance(node, ast.FunctionDef) for node in body)
        if i in sliders and not folded(cell):
            faults.append(f"cell {i}: the slider's code is not folded")
        if folded(cell) and i not in shows and not only_defines:
            faults.append(f"cell {i}: folded, but it shows no picture")
    return faults


@rule
def sliders_stand_by_their_question(chapter: Chapter) -> list[str]:
    return [
        f"cell {i}: code stands between the question and the slider"
        for i, _ in chapter.calls("sliders")
        if chapter.cells[i - 1].cell_type != "markdown"
    ]


@rule
def answers_are_folded(chapter: Chapter) -> list[str]:
    """What a prediction reveals is not in sight of a reader who has not guessed yet."""
    faults = []
    for i in sorted({i for i, _ in chapter.calls("reveal")}):
        cell = chapter.cells[i]
        shown = "".join(output.get("data", {}).get("text/html", "") for output in cell.outputs)
        if "<details>" not in shown or re.search(r"It is |The answer: ", printed(cell)):
            faults.append(f"cell {i}: what came out is not folded")
        if "not among the choices" in shown:
            faults.append(f"cell {i}: what came out is not among the choices")
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
def memory_is_given_back(chapter: Chapter) -> list[str]:
    closing = [cell.source for i, cell in chapter.markdown if section_of(chapter, i) == "## Next"]
    return [] if "Shut Down Kernel" in "".join(closing) else ["'Next' does not say to shut down"]


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
            f"cell {i}: {number.strip()} has no marker: a row, <!-- given -->, or backticks?"
            for number in re.findall(r"\d[\d,]*\.\d+\s?%?|\d+\s?%", PLACE.sub(" ", text))
        ]
    return faults


def plain(number: str) -> str:
    """A number as text without what is there for the eye: commas, a percent sign, a long minus."""
    return number.replace(",", "").replace("−", "-").rstrip(" %")


# ---------------------------------------------------------------- any text of the repository

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
