"""Chapter 05, understanding losses: the questions asked on it, and its exercises' checks."""

import math

import torch

from helpers.answers import misfitting, raised
from helpers.exercises import Exercises, FunctionCheck
from helpers.guard import outcome
from helpers.questions import Question, Quiz

quiz = Quiz(
    Question(
        "Train loss 2.1 and falling, dev loss 2.6 and rising. What is it, and what helps?",
        {
            "underfitting: a larger network": "An underfit network is bad on train as well. A "
            "larger one would learn these names by heart even faster.",
            "overfitting: stop earlier, or get more names": "The network goes on learning what "
            "is true of the training names only.",
            "noise: train on": "Noise goes up and down. Two curves that part and keep parting "
            "tell of something else.",
        },
        right="overfitting: stop earlier, or get more names",
    ),
    Question(
        "Early stopping kept its best weights by `kept = [p.detach() for p in parameters]`. Then?",
        {
            "kept holds the best weights": "detach shares memory, and training writes into it. A "
            "clone is missing.",
            "kept holds the last weights": "The same memory under another name. Only a clone "
            "stays as it was.",
            "the first step after it raises an error": "If only it did. It goes on without a word.",
        },
        right="kept holds the last weights",
    ),
    Question(
        "Runs of one recipe scatter by 0.007. In one run each, B beats A by 0.005. Is B better?",
        {
            "yes: lower is lower": "Two runs of A alone would often lie further apart.",
            "no: they are equal": "That was not shown either. One run each says nearly nothing.",
            "nobody knows yet: more seeds, best in pairs": "Sixteen runs each, or fewer where "
            "both share their luck.",
        },
        right="nobody knows yet: more seeds, best in pairs",
    ),
)

# ---------------------------------------------------------------- mean_loss


def mean_loss(means, sizes):
    return sum(mean * size for mean, size in zip(means, sizes, strict=True)) / sum(sizes)


# ---------------------------------------------------------------- early_stop


def early_stop(train, dev, patience, watch=1, reset=True, ties=False, give="both", late=0):
    """The solution; every parameter after the third makes one of the usual mistakes."""
    losses = (train, dev)[watch]
    best, waited, place = 0, 0, 0
    for place, loss in enumerate(losses):
        if place == 0 or loss < losses[best] or (ties and loss == losses[best]):
            best, waited = place, 0 if reset else waited
        else:
            waited += 1
        if waited == patience + late:
            break
    pairs = {"both": (best, place), "last": (place, place), "swapped": (place, best)}
    return {**pairs, "loss": (losses[best], losses[place])}[give]


def against_the_last(train, dev, patience):
    """Waits while the loss is above the measurement before, and not above the best."""
    best, waited, place = 0, 0, 0
    for place, loss in enumerate(dev):
        best = place if loss < dev[best] else best
        waited = 0 if place == 0 or loss < dev[place - 1] else waited + 1
        if waited == patience:
            break
    return best, place


def of_the_whole_run(train, dev, patience):
    return dev.index(min(dev)), early_stop(train, dev, patience)[1]


def early_but(**mistake):
    return lambda *arguments: early_stop(*arguments, **mistake)


FALLING = [3.2, 3.0, 2.9, 2.8, 2.7, 2.6, 2.5, 2.4, 2.3, 2.2]
BUMPY = [3.2, 2.9, 3.0, 2.8, 2.85, 2.82, 2.7, 2.75, 2.74, 2.72]
TURNS = [3.2, 2.8, 2.7, 2.9, 2.85, 2.95, 3.0, 2.5, 2.6, 2.7]
EQUAL = [3.2, 2.8, 2.8, 2.8, 2.9, 2.7, 2.9, 2.9, 3.0, 3.1]

# ---------------------------------------------------------------- best_weights

# A bumpy walk: lowest after 4 of 9 steps, highest after 7, and neither at an end.
LOSSES = [3.0, 2.5, 2.6, 2.2, 2.0, 2.3, 2.1, 3.5, 2.8, 2.9]


