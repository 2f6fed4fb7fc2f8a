"""Predictions and the questions on a chapter: what is kept, understood, folded and scored."""

import pytest
import torch

from helpers import questions
from helpers.exercises import measured
from helpers.predictions import number, predict, score
from helpers.questions import Question, Quiz


@pytest.fixture
def parts(read_page, monkeypatch):
    """The live questions on the page, in order."""
    made = []
    monkeypatch.setattr(questions, "show_part", lambda part, *_texts, **_keys: made.append(part))
    return made


def choose(part, guess, place=0):
    """What the page sends where the reader has chosen."""
    guesses = list(part.guesses)
    guesses[place] = guess
    part.guesses = guesses


def test_a_choice_is_scored(parts, capsys):
    guess = predict("How many?", choices=[23, 5700])
    assert parts[0].questions[0]["choices"] == ["23", "5,700"]
    choose(parts[0], 1)
    guess.reveal(23)
    assert capsys.readouterr().out == "It is 23. You said 5,700.\n"
    assert score() == "Your predictions: 0 of 1 came true."
    choose(parts[0], 0)
    guess.reveal(23)
    assert capsys.readouterr().out == "It is 23, as you said.\n"
    assert score() == "Your predictions: 1 of 1 came true."


def test_a_choice_survives_its_question_run_again(parts, capsys):
    predict("How many?", choices=[23, 57])
    choose(parts[0], 1)
    again = predict("How many?", choices=[23, 57])
    assert parts[1].guesses == [1]
    again.reveal(57)
    assert "as you said" in capsys.readouterr().out


def test_other_choices_are_another_question(parts):
    predict("How many?", choices=[23, 57])
    choose(parts[0], 1)
    predict("How many?", choices=[57, 100])
    assert parts[1].guesses == [None]


def test_without_a_guess_what_came_out_is_folded(read_page, capsys):
    predict("What comes?", choices=["a < b", "it stops"]).reveal("a < b")
    assert capsys.readouterr().out == ""
    assert read_page.markup[-1].startswith("<details><summary>What came out (no guess is recorded")
    assert "<p>The answer: a &lt; b.</p></details>" in read_page.markup[-1]
    assert "a < b" not in read_page.texts[-1]
    assert score() == ""


def test_where_nobody_is_there_it_is_folded_too(page, capsys):
    predict("How many?", choices=[1000, 2000]).reveal(1000)
    assert page.texts == [
        "How many?\n   ( ) 1,000\n   ( ) 2,000",
        "What came out is folded in here.",
    ]
    assert page.markup[0] == "<p><b>How many?</b></p><ul><li>1,000</li><li>2,000</li></ul>"
    assert (
        page.markup[1] == "<details><summary>What came out</summary><p>It is 1,000.</p></details>"
    )
    assert capsys.readouterr().out == ""


def test_a_number_finds_its_range(parts, capsys):
    share = predict("How much?", ["under 1 %", "1 to 10 %", "more"], edges=[0.01, 0.1])
    choose(parts[0], 1)
    for truth, said in {
        0.0099: "The answer: under 1 % (0.0099). You said 1 to 10 %.",
        0.01: "The answer: 1 to 10 % (0.01), as you said.",
        0.1: "The answer: more (0.1). You said 1 to 10 %.",
        float("inf"): "The answer: more (inf). You said 1 to 10 %.",
    }.items():
        share.reveal(truth)
        assert capsys.readouterr().out == f"{said}\n"
        assert score() == f"Your predictions: {int('as you said' in said)} of 1 came true."


def test_ranges_may_fall(parts, capsys):
    gap = predict("How much?", ["all", "half", "none"], edges=[0.75, 0.25], form="{:.0%}")
    for truth, said in ((0.8, "all (80%)"), (0.75, "all (75%)"), (0.3, "half (30%)"), (0, "none")):
        choose(parts[0], None)
        choose(parts[0], 0)
        gap.reveal(truth)
        assert said in capsys.readouterr().out


def test_a_number_finds_the_nearest_choice(parts, capsys):
    size = predict("How large?", [1, 20, 400, "larger"])
    assert parts[0].questions[0]["choices"] == ["1", "20", "400", "larger"]
    choose(parts[0], 1)
    for truth, said in {
        20.03: "It is 20, as you said.",
        torch.tensor(12.0): "It is 12; the nearest choice is 20, as you said.",
        2.345: "It is 2.3; the nearest choice is 1. You said 20.",
        1234: "It is 1,234; the nearest choice is 400. You said 20.",
        "larger": "The answer: larger. You said 20.",
    }.items():
        size.reveal(truth)
        assert capsys.readouterr().out == f"{said}\n"


def test_numbers_are_written_in_their_form(page):
    predict("Which share?", [1, 10, 60], form="{:.0f} %").reveal(57.3)
    predict("How much faster?", ["twice", "more"], edges=[5], form="").reveal(77.7)
    assert page.texts[0] == "Which share?\n   ( ) 1 %\n   ( ) 10 %\n   ( ) 60 %"
    assert "<p>It is 57 %; the nearest choice is 60 %.</p>" in page.markup[1]
    assert "<p>The answer: more.</p>" in page.markup[3]


@pytest.mark.parametrize(
    ("truth", "said"),
    [
        (None, "It is none of the choices"),
        ("ten", "It is ten, which was not among the choices"),
        (float("nan"), "It is nan, which was not among the choices"),
        (torch.tensor([1, 2]), "It is tensor([1, 2]), which was not among the choices"),
    ],
)
@pytest.mark.parametrize("edges", [None, [40]])
def test_what_was_not_among_the_choices_is_said(parts, capsys, truth, said, edges):
    guess = predict("How many?", choices=[23, 57], edges=edges)
    choose(parts[0], 1)
    guess.reveal(truth)
    assert capsys.readouterr().out == f"{said}. You said 57.\n"
    assert score() == "Your predictions: 0 of 1 came true."


