"""The exercises of chapter 02, autograd, and the mistakes that they know."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from helpers.exercises import Exercises, FunctionCheck


def division_slopes(a, b):
    return 1 / b, -a / b**2


# ---------------------------------------------------------------- nodes made by hand


@dataclass
class Node:
    """What an exercise needs of a Value."""

    data: float
    grad: float = 0.0

    def __sub__(self, other):
        raise TypeError("change value.data; the loss looks at the Value, not at a new name for it")

    __isub__ = __add__ = __iadd__ = __sub__


def pushed(rule: Callable) -> Callable:
    """The rule as a function of numbers that returns the gradients it leaves behind."""

    def play(a, b, out_grad, before):
        first = Node(a, before)
        second = first if a == b else Node(b, before)
        rule(first, second, Node(a * b, out_grad))
        return [first.grad, second.grad]

    return play


def rule_of(to_a: Callable, to_b: Callable, keep: bool = True) -> Callable:
    """A backward rule that hands on `to_a(a, b, out)` and `to_b`; `keep=False` is = for +=."""

    def rule(a, b, out):
        a.grad = a.grad * keep + to_a(a, b, out)
        b.grad = b.grad * keep + to_b(a, b, out)

    return pushed(rule)


def to_a(a, b, out):
    return b.data * out.grad


def to_b(a, b, out):
    return a.data * out.grad


def nothing(a, b, out):
    return 0.0


PUSHES = FunctionCheck(
    rule_of(to_a, to_b),
    # a, b, out.grad, and the gradient that both hold already; equal a and b are one node.
    cases=[(2.0, -3.0, 0.5, 0.0), (2.0, 5.0, 2.0, 1.0), (3.0, 3.0, 2.0, 0.0)],
    mistakes={
        "the local slopes are right; each must still be multiplied by out.grad.": rule_of(
            lambda a, b, out: b.data, lambda a, b, out: a.data
        ),
        "that is = where += is needed: what came by another road is wiped out.": rule_of(
            to_a, to_b, keep=False
        ),
        "each factor got its own data; its slope is the other one's.": rule_of(to_b, to_a),
        "you multiplied by out.data; the gradient that comes in is out.grad.": rule_of(
            lambda a, b, out: b.data * out.data, lambda a, b, out: a.data * out.data
        ),
        "a got its share, and b got nothing.": rule_of(to_a, nothing),
        "neither gradient has changed. Add to a.grad and b.grad; nothing need be returned.": (
            rule_of(nothing, nothing)
        ),
    },
)


def check_multiply_backward(answer: Callable) -> str | None:
    """The message for a backward rule of a product; None where it is right."""
    return PUSHES(pushed(answer)) if callable(answer) else "this should be a function."


check_multiply_backward.praise = "You can now read engines that keep a function in every node."


# ---------------------------------------------------------------- an operation for the engine


def check_sigmoid(answer: Callable) -> str | None:
    """The message for a sigmoid on the chapter's Values; None where it is right."""
    value_class = getattr(answer, "__globals__", {}).get("Value")
    if value_class is None:
        return "there is no Value yet; run the cells above, from the top."
    for x in (0.5, -2.0, 30.0, -1000.0, 1000.0):
        leaf = value_class(x)
        try:
            out = answer(leaf)
        except OverflowError:
            return f"at x = {x:g} it raises an OverflowError: exp grew too large. See hint 2."
        except Exception as error:
            return f"at x = {x:g} it raises {type(error).__name__}: {error}."
        if out is None:
            return "it gives None. Is a `return` missing?"
        if not isinstance(out, value_class):
            return f"it gives a {type(out).__name__}; make it a Value, so that the graph goes on."
        if not out.inputs:
            return "the result remembers no input: the second thing a Value takes is (x,)."
        out.backward()
        if fault := sigmoid_fault(x, out.data, leaf.grad):
            return f"at x = {x:g} {fault}"
    return None


