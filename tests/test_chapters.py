"""Every chapter, run as a reader runs it who tries wrong answers before the right one.

Each chapter is executed once more, with two threads where nbval has one, and behind each exercise
stand its wrong answers (tests/wrong_answers) and the solution folded below it. What came out is
then looked at from each side: texts, stubs, solutions, wrong answers, time and memory.
"""

import time
from dataclasses import dataclass, field
from functools import cache
from statistics import mean

import nbformat
import psutil
import pytest
import torch
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from bench import bare_loop, training_data
from chapter import (
    Chapter,
    Exercise,
    all_chapters,
    printed,
    sanitized,
    texts,
    unstable,
    wrong_answers,
)
from execute import ChapterError, forget_peak, kernel, peak_bytes, run_cell
from helpers.networks import network

CHAPTERS = all_chapters()
# Seconds of work that a chapter's kernel may take, and as many those that it starts, on a machine
# like that of docs/benchmarks.md. They are counted as the processor's own time: waiting while
# neighbors have their turn does not count. What a slower machine, or neighbors in its caches, add
# to the work itself is allowed for by what a fixed piece of training takes meanwhile (`slowness`).
LONGEST = 30
PROMISED = 4 / 3  # of the seconds in the chapter's opening
BARE_LOOP = 0.0666  # seconds in docs/benchmarks.md, section 5
# Bytes of memory that its kernel may take; torch's build for GPUs holds 330 MB more by itself.
LARGEST = 700e6 + (350e6 if torch.version.cuda else 0)
# Two threads, of which one that waits for the other sleeps: awake, it would take the core from the
# tests beside it, and on a busy machine the kernel would work ten times as long for the same.
THREADS = {"OMP_NUM_THREADS": "2", "OMP_WAIT_POLICY": "PASSIVE"}


@dataclass
class Attempts:
    """What the checks said to one exercise's wrong answers, in order, and to its solution."""

    wrong: list[tuple[str, str]] = field(default_factory=list)  # (what it must contain, what came)
    solution: str = ""


@dataclass
class Story:
    """What came of running a chapter."""

    cells: dict[int, NotebookNode] = field(default_factory=dict)
    attempts: dict[str, Attempts] = field(default_factory=dict)
    seconds: float = 0.0  # of the kernel's own work
    others: float = 0.0  # of the work of processes that it started
    slowness: list[float] = field(default_factory=list)  # of the machine, now and then
    peak: int = 0
    error: str = ""


def play(chapter: Chapter, wrong: dict[str, list[tuple[str, str]]]) -> Story:
    """Run the chapter, with the wrong answers and the solution behind each exercise."""
    story = Story()
    exercises = {exercise.index: exercise for exercise in chapter.exercises}
    notebook = new_notebook(metadata=chapter.notebook.metadata)
    with kernel(notebook, chapter.path.parent, THREADS) as client:

        def run(source: str) -> NotebookNode:
            notebook.cells.append(new_code_cell(source))
            return run_cell(client, len(notebook.cells) - 1)

        seen = 0
        for index, cell in chapter.code:
            if "# NBVAL_SKIP" in cell.source:
                continue
            if len(story.cells) % 10 == 0:
                story.slowness.append(slowness())
            before = cpu_seconds(client)
            try:
                story.cells[index] = run(cell.source)
            except ChapterError as error:
                story.error = str(error)
                return story
            own, others = cpu_seconds(client)
            story.seconds += own - before[0]
            story.others += others - before[1]
            if index in exercises:
                # What the attempts take is not the chapter's own, but what it grows by after them.
                story.peak += peak_bytes(client) - seen
                attempt(exercises[index], wrong, story, run)
                forget_peak(client)
                seen = peak_bytes(client)
        story.peak += peak_bytes(client) - seen
    return story


def cpu_seconds(client) -> tuple[float, float]:
    """Seconds of work so far: of the client's kernel, and of the processes that it has ended."""
    times = psutil.Process(client.km.provisioner.pid).cpu_times()
    return times.user + times.system, times.children_user + times.children_system