@pytest.mark.parametrize("truth", [None, "ten", float("nan")])
def test_no_number_came_out(parts, capsys, truth):
    guess = predict("How many?", low=0, high=100)
    choose(parts[0], "7")
    guess.reveal(truth)
    assert capsys.readouterr().out.startswith(f"It is {truth}. You said 7")
    assert score() == "Your predictions: 0 of 1 came true."


@pytest.mark.parametrize("edges", [[], [1], [1, 2, 3], [2, 1, 3, 0]])
def test_edges_stand_between_the_choices(page, edges):
    choices = "abc" if len(edges) < 4 else "abcde"
    with pytest.raises(ValueError, match="between each two choices"):
        predict("What?", choices, edges=edges)


@pytest.mark.parametrize(
    ("typed", "low", "high", "meant"),
    [
        ("12", 0, 100, 12),
        ("12.5", 0, 100, 12.5),
        (" 7 ", 0, 10, 7),
        ("1,000", 0, 5000, 1000),
        ("1,000", 0, 2, 1),
        ("1,234", 0, 729, None),
        ("12,345,678", 0, 1e9, 12345678),
        ("1,000.5", 0, 5000, 1000.5),
        ("1.000,5", 0, 5000, 1000.5),
        ("1.000.000", 0, 1e7, 1e6),
        ("2.100", 0, 5000, 2.1),
        ("1 000", 0, 5000, 1000),
        ("1’000", 0, 5000, 1000),
        ("0,5", 0, 1, 0.5),
        ("0,500", 0, 1, 0.5),
        (",5", 0, 1, 0.5),
        ("-3", -10, 10, -3),
        ("−3", -10, 10, -3),
        ("–3", -10, 10, -3),
        ("+3", -10, 10, 3),
        ("1e3", 0, 5000, 1000),
        ("40 %", 0, 100, 40),
        ("40%", 0, 1, 0.4),
        ("101", 0, 100, None),
        ("", 0, 1, None),
        ("-", -1, 1, None),
        ("ten", 0, 100, None),
        ("1-2", 0, 100, None),
        ("nan", 0, 1, None),
        ("1,2,3", 0, 1000, None),
    ],
)  # fmt: skip
def test_a_number_is_what_a_person_means(typed, low, high, meant):
    assert number(typed, low, high) == meant


def test_a_typed_number_is_answered_scored_and_kept(parts, capsys):
    guess = predict("How much?", low=0, high=5000)
    assert parts[0].questions[0]["range"] == "a number from 0 to 5,000"
    for typed, said in {
        "ten": "That is not a number yet.",
        "9000": "That lies outside 0 to 5,000.",
        "": " ",
        "1,000": "Your guess: 1,000",
    }.items():
        choose(parts[0], typed)
        assert parts[0].notes == [said]
    guess.reveal(1300)
    assert capsys.readouterr().out == "It is 1,300. You said 1,000: off by 300.\n"
    guess.reveal(1250)  # a twentieth of the range, to the unit
    assert "off by 250, close enough" in capsys.readouterr().out
    guess.reveal(1000)
    assert capsys.readouterr().out == "It is 1,000, as you said.\n"
    predict("How much?", low=0, high=5000)
    assert parts[1].guesses == ["1,000"]
    assert parts[1].notes == ["Your guess: 1,000"]


def test_what_cannot_be_understood_is_no_guess(parts, read_page, capsys):
    guess = predict("How much?", low=0, high=10)
    choose(parts[0], "ten")
    guess.reveal(4)
    assert capsys.readouterr().out == ""
    assert "It is 4" in read_page.markup[-1]


@pytest.mark.parametrize("keys", [{}, {"choices": [1]}, {"low": 1}, {"low": 2, "high": 1}])
def test_a_prediction_needs_choices_or_bounds(page, keys):
    with pytest.raises(ValueError, match="choices"):
        predict("What?", **keys)


def test_the_closing_table_counts_what_came_true(parts, capsys):
    guesses = [predict(question, choices=[1, 2]) for question in ("One?", "Two?", "Three?")]
    choose(parts[0], 0)
    choose(parts[1], 1)
    for guess in guesses:
        guess.reveal(1)
    capsys.readouterr()
    measured(loss=("2.454", "average NLL"))
    assert capsys.readouterr().out.splitlines() == [
        "loss  2.454  average NLL",
        "",
        "Your predictions: 1 of 2 came true.",
    ]


def test_questions_carry_a_reply_for_each_choice(parts):
    one = Question("One?", {"a": "because a.", "b": "not b."}, right="a")
    Quiz(one, Question("Two?", {"a": "not a.", "b": "because b."}, right="b"))()
    first, second = parts[0].questions
    assert first == {
        "text": "1. One?",
        "choices": ["a", "b"],
        "replies": ["✓ Right. because a.", "✗ Not quite. not b."],
    }
    assert second["replies"] == ["✗ Not quite. not a.", "✓ Right. because b."]
    choose(parts[0], 1, place=1)
    Quiz(one, Question("Two?", {"a": "not a.", "b": "because b."}, right="b"))()
    assert parts[1].guesses == [None, 1]


def test_a_question_must_hold_its_right_answer():
    with pytest.raises(ValueError, match="'c'"):
        Question("One?", {"a": "", "b": ""}, right="c")
