"""Checks of exercises and the closing table, as a reader meets them."""

import functools
import random
import signal
import threading
from fractions import Fraction

import numpy as np
import pytest
import torch
from torch import nn

import __main__
from helpers import guard
from helpers.answers import describe, difference, same
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


class Counter:
    n = 0


def count(counter):
    counter.n += 1
    return counter.n


def test_an_answer_changes_of_its_arguments_what_the_solution_does():
    assert FunctionCheck(count, cases=[(Counter(),)], mistakes={})(count) is None
    peek = FunctionCheck(lambda counter: counter.n + 1, cases=[(Counter(),)], mistakes={})
    assert peek(count).startswith("right, but it changes its argument in place")
    width = FunctionCheck(lambda layer: 3, cases=[(nn.Linear(2, 3),)], mistakes={})
    assert width(lambda layer: layer.weight.data.zero_().shape[0]).startswith("right, but")


def prints(x):
    print(row_means(x))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda x: x.mean(dim=1), "you forgot keepdim."),
        (lambda x: x.mean(dim=0, keepdim=True).T, "you averaged over the columns."),
        (lambda x: x.mean(), "you gave 4; it should be a tensor of shape (2, 1)."),
        (lambda x: x, "the shape is (2, 2); it should be (2, 1)."),
        (lambda x: 2 * row_means(x), "entry [0][0] is 3; it should be 1.5."),
        (lambda x: row_means(x) + torch.tensor([[0.0], [1e-4]]), "[1][0] is 6.5001; it should be"),
        (lambda x: x.mean(axis=7), "it raises IndexError"),
        (lambda x, y: x, "it is called with (x); yours takes (x, y)."),
        (lambda: 1, "it is called with (x); yours takes ()."),
        (lambda x: [[1.5], [6.5], [0]], "entry [2] should not be there."),
        (lambda x: [[1.5]], "entry [1] is missing."),
        (lambda x: "1.5", "you gave '1.5'; it should be a tensor of shape (2, 1)."),
        (lambda x: {1.5, 6.5}, "it should be a tensor of shape (2, 1)."),
        (lambda x: (row for row in x), "it should be a tensor of shape (2, 1)."),
        (torch.sigmoid, "the shape is (2, 2); it should be (2, 1)."),
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
    assert same(float("-inf"), float("-inf"), 1)
    assert not same(3.0, float("inf"), 1)
    assert not same(torch.ones(3), torch.ones(3, 1), 1)
    assert not same([1, 2], [1, 2, 3], 1)
    assert not same("1", 1, 1)
    assert not same(True, 1, 1)
    assert not same(1, True, 1)
    assert not same(torch.tensor([1, 0]), torch.tensor([True, False]), 1)
    assert not same({"a": 1}, {"b": 1}, 1)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ((torch.ones(2), 1), (torch.ones(2), 1.0)),
        (np.float32(0.1), 0.1),
        (np.int64(60), 60),
        (np.bool_(True), True),
        (Fraction(1, 2), 0.5),
        (torch.tensor(0.1, requires_grad=True), 0.1),
        (torch.tensor(True), True),
        (np.array([[1, 2]]), torch.tensor([[1.0, 2.0]])),
        ([[1, Fraction(2)]], torch.tensor([[1.0, 2.0]])),
        ([torch.tensor([1.0, 2.0])], torch.tensor([[1, 2]])),
        (torch.tensor([0, 1]), [0, 1]),
        (range(3), [0, 1, 2]),
        (torch.tensor([1.0, 2.0], dtype=torch.float16), torch.tensor([1.0, 2.0]).double()),
        ({"a": np.float64(1)}, {"a": torch.tensor(1)}),
    ],
)
def test_answers_of_equal_worth_are_right(mine, theirs):
    assert same(mine, theirs, 1e-6)


@pytest.mark.parametrize(
    ("mine", "theirs", "text"),
    [
        (torch.zeros(4, 3), torch.eye(4, 3), "entry [0][0] is 0; it should be 1."),
        ((torch.ones(9), [1, 2]), (torch.ones(9), [1, 3]), "entry [1][1] is 2; it should be 3."),
        (
            (1, torch.ones(2)),
            (1, torch.ones(3)),
            "the shape of entry [1] is (2,); it should be (3,).",
        ),
        ([1, "a"], [1, "b"], "entry [1] is 'a'; it should be 'b'."),
        ({"a": 1}, {"a": 1, "b": 2}, "entry ['b'] is missing."),
        (np.float32(0.4), 0.5, "you gave 0.4; it should be 0.5."),
        (0.1234561, 0.1234562, "you gave 0.1234561; it should be 0.1234562."),
        ("a" * 99, "a" * 98, f"you gave {describe('a' * 99)}, which is not it."),
        ([True], [False], "entry [0] is True; it should be False."),
    ],
)
def test_the_first_difference_is_named(mine, theirs, text):
    assert difference(mine, theirs, 1e-9) == text


# ---------------------------------------------------------------- answers that do harm


class Bad:
    """Raises wherever it is looked at."""

    def __bool__(self):
        raise ValueError("not\nso")

    __eq__ = __repr__ = __len__ = __float__ = __iter__ = __hash__ = __str__ = __bool__


class BadError(Exception):
    __str__ = Bad.__bool__


def without_end(x):
    return without_end(x)


def ends_python(x):
    raise SystemExit


def raises(error):
    def answer(x):
        raise error

    return answer


class Wrapper:
    def __init__(self, x):
        self.x = x


HOLDS_ITSELF = []
HOLDS_ITSELF.append(HOLDS_ITSELF)


