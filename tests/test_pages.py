"""The pages in a browser, with no kernel behind them: what moves, answers, is seen, is fetched.

`make test` tries a sample and chapter 00; `make test-pages` every chapter.
"""

import base64
import html
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

import nbformat
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image

import weights
from browsing import WIDTHS, seriously_wrong
from chapter import Chapter
from execute import KERNELSPEC, ROOT, chapters, clean, execute
from helpers import vectors
from lab import STRAY as STRAYS
from readme import PLACEHOLDER, README

pytest.importorskip("sphinx", reason="pages not tested: pip install -e '.[pages]'")

from pages import fonts, packing
from pages.__main__ import BUILT, build
from pages.glossary import Marker, Term, glossary
from pages.source import Page as Source
from pages.source import start_page

PAGES = [Chapter(path) for path in chapters(() if os.environ.get("PAGES") == "all" else ("00",))]
STRAY = 0.015  # of full darkness, on average, between what the page draws and its still
MODES = ("light", "dark")
LETTERS = set(map(chr, fonts.LETTERS))
SAMPLE = [
    new_markdown_cell(
        "# 00 A sample\n\n**You will be able to** try. **You need** a page. **Reading** 1 minutes, "
        "**running** 2 seconds.\n\nA rate of $\\frac12$, or $\\ln 27$.\n\n## First\n\n"
        "A **gradient** of the `loss`, and a learning\nrate. Again the gradient."
    ),
    new_code_cell(
        "import matplotlib.pyplot as plt\n"
        "from helpers.chapters.ch00 import quiz\n"
        "from helpers.exercises import predict\n"
        "from helpers.live import live\n"
        "from helpers.plots import show\n"
        "from helpers.sliders import sliders"
    ),
    new_code_cell('many = predict("How many?", choices=[23, 57, 100])\nquiz()'),
    new_code_cell('large = predict("How large?", low=-10, high=5000)'),
    new_code_cell("many.reveal(57)\nlarge.reveal(1000)"),
    new_code_cell(
        "fig, ax = plt.subplots()\n"
        'ax.set(xlim=(-3, 3), ylim=(0, 9), xlabel="x")\n'
        '(dot,) = ax.plot([], [], "o", markersize=10)\n'
        "(line,) = ax.plot([], [])\n"
        'label = ax.text(-2.8, 8, "")\n'
        "square = ax.imshow([[0, 1], [1, 0]], extent=(1, 2, 6, 7), aspect='auto', vmin=0, vmax=9)\n"
        "ax.set(xlim=(-3, 3), ylim=(0, 9))\n\n\n"
        "def move(x, n):\n"
        "    dot.set_data([x], [x * x])\n"
        "    line.set_data(range(n), range(n))\n"
        "    square.set_data([[0, n], [n, 0]])\n"
        '    label.set_text(f"{x * x:.2f}" if n > 1 else "<one>")\n\n\n'
        "sliders(fig, [dot, line, label, square], move, x=(-3.0, 3.0, 0.5), n=(1, 3, 1, 2),\n"
        '        alt=lambda x, n: f"A dot at {x:g} on a parabola, beside {n} points.")'
    ),
    new_code_cell(
        "fig, ax = plt.subplots()\n"
        'ax.set(xlim=(0, 30), ylim=(0, 30), xlabel="step")\n'
        '(curve,) = ax.plot([], [])\n\n\n'
        "def draw(run, losses):\n"
        "    curve.set_data(range(len(losses)), losses)\n\n\n"
        "live(fig, [curve], lambda: [30.0], lambda run, rate: run.append(run[-1] * (1 - rate))\n"
        "     or run[-1], draw, alt=lambda run, losses: f'After {len(losses)} steps of it.',\n"
        "     limit=30, still=12, rate=(0.1, 0.5, 0.1))"
    ),
    new_code_cell(
        "fig, ax = plt.subplots()\nax.plot([1, 2], [2, 1])\n"
        'show(fig, alt="A line falls from two to one.")'
    ),
]  # fmt: skip


