"""The classes that chapter 08 builds, and those of helpers.layers: they do the same.

The chapter's are taken out of the committed notebook, not copied.
"""

import pytest
import torch
from torch import nn

from chapter import chapter_that_defines
from helpers import layers
from helpers.training import Fleet

TOLERANCE = {"rtol": 0, "atol": 1e-10}  # in float64
MODES = {"training": [True] * 3, "evaluation": [False], "both": [True, False, True, False]}


CHAPTER = chapter_that_defines("BatchNorm1d", "LayerNorm", "InGroups")
BUILT = CHAPTER.build("BatchNorm1d", "LayerNorm", "InGroups", torch=torch)


def in_float64(layer):
    """The layer with float64 tensors and, in place of ones and zeros, numbers of its own."""
    g = torch.Generator().manual_seed(1)
    for name in ("gamma", "beta", "running_mean", "running_var"):
        if hasattr(layer, name):
            tensor = getattr(layer, name)
            tensor.data = torch.rand(tensor.shape, generator=g, dtype=torch.float64) + 0.5
    return layer


def everything(layer, shape, modes):
    """All that calls in these modes leave behind: outputs, gradients, running statistics."""
    g = torch.Generator().manual_seed(2)
    found = []
    for training in modes:
        layer.training = training
        x = torch.randn(*shape, generator=g, dtype=torch.float64) * 3 + 1
        noise = torch.randn(*shape, generator=g, dtype=torch.float64)
        x.requires_grad_()
        y = layer(x)
        found += [y, *torch.autograd.grad(y, [x, layer.gamma, layer.beta], noise)]
        kept = [getattr(layer, name, None) for name in ("running_mean", "running_var")]
        found += [t.clone() for t in kept if t is not None]
    return found


def check_same(mine, theirs, shape, modes):
    results = (everything(in_float64(layer), shape, modes) for layer in (mine, theirs))
    for ours, its in zip(*results, strict=True):
        torch.testing.assert_close(ours, its, **TOLERANCE)


@pytest.mark.parametrize("modes", MODES.values(), ids=MODES)
@pytest.mark.parametrize("shape", [(2, 1), (3, 7), (32, 200)])
@pytest.mark.parametrize("settings", [{}, {"eps": 0.1, "momentum": 0.7}], ids=["default", "other"])
def test_batch_norm_is_the_one_of_the_helpers(shape, modes, settings):
    mine, theirs = (
        kind(shape[-1], **settings) for kind in (BUILT["BatchNorm1d"], layers.BatchNorm1d)
    )
    check_same(mine, theirs, shape, modes)


@pytest.mark.parametrize("shape", [(1, 2), (4, 3), (32, 200), (5, 7, 10)])
@pytest.mark.parametrize("settings", [{}, {"eps": 0.1}], ids=["default", "other"])
def test_layer_norm_is_the_one_of_the_helpers(shape, settings):
    mine, theirs = (kind(shape[-1], **settings) for kind in (BUILT["LayerNorm"], layers.LayerNorm))
    check_same(mine, theirs, shape, MODES["both"])


@pytest.mark.parametrize("name", ["BatchNorm1d", "LayerNorm"])
def test_they_begin_alike(name):
    mine, theirs = BUILT[name](5), getattr(layers, name)(5)
    assert mine.training and theirs.training
    assert [p.requires_grad for p in mine.parameters()] == [True, True]
    for ours, its in zip(mine.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(ours, its, rtol=0, atol=0)
    for kept in ("running_mean", "running_var"):
        assert hasattr(mine, kept) == hasattr(theirs, kept)
        if hasattr(mine, kept):
            torch.testing.assert_close(getattr(mine, kept), getattr(theirs, kept), rtol=0, atol=0)


def test_batch_of_one_in_training_is_an_error_for_both():
    for kind in (BUILT["BatchNorm1d"], layers.BatchNorm1d):
        layer = kind(3)
        with pytest.raises(ValueError, match="batch of 1"):
            layer(torch.zeros(1, 3))
        assert layer.running_var.isfinite().all()
        layer.training = False
        assert layer(torch.ones(1, 3)).shape == (1, 3)


def test_statistics_in_groups_are_batch_norm_on_each_group():
    """The chapter's InGroups, for a fleet of two, beside torch's batch norm on each group."""
    K, B, H, size = 2, 12, 5, 4
    x = torch.randn(K, B, H, generator=torch.Generator().manual_seed(3))
    models = [layers.Sequential([layers.BatchNorm1d(H)]) for _ in range(K)]
    grouped = BUILT["InGroups"](Fleet(models).layers[0], size)
    y = grouped(x)
    for k in range(K):
        running = []
        for rows in range(0, B, size):
            alone = nn.BatchNorm1d(H)
            group = x[k, rows : rows + size]
            torch.testing.assert_close(y[k, rows : rows + size], alone(group))
            running.append(torch.stack([alone.running_mean, alone.running_var]))
        kept = torch.stack([grouped.norm.running_mean[k], grouped.norm.running_var[k]])
        torch.testing.assert_close(kept, torch.stack(running).mean(0))
    grouped.training = grouped.norm.training = False
    torch.testing.assert_close(grouped(x), grouped.norm(x))
