"""Chapter 04, the neural language model: the questions on it, and how its exercises are checked."""

import torch

from helpers.answers import describe, misfitting, raised
from helpers.exercises import Exercises, FunctionCheck
from helpers.guard import outcome
from helpers.questions import Question, Quiz

quiz = Quiz(
    Question(
        "Why does a plain table of counts get worse on dev beyond three characters?",
        {
            "the older characters carry no information": "They do: the network with five is better "
            "than with three.",
            "most of its rows have seen next to nothing": "27 times as many rows per character "
            "on the same names. And no row helps another.",
            "it is smoothed too little": "With 0.01, 0.1 or 1 added it gets worse beyond three. "
            "Backing off is another matter: it lends each row what shorter contexts know.",
        },
        right="most of its rows have seen next to nothing",
    ),
    Question(
        "A loss falls to ln 27 and stays there. What do you suspect first?",
        {
            "the learning rate": "Too small a rate falls slowly, too large a one explodes. Neither "
            "stops exactly at uniform.",
            "the loss does not use the targets": "Uniform is the best answer to a question without "
            "targets.",
            "the network is too small": "Even a network without hidden neurons beats uniform: it "
            "can learn how frequent each character is.",
        },
        right="the loss does not use the targets",
    ),
    Question(
        "Why can a single run find the largest useful learning rate?",
        {
            "it ends at the best network": "It ends in an explosion, on purpose.",
            "its history at small rates makes it stable": "Two or six times as much history did "
            "not move the edge.",
            "whether a step overshoots depends on the curvature where it stands": "The rate meets "
            "2 / curvature, and every step tests it anew.",
        },
        right="whether a step overshoots depends on the curvature where it stands",
    ),
)

# ---------------------------------------------------------------- flat_embeddings


def flat_embeddings(embedding, contexts):
    return embedding[contexts].flatten(1)


EMBEDDING = torch.arange(20.0).view(5, 4) + 0.5
CONTEXTS = [torch.tensor([[0, 4, 2], [3, 3, 1]]), torch.tensor([[1, 0]])]

# ---------------------------------------------------------------- target_nll


def target_nll(logits, targets):
    return -logits.log_softmax(dim=1)[torch.arange(len(targets)), targets].mean()


def picked(logits, targets, dim=1):
    return logits.softmax(dim=dim)[torch.arange(len(targets)), targets]


def unsafe_nll(logits, targets):
    p = logits.exp() / logits.exp().sum(dim=1, keepdim=True)
    return -p[torch.arange(len(targets)), targets].log().mean()


def nll_with_one_maximum(logits, targets):
    logits = logits - logits.max()
    log_p = logits - logits.exp().sum(dim=1, keepdim=True).log()
    return -log_p[torch.arange(len(targets)), targets].mean()


SOME = torch.Generator().manual_seed(4)
LOGITS = torch.randn(4, 6, generator=SOME) * 2
SQUARE = torch.randn(5, 5, generator=SOME) * 2  # where a forgotten keepdim raises no error
WILD = torch.tensor([[100.0, 40.0, 98.0], [60.0, 50.0, 99.0]])
FAR = torch.tensor([[200.0, 0.0, 10.0], [-200.0, -150.0, -160.0]])  # rows far apart, and within

# ---------------------------------------------------------------- tempered


def tempered(logits, temperature):
    return (logits / temperature).softmax(dim=1)


def without_keepdim(logits, temperature):
    p = (logits / temperature).exp()
    return p / p.sum(dim=1)


def powered_but_not_divided(logits, temperature):
    return logits.softmax(dim=1) ** (1 / temperature)


# ---------------------------------------------------------------- parameter_count


def parameter_count(V, T, C, H, direct, biases=True, tables=1, width=None, outlet=None):
    """The solution; every parameter after the fifth makes one of the usual mistakes."""
    width = T * C if width is None else width(T, C)
    outlet = T * C * V if outlet is None else outlet(V, T, C, H)
    return tables * V * C + width * H + H * V + biases * (H + V) + direct * outlet


def count_but(**mistake):
    return lambda *sizes: parameter_count(*sizes, **mistake)


# ---------------------------------------------------------------- split_rows

