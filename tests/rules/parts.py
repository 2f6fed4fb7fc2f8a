"""The parts of a chapter: its opening, its sections in order, its closing, the way to the next."""

from chapter import OPENING, Chapter, tags
from rules.registry import rule

COURSE_IS_MISSING = (
    "# If this fails, the rest of the course is missing here; its README says how to get it."
)
SECTIONS = [
    "## Before you start",
    "## What was measured",
    "## What the study notes asked",
    "## Your turn",
    "## Further reading",
    "## Next",
]


@rule
def opening_says_what_and_how_long(chapter: Chapter) -> list[str]:
    first = chapter.cells[0]
    if first.cell_type != "markdown" or not first.source.startswith(f"# {chapter.number} "):
        return [f"does not open with '# {chapter.number} Title'"]
    faults = []
    for part in OPENING:
        try:
            chapter.opening(part)
        except ValueError as error:
            faults.append(str(error))
    return faults


@rule
def sections_stand_in_order(chapter: Chapter) -> list[str]:
    headings = [heading for _, heading in chapter.headings]
    # The first chapter has none before it; the study notes left no question to some.
    absent = {
        "## Before you start": not chapter.before,
        "## What the study notes asked": "asked" not in tags(chapter.cells[0]),
    }
    faults = [f"no section {s!r}" for s in SECTIONS if s not in headings and not absent.get(s)]
    if absent["## What the study notes asked"] and "## What the study notes asked" in headings:
        faults.append("it answers the study notes, but its first cell is not tagged 'asked'")
    known = [heading for heading in headings if heading in SECTIONS]
    if known != [section for section in SECTIONS if section in known]:
        faults.append(f"the sections stand in the order {known}")
    # The glossary is the one thing that may stand behind the last section.
    ending = [heading for heading in headings if heading != "## Glossary"][-1:]
    if ending != ["## Next"]:
        faults.append(f"the last section is {ending}, not Next")
    if sum(heading.startswith("# ") for heading in headings) != 1:
        faults.append("there is more than one title")
    return faults


@rule
def chapter_before_is_asked(chapter: Chapter) -> list[str]:
    calls = chapter.calls("quiz")
    if not chapter.before:
        return ["there is no chapter before it to ask about"] if calls else []
    places = [i for i, cell in chapter.code if cell.source.strip() == "quiz()"]
    if len(places) != 1 or len(calls) != 1:
        return ["quiz() does not stand once, in a cell of its own"]
    if chapter.section_of(places[0]) != "## Before you start":
        return ["quiz() does not stand under 'Before you start'"]
    imported = f"from helpers.chapters.ch{chapter.before.number} import quiz"
    if imported not in chapter.code[0][1].source:
        return [f"the first cell does not say: {imported}"]
    return []


@rule
def first_cell_says_what_is_missing(chapter: Chapter) -> list[str]:
    """Where the chapter was opened alone, the failing import stands below this line."""
    if not chapter.before:  # the first chapter looks for everything by itself
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
    if chapter.section_of(place) != "## What was measured":
        faults.append("measured(...) does not stand under 'What was measured'")
    if list(chapter.measured) != [keyword.arg for keyword in call.keywords]:
        faults.append(f"of the table's rows the output shows {list(chapter.measured)}")
    return faults


@rule
def memory_is_given_back(chapter: Chapter) -> list[str]:
    closing = [cell.source for i, cell in chapter.markdown if chapter.section_of(i) == "## Next"]
    return [] if "Shut Down Kernel" in "".join(closing) else ["'Next' does not say to shut down"]


@rule
def next_chapter_is_linked(chapter: Chapter) -> list[str]:
    following = chapter.after
    if not following:
        return []
    link = f"[{following.title}]({following.path.name})"
    here = [cell.source for i, cell in chapter.markdown if chapter.section_of(i) == "## Next"]
    return [] if link in "\n".join(here) else [f"'Next' lacks the link {link}"]
