"""What training under the hand costs, measured on the four plots of the chapter on diagnostics."""

import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_client.manager import KernelManager
from nbformat.v4 import new_code_cell
from playwright.sync_api import sync_playwright

from chapter import Chapter, all_chapters, tags
from execute import NOTEBOOKS, ThisPython
from lab import FLAGS, ROOT, Notebook, browser_path, lab

ROUNDS, KEYS, STEPS = 5, 30, 20_000
BARE = """
import time as _time
_steps, _begun = 0, _time.perf_counter()
while (_took := _time.perf_counter() - _begun) < 2:
    if not _steps % 2000:  # no network lives longer
        _run = build(gain=5 / 3, batch_norm=False)
    step(_run, learning_rate=0.1)
    _steps += 1
print(_steps / _took)
"""
MEMORY = """
import gc, psutil
gc.collect()
print(psutil.Process().memory_info().rss)
"""
# The note under the picture then names the rate of the last step.
NOTED = """
import helpers.live
_live = helpers.live.LIVING[-1]
_step = _live.step
def _noted(run, learning_rate):
    _live.note = f"rate {learning_rate:.3g}"
    return _step(run, learning_rate)
_live.step = _noted
"""
# Of each change of the line under the picture: when, and what it says.
LINES = """box => {
    const lines = window.lines = [];
    const line = box.querySelector('p');
    new MutationObserver(() => lines.push([performance.now(), line.textContent]))
        .observe(line, { childList: true, characterData: true, subtree: true });
}"""
# Milliseconds from the key to the end of the frame that paints a picture trained at another rate.
PAINTED = """note => {
    const before = note.textContent;
    window.painted = 0;
    document.addEventListener('keydown', () => window.pressed = performance.now(),
        { capture: true, once: true });
    const watch = new MutationObserver(() => {
        if (!note.textContent.startsWith('rate') || note.textContent === before) return;
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => window.painted = performance.now()));
    });
    watch.observe(note, { childList: true, characterData: true, subtree: true });
}"""


@dataclass
class Pace:
    """Steps a second of bare loops and of live runs, taken in turns; pictures a second of these."""

    bare: list[float]
    live: list[float]
    pictures: list[float]

    def add(self, bare: float, steps: list[tuple[float, int]]) -> None:
        """Note a round; `steps` are those of each picture with its time in seconds."""
        (first, before), (last, after) = steps[0], steps[-1]
        self.bare.append(bare)
        self.live.append((after - before) / (last - first))
        self.pictures.append((len(steps) - 1) / (last - first))

    def share(self) -> float:
        return statistics.median(self.live) / statistics.median(self.bare)


class Client:
    """A kernel with the chapter run as far as its live figure, and no page but this one."""

    def __init__(self, client, cells: list[str]):
        self.client = client
        self.figure = ""
        for cell in cells:
            self.run(cell)

    def run(self, code: str) -> str:
        """Run the code; what it printed."""
        printed = []

        def hook(message: dict) -> None:
            content = message["content"]
            if message["msg_type"] == "error":
                raise RuntimeError(f"{content['ename']}: {content['evalue']}")
            if message["msg_type"] == "stream":
                printed.append(content["text"])
            if message["msg_type"] == "comm_open" and "figure" in content["data"]["state"]:
                self.figure = content["comm_id"]

        self.client.execute_interactive(code, output_hook=hook, timeout=120)
        return "".join(printed)

    def say(self, **content) -> None:
        """Tell the figure something, as its view on a page does."""
        data = {"method": "custom", "content": content}
        message = self.client.session.msg("comm_msg", {"comm_id": self.figure, "data": data})
        self.client.shell_channel.send(message)

    def train(self) -> list[tuple[float, int]]:
        """A whole run from the start: the time and the step of each picture, shown at once."""
        self.say(do="again", request=1)
        self.say(do="train", request=2)
        found = []
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            said = message["content"].get("data", {}).get("content", {})
            if message["msg_type"] != "comm_msg" or "beside" not in said:
                continue
            self.say(seen=said["order"])
            if said["beside"]["running"]:
                found.append((time.perf_counter(), step_in(said["beside"]["line"])))
            elif found:
                return found


