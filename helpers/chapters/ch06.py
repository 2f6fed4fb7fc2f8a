"""Chapter 06, first loss and saturation: the questions on it, and how its exercises are checked."""

import math

import torch
import torch.nn.functional as F

from helpers.answers import misfitting, raised
from helpers.exercises import Exercises, FunctionCheck
from helpers.guard import outcome
from helpers.layers import Embedding, Flatten, Linear, Sequential, Tanh
from helpers.questions import Question, Quiz

quiz = Quiz(
    Question(
        "An untrained network with 27 outputs starts at a loss of 26. What does that say?",
        {
            "it knows nothing yet, which is normal": "Knowing nothing costs ln 27, about 3.3. "
            "A loss of 26 is worse than that.",
            "it is sure of itself, and nearly always wrong": "Its logits are large. b2 = 0 and a "
            "small W2 bring the first loss to ln 27.",
            "its tanh neurons are saturated": "They may be, but a first loss cannot tell: with a "
            "small W2 it is right whatever the neurons do.",
        },
        right="it is sure of itself, and nearly always wrong",
    ),
    Question(
        "In the map of |h| > 0.99 on one batch, a neuron's column is all white. Is it dead?",
        {
            "yes, white means that no gradient passes": "At 0.99 two percent pass, and the batch "
            "is only 32 of all the contexts.",
            "no, a tanh neuron cannot die": "With a bias far enough out its slope is zero for "
            "every context, and it never moves.",
            "perhaps; look at all contexts before saying so": "With W1 at scale 3 a batch had "
            "such columns, and the training set hardly any.",
        },
        right="perhaps; look at all contexts before saying so",
    ),
    Question(
        "All weights and biases are zero, the activation is tanh. Why does only b2 train?",
        {
            "h is zero, so W2 gets nothing; W2 is zero, so all below it get nothing": "Zero on "
            "both sides of the hidden layer. After each step that is still so.",
            "the slope of tanh at zero is zero": "It is 1, the largest it can be.",
            "the loss is already as small as it can be": "It is ln 27; b2 alone brings it down to "
            "that of the letter frequencies.",
        },
        right="h is zero, so W2 gets nothing; W2 is zero, so all below it get nothing",
    ),
)


def letter_bias(counts):
    return (counts / counts.sum()).log()


def tanh_backward(out_grad, h):
    return out_grad * (1 - h**2)


def white_columns(h):
    return (h.abs() > 0.99).all(dim=0)


def first_to_train(answer) -> str | None:
    """Which of the five tensors get a gradient where W1, b1 and b2 are zero."""
    if isinstance(answer, str):
        answer = {answer}
    if not isinstance(answer, (set, frozenset, list, tuple)):
        return 'give a set of names, such as {"W2", "b2"}.'
    names, known = set(answer), {"embedding", "W1", "b1", "W2", "b2"}
    if strange := names - known:
        return f"{sorted(map(str, strange))[0]!r} is none of embedding, W1, b1, W2, b2."
    if "W2" in names:
        return "W2 gets its gradient times h, and here h = tanh(0) = 0."
    if "embedding" in names:
        return "the embedding gets its gradient through W1, and here W1 is zero."
    if "b2" not in names:
        return "b2 gets the gradient of the logits directly, whatever stands below."
    if not {"W1", "b1"} <= names:
        return "W2 is not zero, and tanh's slope at zero is 1: who stands right below it?"
    return None


first_to_train.praise = (
    "W2's random numbers differ from neuron to neuron, so this network gets going."
)


def naive_network(seed: int) -> Sequential:
    """3 × 10 → 200 tanh → 27, all from a bell curve of size 1."""
    g = torch.Generator().manual_seed(seed)
    hidden, last = Linear(30, 200, generator=g), Linear(200, 27, generator=g)
    with torch.no_grad():
        for parameter in (*hidden.parameters(), *last.parameters()):
            parameter.normal_(generator=g)
    return Sequential([Embedding(27, 10, generator=g), Flatten(), hidden, Tanh(), last])


def mend(answer) -> str | None:
    """Call the reader's function on a naive network, and examine it afterwards."""
    if misfit := misfitting(answer, lambda model: None):
        return misfit
    model = naive_network(seed=6)
    held, before = model.parameters(), [p.detach().clone() for p in model.parameters()]
    if isinstance(error := outcome(answer, model), BaseException):
        if "leaf" in raised(error):
            return "torch follows what you do to weights; do it under `with torch.no_grad():`."
        return f"it raises {raised(error)}."
    now = model.parameters()
    if len(now) != len(held) or any(p is not old for p, old in zip(now, held, strict=True)):
        return "a parameter was replaced by another tensor; change it in place, with .mul_(…)."
    if [p.shape for p in now] != [p.shape for p in before]:
        return "the weights have another shape now."
    if all(torch.equal(p, old) for p, old in zip(now, before, strict=True)):
        return (
            "it changes nothing. `weight * 0.01` makes a new tensor; `weight.mul_(0.01)` does it."
        )
    return _illness(model) or _drawn_anew(now, before)


def _drawn_anew(now: list[torch.Tensor], before: list[torch.Tensor]) -> str | None:
    """Which weight is no multiple of what it was; None where each is one."""
    for p, old, name in zip(now, before, ("embedding", "W1", "b1", "W2", "b2"), strict=True):
        factor = (p * old).sum() / old.square().sum()
        if not torch.allclose(p.detach(), factor.detach() * old, atol=1e-5):
            return f"{name} is no multiple of what it was. Multiply; draw and clamp nothing."
    return None


mend.praise = "A sound first loss, and neurons that can still move. Chapter 07 computes the scales."


