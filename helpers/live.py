"""Training under the hand: a network trains, and the controls act while it does.

It goes in slices on the kernel's event loop: in between, other cells and the page have their turn.
"""

import asyncio
import math
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from IPython import get_ipython
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from helpers.output import attended
from helpers.settings import check_counts
from helpers.sliders import SliderFigure

CYCLE = 0.08  # seconds from one picture to the next, of which the training has what is left,
SLICE = 0.04  # or so many seconds where drawing and others leave less
BREATH = 0.002  # seconds in which the kernel looks after what else has come
UNSEEN = 10  # seconds without a sign from a page that it shows the pictures
UNMOVED = 300  # seconds without a hand on it
RECENT = 50  # steps, over which the loss under the picture is averaged

LIVING: list["Training"] = []  # those whose cells were not run again
TRAINING: list["Training"] = []  # those that train now


@dataclass(frozen=True)
class Goal:
    """What to reach with one network: a score below `below`, taken at step `steps` and no other.

    `score(network)` gives it, and `what` names it ("dev loss").
    """

    what: str
    below: float
    steps: int
    score: Callable[[Any], float]

    def words(self, scores: list[float]) -> str:
        """The goal, and how far the reader has come with so many networks."""
        said = f"Goal: a {self.what} below {self.below:g} at step {self.steps:,}."
        if scores:
            said += f" The last one {scores[-1]:.3f}, your best of {len(scores)} {min(scores):.3f}"
            said += ": reached." if min(scores) < self.below else "."
        return said


def live(
    fig: Figure,
    moving: Sequence[Artist],
    build: Callable[..., Any],
    step: Callable[..., float],
    draw: Callable[[Any, list[float]], None],
    *,
    alt: Callable[[Any, list[float]], str],
    limit: int,
    next: Sequence[str] = (),
    goal: Goal | None = None,
    still: int = 100,
    labels: dict[str, str] | None = None,
    units: dict[str, str] | None = None,
    read: dict[str, Callable[[Any], str]] | None = None,
    start: dict[str, Any] | None = None,
    **controls: Any,
) -> None:
    """Display `fig` above buttons that train a network, and controls that act while it trains.

    `build(**values)` makes the network, and all else that a run needs, from the controls that
    `next` names; a change of these waits for the next network. `step(network, **values)`, with the
    other controls, takes one step and returns the loss. `draw(network, losses)` changes the artists
    `moving`, and `alt(network, losses)` is the sentence that says what they show. What is random
    comes from generators that `build` makes, so that *Again* is the same luck.

    A network trains for `limit` steps at most. Where nobody is there, the picture after `still`
    steps at the first values stands instead. Controls and their words are those of `sliders`.

    Raises ValueError for a name in `next` that is no control, and what `sliders` raises.
    """
    told = {"labels": labels, "unit": units, "read": read, "start": start, "controls": controls}
    run = {"build": build, "step": step, "draw": draw, "alt": alt}
    Training(fig, moving, **run, limit=limit, next=next, goal=goal, **told).show(still)