ROWS = [
    first + middle + last
    for first in "abdeklmnrst"
    for middle in ("a", "el", "io", "ar", "u")
    for last in ("", "n", "ra", "s")
]
ROWS += ROWS[::3]  # every third name stands twice


def salted(salt):
    """ROWS, with other hashes for each salt: a text's hash changes from process to process."""

    class Name(str):
        def __hash__(self):
            return hash((salt, str(self)))

    return [Name(row) for row in ROWS]


def split_rows(answer):
    """What is wrong with a split of rows, or None."""
    if misfit := misfitting(answer, lambda rows, seed: None):
        return misfit
    splits = []
    for salt, seed in ((0, 0), (0, 0), (1, 0), (0, 1)):
        rows = salted(salt)
        parts = outcome(answer, rows, seed)
        if isinstance(parts, BaseException):
            return f"it raises {raised(parts)}."
        if not isinstance(parts, (tuple, list)) or len(parts) != 2:
            return f"return two lists, train and dev; you gave {describe(parts)}."
        if rows != ROWS:
            return "the list that went in is changed; work on a copy."
        splits.append([list(map(str, part)) for part in parts])
    (train, dev), again, elsewhere, other = splits
    both = set(train) & set(dev)
    if both and len(train) + len(dev) == len(ROWS):
        return f"{len(both)} names stand in both parts, {min(both)} for one. Split names, not rows."
    if both:
        return f"{len(both)} names stand in both parts, and {len(train) + len(dev)} rows came out."
    if sorted(train + dev) == sorted(set(ROWS)):
        return "the copies are gone: keep every row, and deal a name's copies to the same side."
    if sorted(train + dev) != sorted(ROWS):
        return f"{len(ROWS)} rows went in, {len(train) + len(dev)} came out, or other names."
    names, held_back = len(set(ROWS)), len(set(dev))
    if held_back > names / 2:
        return "train and dev are swapped: the large part comes first."
    if abs(held_back - names / 10) > 1:
        return f"dev has {held_back} of {names} distinct names; it should have a tenth."
    if set(again[1]) != set(dev):
        return "the same seed gives another split the second time. Make a generator with the seed."
    if set(elsewhere[1]) != set(dev):
        return "this hangs on hashes, which differ from process to process. Sort the set of names."
    if set(other[1]) == set(dev):
        return "another seed gives the same split: nothing is drawn at random from it."
    return None


split_rows.praise = "A name is now on one side only, and dev tells the truth."

