"""The classes that chapter 09 builds do what those of helpers.layers do."""

import pytest
import torch

from chapter import chapter_that_defines
from helpers import layers

CHAPTER = chapter_that_defines("Linear", "BatchNorm1d", "Tanh")
BUILT = CHAPTER.build("Linear", "BatchNorm1d", "Tanh", torch=torch)


def double(layer):
    """All tensors of a layer in float64, so that differences are not roundings."""
    for name, tensor in vars(layer).items():
        if isinstance(tensor, torch.Tensor):
            made = tensor.detach().double().requires_grad_(tensor.requires_grad)
            setattr(layer, name, made)
    return layer


def both(name: str, *arguments, **settings):
    pair = []
    for kit in (BUILT[name], getattr(layers, name)):
        if name == "Linear":
            settings["generator"] = torch.Generator().manual_seed(3)
        pair.append(double(kit(*arguments, **settings)))
    return pair


def compare(mine, theirs, x):
    """Output, `.out`, gradients of input and parameters, and whatever else the layers hold."""
    answers = []
    for layer in (mine, theirs):
        given = x.clone().requires_grad_()
        out = layer(given)
        assert layer.out is out
        weights = torch.linspace(-1, 2, out.numel(), dtype=out.dtype).view(out.shape)
        gradients = torch.autograd.grad((weights * out).sum(), [given, *layer.parameters()])
        held = {k: v for k, v in vars(layer).items() if isinstance(v, torch.Tensor)}
        answers.append((out, gradients, held))
    (out, gradients, held), (their_out, their_gradients, their_held) = answers
    torch.testing.assert_close(out, their_out, rtol=1e-10, atol=1e-10)
    assert len(gradients) == len(their_gradients)
    for a, b in zip(gradients, their_gradients, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-10, atol=1e-10)
    assert held.keys() == their_held.keys()
    for name, tensor in held.items():
        torch.testing.assert_close(tensor, their_held[name], rtol=1e-10, atol=1e-10)


def batch(rows: int, columns: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return 3 * torch.randn(rows, columns, generator=generator, dtype=torch.float64) + 1


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("gain", [1.0, 5 / 3])
def test_linear(bias, gain):
    compare(*both("Linear", 7, 5, bias, gain=gain), batch(6, 7))


def test_tanh():
    compare(*both("Tanh"), batch(6, 7))


@pytest.mark.parametrize("rows", [2, 3, 32])
def test_batch_norm_in_training_and_then_in_eval_mode(rows):
    mine, theirs = both("BatchNorm1d", 4, momentum=0.3)
    for step in range(3):
        compare(mine, theirs, batch(rows, 4, seed=step))
    assert not torch.allclose(mine.running_mean, torch.zeros(4, dtype=torch.float64))
    mine.training = theirs.training = False
    compare(mine, theirs, batch(1, 4))