class Page:
    """A page open in the browser, from a server or from a folder on disk."""

    def __init__(self, browser, address, name, width=1300, mode="light"):
        self.address = address
        self.page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme=mode, reduced_motion="reduce"
        )
        self.errors, self.foreign, self.asked = [], [], set()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._asked)
        self.page.goto(f"{address}/{name}.html")

    def _note(self, message) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def _asked(self, request) -> None:
        self.asked.add(request.url)
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.foreign.append(request.url)

    def figures(self) -> list:
        """The figures that move, each one awake."""
        found = self.page.locator(".course-figure").all()
        for figure in found:
            figure.scroll_into_view_if_needed()
            figure.locator(".course-live").wait_for()
        return found

    def scrolls_sideways(self) -> bool:
        return self.page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )

    def pictures_without_words(self) -> int:
        return self.page.locator("img:not([alt]), img[alt='']").count()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A server of files over the pages in `folder`; its address."""
    handler = partial(Quiet, directory=str(folder / "html"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_) -> None:
        pass


@pytest.fixture(scope="module")
def sample_folder(tmp_path_factory):
    """The sample, executed and built; its folder."""
    folder = tmp_path_factory.mktemp("sample")
    notebook = new_notebook(cells=SAMPLE, metadata={"kernelspec": KERNELSPEC})
    execute(notebook, ROOT / "notebooks")
    clean(notebook)
    path = folder / "00_sample.ipynb"
    nbformat.write(notebook, path)
    assert build([path], folder) == 0
    return folder


@pytest.fixture(scope="module")
def sample(sample_folder):
    with served(sample_folder) as address:
        yield address


@pytest.fixture(scope="module")
def built():
    """The chapters' pages; what they recorded is kept where `make pages` keeps it."""
    folder = BUILT / "tests"
    assert build([chapter.path for chapter in PAGES], folder, BUILT / "recorded") == 0
    with served(folder) as address:
        yield address


def look(figure) -> tuple[str, str]:
    """What a figure shows, and the sentence that says it."""
    picture = figure.locator("svg[role=img]")
    # Clips have other names in each drawing.
    return picture.evaluate("svg => svg.innerHTML"), picture.get_attribute("aria-label")


def try_figure(figure) -> None:
    """It is its still; keys take each slider to both ends, all follows; reset brings it back."""
    page, first = figure.page, look(figure)
    assert page.evaluate(
        f"box => ({STRAYS.replace('.jp-OutputArea', '.course-figure')})(box)",
        figure.element_handle(),
    ) < STRAY  # fmt: skip
    assert not figure.locator(".course-still").is_visible()
    for slider in figure.locator("input[type=range]").all():
        seen = {}
        for key in ("Home", "End"):
            slider.focus()
            page.keyboard.press(key)
            seen[key] = look(figure)
            drawn = figure.locator("svg[role=img]").text_content()
            assert not set(drawn) - LETTERS, "letters that fonts.py does not take along"
            words = slider.evaluate("input => input.ariaValueText")
            row = slider.locator("xpath=..")
            assert words and row.locator(".course-readout").inner_text() == words
            assert row.locator(".course-name").inner_text().strip()
        assert seen["Home"][0] != seen["End"][0], "both ends look the same"
        figure.get_by_role("button", name="Reset").click()
        assert look(figure) == first, "reset shows another picture"
    assert figure.locator(".course-note").inner_text() == ""


def try_questions(page: Page) -> None:
    """Nothing is open at first; each choice is kept on the device, and opens what came out."""
    answers = page.page.locator(".course-answer details")
    assert not any(one.get_attribute("open") is not None for one in answers.all())
    for box in page.page.locator(".course-questions fieldset").all():
        if box.get_by_role("radio").count():
            box.get_by_role("radio").first.click()
        else:
            box.get_by_role("textbox").fill("0.5")
    chosen = page.page.locator(".course-questions input:checked").count()
    assert chosen == page.page.locator(".course-questions fieldset:has(input[type=radio])").count()
    assert page.page.locator(".course-questions [role=status]:text-matches('✓|✗')").count() % 3 == 0
    closed = [one for one in answers.all() if one.get_attribute("open") is None]
    typed = page.page.locator(".course-questions input[type=text]").count()
    assert len(closed) <= typed  # a typed number may lie out of range
    page.page.reload()
    assert page.page.locator(".course-questions input:checked").count() == chosen


