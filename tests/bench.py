"""Measure what the course claims to be fast, and write docs/benchmarks.md.

    python tests/bench.py          all of it
    python tests/bench.py 2 4      these sections; the others stay

Whatever is compared is measured in turns, in one run, and given as median (lowest to highest) and
as a ratio of medians. Times of a shared machine wander; ratios wander less.
"""

import datetime
import gc
import math
import operator
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from itertools import pairwise

import torch
import torch.nn.functional as F

from chapter import all_chapters, chapter_that_defines
from execute import ROOT, execute
from helpers.data import load_names, split, windows
from helpers.fleet import Fleet
from helpers.networks import network
from helpers.training import fit
from sections import renew

REPORT = ROOT / "docs" / "benchmarks.md"
Times = dict[str, list[float]]


def in_turns(rounds: int, **ways: Callable[[], object]) -> Times:
    """Milliseconds of each way, called in turns."""
    times = {way: [] for way in ways}
    for _ in range(rounds):
        for way, call in ways.items():
            started = time.perf_counter()
            call()
            times[way].append(1e3 * (time.perf_counter() - started))
    return times


def table(times: Times, base: str, aims: dict[str, str] | None = None, unit: str = "ms") -> str:
    """A row for each way, with its ratio to `base` and what it was to reach."""
    rows = [
        f"| | median, {unit} | lowest to highest | against {base} | aim |",
        "|---|--:|--:|--:|---|",
    ]
    middle = statistics.median(times[base])
    for way, found in times.items():
        median = statistics.median(found)
        spread = f"{min(found):.1f} to {max(found):.1f}"
        aim = (aims or {}).get(way, "")
        rows.append(f"| {way} | {median:.1f} | {spread} | {median / middle:.2f} | {aim} |")
    return "\n".join(rows)


def sliders() -> str:
    """1. From a key press to the new picture in the page."""
    from bench_sliders import DRAGS, KEYS, MOVES, ROUNDS, groups, measure

    times = measure()
    drag = times.pop("drag")
    one, *rest = groups(list(times))
    ours = statistics.median(times["ours"])
    against = {way: ours / statistics.median(times[way]) for way in ("interact", "floor")}
    rows = [
        "| the same figure, drawn as | before: a PNG, ms | ours: vectors, ms | ratio | aim |",
        "|---|--:|--:|--:|---|",
    ]
    for pair in [("ours", "before"), *rest]:
        new, old = (statistics.median(times[way]) for way in pair)
        figure, comma, _ = pair[0].rpartition(", ")
        aim = "at most 1" if "chapter" not in figure and comma else "at most 0.75"
        name = figure or "one line and one dot"
        rows.append(f"| {name} | {old:.1f} | {new:.1f} | {new / old:.2f} | {aim} |")
    return "\n".join(
        [
            f"One figure, {ROUNDS} rounds of {KEYS} keys each, in Chromium: from the key to the "
            "end of the frame that paints picture or label.\n",
            table({way: times[way] for way in one}, base="floor"),
            f"\nOurs is {against['interact']:.2f} × `interact` (aim: at most 0.25) and "
            f"{against['floor']:.2f} × the floor, slider → Python → label (aim: at most 2).\n",
            *rows,
            f"\nFrom the end of a drag of {MOVES} moves to the last picture: median "
            f"{statistics.median(drag):.0f} ms ({min(drag):.0f} to {max(drag):.0f}, {DRAGS} drags; "
            "aim: at most 100).",
        ]
    )


def training() -> str:
    """2. Training under the hand."""
    from bench_live import KEYS, STEPS, measure

    alone, memory, beside, answers = measure()
    rows = [
        "| | bare loop, steps a second | live | share | aim | pictures a second | aim |",
        "|---|--:|--:|--:|---|--:|---|",
    ]
    for name, pace, share, pictures in (
        ("the kernel alone", alone, 0.75, 12),
        ("the browser on the same cores", beside, 0.5, 8),
    ):
        bare, live, shown = map(statistics.median, (pace.bare, pace.live, pace.pictures))
        rows.append(
            f"| {name} | {bare:,.0f} | {live:,.0f} | {pace.share():.2f} | at least {share} "
            f"| {shown:.1f} | at least {pictures} |"
        )
    return "\n".join(
        [
            "The four plots of a network of six layers, which trains; bare loops of the same steps "
            "and whole live runs in turns.\n",
            *rows,
            f"\nFrom a key on the learning rate to the end of the frame that paints a picture "
            f"trained with it: median {statistics.median(answers):.0f} ms ({min(answers):.0f} to "
            f"{max(answers):.0f}, {KEYS} keys; aim: at most 150). {STEPS:,} steps add "
            f"{memory:.1f} MB to the kernel (aim: at most 5).",
        ]
    )


