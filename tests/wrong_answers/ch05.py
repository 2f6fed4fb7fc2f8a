"""Wrong answers to chapter 05 that only code can show, and a part of what each is told."""

BEST = """def best_weights(weights, update, dev_loss, steps):
    best, kept = dev_loss(weights), weights.clone()
    for _ in range(steps):
        update(weights)
        loss = dev_loss(weights)
        if loss < best:
            best, kept = loss, weights.clone()
    return kept
"""
WRONG_ANSWERS = {
    "best_weights": [
        (BEST.replace("weights.clone()", "weights"), "shares the memory"),
        (BEST.replace("return kept", "return weights.clone()"), "copy of the last"),
        (BEST.replace("loss < best", "loss > best"), "highest dev loss"),
        (
            BEST.replace("dev_loss(weights), weights.clone()\n", 'float("inf"), None\n', 1),
            "before the first step",
        ),
    ],
}
