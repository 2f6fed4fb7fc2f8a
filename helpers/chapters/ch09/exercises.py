"""The exercises of chapter 09, diagnostics, and the mistakes that they know."""

import math
from statistics import median

import torch

from helpers.answers import raised
from helpers.chapters.ch09.clinic import FAULTS, SETTINGS, patient
from helpers.exercises import Exercises, FunctionCheck
from helpers.guard import outcome

# ---------------------------------------------------------------- the patients

# The setting that mends a fault.
SETTING_OF = {
    "gain too high": "gain",
    "gain too low": "gain",
    "no fan-in scaling": "fan_in_scaling",
    "learning rate too high": "learning_rate",
    "learning rate too low": "learning_rate",
    "dead relus": "bias",
    "batch norm in eval mode": "training",
    "a frozen layer": "frozen",
}


def pace(chart):
    """The middle of the hidden layers' medians in plot 4."""
    return median(chart.pace[1:-1])


def percent(shares):
    return ", ".join(f"{share:.0%}" for share in shares)


def spreads(chart):
    return ", ".join(f"{std:.2f}" for std in chart.spread)


def still(chart):
    return [i for i, value in enumerate(chart.pace) if value == -math.inf]


NO_NORM = (
    lambda c: not c.batch_norm,
    "the card speaks against it: batch norm in training mode divides any scale of the weights out.",
)
NO_DEAD = (
    lambda c: c.kind == "tanh" or max(c.stuck) < 0.5,
    lambda c: (
        f"plot 1 speaks against it: dead are {percent(c.stuck)}. A small gain makes outputs "
        "small; it does not cut them off."
    ),
)
# What a fault must show: a test, and what speaks against the fault where the test fails.
SIGNS = {
    "gain too high": [
        NO_NORM,
        (
            lambda c: min(c.stuck) > 0.45,
            lambda c: (
                "plot 1 speaks against it: too high a gain saturates every layer, the first "
                f"one most. Here, from layer 1 on: {percent(c.stuck)}."
            ),
        ),
        (
            lambda c: pace(c) < -2,
            lambda c: (
                f"plot 4 speaks against it: the updates stand at {pace(c):.1f}. A gain alone "
                "leaves them below −2; something else has saturated these layers."
            ),
        ),
    ],
    "gain too low": [
        NO_NORM,
        NO_DEAD,
        (
            lambda c: c.spread[0] > 1.3 * c.spread[2] and c.spread[2] < 0.4,
            lambda c: (
                "plot 1 speaks against it: the outputs should fade from layer to layer. "
                f"Their stds are {spreads(c)}."
            ),
        ),
    ],
    "no fan-in scaling": [
        NO_NORM,
        (
            lambda c: c.stuck[0] < 0.8 * min(c.stuck[1:]) and min(c.stuck[1:]) > 0.25,
            lambda c: (
                "plot 1 speaks against it: one scale for all would spare layer 1, with its "
                f"30 inputs, and saturate the others, with 100. Here: {percent(c.stuck)}."
            ),
        ),
    ],
    "learning rate too high": [
        (
            lambda c: pace(c) > -1.8,
            lambda c: (
                f"plot 4 speaks against it: the updates stand at {pace(c):.1f}, which is not high."
            ),
        ),
    ],
    "learning rate too low": [
        (
            lambda c: pace(c) > -math.inf,
            "plot 3 speaks against it: the gradients themselves are zero, at any learning rate.",
        ),
        (
            lambda c: pace(c) < -4,
            lambda c: (
                f"plot 4 speaks against it: the updates stand at {pace(c):.1f}; a rate too "
                "low presses all of them far below −3."
            ),
        ),
    ],
    "dead relus": [
        (
            lambda c: c.kind == "relu",
            "the card speaks against it: tanh. A tanh saturates, it does not die.",
        ),
        (
            lambda c: max(c.stuck) > 0.5,
            lambda c: f"plot 1 speaks against it: dead are {percent(c.stuck)}.",
        ),
    ],
    "batch norm in eval mode": [
        (
            lambda c: c.batch_norm,
            "the card speaks against it: there is no batch norm in this patient.",
        ),
        (
            lambda c: not all(0.55 < std < 0.75 for std in c.spread),
            lambda c: f"plot 1 speaks against it: stds of {spreads(c)} are what batch norm makes.",
        ),
    ],
    "a frozen layer": [
        (
            lambda c: still(c) != [],
            "plot 4 speaks against it: every layer has a line of its own, and all lines move.",
        ),
        (
            lambda c: len(still(c)) == 1 and all(c.weight_gradients[i].any() for i in still(c)),
            "plot 3 speaks against it: a frozen layer has a gradient and no update. Here layers "
            "stand still because no gradient arrives.",
        ),
    ],
}


def against(fault, chart):
    """What in a chart speaks against a fault; None where nothing does."""
    for test, message in SIGNS[fault]:
        if not test(chart):
            return message(chart) if callable(message) else message
    return None


def illness(chart):
    """What is not healthy in a chart, in words; None where all is."""
    if frozen := still(chart):
        return f"in plot 4, {f'layer {frozen[0]}' if frozen[0] else 'the embedding'} does not move."
    if not -3.5 <= pace(chart) <= -1.8:
        return f"plot 4 stands at {pace(chart):.2f}; healthy here is between −3.5 and −1.8."
    limit, word = (0.2, "dead") if chart.kind == "relu" else (0.3, "saturated")
    for i, (std, stuck) in enumerate(zip(chart.spread, chart.stuck, strict=True), 1):
        if not stuck <= limit:
            return f"plot 1: layer {i} is {stuck:.0%} {word}."
        if chart.kind == "tanh" and not 0.45 <= std <= 0.85:
            return f"plot 1: the outputs of layer {i} have a std of {std:.2f}."
    sizes = chart.gradient_size
    if not max(sizes) <= 10 * min(sizes):
        return f"plot 2: the gradient changes {max(sizes) / min(sizes):.0f}-fold over the layers."
    return None