class Training(SliderFigure):
    """What `live` displays: a slider figure whose picture is that of a network in training.

    `losses` are those of its steps so far, `scores` those of the networks that came to the goal's
    step. All but the controls' places changes in the main thread alone.
    """

    def __init__(
        self, fig, moving, *, build, step, draw, alt, limit, next, goal, labels, controls, **told
    ):
        check_counts(limit=limit)
        if unknown := set(next) - controls.keys():
            raise ValueError(f"next names {min(unknown)!r}, which is no control.")
        self.build, self.step, self.draw, self.limit, self.next = build, step, draw, limit, next
        self.goal, self.scores, self.note = goal, [], ""
        self.running, self.network, self.speed, self.task = False, None, 0.0, None
        self.message: dict = {}  # what the page said, and the next picture answers
        self.seen = 0  # the last picture that the page has shown; when, and when last moved:
        self.looked = self.moved = time.monotonic()
        names = {name: name.replace("_", " ") for name in next} | (labels or {})
        names |= {name: f"{names[name]} (next network)" for name in next}

        def update(**_values: Any) -> None:
            if self.network is None:
                self.begin()
            draw(self.network, self.losses)

        def sentence(**_values: Any) -> str:
            return alt(self.network, self.losses)

        super().__init__(fig, moving, update, alt=sentence, controls=controls, label=names, **told)

    def begin(self) -> None:
        """Make the next network."""
        values = {name: value for name, value in self.values.items() if name in self.next}
        self.network, self.losses, self.built, self.note = self.build(**values), [], values, ""

    def take(self) -> bool:
        """Take a step; False, and why in `note`, where there is none to take."""
        if len(self.losses) >= self.limit:
            self.note = f"{self.limit:,} steps are all that a network gets here."
            return False
        now = {name: value for name, value in self.values.items() if name not in self.next}
        loss = float(self.step(self.network, **now))
        if not math.isfinite(loss):
            self.note = f"The loss is {loss} at step {len(self.losses):,}: this network is lost. "
            self.note += "Try a smaller learning rate or smaller initial weights, and press Again."
            return False
        self.losses.append(loss)
        if self.goal and len(self.losses) == self.goal.steps:
            self.scores.append(float(self.goal.score(self.network)))
        return True

    def show(self, still: int) -> None:
        """Display it with its buttons; where nobody is there, the picture of a short run."""
        if not attended():
            while len(self.losses) < still and self.take():
                pass
            self.update()
            self.said = self.sentence()
            return super().show()
        self.loop = asyncio.get_running_loop()
        parent = get_ipython().get_parent()
        self.run = parent["header"]["msg_id"]
        self.cell = parent["metadata"].get("cellId", self.run)
        for other in [one for one in LIVING if one.cell == self.cell and one.run != self.run]:
            other.running = False
            LIVING.remove(other)
        LIVING.append(self)
        super().show()

    def beside(self) -> dict:
        """What the page says beside picture and sliders."""
        recent = self.losses[-RECENT:]
        line = f"Step {len(self.losses):,} of {self.limit:,}"
        line += f", loss {sum(recent) / len(recent):.3f}" if recent else ""
        line += f", {self.speed:,.0f} steps a second" if self.running and self.speed else ""
        goal = self.goal.words(self.scores) if self.goal else ""
        return {"running": self.running, "line": f"{line}.", "goal": goal, "note": self.note}

    def answer(self, message: dict) -> None:
        """Take what the page says, in whatever thread it comes; the rest is the main one's."""
        if "seen" in message:
            self.seen, self.looked = message["seen"], time.monotonic()
            return
        self.follow(message)  # a training under way takes the new values with its next step
        self.loop.call_soon_threadsafe(self.act, message)

    def act(self, message: dict) -> None:
        """Do what a button says, or what a control that moved asks for, and show it."""
        if "hello" in message and not self.order:
            return  # the view has drawn it all
        self.looked = self.moved = time.monotonic()
        self.note, do = "", "reset" if "reset" in message else message.get("do")
        if do in ("pause", "step", "reset"):
            self.running = False
        waiting = any(self.values[name] != value for name, value in self.built.items())
        if do in ("again", "reset") or (waiting and not self.losses):
            self.attempt(self.begin)
        elif waiting:
            self.note = "Press Again for a network with it."
        if do == "step":
            self.attempt(self.take)
        if do == "train":
            self.running = True
            if self.task is None or self.task.done():
                self.task = self.loop.create_task(self.train())
        self.message |= message
        if not self.running:
            self.picture()

    def attempt(self, part: Callable[[], Any]) -> None:
        """Run a part of the reader's code; what it raises pauses, and stands under the picture."""
        try:
            if part() is False:
                self.running = False
        except (Exception, KeyboardInterrupt) as error:
            self.running, self.note = False, f"{type(error).__name__}: {error}"

    def picture(self) -> None:
        """Send what looks different now; this answers all that the page has said so far."""
        message, self.message = self.message, {}
        self.send("all" in message or "hello" in message, message)

    async def train(self) -> None:
        """Train in slices, as long as it runs and somebody is there."""
        with stop_button_pauses(self):
            while self.running:
                steps, begun = len(self.losses), time.perf_counter()
                await asyncio.sleep(BREATH)  # first, so that it hears what has been seen by now
                if self.seen == self.order:
                    self.picture()
                until = max(begun + CYCLE, time.perf_counter() + SLICE)
                while self.running and time.perf_counter() < until:
                    self.attempt(self.take)
                if time.monotonic() > min(self.looked + UNSEEN, self.moved + UNMOVED):
                    self.running, self.note = False, "Paused, since nobody was there for a while."
                self.speed = (len(self.losses) - steps) / (time.perf_counter() - begun)
        self.picture()


@contextmanager
def stop_button_pauses(training: Training) -> Iterator[None]:
    """Let the stop button pause what trains, and a second time end a step that never ends."""

    def pause(*_) -> None:
        if not any(one.running for one in TRAINING):
            raise KeyboardInterrupt
        for one in TRAINING:
            one.running, one.note = False, "Paused by the stop button."

    if not TRAINING:
        signal.signal(signal.SIGINT, pause)
    TRAINING.append(training)
    try:
        yield
    finally:
        TRAINING.remove(training)
        if not TRAINING:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # as the kernel has it between its cells