def try_terms(page: Page) -> None:
    """Each marked term shows its sentence at the focus, within the window, and leads to a row."""
    page.page.set_viewport_size({"width": 390, "height": 900})
    found = page.page.evaluate(
        """() => [...document.querySelectorAll('.course-term')].map(term => {
            for (let fold = term; fold = fold.parentElement.closest('details');) fold.open = true;
            term.focus();
            const tip = document.getElementById(term.getAttribute('aria-describedby'));
            const { left, right, height } = tip.getBoundingClientRect();
            const fits = left >= 0 && right <= innerWidth && height > 0;
            return [fits && tip.textContent.startsWith(term.dataset.says), term.href];
        })"""
    )
    home, terms = glossary()
    rows = {f"{page.address}/{home}.html#{term.anchor}" for term in terms}
    assert found and all(seen and target in rows for seen, target in found)
    assert not page.scrolls_sideways()


def try_page(page: Page) -> None:
    """No error, nothing fetched from elsewhere, nothing cut off at any width, all with words."""
    for width in WIDTHS:
        page.page.set_viewport_size({"width": width, "height": 900})
        assert not page.scrolls_sideways(), f"at {width} pixels"
    assert page.pictures_without_words() == 0
    assert (page.errors, page.foreign) == ([], [])
    assert page.page.context.cookies() == []


def try_all(browser, address, name, figures: int, html: Path) -> None:
    page = Page(browser, address, name)
    assert weights.of(page.asked, address, html) <= weights.OPENED
    awake = page.figures()
    assert len(awake) == figures
    for figure in awake:
        try_figure(figure)
    try_questions(page)
    try_terms(page)
    try_page(page)
    assert weights.of(page.asked, address, html) <= weights.MOVED
    page.page.close()
    for mode in MODES:
        page = Page(browser, address, name, mode=mode)
        page.figures()
        assert seriously_wrong(Axe().run(page.page)) == [], mode
        page.page.close()


def test_the_sample(browser, sample, sample_folder):
    try_all(browser, sample, "00_sample", 2, sample_folder / "html")


@pytest.mark.parametrize("chapter", PAGES, ids=lambda chapter: chapter.path.stem)
def test_a_chapter(browser, built, chapter):
    figures = len(chapter.calls("sliders")) + len(chapter.calls("live"))
    try_all(browser, built, chapter.path.stem, figures, BUILT / "tests" / "html")


def test_no_figure_weighs_too_much(built):
    html = BUILT / "tests" / "html"
    figures = weights.figures(html)
    assert [one for one in figures if one.without_images > weights.FIGURE] == []
    assert 0 < sum(one.without_images for one in figures) <= weights.FIGURES
    assert weights.whole(html) <= weights.WHOLE


def test_a_term_shows_what_it_means(browser, sample):
    page = Page(browser, sample, "00_sample").page
    tip = page.get_by_role("tooltip")
    term, other = page.locator(".course-term").all()
    assert (term.inner_text(), other.inner_text()) == ("gradient", "learning rate")
    term.hover()
    tip.wait_for()
    assert tip.inner_text().startswith("All partial derivatives together")
    tip.hover()
    page.wait_for_timeout(600)
    assert tip.is_visible(), "it can be pointed at"
    page.keyboard.press("Escape")
    assert not tip.is_visible()
    other.hover()
    tip.wait_for()
    page.mouse.move(5, 5)
    tip.wait_for(state="hidden")
    term.focus()
    assert tip.is_visible() and term.get_attribute("aria-describedby") == tip.get_attribute("id")
    page.wait_for_timeout(600)
    assert tip.is_visible(), "it stays while the focus does"
    page.keyboard.press("Tab")
    assert tip.inner_text().startswith("The factor from slope to step")
    page.keyboard.press("Escape")
    assert not tip.is_visible() and other.evaluate("term => term === document.activeElement")
    page.close()


def test_a_finger_sees_what_a_term_means_before_it_leads_away(browser, sample):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()
    page.goto(f"{sample}/00_sample.html")
    term, tip = page.locator(".course-term").first, page.get_by_role("tooltip")
    term.tap()
    assert tip.is_visible() and page.url.endswith("00_sample.html")
    page.touchscreen.tap(200, 700)
    assert not tip.is_visible()
    term.tap()
    assert tip.is_visible() and page.url.endswith("00_sample.html")
    term.tap()
    page.wait_for_url("**/00_start_here.html#term-gradient")
    context.close()


