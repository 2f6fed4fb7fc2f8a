"""Chapter 07, Kaiming initialization: the questions on it, and how its exercises are checked."""

import torch

from helpers.answers import misfitting, raised
from helpers.exercises import Exercises, FunctionCheck
from helpers.guard import outcome
from helpers.questions import Question, Quiz

quiz = Quiz(
    Question(
        "Weights drawn independently, with mean 0 and size 1/√fan_in. Which inputs keep their rms?",
        {
            "normal ones only": "Uniform numbers, coins and skewed inputs did as well. The sums "
            "become bells by themselves.",
            "only those with mean 0": "With tidy weights the pairs average to nothing, whatever "
            "the inputs. The mean counts as part of their rms.",
            "any": "One tidy side is enough. Only untidy weights with untidy inputs break it.",
        },
        right="any",
    ),
    Question(
        "Fifty tanh layers with gain 5/3. What settles near 1?",
        {
            "the outputs of tanh": "They settle near 0.65. To reach 1 they would have to saturate.",
            "the sums that go into tanh": "They are 5/3 of 0.65, about 1.09.",
            "the size of the gradient": "It grows by a tenth per layer, a hundredfold in fifty.",
        },
        right="the sums that go into tanh",
    ),
    Question(
        "You use a weight of shape (30, 200) as x @ weight and give it to torch's kaiming_normal_. "
        "What is it scaled by?",
        {
            "1/√30": "That is what you want. But torch takes the last axis for fan_in.",
            "1/√200": "torch reads (fan_out, fan_in). Give it the transpose, or scale by hand.",
            "1/√115": "That would be the average of the fans, the rule of Glorot and Bengio.",
        },
        right="1/√200",
    ),
)


def rms(x):
    return x.square().mean().sqrt()


def output_size(fan_in, weight_std, input_mean, input_std):
    return (fan_in * weight_std**2 * (input_mean**2 + input_std**2)) ** 0.5


def slopes(activation, z):
    z = z.clone().requires_grad_()
    return torch.autograd.grad(activation(z).sum(), z)[0]


def settled_size(gain, z, layers=100, size=1.0):
    for _ in range(layers):
        size = rms(torch.tanh(gain * size * z))
    return size


def settled_without_root(gain, z):
    size = 1.0
    for _ in range(100):
        size = torch.tanh(gain * size * z).square().mean()
    return size


def relu(z):
    return z.relu()


def tanh(z):
    return z.tanh()


def cube(z):
    return z**3 / 4


BELL = torch.special.ndtri((torch.arange(1000).double() + 0.5) / 1000)  # size 1, evenly cut
GENERATOR = torch.Generator().manual_seed(7)
WIDE = torch.randn(40, 160, generator=GENERATOR) * 0.1 + 0.05
TALL = torch.randn(300, 12, generator=GENERATOR) * 0.5


def kaiming_uniform(answer):
    """Check the shape, the size, the bounds and the use of the generator."""
    if misfit := misfitting(answer, lambda fan_in, fan_out, gain, generator: None):
        return misfit
    fan_in, fan_out, gain = 100, 900, 1.5
    where = f"for fan_in {fan_in}, fan_out {fan_out}, gain {gain}"

    def run(seed):
        return answer(fan_in, fan_out, gain, torch.Generator().manual_seed(seed))

    weight, again, other = (outcome(run, seed) for seed in (0, 0, 1))
    if isinstance(weight, BaseException):
        return f"{where} it raises {raised(weight)}."
    if weight is None:
        return f"{where} it gives None. Is a `return` missing?"
    if not isinstance(weight, torch.Tensor):
        return f"{where} it gives {type(weight).__name__}; it should be a tensor."
    if weight.shape == (fan_out, fan_in):
        return "this is torch's layout; here weights have the shape (fan_in, fan_out)."
    if weight.shape != (fan_in, fan_out):
        return f"the shape is {tuple(weight.shape)}; it should be {(fan_in, fan_out)}."
    if not torch.equal(weight, again):
        return "the same seed gives other weights; pass generator=generator on to torch."
    if torch.equal(weight, other):
        return "two seeds give the same weights; draw from the generator that is passed in."
    return _wrong_size(weight.detach().double(), fan_in, fan_out, gain)


def _wrong_size(weight, fan_in, fan_out, gain):
    wanted, size = gain / fan_in**0.5, rms(weight).item()
    if weight.min() >= 0:
        return "all your weights are positive: torch.rand runs from 0 to 1. Move it to the middle."
    if weight.abs().max() > 2 * size:
        return "the weights are not uniform: some lie far outside the bounds. Use torch.rand."
    ratios = {
        3**-0.5: "the bound is gain / √fan_in, and so the size is smaller, by √3.",
        3**-0.5 / 2: "the bound is half of gain / √fan_in. Stretch rand by twice the bound.",
        (fan_in / fan_out) ** 0.5: "you divided by the root of fan_out; a sum has fan_in terms.",
        3**0.5: "the bound is 3 · gain / √fan_in; it takes the root of that 3.",
        1 / fan_in**0.5: "you divided by fan_in; sums grow like its root.",
        1 / gain: "the gain is missing.",
    }
    for ratio, message in ratios.items():
        if abs(size / wanted / ratio - 1) < 0.02:
            return message
    if abs(size / wanted - 1) > 0.02:
        return f"the size is {size:.3f}; it should be gain / √fan_in = {wanted:.3f}."
    # Uniform weights, in order, lie on a straight line from bound to bound.
    line = torch.linspace(-1, 1, weight.numel(), dtype=torch.float64) * 3**0.5 * wanted
    if (weight.flatten().sort().values - line).abs().max() > 0.05 * wanted:
        return "the weights are not uniform: some sizes come more often than others."
    if len(weight.unique()) < weight.numel() / 2:
        return "the same numbers stand in many places; draw one for every weight."
    return None


