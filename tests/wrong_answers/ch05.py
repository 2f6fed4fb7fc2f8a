"""Typical wrong answers to the exercises of chapter 05, and a part of what each is told."""

MEAN = "def mean_loss(means, sizes):\n    return "
STOP = """def early_stop(train, dev, patience):
    best, waited = 0, 0
    for place, loss in enumerate(dev):
        if place == 0 or loss < dev[best]:
            best, waited = place, 0
        else:
            waited += 1
        if waited == patience:
            return best, place
    return best, len(dev) - 1
"""
BEST = """def best_weights(weights, update, dev_loss, steps):
    best, kept = dev_loss(weights), weights.clone()
    for _ in range(steps):
        update(weights)
        loss = dev_loss(weights)
        if loss < best:
            best, kept = loss, weights.clone()
    return kept
"""
GAIN = "def paired_gain(a, b):\n    gains = a - b\n    return "
RUNS = "def runs_needed(pilot, difference):\n    sd = pilot.std().item()\n    return "

WRONG_ANSWERS = {
    "mean_loss": [
        (MEAN + "sum(means) / len(means)\n", "mean of the means"),
        (MEAN + "sum(m * s for m, s in zip(means, sizes))\n", "sum of all losses"),
        (MEAN + "sum(m * s for m, s in zip(means, sizes)) / len(sizes)\n", "number of pieces"),
        (MEAN + "sum(means) / sum(sizes)\n", "Multiply each by its size"),
    ],
    "early_stop": [
        (
            STOP.replace("enumerate(dev)", "enumerate(train)").replace("dev[", "train["),
            "train loss",
        ),
        (STOP.replace("best, waited = place, 0", "best = place"), "never set back"),
        (
            STOP.replace(
                "        if place == 0 or loss < dev[best]:\n            best, waited = place, 0\n",
                "        if loss < dev[best]:\n            best = place\n"
                "        if place == 0 or loss < dev[place - 1]:\n            waited = 0\n",
            ),
            "the one before",
        ),
        (STOP.replace("loss < dev", "loss <= dev"), "equal loss"),
        (STOP.replace("waited == patience", "waited > patience"), "one measurement too many"),
        (STOP.replace("return best, ", "return place, "), "where it stopped"),
        (STOP.replace("return best, ", "return dev.index(min(dev)), "), "never made"),
    ],
    "best_weights": [
        (BEST.replace("weights.clone()", "weights"), "shares the memory"),
        (BEST.replace("return kept", "return weights.clone()"), "copy of the last"),
        (BEST.replace("loss < best", "loss > best"), "highest dev loss"),
        (
            BEST.replace("dev_loss(weights), weights.clone()\n", 'float("inf"), None\n', 1),
            "before the first step",
        ),
    ],
    "paired_gain": [
        (GAIN + "gains.mean(), gains.std()\n", "less, by √n"),
        (GAIN + "gains.mean(), gains.std(correction=0) / len(a) ** 0.5\n", "take n - 1"),
        (
            GAIN + "a.mean() - b.mean(), ((a.var() + b.var()) / len(a)) ** 0.5\n",
            "unpaired standard error",
        ),
        (GAIN + "-gains.mean(), gains.std() / len(a) ** 0.5\n", "sign is turned"),
        (GAIN + "gains.mean(), gains.std() / len(a)\n", "standard error has √n"),
    ],
    "runs_needed": [
        (RUNS + "int(2 * (2 * sd / difference) ** 2)\n", "rounded down"),
        (RUNS + "2 * (2 * sd / difference) ** 2\n", "not a whole number"),
        (RUNS + "math.ceil((2 * sd / difference) ** 2)\n", "Both do"),
        (RUNS + "math.ceil(2 * (sd / difference) ** 2)\n", "twice as large"),
        (RUNS + "math.ceil(4 * sd / difference)\n", "square is missing"),
        (
            RUNS.replace("std()", "std(correction=0)")
            + "math.ceil(2 * (2 * sd / difference) ** 2)\n",
            "divides by n here",
        ),
    ],
}