def step_in(line: str) -> int:
    return int(re.match(r"Step ([\d,]+)", line)[1].replace(",", ""))


def chapter_and_place() -> tuple[Chapter, int]:
    """The chapter whose live figure is measured, and its cell's place: tagged "bench"."""
    for chapter in all_chapters():
        for place, _ in chapter.calls("live"):
            if "bench" in tags(chapter.cells[place]):
                return chapter, place
    raise ValueError("No cell that calls live has the tag bench.")


@contextmanager
def kernel_alone(chapter: Chapter, place: int) -> Iterator[Client]:
    manager = KernelManager(kernel_spec_manager=ThisPython())
    environment = {k: v for k, v in os.environ.items() if k != "COURSE_UNATTENDED"}
    manager.start_kernel(cwd=str(NOTEBOOKS), env=environment, stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield Client(client, [cell.source for i, cell in chapter.code if i <= place])
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def without_browser(chapter: Chapter, place: int) -> tuple[Pace, float]:
    """The pace with the kernel alone; and by how many MB 20,000 steps made it larger."""
    pace = Pace([], [], [])
    with kernel_alone(chapter, place) as client:
        client.train()
        for _ in range(ROUNDS):
            bare = float(client.run(BARE))
            pace.add(bare, client.train())
        before, steps = int(client.run(MEMORY)), 0
        while steps < STEPS:
            steps += client.train()[-1][1]
        return pace, (int(client.run(MEMORY)) - before) / 1e6


def with_browser(chapter: Chapter, place: int) -> tuple[Pace, list[float]]:
    """The pace with the browser on the same cores; and milliseconds from key to picture."""
    pace, answers = Pace([], [], []), []
    with (
        tempfile.TemporaryDirectory() as name,
        lab(Path(name)) as address,
        sync_playwright() as playwright,
    ):
        notebook = nbformat.read(chapter.path, 4)
        notebook.cells = [*notebook.cells[: place + 1], new_code_cell("")]
        nbformat.write(notebook, Path(name) / "live.ipynb")
        shutil.copytree(ROOT / "images", Path(name) / "images")
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        opened = Notebook(page, address, "live.ipynb")
        opened.run_all()
        box = page.locator(".course-live:has(.course-picture)").last
        for _ in range(ROUNDS):
            bare = float(opened.run_code(place + 1, BARE))
            pace.add(bare, lines_of_a_run(page, box))
        opened.start_code(NOTED)
        for _ in range(KEYS):
            answers.append(answer(page, box))
        browser.close()
    return pace, answers


def press(box, name: str) -> None:
    box.get_by_role("button", name=name, exact=True).click()


def lines_of_a_run(page, box) -> list[tuple[float, int]]:
    """A whole run on the page: the time in seconds and the step of each picture."""
    press(box, "Reset")
    page.wait_for_timeout(500)
    box.evaluate(LINES)
    press(box, "Train")
    box.get_by_role("button", name="Pause").wait_for()
    box.get_by_role("button", name="Train").wait_for(timeout=60_000)
    lines = page.evaluate("window.lines")
    return [(at / 1e3, step_in(line)) for at, line in lines if "second" in line]


def answer(page, box) -> float:
    """Milliseconds from a key on the learning rate to the first picture trained with it."""
    press(box, "Reset")
    press(box, "Train")
    page.wait_for_function("note => note.textContent.startsWith('rate')", arg=note_of(box))
    page.wait_for_timeout(300)
    page.evaluate(PAINTED, note_of(box))
    box.get_by_label("learning rate").press("ArrowRight")
    page.wait_for_function("window.painted > 0", timeout=20_000)
    return page.evaluate("window.painted - window.pressed")


def note_of(box):
    return box.locator(".course-note").element_handle()


def measure() -> tuple[Pace, float, Pace, list[float]]:
    """The pace and the memory of the kernel alone; the pace and the answers in the browser."""
    where = chapter_and_place()
    return *without_browser(*where), *with_browser(*where)