COLLECTING = ", garbage collector on"


def engine() -> str:
    """3. The engine of chapter 02 on its moons demo, forward and backward, beside micrograd."""
    from micrograd.nn import MLP

    chapter = chapter_that_defines("make_moons")
    demo = ("make_moons", "weighted_sums", "new_neuron", "Network", "hinge_loss", "to_torch")
    needed = {"math": math, "operator": operator, "torch": torch, "pairwise": pairwise}
    space = chapter.build(*demo, **needed)
    points, labels = space["make_moons"](100, 0.1, torch.Generator().manual_seed(0))
    network = space["Network"]([2, 16, 16, 1], torch.Generator().manual_seed(3))
    layers = [layer.requires_grad_() for layer in space["to_torch"](network)]
    theirs = MLP(2, [16, 16, 1])  # its neurons: relu, and a product and a sum for each input
    numbers = (number for layer in layers for number in layer.flatten().tolist())
    for parameter, number in zip(theirs.parameters(), numbers, strict=True):
        parameter.data = number
    rows, signs, inputs = points.tolist(), labels.tolist(), points.double()

    def ours():
        return space["hinge_loss"](network, rows, signs)

    def micrograd():
        return space["hinge_loss"](theirs, rows, signs)

    def in_torch(bend=torch.tanh):
        h = inputs
        for layer in layers:
            scores = h @ layer[:, :-1].T + layer[:, -1]
            h = bend(scores)
        return (1 - scores[:, 0] * labels).relu().mean()

    assert abs(ours().data - in_torch().item()) < 1e-10, "ours and torch differ"
    assert abs(micrograd().data - in_torch(torch.relu).item()) < 1e-10, "micrograd and torch differ"
    ways = {"ours": ours, "micrograd": micrograd, "torch": in_torch}
    times = {}
    for collects in (True, False) * 9:  # in turns
        for way, loss in ways.items():
            took = times.setdefault(way + COLLECTING * collects, [])
            took.append(forward_and_backward(loss, collects))
    median = {way: statistics.median(took) for way, took in times.items()}
    with_it, without = (
        median["micrograd" + name] / median["ours" + name] for name in (COLLECTING, "")
    )
    nodes = len(space["youngest_first"](ours()))
    return (
        f"MLP 2-16-16-1, 100 points, forward and backward, float64; each engine with its own "
        f"neuron, ours of one node ({nodes:,} in all).\n\n"
        f"{table(times, 'torch')}\n\n"
        f"Ours is {with_it:.1f} times as fast as micrograd with the garbage collector (aim: at "
        f"least 20), {without:.1f} times without it (aim: at least 6)."
    )


def forward_and_backward(loss: Callable[[], object], collects: bool) -> float:
    """Milliseconds of a loss and its walk back; what they leave behind is freed untimed."""
    gc.collect()
    if not collects:
        gc.disable()
    try:
        started = time.perf_counter()
        result = loss()
        result.backward()
        return 1e3 * (time.perf_counter() - started)
    finally:
        gc.enable()


@cache
def training_data() -> tuple[torch.Tensor, torch.Tensor]:
    return windows(split(load_names())[0])


def fleet() -> str:
    """4. A fleet beside a loop over its models."""
    data, steps = training_data(), 50
    lines = [f"3 × 10 → 200 tanh → 27, batch 32, {steps} steps, one thread.\n"]
    lines += ["| K | loop, ms | fleet, ms | times faster | aim |", "|--:|--:|--:|--:|--:|"]
    for K, aim, rounds in ((4, 1.6, 9), (16, 2.2, 5), (64, 2.5, 3)):
        models = [network(seed) for seed in range(K)]
        times = in_turns(
            rounds,
            loop=lambda models=models: [fit(m, data, steps=steps, progress=False) for m in models],
            fleet=lambda models=models: fit(Fleet(models), data, steps=steps, progress=False),
        )
        loop, together = (statistics.median(times[way]) for way in ("loop", "fleet"))
        lines.append(f"| {K} | {loop:.0f} | {together:.0f} | {loop / together:.1f} | {aim} |")
    rates = torch.logspace(-3, 0, 33)
    small = [network(0, hidden=100)] * 33
    times = in_turns(
        3, sweep=lambda: fit(Fleet(small), data, steps=200, learning_rate=rates, progress=False)
    )
    seconds = statistics.median(times["sweep"]) / 1e3
    lines.append(
        f"\n33 learning rates × 200 steps (3 × 10 → 100 → 27): {seconds:.2f} s (aim: at most 1.5)."
    )
    return "\n".join(lines)


