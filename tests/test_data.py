"""The names and helpers/data.py: known values, bad input, and comparison with plain loops."""

import hashlib
import math
import time
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest
import torch

from helpers.data import VOCABULARY, decode, encode, load_names, split, windows

ROOT = Path(__file__).resolve().parent.parent
NAMES_2018 = ROOT.parent / "shared" / "reference" / "names_2018.txt"  # not part of the course


@pytest.fixture(scope="module")
def names():
    return load_names()


def write(folder, content):
    path = folder / "list.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# ---- the file


def test_checksums_of_the_names():
    lines = (ROOT / "data" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert [line.split()[1] for line in lines] == ["names.txt", "names_twice.txt", "austen.txt.gz"]
    for line in lines:
        checksum, file_name = line.split()
        content = (ROOT / "data" / file_name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == checksum
        assert checksum in (ROOT / "data" / "README.md").read_text(encoding="utf-8")


def test_the_names_of_both_sexes(names):
    twice = load_names(ROOT / "data" / "names_twice.txt")
    assert len(twice) == len(set(twice)) == 2_559
    assert set(twice) < set(names)
    assert len(names) + len(twice) == 32_469  # the rows of the published list


def test_the_names(names, capsys):
    assert load_names() == names
    assert capsys.readouterr().out == ""  # nothing skipped, nothing said
    assert len(names) == len(set(names)) == 29_910
    assert max(map(len, names)) == 15
    assert set("".join(names)) == set("abcdefghijklmnopqrstuvwxyz")
    assert names[:2] == ["emma", "liam"]  # first in 2017 among girls and among boys


def test_names_load_from_any_folder(names, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_names() == names


# ---- known values


def bigram_nll(names, smoothing):
    """Average NLL of the counted bigram model, in plain Python, without helpers.data."""
    pairs = Counter()
    for name in names:
        pairs.update(zip("." + name, name + ".", strict=True))
    firsts = Counter()
    for (first, _), count in pairs.items():
        firsts[first] += count
    total = sum(
        count * math.log((count + smoothing) / (firsts[first] + 27 * smoothing))
        for (first, _), count in pairs.items()
    )
    return -total / sum(pairs.values())


def test_bigram_nll_by_plain_counting(names):
    assert round(bigram_nll(names, smoothing=0), 4) == 2.4541
    assert round(bigram_nll(names, smoothing=1), 4) == 2.4547


def test_losses_from_windows(names):
    contexts, targets = windows(names, context_length=1)
    counts = torch.zeros(27, 27, dtype=torch.float64)  # (V, V) before, after
    counts.index_put_((contexts[:, 0], targets), torch.ones(len(targets)).double(), accumulate=True)

    def loss(weights):
        probabilities = weights / weights.sum(-1, keepdim=True)
        return -(counts * probabilities.log()).nansum().item() / len(targets)

    assert round(loss(counts), 4) == 2.4541  # 0 * log 0 is nan, which nansum leaves out
    assert round(loss(counts + 1), 4) == 2.4547
    assert round(loss(counts.sum(0).expand(27, 27)), 4) == 2.8191  # unigram
    assert round(loss(torch.ones(27, 27).double()), 4) == 3.2958  # uniform: ln 27


@pytest.mark.skipif(not NAMES_2018.exists(), reason="the list of 2018 is not part of the course")
def test_list_of_2018():
    names = load_names(NAMES_2018)
    assert len(names) == 32_033
    assert len(set(names)) == 29_494
    assert round(bigram_nll(names, smoothing=1), 4) == 2.4546
    contexts, targets = windows(names, context_length=1)
    assert len(contexts) == len(targets) == 228_146  # the pairs that the lecture counts


# ---- load_names


@pytest.mark.parametrize(
    "content",
    [b"emma\nava\n", b"emma\nava", b"emma\r\nava\r\n", b"emma\rava\r", b"\xef\xbb\xbfemma\nava\n"],
    ids=["plain", "no newline at the end", "Windows", "old Mac", "byte-order mark"],
)
def test_line_ends(tmp_path, capsys, content):
    assert load_names(write(tmp_path, content)) == ["emma", "ava"]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("emma\n\nava\n", "list.txt: skipped 1 blank line\n"),
        ("\r\nemma\r\n  \t\r\nava\r\n", "list.txt: skipped 2 blank lines\n"),
        ("emma\nava\n\n", "list.txt: skipped 1 blank line\n"),
    ],
)
def test_blank_lines_are_skipped_and_said(tmp_path, capsys, content, said):
    assert load_names(str(write(tmp_path, content))) == ["emma", "ava"]
    assert capsys.readouterr().out == said


def test_repeats_and_order_are_kept(tmp_path):
    assert load_names(write(tmp_path, "mia\nava\nmia\n")) == ["mia", "ava", "mia"]


@pytest.mark.parametrize(
    ("content", "fragments"),
    [
        ("emma\n\nava\nzoë\n", ["line 4", "'ë'", "'zoë'", "Replace it"]),
        ("emma\nAva\n", ["line 2", "'A' is upper case", ".lower()"]),
        ("emma\nanne marie\n", ["line 2", "' '", "Replace it"]),
        ("emma\nj.r.\n", ["line 2", "'.'", "end of a name"]),
        ("emma,12\n", ["line 1", "','"]),
        ("emma\nzo\u2028e\n", ["line 2", "'\\u2028'"]),  # a line end to str.splitlines alone
        (b"emma\nzo\xeb\n", ["line 2", "0xeb", "UTF-8"]),
        (b"\xef\xbb\xbfemma\nava\nzo\xeb\n", ["line 3", "0xeb", "UTF-8"]),
        ("emma\n".encode("utf-16"), ["line 1", "UTF-8"]),
        ("", ["is empty", "one name on each line"]),
        ("\n \n", ["is empty"]),
    ],
)
def test_bad_content(tmp_path, content, fragments):
    path = write(tmp_path, content)
    with pytest.raises(ValueError) as error:
        load_names(path)
    for fragment in [str(path), *fragments]:
        assert fragment in str(error.value)


def test_no_file_and_a_folder(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match=r"no file .*absent\.txt.*Check the spelling"):
        load_names(tmp_path / "absent.txt")
    with pytest.raises(IsADirectoryError, match=r"is a folder.*Give the path"):
        load_names(tmp_path)
    monkeypatch.setattr("helpers.data.NAMES_FILE", tmp_path / "names.txt")
    with pytest.raises(FileNotFoundError, match=r"git checkout data/names\.txt"):
        load_names()


# ---- encode and decode


def test_encode_and_decode():
    assert VOCABULARY == ".abcdefghijklmnopqrstuvwxyz"
    assert encode("emma.") == [5, 13, 13, 1, 0]
    assert decode([5, 13, 13, 1, 0]) == "emma."
    assert decode(torch.tensor([26, 1])) == "za"
    assert decode([torch.tensor(26), torch.tensor(1)]) == "za"
    assert decode(encode(VOCABULARY)) == VOCABULARY
    assert encode("") == [] and decode([]) == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("zoë", r"'zoë', character 3: 'ë' is not in the vocabulary.*Replace"),
        ("Emma", r"character 1: 'E' is upper case.*\.lower\(\)"),
        ("a b", "character 2: ' '"),
    ],
)
def test_encode_unknown_character(text, message):
    with pytest.raises(ValueError, match=message):
        encode(text)


