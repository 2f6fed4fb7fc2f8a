"""The names: load them, turn letters into numbers, cut windows, split by name.

One convention holds in the whole course: "." is number 0 and marks where a name begins and
where it ends; a to z are 1 to 26.
"""

import operator
from collections.abc import Iterable, Sequence
from itertools import accumulate
from os import PathLike
from pathlib import Path
from string import ascii_lowercase

import torch

from helpers.settings import check_counts

VOCABULARY = "." + ascii_lowercase  # number -> character; "." is 0, a is 1, z is 26
V = len(VOCABULARY)  # 27
NUMBER_OF = {character: number for number, character in enumerate(VOCABULARY)}

# Found from this file, so that it is there whatever the current folder is.
NAMES_FILE = Path(__file__).resolve().parent.parent / "data" / "names.txt"


def load_names(path: str | PathLike | None = None) -> list[str]:
    """Read a text file with one name per line and return the names in the file's order.

    Without a path, the course's own list: 29,910 distinct names, the most frequent first. Repeats
    are kept, any line ends and a byte-order mark accepted. Blank lines are skipped, and one printed
    line says how many. Raises FileNotFoundError or IsADirectoryError where there is no file, and
    ValueError where it is empty, is not UTF-8, or holds a character other than a to z.
    """
    path = existing_file(path, NAMES_FILE)
    try:
        text = path.read_text(encoding="utf-8-sig")  # without the mark that Windows may put first
    except UnicodeDecodeError as error:
        raw, start = error.object, error.start
        wrong = f"line {raw.count(10, 0, start) + 1}: byte 0x{raw[start]:02x} is not UTF-8"
        raise ValueError(f"{path}, {wrong}. Save the file again as UTF-8.") from None

    lines = text.removesuffix("\n").split("\n")  # splitlines would also split at others
    names = []
    for line_number, line in enumerate(lines, start=1):
        if line.strip():
            _require_letters(line, f"{path}, line {line_number}")
            names.append(line)
    if not names:
        raise ValueError(f"{path} is empty: it holds no name. Put one name on each line, a to z.")
    if blank := len(lines) - len(names):
        print(f"{path.name}: skipped {blank:,} blank line{'s' if blank > 1 else ''}")
    return names


def existing_file(path: str | PathLike | None, own: Path) -> Path:
    """The path of a text file of the reader's; of the course's `own` where it is None.

    Raises FileNotFoundError or IsADirectoryError where there is no file.
    """
    path = own if path is None else Path(path).expanduser()
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder. Give the path of a text file.")
    if not path.exists():
        remedy = f"Check the spelling; the current folder is {Path.cwd()}."
        if path == own:
            remedy = f"It belongs to the course: 'git checkout data/{own.name}' brings it back."
        raise FileNotFoundError(f"There is no file {path}. {remedy}")
    return path


def encode(text: str) -> list[int]:
    """Turn each character into its number: "emma." becomes [5, 13, 13, 1, 0].

    Raises ValueError for a character outside the vocabulary, TypeError for what is not a string.
    """
    if not isinstance(text, str):
        raise TypeError(f"encode takes one string such as 'emma.', not {text!r:.60}.")
    for place, character in enumerate(text, start=1):
        if character not in NUMBER_OF:
            raise ValueError(f"{text!r:.60}, character {place}: {_what_is_wrong(character)}")
    return [NUMBER_OF[character] for character in text]


def decode(numbers: Iterable[int]) -> str:
    """Turn each number into its character: [5, 13, 13, 1, 0] becomes "emma.".

    `numbers` is a flat list, or a tensor of shape (N,), of whole numbers.
    Raises ValueError for a number outside 0 to 26, TypeError for what is not a whole number.
    """
    if isinstance(numbers, torch.Tensor):
        numbers = numbers.tolist()
    try:
        numbers = [operator.index(number) for number in numbers]
    except TypeError:
        wanted = f"a flat list of whole numbers such as [5, 13, 13, 1], not {numbers!r:.60}"
        remedy = "Decode a table row by row, and a single number n as [n]."
        raise TypeError(f"decode takes {wanted}. {remedy}") from None
    for place, number in enumerate(numbers):
        # Checked by hand: Python would read -1 as "the last one" and answer z.
        if not 0 <= number < V:
            wrong = (
                f"numbers[{place}] is {number}, and the vocabulary goes from 0 (.) to {V - 1} (z)"
            )
            raise ValueError(f"{wrong}. Look at where this number comes from.")
    return "".join(VOCABULARY[number] for number in numbers)


