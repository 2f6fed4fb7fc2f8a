"""Typical wrong answers to the exercises of chapter 08, and a part of what each is told."""

POOLED = "def pooled(means, variances):\n    return means.mean(0), variances.mean(0)"
FORGET = "def steps_to_forget(momentum, share):\n    "
FOLD = (
    "def fold_torch(linear, norm):\n"
    "    scale = norm.weight / (norm.running_var + norm.eps).sqrt()\n"
    "    return linear.weight * scale[:, None], "
)
RIGHT_BIAS = "(linear.bias - norm.running_mean) * scale + norm.bias\n"
PLACES = "def batch_norm_places(x, eps):\n    "
BACKWARD = (
    "def norm_backward(x, noise, eps):\n"
    "    std = (x.var(0, correction=0) + eps).sqrt()\n"
    "    x_hat = (x - x.mean(0)) / std\n"
    "    return "
)

WRONG_ANSWERS = {
    "pooled": [
        (POOLED + "\n", "lie apart"),
        (POOLED + " + means.var(0)\n", "biased one too"),
        (POOLED + " + means.std(0, correction=0)\n", "not their standard deviation"),
        (POOLED + " + means.square().mean(0)\n", "not their mean square"),
        (
            "def pooled(means, variances):\n"
            "    return means.mean(1), variances.mean(1) + means.var(1, correction=0)\n",
            "axis 0",
        ),
    ],
    "steps_to_forget": [
        (
            FORGET + "steps, left = 0, 1.0\n"
            "    while left > share:\n        left *= momentum\n        steps += 1\n"
            "    return steps\n",
            "share of the *new* batch",
        ),
        (
            FORGET + "import math\n"
            "    return math.floor(math.log(share) / math.log(1 - momentum))\n",
            "too few",
        ),
        (FORGET + "import math\n    return math.ceil((1 - share) / momentum)\n", "not in a line"),
        (
            FORGET + "import math\n    return math.log(share) / math.log(1 - momentum)\n",
            "round up",
        ),
    ],
    "fold_torch": [
        (FOLD.replace("scale[:, None]", "scale") + RIGHT_BIAS, "wrong axis"),
        (FOLD + "norm.bias - norm.running_mean * scale\n", "it is missing"),
        (FOLD + "linear.bias - norm.running_mean * scale + norm.bias\n", "scales it as well"),
        (FOLD + "linear.bias * scale + norm.bias\n", "running mean is missing"),
        (FOLD.replace(" + norm.eps", "") + RIGHT_BIAS, "eps is missing"),
        (FOLD.replace(".sqrt()", "") + RIGHT_BIAS, "root of the variance"),
        (FOLD.replace("norm.weight /", "1 /") + RIGHT_BIAS, "gamma"),
    ],
    "batch_norm_places": [
        (
            PLACES + "return (x - x.mean(0)) / (x.var(0, correction=0) + eps).sqrt()\n",
            "each place has",
        ),
        (
            PLACES + "return (x - x.mean((0, 1))) / (x.var((0, 1)) + eps).sqrt()\n",
            "unbiased",
        ),
        (
            PLACES + "mean, var = x.mean(-1, keepdim=True), "
            "x.var(-1, keepdim=True, correction=0)\n"
            "    return (x - mean) / (var + eps).sqrt()\n",
            "layer norm",
        ),
        (PLACES + "return (x - x.mean()) / (x.var(correction=0) + eps).sqrt()\n", "mixes"),
        (
            PLACES + "return (x - x.mean((0, 1))) / x.var((0, 1), correction=0).sqrt()\n",
            "eps is missing",
        ),
    ],
    "norm_backward": [
        (BACKWARD + "noise / std\n", "as constants"),
        (BACKWARD + "(noise - noise.mean(0)) / std\n", "through the variance"),
        (BACKWARD + "(noise - x_hat * (noise * x_hat).mean(0)) / std\n", "through the mean"),
        (
            BACKWARD + "noise - noise.mean(0) - x_hat * (noise * x_hat).mean(0)\n",
            "still to be divided",
        ),
        (
            BACKWARD.replace(", correction=0", "")
            + "(noise - noise.mean(0) - x_hat * (noise * x_hat).mean(0)) / std\n",
            "unbiased",
        ),
        (
            BACKWARD + "(noise - noise.sum(0) - x_hat * (noise * x_hat).sum(0)) / std\n",
            "not sums",
        ),
    ],
}