def test_encode_wants_a_string():
    with pytest.raises(TypeError, match="one string"):
        encode(["emma", "ava"])


@pytest.mark.parametrize("number", [-1, 27])
def test_decode_out_of_range(number):
    with pytest.raises(ValueError, match=rf"numbers\[1\] is {number}.*26"):
        decode([1, number])
    with pytest.raises(ValueError, match=rf"numbers\[1\] is {number}.*26"):
        decode(torch.tensor([1, number]))


@pytest.mark.parametrize("numbers", [[1.0], torch.tensor([1.5]), torch.ones(2, 2).long(), 5, "ab"])
def test_decode_wants_whole_numbers(numbers):
    with pytest.raises(TypeError, match="flat list of whole numbers"):
        decode(numbers)


# ---- windows


def windows_one_by_one(names, context_length):
    contexts, targets = [], []
    for name in names:
        context = [0] * context_length
        for character in name + ".":
            number = ".abcdefghijklmnopqrstuvwxyz".index(character)
            contexts.append(context)
            targets.append(number)
            context = [*context[1:], number]
    return torch.tensor(contexts), torch.tensor(targets)


@pytest.mark.parametrize("context_length", [1, 2, 3, 8, 20])
def test_windows_equal_a_loop(names, context_length):
    some = ["a", *names[::40], "z", ""]  # an empty name is one window, whose target is the end
    contexts, targets = windows(some, context_length)
    expected_contexts, expected_targets = windows_one_by_one(some, context_length)
    assert contexts.dtype == targets.dtype == torch.int64
    assert contexts.shape == (len(targets), context_length)
    assert torch.equal(contexts, expected_contexts)
    assert torch.equal(targets, expected_targets)


