"""Wrong answers to chapter 06 that only code can show, and a part of what each is told."""


def function(head: str, *lines: str) -> str:
    return "\n    ".join([f"def {head}:", *lines]) + "\n"


def mending(*lines: str) -> str:
    return function("mend(model)", "with torch.no_grad():", *(f"    {line}" for line in lines))


WRONG_ANSWERS = {
    "first_to_train": [
        ('first_to_train = {"b2"}\n', "right below it"),
        ('first_to_train = {"W2", "b2"}\n', "times h"),
        ('first_to_train = {"embedding", "W1", "b1", "b2"}\n', "through W1"),
        ('first_to_train = {"W1", "b1"}\n', "directly"),
        ('first_to_train = {"w1", "b2"}\n', "none of"),
        ("first_to_train = 3\n", "a set of names"),
    ],
    "mend": [
        (function("mend(model)", "model[4].weight.mul_(0.01)"), "no_grad"),
        (mending("model[4].weight * 0.01", "model[2].weight * 0.2"), "changes nothing"),
        (mending("model[4].weight.zero_()", "model[2].weight.mul_(0.2)"), "b2 still"),
        (mending("model[2].weight.mul_(0.2)", "model[2].bias.mul_(0.01)"), "look at W2 and b2"),
        (mending("model[4].weight.mul_(0.01)", "model[4].bias.zero_()"), "look at W1"),
        (
            mending(*(f"model[{k}].{p}.zero_()" for k in (2, 4) for p in ("weight", "bias"))),
            "all neurons are alike",
        ),
        (
            mending(
                "model[2].weight.mul_(0.001)",
                "model[2].bias.mul_(0.01)",
                "model[4].weight.mul_(0.01)",
                "model[4].bias.zero_()",
            ),
            "too much of a good thing",
        ),
        (
            mending(
                "model[2].weight.normal_().mul_(0.2)",
                "model[4].weight.zero_()",
                "model[4].bias.zero_()",
            ),
            "W1 is no multiple",
        ),
        (function("mend(model)", "model[4].weight = model[4].weight * 0.01"), "replaced"),
    ],
}