def best_weights(answer):
    """Run the answer on walks whose lowest place is known, and see which weights come back."""
    if misfit := misfitting(answer, lambda weights, update, dev_loss, steps: None):
        return misfit
    for losses in (LOSSES, sorted(LOSSES), LOSSES[:5]):
        message = _one_walk(answer, losses)
        if message:
            return message
    return None


def _one_walk(answer, losses):
    start, steps = 10.0, len(losses) - 1
    weights = torch.full((3,), start)
    taken, last = 0, weights  # the steps so far, and the tensor that the last one changed

    def update(w):
        nonlocal taken, last
        w += 1.0
        taken, last = taken + 1, w

    def dev_loss(w):
        at = round(float(w[0]) - start)
        return losses[at] if 0 <= at < len(losses) else 9.0

    given = outcome(answer, weights, update, dev_loss, steps)
    if isinstance(given, BaseException):
        return f"it raises {raised(given)}."
    if given is None:
        return "it gives None. Is a `return` missing?"
    if not isinstance(given, torch.Tensor) or given.shape != weights.shape:
        return "it should return the weights, a tensor of the shape that went in."
    at = round(float(given[0]) - start)
    best = losses.index(min(losses))
    if taken != steps:
        return f"it took {taken} steps where {steps} were asked for."
    if at == best:
        return None
    if given.data_ptr() == last.data_ptr():
        return (
            "what comes back are the last weights. A name or a detach shares the memory that "
            "update writes into: keep weights.clone()."
        )
    if at == steps:
        return "this is a copy of the last weights, where the best were asked for."
    if at == losses.index(max(losses)):
        return "these are the weights with the highest dev loss. Lower is better."
    if best == 0:
        return "the weights before the first step count too: measure them as well."
    return f"the best weights are those after {best} steps; yours are those after {at}."


best_weights.praise = "A copy is all the difference between early stopping and stopping."

# ---------------------------------------------------------------- paired_gain


def paired_gain(a, b):
    gains = a - b
    return gains.mean(), gains.std() / len(gains) ** 0.5


def unpaired_gain(a, b):
    return (a - b).mean(), ((a.var() + b.var()) / len(a)) ** 0.5


PAIRS = [
    (torch.tensor([2.41, 2.39, 2.47, 2.40]), torch.tensor([2.40, 2.37, 2.42, 2.41])),
    (torch.tensor([2.36, 2.35, 2.37, 2.33, 2.39]), torch.tensor([2.37, 2.35, 2.36, 2.35, 2.45])),
]
PAIRS = [(a.double(), b.double()) for a, b in PAIRS]

# ---------------------------------------------------------------- runs_needed


def runs_needed(pilot, difference, biased=False):
    sd = pilot.std(correction=0 if biased else 1).item()
    return math.ceil(2 * (2 * sd / difference) ** 2)


def exact_runs(pilot, difference):
    return 2 * (2 * pilot.std().item() / difference) ** 2


PILOT = torch.tensor([2.341, 2.362, 2.355, 2.349, 2.358], dtype=torch.float64)

