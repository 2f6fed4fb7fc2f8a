"""The exercises of chapter 10, words, and the mistakes that they know."""

import math
from collections import Counter

import torch

from helpers.exercises import Exercises, FunctionCheck

# ---------------------------------------------------------------- merged_vocabulary

TEXT = [*"aaaabbii", "is", "is", "it", "it", "it", "fact", "z", "z", ".", "!"]
SHORT = ["to", "be", "or", "not", "to", "be", "to"]


def merged_vocabulary(tokens, minimum, at_least=0, rare=True, key=None):
    """The solution; every parameter after the second makes one of the usual mistakes."""
    counts = Counter(tokens)
    kept = [word for word in counts if counts[word] >= minimum + at_least]
    return ["<rare>"] * rare + sorted(kept, key=key or (lambda word: (-counts[word], word)))


def by_count_alone(tokens, minimum):
    return ["<rare>"] + [word for word, n in Counter(tokens).most_common() if n >= minimum]


def least_frequent_first(tokens, minimum):
    counts = Counter(tokens)
    return merged_vocabulary(tokens, minimum, key=lambda word: (counts[word], word))


# ---------------------------------------------------------------- continuation

PAIRS = torch.tensor(
    [[0, 1], [0, 1], [0, 1], [2, 1], [1, 0], [3, 0], [2, 0], [1, 3], [1, 3], [3, 3], [0, 2]]
)


def continuation(pairs, V):
    kinds = pairs.unique(dim=0)
    return torch.bincount(kinds[:, 1], minlength=V) / len(kinds)


def share(words, V):
    return torch.bincount(words, minlength=V) / len(words)


# ---------------------------------------------------------------- perplexity

CHANCES = [torch.tensor([0.5, 0.25, 0.1]), torch.tensor([0.02, 0.9, 0.3, 0.004])]


def perplexity(p):
    return p.log().mean().neg().exp()


# ---------------------------------------------------------------- mixed_nll

NLLS = torch.rand(2, 6, generator=torch.Generator().manual_seed(1)) * 5 + 0.5


def mixed_nll(nll_a, nll_b, weight):
    return -(weight * (-nll_a).exp() + (1 - weight) * (-nll_b).exp()).log().mean()


# ---------------------------------------------------------------- corrected

SOME = torch.Generator().manual_seed(10)
Q = torch.tensor([0.4, 0.3, 0.15, 0.1, 0.05])
TARGETS = [torch.tensor([0, 3, 0, 1]), torch.tensor([4, 2, 1])]
LOGITS = [torch.randn(4, 4, generator=SOME), torch.randn(3, 3, generator=SOME)]


def corrected(logits, targets, q, correction=None, mask=True, own=False):
    """The solution; every parameter after the third makes one of the usual mistakes."""
    lowered = logits + (-q.log()[targets] if correction is None else correction(q, targets))
    same = targets[:, None] == targets
    if not own:
        same = same & ~torch.eye(len(targets), dtype=torch.bool)
    return lowered.masked_fill(same, -math.inf) if mask else lowered


def but(**mistake):
    return lambda logits, targets, q: corrected(logits, targets, q, **mistake)