check = Exercises(
    flat_embeddings=FunctionCheck(
        flat_embeddings,
        cases=[(EMBEDDING, contexts) for contexts in CONTEXTS],
        mistakes={
            "the numbers are there, but in another order: all first numbers, then all second ones. "
            "Merge the axes as they stand, without a transpose.": lambda e, c: (
                e[c].transpose(1, 2).flatten(1)
            ),
            "the characters are added up: the order of the letters is lost, emm and mme would look "
            "the same. Put them side by side.": lambda e, c: e[c].sum(dim=1),
            "the characters are averaged: the order of the letters is lost. Put them side by "
            "side.": lambda e, c: e[c].mean(dim=1),
            "still three axes, (B, T, C). Merge the last two.": lambda e, c: e[c],
            "you have merged the batch with the places, (B·T, C): each row is one character. B "
            "must stay.": lambda e, c: e[c].flatten(0, 1),
            "everything in one row: B must stay an axis of its own.": lambda e, c: e[c].flatten(),
        },
        praise="As a lookup and a view, it takes no multiplication at all.",
    ),
    target_nll=FunctionCheck(
        target_nll,
        cases=[
            (LOGITS, torch.tensor([0, 5, 2, 2])),
            (SQUARE, torch.tensor([1, 0, 4, 2, 3])),
            (WILD, torch.tensor([2, 2])),
            (FAR, torch.tensor([1, 2])),
        ],
        mistakes={
            "this is the mean over all V log-probabilities of each row: the targets are not in it. "
            "Pick one per row.": lambda x, y: -x.log_softmax(dim=1).mean(),
            "the sign: a log-probability is negative, a loss is not.": lambda x, y: (
                -target_nll(x, y)
            ),
            "this is the sum over the batch. Take the mean, or the loss grows with the batch.": (
                lambda x, y: target_nll(x, y) * len(y)
            ),
            "this is the logarithm of the mean probability; take the mean of the logarithms.": (
                lambda x, y: -picked(x, y).mean().log()
            ),
            "the probabilities are not logarithms yet: −log, then the mean.": lambda x, y: (
                -picked(x, y).mean()
            ),
            "the softmax runs down the batch (dim=0). Each row is one distribution: dim=1.": (
                lambda x, y: -picked(x, y, dim=0).log().mean()
            ),
            "right for small logits, but exp overflows at 100. Subtract each row's largest logit "
            "first.": unsafe_nll,
            "right for likely targets, but e⁻²⁰⁰ is 0 to float32, and its logarithm "
            "−∞. Subtract logarithms, do not divide first.": lambda x, y: (
                -picked(x, y).log().mean()
            ),
            "the largest logit of the whole batch is subtracted, and a row far below it is lost. "
            "Take each row's own.": nll_with_one_maximum,
            "`[:, targets]` picks every target in every row, B × B numbers. Pair row numbers with "
            "targets: `[torch.arange(B), targets]`.": lambda x, y: (
                -x.log_softmax(dim=1)[:, y].mean()
            ),
            "the targets' logits alone are not probabilities: subtract the log of the row's sum of "
            "exponentials.": lambda x, y: -x[torch.arange(len(y)), y].mean(),
        },
        tolerance=1e-5,
        praise="F.cross_entropy does no more than that, and lives through the same logits.",
        without=["cross_entropy"],
    ),
    tempered=FunctionCheck(
        tempered,
        cases=[(SQUARE, 0.5), (SQUARE, 3.0), (SQUARE[:, :4], 1.0), (SQUARE[:2], 0.7)],
        mistakes={
            "the wrong way round: you multiply by the temperature. Hot should be flat, so "
            "divide.": lambda x, t: (x * t).softmax(dim=1),
            "the rows do not add up to 1: keepdim is missing in the sum, and on a square table "
            "nobody complains.": without_keepdim,
            "you divide the probabilities. They no longer add up to 1, and their ratios are as "
            "before. Divide the logits.": lambda x, t: x.softmax(dim=1) / t,
            "right ratios, but the rows no longer add up to 1. Divide the logits, before the "
            "softmax.": powered_but_not_divided,
            "the softmax runs down the batch (dim=0). Each row is one distribution: dim=1.": (
                lambda x, t: (x / t).softmax(dim=0)
            ),
            "these are log-probabilities. Exponentiate them.": lambda x, t: (x / t).log_softmax(1),
            "the temperature does nothing here.": lambda x, t: x.softmax(dim=1),
        },
        praise="Multiply by ten or divide by ten, the order of the letters stays; their lead does "
        "not.",
        tolerance=1e-5,
    ),
    parameter_count=FunctionCheck(
        parameter_count,
        cases=[
            (27, 3, 10, 100, False),
            (27, 5, 2, 40, False),
            (9, 4, 3, 7, True),
            (17000, 5, 60, 50, True),
        ],
        mistakes={
            "the biases are missing: H in the hidden layer, V in the output.": count_but(
                biases=False
            ),
            "you count an embedding per place. All places share one table, V × C.": lambda *sizes: (
                parameter_count(*sizes, tables=sizes[1])
            ),
            "the embedding is missing: it is trained too.": count_but(tables=0),
            "W1 sees all T characters side by side: its rows are T × C, not C.": count_but(
                width=lambda T, C: C
            ),
            "direct connections start at the embeddings: T × C rows, not T × V of one-hots.": (
                count_but(outlet=lambda V, T, C, H: T * V * V)
            ),
            "direct connections start at the embeddings and pass the hidden layer by: T × C × V, "
            "not H × V.": count_but(outlet=lambda V, T, C, H: H * V),
            "direct connections are not counted.": count_but(outlet=lambda V, T, C, H: 0),
            "direct connections are counted even where direct is False.": lambda V, T, C, H, d: (
                parameter_count(V, T, C, H, True)
            ),
        },
        praise="With 17,000 words most of them sit in the embedding and in the output.",
    ),
    split_rows=split_rows,
)
