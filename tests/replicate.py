"""Run the chapters on other seeds, and write in how many runs each claim holds.

    python tests/replicate.py            all chapters
    python tests/replicate.py 06 11      these two; what is known of the others stays

RUNS=20 in the environment says how often, JOBS=2 how many runs at a time. The report is
docs/replication.md; a chapter's text is not changed (see tests/replication).
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import torch

from chapter import Chapter
from execute import ROOT, ChapterError, chapters, kernel, run_cell
from sections import renew

REPORT = ROOT / "docs" / "replication.md"
APART = 100_003  # between the seeds of two runs: more than any chapter counts up to
ENOUGH = 0.95  # of the runs: a claim that holds in fewer is worded as what it is
HEAD = """# Replication

Written by `make replicate`. Each chapter was run again with every seed shifted (splits, weights,
batches, all data drawn), and each of its claims was looked at in every run. *Margin* is the
smallest number by which a claim held, in its own unit; below zero, it did not.
"""


@dataclass
class Tally:
    """What came of one claim: one entry for each run in which its line was reached."""

    held: list[bool] = field(default_factory=list)
    margins: list[float] = field(default_factory=list)


@dataclass
class Replication:
    """What came of the runs of one chapter: its claims in order, and runs that ended early."""

    runs: int
    claims: dict[str, Tally] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def add(self, sentence: str, holds: bool, margin: float | None) -> None:
        tally = self.claims.setdefault(sentence, Tally())
        tally.held.append(holds)
        if margin is not None:
            tally.margins.append(margin)

    @property
    def weak(self) -> list[str]:
        """The claims that hold in too few of the runs; a run that ended early held nothing."""
        enough = ENOUGH * self.runs
        return [name for name, tally in self.claims.items() if sum(tally.held) < enough]


def run_once(path: Path, offset: int) -> tuple[list, str]:
    """One run with seeds `offset` away: its claims, and why it ended early ("" if it did not)."""
    chapter = Chapter(path)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "claims.jsonl"
        log.touch()
        environment = {
            "COURSE_CLAIMS": str(log),
            "COURSE_SEED_OFFSET": str(offset),
            "PYTHONPATH": os.pathsep.join(
                filter(None, [str(ROOT / "tests" / "replication"), os.environ.get("PYTHONPATH")])
            ),
            "OMP_NUM_THREADS": "1",
        }
        why = ""
        with kernel(chapter.notebook, chapter.path.parent, environment) as client:
            for index, _ in chapter.code:
                try:
                    run_cell(client, index)
                except ChapterError as error:
                    why = str(error)
                    break
        return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()], why


def replicate(chapter: Chapter, runs: int, pool: Executor) -> Replication:
    """Run the chapter `runs` times, each time on seeds of its own."""
    numbers = range(1, runs + 1)
    offsets = [run * APART for run in numbers]
    found = Replication(runs)
    for run, (claims, why) in zip(
        numbers, pool.map(partial(run_once, chapter.path), offsets), strict=True
    ):
        for sentence, holds, margin in claims:
            found.add(sentence, holds, margin)
        if why:
            found.broken.append(f"run {run}: {why}")
    return found


def section(found: Replication) -> str:
    """The chapter's part of the report."""
    processor = torch.backends.cpu.get_cpu_capability()
    lines = [f"{found.runs} runs, torch {torch.__version__}, {processor}.", ""]
    if found.claims:
        lines += ["| claim | held in | smallest margin |", "|---|--:|--:|"]
    for sentence, tally in found.claims.items():
        margin = f"{min(tally.margins):.2g}" if tally.margins else ""
        said = sentence.replace("|", "\\|")
        lines.append(f"| {said} | {sum(tally.held)} | {margin} |")
    if not found.claims:
        lines.append("No claim.")
    lines += ["", *(f"- Ended early, {why}" for why in found.broken)]
    return "\n".join(lines).rstrip() + "\n"


def main(wanted: Iterable[str]) -> int:
    """Replicate the wanted chapters; 1 where a claim is weak or a run ended early, else 0."""
    runs, jobs = int(os.environ.get("RUNS") or 20), int(os.environ.get("JOBS") or 2)
    try:
        members = [Chapter(path) for path in chapters(wanted)]
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    sections, bad = {}, 0
    with ThreadPoolExecutor(jobs) as pool, ThreadPoolExecutor(len(members)) as side_by_side:
        for chapter, found in zip(
            members,
            side_by_side.map(lambda chapter: replicate(chapter, runs, pool), members),
            strict=True,
        ):
            sections[chapter.title] = section(found)
            bad += len(found.weak) + len(found.broken)
            print(f"## {chapter.title}\n\n{sections[chapter.title]}", flush=True)
    renew(REPORT, HEAD, sections)
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
