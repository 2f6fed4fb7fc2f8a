"""JupyterLab and Chromium as a reader uses them, for the tests of pages and the benchmarks."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without the background flags Chromium calls home; the course uses no network.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NOTEBOOK = "window.jupyterapp?.shell.currentWidget?.content"
KERNEL = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"

# The live drawing and its still, compared by the means of blocks of 8 × 8 pixels.
STRAY = """async box => {
    const svg = box.querySelector('svg[role=img]');
    const still = box.closest('.jp-OutputArea').querySelector('.course-still img');
    const { width, height } = svg.viewBox.baseVal;
    const copy = svg.cloneNode(true);
    copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    const style = getComputedStyle(svg);
    for (const name of ['--sans-serif', '--monospace'])
        copy.style.setProperty(name, style.getPropertyValue(name));
    copy.insertAdjacentHTML('afterbegin', '<style>text { white-space: pre }'
        + ' image { image-rendering: pixelated }</style>');
    const drawn = new Image(width, height);
    const text = new XMLSerializer().serializeToString(copy);
    drawn.src = 'data:image/svg+xml,' + encodeURIComponent(text);
    await Promise.all([drawn.decode(), still.decode()]);
    const blocks = image => {
        const context = new OffscreenCanvas(width, height).getContext('2d');
        context.fillStyle = 'white';
        context.fillRect(0, 0, width, height);
        context.drawImage(image, 0, 0, width, height);
        const pixels = context.getImageData(0, 0, width, height).data, sums = {};
        pixels.forEach((value, i) => {
            const x = (i >> 2) % width, y = Math.floor((i >> 2) / width);
            const block = [x >> 3, y >> 3, i % 4];
            sums[block] = (sums[block] ?? 0) + value / 64 / 255;
        });
        return sums;
    };
    const [a, b] = [blocks(drawn), blocks(still)];
    const names = Object.keys(a);
    return names.reduce((sum, name) => sum + Math.abs(a[name] - b[name]), 0) / names.length;
}"""


def browser_path() -> str | None:
    """The first Chromium or Chrome on the PATH; None where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def lab(folder: Path) -> Iterator[str]:
    """A JupyterLab server over `folder`; yields its address, and ends the server afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}"),
        *("--ServerApp.port_retries=0", "--IdentityProvider.token=test"),
        *(f"--ServerApp.root_dir={folder}", "--LabApp.expose_app_in_browser=True"),
        "--JupyterNotebookApp.expose_app_in_browser=True",
    ]  # fmt: skip
    if hasattr(os, "getuid") and os.getuid() == 0:
        command.append("--allow-root")
    # Settings and workspaces of their own: no tab of the user's opens, nothing of theirs changes.
    own = folder / ".jupyter"
    environment = {k: v for k, v in os.environ.items() if k != "COURSE_UNATTENDED"} | {
        "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
    }
    own.mkdir(exist_ok=True)
    log = own / "server.log"
    with log.open("w", encoding="utf-8") as output:
        server = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=output
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server, log)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait_for(address: str, server: subprocess.Popen, log: Path, patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/api?token=test", timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


def close(page) -> None:
    """Close a page of Playwright's, and end the kernel of its notebook if there is one."""
    page.evaluate(f"async () => void await {KERNEL}?.shutdown()")
    page.close()


