"""How fast a slider answers, in JupyterLab in a browser: ours beside what else there is."""

import re
import shutil
import tempfile
from functools import partial
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import sync_playwright

from chapter import Chapter, all_chapters, tags
from execute import KERNELSPEC
from lab import FLAGS, ROOT, Notebook, browser_path, lab

ROUNDS, KEYS, DRAGS, MOVES = 4, 10, 5, 120
SLIDER = "input[type=range], .noUi-handle"

CONTENT = """
import ipywidgets, matplotlib.pyplot as plt, torch
import helpers.plots
xs = torch.linspace(-3, 3, 200)

def draw():
    fig, ax = plt.subplots()
    ax.plot(xs, 3 * xs * xs)
    (tangent,) = ax.plot([], [])
    (dot,) = ax.plot([], [], "o", markersize=10)
    label = ax.text(0, 27, "")
    ax.set(xlim=(-3, 3), ylim=(-10, 30), xlabel="x", ylabel="height", title="The tangent touches")
    return fig, tangent, dot, label

def move(tangent, dot, label, x):
    tangent.set_data([x - 1, x + 1], [3 * x * x - 6 * x, 3 * x * x + 6 * x])
    dot.set_data([x], [3 * x * x])
    label.set_text(f"slope {6 * x:.1f}")
"""
OURS = """
from helpers.sliders import sliders
fig, *moving = draw()
alt = "A tangent touches a parabola."
sliders(fig, moving, lambda x: move(*moving, x), alt=alt, x=(-3.0, 3.0, 0.1))
"""
BEFORE = (
    f"import sys\nsys.path.insert(0, {str(ROOT / 'tests')!r})\nfrom bench_before import sliders"
)
# Each shows the same figure; a press of the arrow key moves x by a tenth.
WAYS = {
    "ours": OURS,
    "before": OURS.replace("from helpers.sliders import sliders", BEFORE),
    "interact": """
def show(x):
    fig, *moving = draw()
    move(*moving, x)
    plt.show()
ipywidgets.interact(show, x=ipywidgets.FloatSlider(min=-3, max=3, step=0.1, value=-3))
""",
    "ipympl": """
%matplotlib widget
fig, *moving = draw()
def follow(change):
    move(*moving, change["new"])
    fig.canvas.draw_idle()
slider = ipywidgets.FloatSlider(min=-3, max=3, step=0.1, value=-3)
slider.observe(follow, "value")
display(slider)
""",
    "floor": """
label = ipywidgets.Label("0")
def follow(change):
    label.value = f"{change['new']:.1f}"
slider = ipywidgets.FloatSlider(min=-3, max=3, step=0.1, value=-3)
slider.observe(follow, "value")
display(ipywidgets.VBox([slider, label]))
""",
}
# Many marks, or an image of noise, that move: what vectors are bad at.
HARD = {
    "5,000 marks": """
points = torch.rand(5000, 2, generator=torch.Generator().manual_seed(0))
fig, ax = plt.subplots()
cloud = ax.scatter(*points.T, s=9)
ax.set(xlim=(0, 2), ylim=(0, 2))
sliders(fig, [cloud], lambda x: cloud.set_offsets(points * (1 + x / 30)), alt=alt,
        x=(-3.0, 3.0, 0.1))
""",
    "a large image": """
noise = torch.rand(300, 800, generator=torch.Generator().manual_seed(0))
fig, ax = plt.subplots()
image = ax.imshow(noise, aspect="auto")
sliders(fig, [image], lambda x: image.set_data(noise.roll(int(10 * x), 1)), alt=alt,
        x=(-3.0, 3.0, 0.1))
""",
}
# Notes the time of the last key or mouse button, and of the end of the frame in which a change was
# painted: of the picture where it has one, else of the text; an image first has to be decoded.
WATCH = """() => {
    window.pressed = window.seen = 0;
    for (const kind of ['keydown', 'mouseup'])
        document.addEventListener(kind, event => {
            if (event.isTrusted) window.pressed = performance.now();
        }, true);
    const painted = () => requestAnimationFrame(() =>
        setTimeout(() => window.seen = performance.now()));
    const draw = CanvasRenderingContext2D.prototype.drawImage;
    CanvasRenderingContext2D.prototype.drawImage = function (...all) {
        draw.apply(this, all);
        painted();
    };
    const images = node => node.tagName === 'IMG' ? [node]
        : [...node.querySelectorAll?.('img, image') ?? []];
    const picture = 'svg[role=img], .widget-image, .widget-output, .widget-label:last-child';
    const follow = ({ target, addedNodes }) => {
        const element = target.nodeType === 1 ? target : target.parentElement;
        if (!element?.closest(picture) && !images(element ?? document.body).length) return;
        if (!element.closest(picture)) return;
        const pending = [...addedNodes, target].flatMap(images).map(i => i.decode?.());
        Promise.allSettled(pending).then(painted);
    };
    for (const area of document.querySelectorAll('.jp-OutputArea'))
        new MutationObserver(changes => changes.forEach(follow)).observe(area, {
            subtree: true, childList: true, characterData: true, attributes: true });
}"""


