"""The layers that chapter 04 builds, and those of helpers.layers: they do the same.

The chapter's are taken out of the committed notebook, not copied.
"""

import pytest
import torch

from chapter import all_chapters
from helpers import layers
from helpers.data import V

NAMES = ("Layer", "Embedding", "Flatten", "Linear", "Tanh", "Sequential")
CHAPTER = next(chapter for chapter in all_chapters() if chapter.number == "04")
BUILT = CHAPTER.build(*NAMES, torch=torch)
HOUSE = {name: getattr(layers, name) for name in NAMES}
LETTERS = torch.randint(V, (5, 3), generator=torch.Generator().manual_seed(1))


def drawn(kinds, gain):
    """The network of names, of these kinds of layers."""
    g = torch.Generator().manual_seed(0)
    embedding = kinds["Embedding"](V, 4, generator=g)
    hidden = kinds["Linear"](12, 7, gain=gain, generator=g)
    last = kinds["Linear"](7, V, generator=g)
    parts = [embedding, kinds["Flatten"](), hidden, kinds["Tanh"](), last]
    return kinds["Sequential"](parts)


@pytest.mark.parametrize("gain", [1.0, 5 / 3])
def test_the_same_draws_give_the_same_network(gain):
    mine, theirs = drawn(BUILT, gain), drawn(HOUSE, gain)
    for ours, its in zip(mine.parameters(), theirs.parameters(), strict=True):
        assert ours.requires_grad and ours.is_leaf
        torch.testing.assert_close(ours, its, rtol=0, atol=0)
    torch.testing.assert_close(mine(LETTERS), theirs(LETTERS), rtol=0, atol=0)


def test_so_do_their_gradients():
    mine, theirs = drawn(BUILT, 1.0), drawn(HOUSE, 1.0)
    for model in (mine, theirs):
        model(LETTERS).square().sum().backward()
    for ours, its in zip(mine.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(ours.grad, its.grad, rtol=0, atol=0)
