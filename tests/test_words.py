"""The text of chapter 10, how it is read, and the models of the chapter beside plain loops."""

import gzip
import hashlib
import re
from collections import Counter
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from chapter import chapter_that_defines
from helpers.chapters.ch10.text import AUSTEN_FILE, load_text

DATA = Path(__file__).resolve().parent.parent / "data"


# ---------------------------------------------------------------- the file


def test_the_text_is_the_one_that_the_readme_describes():
    content = gzip.decompress(AUSTEN_FILE.read_bytes())
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256(content).hexdigest() in readme
    assert f"{len(content.split()):,} words" in readme


def test_the_packed_file_carries_no_date():
    assert AUSTEN_FILE.read_bytes()[4:8] == bytes(4)  # RFC 1952, section 2.3: MTIME


def test_all_six_novels_are_there_and_nothing_else():
    text = load_text()
    titles = [
        "EMMA",
        "MANSFIELD PARK",
        "NORTHANGER ABBEY",
        "Persuasion",
        "PRIDE AND PREJUDICE",
        "SENSE AND SENSIBILITY",
    ]
    places = [0, *(text.index(f"\n\n\n{title}\n") for title in titles[1:])]
    assert places == sorted(places)
    assert text.startswith("EMMA\n")
    assert "truth universally acknowledged, that a single man in possession" in text
    assert "Signet" not in text  # the note of a later editor
    assert "FINIS" not in text
    assert "THE END" not in text
    assert re.findall(r"[^\x00-\x7f]", text) == ["£"]


# ---------------------------------------------------------------- load_text


@pytest.mark.parametrize(
    "content",
    [b"it is\na truth\n", b"it is\r\na truth\r\n", b"\xef\xbb\xbfit is\ra truth\r"],
    ids=["plain", "Windows", "old Mac, with a byte-order mark"],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["as it is", "packed"])
def test_line_ends(tmp_path, content, pack):
    path = tmp_path / "text"
    path.write_bytes(pack(content))
    assert load_text(path) == "it is\na truth\n"
    assert load_text(str(path)) == "it is\na truth\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no word"),
        (b" \n\n", "holds no word"),
        (b"caf\xe9", "byte 3: 0xe9 is not UTF-8"),
        (gzip.compress(b"it is a truth")[:-9], "is damaged"),
        (gzip.compress(b"it is a truth")[:-8] + bytes(8), "is damaged"),
    ],
    ids=["empty", "blank", "not UTF-8", "cut off", "wrong checksum"],
)
def test_bad_files(tmp_path, content, said):
    path = tmp_path / "text"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=said):
        load_text(path)


def test_no_file(tmp_path, monkeypatch):
    with pytest.raises(IsADirectoryError, match="is a folder"):
        load_text(tmp_path)
    with pytest.raises(FileNotFoundError, match="Check the spelling"):
        load_text(tmp_path / "nothing.txt")
    monkeypatch.setattr("helpers.chapters.ch10.text.AUSTEN_FILE", tmp_path / "austen.txt.gz")
    with pytest.raises(FileNotFoundError, match=r"git checkout data/austen\.txt\.gz"):
        load_text()


def test_the_text_loads_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(load_text()) > 4_000_000


# ---------------------------------------------------------------- the models of the chapter

CHAPTER = chapter_that_defines("KneserNey")
V = 7
GENERATOR = torch.Generator().manual_seed(0)
# A text in which neighbors depend on each other, and rare n-grams are there to be discounted.
ROW = [0, 1, 2]
for draw in torch.randint(0, 4, (400,), generator=GENERATOR).tolist():
    ROW.append((ROW[-1] + ROW[-2] * (draw > 0) + draw) % V)
ROWS = torch.tensor(ROW).unfold(0, 5, 1)  # (N, 5)


@pytest.fixture(scope="module")
def built():
    return CHAPTER.build("pack", "find", "Table", "KneserNey", torch=torch, V=V)


def kneser_ney(rows, order):
    """Chen and Goodman (1999), section 2.7, interpolated, word by word, with dictionaries."""
    models = []  # from the longest n-grams to the shortest: (discount, counts)
    counts = Counter(tuple(row[-order:]) for row in rows)
    for _ in range(order):
        ones, twos = (sum(n == wanted for n in counts.values()) for wanted in (1, 2))
        models.append((ones / max(ones + 2 * twos, 1), counts))
        counts = Counter(gram[1:] for gram in counts)  # each different n-gram counts once

    def p(context, word, depth=0):
        if depth == order:
            return 1 / V
        discount, counts = models[depth]
        context = tuple(context[len(context) - (order - 1 - depth) :])
        following = {gram[-1]: n for gram, n in counts.items() if gram[:-1] == context}
        shorter = p(context[1:], word, depth + 1)
        if not following:
            return shorter
        total = sum(following.values())
        kept = max(following.get(word, 0) - discount, 0) / total
        return kept + discount * len(following) / total * shorter

    return p


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_kneser_ney_equals_plain_loops(built, order):
    train = ROWS[:250]
    model, plain = built["KneserNey"](train, order), kneser_ney(train.tolist(), order)
    asked = torch.cat([ROWS[300:340], torch.randint(0, V, (40, 5), generator=GENERATOR)])
    wanted = [plain(tuple(row[:-1]), row[-1]) for row in asked.tolist()]
    assert torch.allclose(model(asked), torch.tensor(wanted), atol=1e-5)


def test_kneser_ney_adds_up_to_one(built):
    model = built["KneserNey"](ROWS[:250])
    for context in ROWS[[260, 300, 350], :-1]:
        rows = torch.cat([context.expand(V, -1), torch.arange(V)[:, None]], dim=1)
        assert abs(model(rows).sum().item() - 1) < 1e-5


def test_table_looks_up_what_a_loop_counts(built):
    keys, times = built["pack"](ROWS[:, -2:]).unique(return_counts=True)
    table = built["Table"](keys, times)
    pairs = [tuple(row) for row in ROWS[:, -2:].tolist()]
    asked = [(a, b) for a in range(V) for b in range(V)]
    count, total, variety = table.look_up(torch.tensor(asked))
    assert count.tolist() == [pairs.count(pair) for pair in asked]
    assert total.tolist() == [sum(first == a for first, _ in pairs) for a, _ in asked]
    assert variety.tolist() == [len({d for c, d in pairs if c == a}) for a, _ in asked]


def test_sampled_loss_with_all_words_once_is_the_full_softmax():
    """Every word a target once, drawn evenly: no sample is left, the sum is the whole sum."""
    generator = torch.Generator().manual_seed(1)
    logits = torch.randn(V, V, generator=generator)
    built = CHAPTER.build(
        "sampled_loss",
        torch=torch,
        F=F,
        frequency=torch.full((V,), 1 / V),
        logits_of=lambda parameters, contexts, candidates: parameters[:, candidates],
    )
    targets = torch.randperm(V, generator=generator)
    rows = torch.cat([torch.zeros(V, 4, dtype=torch.int64), targets[:, None]], dim=1)
    loss = built["sampled_loss"](logits, rows)
    assert torch.allclose(loss, F.cross_entropy(logits, targets))