def answer(page, act, must_follow: bool = True) -> float:
    """Milliseconds from the end of `act` to the last picture that it brought.

    The last picture of a drag may be there before the button is up: then it is 0.
    """
    page.evaluate("window.pressed = window.seen = 0")
    act()
    done = "window.seen > window.pressed" if must_follow else "true"
    page.wait_for_function(f"window.pressed > 0 && {done}", timeout=10_000)
    page.wait_for_function("performance.now() - Math.max(window.seen, window.pressed) > 250")
    return max(0.0, page.evaluate("window.seen - window.pressed"))


def opened(browser, address: str, path: str, figure: int = 0):
    """The page of a notebook, run; and its slider."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    Notebook(page, address, path).run_all()
    slider = page.locator(".jp-OutputArea-output").locator(SLIDER).nth(figure)
    slider.wait_for(timeout=60_000)
    page.wait_for_timeout(1500)
    page.evaluate(WATCH)
    return page, slider


def drag_to(page, slider, where: float) -> None:
    box = slider.bounding_box()
    place = slider.evaluate("s => (s.value - s.min) / (s.max - s.min)")
    start, end = (box["x"] + 8 + at * (box["width"] - 16) for at in (place, where))
    y = box["y"] + box["height"] / 2
    page.mouse.move(start, y)
    page.mouse.down()
    for step in range(1, MOVES + 1):
        page.mouse.move(start + (end - start) * step / MOVES, y)
    page.mouse.up()


def notebook_of(*sources: str):
    cells = [new_code_cell(source) for source in sources]
    return new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC})


def figures_of_chapters() -> list[tuple[Chapter, int]]:
    """The chapters' slider figures whose cells are tagged "bench", each with its place."""
    return [
        (chapter, place)
        for chapter in all_chapters()
        for place, (i, _) in enumerate(chapter.calls("sliders"))
        if "bench" in tags(chapter.cells[i])
    ]


def write_all(folder: Path) -> dict[str, tuple[str, int]]:
    """The notebooks that are measured: name to path and the figure's place."""
    paths = {}
    for way, code in WAYS.items():
        nbformat.write(notebook_of(CONTENT + code), folder / f"{way}.ipynb")
        paths[way] = f"{way}.ipynb", 0
    for name, code in HARD.items():
        for side in ("ours", "before"):
            path = f"{name} {side}.ipynb"
            nbformat.write(notebook_of(CONTENT + WAYS[side], code), folder / path)
            paths[f"{name}, {side}"] = path, 1
    shutil.copytree(ROOT / "images", folder / "images")
    for chapter, figure in figures_of_chapters():
        for side in ("ours", "before"):
            notebook = nbformat.read(chapter.path, 4)
            for cell in notebook.cells if side == "before" else []:
                if cell.cell_type == "code":
                    old = "from helpers.sliders import sliders"
                    cell.source = re.sub(f"^{old}$", BEFORE, cell.source, flags=re.MULTILINE)
            path = f"{chapter.number} {side}.ipynb"
            nbformat.write(notebook, folder / path)
            paths[f"chapter {chapter.number}, {side}"] = path, figure
    return paths


def measure() -> dict[str, list[float]]:
    """Milliseconds: for each way from key press to picture, and for ours from a drag's end."""
    with (
        tempfile.TemporaryDirectory() as name,
        lab(Path(name)) as address,
        sync_playwright() as playwright,
    ):
        paths = write_all(Path(name))
        times = {way: [] for way in paths} | {"drag": []}
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        for group in groups(list(paths)):
            pages = {way: opened(browser, address, *paths[way]) for way in group}
            for _ in range(ROUNDS):
                for way, (page, slider) in pages.items():
                    page.bring_to_front()
                    slider.focus()
                    for key in ("ArrowRight", "ArrowLeft") * (KEYS // 2):
                        times[way].append(answer(page, partial(page.keyboard.press, key)))
            for drag in range(DRAGS if "ours" in pages else 0):
                page, slider = pages["ours"]
                page.bring_to_front()
                act = partial(drag_to, page, slider, 1.0 if drag % 2 == 0 else 0.0)
                times["drag"].append(answer(page, act, must_follow=False))
            for page, _ in pages.values():
                page.close()
        browser.close()
    return times


def groups(ways: list[str]) -> list[list[str]]:
    """What is measured in turns with what: the ways of one figure."""
    found: dict[str, list[str]] = {}
    for way in ways:
        figure, comma, _ = way.rpartition(", ")
        found.setdefault(figure if comma else "", []).append(way)
    return list(found.values())
