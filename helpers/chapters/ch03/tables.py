"""Tables of counts as chapter 03's exercises ask for them, and as they are often got wrong."""

import math

import torch

from helpers.data import windows

# ---------------------------------------------------------------- interpolated


def row_probabilities(counts, added=0.0):
    raised = counts + added
    return raised / raised.sum(dim=-1, keepdim=True)


def column_frequencies(counts):
    return counts.sum(dim=0) / counts.sum()


def interpolated(
    counts, weight, bigram=row_probabilities, unigram=column_frequencies, swapped=False
):
    """The solution; every parameter after the second makes one of the usual mistakes."""
    share = 1 - weight if swapped else weight
    return (1 - share) * bigram(counts) + share * unigram(counts)


def interpolated_but(**mistake):
    return lambda *arguments: interpolated(*arguments, **mistake)


# In these two a character does not come after another as often as before one.
TABLES = [
    torch.tensor([[8, 1, 1], [1, 2, 6], [5, 5, 30]], dtype=torch.float64),
    torch.tensor([[0, 3], [2, 9]], dtype=torch.float64),
]

# ---------------------------------------------------------------- bits_per_character

NAMES = ["emma", "liam", "ava", "mila", "ella", "ali", "mia", "lea", "liv", "eli", "amal", "levi"]


def table(names=NAMES, added=0.1):
    """The bigram table of a few names; small, so that a check is quick."""
    context, target = windows(names, 1)
    counts = torch.bincount(27 * context[:, 0] + target, minlength=27 * 27).view(27, 27)
    return row_probabilities(counts.double(), added)


def log_probabilities(probabilities, names):
    context, target = windows(names, 1)
    return probabilities[context[:, 0], target].log()


def bits_per_character(probabilities, names):
    return float(-log_probabilities(probabilities, names).mean()) / math.log(2)


def mean_of_means(probabilities, names):
    return sum(bits_per_character(probabilities, [name]) for name in names) / len(names)


def without(first, last):
    """Bits where the pair with the first dot, or the one with the last, is left out."""

    def bits(probabilities, names):
        logs = [log_probabilities(probabilities, [name]) for name in names]
        kept = torch.cat([log[1 if first else 0 : -1 if last else None] for log in logs])
        return float(-kept.mean()) / math.log(2)

    return bits


# ---------------------------------------------------------------- trigram_nll


def trigrams(names, dots):
    """Context (N, 2) and target (N,); with one dot in front, nothing predicts the first letter."""
    context, target = windows(names, 2)
    kept = context.sum(dim=1) >= (0 if dots == 2 else 1)
    return context[kept], target[kept]


def trigram_nll(train, held_out, added, dots=2, normalize=row_probabilities):
    context, target = trigrams(train, dots)
    number = (27 * context[:, 0] + context[:, 1]) * 27 + target
    counts = torch.bincount(number, minlength=27**3).view(27, 27, 27).double()
    probabilities = normalize(counts, added)
    context, target = trigrams(held_out, dots)
    return float(-probabilities[context[:, 0], context[:, 1], target].log().mean())


def trigram_but(**mistake):
    return lambda *arguments: trigram_nll(*arguments, **mistake)


def bigram_nll(train, held_out, added):
    context, target = windows(train, 1)
    counts = torch.bincount(27 * context[:, 0] + target, minlength=27 * 27).view(27, 27)
    probabilities = row_probabilities(counts.double(), added)
    return float(-log_probabilities(probabilities, held_out).mean())
