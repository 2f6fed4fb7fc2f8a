"""Two exercises of chapter 02 that are judged on graphs: the sigmoid, and the backward order."""

import math
import sys
from collections.abc import Callable

from helpers.answers import misfitting, raised
from helpers.guard import outcome

# ---------------------------------------------------------------- an operation for the engine


def check_sigmoid(answer: Callable) -> str | None:
    """The message for a sigmoid on the chapter's Values; None where it is right."""
    chapter = getattr(answer, "__globals__", vars(sys.modules["__main__"]))
    if (value_class := chapter.get("Value")) is None:
        return "there is no Value yet; run the cells above, from the top."
    if misfit := misfitting(answer, lambda x: x):
        return misfit
    for x in (0.5, -2.0, 30.0, -1000.0, 1000.0):
        leaf = value_class(x)
        out = outcome(answer, leaf)
        if isinstance(out, OverflowError):
            return f"at x = {x:g} it raises an OverflowError: exp grew too large. See hint 2."
        if isinstance(out, BaseException):
            return f"at x = {x:g} it raises {raised(out)}."
        if fault := node_fault(out, value_class):
            return fault
        if isinstance(error := outcome(out.backward), BaseException):
            return f"at x = {x:g} the result's backward() raises {raised(error)}."
        if fault := sigmoid_fault(x, out.data, leaf.grad):
            return f"at x = {x:g} {fault}"
    return None


def node_fault(out: object, value_class: type) -> str | None:
    """What is wrong with the Value that came out, its number and its slope apart."""
    if out is None:
        return "it gives None. Is a `return` missing?"
    if not isinstance(out, value_class):
        return f"it gives a {type(out).__name__}; make it a Value, so that the graph goes on."
    if isinstance(out.inputs, value_class):
        return "the inputs are a tuple, even of one: (x,), with its comma."
    if not out.inputs:
        return "the result remembers no input: the second thing a Value takes is (x,)."
    if not isinstance(out.slopes, (tuple, list)) or len(out.slopes) != len(out.inputs):
        return "it has no slope for its input: the third thing a Value takes is (slope,)."
    if not all(isinstance(slope, (int, float)) for slope in out.slopes):
        return f"its slope is a {type(out.slopes[0]).__name__}; it should be a number."
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
    if not math.isclose(grad, s * (1 - s), rel_tol=1e-9, abs_tol=1e-12):
        known = [text for slope, text in slopes.items() if math.isclose(grad, slope)]
        return known[0] if known else f"the gradient is {grad:.6g}; it should be {s * (1 - s):.6g}."
    return None


check_sigmoid.praise = "It holds at both ends, where exp alone gives up, and the gradient with it."


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
    if misfit := misfitting(answer, lambda inputs, output: None):
        return misfit
    chain = {str(n): [str(n + 1)] for n in range(DEPTH)} | {str(DEPTH): []}
    for name, graph in (GRAPHS | {f"a chain {DEPTH:,} nodes deep": chain}).items():
        output = next(iter(graph))
        given = {node: list(inputs) for node, inputs in graph.items()}
        order = outcome(answer, given, output)
        if isinstance(order, RecursionError):
            return f"{name}: RecursionError. Keep the pile of unfinished work in a list."
        if isinstance(order, BaseException):
            return f"{name}: it raises {raised(order)}."
        if given != graph:
            return f"{name}: the dictionary `inputs` has changed; work on a copy."
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
