"""helpers/layers.py against torch's own layers, in float64, and its errors."""

import copy

import pytest
import torch
from torch import nn

from helpers.layers import (
    BatchNorm1d,
    Embedding,
    Flatten,
    LayerNorm,
    Linear,
    ReLU,
    Sequential,
    Tanh,
)

DOUBLE = torch.float64


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def randn(*shape, seed=0):
    return torch.randn(*shape, generator=seeded(seed), dtype=DOUBLE)


def same(ours, theirs):
    torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-10)


def run(layer, x):
    """Output and gradient of the input, under a loss that weights every output differently."""
    x = x.clone().requires_grad_(x.is_floating_point())
    out = layer(x)
    (out * randn(*out.shape, seed=99)).sum().backward()
    return out.detach(), x.grad


def set_(parameter, values):
    with torch.no_grad():
        parameter.copy_(values)


def batch_norms(dim, **settings):
    """Ours and torch's, with the same gamma and beta, neither of them ones or zeros."""
    ours = BatchNorm1d(dim, **settings).to(dtype=DOUBLE)
    theirs = nn.BatchNorm1d(dim, dtype=DOUBLE, **settings)
    for mine, other, seed in ((ours.gamma, theirs.weight, 1), (ours.beta, theirs.bias, 2)):
        values = randn(dim, seed=seed)
        set_(mine, values)
        set_(other, values)
    return ours, theirs


def features_last(norm):
    """torch's BatchNorm1d, which wants (B, D, T), for our (B, T, D); (B, D) is the same in both."""
    return lambda x: norm(x.transpose(1, 2)).transpose(1, 2) if x.ndim == 3 else norm(x)


# --- against torch -------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(2, 3), (32, 30), (1, 1), (0, 4), (4, 3, 5), (2, 3, 4, 5), (7,)])
@pytest.mark.parametrize("bias", [True, False])
def test_linear_equals_torch(shape, bias):
    ours = Linear(shape[-1], 6, bias=bias, generator=seeded()).to(dtype=DOUBLE)
    theirs = nn.Linear(shape[-1], 6, bias=bias, dtype=DOUBLE)
    set_(theirs.weight, ours.weight.T)
    if bias:
        set_(ours.bias, randn(6))
        set_(theirs.bias, randn(6))
    x = randn(*shape, seed=3)
    for mine, other in zip(run(ours, x), run(theirs, x), strict=True):
        same(mine, other)
    same(ours.weight.grad, theirs.weight.grad.T)
    if bias:
        same(ours.bias.grad, theirs.bias.grad)


BATCH_SHAPES = [(2, 1), (2, 3), (32, 200), (4, 3, 5), (1, 7, 2), (3, 1, 4)]


@pytest.mark.parametrize("shape", BATCH_SHAPES)
@pytest.mark.parametrize("settings", [{}, {"eps": 0.1, "momentum": 0.3}, {"momentum": 1.0}])
def test_batch_norm_equals_torch_through_training_and_evaluation(shape, settings):
    ours, theirs = batch_norms(shape[-1], **settings)
    for step in range(5):
        x = 3 * randn(*shape, seed=step) + step
        out, gradient = run(ours, x)
        their_out, their_gradient = run(features_last(theirs), x)
        same(out, their_out)
        same(gradient, their_gradient)
        same(ours.running_mean, theirs.running_mean)
        same(ours.running_var, theirs.running_var)
    same(ours.gamma.grad, theirs.weight.grad)
    same(ours.beta.grad, theirs.bias.grad)

    ours.eval()
    theirs.eval()
    for parameter in (ours.gamma, ours.beta, theirs.weight, theirs.bias):
        parameter.grad = None
    kept = ours.running_mean.clone(), ours.running_var.clone()
    for x in (randn(*shape, seed=9), randn(1, *shape[1:], seed=10)):  # a single example too
        out, gradient = run(ours, x)
        their_out, their_gradient = run(features_last(theirs), x)
        same(out, their_out)
        same(gradient, their_gradient)
    same(ours.gamma.grad, theirs.weight.grad)
    same(ours.beta.grad, theirs.bias.grad)
    assert torch.equal(ours.running_mean, kept[0]), "evaluation moved the running mean"
    assert torch.equal(ours.running_var, kept[1]), "evaluation moved the running variance"

    ours.train()
    theirs.train()
    x = randn(*shape, seed=11)
    same(run(ours, x)[0], run(features_last(theirs), x)[0])
    same(ours.running_var, theirs.running_var)


