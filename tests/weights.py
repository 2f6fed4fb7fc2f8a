"""What the built pages weigh, and how much they may."""

import base64
import gzip
import re
from dataclasses import dataclass
from pathlib import Path

FIGURE = 200e3  # bytes: the states of one figure, packed, without the images in them
FIGURES = 1e6  # of all figures
OPENED = 1e6  # of a page before anyone drags, with all that it fetches
MOVED = 4e6  # of a page read to its end, each figure moved
WHOLE = 40e6  # of all pages

IMAGE = re.compile(rb'data:image/[^"]*')


@dataclass(frozen=True)
class Figure:
    """A recorded figure: bytes of its file, of what is packed in it, and of this without images."""

    name: str
    file: int
    packed: int
    without_images: int


def figures(html: Path) -> list[Figure]:
    """The recorded figures of the pages in this folder."""
    found = []
    for path in sorted((html / "_static" / "recorded").glob("*.js")):
        packed = base64.b64decode(path.read_text(encoding="utf-8").split('"')[3])
        rest = gzip.compress(IMAGE.sub(b"", gzip.decompress(packed)), 9, mtime=0)
        found.append(Figure(path.stem, path.stat().st_size, len(packed), len(rest)))
    return found


def whole(html: Path) -> int:
    """Bytes of all files of the pages."""
    return sum(path.stat().st_size for path in html.rglob("*") if path.is_file())


def of(addresses: set[str], home: str, html: Path) -> int:
    """Bytes of the files that were fetched from `home`, where the pages in the folder are."""
    names = {
        address.removeprefix(home).lstrip("/").split("?")[0].split("#")[0] for address in addresses
    }
    return sum((html / name).stat().st_size for name in names if (html / name).is_file())
