"""The exercises of chapter 11, sweeps and the final model, and the mistakes that they know."""

import math

import torch

from helpers.exercises import Exercises, FunctionCheck


def runs_of(grid, seeds):
    return math.prod(len(values) for values in grid.values()) * seeds


def draw_weights(times, p):
    return times / times.sum() / p


def evenly_spaced(p, number, offset):
    return torch.searchsorted(p.cumsum(0), (torch.arange(number) + offset) / number)


def cosine_rate(step, steps, highest, warmup):
    if step < warmup:
        return highest * (step + 1) / warmup
    done = (step - warmup) / (steps - warmup)
    return highest * (1 + math.cos(math.pi * done)) / 2


def warmed(step, highest, warmup, fall):
    """The climb as it should be, and `fall()` in place of the way down."""
    return highest * (step + 1) / warmup if step < warmup else fall()


def pick(losses, center=None, scale=2.0, n=None, correction=1, per_seed=True):
    """The solution, and by its arguments the usual mistakes."""
    means = losses.mean(dim=1)
    ranked = means if center is None else center(losses)
    sd = losses.var(dim=1, correction=correction).mean().sqrt()
    limit = scale * sd * (2 / losses.shape[1] if per_seed else 2) ** 0.5
    best = int(ranked.argmin())
    return best, (means - means[best] < limit).nonzero()[:, 0].tolist()


def spread_of_all(losses):
    means = losses.mean(dim=1)
    limit = 2 * losses.std() * (2 / losses.shape[1]) ** 0.5
    return int(means.argmin()), (means - means.min() < limit).nonzero()[:, 0].tolist()


def by_median(losses):
    medians = losses.median(dim=1).values
    limit = 2 * losses.var(dim=1).mean().sqrt() * (2 / losses.shape[1]) ** 0.5
    return int(medians.argmin()), (medians - medians.min() < limit).nonzero()[:, 0].tolist()


def without_winner(losses):
    best, level = pick(losses)
    return best, [place for place in level if place != best]


# Seven settings, three seeds. The lowest run of all stands in row 4, the calmest row is row 5.
LOSSES = torch.tensor(
    [
        [2.124, 2.116, 2.132],
        [2.100, 2.104, 2.108],
        [2.109, 2.105, 2.113],
        [2.116, 2.110, 2.122],
        [2.090, 2.124, 2.116],
        [2.160, 2.161, 2.162],
        [2.130, 2.133, 2.136],
    ]
)
SKEWED = torch.tensor([[2.1, 2.1, 2.16], [2.11, 2.11, 2.11], [2.2, 2.21, 2.22]])
# Eight seeds; two standard errors are 0.0107, and three 0.0160.
LEVELS = torch.tensor([[2.0], [2.01], [2.0113], [2.0155]]) + torch.tensor([0.01, -0.01] * 4)
P = torch.tensor([0.5, 0.25, 0.125, 0.125], dtype=torch.float64)
TIMES = torch.tensor([60.0, 20.0, 15.0, 5.0])