def test_batch_norm_variances_by_hand():
    """Column (0, 2): mean 1, biased variance 1, unbiased variance 2."""
    layer = BatchNorm1d(1, eps=0.0, momentum=0.5).to(dtype=DOUBLE)
    out = layer(torch.tensor([[0.0], [2.0]], dtype=DOUBLE))
    assert out.flatten().tolist() == [-1.0, 1.0]
    assert layer.running_mean.tolist() == [0.5]  # halfway from 0 to 1
    assert layer.running_var.tolist() == [1.5]  # halfway from 1 to 2


def test_batch_norm_keeps_its_statistics_outside_the_graph_and_without_gradients_too():
    layer = BatchNorm1d(3)
    for _ in range(2):
        layer(torch.randn(4, 3, generator=seeded())).sum().backward()
    assert not layer.running_mean.requires_grad and not layer.running_var.requires_grad
    before = layer.running_mean.clone()
    with torch.no_grad():
        layer(torch.ones(4, 3))
    assert not torch.equal(layer.running_mean, before)


@pytest.mark.parametrize("shape", [(2, 3), (1, 5), (32, 200), (4, 3, 5), (2, 3, 4, 5), (6,)])
@pytest.mark.parametrize("eps", [1e-5, 0.1])
@pytest.mark.parametrize("training", [True, False])
def test_layer_norm_equals_torch(shape, eps, training):
    dim = shape[-1]
    ours = LayerNorm(dim, eps=eps).to(dtype=DOUBLE).train(training)
    theirs = nn.LayerNorm(dim, eps=eps, dtype=DOUBLE).train(training)
    for mine, other, seed in ((ours.gamma, theirs.weight, 1), (ours.beta, theirs.bias, 2)):
        set_(mine, randn(dim, seed=seed))
        set_(other, randn(dim, seed=seed))
    x = 3 * randn(*shape, seed=3) + 1
    for mine, other in zip(run(ours, x), run(theirs, x), strict=True):
        same(mine, other)
    same(ours.gamma.grad, theirs.weight.grad)
    same(ours.beta.grad, theirs.bias.grad)


@pytest.mark.parametrize("shape", [(5,), (3,), (3, 4), (32, 3), (2, 3, 4), (0, 3), ()])
@pytest.mark.parametrize("dtype", [torch.int64, torch.int32])
def test_embedding_equals_torch(shape, dtype):
    ours = Embedding(7, 4, generator=seeded()).to(dtype=DOUBLE)
    theirs = nn.Embedding(7, 4, dtype=DOUBLE)
    set_(theirs.weight, ours.weight)
    x = torch.randint(7, shape, generator=seeded(), dtype=dtype)
    same(run(ours, x)[0], run(theirs, x)[0])
    same(ours.weight.grad, theirs.weight.grad)  # rows that appear twice add up


@pytest.mark.parametrize("ours, theirs", [(Tanh(), nn.Tanh()), (ReLU(), nn.ReLU())])
@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 3, 4), (0, 2)])
def test_activations_equal_torch(ours, theirs, shape):
    for x in (randn(*shape), torch.zeros(shape, dtype=DOUBLE), 50 * randn(*shape)):
        for mine, other in zip(run(ours, x), run(theirs, x), strict=True):
            same(mine, other)


@pytest.mark.parametrize("shape", [(2, 3, 4), (2, 3), (0, 3, 4), (2, 3, 4, 5)])
def test_flatten_equals_torch(shape):
    for mine, other in zip(
        run(Flatten(), randn(*shape)), run(nn.Flatten(), randn(*shape)), strict=True
    ):
        assert torch.equal(mine, other) and mine.shape == other.shape


def pair_of_networks():
    """The course's model with batch norm and layer norm, ours and torch's, with equal weights."""
    g = seeded()
    ours = Sequential(
        [
            Embedding(27, 5, generator=g),
            Flatten(),
            Linear(15, 20, bias=False, gain=5 / 3, generator=g),
            BatchNorm1d(20),
            Tanh(),
            Sequential([Linear(20, 20, generator=g), LayerNorm(20), ReLU()]),
            Linear(20, 27, generator=g),
        ]
    ).to(dtype=DOUBLE)
    theirs = nn.Sequential(
        nn.Embedding(27, 5),
        nn.Flatten(),
        nn.Linear(15, 20, bias=False),
        nn.BatchNorm1d(20),
        nn.Tanh(),
        nn.Sequential(nn.Linear(20, 20), nn.LayerNorm(20), nn.ReLU()),
        nn.Linear(20, 27),
    ).double()
    assert len(ours.parameters()) == len(list(theirs.parameters()))
    for mine, (name, other) in zip(ours.parameters(), theirs.named_parameters(), strict=True):
        set_(other, mine.T if mine.ndim == 2 and name != "0.weight" else mine)
    return ours, theirs


