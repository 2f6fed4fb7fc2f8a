"""The text of chapter 10: the six novels of Jane Austen, as one string."""

import gzip
import zlib
from os import PathLike
from pathlib import Path

from helpers.data import existing_file

# Found from this file, so that it is there whatever the current folder is.
AUSTEN_FILE = Path(__file__).resolve().parents[3] / "data" / "austen.txt.gz"


def load_text(path: str | PathLike | None = None) -> str:
    """Read a text, UTF-8, plain or packed with gzip, and return it with "\\n" at the line ends.

    Without a path: the six novels of Jane Austen, one after the other, about four million
    characters. Any text of your own will do in their place; some hundred thousand words are
    wanted before a vocabulary of thousands makes sense.

    Raises FileNotFoundError or IsADirectoryError where there is no file, and ValueError where
    the file is damaged, is not UTF-8, or holds nothing but spaces.
    """
    path = existing_file(path, AUSTEN_FILE)
    raw = path.read_bytes()
    if raw[:2] == b"\x1f\x8b":  # the mark of gzip
        try:
            raw = gzip.decompress(raw)
        except (EOFError, OSError, zlib.error) as error:
            raise ValueError(f"{path} is damaged ({error}). Fetch it again.") from None
    try:
        text = raw.decode("utf-8-sig")  # -sig: drops the byte-order mark that Windows may add
    except UnicodeDecodeError as error:
        found = error.object[error.start]
        raise ValueError(
            f"{path}, byte {error.start:,}: 0x{found:02x} is not UTF-8. Save it again as UTF-8."
        ) from None
    if not text.strip():
        raise ValueError(f"{path} is empty: it holds no word.")
    return text.replace("\r\n", "\n").replace("\r", "\n")