def test_a_term_is_marked_where_it_is_met_anew():
    terms = [Term("loss", "One number.", "02"), Term("claim", "A line.", "00")]
    marker = Marker("home", [*terms, Term("gain", "A factor.", "07")], "06")

    def marked(text, bold=False):
        return [node.astext() for node in marker.mark(text, bold) if "<a" in node.astext()]

    assert [">Losses</a>" in one for one in marked("Losses, no gloss, no loss-free loss")] == [True]
    assert marked("We claim it.") == [] != marked("claim", bold=True)
    assert marked("what it gains") == []
    for text, count in (("loss", 0), ("nothing", 0), ("loss", 0), ("", 0), ("", 0), ("loss", 1)):
        marker.next_section()
        assert len(marked(text)) == count
    marker.chapter = "07"
    assert len(marked("The gain")) == 1


def test_on_paper_every_fold_is_open_and_nothing_is_dark(browser, sample):
    page = Page(browser, sample, "00_sample", mode="dark")
    figure = page.figures()[0]
    page.page.emulate_media(media="print")
    page.page.set_viewport_size({"width": 400, "height": 900})  # less than a line of code
    page.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    answers = page.page.locator(".course-answer p")
    assert [answer.is_visible() for answer in answers.all()] == [True, True]
    assert figure.locator("svg").evaluate("svg => getComputedStyle(svg).filter") == "none"
    for gone in (".skip-to-content", ".course-row", ".course-live button", "#course-tip"):
        assert not any(one.is_visible() for one in page.page.locator(gone).all())
    code = page.page.locator(".cell_input pre").all()
    assert not any(one.evaluate("one => one.scrollWidth > one.clientWidth") for one in code)
    page.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.page.locator(".course-answer details[open]").count() == 0
    page.page.close()


def test_the_letters_of_figures_come_with_the_page(browser, sample):
    page = Page(browser, sample, "00_sample")
    page.figures()
    page.page.evaluate("document.fonts.ready")
    faces = page.page.evaluate(
        "[...document.fonts].map(one => [one.family, one.weight, one.status])"
    )
    assert ['"DejaVu Sans"', "400", "loaded"] in faces
    page.page.close()


RED, PLAIN = "fill:red", ["path", "fill:none", "M0 0h9", ""]
LOOKS = [  # of two controls, with three and four values
    lambda a, b: [[*PLAIN, [a, b, 10 * a, 7, a * b, -b, 10**10 * b, -(9**a), 64, -65]]],
    lambda a, b: [[*PLAIN, list(range(a, 2 * a + b + 2))]],  # of many lengths
    lambda a, b: [["marks", RED, "", "M1 1Z", [a, 3]]] if a else [],
    lambda a, b: [["text", RED, "", [f"b is {b}", -90.0, 100 + b], [5, 6]], [*PLAIN, [b, 1]]],
    lambda a, b: [["image", "", "", [f"data:,{a % 2}", 3, 4, "matrix(1)"], []]],
    lambda a, b: f"At {a} and {1000 * b:,} it is {a / 8}, or nothing{'.' * a}",
]


@pytest.mark.parametrize("way", [None, *range(12)])
def test_what_is_unpacked_is_what_was_packed(browser, sample, way, monkeypatch):
    def forced(rows):
        even = len({len(row) for row in rows}) == 1
        this = way if even else way & ~packing.BY_COLUMN
        return {"way": this, "numbers": packing.in_way(rows, this).tolist()}

    if way is not None:
        monkeypatch.setattr(packing, "numbered", forced)
    places = [(a, b) for a in range(3) for b in range(4)]
    looks, states = [], [[] for _ in places]
    for look_at in LOOKS:
        seen = [look_at(a, b) for a, b in places]
        looks.append([one for i, one in enumerate(seen) if one not in seen[:i]])
        for state, one in zip(states, seen, strict=True):
            state.append(looks[-1].index(one))
    packed = packing.pack({"shape": [3, 4], "looks": looks, "states": states})
    page = Page(browser, sample, "00_sample").page
    unpack = """async ([data, all]) => {
        const packed = await course.unpacked(data);
        return all.map(places => course.readersOf(packed).map(one => one.look(one.which(places))));
    }"""
    data = packing.script("", packed).split('"')[3]
    found = page.evaluate(unpack, [data, places])
    assert found == [[look_at(a, b) for look_at in LOOKS] for a, b in places]
    page.close()


