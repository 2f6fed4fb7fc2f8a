"""A recording made small: numbers as steps from their neighbors, everything else once.

A packed figure is JSON, gzipped. Each artist, and the sentence as the last of them, is

- `over`: the controls on which its look depends; `index`: which look it has, over these alone, as
  steps from one to the next (null where the looks stand in this very order)
- `groups` of looks that differ in numbers and words alone: `strokes` is what they share, `which`
  the looks (null for all, in order), `numbers` theirs, `widths` how many each has, in the `way`
  that packs best, and `words` what they say, column by column; a column of one holds for all
"""

import base64
import gzip
import json
import re
from itertools import pairwise
from typing import Any

import numpy as np

ALONG_POINTS, ALONG_LOOKS, BY_COLUMN = 1, 2, 4
NUMBER = re.compile(r"(\d+(?:[.,]\d+)*)")


def pack(recording: dict) -> dict:
    """The recording with packed artists in the place of looks and states; ready for JSON."""
    states = np.array(recording["states"]).reshape(*recording["shape"], -1)
    artists = [artist(looks, states[..., place]) for place, looks in enumerate(recording["looks"])]
    rest = {key: recording[key] for key in recording.keys() - {"looks", "states"}}
    return {**rest, "artists": artists}


def artist(looks: list, index: np.ndarray) -> dict:
    """One artist packed, its looks in the order of the control along which they change least."""
    split = said if isinstance(looks[0], str) else drawn
    over, index = needed(index)
    ways = []
    for axis in range(max(1, index.ndim)):
        walked = np.moveaxis(index, axis, -1).ravel() if over else index.ravel()
        numbers, first = np.unique(walked, return_index=True)
        order = numbers[np.argsort(first)]  # the looks, as they come
        places = np.argsort(order)[index].ravel().tolist()
        straight = places == list(range(len(places)))
        ways.append(
            {
                "over": over,
                "index": None if straight else _steps(places),
                "groups": groups([looks[number] for number in order], split),
            }
        )
    return min(ways, key=lambda way: len(_gzipped(way)))


def script(name: str, packed: dict) -> str:
    """A script that hands the packed figure to the page, from a server or a folder alike."""
    data = base64.b64encode(_gzipped(packed)).decode()
    return f'course.arrived("{name}", "{data}");\n'


def needed(index: np.ndarray) -> tuple[list[int], np.ndarray]:
    """The controls on which an index depends, and the index over these alone."""
    over = list(range(index.ndim))
    for axis in reversed(range(index.ndim)):
        first = index.take([0], axis=axis)
        if (index == first).all():
            index = first.squeeze(axis)
            over.remove(axis)
    return over, index


def groups(looks: list, split) -> list[dict]:
    """The looks, those together that `split` finds to share all but numbers and words."""
    found: dict[str, tuple[Any, list, list, list]] = {}
    for place, look in enumerate(looks):
        shared, numbers, words = split(look)
        group = found.setdefault(json.dumps(shared), (shared, [], [], []))
        for kept, value in zip(group[1:], (place, numbers, words), strict=True):
            kept.append(value)
    return [
        {
            "strokes": shared,
            "count": len(places),
            "widths": _once(tuple(map(len, numbers))),
            "which": None if len(places) == len(looks) else _steps(places),
            **numbered([np.array(row, int) for row in numbers]),
            "words": [_once(column) for column in zip(*words, strict=True)],
        }
        for shared, places, numbers, words in found.values()
    ]


def drawn(strokes: list) -> tuple[list, list[int], list]:
    """What an artist draws, in what is shared, its numbers, and its words.

    A stroke's first word says how many numbers are its own; others are a text and its width, or
    an image.
    """
    shared, numbers, words = [], [], []
    for kind, css, clip, what, own in strokes:
        words.append(len(own))
        numbers += own
        if kind == "text":
            text, what, width = what
            words += [text, width]
        elif kind == "image":
            image, *what = what
            words.append(image)
        shared.append([kind, css, clip, what])
    return shared, numbers, words


def said(sentence: str) -> tuple[list[str], list[int], list[str]]:
    """A sentence, in what stands around its numbers, and these."""
    parts = NUMBER.split(sentence)
    return parts[::2], [], parts[1::2]


def numbered(rows: list[np.ndarray]) -> dict:
    """The numbers of looks, a row for each, in the way that packs best."""
    even = len({len(row) for row in rows}) == 1
    found = [{"way": way, "numbers": in_way(rows, way)} for way in range(8 if even else 4)]
    return min(found, key=lambda one: len(_gzipped(one["numbers"])))


def in_way(rows: list[np.ndarray], way: int) -> list[int]:
    """The rows' numbers in one list; by column only where the rows are of one length."""
    kept = [row.copy() for row in rows]
    if way & ALONG_LOOKS:
        for now, before in zip(kept[1:], rows[:-1], strict=True):
            both = min(len(now), len(before))
            now[:both] -= before[:both]
    if way & ALONG_POINTS:
        for row in kept:
            row[2:] -= row[:-2].copy()  # x from x, y from y
    flat = np.stack(kept, axis=1).ravel() if way & BY_COLUMN else np.concatenate(kept)
    return flat.tolist()


def _once(column: tuple) -> list:
    """A column of words; one of them where all are the same."""
    return [column[0]] if len(set(column)) == 1 else list(column)


def _steps(index: list[int]) -> list[int]:
    return [after - before for before, after in pairwise([0, *index])]


def _gzipped(value: Any) -> bytes:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return gzip.compress(text.encode(), 9, mtime=0)
