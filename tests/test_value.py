"""The engine of chapter 02, taken out of the committed notebook: the cells tagged "engine"."""

import gc
import math
import operator
import random
import subprocess
import sys

import pytest
import torch

from chapter import chapter_that_defines, tags

CHAPTER = chapter_that_defines("Value")
CELLS = [(place, cell) for place, cell in CHAPTER.code if "engine" in tags(cell)]
ENGINE = CHAPTER.build("weighted_sums", operator=operator, __name__="engine")
Value = ENGINE["Value"]


def test_the_engine_stands_on_one_screen():
    places = [place for place, _ in CELLS]
    assert len(places) <= 3
    assert places == list(range(places[0], places[0] + len(places)))
    lines = [line for _, cell in CELLS for line in cell.source.splitlines() if line.strip()]
    assert len(lines) <= 70, len(lines)


def test_the_engine_runs_alone():
    code = "\n\n".join(cell.source for _, cell in CELLS)
    space = {"__name__": "engine"}
    exec(compile(code, "engine", "exec"), space)
    x = space["Value"](3)
    (x * x).backward()
    assert x.grad == 6.0


# Each takes two numbers and keeps them in the range where both engines are well conditioned.
OPERATIONS = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / (b * b + 1),
    lambda a, b: (a * a + 0.5) ** -1.5 * b,
    lambda a, b: (a * a + 1) ** 0.5,
    lambda a, b: a.tanh() ** 3,
    lambda a, b: b - a.exp().log(),
    lambda a, b: 2 / (a * a + 1),
    lambda a, b: 1 - a,
    lambda a, b: 0.5 * a + 3,
    lambda a, b: 3 + (-a) / 4,
    lambda a, b: a.tanh().exp(),
    lambda a, b: (a * a + 0.1).log(),
    lambda a, b: a.relu(),
    lambda a, b: sum([a, b, a]),
]


def run(program, inputs):
    numbers = list(inputs)
    for operation, i, j in program:
        numbers.append(OPERATIONS[operation](numbers[i], numbers[j]))
    return numbers[-1] + numbers[-2] * 0.5


def random_program(rng, lines):
    return [
        (rng.randrange(len(OPERATIONS)), rng.randrange(3 + k), rng.randrange(3 + k))
        for k in range(lines)
    ]


def close(mine, theirs, tolerance=1e-10):
    return abs(mine - theirs) <= tolerance * max(1.0, abs(theirs))


@pytest.mark.parametrize("seed", range(300))
def test_random_expressions_equal_torch(seed):
    rng = random.Random(seed)
    program = random_program(rng, lines=rng.randrange(1, 40))
    inputs = [rng.gauss(0, 1.5) for _ in range(3)]
    ours = [Value(x) for x in inputs]
    theirs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in inputs]
    out, out_torch = run(program, ours), run(program, theirs)
    if not abs(out_torch.item()) < 1e12:
        program = program[:3]  # products of products grew too large for a tolerance to mean much
        out, out_torch = run(program, ours), run(program, theirs)
    out.backward()
    out_torch.backward()
    assert close(out.data, out_torch.item())
    for mine, tensor in zip(ours, theirs, strict=True):
        assert close(mine.grad, 0.0 if tensor.grad is None else tensor.grad.item())


NUMBERS_ON_EITHER_SIDE = {
    "v + 2": lambda v: v + 2,
    "2 + v": lambda v: 2 + v,
    "v - 2": lambda v: v - 2,
    "2 - v": lambda v: 2 - v,
    "v * 3": lambda v: v * 3,
    "3 * v": lambda v: 3 * v,
    "v / 4": lambda v: v / 4,
    "4 / v": lambda v: 4 / v,
    "v ** 3": lambda v: v**3,
    "v ** -2": lambda v: v**-2,
    "v ** 0.5": lambda v: v**0.5,
    "v ** 0": lambda v: v**0,
    "-v": lambda v: -v,
    "sum": lambda v: sum([v, 2, v * v]),
    "v += 1; v *= v": lambda v: (v + 1) * (v + 1),
}


@pytest.mark.parametrize("name", NUMBERS_ON_EITHER_SIDE)
@pytest.mark.parametrize("x", [0.7, 2, 3.5])
def test_numbers_on_either_side(name, x):
    operation = NUMBERS_ON_EITHER_SIDE[name]
    ours, theirs = Value(x), torch.tensor(float(x), dtype=torch.float64, requires_grad=True)
    out, out_torch = operation(ours), operation(theirs)
    assert isinstance(out, Value)
    out.backward()
    out_torch.backward()
    assert close(out.data, out_torch.item())
    assert close(ours.grad, theirs.grad.item())


EXTREMES = [
    (name, x)
    for name, xs in {
        "exp": (0.0, 1.0, 709.0, -1000.0, -math.inf),
        "tanh": (0.0, 20.0, 400.0, 1000.0, -1000.0, 1e300, math.inf, -math.inf, math.nan),
        "log": (1e-300, 5e-324, 1e300, math.inf),
        "relu": (0.0, -1e300, 1e300, math.inf),
        "square": (0.0, 1e150, -1e150, 1e-200),
        "root": (1e300, 1e-300),
        "inverse": (1e300, -1e300),
    }.items()
    for x in xs
]
NAMED = {
    "square": lambda v: v**2,
    "root": lambda v: v**0.5,
    "inverse": lambda v: 1 / v,
}