def attempt(exercise: Exercise, wrong: dict, story: Story, run) -> None:
    """Put each wrong answer, and then the solution, in place of the stub."""
    attempts = story.attempts[exercise.name] = Attempts()

    def say(code: str) -> str:
        try:
            return printed(run(exercise.answered(code)))
        except ChapterError as error:
            return f"raised: {error}"

    attempts.wrong = [(fragment, say(code)) for code, fragment in wrong.get(exercise.name, [])]
    # Last, so that the chapter goes on as for a reader who has solved it.
    attempts.solution = say(exercise.solutions[0]) if exercise.solutions else "no folded solution"


@cache
def story_of(chapter: Chapter) -> Story:
    story = play(chapter, wrong_answers(chapter))
    slower = mean(story.slowness)  # neighbors come and go
    story.seconds /= slower
    story.others /= slower
    return story


def slowness() -> float:
    """How many times as long this machine works on a fixed piece of training; 1 at the least."""
    data, times = training_data(), []
    for _ in range(3):
        started = time.process_time()
        bare_loop(network(0), data, steps=200)
        times.append(time.process_time() - started)
    return max(1.0, min(times) / BARE_LOOP)


@pytest.fixture(
    params=[
        pytest.param(
            chapter,
            id=chapter.path.stem,
            marks=pytest.mark.kernel,
        )
        for chapter in CHAPTERS
    ],
    scope="module",
)
def chapter(request):
    return request.param


@pytest.fixture
def story(chapter):
    story = story_of(chapter)
    if story.error:
        pytest.fail(story.error, pytrace=False)
    return story


def test_texts_are_the_committed_ones(chapter, story):
    faults = changed_texts(chapter, story)
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def test_untouched_stubs_are_not_attempted(chapter, story):
    for exercise in chapter.exercises:
        said = printed(story.cells[exercise.index])
        assert said.startswith(f"○ {exercise.name}: not attempted yet"), said


def test_folded_solutions_pass(chapter, story):
    for name, attempts in story.attempts.items():
        assert attempts.solution.startswith(f"✓ {name}:"), f"{name}: {attempts.solution}"


def test_wrong_answers_get_messages_of_their_own(chapter, story):
    faults = answer_faults(story, wrong_answers(chapter))
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def test_time_and_memory(chapter, story, record_property):
    record_property(chapter.path.stem, (story.seconds + story.others, story.peak))
    promised = PROMISED * int(chapter.opening("seconds"))
    assert story.seconds <= min(LONGEST, promised)
    assert story.others <= LONGEST
    assert story.peak <= LARGEST


def changed_texts(chapter: Chapter, story: Story) -> list[str]:
    """Where a text output is not the committed one, up to what nbval sanitizes.

    The numbers among it that are marked as unstable are compared within their committed spread.
    """
    faults = []
    for index, cell in story.cells.items():
        committed = chapter.cells[index]
        if "# NBVAL_IGNORE_OUTPUT" in committed.source:
            continue
        now, then = ([tuple(map(sanitized, text)) for text in texts(c)] for c in (cell, committed))
        if now != then:
            faults.append(f"cell {index}, committed: {then}\nwith two threads: {now}")
        pairs = zip(unstable(str(texts(committed))), unstable(str(texts(cell))), strict=False)
        faults += [
            f"cell {index}: {found} is not within the committed {number} ± {spread}"
            for (number, spread), (found, _) in pairs
            if not abs(found - number) <= spread
        ]
    return faults


def answer_faults(story: Story, wrong: dict[str, list[tuple[str, str]]]) -> list[str]:
    """What is wrong with the messages that wrong answers got."""
    faults = [f"{name}: no such exercise in the chapter" for name in wrong.keys() - story.attempts]
    for name, attempts in story.attempts.items():
        for n, (fragment, message) in enumerate(attempts.wrong, 1):
            if not message.startswith(f"✗ {name}:"):
                faults.append(f"{name}, wrong answer {n}: not told to be wrong: {message!r}")
            elif not fragment or fragment not in message:
                faults.append(f"{name}, wrong answer {n}: {fragment!r} is not in {message!r}")
        messages = [message for _, message in attempts.wrong]
        if len(set(messages)) < len(messages):
            faults.append(f"{name}: two wrong answers get the same message")
    return faults


