"""The exercises of chapter 02, autograd, and the mistakes that they know."""

from collections.abc import Callable
from dataclasses import dataclass

from helpers.chapters.ch02.graphs import check_backward_order, check_sigmoid
from helpers.exercises import Exercises, FunctionCheck


def division_slopes(a, b):
    return 1 / b, -a / b**2


# ---------------------------------------------------------------- nodes made by hand


@dataclass
class Node:
    """What an exercise needs of a Value."""

    data: float
    grad: float = 0.0


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

    return rule


def to_a(a, b, out):
    return b.data * out.grad


def to_b(a, b, out):
    return a.data * out.grad


def nothing(a, b, out):
    return 0.0


# ---------------------------------------------------------------- the loop


class Parameter(Node):
    """A node that says how it wants to be moved."""

    def __sub__(self, other):
        raise TypeError("change value.data; the loss looks at the Value, not at a new name for it")

    __isub__ = __add__ = __iadd__ = __sub__


class Parabola(Node):
    """A loss for `fit`: the sum of (data - target)², with the slopes as of when it was made."""

    def __init__(self, parameters, targets):
        ways = [node.data - to for node, to in zip(parameters, targets, strict=True)]
        super().__init__(sum(way**2 for way in ways))
        self.parameters = parameters
        self.slopes = [2 * way for way in ways]

    def backward(self):
        for node, slope in zip(self.parameters, self.slopes, strict=True):
            node.grad += slope


def descended(loop: Callable) -> Callable:
    """The loop as a function of numbers that returns where the parameters end."""

    def play(starts, targets, learning_rate, steps):
        parameters = [Parameter(start, grad=7.0) for start in starts]
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

    return loop


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
    multiply_backward=FunctionCheck(
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
        praise="You can now read engines that keep a function in every node.",
        play=pushed,
    ),
    backward_order=check_backward_order,
    fit=FunctionCheck(
        loop_of("mzbs"),
        cases=[([3.0, -1.0], [0.0, 2.0], 0.1, 3), ([1.0], [-1.0], 0.25, 2), ([1.0], [5.0], 0.1, 1)],
        mistakes={
            "the gradients are never zeroed: each step also takes all the old slopes.": loop_of(
                "mbs"
            ),
            "they are zeroed once, before the loop; it must be done in every step.": loop_of(
                "mbs", before="z"
            ),
            "zeroed after the step, they are still old in the first one: zero before backward.": (
                loop_of("mbsz")
            ),
            "the parameters have not moved. Are the gradients zeroed between backward and step?": (
                loop_of("mbzs")
            ),
            "it walks on the gradients that were there at the start. Is backward() called?": (
                loop_of("s")
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
        praise="Zero, backward, step: torch's optimizers do no more than that.",
        play=descended,
    ),
)