def test_a_network_trained_by_sgd_equals_torch():
    ours, theirs = pair_of_networks()
    optimizer = torch.optim.SGD(theirs.parameters(), lr=0.1)
    start = ours[0].weight.detach().clone()
    for step in range(10):
        x = torch.randint(27, (32, 3), generator=seeded(step))
        y = torch.randint(27, (32,), generator=seeded(100 + step))
        loss, their_loss = (
            nn.functional.cross_entropy(ours(x), y),
            nn.functional.cross_entropy(theirs(x), y),
        )
        same(loss, their_loss)
        for p in ours.parameters():
            p.grad = None
        loss.backward()
        with torch.no_grad():
            for p in ours.parameters():
                p -= 0.1 * p.grad
        optimizer.zero_grad()
        their_loss.backward()
        optimizer.step()
    assert not torch.allclose(start, ours[0].weight), "nothing was learned"
    ours.eval()
    theirs.eval()
    x = torch.randint(27, (50, 3), generator=seeded(1000))
    same(ours(x), theirs(x))
    same(ours[3].running_var, theirs[3].running_var)


# --- initialization and parameters ---------------------------------------------------------------


@pytest.mark.parametrize("fan_in, gain", [(30, 1.0), (200, 5 / 3), (1000, 2**0.5), (100, 0.0)])
def test_linear_starts_as_normal_numbers_scaled_by_fan_in(fan_in, gain):
    layer = Linear(fan_in, 1000, gain=gain, generator=seeded(1))
    n = layer.weight.numel()
    expected = gain / fan_in**0.5
    # The std of n normal numbers scatters by std / √(2n), their mean by std / √n: four times that.
    assert abs(layer.weight.std().item() - expected) <= 4 * expected / (2 * n) ** 0.5
    assert abs(layer.weight.mean().item()) <= 4 * expected / n**0.5
    if gain:  # normal, not uniform: 4.6 % lie beyond two standard deviations, of uniform ones none
        beyond = (layer.weight.abs() > 2 * expected).double().mean().item()
        assert 0.035 < beyond < 0.056
    assert layer.weight.shape == (fan_in, 1000)
    assert layer.bias.shape == (1000,) and layer.bias.abs().max() == 0


def test_embedding_and_norms_start_as_in_torch():
    weight = Embedding(1000, 50, generator=seeded(1)).weight
    assert weight.shape == (1000, 50)
    assert abs(weight.std().item() - 1) < 4 / (2 * weight.numel()) ** 0.5
    for ours, theirs in ((BatchNorm1d(5), nn.BatchNorm1d(5)), (LayerNorm(5), nn.LayerNorm(5))):
        assert torch.equal(ours.gamma, theirs.weight) and torch.equal(ours.beta, theirs.bias)
        assert ours.eps == theirs.eps
    batch_norm, theirs = BatchNorm1d(5), nn.BatchNorm1d(5)
    assert batch_norm.momentum == theirs.momentum
    assert torch.equal(batch_norm.running_mean, theirs.running_mean)
    assert torch.equal(batch_norm.running_var, theirs.running_var)


def build(generator):
    return Sequential([Embedding(5, 4, generator=generator), Linear(4, 3, generator=generator)])


def test_a_generator_fixes_the_draws_in_the_order_of_construction():
    first, second, other = build(seeded(1)), build(seeded(1)), build(seeded(2))
    for a, b in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(a, b)
    assert not torch.equal(first[0].weight, other[0].weight)
    g = seeded(1)  # nothing but these two draws, in this order
    assert torch.equal(first[0].weight, torch.randn(5, 4, generator=g))
    assert torch.equal(first[1].weight, torch.randn(4, 3, generator=g) * 0.5)


def test_the_global_generator_is_left_alone_when_one_is_given():
    state = torch.get_rng_state()
    build(seeded(1))
    assert torch.equal(torch.get_rng_state(), state)
    Linear(2, 2)
    assert not torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("context", [torch.enable_grad, torch.no_grad])
