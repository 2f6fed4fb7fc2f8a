"""Typical wrong answers to the exercises of chapter 03, and a part of what each is told."""

BITS = """def bits_per_character(probabilities, names):
    before, after = windows(names, context_length=1)
    p = probabilities[before[:, 0], after]
    """
GRADIENT = "def logit_gradient(logits, targets):\n    hot = F.one_hot(targets, 27)\n    "


def interpolated(
    bigram="counts / counts.sum(1, keepdim=True)",
    unigram="counts.sum(0) / counts.sum()",
    mix="(1 - weight) * bigram + weight * unigram",
):
    """The solution of `interpolated` with parts exchanged."""
    return f"""def interpolated(counts, weight):
    bigram = {bigram}
    unigram = {unigram}
    return {mix}
"""


def complete(row="name[-1]", pick="draw(probabilities[current], dart)", result="name"):
    """The solution of `complete` with parts exchanged."""
    return f"""def complete(beginning, probabilities, darts):
    name = beginning
    for dart in darts:
        current = encode({row})[0]
        current = {pick}
        if current == 0:
            break
        name += VOCABULARY[current]
    return {result}
"""


def trigram(table="smoothed(counts, added)", scored="held_out", end=".mean()"):
    """The solution of `trigram_nll` with parts exchanged."""
    return f"""def trigram_nll(train, held_out, added):
    context, target = windows(train, context_length=2)
    number = (27 * context[:, 0] + context[:, 1]) * 27 + target
    counts = torch.bincount(number, minlength=27**3).view(27, 27, 27).double()
    table = {table}
    context, target = windows({scored}, context_length=2)
    return float(-table[context[:, 0], context[:, 1], target].log(){end})
"""


WRONG_ANSWERS = {
    "interpolated": [
        (interpolated(bigram="counts / counts.sum(dim=1)"), "lost their axis"),
        (interpolated(bigram="counts / counts.sum(dim=0)"), "columns add up to 1"),
        (interpolated(bigram="counts / counts.sum()"), "whole table"),
        (interpolated(unigram="counts.sum(dim=1) / counts.sum()"), "before another"),
        (interpolated(unigram="counts.sum(dim=0)"), "still counts"),
        (interpolated(unigram="1 / len(counts)"), "mixes with uniform"),
        (interpolated(mix="weight * bigram + (1 - weight) * unigram"), "changed places"),
        (interpolated(mix="bigram + weight * unigram"), "full weight"),
        (interpolated(mix="unigram"), "the shape is"),
    ],
    "bits_per_character": [
        (f"{BITS}return float(-p.log().mean())\n", "nats"),
        (f"{BITS}return float(-p.log10().mean())\n", "base 10"),
        (f"{BITS}return float(-p.log2().sum())\n", "sum over all characters"),
        (f"{BITS}return float(p.log2().mean())\n", "sign is turned"),
        (f"{BITS}return float(-p.log2().sum() / len(names))\n", "number of names"),
        (f"{BITS}return float(-probabilities.log2().mean())\n", "all cells of the table"),
        (f"{BITS}return float(2 ** -p.log2().mean())\n", "perplexity"),
        (f"{BITS}return float(-p[after > 0].log2().mean())\n", "last pair is missing"),
        (
            f"{BITS}return float(-p[before[:, 0] > 0].log2().mean())\n",
            "first pair is missing",
        ),
        (
            "def bits_per_character(probabilities, names):\n    means = []\n"
            "    for name in names:\n        before, after = windows([name], 1)\n"
            "        means.append(float(-probabilities[before[:, 0], after].log2().mean()))\n"
            "    return sum(means) / len(means)\n",
            "averages the names' averages",
        ),
    ],
    "complete": [
        (complete(row='"." + name[len(beginning):]').replace(")[0]", ")[-1]"), "begins at the dot"),
        (complete(row="(beginning[0] + name[len(beginning):])[-1]"), "beginning's first letter"),
        (complete(pick="int(probabilities[current].argmax())"), "most probable"),
        (complete(pick="min(26, draw(probabilities[current], dart) + 1)"), "one piece too far"),
        (complete(result="name[len(beginning):]"), "Put the beginning in front"),
        (
            complete(result='name + ("." if current == 0 else "")').replace(
                "name = beginning", "name, current = beginning, 1"
            ),
            "belongs to the model",
        ),
        (complete(row="beginning[-1]"), "from the same row"),
        (complete(pick="draw(probabilities[current], darts[0])"), "same dart"),
    ],
    "logit_gradient": [
        (f"{GRADIENT}return (hot - logits.softmax(dim=1)) / len(targets)\n", "sign is turned"),
        (f"{GRADIENT}return logits.softmax(dim=1) - hot\n", "sum of the losses"),
        (f"{GRADIENT}return (logits.softmax(dim=1) - hot) / logits.numel()\n", "number of logits"),
        (f"{GRADIENT}return (logits.softmax(dim=0) - hot) / len(targets)\n", "down the batch"),
        (f"{GRADIENT}return logits.softmax(dim=1) / len(targets)\n", "have no part"),
        (f"{GRADIENT}return (logits - hot) / len(targets)\n", "into probabilities"),
        (
            f"{GRADIENT}return ((logits.softmax(dim=1) - hot) / len(targets)).sum(0)\n",
            "the shape is (27,)",
        ),
    ],
    "trigram_nll": [
        (
            trigram(table="(counts + added) / (counts + added).sum(dim=-1)"),
            "keepdim=True is missing",
        ),
        (
            trigram(table="(counts + added) / (counts + added).sum(dim=1, keepdim=True)"),
            "middle axis",
        ),
        (
            trigram(table="(counts + added) / (counts + added).sum(dim=0, keepdim=True)"),
            "first axis",
        ),
        (trigram(table="(counts + added) / (counts + added).sum()"), "three characters together"),
        (trigram(table="smoothed(counts, 0)"), "not smoothed"),
        (trigram(scored="train"), "names it was counted from"),
        (trigram(end=".sum()"), "this is the sum"),
        (trigram(end=".mean() * -1"), "sign is turned"),
        (trigram(end=".mean() / math.log(2)"), "in bits"),
        (
            "def trigram_nll(train, held_out, added):\n"
            "    table = smoothed(count_pairs(train), added)\n"
            "    return float(average_nll(table, count_pairs(held_out)))\n",
            "this is the bigram",
        ),
    ],
}
