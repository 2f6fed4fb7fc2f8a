"""Typical wrong answers to the exercises of chapter 10, and a part of what each is told."""

MERGED = """def merged_vocabulary(tokens, minimum):
    counts = Counter(tokens)
    kept = [word for word in counts if counts[word] >= minimum]
    return ["<rare>", *sorted(kept, key=lambda word: (-counts[word], word))]
"""
PERPLEXITY = "def perplexity(p):\n    return "
CONTINUATION = """def continuation(pairs, V):
    different = pairs.unique(dim=0)
    return torch.bincount(different[:, 1], minlength=V) / len(different)
"""
MIXED = "def mixed_nll(nll_a, nll_b, weight):\n    "
CORRECTED = """def corrected(logits, targets, q):
    again = (targets[:, None] == targets).fill_diagonal_(False)
    return (logits - q.log()[targets]).masked_fill(again, -torch.inf)
"""

WRONG_ANSWERS = {
    "merged_vocabulary": [
        (MERGED.replace(">=", ">"), "exactly `minimum` times"),
        (MERGED.replace('["<rare>", *sorted', "list(sorted").replace("))]", ")))"), "need a place"),
        (MERGED.replace(", key=lambda word: (-counts[word], word)", ""), "alphabetical order."),
        (MERGED.replace("(-counts[word], word)", "-counts[word]"), "ties stand"),
        (MERGED.replace("(-counts[word], word)", "(counts[word], word)"), "upside down"),
    ],
    "perplexity": [
        (PERPLEXITY + "1 / p.mean()\n", "1 over the mean"),
        (PERPLEXITY + "(1 / p).mean()\n", "one surprise outweighs"),
        (PERPLEXITY + "-p.log().mean()\n", "in nats"),
        (PERPLEXITY + "2 ** -p.log().mean()\n", "the same base"),
        (PERPLEXITY + "p.log().mean().exp()\n", "a minus is missing"),
        (PERPLEXITY + "-p.log2().mean()\n", "bits per word"),
    ],
    "continuation": [
        (CONTINUATION.replace("pairs.unique(dim=0)", "pairs"), "still one pair"),
        (CONTINUATION.replace("[:, 1]", "[:, 0]"), "those that come before"),
        (CONTINUATION.replace(" / len(different)", ""), "these are counts"),
        (CONTINUATION.replace("/ len(different)", "/ len(pairs)"), "not of all pairs"),
        (CONTINUATION.replace(", minlength=V", ""), "the length is not"),
    ],
    "mixed_nll": [
        (MIXED + "return (weight * nll_a + (1 - weight) * nll_b).mean()\n", "mixed the losses"),
        (
            MIXED + "a, b = nll_a.mean(), nll_b.mean()\n"
            "    return -(weight * (-a).exp() + (1 - weight) * (-b).exp()).log()\n",
            "Mix word by word",
        ),
        (
            MIXED + "p = weight * (-nll_b).exp() + (1 - weight) * (-nll_a).exp()\n"
            "    return -p.log().mean()\n",
            "the wrong model",
        ),
        (
            MIXED + "p = weight * (-nll_a).exp() + (1 - weight) * (-nll_b).exp()\n"
            "    return -p.mean().log()\n",
            "after the logarithm",
        ),
        (
            MIXED + "p = weight * (-nll_a).exp() + (1 - weight) * (-nll_b).exp()\n"
            "    return -p.log()\n",
            "return their mean",
        ),
    ],
    "corrected": [
        (CORRECTED.replace(" - q.log()[targets]", ""), "correction is missing"),
        (CORRECTED.replace("- q.log()", "+ q.log()"), "the wrong sign"),
        (CORRECTED.replace("q.log()[targets]", "q[targets]"), "not q"),
        (CORRECTED.replace("[targets])", "[targets][:, None])"), "by the row's target"),
        (CORRECTED.replace(".masked_fill(again, -torch.inf)", ""), "stands in another column"),
        (CORRECTED.replace(".fill_diagonal_(False)", ""), "masked the diagonal"),
    ],
}
