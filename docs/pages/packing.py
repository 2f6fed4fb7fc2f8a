"""A recording made small: numbers as steps from their neighbors, everything else once.

A packed figure is JSON. Each artist, and the sentence as the last of them, is

- `over`: the controls on which its look depends; `index`: which look it has, over these alone, as
  steps from one to the next (null where the looks stand in this very order)
- `groups` of looks that differ in numbers and words alone: `strokes` is what they share, `which`
  the looks (null for all, in order), `numbers` theirs, `widths` how many each has, in the `way`
  that packs best, and `words` what they say, column by column; a column of one holds for all

In its file, the numbers of all groups stand behind the JSON as bytes, seven bits in each: the
lowest first, and the highest bit says that more follow. In the JSON stand only their counts.
"""

import base64
import gzip
import io
import json
import re
import zlib
from functools import cache
from itertools import pairwise

import numpy as np
from PIL import Image

ALONG_POINTS, ALONG_LOOKS, BY_COLUMN, APART = 1, 2, 4, 8
SAMPLE = 30_000  # numbers on which ways are tried
NUMBER = re.compile(r"(\d+(?:[.,]\d+)*)")
PNG = "data:image/png;base64,"


def pack(recording: dict) -> dict:
    """The recording with packed artists in the place of looks and states; ready for JSON."""
    states = np.array(recording["states"]).reshape(*recording["shape"], -1)
    artists = [artist(looks, states[..., place]) for place, looks in enumerate(recording["looks"])]
    rest = {key: recording[key] for key in recording.keys() - {"looks", "states"}}
    return {**rest, "artists": artists}


def artist(looks: list, index: np.ndarray) -> dict:
    """One artist packed, its looks in the order of the control along which they change least."""
    split = [(said if isinstance(look, str) else drawn)(look) for look in looks]
    split = [(json.dumps(shared), *rest) for shared, *rest in split]
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
                "groups": groups([split[number] for number in order]),
            }
        )
    if len(ways) == 1:
        return ways[0]
    return min(ways, key=lambda way: len(zlib.compress(written({"artists": [way]}))))


def script(name: str, packed: dict) -> str:
    """A script that hands the packed figure to the page, from a server or a folder alike."""
    data = base64.b64encode(gzip.compress(written(packed), 9, mtime=0)).decode()
    return f'course.arrived("{name}", "{data}");\n'


def written(packed: dict) -> bytes:
    """The packed figure as its file holds it, before gzip."""
    numbers, artists = [], []
    for one in packed["artists"]:
        counted = [{**group, "numbers": len(group["numbers"])} for group in one["groups"]]
        artists.append({**one, "groups": counted})
        numbers += [np.array(group["numbers"], int) for group in one["groups"]]
    text = json.dumps({**packed, "artists": artists}, separators=(",", ":"), ensure_ascii=False)
    return text.encode() + b"\n" + in_bytes(np.concatenate(numbers))


def in_bytes(numbers: np.ndarray) -> bytes:
    """Whole numbers of any sign, each in as few bytes as it needs."""
    # 0, -1, 1, -2, … become 0, 1, 2, 3, …
    left = np.where(numbers >= 0, 2 * numbers, -2 * numbers - 1)[:, None]
    left = left >> np.arange(0, max(1, int(left.max(initial=0)).bit_length()), 7)
    used = left > 0
    used[:, 0] = True
    return ((left & 127) | np.where(left > 127, 128, 0))[used].astype(np.uint8).tobytes()


def needed(index: np.ndarray) -> tuple[list[int], np.ndarray]:
    """The controls on which an index depends, and the index over these alone."""
    over = list(range(index.ndim))
    for axis in reversed(range(index.ndim)):
        first = index.take([0], axis=axis)
        if (index == first).all():
            index = first.squeeze(axis)
            over.remove(axis)
    return over, index


def groups(split: list[tuple[str, list[int], list]]) -> list[dict]:
    """The looks, taken apart; those together that share all but numbers and words."""
    found: dict[str, tuple[list, list, list]] = {}
    for place, (shared, numbers, words) in enumerate(split):
        group = found.setdefault(shared, ([], [], []))
        for kept, value in zip(group, (place, numbers, words), strict=True):
            kept.append(value)
    return [
        {
            "strokes": json.loads(shared),
            "count": len(places),
            "widths": _once(tuple(map(len, numbers))),
            "which": None if len(places) == len(split) else _steps(places),
            **numbered([np.array(row, int) for row in numbers]),
            "words": [_once(column) for column in zip(*words, strict=True)],
        }
        for shared, (places, numbers, words) in found.items()
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
            words.append(smaller(image))
        shared.append([kind, css, clip, what])
    return shared, numbers, words


@cache
def smaller(image: str) -> str:
    """The same pixels in fewer bytes: a notebook packs its images fast rather than small."""
    if not image.startswith(PNG):
        return image
    packed = io.BytesIO()
    Image.open(io.BytesIO(base64.b64decode(image[len(PNG) :]))).save(packed, "png", optimize=True)
    return min(image, PNG + base64.b64encode(packed.getvalue()).decode(), key=len)


def said(sentence: str) -> tuple[list[str], list[int], list[str]]:
    """A sentence, in what stands around its numbers, and these."""
    parts = NUMBER.split(sentence)
    return parts[::2], [], parts[1::2]


def numbered(rows: list[np.ndarray]) -> dict:
    """The numbers of looks, a row for each, in the way that packs best, as a part of them tells."""
    layouts = [0, APART] + [BY_COLUMN] * (len({len(row) for row in rows}) == 1)
    ways = [layout | steps for layout in layouts for steps in range(4)]
    some = sample(rows)
    way = min(ways, key=lambda way: len(zlib.compress(in_bytes(in_way(some, way)))))
    return {"way": way, "numbers": in_way(rows, way).tolist()}


def sample(rows: list[np.ndarray]) -> list[np.ndarray]:
    """All rows, or of many three runs of neighbors."""
    total = sum(map(len, rows))
    if total <= SAMPLE:
        return rows
    length = len(rows) * SAMPLE // total // 3 + 1
    return [row for part in range(3) for row in rows[part * len(rows) // 3 :][:length]]


def in_way(rows: list[np.ndarray], way: int) -> np.ndarray:
    """The rows' numbers one after the other; by column only where the rows are of one length."""
    kept = [row.copy() for row in rows]
    if way & ALONG_LOOKS:
        for now, before in zip(kept[1:], rows[:-1], strict=True):
            both = min(len(now), len(before))
            now[:both] -= before[:both]
    if way & ALONG_POINTS:
        for row in kept:
            row[2:] -= row[:-2].copy()  # x from x, y from y
    if way & BY_COLUMN:
        return np.stack(kept, axis=1).ravel()
    if way & APART:
        kept = [row[first::2] for first in (0, 1) for row in kept]  # every x, then every y
    return np.concatenate(kept)


def _once(column: tuple) -> list:
    """A column of words; one of them where all are the same."""
    return [column[0]] if len(set(column)) == 1 else list(column)


def _steps(index: list[int]) -> list[int]:
    return [after - before for before, after in pairwise([0, *index])]