def treat(number, answer):
    """What is wrong with diagnosis and mend of one patient; None where both are right."""
    if answer is ...:
        return "nothing yet."
    pair = isinstance(answer, (tuple, list)) and len(answer) == 2
    if not pair or not isinstance(answer[0], str) or not isinstance(answer[1], dict):
        return 'give a pair such as ("gain too high", {"gain": 5 / 3}): the fault and the mend.'
    fault, mend = answer
    if fault not in FAULTS:
        return f"no fault is called {fault!r}; choose from FAULTS: {', '.join(FAULTS)}."
    if unknown := [name for name in mend if name not in SETTINGS]:
        return f"there is no setting {unknown[0]!r}; choose from SETTINGS: {', '.join(SETTINGS)}."
    if found := against(fault, patient(number)):
        return f"{fault}? {found[0].upper()}{found[1:]}"
    if list(mend) != [SETTING_OF[fault]]:
        changed = " and ".join(mend) or "nothing"
        return f"the diagnosis is right. One fault, one change: it is not mended by {changed}."
    if mend == {"frozen": 0}:
        return "the diagnosis is right. Layers count from 1; no frozen layer at all is None."
    if any(isinstance(value, float) and not math.isfinite(value) for value in mend.values()):
        return "the diagnosis is right. A setting is a finite number."
    still_ill = outcome(lambda: illness(patient(number, **mend)))
    if isinstance(still_ill, BaseException):
        return f"the diagnosis is right, the mend raises {raised(still_ill)}."
    if still_ill:
        return f"the diagnosis is right, the mend is not: {still_ill}"
    return None


def ward(*numbers):
    """A check of an answer {number: (fault, mend), …} for these patients."""

    def check(answer):
        if not isinstance(answer, dict) or set(answer) != set(numbers):
            return f"give a dictionary with the patients {numbers[0]} and {numbers[1]} as keys."
        results = {number: treat(number, answer[number]) for number in numbers}
        if not any(results.values()):
            return None
        return " ".join(f"Patient {n}: {text or 'cured.'}" for n, text in results.items())

    check.praise = f"Patients {numbers[0]} and {numbers[1]} go home."
    return check


# ---------------------------------------------------------------- the functions


def rms(x):
    return x.square().mean().sqrt()


def update_ratio(parameter, gradient, learning_rate):
    return torch.log10(learning_rate * rms(gradient) / rms(parameter))


GENERATOR = torch.Generator().manual_seed(9)
CASES = [
    (torch.randn(30, 20, generator=GENERATOR), torch.randn(30, 20, generator=GENERATOR), 0.1),
    (
        0.2 * torch.randn(50, 10, generator=GENERATOR) + 1,
        1e-4 * torch.randn(50, 10, generator=GENERATOR) - 1e-4,
        0.03,
    ),
]

check = Exercises(
    update_ratio=FunctionCheck(
        update_ratio,
        cases=CASES,
        mistakes={
            "this is the ratio itself; plot 4 shows its log10.": (
                lambda p, g, rate: 10 ** update_ratio(p, g, rate)
            ),
            "this is the natural logarithm; −3 means a thousandth only in log10.": (
                lambda p, g, rate: update_ratio(p, g, rate) * math.log(10)
            ),
            "this is grad:data; an update is the gradient times the learning rate.": (
                lambda p, g, rate: update_ratio(p, g, 1)
            ),
            "upside down: the update goes on top.": lambda p, g, rate: -update_ratio(p, g, rate),
            "a standard deviation leaves out the mean; take the rms of both.": (
                lambda p, g, rate: torch.log10(rate * g.std() / p.std())
            ),
            "one ratio per number, then the mean: numbers near zero spoil it. First the sizes.": (
                lambda p, g, rate: torch.log10((rate * g / p).abs().mean())
            ),
        },
        praise="A line like this in your training loop has saved many a night.",
        tolerance=1e-4,
    ),
    growth_per_layer=FunctionCheck(
        lambda sizes: (sizes[0] / sizes[-1]) ** (1 / (len(sizes) - 1)),
        cases=[([8.0, 4.0, 2.0, 1.0],), ([1e-6, 3e-5, 1e-4],), ([0.5, 0.7, 0.3, 0.6, 0.2],)],
        mistakes={
            "this is the growth over all layers; per layer it is a root of that.": (
                lambda sizes: sizes[0] / sizes[-1]
            ),
            "between n layers lie n − 1 steps; you took the root of n.": (
                lambda sizes: (sizes[0] / sizes[-1]) ** (1 / len(sizes))
            ),
            "upside down: the gradient travels from the last layer to the first.": (
                lambda sizes: (sizes[-1] / sizes[0]) ** (1 / (len(sizes) - 1))
            ),
            "growth multiplies: take a root of the whole, do not divide it.": (
                lambda sizes: sizes[0] / sizes[-1] / (len(sizes) - 1)
            ),
        },
        praise="Above 1 it explodes, below 1 it vanishes, given enough layers.",
    ),
    patients_1_2=ward(1, 2),
    patients_3_4=ward(3, 4),
    patients_5_6=ward(5, 6),
    patients_7_8=ward(7, 8),
)
