"""The exercises of chapter 08, batch normalization, and the mistakes that they know."""

import math

import torch
from torch import nn

from helpers.exercises import Exercises, FunctionCheck


def pooled(means, variances):
    return means.mean(0), variances.mean(0) + means.var(0, correction=0)


def steps_to_shrink(factor, share):
    steps, left = 0, 1.0
    while left > share:
        left *= factor
        steps += 1
    return steps


def steps_to_forget(momentum, share):
    return steps_to_shrink(1 - momentum, share)


def fold_torch(linear, norm):
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    return (
        linear.weight * scale[:, None],
        (linear.bias - norm.running_mean) * scale + norm.bias,
    )


def fold_scaled(scale_of, bias_of=None):
    """A wrong fold: another scale, or another bias made from the right one."""

    def fold(linear, norm):
        scale = scale_of(norm)
        bias = (linear.bias - norm.running_mean) * scale + norm.bias
        return linear.weight * scale[:, None], bias_of(linear, norm, scale) if bias_of else bias

    return fold


def right_scale(norm):
    return norm.weight / (norm.running_var + norm.eps).sqrt()


def fold_columns(linear, norm):
    """The scale laid along the wrong axis; for a square layer no shape objects."""
    scale = right_scale(norm)
    return linear.weight * scale, (linear.bias - norm.running_mean) * scale + norm.bias


def over(axes, correction=0):
    def normalize(x, eps):
        mean = x.mean(axes, keepdim=True)
        return (x - mean) / (x.var(axes, keepdim=True, correction=correction) + eps).sqrt()

    return normalize


def norm_backward(x, noise, eps, mean_path=True, var_path=True, correction=0, times=1.0):
    std = (x.var(0, correction=correction) + eps).sqrt()
    x_hat = (x - x.mean(0)) / std
    inner = noise - mean_path * noise.mean(0) - var_path * x_hat * (noise * x_hat).mean(0)
    return times * inner / std


def summed_backward(x, noise, eps):
    std = (x.var(0, correction=0) + eps).sqrt()
    x_hat = (x - x.mean(0)) / std
    return (noise - noise.sum(0) - x_hat * (noise * x_hat).sum(0)) / std


def undivided_backward(x, noise, eps):
    return norm_backward(x, noise, eps) * (x.var(0, correction=0) + eps).sqrt()


def trained_pair(fan_in, fan_out, seed):
    """A Linear and a BatchNorm1d with numbers in them as after training, in evaluation."""
    g = torch.Generator().manual_seed(seed)
    linear = nn.Linear(fan_in, fan_out, dtype=torch.float64)
    norm = nn.BatchNorm1d(fan_out, eps=0.01, dtype=torch.float64).eval()
    with torch.no_grad():
        for tensor in (*linear.parameters(), *norm.parameters(), norm.running_mean):
            tensor.normal_(generator=g)
        norm.running_var.uniform_(0.1, 3.0, generator=g)
    return linear.requires_grad_(False), norm.requires_grad_(False)


G = torch.Generator().manual_seed(8)
BATCHES = 3 * torch.randn(6, 5, 4, generator=G, dtype=torch.float64)  # 6 batches of 5, 4 features
STATISTICS = (BATCHES.mean(1), BATCHES.var(1, correction=0))
PLACES = 2 * torch.randn(3, 4, 5, generator=G, dtype=torch.float64) + 1
BACKWARD = [
    (*torch.randn(2, n, 3, generator=G, dtype=torch.float64) * 2 + 0.5, eps)
    for n, eps in ((4, 1e-5), (7, 0.1))
]


