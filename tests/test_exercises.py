"""Checks of exercises and the closing table, as a reader meets them."""

import pytest
import torch

from helpers.answers import same
from helpers.exercises import Exercises, FunctionCheck, ValueCheck, measured


def row_means(x):
    return x.mean(dim=1, keepdim=True)


MEANS = FunctionCheck(
    row_means,
    cases=[(torch.tensor([[1.0, 2.0], [5.0, 8.0]]),), (torch.ones(2, 2) * 3,)],
    mistakes={
        "you forgot keepdim.": lambda x: x.mean(dim=1),
        "you averaged over the columns.": lambda x: x.mean(dim=0, keepdim=True).T,
    },
    praise="Rows now add up.",
)
EXERCISES = {
    "row_means": MEANS,
    "half": ValueCheck(right=0.5, mistakes={"that is its inverse.": 2}, praise="Half it is."),
    "tiny": ValueCheck(right=1e-8, mistakes={"that is epsilon.": 1e-16}, tolerance=0.1),
    "draw": FunctionCheck(
        lambda generator: torch.rand(2, generator=generator),
        cases=[(torch.Generator().manual_seed(1),)],
        mistakes={},
    ),
}
check = Exercises(EXERCISES)


@pytest.fixture
def said(capsys):
    def read(name, answer):
        check(name, answer)
        return capsys.readouterr().out.strip()

    return read


def test_the_right_answer_is_praised(said):
    assert said("row_means", row_means) == "✓ row_means: right. Rows now add up."
    assert said("half", 1 / 2) == "✓ half: right. Half it is."
    assert said("half", torch.tensor(0.5)).startswith("✓")


def stub(x): ...


def documented_stub(x):
    """The mean of each row of `x` (B, D)."""


def documented_dots(x):
    """The mean of each row of `x` (B, D)."""
    ...


class Stub:
    def forward(self, x): ...


class EmptyStub: ...


@pytest.mark.parametrize("answer", [..., stub, documented_stub, documented_dots, Stub, EmptyStub])
def test_a_stub_is_not_wrong_but_not_attempted(said, answer):
    assert said("row_means", answer).startswith("○ row_means: not attempted yet.")


def test_a_constant_answer_is_no_stub(said):
    assert said("row_means", lambda x: 0.65).startswith("✗")

    def constant(x):
        """The mean."""
        return 3

    assert said("row_means", constant).startswith("✗")


def in_place(x):
    x -= 0.5 * x
    return 2 * row_means(x)


def test_an_object_among_the_arguments_may_change():
    class Counter:
        n = 0

    def count(counter):
        counter.n += 1
        return counter.n

    assert FunctionCheck(count, cases=[(Counter(),)], mistakes={})(count) is None


def prints(x):
    print(row_means(x))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda x: x.mean(dim=1), "you forgot keepdim."),
        (lambda x: x.mean(dim=0, keepdim=True).T, "you averaged over the columns."),
        (lambda x: x.mean(), "you gave 4; it should be a tensor of shape (2, 1)."),
        (lambda x: x, "the shape is (2, 2); it should be (2, 1)."),
        (lambda x: 2 * row_means(x), "you gave tensor([[3.0], [13.0]]); it should be"),
        (lambda x: x.mean(axis=7), "it raises IndexError"),
        (lambda x, y: x, "it raises TypeError"),
        (prints, "it gives None. Is a `return` missing?"),
        (in_place, "right, but it changes its argument in place"),
        (3.5, "this should be a function; you gave 3.5."),
    ],
)
def test_a_wrong_function_hears_what_is_wrong(said, answer, message):
    out = said("row_means", answer)
    assert "✗ row_means: " in out
    assert message in out


def test_a_wrong_value_is_not_told_the_right_one(said):
    assert said("half", 2) == "✗ half: that is its inverse."
    assert said("half", 0.51) == "✗ half: you gave 0.51, which is not it."
    assert said("half", "a half") == "✗ half: you gave 'a half'; it should be a number."
    assert said("half", None) == "✗ half: you gave None; it should be a number."


def test_small_values_are_compared_by_their_own_size(said):
    assert said("tiny", 1.05e-8).startswith("✓")
    assert said("tiny", 2e-8).startswith("✗")
    assert said("tiny", 1e-16) == "✗ tiny: that is epsilon."
    assert said("tiny", 0).startswith("✗")


def test_each_answer_draws_from_a_fresh_generator(said):
    answer = EXERCISES["draw"].solution
    assert said("draw", answer).startswith("✓")
    assert said("draw", answer).startswith("✓")


def test_an_unknown_exercise_is_named():
    with pytest.raises(ValueError, match="row_means"):
        check("row_meens", 3)


def test_same_knows_nan_kinds_and_shapes():
    assert same(float("nan"), float("nan"), 0)
    assert not same(float("nan"), 1.0, 1)
    assert not same(torch.ones(3), torch.ones(3, 1), 1)
    assert not same([1, 2], [1, 2, 3], 1)
    assert not same("1", 1, 1)
    assert same((torch.ones(2), 1), (torch.ones(2), 1.0), 0)


def test_the_closing_table_lines_up(capsys):
    measured(loss=("2.454", "average NLL"), names=(29910, "names in the list"))
    assert capsys.readouterr().out.splitlines() == [
        "loss    2.454  average NLL",
        "names  29,910  names in the list",
    ]
    with pytest.raises(TypeError, match="loss"):
        measured(loss=(2.4541234, "average NLL"))
