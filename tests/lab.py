"""JupyterLab and Chromium as a reader uses them, for the tests of pages and the benchmarks."""

import os
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
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
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
    with log.open("w") as output:
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
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


def close(page) -> None:
    """Close a page of Playwright's, and end the kernel of its notebook if there is one."""
    page.evaluate(f"async () => void await {KERNEL}?.shutdown()")
    page.close()


class Notebook:
    """A notebook open in JupyterLab, in a page of Playwright's."""

    def __init__(self, page, address: str, path: str):
        self.page, self.errors = page, []
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self._note("error", str(error)))
        page.goto(f"{address}/lab/tree/{path}?token=test&reset")
        page.wait_for_function(f"{KERNEL}?.status === 'idle'", timeout=60_000)
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

    def _note(self, kind: str, text: str) -> None:
        if kind == "error":
            self.errors.append(text)

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

    def slider_figures(self) -> list["SliderFigure"]:
        """The slider figures on the page, from the top."""
        figures = self.page.locator(".course-live:has(.course-picture)")
        return [SliderFigure(self, figures.nth(i)) for i in range(figures.count())]


class SliderFigure:
    """A picture with its sliders, its reset and what it says, on the page."""

    def __init__(self, notebook: Notebook, box):
        self.notebook, self.page, self.box_of_all = notebook, notebook.page, box
        self.image = box.locator("svg[role=img]")
        self.sliders = box.locator("input[type=range]")
        self.readouts = box.locator(".course-readout")
        self.reset = box.get_by_role("button", name="Reset")
        self.note = box.locator(".course-note")
        self.voice = box.locator(".course-unseen")

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
        place, box = track.evaluate("s => (s.value - s.min) / (s.max - s.min)"), track.bounding_box()
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
