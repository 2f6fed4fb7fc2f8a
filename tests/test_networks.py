"""The small network of names that the house builds."""

import torch

from helpers import layers
from helpers.data import V
from helpers.networks import network

WORDS = torch.randint(V, (5, 3), generator=torch.Generator().manual_seed(0))


def test_its_layers_are_those_that_are_asked_for():
    model = network(hidden=40, depth=2, norm=layers.BatchNorm1d, embedding=4, context_length=5)
    shown = ["Embedding(27, 4)", "Flatten()"]
    shown += ["Linear(20, 40)", "BatchNorm1d(40)", "Tanh()"]
    shown += ["Linear(40, 40)", "BatchNorm1d(40)", "Tanh()", "Linear(40, 27)"]
    assert [str(layer) for layer in model] == shown
    assert model[2].bias is None and model[-1].bias is not None


def test_gain_and_seed_are_what_differs():
    plain, loud, other = network(3), network(3, gain=10 / 3), network(4)
    torch.testing.assert_close(2 * plain[2].weight, loud[2].weight)
    torch.testing.assert_close(plain[-1].weight, loud[-1].weight, rtol=0, atol=0)
    assert not torch.equal(plain[0].weight, other[0].weight)


def test_each_hidden_layer_has_the_gain():
    model = network(hidden=100, depth=3, gain=2.0)
    for layer in (model[2], model[4], model[6]):
        size = layer.weight.square().mean().sqrt() * layer.sizes[0] ** 0.5
        assert abs(size.item() - 2.0) < 0.1


def test_the_first_loss_knows_nothing():
    loss = torch.nn.functional.cross_entropy(network()(WORDS), WORDS[:, 0])
    assert abs(loss.item() - torch.tensor(V).log().item()) < 0.1