def test_every_parameter_is_a_leaf_that_wants_a_gradient(context):
    with context():
        model = Sequential([Embedding(3, 4), Linear(4, 4, gain=2.0), BatchNorm1d(4), LayerNorm(4)])
    assert len(model.parameters()) == 7
    for p in model.parameters():
        assert p.is_leaf and p.requires_grad


def test_parameters_are_lists_in_the_order_of_the_layers():
    linear, norm, rows = Linear(2, 3), BatchNorm1d(3), Embedding(4, 2)
    assert [id(p) for p in linear.parameters()] == [id(linear.weight), id(linear.bias)]
    assert [id(p) for p in norm.parameters()] == [id(norm.gamma), id(norm.beta)]
    bare = Linear(3, 3, bias=False)
    assert bare.bias is None and len(bare.parameters()) == 1
    for empty in (Tanh(), ReLU(), Flatten(), Sequential([])):
        assert empty.parameters() == []
    model = Sequential([rows, Tanh(), Sequential([linear, norm]), bare])
    expected = [rows.weight, linear.weight, linear.bias, norm.gamma, norm.beta, bare.weight]
    assert isinstance(model.parameters(), list)
    assert [id(p) for p in model.parameters()] == [id(p) for p in expected]


def test_named_parameters_follow_parameters():
    model = Sequential([Embedding(4, 2), Flatten(), Linear(2, 3), Linear(3, 3, bias=False)])
    model.layers += [BatchNorm1d(3), LayerNorm(3)]
    names = [name for name, _ in model.named_parameters()]
    assert names == [
        "0 Embedding.weight",
        "2 Linear.weight",
        "2 Linear.bias",
        "3 Linear.weight",
        "4 BatchNorm1d.gamma",
        "4 BatchNorm1d.beta",
        "5 LayerNorm.gamma",
        "5 LayerNorm.beta",
    ]
    assert [id(p) for _, p in model.named_parameters()] == [id(p) for p in model.parameters()]
    model[2].weight.requires_grad_(False)  # a frozen parameter keeps its place and name
    assert [name for name, _ in model.named_parameters()] == names
    nested = Sequential([Tanh(), Sequential([Linear(2, 2)])])
    assert len(dict(nested.named_parameters())) == len(nested.parameters()) == 2


# --- the container, modes, moving ----------------------------------------------------------------


def test_sequential_is_indexed_counted_and_walked_through():
    layers = [Linear(2, 3), Tanh(), Linear(3, 1)]
    model = Sequential(layers)
    assert len(model) == 3 and model[1] is layers[1] and model[-1] is layers[2]
    assert list(model) == layers == model.layers
    assert repr(model) == "Sequential([Linear(2, 3), Tanh(), Linear(3, 1)])"
    layers.pop()
    assert len(model) == 3  # the model has its own list


def test_every_layer_keeps_its_last_output():
    model = Sequential([Embedding(5, 2), Flatten(), Linear(6, 4), BatchNorm1d(4)])
    model.layers += [LayerNorm(4), Tanh(), ReLU(), Sequential([Linear(4, 2)])]
    assert all(layer.out is None for layer in model)
    out = model(torch.randint(5, (8, 3), generator=seeded()))
    x = torch.randint(5, (8, 3), generator=seeded())
    for layer in model.eval():
        x = layer(x)
        assert layer.out is x
        x.retain_grad()  # as the diagnostic plots do
    assert out.shape == model.out.shape
    x.sum().backward()
    assert all(layer.out.grad is not None for layer in model)


def test_train_and_eval_reach_every_layer_and_return_the_model():
    model = Sequential([Tanh(), Sequential([BatchNorm1d(2), Sequential([ReLU()])])])
    everything = [model, model[0], model[1], model[1][0], model[1][1], model[1][1][0]]
    assert all(layer.training is True for layer in everything)
    assert model.eval() is model
    assert all(layer.training is False for layer in everything)
    assert model.train() is model
    assert all(layer.training is True for layer in everything)
    assert Tanh().training is True  # of each layer alone, not of its class


class PlainScale:
    """A layer as a reader writes it, with nothing inherited."""

    def __init__(self):
        self.scale = torch.tensor([2.0], requires_grad=True)
        self.training = True

    def __call__(self, x):
        self.out = x * self.scale
        return self.out

    def parameters(self):
        return [self.scale]