def sigmoid_fault(x: float, data: float, grad: float) -> str | None:
    s = (1 + math.tanh(x / 2)) / 2
    values = {
        1 - s: "the sign in the exponent is turned: this falls from 1 to 0.",
        math.tanh(x): "that is tanh; the sigmoid goes from 0 to 1.",
    }
    slopes = {
        x * (1 - x): "the slope is computed from the input; in s (1 - s), s is the output.",
        1 - s * s: "1 - s² is the slope of tanh; the sigmoid's is s (1 - s).",
        s: "the slope is the output itself, as for exp; it should be s (1 - s).",
        -s * (1 - s): "the slope has the wrong sign: the sigmoid rises everywhere.",
        1.0: "the slope is 1, as if nothing were squashed; it should be s (1 - s).",
    }
    if not math.isclose(data, s, rel_tol=1e-9, abs_tol=1e-12):
        known = [text for value, text in values.items() if math.isclose(data, value)]
        return known[0] if known else f"it gives {data:.6g}; it should be {s:.6g}."
    if math.isnan(grad):
        return "the gradient is nan: somewhere inf was multiplied by 0. See hint 2."
    if not math.isclose(grad, s * (1 - s), rel_tol=1e-9, abs_tol=1e-12):
        known = [text for slope, text in slopes.items() if math.isclose(grad, slope)]
        return known[0] if known else f"the gradient is {grad:.6g}; it should be {s * (1 - s):.6g}."
    return None


check_sigmoid.praise = "The engine has a new operation, and nothing else had to change."


# ---------------------------------------------------------------- the order of a graph

GRAPHS = {  # the output is named first
    "c = b + b, b = a + a": {"c": ["b", "b"], "b": ["a", "a"], "a": []},
    "a short road and a long one": {
        "loss": ["w", "t"],
        "t": ["s"],
        "s": ["p", "b"],
        "p": ["w", "x"],
        "w": ["v"],
        "v": [],
        "x": [],
        "b": [],
    },
    "the same, turned": {"loss": ["t", "w"], "t": ["s"], "s": ["w"], "w": ["v"], "v": []},
    "a part that the output does not need": {"y": ["a"], "a": [], "z": ["y", "a"]},
}
DEPTH = 5_000


def check_backward_order(answer: Callable) -> str | None:
    """The message for a function that orders a graph; None where it is right."""
    if not callable(answer):
        return "this should be a function."
    chain = {str(n): [str(n + 1)] for n in range(DEPTH)} | {str(DEPTH): []}
    for name, graph in (GRAPHS | {f"a chain {DEPTH:,} nodes deep": chain}).items():
        output = next(iter(graph))
        try:
            order = answer({node: list(inputs) for node, inputs in graph.items()}, output)
        except RecursionError:
            return f"{name}: RecursionError. Keep the pile of unfinished work in a list."
        except Exception as error:
            return f"{name}: it raises {type(error).__name__}: {error}."
        if fault := order_fault(order, graph, output):
            return f"{name}: {fault}"
    return None


def order_fault(order: object, graph: dict[str, list[str]], output: str) -> str | None:
    if order is None:
        return "it gives None. Is a `return` missing?"
    if not isinstance(order, (list, tuple)) or not all(isinstance(node, str) for node in order):
        return "the answer should be a list of names."
    needed, waiting = {output}, [output]
    while waiting:
        for node in graph[waiting.pop()]:
            if node not in needed:
                needed.add(node)
                waiting.append(node)
    if twice := [node for node in needed if order.count(node) > 1][:1]:
        return f"{twice[0]} pushes twice, and its inputs get their share twice."
    if strange := [node for node in order if node not in needed]:
        return f"{strange[0]} is in the order, and the output was not made from it."
    if missing := needed - set(order):
        return f"{min(missing)} is missing."
    place = {node: i for i, node in enumerate(order)}
    late = [(user, node) for user in needed for node in graph[user] if place[user] > place[node]]
    if late and len(late) == sum(len(graph[user]) for user in needed):
        return "this is the order of the forward pass, inputs first; turn it around."
    if late:
        user, node = min(late)
        return f"{node} pushes before {user}, which uses it; its gradient is not complete yet."
    return None


