"""The exercises of chapter 03, bigram, and the mistakes that they know."""

import math

import torch

from helpers.chapters.ch03.gradients import (
    COUNTS,
    LOGITS,
    TARGETS,
    WEIGHTS,
    gradient_of_logits,
    gradient_over_all_numbers,
    gradient_softmax_down,
    logit_gradient,
    nll_gradient,
    penalized_but,
    penalized_gradient,
    slope_of_mean_square,
)
from helpers.chapters.ch03.tables import (
    NAMES,
    TABLES,
    bigram_nll,
    bits_per_character,
    column_frequencies,
    interpolated,
    interpolated_but,
    mean_of_means,
    row_probabilities,
    table,
    trigram_but,
    trigram_nll,
    without,
)
from helpers.data import VOCABULARY, encode
from helpers.exercises import Exercises, FunctionCheck

# ---------------------------------------------------------------- complete


def draw(row, dart):
    return int((dart >= row.cumsum(0)[:-1]).sum())


def complete(
    beginning,
    probabilities,
    darts,
    start=lambda beginning: beginning[-1],
    pick=draw,
    move=True,
    result=lambda beginning, new, stopped: beginning + new,
):
    """The solution; every parameter after the third makes one of the usual mistakes."""
    current, new = encode(start(beginning))[0], ""
    for dart in darts:
        following = pick(probabilities[current], dart)
        if following == 0:
            return result(beginning, new, True)
        new += VOCABULARY[following]
        current = following if move else current
    return result(beginning, new, False)


def complete_but(**mistake):
    return lambda *arguments: complete(*arguments, **mistake)


def off_by_one(row, dart):
    return min(draw(row, dart) + 1, len(row) - 1)


def one_dart_for_all(beginning, probabilities, darts):
    return complete(beginning, probabilities, darts[:1] * len(darts))


def with_dot(beginning, new, stopped):
    return beginning + new + ("." if stopped else "")


DARTS = torch.rand(40, generator=torch.Generator().manual_seed(1), dtype=torch.float64).tolist()

