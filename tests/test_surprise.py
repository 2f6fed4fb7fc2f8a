"""A name before a model: how it is spelled, read letter by letter, and gone on with."""

import math

import pytest
import torch

from helpers.chapters.ch00 import SurpriseBars, invent, spelled, surprises
from helpers.chapters.ch00.names import how_often, percent
from helpers.data import VOCABULARY, V, encode, windows


@pytest.fixture
def model():
    """A table for two last characters, drawn at random."""
    table = torch.randn(V, V, V, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    log_p = table.log_softmax(dim=-1)
    return lambda contexts: log_p[contexts[:, -2], contexts[:, -1]]


@pytest.mark.parametrize(
    ("typed", "letters", "said"),
    [
        ("emma", "emma", ""),
        ("Emma", "emma", "Emma is read as emma: in lower case.\n"),
        ("José", "jose", "José is read as jose: in lower case, with é as e.\n"),
        ("jose\u0301", "jose", "josé is read as jose: with é as e.\n"),
        ("Weiß", "weiss", "Weiß is read as weiss: in lower case, with ß as ss.\n"),
        ("Łukasz", "lukasz", "Łukasz is read as lukasz: in lower case, with Ł as l.\n"),
        ("İpek", "ipek", "İpek is read as ipek: in lower case, with İ as i.\n"),
        ("ANNA", "anna", "ANNA is read as anna: in lower case.\n"),
        ("mary-ann", "maryann", "mary-ann is read as maryann: without the hyphen.\n"),
        ("  mary\n ann ", "maryann", "mary ann is read as maryann: without the space.\n"),
        ("d'arcy o’hara", "darcyohara", "without the apostrophe and the space.\n"),
        ("x2y", "xy", "x2y is read as xy: without 2.\n"),
        ("a1b2c3d4e5f6", "abcdef", "without 1, 2, 3, 4 and others.\n"),
        ("a" * 100, "a" * 24, f"{'a' * 40} is read as {'a' * 24}: up to its letter 24.\n"),
        ("a" * 24, "a" * 24, ""),
        ("", "emma", "No name is there yet: write yours with them. Until then, emma stands in.\n"),
        (" \n", "emma", "No name is there yet"),
        (
            "李",
            "emma",
            "李 has none of these: write yours with them. Until then, emma stands in.\n",
        ),
        ("123", "emma", "123 has none of these"),
        (42, "emma", "42 is not a text. Put your name between quotes."),
        (None, "emma", "None is not a text."),
    ],
)
def test_whatever_is_typed_becomes_letters_and_is_told(capsys, typed, letters, said):
    assert spelled(typed) == letters
    printed = capsys.readouterr().out
    assert printed.count("\n") == bool(said)
    assert said in printed


def test_a_name_is_read_letter_by_letter(model):
    first, second = surprises(["emma", "bo"], model, context_length=2)
    assert (len(first), len(second)) == (5, 3)
    before = [0, 0]
    for surprise, number in zip(first, encode("emma."), strict=True):
        row = model(torch.tensor([before]))[0]
        assert surprise == -row[number]
        before = [before[1], number]


def test_names_are_invented_as_probable_as_they_are():
    """Of a model that knows two letters and the end, as often as the product says."""
    row = torch.full((V,), -math.inf, dtype=torch.float64)
    row[[0, 1, 2]] = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64).log()
    drawn = invent(lambda contexts: row.expand(len(contexts), V), 20_000)
    assert set("".join(drawn)) == {"a", "b"}
    for name, share in {"": 0.5, "a": 0.15, "b": 0.1, "ab": 0.03}.items():
        assert drawn.count(name) / 20_000 == pytest.approx(share, abs=0.015)


def test_what_is_invented_goes_on_from_its_beginning():
    """With a model for which the letter after the last one in the alphabet is certain."""
    log_p = torch.full((V, V), -math.inf, dtype=torch.float64)
    log_p[torch.arange(V), (torch.arange(V) + 1) % V] = 0

    def next_letter(contexts):
        return log_p[contexts[:, -1]]

    assert invent(next_letter, 2, beginning="emw") == ["emwxyz", "emwxyz"]
    assert invent(next_letter, 1) == [VOCABULARY[1:21]]


def test_the_luck_is_the_same_for_every_model(model):
    assert invent(model, 5, seed=1, context_length=2) == invent(model, 5, seed=1, context_length=2)
    assert invent(model, 5, seed=1, context_length=2) != invent(model, 5, seed=2, context_length=2)


def test_the_bars_show_the_surprise(model):
    bars = SurpriseBars("emma", [model], "the table", context_length=2)
    bars.draw(model)
    [surprise] = surprises(["emma"], model, context_length=2)
    assert [bar.get_height() for bar in bars.bars] == surprise.tolist()
    assert [share.get_text() for share in bars.shares] == [percent(s) for s in surprise.tolist()]
    best = model(windows(["emma"])[0]).argmax(dim=1).tolist()
    assert [bet.get_text() for bet in bars.bets] == [VOCABULARY[n] if n else "end" for n in best]
    assert f"e {surprise[0]:.1f}, m {surprise[1]:.1f}, " in bars.alt(model)
    average = f"{surprise.mean():.2f}"
    assert bars.alt(model).endswith(f"; {average} on average.")
    highest = int(surprise.argmax())
    said = f"Most surprising: {'emma'[highest]}. On average {average}. Invented once in "
    assert bars.title.get_text().startswith(said)
    colors = [bar.get_facecolor() for bar in bars.bars]
    assert [color != colors[highest] for color in colors] == [i != highest for i in range(5)]


def test_bars_have_room_for_every_model(model):
    """The tallest of all is their top; where they are low, 4 is."""
    heights = [s for half in (1, 2) for s in (surprises(["emma"], model, 2)[0] * half).tolist()]
    both = [model, lambda contexts: 2 * model(contexts)]
    assert SurpriseBars("emma", both, context_length=2).top == max(heights)
    assert SurpriseBars("emma", [], context_length=2).top == 4


def test_what_cannot_be_is_drawn_too():
    row = torch.full((V,), -math.inf, dtype=torch.float64)
    row[1] = 0

    def a_alone(contexts):
        return row.expand(len(contexts), V)

    bars = SurpriseBars("ab", [a_alone])
    bars.draw(a_alone)
    assert [bar.get_height() for bar in bars.bars] == [0, bars.top, bars.top]
    assert [share.get_text() for share in bars.shares] == ["100%", "0%", "0%"]
    assert bars.title.get_text() == "Most surprising: b. On average ∞. Never invented."


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (1, "100%"),
        (0.5, "50%"),
        (0.0123, "1%"),
        (0.0034, "0.3%"),
        (0.00012, "0.01%"),
        (1e-6, "<0.01%"),
    ],
)
def test_a_share_is_short(share, said):
    assert percent(-math.log(share)) == said


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (1, "Invented once in 1 names."),
        (3217, "Invented once in 3,200 names."),
        (1_234_567, "Invented once in 1.2 million names."),
        (4.56e10, "Invented once in 46 billion names."),
        (1e15, "Invented less than once in a trillion names."),
        (math.inf, "Never invented."),
    ],
)
def test_how_seldom_is_said_in_two_digits(times, said):
    assert how_often(math.log(times)) == said