def test_a_smaller_image_has_the_same_pixels():
    waves = np.add.outer(np.arange(40), np.arange(60) ** 2)[..., None]
    few, many = waves // 900 * [9, 30, 60, 40], waves * [1, 3, 5, 0] // 40
    for colors in (few, many):
        url = vectors._data_url(colors.astype(np.uint8))
        made = packing.smaller(url)
        assert len(made) < len(url)
        assert np.array_equal(*(pixels(one) for one in (made, url)))


def pixels(url: str) -> np.ndarray:
    data = base64.b64decode(url.removeprefix(packing.PNG))
    return np.array(Image.open(io.BytesIO(data)).convert("RGBA"))


def test_a_typed_guess_is_answered(browser, sample):
    page = Page(browser, sample, "00_sample").page
    page.get_by_role("textbox", name="How large?").fill("1,100")
    opened = page.locator(".course-answer details[open]")
    assert opened.inner_text().endswith("You said 1,100: off by 100, close enough.")
    page.get_by_role("textbox", name="How large?").fill("a lot")
    assert page.get_by_text("That is not a number yet.").is_visible()
    page.get_by_role("radio", name="100").click()
    assert "It is 57. You said 100." in page.locator(".course-answer").first.inner_text()
    page.close()


def test_what_trains_plays_its_run_back(browser, sample):
    page = Page(browser, sample, "00_sample")
    figure = page.figures()[1]
    assert figure.locator("svg[role=img]").get_attribute("aria-label") == "After 12 steps of it."
    figure.locator("input").focus()
    page.page.keyboard.press("End")
    assert figure.locator("svg[role=img]").get_attribute("aria-label") == "After 30 steps of it."
    assert page.page.get_by_text("a run is recorded, with rate 0.1: press Play").is_visible()
    page.page.close()


def test_play_walks_from_the_start_to_the_end_and_the_hand_stops_it(browser, sample):
    page = Page(browser, sample, "00_sample")
    figure = page.figures()[1]
    said = figure.locator("svg[role=img]")
    slider, play = figure.locator("input"), figure.get_by_role("button", name="Play")
    slider.fill("29")
    play.click()
    play.wait_for()  # it says Pause until the end
    assert said.get_attribute("aria-label") == "After 30 steps of it."
    play.click()
    page.page.wait_for_function(
        "label => label.ariaLabel === 'After 2 steps of it.'", arg=said.element_handle()
    )
    slider.press("Home")
    assert play.is_visible()
    page.page.wait_for_timeout(300)
    assert said.get_attribute("aria-label") == "After 0 steps of it."
    play.click()
    figure.get_by_role("button", name="Reset").click()
    assert play.is_visible() and said.get_attribute("aria-label") == "After 12 steps of it."
    assert (page.errors, page.foreign) == ([], [])
    page.page.close()


def test_a_page_from_a_folder_on_disk_moves_too(browser, sample_folder):
    page = Page(browser, (sample_folder / "html").as_uri(), "00_sample")
    figure = page.figures()[0]
    first = look(figure)
    figure.locator("input").first.focus()
    page.page.keyboard.press("End")
    picture, sentence = look(figure)
    assert picture != first[0] and ">9.00</text>" in picture
    assert sentence == "A dot at 3 on a parabola, beside 2 points."
    figure.locator("input").nth(1).focus()
    page.page.keyboard.press("Home")
    assert "&lt;one&gt;</text>" in look(figure)[0]
    assert (page.errors, page.foreign) == ([], [])
    page.page.close()


def test_an_unchanged_chapter_is_not_built_again(sample_folder):
    file = sample_folder / "html" / "00_sample.html"
    before = file.stat().st_mtime_ns
    assert build([sample_folder / "00_sample.ipynb"], sample_folder) == 0
    assert file.stat().st_mtime_ns == before