check = Exercises(
    interpolated=FunctionCheck(
        interpolated,
        cases=[(counts, weight) for counts in TABLES for weight in (0.1, 0.7)],
        mistakes={
            "the sums of the rows have lost their axis. Without keepdim=True torch lays them under "
            "the table and divides columns, without a warning.": interpolated_but(
                bigram=lambda c: c / c.sum(dim=1)
            ),
            "the bigram's columns add up to 1, where its rows should: sum along dim=1.": (
                interpolated_but(bigram=lambda c: c / c.sum(dim=0, keepdim=True))
            ),
            "the bigram is divided by the sum of the whole table. Each row has its own "
            "sum.": interpolated_but(bigram=lambda c: c / c.sum()),
            "the unigram counts how often a character comes before another. Sum the columns, "
            "dim=0.": interpolated_but(unigram=lambda c: c.sum(dim=1) / c.sum()),
            "the unigram is still counts. Divide it by the sum of all counts.": interpolated_but(
                unigram=lambda c: c.sum(dim=0)
            ),
            "this mixes with uniform. The question is about the frequencies of the "
            "characters.": interpolated_but(unigram=lambda c: 1 / c.shape[1]),
            "the weights have changed places: a weight of 0 should be the plain "
            "bigram.": interpolated_but(swapped=True),
            "the bigram keeps its full weight, so the rows add up to more than 1. It gets "
            "1 - weight.": lambda c, w: row_probabilities(c) + w * column_frequencies(c),
            "the counts were mixed before dividing. Make both parts probabilities, then "
            "mix.": lambda c, w: row_probabilities((1 - w) * c + w * c.sum(dim=0)),
        },
        praise="Better smoothers start here, with a weight that depends on the row.",
    ),
    bits_per_character=FunctionCheck(
        bits_per_character,
        cases=[
            (table(), ["emma", "ava"]),
            (table(), ["al", "amelia", "levi"]),
            (table(), ["mia"]),
        ],
        mistakes={
            "this is in nats: the natural logarithm. For bits, take log2 or divide by "
            "ln 2.": lambda p, n: bits_per_character(p, n) * math.log(2),
            "this is the logarithm to base 10. Bits are to base 2.": lambda p, n: (
                bits_per_character(p, n) * math.log10(2)
            ),
            "the sign is turned: logarithms of probabilities are negative, a cost is "
            "positive.": lambda p, n: -bits_per_character(p, n),
            "this is the sum over all characters. Take the mean, so that long lists and short "
            "ones compare.": lambda p, n: (
                bits_per_character(p, n) * sum(len(name) + 1 for name in n)
            ),
            "this is the mean over all cells of the table. Only the pairs that occur in the names "
            "count.": lambda p, n: float(-p.log2().mean()),
            "the first pair is missing: the dot before the first letter is where a name "
            "begins.": without(first=True, last=False),
            "the last pair is missing: ending is a character too, the dot.": without(
                first=False, last=True
            ),
            "both dots are missing. Beginning and end cost bits as well.": without(
                first=True, last=True
            ),
            "this averages the names' averages, so a letter of a short name weighs more. Average "
            "over all characters at once.": mean_of_means,
            "you divided by the number of names. The question is about characters, dots "
            "included.": lambda p, n: (
                bits_per_character(p, n) * sum(len(name) + 1 for name in n) / len(n)
            ),
            "this is the perplexity. Bits are the NLL divided by ln 2.": lambda p, n: (
                2 ** bits_per_character(p, n)
            ),
        },
        praise="Two to the power of it is the perplexity.",
    ),
    complete=FunctionCheck(
        complete,
        cases=[
            ("mar", table(), DARTS[:12]),
            ("el", table(), DARTS[12:30]),
            ("a", table(), DARTS[20:]),
            ("li", table(), DARTS[5:7]),
            ("em", table(), []),
        ],
        mistakes={
            "this begins at the dot, as if there were no beginning. The last letter given says "
            "which row comes first.": complete_but(start=lambda beginning: "."),
            "the first row is that of the beginning's first letter. The character to continue is "
            "its last one.": complete_but(start=lambda beginning: beginning[0]),
            "this takes the most probable character each time, whatever the dart. Sampling asks "
            "the dart.": complete_but(pick=lambda row, dart: int(row.argmax())),
            "only the new letters come back. Put the beginning in front.": complete_but(
                result=lambda beginning, new, stopped: new
            ),
            "the dot at the end belongs to the model, not to the name. Leave it out.": complete_but(
                result=with_dot
            ),
            "every character is drawn from the same row. After each draw the new character is "
            "the current one.": complete_but(move=False),
            "the same dart is thrown again and again. Take the next one for each "
            "character.": one_dart_for_all,
            "each draw lands one piece too far: the number of edges that the dart has passed is "
            "the answer, without adding 1.": complete_but(pick=off_by_one),
        },
        praise="The same loop writes sentences in chapter 10, a word at a time.",
    ),
    logit_gradient=FunctionCheck(
        logit_gradient,
        cases=[(LOGITS, TARGETS), (3 * LOGITS[:2], TARGETS[:2]), (LOGITS[:1], TARGETS[2:3])],
        mistakes={
            "the sign is turned: this is the way down, and the gradient points up.": lambda x, t: (
                -logit_gradient(x, t)
            ),
            "this is the gradient of the sum of the losses. F.cross_entropy takes the mean over "
            "the batch.": lambda x, t: logit_gradient(x, t) * len(t),
            "this divides by the number of logits. The mean runs over the B examples "
            "only.": gradient_over_all_numbers,
            "the softmax runs down the batch. Each example is a distribution over the 27 "
            "characters, dim=1.": gradient_softmax_down,
            "the targets have no part in this. Subtract 1 at each example's target before "
            "dividing.": lambda x, t: x.softmax(dim=1) / len(t),
            "these are the logits minus the targets. Turn the logits into probabilities "
            "first.": gradient_of_logits,
        },
        without=["autograd"],
        praise="Said minus counted: this is the top of every backward pass to come.",
    ),
    penalized_gradient=FunctionCheck(
        penalized_gradient,
        cases=[(WEIGHTS, COUNTS, 3.0), (2 * WEIGHTS, COUNTS.T**2, 0.5)],
        mistakes={
            "the penalty has no part in this. Add its slope.": penalized_but(
                spring=lambda W: 0 * W
            ),
            "the loss has no part in this, only the penalty.": (
                lambda W, counts, strength: strength * slope_of_mean_square(W)
            ),
            "the slope of w² is 2w; the 2 is missing.": penalized_but(
                spring=lambda W: W / W.numel()
            ),
            "this is the slope of the sum of the squares. The penalty takes their mean, over 729 "
            "weights.": penalized_but(spring=lambda W: 2 * W),
            "the mean runs over all 729 weights, not over the 27 of a row.": penalized_but(
                spring=lambda W: 2 * W / len(W)
            ),
            "this adds the penalty itself, where its slope belongs.": penalized_but(
                spring=lambda W: W.square().mean()
            ),
            "the penalty's sign is turned: its slope points away from 0, as W does.": penalized_but(
                spring=lambda W: -2 * W / W.numel()
            ),
            "the rows have lost their shares of all pairs.": penalized_but(share=torch.ones_like),
            "this is the gradient of the sum over all pairs. The NLL is their mean.": penalized_but(
                share=lambda rows: rows
            ),
            "the sums of the rows have lost their axis, and columns were divided: "
            "keepdim=True.": penalized_but(keepdim=False),
            "the softmax runs down the columns. A row of W belongs to one character before, "
            "dim=1.": penalized_but(dim=0),
            "the counts are still counts. Divide each row by its sum.": penalized_but(
                counted=lambda counts, rows: counts
            ),
            "the sign of the first part is turned: what the network says, minus what was "
            "counted.": (
                lambda W, counts, strength: (
                    penalized_gradient(W, counts, strength) - 2 * nll_gradient(W, counts)
                )
            ),
            "all of it has the sign turned: this is the way down, and the gradient points "
            "up.": lambda W, counts, strength: -penalized_gradient(W, counts, strength),
        },
        without=["autograd"],
        praise="Where the two parts cancel, neither the counts nor the zeros have won.",
    ),
    trigram_nll=FunctionCheck(
        trigram_nll,
        cases=[
            (NAMES, ["emil", "mavi", "leia"], 1),
            (NAMES[:8], ["ella", "al", "vlad"], 0.1),
            (NAMES[3:], ["mia"], 3),
        ],
        mistakes={
            "this is the bigram: one character of memory. The context has two.": bigram_nll,
            "the names begin with one dot only, so nothing predicts the first letter. Pad with "
            "two, as windows(names, 2) does.": trigram_but(dots=1),
            "this scores the names it was counted from. Score held_out.": lambda t, h, a: (
                trigram_nll(t, t, a)
            ),
            "the two lists have changed places: count train, score held_out.": lambda t, h, a: (
                trigram_nll(h, t, a)
            ),
            "the sums have lost their axis: keepdim=True is missing, and (27, 27, 27) / (27, 27) "
            "fits without a warning.": trigram_but(
                normalize=lambda c, a: (c + a) / (c + a).sum(dim=-1)
            ),
            "the sum runs along the middle axis. The next character is the last one, "
            "dim=-1.": trigram_but(normalize=lambda c, a: (c + a) / (c + a).sum(1, keepdim=True)),
            "the sum runs along the first axis. The next character is the last one, "
            "dim=-1.": trigram_but(normalize=lambda c, a: (c + a) / (c + a).sum(0, keepdim=True)),
            "a single sum over the whole table makes the probability of three characters "
            "together. Each row of 27 adds up to 1.": trigram_but(
                normalize=lambda c, a: (c + a) / (c + a).sum()
            ),
            "not smoothed: `added` has no part in it, and a trigram never seen costs "
            "infinitely much.": lambda t, h, a: trigram_nll(t, h, 0),
            "this is the sum. Take the mean over all characters of held_out.": lambda t, h, a: (
                trigram_nll(t, h, a) * sum(len(name) + 1 for name in h)
            ),
            "the sign is turned: an NLL is positive.": lambda t, h, a: -trigram_nll(t, h, a),
            "this is in bits. The NLL of this chapter is in nats, the natural "
            "logarithm.": lambda t, h, a: trigram_nll(t, h, a) / math.log(2),
        },
        praise="On train and dev of this chapter the trigram is about 0.2 nats better than the "
        "bigram.",
    ),
)