def test_windows_of_one_name():
    contexts, targets = windows(["emma"])
    assert [decode(context) for context in contexts] == ["...", "..e", ".em", "emm", "mma"]
    assert decode(targets) == "emma."


def test_windows_own_their_memory(names):
    contexts, targets = windows(names[:10])
    before = contexts.clone()
    targets.zero_()  # a view on the same memory would change with it
    contexts[0] += 1
    assert torch.equal(contexts[1:], before[1:])


def test_all_windows_well_under_a_second(names):
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        contexts, _ = windows(names)
        seconds.append(time.perf_counter() - start)
    assert contexts.shape == (214_764, 3)  # letters and ends: the bytes of names.txt
    assert min(seconds) < 0.8


@pytest.mark.parametrize("context_length", [0, -1, 2.0, "3", None])
def test_windows_bad_context_length(context_length):
    with pytest.raises(ValueError, match="context_length must be a whole number of at least 1"):
        windows(["emma"], context_length)


def test_windows_bad_names():
    with pytest.raises(ValueError, match="list of names is empty"):
        windows([])
    with pytest.raises(TypeError, match=r"Give a list: \['emma'\]"):
        windows("emma")
    for name, what in [("zoë", "'ë'"), ("Ava", "upper case"), ("j.r", "end of a name")]:
        with pytest.raises(ValueError, match=rf"names\[1\].*{what}"):
            windows(["emma", name])


# ---- split


def test_split_sizes_and_contents(names):
    parts = split(names)
    assert [len(part) for part in parts] == [23_928, 2_991, 2_991]
    assert sorted(chain(*parts)) == sorted(names)


def test_split_is_seeded(names):
    assert split(names, seed=1) == split(names, seed=1)
    assert split(names, seed=1) != split(names, seed=2)
    state = torch.get_rng_state()
    split(names)
    assert torch.equal(torch.get_rng_state(), state)  # the global generator is left alone


def test_split_is_fair(names):
    """The list is ordered by frequency; each part, and the top of each, has its share of it."""
    rank = {name: place for place, name in enumerate(names)}
    train, dev, test = split(names)
    for sample in (train, dev, test, train[:1000]):
        middle = sum(rank[name] for name in sample) / len(sample) / len(names)
        assert abs(middle - 0.5) < 5 / math.sqrt(12 * len(sample))  # five standard errors


def test_split_keeps_copies_together(names):
    rows = names + names[::3] + names[::9]
    parts = split(rows, seed=5)
    assert Counter(chain(*parts)) == Counter(rows)
    sets = [set(part) for part in parts]
    assert not sets[0] & sets[1] and not sets[0] & sets[2] and not sets[1] & sets[2]
    assert [len(s) for s in sets] == [23_928, 2_991, 2_991]


@pytest.mark.parametrize(
    ("count", "fractions", "sizes"),
    [
        (10, (0.5, 0.5), [5, 5]),
        (10, (1,), [10]),
        (9, (1 / 3, 1 / 3, 1 / 3), [3, 3, 3]),
        (3, (0.8, 0.1, 0.1), [1, 1, 1]),  # every part gets a name
        (5, (0.8, 0.1, 0.1), [3, 1, 1]),
        (100, (0.5, 0.001, 0.499), [50, 1, 49]),
        (4, (0.01, 0.01, 0.98), [1, 1, 2]),
    ],
)
def test_split_small(names, count, fractions, sizes):
    assert [len(part) for part in split(names[:count], fractions)] == sizes


@pytest.mark.parametrize(
    ("fractions", "message"),
    [
        ((0.8, 0.1), "sum is 0.9, not 1"),
        ((80, 10, 10), "sum is 100, not 1. Divide"),
        ((), "sum is 0, not 1"),
        ((1.1, -0.1), "positive"),
        ((1.0, 0.0), "positive"),
        ((float("nan"), 0.5), "positive"),
    ],
)
def test_split_bad_fractions(names, fractions, message):
    with pytest.raises(ValueError, match=message):
        split(names, fractions)


def test_split_too_few_names():
    with pytest.raises(ValueError, match="2 distinct names cannot fill 3 parts: give more"):
        split(["emma", "ava", "emma", "ava"])
    with pytest.raises(ValueError, match="0 distinct names cannot fill 1 part"):
        split([], fractions=(1,))
    with pytest.raises(TypeError, match="Give a list"):
        split("emma")