check = Exercises(
    runs_of=FunctionCheck(
        runs_of,
        cases=[
            ({"a": [1, 2, 3], "b": [1, 2, 3, 4]}, 5),
            ({"a": [1], "b": [7, 8], "c": [9]}, 3),
        ],
        mistakes={
            "you have added the numbers of values. A grid multiplies: every value of one setting "
            "meets every value of the others.": lambda grid, seeds: (
                sum(map(len, grid.values())) * seeds
            ),
            "these are the combinations. Each is trained once per seed.": lambda grid, seeds: (
                runs_of(grid, 1)
            ),
            "the seeds are added. Every combination is trained with every seed.": lambda g, seeds: (
                runs_of(g, 1) + seeds
            ),
            "this is the number of lists, times the seeds. Multiply the lengths.": lambda g, s: (
                len(g) * s
            ),
        },
        praise="Multiply by the seconds of a run before you press Enter.",
    ),
    draw_weights=FunctionCheck(
        draw_weights,
        cases=[(TIMES, P.float()), (torch.tensor([3.0, 1.0]), torch.tensor([0.5, 0.5]))],
        mistakes={
            "these are the times alone. How often a context is *drawn* has to be divided "
            "away.": lambda times, p: times,
            "these are the shares alone, n / N. How often a context is *drawn* has to be divided "
            "away too.": lambda times, p: times / times.sum(),
            "upside down: a context that is drawn too often would count more, not "
            "less.": lambda times, p: p / (times / times.sum()),
            "n / p with n as a count: the loss comes out as many times too large as there are "
            "windows. Make n a share first.": lambda times, p: times / p,
            "1 / p makes all contexts count alike, whether they occur once or a thousand "
            "times.": lambda times, p: 1 / p,
            "these weights add up to 1 over all contexts. It is their mean over the *drawn* ones "
            "that must be 1: with the probabilities `p`.": lambda times, p: (
                times / p / (times / p).sum()
            ),
        },
        praise="Draw as you like, and divide by how you drew.",
        tolerance=1e-4,
    ),
    evenly_spaced=FunctionCheck(
        evenly_spaced,
        cases=[(P, 8, 0.5), (P, 5, 0.3), (P.flip(0), 8, 0.9)],
        mistakes={
            "the points are searched among the pieces' *lengths*, which are not even in order. "
            "Search among the places where they end: the running sum.": lambda p, number, offset: (
                torch.searchsorted(p, (torch.arange(number) + offset) / number)
            ),
            "the points start at 0: the offset is missing, and every batch would draw the same "
            "rows.": lambda p, number, offset: evenly_spaced(p, number, 0.0),
            "the offset is added after dividing: points leave the line at its far "
            "end.": lambda p, number, offset: torch.searchsorted(
                p.cumsum(0), torch.arange(number) / number + offset
            ),
            "these are the points. Say for each on whose piece it falls.": lambda p, n, offset: (
                (torch.arange(n) + offset) / n
            ),
            "one too far: searchsorted counts the ends that lie below a point, and that is its row "
            "already.": lambda p, number, offset: evenly_spaced(p, number, offset) + 1,
        },
        praise="With one random number per batch, the frequent contexts come as often as they "
        "should, almost to the piece.",
    ),
    cosine_rate=FunctionCheck(
        cosine_rate,
        cases=[(step, 100, 0.03, 10) for step in (0, 5, 9, 10, 11, 55, 99)],
        mistakes={
            "there is no warmup: the first steps should climb to `highest`.": lambda s, n, top, w: (
                top * (1 + math.cos(math.pi * s / n)) / 2
            ),
            "the climb is right, the fall is a straight line.": lambda s, n, top, w: warmed(
                s, top, w, lambda: top * (1 - (s - w) / (n - w))
            ),
            "the fall counts from step 0. It begins at step `warmup`.": lambda s, n, top, w: warmed(
                s, top, w, lambda: top * (1 + math.cos(math.pi * s / n)) / 2
            ),
            "the fall is a whole turn and comes up again: half a turn is π.": lambda s, n, top, w: (
                warmed(s, top, w, lambda: top * (1 + math.cos(2 * math.pi * (s - w) / (n - w))) / 2)
            ),
            "the rate ends below zero: cos goes down to −1, so lift it by 1 and halve "
            "it.": lambda s, n, top, w: warmed(
                s, top, w, lambda: top * math.cos(math.pi * (s - w) / (n - w))
            ),
            "twice too high on the way down: 1 + cos starts at 2.": lambda s, n, top, w: warmed(
                s, top, w, lambda: top * (1 + math.cos(math.pi * (s - w) / (n - w)))
            ),
            "the climb is late by one step: step 0 should already move, at "
            "`highest / warmup`.": lambda s, n, top, w: (
                top * s / w if s < w else cosine_rate(s, n, top, w)
            ),
        },
        praise="Gentle at both ends, and Adam's first, rash steps are held back.",
    ),
    pick=FunctionCheck(
        pick,
        cases=[(LOSSES,), (LOSSES.flip(0)[1:5],), (SKEWED,), (LEVELS,)],
        mistakes={
            "these are medians. The mean of a setting's losses is asked for.": by_median,
            "this is the setting with the lowest single run, the luckiest. Compare "
            "means.": lambda losses: pick(losses, center=lambda x: x.min(dim=1).values),
            "this is the calmest setting, not the best. Compare means.": lambda losses: pick(
                losses, center=lambda x: x.std(dim=1)
            ),
            "the limit is one standard error of the difference. Chance exceeds that in one case of "
            "three: take two.": lambda losses: pick(losses, scale=1.0),
            "the limit is made of the spread of single runs. These are means of n runs: divide "
            "by √n.": lambda losses: pick(losses, per_seed=False),
            "the spread is taken over all losses, so it also holds the differences between "
            "settings. Take the variance of each setting, then their mean.": spread_of_all,
            "right, but the winner belongs in the list too.": without_winner,
        },
        praise="Report the winner, and with it all that might have won.",
    ),
)