@pytest.mark.parametrize(("name", "x"), EXTREMES)
def test_extremes_equal_torch(name, x):
    operation = NAMED.get(name, lambda v: getattr(v, name)())
    ours, theirs = Value(x), torch.tensor(x, dtype=torch.float64, requires_grad=True)
    out, out_torch = operation(ours), operation(theirs)
    out.backward()
    out_torch.backward()
    pairs = [(out.data, out_torch.item()), (ours.grad, theirs.grad.item())]
    for mine, torchs in pairs:
        same = mine == torchs or (math.isnan(mine) and math.isnan(torchs)) or close(mine, torchs)
        assert same, (pairs, name, x)


@pytest.mark.parametrize(
    "operation",
    [
        lambda v: v.log(),
        lambda v: 1 / v,
        lambda v: (v + 1000).exp(),
        lambda v: (v - 8) ** 0.5,
        lambda v: 2**v,
    ],
)
def test_where_a_formula_has_no_value_python_says_so(operation):
    with pytest.raises((ValueError, ArithmeticError, TypeError)):
        operation(Value(0))


def test_weighted_sums_equal_the_sums_of_products():
    rng = random.Random(0)
    numbers = [[rng.gauss(0, 1) for _ in range(4)] for _ in range(3)]
    inputs = [rng.gauss(0, 1) for _ in range(3)]

    def gradients(sums_of):
        layer = [[Value(number) for number in neuron] for neuron in numbers]
        given = [Value(number) for number in inputs]
        total = sum(node.tanh() * k for k, node in enumerate(sums_of(layer, given), 1))
        total.backward()
        return [total.data, *(value.grad for value in [*layer[0], *layer[1], *layer[2], *given])]

    def by_hand(layer, given):
        return [sum(w * x for w, x in zip(ws, given, strict=True)) + b for *ws, b in layer]

    one_node, many = gradients(ENGINE["weighted_sums"]), gradients(by_hand)
    assert all(close(mine, theirs) for mine, theirs in zip(one_node, many, strict=True))
    [node] = ENGINE["weighted_sums"]([[Value(1), Value(2)]], [Value(3)])
    assert (node.data, len(node.inputs), len(node.slopes)) == (5.0, 3, 3)


def test_same_number_twice_collects_both():
    a = Value(3)
    (a + a).backward()
    assert a.grad == 2.0
    a = Value(3)
    (a * a * a).backward()
    assert a.grad == 27.0


def test_order_waits_for_all_users():
    a = Value(1)
    b = a + a
    c = b + b
    c.backward()
    assert (a.grad, b.grad, c.grad) == (4.0, 2.0, 1.0)
    # A short road and a long one to the same computed number.
    v = Value(2)
    w = v * 1
    (w + ((w * 3).tanh() + 1) * 0 + w * w).backward()
    assert v.grad == 5.0


def test_leaves_add_up_and_computed_numbers_do_not():
    x = Value(3)
    u = x * x
    y = u * 3
    for calls in (1, 2, 3):
        y.backward()
        assert x.grad == 18.0 * calls
        assert (u.grad, y.grad) == (3.0, 1.0)


def test_two_results_of_one_graph():
    x = Value(3)
    u = x * x
    first, second = u * 2, u + x
    first.backward()
    second.backward()
    assert x.grad == 12.0 + 7.0
    assert u.grad == 1.0  # of the last call


def test_leaf_alone():
    x = Value(5)
    x.backward()
    assert x.grad == 1.0
    x.backward()
    assert x.grad == 2.0


def test_value_is_what_it_should_be():
    x = Value(3)
    assert isinstance(x.data, float) and x.grad == 0.0
    assert not hasattr(x, "__dict__")


@pytest.mark.parametrize("wrong", [None, [1.0], "one", 1j])
def test_wrong_kinds_are_refused(wrong):
    with pytest.raises((TypeError, ValueError)):
        Value(1) + wrong


def test_changing_a_leaf_after_the_forward_pass_changes_no_slope():
    a, b = Value(2), Value(5)
    y = a * b
    b.data = 7.0
    y.backward()
    assert a.grad == 5.0


def chain_of(length):
    start = Value(1)
    value = start
    for _ in range(length):
        value = value + 1
    return start, value


def test_chain_of_hundred_thousand():
    start, end = chain_of(100_000)
    end.backward()
    assert end.data == 100_001.0
    assert start.grad == 1.0


def test_sum_of_hundred_thousand():
    leaves = [Value(i) for i in range(100_000)]
    sum(leaves).backward()
    assert all(leaf.grad == 1.0 for leaf in leaves)


def test_doubling_sixty_times_visits_each_node_once():
    # As many roads as 2 ** 60: an engine that walks each of them does not come back.
    x = Value(1)
    value = x
    for _ in range(60):
        value = value + value
    value.backward()
    assert x.grad == 2.0**60


def test_graph_is_freed_without_the_cycle_collector():
    gc.collect()
    gc.disable()
    try:
        before = sum(type(thing) is Value for thing in gc.get_objects())
        _, end = chain_of(1000)
        end.backward()
        del _, end
        after = sum(type(thing) is Value for thing in gc.get_objects())
    finally:
        gc.enable()
    assert after == before


def test_deep_graphs_are_freed_without_recursion():
    # In a process of its own: what is tested here is that the interpreter does not crash.
    code = (
        CHAPTER.definitions()
        + """
value = Value(1.0)
for _ in range(500_000):
    value = value * 1.0
value.backward()
del value
both = Value(1.0)
for _ in range(200_000):
    both = both + both
del both
print("freed")
"""
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert (ended.returncode, ended.stdout) == (0, "freed\n"), ended.stderr[-500:]
