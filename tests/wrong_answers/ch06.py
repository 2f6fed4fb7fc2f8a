"""Typical wrong answers to the exercises of chapter 06, and a part of what each is told."""


def function(head: str, *lines: str) -> str:
    return "\n    ".join([f"def {head}:", *lines]) + "\n"


def mending(*lines: str) -> str:
    return function("mend(model)", "with torch.no_grad():", *(f"    {line}" for line in lines))


WRONG_ANSWERS = {
    "letter_bias": [
        (function("letter_bias(counts)", "return counts / counts.sum()"), "take their logarithm"),
        (function("letter_bias(counts)", "return counts.log()"), "divide by the total"),
        (function("letter_bias(counts)", "return -(counts / counts.sum()).log()"), "sign"),
        (function("letter_bias(counts)", "return counts.softmax(dim=0)"), "counts themselves"),
        (function("letter_bias(counts)", "return (counts / counts.sum()).log2()"), "natural"),
        (function("letter_bias(counts)", "return (counts / counts.sum()).log10()"), "log10"),
        (function("letter_bias(counts)", "counts /= counts.sum()", "return counts.log()"), "copy"),
    ],
    "tanh_backward": [
        (function("tanh_backward(out_grad, h)", "return 1 - h**2"), "slope alone"),
        (
            function("tanh_backward(out_grad, h)", "return out_grad * (1 - torch.tanh(h) ** 2)"),
            "tanh of h again",
        ),
        (function("tanh_backward(out_grad, h)", "return out_grad * (1 - h)"), "the square"),
        (function("tanh_backward(out_grad, h)", "return out_grad * h * (1 - h)"), "sigmoid"),
        (function("tanh_backward(out_grad, h)", "return out_grad * 1 - h**2"), "parentheses"),
        (function("tanh_backward(out_grad, h)", "return out_grad @ (1 - h**2)"), "raises"),
    ],
    "white_columns": [
        (function("white_columns(h)", "return (h > 0.99).all(dim=0)"), "one side"),
        (function("white_columns(h)", "return (h.abs() > 0.99).any(dim=0)"), "at least once"),
        (function("white_columns(h)", "return (h.abs() > 0.99).all(dim=1)"), "wrong axis"),
        (function("white_columns(h)", "return h.abs().mean(dim=0) > 0.99"), "mean of |h|"),
        (function("white_columns(h)", "return (h.abs() > 0.99).all()"), "whole map"),
        (function("white_columns(h)", "return (h.abs() == 1).all(dim=0)"), "exactly"),
    ],
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
        (function("mend(model)", "model[4].weight = model[4].weight * 0.01"), "replaced"),
    ],
}