def test_a_class_of_the_readers_own_works_inside():
    model = Sequential([Linear(2, 2), PlainScale()]).eval().to(dtype=DOUBLE)
    assert model[1].training is False and model[1].scale.dtype == DOUBLE
    assert [name for name, _ in model.named_parameters()][-1] == "1 PlainScale.scale"
    same(model(randn(4, 2)), 2 * model[0](randn(4, 2)))


@pytest.mark.parametrize("move", [lambda m: m.to(dtype=DOUBLE), lambda m: m.to(DOUBLE)])
def test_to_moves_in_place_and_training_goes_on(move):
    model = Sequential([Sequential([Linear(2, 3), BatchNorm1d(3)]), LayerNorm(3), Tanh()])
    x = torch.randn(4, 2, generator=seeded())
    held = model.parameters()
    loss = model(x).sum()  # this graph is still alive when the model moves
    loss.backward()
    statistics = model[0][1].running_mean.clone()
    assert move(model) is model
    assert [id(p) for p in held] == [id(p) for p in model.parameters()]
    for p in held:
        assert p.dtype == DOUBLE and p.is_leaf and p.requires_grad and p.grad is None
    assert model[0][1].running_var.dtype == DOUBLE and not model[0][1].running_var.requires_grad
    same(model[0][1].running_mean, statistics.double())
    assert model.out is None and model[0][0].out is None
    model(x.double()).sum().backward()
    assert all(p.grad.dtype == DOUBLE for p in held)
    model.to()  # nothing asked, nothing changed
    assert all(p.dtype == DOUBLE for p in held)


def test_to_refuses_whole_numbers():
    with pytest.raises(RuntimeError, match="floating point"):
        Linear(2, 3).to(dtype=torch.int64)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_on_a_gpu():
    model = build(torch.Generator("cuda").manual_seed(0))
    assert all(p.is_cuda and p.is_leaf for p in model.parameters())
    model = Sequential([Linear(2, 3), BatchNorm1d(3)]).to("cuda")
    model(torch.ones(4, 2, device="cuda")).sum().backward()
    assert all(p.grad.is_cuda for p in model.parameters()) and model[1].running_mean.is_cuda
    with pytest.raises(TypeError, match="cuda"):
        model(torch.ones(4, 2))


def test_a_model_that_has_run_can_be_deep_copied():
    model = Sequential([Linear(2, 3), BatchNorm1d(3)])
    model(torch.randn(4, 2, generator=seeded()))
    twin = copy.deepcopy(model)
    set_(model[0].weight, torch.zeros(2, 3))
    assert twin[0].weight.abs().min() > 0 and twin[0].weight.is_leaf
    assert torch.equal(twin[1].running_mean, model[1].running_mean)
    assert twin.out is None and model[0].out is not None


# --- errors in the reader's words ----------------------------------------------------------------

