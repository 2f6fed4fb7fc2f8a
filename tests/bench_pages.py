"""What the pages cost: to build, to open, and to move on a slow processor."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from playwright.sync_api import sync_playwright

import weights
from chapter import Chapter, all_chapters
from execute import ROOT
from lab import FLAGS, browser_path

HTML = ROOT / "docs" / "_build" / "html"
OPENINGS, KEYS, SLOWED = 3, 6, 4
ENVIRONMENT = {
    **os.environ,
    "OMP_NUM_THREADS": "1",
    "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "docs", ROOT / "tests"))),
}
RUN = "import execute, pathlib, sys; execute.execute(execute.read(pathlib.Path(sys.argv[1])))"
# Milliseconds from the start of the navigation to the text painted and the page read whole.
READABLE = """() => Math.max(
    performance.getEntriesByName('first-contentful-paint')[0].startTime,
    performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd)"""
# From top to bottom, a screen at a time: pictures are fetched when they come near.
READ = """async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
        scrollTo(0, y);
        await new Promise(seen => setTimeout(seen, 50));
    }
}"""
# Milliseconds from each key to the end of the frame that paints what it brought.
PAINTED = """() => {
    window.painted = [];
    document.addEventListener('keydown', event => requestAnimationFrame(() =>
        setTimeout(() => window.painted.push(performance.now() - event.timeStamp))), true);
}"""


@dataclass
class Cost:
    """A page: milliseconds until it is readable, bytes, and milliseconds of keys, by figure."""

    chapter: Chapter
    readable: list[float] = field(default_factory=list)
    opened: int = 0
    moved: int = 0
    keys: list[list[float]] = field(default_factory=list)


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def build_times() -> dict[str, float]:
    """Seconds of the chapters alone, of their pages from nothing, and of the same pages again."""
    paths = [chapter.path for chapter in all_chapters()]

    def alone() -> None:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda path: python("-c", RUN, str(path)), paths))

    shutil.rmtree(HTML.parent, ignore_errors=True)
    return {
        "the chapters run, side by side": seconds(alone),
        "`make pages` from nothing": seconds(lambda: python("-m", "pages")),
        "`make pages` again": seconds(lambda: python("-m", "pages")),
    }


def python(*arguments: str) -> None:
    command = [sys.executable, *arguments]
    subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)


def measure() -> list[Cost]:
    """The cost of each chapter's page, from a folder on disk."""
    costs = [Cost(chapter) for chapter in all_chapters()]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        for _ in range(OPENINGS):
            for cost in costs:
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                page.goto(address(cost), wait_until="load")
                cost.readable.append(page.evaluate(READABLE))
                page.close()
        for cost in costs:
            read_and_move(browser, cost)
        browser.close()
    return costs


def address(cost: Cost) -> str:
    return f"{HTML.as_uri()}/{cost.chapter.path.stem}.html"


def read_and_move(browser, cost: Cost) -> None:
    """Read the page to its end, and move each slider, on a processor slowed down."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    page.goto(address(cost), wait_until="networkidle")
    cost.opened = weights.of(asked, HTML.as_uri(), HTML)
    page.evaluate(READ)
    page.wait_for_load_state("networkidle")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.evaluate(PAINTED)
    for figure in page.locator(".course-figure").all():
        figure.scroll_into_view_if_needed()
        figure.locator(".course-live").wait_for()
        page.evaluate("window.painted = []")
        pressed = 0
        for slider in figure.locator("input[type=range]").all():
            slider.focus()
            for key in ("ArrowLeft", "ArrowRight") * (KEYS // 2):
                page.keyboard.press(key)
                pressed += 1
                page.wait_for_function(f"window.painted.length >= {pressed}")
        cost.keys.append(page.evaluate("window.painted"))
    cost.moved = weights.of(asked, HTML.as_uri(), HTML)
    page.close()


def report() -> str:
    built = build_times()
    return "\n\n".join([table_of_times(built), *of_pages(measure(), weights.figures(HTML))])


def table_of_times(built: dict[str, float]) -> str:
    aims = ["", "at most 360, and twice the chapters for the recording", "at most 20"]
    rows = [
        f"| {name} | {took:.0f} | {aim} |"
        for (name, took), aim in zip(built.items(), aims, strict=True)
    ]
    return "\n".join(["| | seconds | aim |", "|---|--:|---|", *rows])


def of_pages(costs: list[Cost], figures: list[weights.Figure]) -> list[str]:
    """What the table of pages is of, the table, and what holds for all of them."""
    rows = [
        "| chapter | readable, ms | opened, KB | read and moved, KB | largest figure, packed, KB | "
        "with its images | as a file | keys, ms |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for cost in costs:
        own = [one for one in figures if one.name.startswith(cost.chapter.number)]
        sizes = [
            max(getattr(one, name) for one in own) / 1e3
            for name in ("without_images", "packed", "file")
        ]
        cells = [
            cost.chapter.title,
            *(f"{statistics.median(cost.readable):.0f}", f"{cost.opened / 1e3:.0f}"),
            *(f"{cost.moved / 1e3:.0f}", *(f"{size:.0f}" for size in sizes)),
            ", ".join(f"{statistics.median(keys):.0f}" for keys in cost.keys),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    rows.append("| **aim**, at most | 1,000 | 1,000 | 4,000 | 200 | | | 20 |")
    packed = sum(one.without_images for one in figures) / 1e3
    images = sum(one.packed for one in figures) / 1e3 - packed
    keys = [key for cost in costs for found in cost.keys for key in found]
    return [
        "From a folder on disk, in Chromium. Keys: from the key to the end of the frame that "
        f"paints what it brought, on a processor slowed {SLOWED}-fold; the median of each figure.",
        "\n".join(rows),
        f"All {len(figures)} figures packed: {packed:.0f} KB (aim: at most 1,000), and "
        f"{images:.0f} KB of images in them. A file is a third larger: it holds that as text. All "
        f"pages: {weights.whole(HTML) / 1e6:.1f} MB (aim: at most 40). All {len(keys)} keys: "
        f"median {statistics.median(keys):.0f} ms, the slowest {max(keys):.0f}.",
    ]