def bare_loop(network, data: tuple, steps: int, learning_rate: float = 0.1) -> None:
    """Train the network as plainly as it can be done: batches of 32, gradient descent."""
    inputs, targets = data
    generator = torch.Generator().manual_seed(0)
    for _ in range(steps):
        rows = torch.randint(len(inputs), (32,), generator=generator)
        loss = F.cross_entropy(network(inputs[rows]), targets[rows])
        for p in network.parameters():
            p.grad = None
        loss.backward()
        with torch.no_grad():
            for p in network.parameters():
                p -= learning_rate * p.grad


def recording() -> str:
    """5. Recording the update:data ratios, beside a bare loop."""
    data, steps = training_data(), 200
    ways = {
        "bare loop": lambda: bare_loop(network(0), data, steps),
        "fit": lambda: fit(network(0), data, steps=steps, progress=False),
        "fit, recording": lambda: fit(
            network(0), data, steps=steps, progress=False, record_updates=True
        ),
    }
    times = in_turns(11, **ways)
    more = statistics.median(times["fit, recording"]) / statistics.median(times["fit"]) - 1
    return (
        f"{steps} steps of 3 × 10 → 200 tanh → 27, batch 32.\n\n{table(times, 'bare loop')}\n\n"
        f"Recording costs {more:.0%} of `fit` (aim: at most 20 %)."
    )


def chapters() -> str:
    """6. Every chapter: seconds and peak memory; and how many times as long the tests take."""
    lines = ["| chapter | seconds | peak memory, MB |", "|---|--:|--:|"]
    whole = 0.0
    for chapter in all_chapters():
        run = execute(chapter.notebook)
        whole += run.seconds
        lines.append(f"| {chapter.title} | {run.seconds:.1f} | {run.peak_bytes / 1e6:.0f} |")
    lines.append(f"| **the whole course** | **{whole:.1f}** | |")
    started = time.perf_counter()
    subprocess.run(["make", "test"], cwd=ROOT, check=True, stdout=sys.stderr)
    tests = time.perf_counter() - started
    lines.append(f"| **`make test`**, {tests / whole:.1f} × the course | **{tests:.1f}** | |")
    return (
        "\n".join(lines)
        + "\n\nAims: 30 s and 700 MB a chapter, 90 s for 00 to 04, 120 s for 05 to 09; "
        "`make test` at most 4 × the course."
    )


def imports() -> str:
    """7. Importing all of helpers, beside torch and matplotlib alone."""
    base = "import torch, matplotlib.pyplot"
    names = ("data", "plots", "sliders", "exercises", "layers", "training")
    more = base + "".join(f", helpers.{name}" for name in names)

    def run(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    run(more)()  # once, so that both find compiled files
    times = in_turns(9, **{"torch and pyplot": run(base), "with all of helpers": run(more)})
    medians = [statistics.median(found) for found in times.values()]
    return (
        f"{table(times, 'torch and pyplot')}\n\n"
        f"`helpers` adds {(medians[1] - medians[0]) / 1e3:.2f} s (aim: at most 0.3)."
    )


def pages() -> str:
    """8. The pages: to build, to load, and to move."""
    from bench_pages import report

    return report()


PARTS = {
    "1. A slider": sliders,
    "2. Training under the hand": training,
    "3. The engine of chapter 02": engine,
    "4. A fleet": fleet,
    "5. Recording updates": recording,
    "6. The chapters": chapters,
    "7. Imports": imports,
    "8. The pages": pages,
}


HEAD = """# Benchmarks

Written by `make bench`. Median and range of runs taken in turns; ratios are of medians.
"""


def main(wanted: list[str]) -> int:
    """Measure the wanted sections, print them, and write the report; 2 where there is none such."""
    torch.set_num_threads(1)
    parts = {title[0]: title for title in PARTS}
    if unknown := [number for number in wanted if number not in parts]:
        print(f"No section {', '.join(unknown)}; there are {', '.join(parts)}.", file=sys.stderr)
        return 2
    packages = ("torch", "matplotlib", "ipywidgets", "jupyterlab", "ipympl", "micrograd")
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    where = f"{datetime.date.today()}, {machine}, Python {platform.python_version()}, {versions}."
    for number in wanted or parts:
        print(f"{parts[number]} …", file=sys.stderr, flush=True)
        text = f"{where}\n\n{PARTS[parts[number]]()}"
        print(f"## {parts[number]}\n\n{text}\n", flush=True)
        renew(REPORT, HEAD, {parts[number]: text})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