@pytest.mark.parametrize("place", ["served", "on disk"])
def test_the_search_finds_a_chapter(browser, built, place):
    address = built if place == "served" else (BUILT / "tests" / "html").as_uri()
    page = Page(browser, address, "search")
    page.page.goto(f"{page.page.url}?q=notebook")
    page.page.locator("#search-results a").first.wait_for()
    assert (page.errors, page.foreign) == ([], [])
    page.page.close()


# ---------------------------------------------------------------- where links lead

ADDRESS = "ada/course"
CHAPTER = Chapter(chapters(("05",))[0])


def test_exercises_lead_to_binder_and_to_the_commands():
    known = Source(CHAPTER, {}, ADDRESS).words("## Your turn\n\nWrite it.")
    path = f"notebooks/notebooks/{CHAPTER.path.name}"
    assert f"(https://mybinder.org/v2/gh/{ADDRESS}/HEAD?urlpath={path})" in known
    unknown = Source(CHAPTER, {}, PLACEHOLDER).words("## Your turn\n\nWrite it.")
    assert "mybinder.org" not in unknown and "(index.md#The-chapters)" in unknown
    for words in (known, unknown):
        assert words.startswith("## Your turn\n\nWrite it.\n\n")
        assert "[the two commands](index.md#The-two-commands)" in words
    assert Source(CHAPTER, {}, ADDRESS).words("## Their turn") == "## Their turn"


def test_a_chapter_says_where_else_it_can_be_had():
    known, unknown = (Source(CHAPTER, {}, name).ways() for name in (ADDRESS, PLACEHOLDER))
    name = CHAPTER.path.name
    assert f"https://github.com/{ADDRESS}/blob/HEAD/notebooks/{name}" in known
    assert f"https://mybinder.org/v2/gh/{ADDRESS}/HEAD?urlpath=notebooks/notebooks/{name}" in known
    assert "https://" not in unknown
    for ways in (known, unknown):
        assert f'"_static/notebooks/{name}" download' in ways and "#What-was-measured" in ways


def test_the_start_page_knows_the_way():
    text = README.read_text(encoding="utf-8")
    known, unknown = (start_page(text, [CHAPTER], name, {}) for name in (ADDRESS, PLACEHOLDER))
    assert f"https://mybinder.org/v2/gh/{ADDRESS}/HEAD" in known
    assert "give its address to\nmybinder.org" in unknown and PLACEHOLDER not in unknown
    for page in (known, unknown):
        assert "## The two commands" in page and "make lab" in page
        assert "slider.webp" not in page and "<!--" not in page
    moving = start_page(text, [CHAPTER], ADDRESS, {"motion": "<b>moves</b>"})
    assert "\n<b>moves</b>\n" in moving


def dead_links(folder: Path) -> list[str]:
    """The links of pages in a folder that lead nowhere in it."""
    pages = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
    names = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in pages.items()}
    found = []
    for name, text in pages.items():
        for target in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', text):
            file, _, place = html.unescape(target).partition("#")
            if "://" in file:
                continue
            there = (folder / unquote(file or name)).exists()
            if not there or (place and place not in names.get(file or name, ())):
                found.append(f"{name}: {target}")
    return found


def test_a_dead_link_is_found(tmp_path):
    links = ("b.html", "#there", "a.html#there", "#not", "c.html", "https://elsewhere/")
    body = "".join(f'<a class="x" href="{link}">x</a>' for link in links)
    (tmp_path / "a.html").write_text(f'<p id="there">{body}</p>', encoding="utf-8")
    (tmp_path / "b.html").touch()
    assert dead_links(tmp_path) == ["a.html: #not", "a.html: c.html"]


@pytest.mark.skipif(len(PAGES) == 1, reason="links lead to all chapters: make test-pages")
def test_every_link_leads_somewhere(built):
    folder = BUILT / "tests" / "html"
    assert dead_links(folder) == []
    for before, after in pairwise(PAGES):
        assert f'class="next-page" href="{after.path.stem}.html"' in text_of(folder, before)
        assert f'class="prev-page" href="{before.path.stem}.html"' in text_of(folder, after)


def text_of(folder: Path, chapter: Chapter) -> str:
    return (folder / f"{chapter.path.stem}.html").read_text(encoding="utf-8")
