"""Typical wrong answers to the exercises of chapter 11, and a part of what each is told."""

RUNS = "def runs_of(grid, seeds):\n    return "
WEIGHTS = "def draw_weights(times, p):\n    return "
EVENLY = "def evenly_spaced(p, number, offset):\n    return "
COSINE = """def cosine_rate(step, steps, highest, warmup):
    if step < warmup:
        return {climb}
    done = (step - warmup) / (steps - warmup)
    return {fall}
"""
CLIMB = "highest * (step + 1) / warmup"
PICK = """def pick(losses):
    means = losses.mean(dim=1)
    limit = {limit}
    best = int({best}.argmin())
    return best, (means - means[best] < limit).nonzero()[:, 0].tolist()
"""
SD = "losses.var(dim=1).mean().sqrt()"
LIMIT = f"2 * {SD} * (2 / losses.shape[1]) ** 0.5"

WRONG_ANSWERS = {
    "runs_of": [
        (RUNS + "sum(len(values) for values in grid.values()) * seeds\n", "A grid multiplies"),
        (RUNS + "math.prod(len(values) for values in grid.values())\n", "once per seed"),
        (RUNS + "math.prod(len(v) for v in grid.values()) + seeds\n", "seeds are added"),
        (RUNS + "len(grid) * seeds\n", "Multiply the lengths"),
    ],
    "draw_weights": [
        (WEIGHTS + "times\n", "the times alone"),
        (WEIGHTS + "times / times.sum()\n", "the shares alone"),
        (WEIGHTS + "p * times.sum() / times\n", "upside down"),
        (WEIGHTS + "times / p\n", "Make n a share first"),
        (WEIGHTS + "1 / p\n", "count alike"),
        (WEIGHTS + "times / p / (times / p).sum()\n", "over the *drawn* ones"),
    ],
    "evenly_spaced": [
        (
            EVENLY + "torch.searchsorted(p, (torch.arange(number) + offset) / number)\n",
            "the running sum",
        ),
        (
            EVENLY + "torch.searchsorted(p.cumsum(0), torch.arange(number) / number)\n",
            "the offset is missing",
        ),
        (
            EVENLY + "torch.searchsorted(p.cumsum(0), torch.arange(number) / number + offset)\n",
            "leave the line",
        ),
        (EVENLY + "(torch.arange(number) + offset) / number\n", "on whose piece"),
        (
            EVENLY
            + "torch.searchsorted(p.cumsum(0), (torch.arange(number) + offset) / number) + 1\n",
            "one too far",
        ),
        (EVENLY + "torch.multinomial(p, number, replacement=True)\n", "for ("),
    ],
    "cosine_rate": [
        (
            COSINE.format(climb=CLIMB, fall="highest * (1 - done)"),
            "the fall is a straight line",
        ),
        (
            COSINE.format(climb=CLIMB, fall="highest * math.cos(math.pi * done)"),
            "lift it by 1",
        ),
        (
            COSINE.format(climb=CLIMB, fall="highest * (1 + math.cos(math.pi * done))"),
            "twice too high",
        ),
        (
            COSINE.format(climb=CLIMB, fall="highest * (1 + math.cos(math.tau * done)) / 2"),
            "half a turn",
        ),
        (
            COSINE.format(
                climb="highest * step / warmup", fall="highest * (1 + math.cos(math.pi * done)) / 2"
            ),
            "late by one step",
        ),
        (
            COSINE.format(climb=CLIMB, fall="highest * (1 + math.cos(math.pi * step / steps)) / 2"),
            "counts from step 0",
        ),
        (
            "def cosine_rate(step, steps, highest, warmup):\n"
            "    return highest * (1 + math.cos(math.pi * step / steps)) / 2\n",
            "no warmup",
        ),
    ],
    "pick": [
        (PICK.format(limit=LIMIT, best="losses.min(dim=1).values"), "the luckiest"),
        (PICK.format(limit=LIMIT, best="losses.std(dim=1)"), "the calmest"),
        (PICK.format(limit=LIMIT[4:], best="means"), "one standard error"),
        (PICK.format(limit=f"2 * {SD} * 2**0.5", best="means"), "means of n runs"),
        (
            PICK.format(limit="2 * losses.std() * (2 / losses.shape[1]) ** 0.5", best="means"),
            "taken over all losses",
        ),
        (
            PICK.format(limit=LIMIT, best="means")
            .replace("].tolist()", "].tolist()[1:]")
            .replace("(means - means[best]", "(means.sort().values - means[best]"),
            "for (",
        ),
    ],
}