def windows(names: Sequence[str], context_length: int = 3) -> tuple[torch.Tensor, torch.Tensor]:
    """Cut names into (what came before, what comes next).

    Every name is followed by one ".", so a name of n letters gives n + 1 windows:
    "emma" gives ... -> e, ..e -> m, .em -> m, emm -> a, mma -> "." (for a context of 3).

    Returns contexts (N, T) and targets (N,), both int64, in the order of the names; T is
    `context_length`, and N the number of letters plus the number of names. Raises ValueError for a
    context length below 1, no names, or a name with a character other than a to z; TypeError
    where `names` is one string.
    """
    names = _as_list(names)
    check_counts(context_length=context_length)
    if not names:
        raise ValueError("The list of names is empty. Look at where it is made.")
    for position, name in enumerate(names):
        _require_letters(name, f"names[{position}]")

    # All names as one row of bytes: "emma.olivia.ava." In ASCII, a to z are 97 to 122, "." is 46.
    row = bytearray("".join(name + "." for name in names), "ascii")
    targets = (torch.frombuffer(row, dtype=torch.uint8).long() - 96).clamp(min=0)  # (N,)

    lengths = torch.tensor([len(name) + 1 for name in names])
    starts = lengths.cumsum(0) - lengths  # where each name begins in the row
    place = torch.arange(len(targets)) - starts.repeat_interleave(lengths)  # (N,) 0, 1, … per name

    padded = torch.cat([torch.zeros(context_length, dtype=torch.int64), targets])
    before = padded.unfold(0, context_length, 1)[:-1]  # (N, T) the T characters before each target
    reach = torch.arange(context_length, 0, -1)  # (T,) how many steps back each column looks
    return torch.where(place[:, None] >= reach, before, 0), targets  # 0 beyond the name's start


def split(
    names: Sequence[str], fractions: Sequence[float] = (0.8, 0.1, 0.1), seed: int = 0
) -> tuple[list[str], ...]:
    """Deal the names out at random, by name: no name is in two parts.

    All copies of a repeated name go to the same part. The fractions count distinct names; every
    part gets at least one. Within a part the order is random too, so that its first hundred are a
    fair sample. The same seed gives the same parts. Returns one list per fraction.

    Raises ValueError for fractions that are not positive or do not add up to 1, or fewer distinct
    names than parts; TypeError where `names` is one string.
    """
    names, fractions = _as_list(names), list(fractions)
    if not all(fraction > 0 for fraction in fractions):
        raise ValueError(f"fractions are {fractions}, and every part needs a positive one.")
    if abs(sum(fractions) - 1) > 1e-6:
        wrong = f"their sum is {sum(fractions):g}, not 1"
        raise ValueError(f"fractions are {fractions}; {wrong}. Divide each by it.")
    distinct = list(dict.fromkeys(names))  # each name once, in the order of the list
    if len(distinct) < len(fractions):
        wrong = f"{len(distinct)} distinct names cannot fill {len(fractions)} parts"
        raise ValueError(f"{wrong}: give more names.")
    generator = torch.Generator().manual_seed(seed)
    shuffled = torch.randperm(len(distinct), generator=generator).tolist()
    part_of, start = {}, 0
    for part, share in enumerate(accumulate(fractions)):
        # At least one name for this part, and at least one left for each part that follows.
        last_end = len(distinct) - (len(fractions) - 1 - part)
        end = min(max(round(share * len(distinct)), start + 1), last_end)
        part_of.update((distinct[i], part) for i in shuffled[start:end])
        start = end

    parts = tuple([] for _ in fractions)
    for row in torch.randperm(len(names), generator=generator).tolist():
        parts[part_of[names[row]]].append(names[row])
    return parts


def _as_list(names: Sequence[str]) -> list[str]:
    if isinstance(names, str):  # a string is a sequence too, of one-letter "names"
        raise TypeError(f"names is the string {names!r:.60}. Give a list: [{names!r:.60}].")
    return list(names)


def _require_letters(name: str, where: str) -> None:
    """Raise ValueError, beginning with `where`, unless the name is a to z throughout."""
    for character in name:
        if character not in ascii_lowercase:
            raise ValueError(f"{where}: {_what_is_wrong(character)} The name is {name!r:.60}.")


def _what_is_wrong(character: str) -> str:
    if character == ".":
        return "'.' marks the end of a name and cannot stand in one. Take it out."
    if character.lower() in NUMBER_OF:
        return f"{character!r} is upper case, the vocabulary is lower case. Use .lower() on it."
    return f"{character!r} is not in the vocabulary, a to z. Replace it, or take that name out."