class Notebook:
    """A notebook open in JupyterLab, in a page of Playwright's."""

    def __init__(self, page, address: str, path: str):
        self.page, self.address, self.path, self.errors = page, address, path, []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.open()

    def open(self) -> None:
        """Open it, as one who comes to it by a link."""
        self.page.goto(f"{self.address}/lab/tree/{self.path}?token=test&reset")
        self.page.wait_for_function(f"{KERNEL}?.status === 'idle'", timeout=60_000)
        self.watch()

    def open_anew(self) -> None:
        """Close all that is open, end every kernel, and open it in the same page once more."""
        self.errors.clear()
        self.page.evaluate(
            """async path => {
                for (const open of [...jupyterapp.shell.widgets('main')]) open.dispose();
                await jupyterapp.serviceManager.sessions.shutdownAll();
                await jupyterapp.commands.execute('docmanager:open', { path });
            }""",
            self.path,
        )
        self.page.wait_for_function(f"{KERNEL}?.status === 'idle'", timeout=60_000)
        self.watch()

    def watch(self) -> None:
        """Keep in the page which requests the kernel has not answered yet.

        A slider's messages may run beside the cells, in a thread of the kernel's; the kernel's own
        status says nothing of them.
        """
        self.page.evaluate(
            f"""() => {{
                window.unanswered = new Set();
                window.lastMessage = performance.now();
                {KERNEL}.anyMessage.connect((_, {{ msg, direction }}) => {{
                    window.lastMessage = performance.now();
                    if (direction === 'send' && msg.channel === 'shell')
                        window.unanswered.add(msg.header.msg_id);
                    if (msg.header.msg_type === 'status' && msg.content.execution_state === 'idle')
                        window.unanswered.delete(msg.parent_header.msg_id);
                }});
            }}"""
        )

    def _note(self, message) -> None:
        # JupyterLab asks again and again for all kernels, and its server fails (500) where another
        # test's kernel is just about to start.
        asked = re.search(r"/api/kernels\?\d+$", message.location["url"])
        if message.type == "error" and not (asked and " 500 " in message.text):
            self.errors.append(message.text)

    def command(self, name: str) -> None:
        """Run a command of JupyterLab's, such as notebook:run-all-cells, and wait for its end."""
        self.page.evaluate("async name => void await jupyterapp.commands.execute(name)", name)

    def start_all(self) -> None:
        """Let all cells run, and do not wait for their end."""
        self.page.evaluate(
            """() => {
                window.ran = false;
                const all = jupyterapp.commands.execute('notebook:run-all-cells');
                all.finally(() => window.ran = true);
            }"""
        )

    def wait_for_all(self) -> None:
        """Wait until all cells have run and all is drawn."""
        self.page.wait_for_function("window.ran", timeout=180_000)
        self.settle()

    def run_all(self) -> None:
        self.start_all()
        self.wait_for_all()

    def restart(self) -> None:
        """Restart the kernel, as the menu does after asking."""
        self.page.evaluate(f"async () => void await {KERNEL}.restart()")
        self.page.evaluate("() => window.unanswered.clear()")

    def cell(self, index: int):
        """The cell on the page."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def shift_enter(self) -> None:
        """Press Shift+Enter where the focus is, and wait for what runs."""
        self.page.keyboard.press("Shift+Enter")
        self.settle()

    def select(self, index: int) -> None:
        """Make a cell the active one, as a click beside it does."""
        self.page.evaluate(
            f"index => {{ {NOTEBOOK.replace('?.', '.')}.activeCellIndex = index }}", index
        )
        self.page.evaluate(f"{NOTEBOOK}.activate()")

    def active(self) -> int:
        """The place of the active cell."""
        return self.page.evaluate(f"{NOTEBOOK}.activeCellIndex")

    def save(self) -> None:
        """Save it, as Ctrl+S does."""
        self.command("docmanager:save")

    def end_and_reopen(self) -> None:
        """End its kernel and open it again, as on the next day."""
        self.page.evaluate(f"async () => void await {KERNEL}?.shutdown()")
        self.open()

    def dead_widgets(self) -> int:
        """How many outputs a reader sees that wait for a widget, or say that it is gone."""
        self.page.wait_for_function(
            """() => [...document.querySelectorAll('.jp-OutputArea-output')]
                .every(output => output.textContent !== 'Loading widget...')"""
        )
        gone = self.page.get_by_text(re.compile("Error displaying widget|model not found"))
        assert gone.count(), "JupyterLab no longer says in these words that a widget is gone"
        return gone.locator("visible=true").count()

    def start_code(self, source: str) -> None:
        """Let the kernel run `source`, and do not wait for its end."""
        self.page.evaluate(f"code => void {KERNEL}.requestExecute({{ code }})", source)

    def cells(self) -> list[dict]:
        """The cells with their sources and outputs, as JupyterLab holds them."""
        return self.page.evaluate(f"{NOTEBOOK}.model.toJSON().cells")

    def run_code(self, index: int, source: str) -> str:
        """Type `source` into the cell in place of what is there, run it; what it printed."""
        self.cell(index).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("ControlOrMeta+Enter")
        self.settle()
        outputs = self.cells()[index]["outputs"]
        return "".join("".join(output.get("text", "")) for output in outputs)

    def settle(self) -> None:
        """Wait until the kernel has answered all it was asked, for a tenth of a second."""
        self.page.wait_for_function(
            "window.unanswered.size === 0 && performance.now() - window.lastMessage > 100",
            timeout=180_000,
        )

    def pictures(self) -> list[dict]:
        """The pictures on the page, decoded: their place, and how wide they were drawn."""
        return self.page.evaluate(
            """async () => {
                const images = [...document.querySelectorAll('.jp-Notebook img')];
                await Promise.all(images.map(image => image.decode()));
                return images.map(image => {
                    const { top, bottom } = image.getBoundingClientRect();
                    return { top, bottom, drawn: image.naturalWidth };
                });
            }"""
        )

    def outputs_without_alt(self) -> list[str]:
        """The pictures among the outputs that are seen and have no alternative text."""
        return self.page.evaluate(
            """() => [...document.querySelectorAll('.jp-OutputArea-output :is(img, svg[role])')]
                .filter(one => one.checkVisibility())
                .filter(one => !(one.alt || one.getAttribute('aria-label') || '').trim())
                .map(one => one.outerHTML.slice(0, 80))"""
        )

    def cut_texts(self) -> list[str]:
        """The words of questions, replies, labels and readouts that are cut or stand outside."""
        return self.page.evaluate(
            """() => [...document.querySelectorAll(
                '.course-live :is(legend, label, span, p, button, input)')]
                .filter(one => one.checkVisibility() && !one.closest('.course-unseen'))
                .filter(one => {
                    const room = one.closest('.jp-OutputArea-output').getBoundingClientRect();
                    const { left, right } = one.getBoundingClientRect();
                    return one.scrollWidth > one.clientWidth + 1 && one.clientWidth
                        || left < room.left - 1 || right > room.right + 1;
                })
                .map(one => one.outerHTML.slice(0, 120))"""
        )

    def sizes_of_letters(self) -> list[float]:
        """How many pixels high the smallest letters of each slider figure are on the page."""
        return self.page.evaluate(
            """() => [...document.querySelectorAll('.course-picture svg')].map(svg => {
                const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
                const sizes = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim())
                    .map(text => parseFloat(getComputedStyle(text).fontSize));
                return scale * Math.min(...sizes);
            })"""
        )

    def slider_figures(self) -> list["SliderFigure"]:
        """The slider figures on the page, from the top."""
        figures = self.page.locator(".course-live:has(.course-picture)")
        return [SliderFigure(self, figures.nth(i)) for i in range(figures.count())]


class Notebook7(Notebook):
    """A notebook open in Notebook 7."""

    def open(self) -> None:
        self.page.goto(f"{self.address}/notebooks/{self.path}?token=test")
        self.page.wait_for_function(f"{NOTEBOOK}?.widgets?.length && {KERNEL}?.status === 'idle'")
        self.watch()
        self.page.wait_for_timeout(1000)
        self.errors.clear()  # while it starts it has errors of its own, of settings and commands


class SliderFigure:
    """A picture with its sliders, its reset and what it says, on the page."""

    def __init__(self, notebook: Notebook, box):
        self.notebook, self.page, self.box_of_all = notebook, notebook.page, box
        self.image = box.locator("svg[role=img]")
        self.sliders = box.locator("input[type=range]")
        self.readouts = box.locator(".course-readout")
        self.buttons = box.get_by_role("button")
        self.reset = box.get_by_role("button", name="Reset")
        self.note = box.locator(".course-note")
        self.voice = box.locator(".course-unseen")

    def place(self, slider: int) -> float:
        """Where the handle stands, from 0 (left) to 1."""
        return self.sliders.nth(slider).evaluate("s => (s.value - s.min) / (s.max - s.min)")

    def value_text(self, slider: int) -> str:
        """The value as it is read aloud."""
        return self.sliders.nth(slider).get_attribute("aria-valuetext")

    def name(self, slider: int) -> str:
        """The slider's name as it is read aloud."""
        return self.sliders.nth(slider).evaluate("s => s.labels[0].firstChild.textContent")

    def strays_from_still(self) -> float:
        """How far the drawing is from matplotlib's own picture, on average over its pixels.

        0 is the same, 1 is white for black. Letters and edges differ a little: other fonts, other
        smoothing. Means of blocks are compared, so that a shift of a pixel counts little.
        """
        return self.box_of_all.evaluate(STRAY)

    def picture(self) -> str:
        """What is drawn now, without the names of its clips, which differ from view to view."""
        return self.image.evaluate(
            "svg => [...svg.children].filter(node => node.tagName !== 'defs')"
            ".map(node => node.outerHTML).join('').replace(/course-drawing-\\d+-\\d+/g, '')"
        )

    def sentence(self) -> str:
        """The picture's alternative text now."""
        return self.image.get_attribute("aria-label")

    def key(self, slider: int, key: str) -> str:
        """Press a key on a slider; the picture once all is quiet."""
        self.sliders.nth(slider).focus()
        self.page.keyboard.press(key)
        self.notebook.settle()
        return self.picture()

    def box(self) -> tuple:
        """Place and size of the picture on the page."""
        return tuple(self.image.bounding_box().values())

    def drag(self, slider: int, where: float, moves: int = 12) -> set[tuple]:
        """Drag the handle to a fraction of the track; the places the picture had meanwhile."""
        track = self.sliders.nth(slider)
        place, box = (
            track.evaluate("s => (s.value - s.min) / (s.max - s.min)"),
            track.bounding_box(),
        )
        handle = 16  # pixels: its middle stops half of that short of either end
        start, end = (box["x"] + handle / 2 + at * (box["width"] - handle) for at in (place, where))
        y = box["y"] + box["height"] / 2
        self.page.mouse.move(start, y)
        self.page.mouse.down()
        places = set()
        for step in range(1, moves + 1):
            self.page.mouse.move(start + (end - start) * step / moves, y)
            if step % 4 == 0:
                places.add(self.box())
        self.page.mouse.up()
        return places | {self.box()}