check = Exercises(
    merged_vocabulary=FunctionCheck(
        merged_vocabulary,
        cases=[(TEXT, 2), (TEXT, 3), (SHORT, 1)],
        mistakes={
            "a word seen exactly `minimum` times is kept.": (
                lambda tokens, minimum: merged_vocabulary(tokens, minimum, at_least=1)
            ),
            'the others need a place: "<rare>", at number 0.': (
                lambda tokens, minimum: merged_vocabulary(tokens, minimum, rare=False)
            ),
            "the most frequent word comes first; yours stand in alphabetical order.": (
                lambda tokens, minimum: merged_vocabulary(tokens, minimum, key=str)
            ),
            "ties stand in alphabetical order, or another text order gives other numbers.": (
                by_count_alone
            ),
            "upside down: the most frequent word comes first.": least_frequent_first,
        },
        praise="Count it on train alone, and dev keeps its surprises.",
    ),
    continuation=FunctionCheck(
        continuation,
        cases=[(PAIRS, 4), (PAIRS[:7], 4), (PAIRS, 6)],
        mistakes={
            "a pair that occurs three times is still one pair: this is how often words occur.": (
                lambda pairs, V: share(pairs[:, 1], V)
            ),
            "you counted the words that follow; count those that come before.": (
                lambda pairs, V: share(pairs.unique(dim=0)[:, 0], V)
            ),
            "these are counts; divide by the number of different pairs.": (
                lambda pairs, V: torch.bincount(pairs.unique(dim=0)[:, 1], minlength=V)
            ),
            "divide by the number of different pairs, not of all pairs.": (
                lambda pairs, V: torch.bincount(pairs.unique(dim=0)[:, 1], minlength=V) / len(pairs)
            ),
            "the shares are right, the length is not: a word without a pair has a place too.": (
                lambda pairs, V: continuation(pairs, 0)
            ),
        },
        praise="Francisco is often seen, and always with San.",
    ),
    perplexity=FunctionCheck(
        perplexity,
        cases=[(p,) for p in CHANCES],
        mistakes={
            "this is 1 over the mean probability; the mean is taken of the logarithms.": (
                lambda p: 1 / p.mean()
            ),
            "this is the mean of 1/p; one surprise outweighs all else. Average the logarithms.": (
                lambda p: (1 / p).mean()
            ),
            "this is the NLL in nats; the perplexity is its exponential.": (
                lambda p: -p.log().mean()
            ),
            "2 to the power of nats: the logarithm and the power need the same base.": (
                lambda p: 2 ** -p.log().mean()
            ),
            "below 1: a minus is missing.": lambda p: p.log().mean().exp(),
            "this is bits per word; the perplexity is 2 to that power.": lambda p: -p.log2().mean(),
        },
        praise="As many equal choices would be as hard to foresee.",
        tolerance=1e-4,
    ),
    mixed_nll=FunctionCheck(
        mixed_nll,
        cases=[(*NLLS, 0.5), (*NLLS, 0.2), (*NLLS, 1.0)],
        mistakes={
            "you mixed the losses. Mix probabilities, then take the logarithm.": (
                lambda a, b, w: (w * a + (1 - w) * b).mean()
            ),
            "you averaged first and mixed after. Mix word by word.": (
                lambda a, b, w: -(w * (-a.mean()).exp() + (1 - w) * (-b.mean()).exp()).log()
            ),
            "the weight is on the wrong model: it belongs to the first.": (
                lambda a, b, w: mixed_nll(b, a, w)
            ),
            "the mean comes after the logarithm, not before.": (
                lambda a, b, w: -(w * (-a).exp() + (1 - w) * (-b).exp()).mean().log()
            ),
            "one loss per word; return their mean.": (
                lambda a, b, w: -(w * (-a).exp() + (1 - w) * (-b).exp()).log()
            ),
        },
        praise="Never worse than the same mixture of the two losses.",
        tolerance=1e-4,
    ),
    corrected=FunctionCheck(
        corrected,
        cases=[(logits, targets, Q) for logits, targets in zip(LOGITS, TARGETS, strict=True)],
        mistakes={
            "the correction is missing: subtract the logarithm of q.": (
                but(correction=lambda q, targets: 0)
            ),
            "the wrong sign: a word that is drawn often must count less.": (
                but(correction=lambda q, targets: q.log()[targets])
            ),
            "subtract the logarithm of q, not q.": but(correction=lambda q, t: -q[t]),
            "you corrected by the row's target. Column j belongs to candidate targets[j].": (
                but(correction=lambda q, targets: -q.log()[targets][:, None])
            ),
            "a window's own target stands in another column too. Mask it there.": but(mask=False),
            "you masked the diagonal: there each window's own target must stay.": but(own=True),
        },
        praise="A few hundred logits now stand in for thousands.",
        tolerance=1e-4,
    ),
)