@pytest.mark.parametrize(
    "answer",
    [
        without_end,
        ends_python,
        raises(BadError()),
        raises(BaseException("rare")),
        raises(GeneratorExit()),
        lambda x: Bad(),
        lambda x: [[Bad()], [Bad()]],
        lambda x: HOLDS_ITSELF,
        lambda x: torch.zeros(1).expand(2**40),
        lambda x: torch.zeros(1).expand(2, 1, 2**40),
        lambda x: [torch.zeros(1).expand(2**40), 1],
        lambda x: x.mean(1, keepdim=True).to_sparse(),
        lambda x: 10**400,
        lambda x: 1j,
        lambda x: input(),
        Bad(),
        Wrapper,
        functools.partial(row_means, y=3),
        nn.Linear(7, 1),
        staticmethod(lambda x, y: x),
        int,
        max,
    ],
)
def test_no_answer_raises_out_of_the_check(said, answer):
    for name in ("row_means", "half"):
        assert said(name, answer).splitlines()[-1].startswith(f"✗ {name}: ")


class Means:
    def __call__(self, x):
        return row_means(x)


class Module(nn.Module):
    def forward(self, x):
        return row_means(x)


@pytest.mark.parametrize(
    "answer",
    [
        functools.partial(torch.mean, dim=1, keepdim=True),
        Means(),
        Means().__call__,
        Module(),
        staticmethod(row_means),
        lambda *anything: row_means(*anything),
        lambda x: row_means(x).requires_grad_(),
    ],
)
def test_a_callable_of_any_kind_can_be_right(said, answer):
    assert said("row_means", answer).startswith("✓")


def endless(x):
    try:
        while True:
            pass
    except Exception:
        return row_means(x)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no limit where signals cannot do it")
def test_an_endless_answer_is_ended(said, monkeypatch):
    monkeypatch.setattr(guard, "LIMIT", 0.1)
    before = signal.getsignal(signal.SIGALRM)
    assert "it was still running after 0.1 seconds" in said("row_means", endless)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_in_a_thread_there_is_no_limit(said):
    thread = threading.Thread(target=check, args=("row_means", row_means))
    thread.start()
    thread.join()
    assert said("half", 0.5).startswith("✓ row_means")


def meddles(x):
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002
    torch.manual_seed(1)
    torch.set_num_threads(torch.get_num_threads() + 1)
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)
    __main__.new = 1
    __main__.number = 4
    __main__.losses.append(3.0)
    __main__.table["a"][0].zero_()
    torch.rand(2, generator=__main__.generator)
    nn.init.zeros_(__main__.model.weight)
    if len(x) == 4:
        raise KeyboardInterrupt
    return row_means(x)


@pytest.fixture
def variables(monkeypatch):
    for name, value in {
        "number": 3,
        "losses": [1.0],
        "table": {"a": (torch.ones(2),)},
        "generator": torch.Generator().manual_seed(1),
        "model": nn.Linear(2, 2),
    }.items():
        monkeypatch.setattr(__main__, name, value, raising=False)


def surroundings():
    """What the next cell would find."""
    return [
        random.getstate(),
        np.random.get_state(),  # noqa: NPY002
        torch.get_rng_state(),
        torch.get_num_threads(),
        torch.get_default_dtype(),
        torch.is_grad_enabled(),
        __main__.number,
        __main__.losses,
        __main__.table,
        __main__.generator.get_state(),
        __main__.model.weight,
        hasattr(__main__, "new"),
    ]


@pytest.mark.parametrize("stopped", [False, True])
def test_an_answer_leaves_its_surroundings_alone(said, variables, stopped):
    before = [repr(value) for value in surroundings()]
    kept = __main__.losses, __main__.model.weight
    if stopped:
        stop = FunctionCheck(row_means, cases=[(torch.ones(4, 4),)], mistakes={})
        with pytest.raises(KeyboardInterrupt):
            Exercises(stop=stop)("stop", meddles)
    else:
        assert said("row_means", meddles).startswith("✓")
    assert [repr(value) for value in surroundings()] == before
    assert (__main__.losses, __main__.model.weight) == kept


def chatters(x):
    for _ in range(1_000):
        print("here tensor")
    return row_means(x)


def test_of_much_printing_the_beginning_is_shown(said):
    out = said("row_means", chatters)
    assert out.startswith("here tensor")
    assert "\n✓ row_means" in out
    assert len(out) < 1_100


def by_autograd(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(x.square().sum(), x)[0]


def by_property(x):
    x = x.clone()
    x.requires_grad = True
    x.square().sum().backward()
    return x.grad


def test_autograd_is_noticed_where_it_is_to_be_avoided():
    cases = [(torch.tensor([1.0, 2.0]),)]
    by_hand = FunctionCheck(lambda x: 2 * x, cases, mistakes={}, without=["autograd"])
    assert by_hand(lambda x: x + x) is None
    for answer in (by_autograd, by_property, torch.func.grad(lambda x: x.square().sum())):
        assert by_hand(answer) == "right, but autograd does the work; find a way without it."
        assert FunctionCheck(lambda x: 2 * x, cases, mistakes={})(answer) is None


def test_the_closing_table_lines_up(capsys):
    measured(loss=("2.454", "average NLL"), names=(29910, "names in the list"))
    assert capsys.readouterr().out.splitlines() == [
        "loss    2.454  average NLL",
        "names  29,910  names in the list",
    ]
    with pytest.raises(TypeError, match="loss"):
        measured(loss=(2.4541234, "average NLL"))