def _illness(model: Sequential) -> str | None:
    g = torch.Generator().manual_seed(60)
    x = torch.randint(27, (500, 3), generator=g)
    y = torch.randint(27, (500,), generator=g)
    with torch.no_grad():
        loss = F.cross_entropy(model(x), y).item()
    h = model[3].out.detach()
    white, size = (h.abs() > 0.99).float().mean().item(), h.square().mean().sqrt().item()
    if not math.isfinite(loss):
        return "the first loss is not a number any more."
    if model[2].weight.std(dim=1).max() == 0:
        return "all neurons are alike now, and will stay so. Multiply; do not set to one value."
    if abs(loss - math.log(27)) > 0.1:
        hint = "b2 still has its say" if model[4].weight.abs().max() < 0.1 else "look at W2 and b2"
        return f"the first loss is {loss:.2f}, not {math.log(27):.2f}: {hint}."
    if white > 0.1:
        return f"the first loss is right, but {white:.0%} of h are beyond 0.99: look at W1 and b1."
    if size < 0.3:
        return f"h has shrunk to a size of {size:.2f}: too much of a good thing for W1."
    return None


def _counts(*numbers: float) -> torch.Tensor:
    return torch.tensor(numbers)


_OUT = torch.tensor([[1.0, -2.0, 0.5], [3.0, 1.0, -1.0]])
_H = torch.tensor([[0.0, 0.5, -0.9], [0.99, -0.3, 0.8]])
# Columns: white on both sides, once at the border, white in the mean alone, never, barely, -1.
_MAP = torch.tensor(
    [
        [1.0, 0.995, 1.0, 0.1, 0.992, -1.0],
        [-1.0, 0.99, 1.0, -0.2, 0.995, -1.0],
        [1.0, -1.0, 0.98, 0.3, 0.991, -0.999],
    ]
)

check = Exercises(
    letter_bias=FunctionCheck(
        letter_bias,
        cases=[(_counts(1.0, 3.0, 4.0),), (_counts(5.0, 5.0),), (_counts(7.0, 1.0, 1.0, 1.0),)],
        mistakes={
            "these are the shares, and softmax will exponentiate them: take their logarithm.": (
                lambda counts: counts / counts.sum()
            ),
            "its softmax is right, but divide by the total first: log-probabilities.": (
                lambda counts: counts.log()
            ),
            "the sign is turned: this makes the rarest letter the likeliest.": lambda counts: (
                -letter_bias(counts)
            ),
            "softmax exponentiates the counts themselves. You want shares, counts / total.": (
                lambda counts: counts.softmax(dim=0)
            ),
            "that is the log of softmax(counts); take the log of the shares, counts / total.": (
                lambda counts: counts.log_softmax(dim=0)
            ),
            "softmax uses powers of e, so take the natural logarithm, .log().": lambda counts: (
                letter_bias(counts) / math.log(2)
            ),
            "softmax uses powers of e; .log() is its logarithm, not .log10().": lambda counts: (
                letter_bias(counts) / math.log(10)
            ),
        },
        praise="On the names it starts at 2.82 instead of 3.30: the first thing a network learns.",
    ),
    tanh_backward=FunctionCheck(
        tanh_backward,
        cases=[(_OUT, _H), (_OUT[:1], _H[1:])],
        mistakes={
            "you took the tanh of h again; h is what came out of tanh already.": (
                lambda out_grad, h: out_grad * (1 - h.tanh() ** 2)
            ),
            "this is the slope alone; multiply it by what arrives from above, out_grad.": (
                lambda out_grad, h: 1 - h**2
            ),
            "the slope is 1 - h ** 2; you left out the square.": lambda out_grad, h: (
                out_grad * (1 - h)
            ),
            "this is the slope of a sigmoid, h * (1 - h); tanh's is 1 - h ** 2.": (
                lambda out_grad, h: out_grad * h * (1 - h)
            ),
            "this grows where tanh is flat. The slope is 1 minus the square.": (
                lambda out_grad, h: out_grad * h**2
            ),
            "put 1 - h ** 2 in parentheses: multiplication binds first.": (
                lambda out_grad, h: out_grad * 1 - h**2
            ),
        },
        praise="Where |h| = 1 nothing passes: that is all there is to a saturated neuron.",
    ),
    white_columns=FunctionCheck(
        white_columns,
        cases=[(_MAP,), (_MAP[:2],), (_MAP.T.contiguous(),)],
        mistakes={
            "you look at one side only: a neuron at -1 is as flat. Take h.abs().": (
                lambda h: (h > 0.99).all(dim=0)
            ),
            "these are neurons that are white at least once; you want all examples: .all.": (
                lambda h: (h.abs() > 0.99).any(dim=0)
            ),
            "wrong axis: this has one answer per example. A column runs along dim=0.": (
                lambda h: (h.abs() > 0.99).all(dim=1)
            ),
            "the mean of |h| can be above 0.99 with an example below. Compare each, then .all.": (
                lambda h: h.abs().mean(dim=0) > 0.99
            ),
            "this is the share of white per neuron; white columns are those where it is 1.": (
                lambda h: (h.abs() > 0.99).float().mean(dim=0)
            ),
            "this is one answer for the whole map; give .all a dim.": lambda h: (
                h.abs() > 0.99
            ).all(),
            "this asks for |h| = 1 exactly; white begins at 0.99.": lambda h: (h.abs() == 1).all(
                dim=0
            ),
        },
        praise="Call it on every context of the training set before you sign a death certificate.",
    ),
    first_to_train=first_to_train,
    mend=mend,
)