check = Exercises(
    mean_loss=FunctionCheck(
        mean_loss,
        cases=[([2.0, 3.0], [32, 8]), ([2.5, 2.4, 2.9], [100, 100, 3]), ([2.7], [5])],
        mistakes={
            "this is the mean of the means: a row of a short piece weighs more than one of a long "
            "piece. Weight each mean by its size.": lambda m, s: sum(m) / len(m),
            "this is the sum of all losses. Divide it by the number of rows.": lambda m, s: (
                mean_loss(m, s) * sum(s)
            ),
            "the weighted sum is divided by the number of pieces. Divide by the number of "
            "rows.": lambda m, s: mean_loss(m, s) * sum(s) / len(s),
            "the means are added up as if they were sums. Multiply each by its size "
            "first.": lambda m, s: sum(m) / sum(s),
            "this takes all pieces for as long as the first.": lambda m, s: (
                mean_loss(m, s) * sum(s) / (s[0] * len(s))
            ),
        },
        praise="evaluate() does the same with its last, shorter piece.",
    ),
    early_stop=FunctionCheck(
        early_stop,
        cases=[
            (FALLING, BUMPY, 3),
            (FALLING, BUMPY, 2),
            (FALLING, TURNS, 3),
            (FALLING, TURNS, 9),
            (FALLING, EQUAL, 2),
            (FALLING, EQUAL, 4),
            (FALLING, BUMPY, 1),
            (FALLING, BUMPY[::-1], 9),
            (BUMPY, [2.5], 1),
        ],
        mistakes={
            "this watches the train loss, which falls as long as you let it. Watch dev.": early_but(
                watch=0
            ),
            "the waiting is never set back to zero. A new lowest starts the count anew.": early_but(
                reset=False
            ),
            "this starts the count anew whenever the loss is lower than the one before. Compare "
            "with the best so far.": against_the_last,
            "an equal loss counts as a new lowest here. It brought nothing.": early_but(ties=True),
            "it waits one measurement too many.": early_but(late=1),
            "the first number is where it stopped. Put back the best.": early_but(give="last"),
            "the two numbers have changed places: first the best, then the last.": early_but(
                give="swapped"
            ),
            "these are losses. The places in the list were asked for.": early_but(give="loss"),
            "the best is taken from the whole list, with measurements that were never made: the "
            "run has stopped by then.": of_the_whole_run,
        },
        praise="That is the whole of patience=.",
    ),
    best_weights=best_weights,
    paired_gain=FunctionCheck(
        paired_gain,
        cases=PAIRS,
        mistakes={
            "the second is the standard deviation, how far one pair scatters. The mean of n pairs "
            "scatters less, by √n.": lambda a, b: ((a - b).mean(), (a - b).std()),
            "the standard deviation divides by n here. With so few seeds take n - 1, as .std() "
            "does by itself.": lambda a, b: (
                (a - b).mean(),
                (a - b).std(correction=0) / len(a) ** 0.5,
            ),
            "this is the unpaired standard error. Take the differences first, so that the shared "
            "luck cancels.": unpaired_gain,
            "divided by n, where the standard error has √n.": lambda a, b: (
                (a - b).mean(),
                (a - b).std() / len(a),
            ),
            "the sign is turned: b is better where its loss is lower, so the gain is a - "
            "b.": lambda a, b: ((b - a).mean(), paired_gain(a, b)[1]),
            "this is the median gain. The mean is asked for.": lambda a, b: (
                (a - b).median(),
                paired_gain(a, b)[1],
            ),
            "the second is the variance over n. Take its root.": lambda a, b: (
                (a - b).mean(),
                (a - b).var() / len(a),
            ),
        },
        praise="With thirty pairs or so, the first has to exceed twice the second; with fewer, it "
        "has to exceed more.",
    ),
    runs_needed=FunctionCheck(
        runs_needed,
        cases=[(PILOT, 0.005), (PILOT, 0.002), (PILOT[:3], 0.003), (2 * PILOT, 0.0115)],
        mistakes={
            "this is rounded down: then the difference falls short of twice its "
            "standard error. Round up, with math.ceil.": lambda p, d: int(exact_runs(p, d)),
            "rounding to the nearest can fall short. Round up, with math.ceil.": lambda p, d: round(
                exact_runs(p, d)
            ),
            "this is not a whole number of runs. Round up, with math.ceil.": exact_runs,
            "this is enough if only one of the two recipes scatters. Both do: a factor of "
            "2.": lambda p, d: math.ceil(exact_runs(p, d) / 2),
            "this makes the difference as large as its standard error. It should be twice as "
            "large.": lambda p, d: math.ceil(exact_runs(p, d) / 4),
            "the square is missing: half the difference needs four times the runs.": lambda p, d: (
                math.ceil(4 * p.std().item() / d)
            ),
            "the standard deviation divides by n here. From so few runs take n - 1, as .std() "
            "does by itself.": lambda p, d: runs_needed(p, d, biased=True),
            "this is for both recipes together. How many of each?": lambda p, d: math.ceil(
                2 * exact_runs(p, d)
            ),
        },
        praise="Now you know the price of a claim before you make it.",
    ),
)