check_backward_order.praise = "That order is half of every autograd engine; the rest is slopes."


# ---------------------------------------------------------------- the loop


class Parabola:
    """A loss for `fit`: the sum of (data - target)², with the slopes as of when it was made."""

    def __init__(self, parameters, targets):
        self.parameters = parameters
        self.slopes = [2 * (node.data - to) for node, to in zip(parameters, targets, strict=True)]

    def backward(self):
        for node, slope in zip(self.parameters, self.slopes, strict=True):
            node.grad += slope


def descended(loop: Callable) -> Callable:
    """The loop as a function of numbers that returns where the parameters end."""

    def play(starts, targets, learning_rate, steps):
        parameters = [Node(start, grad=7.0) for start in starts]
        loop(parameters, lambda: Parabola(parameters, targets), learning_rate, steps)
        return [node.data for node in parameters]

    return play


def loop_of(body: str, before: str = "", rate: Callable = lambda learning_rate: learning_rate):
    """A training loop by its letters: m makes the loss, z zeroes, b is backward, s is the step."""

    def loop(parameters, make_loss, learning_rate, steps):
        loss = None
        for letter in before + body * steps:
            loss = make_loss() if letter == "m" else loss
            if letter == "b":
                loss.backward()
            for node in parameters:
                node.grad = 0.0 if letter == "z" else node.grad
                node.data -= rate(learning_rate) * node.grad if letter == "s" else 0.0

    return descended(loop)


FITS = FunctionCheck(
    loop_of("mzbs"),
    cases=[([3.0, -1.0], [0.0, 2.0], 0.1, 3), ([1.0], [-1.0], 0.25, 2), ([1.0], [5.0], 0.1, 1)],
    mistakes={
        "the gradients are never zeroed: each step also takes all the old slopes.": loop_of("mbs"),
        "they are zeroed once, before the loop; it must be done in every step.": loop_of(
            "mbs", before="z"
        ),
        "zeroed after the step, they are still old in the first one: zero before backward.": (
            loop_of("mbsz")
        ),
        "the parameters have not moved. Are the gradients zeroed between backward and step?": (
            loop_of("mbzs")
        ),
        "it walks on the gradients that were there at the start. Is backward() called?": loop_of(
            "s"
        ),
        "the loss is made once and grows old; make it anew in every step.": loop_of(
            "zbs", before="m"
        ),
        "it walks uphill: subtract the gradient.": loop_of("mzbs", rate=lambda rate: -rate),
        "the steps have the gradient's whole length; multiply by the learning rate.": loop_of(
            "mzbs", rate=lambda rate: 1.0
        ),
        "this is one step, and `steps` of them were asked for.": loop_of("", before="mzbs"),
    },
)


def check_fit(answer: Callable) -> str | None:
    """The message for a training loop; None where it is right."""
    return FITS(descended(answer)) if callable(answer) else "this should be a function."


check_fit.praise = "Zero, backward, step: torch's optimizers do no more than that."


check = Exercises(
    division_slopes=FunctionCheck(
        division_slopes,
        cases=[(3.0, 2.0), (-1.0, 4.0), (5.0, -0.5)],
        mistakes={
            "along b it goes down where a and b are positive: a minus is missing.": lambda a, b: (
                (1 / b, a / b**2)
            ),
            "along b, the a is lost: the slope of a · b⁻¹ keeps it as a factor.": lambda a, b: (
                (1 / b, -1 / b**2)
            ),
            "along b, the power is off: the slope of b⁻¹ is -b⁻².": lambda a, b: (
                1 / b,
                -a / b,
            ),
            "these are the right two, in the wrong order: along a first.": lambda a, b: (
                (-a / b**2, 1 / b)
            ),
            "these are the slopes of a product; for a quotient, rewrite it as a · b⁻¹.": (
                lambda a, b: (b, a)
            ),
        },
        praise="One node where the chapter makes two, and the same gradient.",
    ),
    sigmoid=check_sigmoid,
    multiply_backward=check_multiply_backward,
    backward_order=check_backward_order,
    fit=check_fit,
)