check = Exercises(
    pooled=FunctionCheck(
        pooled,
        cases=[STATISTICS, (STATISTICS[0][:2], STATISTICS[1][:2])],
        mistakes={
            "the means lie apart as well: add their own (biased) variance.": (
                lambda means, variances: (means.mean(0), variances.mean(0))
            ),
            "the means' own variance must be the biased one too: these are all of them.": (
                lambda means, variances: (means.mean(0), variances.mean(0) + means.var(0))
            ),
            "add the variance of the means, not their mean square.": (
                lambda means, variances: (
                    means.mean(0),
                    variances.mean(0) + means.square().mean(0),
                )
            ),
            "add the variance of the means, not their standard deviation.": (
                lambda means, variances: (
                    means.mean(0),
                    variances.mean(0) + means.std(0, correction=0),
                )
            ),
            "the batches lie along axis 0: average over it, and keep the features.": (
                lambda means, variances: (
                    means.mean(1),
                    variances.mean(1) + means.var(1, correction=0),
                )
            ),
        },
        praise="One pass, batch by batch, and exact: this is how to calibrate without the memory.",
    ),
    steps_to_forget=FunctionCheck(
        steps_to_forget,
        cases=[(0.1, 0.015), (0.02, 0.05), (0.5, 0.3), (0.5, 0.25)],
        mistakes={
            "the momentum is the share of the *new* batch; 1 - momentum of the old is left.": (
                steps_to_shrink
            ),
            "one batch too few: after so many its share is still larger.": (
                lambda momentum, share: steps_to_forget(momentum, share) - 1
            ),
            "each batch takes a part of what is left, so it shrinks by a factor, not in a line.": (
                lambda momentum, share: math.ceil((1 - share) / momentum)
            ),
            "a whole number of batches, please: round up.": (
                lambda momentum, share: math.log(share) / math.log(1 - momentum)
            ),
        },
        praise="Switch to evaluation earlier than that, and you evaluate with made-up statistics.",
    ),
    fold_torch=FunctionCheck(
        fold_torch,
        cases=[trained_pair(4, 4, 0), trained_pair(3, 3, 1)],
        mistakes={
            "the scale lies along the wrong axis: in torch's layout a neuron is a row.": (
                fold_columns
            ),
            "the old bias passes through batch norm too; it is missing.": fold_scaled(
                right_scale, lambda linear, norm, scale: norm.bias - norm.running_mean * scale
            ),
            "the old bias is added as it was; batch norm scales it as well.": fold_scaled(
                right_scale,
                lambda linear, norm, scale: linear.bias - norm.running_mean * scale + norm.bias,
            ),
            "the running mean is subtracted *before* the scaling.": fold_scaled(
                right_scale,
                lambda linear, norm, scale: linear.bias * scale - norm.running_mean + norm.bias,
            ),
            "the running mean is missing in the bias.": fold_scaled(
                right_scale, lambda linear, norm, scale: linear.bias * scale + norm.bias
            ),
            "beta, norm.bias, is missing.": fold_scaled(
                right_scale,
                lambda linear, norm, scale: (linear.bias - norm.running_mean) * scale,
            ),
            "eps is missing under the root.": fold_scaled(
                lambda norm: norm.weight / norm.running_var.sqrt()
            ),
            "divide by the standard deviation: the root of the variance is missing.": fold_scaled(
                lambda norm: norm.weight / (norm.running_var + norm.eps)
            ),
            "gamma, norm.weight, is missing in the scale.": fold_scaled(
                lambda norm: 1 / (norm.running_var + norm.eps).sqrt()
            ),
        },
        praise="That is what a deployed network has done before it leaves the house.",
    ),
    batch_norm_places=FunctionCheck(
        over((0, 1)),
        cases=[(PLACES, 1e-5), (PLACES[:2], 0.1)],
        mistakes={
            "each place has statistics of its own here; take B and T together.": over(0),
            "each name has statistics of its own here; take B and T together.": over(1),
            "this is over the features of each place: layer norm.": over(2),
            "this mixes the features: each has its own mean and variance.": over((0, 1, 2)),
            "each name is normalized over places and features; batch norm takes B and T.": (
                over((1, 2))
            ),
            "places share nothing: these are the names and the features; take B and T.": (
                over((0, 2))
            ),
            "the variance is the unbiased one; a batch is normalized with the biased one.": (
                over((0, 1), correction=1)
            ),
            "eps is missing.": lambda x, eps: over((0, 1))(x, 0.0),
            "eps belongs to the variance, under the root.": lambda x, eps: (
                (x - x.mean((0, 1))) / (x.std((0, 1), correction=0) + eps)
            ),
        },
        praise="nn.BatchNorm1d wants (B, C, T) for the same thing. Layouts are a matter of taste.",
    ),
    norm_backward=FunctionCheck(
        norm_backward,
        cases=BACKWARD,
        mistakes={
            "this treats mean and variance as constants; the example moves both.": (
                lambda *a: norm_backward(*a, mean_path=False, var_path=False)
            ),
            "the way through the mean is missing: the columns do not add up to zero.": (
                lambda *a: norm_backward(*a, mean_path=False)
            ),
            "the way through the variance is missing.": (
                lambda *a: norm_backward(*a, var_path=False)
            ),
            "the standard deviation is the unbiased one.": (
                lambda *a: norm_backward(*a, correction=1)
            ),
            "take means over the batch, not sums.": summed_backward,
            "all of it is still to be divided by the standard deviation.": undivided_backward,
            "the sign is turned around.": lambda *a: norm_backward(*a, times=-1.0),
        },
        without=["autograd"],
        praise="Chapter 02 would have needed some forty nodes for each neuron.",
    ),
)
