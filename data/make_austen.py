"""Make austen.txt.gz again from Debian's package r-cran-janeaustenr; needs nothing but Python.

mkdir -p build/austen && cd build/austen
apt-get download r-cran-janeaustenr && dpkg-deb -x r-cran-janeaustenr_*.deb package
cd ../.. && python data/make_austen.py build/austen/package

Any machine that knows Debian's packages will do for the second line. Afterwards
`git diff --stat data` says whether anything changed. Another zlib may pack the same text into
other bytes: compare the unpacked text's SHA-256, which is printed, with the one in README.md.
"""

import gzip
import hashlib
import struct
import sys
import zlib
from pathlib import Path

NOVELS = [  # in the order in which the package's file holds them, and where each one's text ends
    ("Emma", "FINIS"),
    ("Mansfield Park", "THE END"),
    ("Northanger Abbey", "A NOTE ON THE TEXT"),  # by an editor of our time: left out
    ("Persuasion", "Finis"),
    ("Pride and Prejudice", None),
    ("Sense and Sensibility", "THE END"),
]
FOLDER = Path(__file__).resolve().parent


def objects(blob: bytes) -> list[bytes]:
    """The serialized objects of an R database (.rdb): a length, then a zlib stream, each."""
    found, place = [], 0
    while place < len(blob):
        (length,) = struct.unpack_from(">I", blob, place)
        stream = zlib.decompressobj()
        found.append(stream.decompress(blob[place + 4 :]))
        if len(found[-1]) != length:
            raise SystemExit(f"object {len(found)} is damaged: {len(found[-1])} bytes of {length}.")
        place = len(blob) - len(stream.unused_data)
    return found


def lines(serialized: bytes) -> list[str]:
    """The strings of a serialized R character vector ("R Internals", section 1.8: XDR format)."""
    mark, version, _, _, encoding = struct.unpack_from(">2siiii", serialized)
    place = 2 + 4 * 4 + encoding  # version 3 names its encoding before the object
    kind, count = struct.unpack_from(">ii", serialized, place)
    if (mark, version, kind & 255) != (b"X\n", 3, 16):
        raise SystemExit("this is no vector of strings, version 3. Take the package's 1.0.0-1.")
    place, found = place + 8, []
    for _ in range(count):
        _, length = struct.unpack_from(">ii", serialized, place)
        found.append(serialized[place + 8 : place + 8 + length].decode("utf-8"))
        place += 8 + length
    return found


if len(sys.argv) != 2:
    raise SystemExit("Give the folder into which the package was unpacked; see the first lines.")
database = Path(sys.argv[1]) / "usr/lib/R/site-library/janeaustenr/data/Rdata.rdb"
if not database.exists():
    raise SystemExit(f"There is no {database}. Unpack r-cran-janeaustenr there first.")

novels = []
for (title, end), serialized in zip(NOVELS, objects(database.read_bytes()), strict=True):
    text = [line.rstrip() for line in lines(serialized)]
    if text[0].lower() != title.lower():
        raise SystemExit(f"{title} was expected, {text[0]!r} found: the package is another one.")
    body = text[: text.index(end)] if end else text
    novels.append("\n".join(body).strip() + "\n")
    print(f"{title}: {len(body):,} lines")
content = "\n\n\n".join(novels).encode("utf-8")
packed = gzip.compress(content, 9, mtime=0)  # mtime=0: no date in the file
(FOLDER / "austen.txt.gz").write_bytes(packed)

# Its own line of SHA256SUMS; the other files' lines stay.
sums = FOLDER / "SHA256SUMS"
kept = [
    line
    for line in sums.read_text(encoding="utf-8").splitlines()
    if not line.endswith("austen.txt.gz")
]
kept.append(f"{hashlib.sha256(packed).hexdigest()}  austen.txt.gz")
sums.write_bytes(("\n".join(kept) + "\n").encode("ascii"))
print(f"written: {len(packed):,} bytes; the text: {len(content):,}")
print(f"{kept[-1]}\n{hashlib.sha256(content).hexdigest()}  the text itself")