# ---------------------------------------------------------------- the looks above can fail


def test_wrong_answers_that_cannot_be_read_are_not_none(tmp_path, monkeypatch):
    (tmp_path / "wrong_answers").mkdir()
    (tmp_path / "wrong_answers" / "ch98.py").write_text(
        "import no_such_thing\nWRONG_ANSWERS = {}", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert wrong_answers(Chapter(tmp_path / "97_without.ipynb")) == {}
    with pytest.raises(ModuleNotFoundError, match="no_such_thing"):
        wrong_answers(Chapter(tmp_path / "98_broken.ipynb"))


def told(*wrong: tuple[str, str]) -> Story:
    return Story(attempts={"slope": Attempts(list(wrong), "✓ slope: right.")})


def test_answer_faults_are_found():
    a, b, c = (("divide", "✗ slope: divide by h."), ("h", "✗ slope: h is 0."), ("x", "✗ slope: x."))
    answers = {"slope": [("", "")] * 3}
    assert answer_faults(told(a, b, c), answers) == []
    assert answer_faults(told(a, b, b), answers)
    assert answer_faults(told(a, b, ("x", "✓ slope: right. x")), answers)
    assert answer_faults(told(a, b, ("x", "✗ other: x")), answers)
    assert answer_faults(told(a, b, ("x", "raised: NameError: x")), answers)
    assert answer_faults(told(a, b, ("y", "✗ slope: x.")), answers)
    assert answer_faults(told(a, b, ("", "✗ slope: x.")), answers)
    assert answer_faults(told(a, b, c), {**answers, "gone": []})


@pytest.mark.kernel
def test_changed_texts_are_found(tmp_path):
    chapter = three_texts(tmp_path)
    story = play(chapter, {})
    assert not story.error
    assert len(story.cells) == 3
    [fault] = changed_texts(chapter, story)
    assert fault.startswith("cell 1, ")
    assert "('stdout', '1\\n')" in fault
    assert "('stdout', '2\\n')" in fault
    assert 20e6 < story.peak < 500e6
    assert 0 < story.seconds < 10


@pytest.mark.parametrize(
    ("now", "faults"),
    [
        ("≈ 2.50 ± 0.10 nats", 0),
        ("≈ 2.58 ± 0.12 nats", 0),
        ("≈ 2.61 ± 0.12 nats", 1),
        ("≈ −2.50 ± 0.10 nats", 1),
        ("≈ nan ± 0.10 nats", 1),
        ("≈ 2.50 ± 0.10 bits", 1),
        ("2.50 ± 0.10 nats", 1),
        ("≈ 2.50 ± 0.10 nats ≈ 2.50 ± 0.10 nats", 1),
    ],
)
def test_unstable_numbers_are_compared_within_their_spread(now, faults, tmp_path):
    """nbval passes over them (see nbval.cfg), and over nothing beside them."""
    path = tmp_path / "01_sample.ipynb"
    committed = new_code_cell("x", outputs=[new_output("stream", text="≈ 2.50 ± 0.10 nats")])
    nbformat.write(new_notebook(cells=[committed]), path)
    cell = new_code_cell("x", outputs=[new_output("stream", text=now)])
    assert len(changed_texts(Chapter(path), Story(cells={0: cell}))) == faults


def three_texts(folder) -> Chapter:
    """Three cells: the text of one depends on the threads, that of another on an address."""
    cells = [
        new_code_cell("1 + 1", outputs=[new_output("execute_result", {"text/plain": "2"})]),
        new_code_cell(
            'import os\nprint(os.environ["OMP_NUM_THREADS"])',
            outputs=[new_output("stream", text="1\n")],
        ),
        new_code_cell(
            "print(object())",
            outputs=[new_output("stream", text="<object object at 0x7f0000000000>\n")],
        ),
    ]
    path = folder / "01_sample.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return Chapter(path)


@pytest.mark.kernel
def test_failing_cell_is_named(tmp_path):
    path = tmp_path / "01_sample.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("x = 1"), new_code_cell("x / 0")]), path)
    story = play(Chapter(path), {})
    assert "code cell 2" in story.error
    assert "ZeroDivisionError" in story.error
