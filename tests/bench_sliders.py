"""How fast a slider answers, in JupyterLab in a browser: ours beside what else there is."""

import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import sync_playwright

from lab import FLAGS, Notebook, browser_path, lab

ROUNDS, KEYS, DRAGS, MOVES = 4, 10, 5, 120

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
# Each shows the same figure; a press of the arrow key moves x by a tenth.
WAYS = {
    "ours": """
from helpers.sliders import sliders
fig, *moving = draw()
alt = "A tangent touches a parabola."
sliders(fig, moving, lambda x: move(*moving, x), alt=alt, x=(-3.0, 3.0, 0.1))
""",
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
# Notes the time of the last key or mouse button, and of every picture or text that can be seen: a
# picture when it has been decoded, which waits for a frame of the page's; text and canvas at the
# end of the frame that paints their change.
WATCH = """way => {
    window.pressed = window.seen = 0;
    for (const kind of ['keydown', 'mouseup'])
        document.addEventListener(kind, () => window.pressed = performance.now(), true);
    const note = () => window.seen = performance.now();
    const painted = () => requestAnimationFrame(() => setTimeout(note));
    if (way === 'ipympl') {
        const draw = CanvasRenderingContext2D.prototype.drawImage;
        CanvasRenderingContext2D.prototype.drawImage = function (...all) {
            draw.apply(this, all);
            painted();
        };
        return;
    }
    const decoded = image => image.decode().then(note, () => {});
    const watched = {subtree: true, childList: true, characterData: true, attributes: true};
    new MutationObserver(changes => changes.forEach(change => {
        if (way === 'floor') return painted();
        if (change.type === 'attributes') return decoded(change.target);
        change.addedNodes.forEach(node => {
            if (node.tagName === 'IMG') decoded(node);
            else if (node.querySelectorAll) node.querySelectorAll('img').forEach(decoded);
        });
    })).observe(
        way === 'floor' ? document.querySelector('.jp-OutputArea .widget-label:last-child')
                        : document.querySelector('.jp-Notebook'),
        {...watched, attributeFilter: ['src']},
    );
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


def opened(browser, address: str, way: str) -> Notebook:
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    notebook = Notebook(page, address, f"{way}.ipynb")
    notebook.run_all()
    page.wait_for_selector(".noUi-handle", timeout=60_000)
    page.wait_for_timeout(1500)
    page.evaluate(WATCH, way)
    return notebook


def drag_to(page, where: float) -> None:
    handle = page.locator(".noUi-handle").first.bounding_box()
    track = page.locator(".noUi-target").first.bounding_box()
    start, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    end = track["x"] + where * track["width"]
    page.mouse.move(start, y)
    page.mouse.down()
    for step in range(1, MOVES + 1):
        page.mouse.move(start + (end - start) * step / MOVES, y)
    page.mouse.up()


def measure() -> dict[str, list[float]]:
    """Milliseconds: for each way from key press to picture, and for ours from a drag's end."""
    times = {way: [] for way in WAYS} | {"drag": []}
    with (
        tempfile.TemporaryDirectory() as name,
        lab(Path(name)) as address,
        sync_playwright() as playwright,
    ):
        for way, code in WAYS.items():
            cells = [new_code_cell(CONTENT + code)]
            kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
            nbformat.write(new_notebook(cells=cells, metadata=kernel), Path(name) / f"{way}.ipynb")
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        pages = {way: opened(browser, address, way).page for way in WAYS}
        for _ in range(ROUNDS):
            for way, page in pages.items():
                page.bring_to_front()
                page.locator(".noUi-handle").first.focus()
                for _ in range(KEYS):
                    times[way].append(answer(page, lambda p=page: p.keyboard.press("ArrowRight")))
        page = pages["ours"]
        page.bring_to_front()
        for drag in range(DRAGS):
            where = 1.0 if drag % 2 == 0 else 0.0
            times["drag"].append(answer(page, lambda w=where: drag_to(page, w), False))
        browser.close()
    return times