X = torch.zeros
LETTERS = torch.zeros(32, 3, dtype=torch.int64)
ERRORS = {
    "flatten": (
        lambda: Linear(30, 200)(X(32, 3, 10)),
        ValueError,
        "Linear(30, 200) needs an input whose last axis is 30, got shape (32, 3, 10): "
        "flatten first",
    ),
    "width": (
        lambda: Linear(30, 200)(X(32, 20)),
        ValueError,
        "last axis is 30, got shape (32, 20)",
    ),
    "vector": (lambda: Linear(1, 2)(X(5)), ValueError, "last axis is 1, got shape (5,)"),
    "scalar": (lambda: Linear(1, 2)(X(())), ValueError, "last axis is 1, got shape ()"),
    "letters": (lambda: Linear(3, 2)(LETTERS), TypeError, "floats, got torch.int64: embed"),
    "list": (lambda: Linear(2, 2)([1.0, 2.0]), TypeError, "got list"),
    "double": (
        lambda: Linear(2, 2)(X(1, 2, dtype=DOUBLE)),
        TypeError,
        "Linear(2, 2) is torch.float32 on cpu, its input torch.float64 on cpu: use .to(",
    ),
    "fan_in": (
        lambda: Linear(0, 3),
        ValueError,
        "fan_in must be a whole number of at least 1, got 0",
    ),
    "fan_out": (lambda: Linear(3, 2.0), ValueError, "fan_out must be a whole number"),
    "seed": (lambda: Linear(3, 2, generator=0), TypeError, "manual_seed(0), say, not 0"),
    "batch of 1": (
        lambda: BatchNorm1d(3)(X(1, 3)),
        ValueError,
        "cannot train on a batch of 1: it has no spread to divide by. Take 2 examples or more, or "
        "call .eval()",
    ),
    "one of one": (lambda: BatchNorm1d(3)(X(1, 1, 3)), ValueError, "a batch of 1"),
    "no batch": (lambda: BatchNorm1d(3)(X(0, 3)), ValueError, "a batch of 0"),
    "single vector": (lambda: BatchNorm1d(3)(X(3)), ValueError, "a batch of 1"),
    "norm's dim": (
        lambda: BatchNorm1d(3)(X(4, 5)),
        ValueError,
        "BatchNorm1d(3) needs an input whose",
    ),
    "torch's order": (lambda: BatchNorm1d(3)(X(4, 3, 5)), ValueError, "last axis is 3"),
    "norm's dtype": (
        lambda: BatchNorm1d(3)(LETTERS),
        TypeError,
        "BatchNorm1d(3) needs a torch tensor",
    ),
    "norm's size": (lambda: BatchNorm1d((3,)), ValueError, "dim must be a whole number"),
    "layer norm's dim": (lambda: LayerNorm(3)(X(4, 5)), ValueError, "LayerNorm(3) needs an input"),
    "layer norm's dtype": (lambda: LayerNorm(3)(LETTERS), TypeError, "got torch.int64"),
    "layer norm's size": (lambda: LayerNorm(-1), ValueError, "dim must be a whole number"),
    "row too high": (
        lambda: Embedding(27, 10)(LETTERS + 27),
        IndexError,
        "Embedding(27, 10) takes 0 to 26, got 27 to 27",
    ),
    "row too low": (lambda: Embedding(27, 10)(LETTERS - 1), IndexError, "got -1 to -1"),
    "embedded floats": (lambda: Embedding(27, 10)(X(2, 3)), TypeError, "got torch.float32"),
    "embedded bools": (lambda: Embedding(2, 1)(X(2) > 0), TypeError, "got torch.bool"),
    "embedded list": (lambda: Embedding(27, 10)([1, 2]), TypeError, "torch.int64 tensor, got list"),
    "V": (
        lambda: Embedding(27.5, 10),
        ValueError,
        "V must be a whole number of at least 1, got 27.5",
    ),
    "C": (lambda: Embedding(27, 0), ValueError, "C must be"),
    "flat already": (lambda: Flatten()(X(3)), ValueError, "needs (B, T, C), got shape (3,)"),
    "class": (lambda: Sequential([Linear(2, 2), Tanh]), TypeError, "layer 1 is <class"),
    "function": (
        lambda: Sequential([torch.tanh]),
        TypeError,
        "a layer such as Tanh(), with the ()",
    ),
    "number": (lambda: Sequential([Tanh(), 3]), TypeError, "layer 1 is 3"),
    "no list": (lambda: Sequential(Tanh(), ReLU()), TypeError, "Sequential takes one list"),
    "more than a list": (lambda: Sequential([Tanh()], ReLU()), TypeError, "takes one list"),
    "one layer": (lambda: Sequential(Linear(2, 2)), TypeError, "Sequential takes one list"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors_are_in_the_readers_words(name):
    mistake, kind, message = ERRORS[name]
    with pytest.raises(kind) as caught:
        mistake()
    assert message in str(caught.value)


def test_flattening_is_advised_only_where_it_helps():
    for layer, x in ((Linear(30, 200), X(32, 4, 10)), (Linear(1, 2), X(5))):
        with pytest.raises(ValueError) as caught:
            layer(x)
        assert "flatten" not in str(caught.value)


def test_a_failed_batch_leaves_the_running_statistics_alone():
    layer = BatchNorm1d(3)
    with pytest.raises(ValueError):
        layer(torch.full((1, 3), 5.0))
    assert layer.running_mean.tolist() == [0, 0, 0] and layer.running_var.tolist() == [1, 1, 1]


def test_sequential_says_in_which_layer_it_happened():
    model = Sequential([Tanh(), Sequential([ReLU(), Linear(3, 4)])])
    with pytest.raises(ValueError) as caught:
        model(X(2, 2))
    notes = caught.value.__notes__
    assert "layer 1 of Sequential: Linear(3, 4)" in notes[0] and "layer 1" in notes[1]