kaiming_uniform.praise = "Same size, other shape: behind the layer nobody can tell them apart."

check = Exercises(
    output_size=FunctionCheck(
        output_size,
        cases=[(100, 0.1, 0.0, 2.0), (784, 0.05, 0.5, 0.3), (30, 0.2, -3.0, 1.0)],
        mistakes={
            "the mean of the inputs counts too: E[x²] is variance plus mean squared.": (
                lambda fan_in, weight_std, input_mean, input_std: (
                    fan_in**0.5 * weight_std * input_std
                )
            ),
            "square the mean before you add it to the variance.": (
                lambda fan_in, weight_std, input_mean, input_std: (
                    fan_in**0.5 * weight_std * abs(input_mean + input_std**2) ** 0.5
                )
            ),
            "mean and standard deviation do not add up; their squares do.": (
                lambda fan_in, weight_std, input_mean, input_std: (
                    fan_in**0.5 * weight_std * abs(input_mean + input_std)
                )
            ),
            "this is the mean square; take its root.": lambda *a: output_size(*a) ** 2,
            "sums grow like the root of fan_in: take the root of it too.": (
                lambda fan_in, *a: output_size(fan_in, *a) * fan_in**0.5
            ),
            "fan_in is missing: a sum has that many terms.": (
                lambda fan_in, *a: output_size(fan_in, *a) / fan_in**0.5
            ),
        },
        praise="Centering the inputs is free, and takes the second term away.",
    ),
    kaiming_uniform=kaiming_uniform,
    backward_gain=FunctionCheck(
        lambda activation, z: 1 / rms(slopes(activation, z)),
        cases=[(relu, BELL), (tanh, BELL), (tanh, 0.3 * BELL), (cube, BELL)],
        mistakes={
            "this is the forward gain, from the outputs; the gradient meets the slopes.": (
                lambda activation, z: 1 / rms(activation(z))
            ),
            "this is what a layer does to the gradient; the gain has to undo it: 1 over that.": (
                lambda activation, z: rms(slopes(activation, z))
            ),
            "the mean of the squares still wants its root.": (
                lambda activation, z: 1 / slopes(activation, z).square().mean()
            ),
            "take the root of the mean square, not the mean: large slopes count for more.": (
                lambda activation, z: 1 / slopes(activation, z).mean()
            ),
            "a standard deviation leaves out the mean of the slopes; take the rms.": (
                lambda activation, z: 1 / slopes(activation, z).std()
            ),
        },
        praise="Where it differs from the forward gain, no gain serves both directions.",
        tolerance=1e-4,
    ),
    settled_size=FunctionCheck(
        settled_size,
        cases=[(5 / 3, BELL), (3.0, BELL), (1.3, BELL)],
        mistakes={
            "this is the size after one layer; feed it back in and repeat.": (
                lambda gain, z: settled_size(gain, z, layers=1)
            ),
            "this is the size of the sums in front of tanh; the outputs are asked for.": (
                lambda gain, z: gain * settled_size(gain, z)
            ),
            "the gain is missing inside tanh: without it every stack fades.": (
                lambda gain, z: settled_size(1.0, z)
            ),
            "the mean of the squares still wants its root.": settled_without_root,
            "the gain stands behind tanh; it belongs in front, on the sums.": (
                lambda gain, z: gain * settled_size(1.0, z)
            ),
        },
        praise="The notes said 1; you can say what it is for any gain.",
        tolerance=1e-3,
    ),
    gain_in_use=FunctionCheck(
        lambda weight: rms(weight) * weight.shape[1] ** 0.5,
        cases=[(WIDE,), (TALL,)],
        mistakes={
            "in torch's layout shape[0] is fan_out; a sum has shape[1] terms.": (
                lambda weight: rms(weight) * weight.shape[0] ** 0.5
            ),
            "this is the size of the weights; the root of fan_in is missing.": rms,
            "multiply by the root of fan_in, not by fan_in.": (
                lambda weight: rms(weight) * weight.shape[1]
            ),
            "the gain is size times √fan_in; you divided.": (
                lambda weight: rms(weight) / weight.shape[1] ** 0.5
            ),
            "a standard deviation leaves out the mean of the weights; take the rms.": (
                lambda weight: weight.std() * weight.shape[1] ** 0.5
            ),
        },
        praise="Half a second with a stranger's network, and you know its first suspect.",
        tolerance=1e-4,
    ),
)
