"""Typical wrong answers to the exercises of chapter 07, and a part of what each is told."""

OUTPUT = "def output_size(fan_in, weight_std, input_mean, input_std):\n    return "
UNIFORM = "def kaiming_uniform(fan_in, fan_out, gain, generator):\n"
RAND = "torch.rand(fan_in, fan_out, generator=generator)"
BACKWARD = (
    "def backward_gain(activation, z):\n"
    "    z = z.clone().requires_grad_()\n"
    "    slopes = torch.autograd.grad(activation(z).sum(), z)[0]\n"
    "    return "
)
SETTLED = "def settled_size(gain, z):\n    size = 1.0\n    for _ in range(100):\n        size = "
TANH = "torch.tanh(gain * size * z).square().mean()"
GAIN = "def gain_in_use(weight):\n    size = weight.square().mean().sqrt()\n    return "

WRONG_ANSWERS = {
    "output_size": [
        (OUTPUT + "fan_in**0.5 * weight_std * input_std\n", "mean of the inputs counts"),
        (OUTPUT + "fan_in**0.5 * weight_std * abs(input_mean + input_std)\n", "do not add up"),
        (
            OUTPUT + "fan_in * weight_std * (input_mean**2 + input_std**2) ** 0.5\n",
            "root of fan_in",
        ),
        (OUTPUT + "fan_in * weight_std**2 * (input_mean**2 + input_std**2)\n", "take its root"),
        (OUTPUT + "weight_std * (input_mean**2 + input_std**2) ** 0.5\n", "fan_in is missing"),
    ],
    "kaiming_uniform": [
        (UNIFORM + f"    return (2 * {RAND} - 1) * gain / fan_in**0.5\n", "by √3"),
        (UNIFORM + f"    return {RAND} * (3 / fan_in) ** 0.5 * gain\n", "positive"),
        (UNIFORM + f"    return (2 * {RAND} - 1) * gain * (3 / fan_out) ** 0.5\n", "fan_out"),
        (UNIFORM + f"    return (2 * {RAND} - 1) * (3 / fan_in) ** 0.5\n", "gain is missing"),
        (UNIFORM + f"    return (2 * {RAND} - 1).T * gain * (3 / fan_in) ** 0.5\n", "layout"),
        (
            UNIFORM
            + "    return (2 * torch.rand(fan_in, fan_out) - 1) * gain * (3 / fan_in) ** 0.5\n",
            "generator=generator",
        ),
        (
            UNIFORM + "    w = torch.randn(fan_in, fan_out, generator=generator)\n"
            "    return w * gain / fan_in**0.5\n",
            "not uniform",
        ),
        (UNIFORM + f"    return ({RAND} - 0.5) * gain / fan_in**0.5\n", "half of gain"),
        (UNIFORM + "    bound = (3 / fan_in) ** 0.5 * gain\n", "`return` missing"),
    ],
    "backward_gain": [
        (
            "def backward_gain(activation, z):\n"
            "    return 1 / activation(z).square().mean().sqrt()\n",
            "forward gain",
        ),
        (BACKWARD + "slopes.square().mean().sqrt()\n", "1 over that"),
        (BACKWARD + "1 / slopes.square().mean()\n", "wants its root"),
        (BACKWARD + "1 / slopes.mean()\n", "not the mean"),
        (BACKWARD + "1 / slopes.std()\n", "leaves out the mean"),
    ],
    "settled_size": [
        (
            "def settled_size(gain, z):\n    return torch.tanh(gain * z).square().mean().sqrt()\n",
            "after one layer",
        ),
        (
            SETTLED + "torch.tanh(size * z).square().mean().sqrt()\n    return size\n",
            "gain is missing",
        ),
        (
            SETTLED + "torch.tanh(gain * size * z).square().mean()\n    return size\n",
            "wants its root",
        ),
        (
            SETTLED
            + "torch.tanh(gain * size * z).square().mean().sqrt()\n    return gain * size\n",
            "in front of tanh",
        ),
    ],
    "gain_in_use": [
        (GAIN + "size * weight.shape[0] ** 0.5\n", "shape[0] is fan_out"),
        (GAIN + "size\n", "root of fan_in is missing"),
        (GAIN + "size * weight.shape[1]\n", "not by fan_in"),
        (GAIN + "size / weight.shape[1] ** 0.5\n", "you divided"),
        (
            "def gain_in_use(weight):\n    return weight.std() * weight.shape[1] ** 0.5\n",
            "leaves out the mean",
        ),
    ],
}
