"""A fleet of K models does what K runs, one by one, do."""

import math
import signal

import pytest
import torch

from helpers.fleet import Fleet
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
from helpers.state import state
from helpers.training import cross_entropy, evaluate, fit

K = 4
RATES = [0.02, 0.1, 0.5, 1.0]


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def make_data(n, seed):
    inputs = torch.randint(27, (n, 3), generator=seeded(seed))
    noise = torch.randint(27, (n,), generator=seeded(seed + 1))
    return inputs, torch.where(noise < 9, noise, inputs[:, 2])


DATA, DEV = make_data(300, 0), make_data(77, 2)

MIDDLES = {  # from 12 features to 12
    "plain": lambda g: [Linear(12, 12, generator=g), Tanh()],
    "no bias": lambda g: [Linear(12, 12, bias=False, generator=g), ReLU()],
    "batch norm": lambda g: [Linear(12, 12, bias=False, generator=g), BatchNorm1d(12), Tanh()],
    "layer norm": lambda g: [Linear(12, 12, generator=g), LayerNorm(12), ReLU()],
}


def make_model(seed=0, middle="plain"):
    g = seeded(seed)
    layers = [Embedding(27, 4, generator=g), Flatten(), *MIDDLES[middle](g)]
    return Sequential([*layers, Linear(12, 27, generator=g)])


def make_models(middle="plain", dtype=torch.float64):
    return [make_model(seed, middle).to(dtype=dtype) for seed in range(K)]


def assert_alike(fleet, models, tolerance=1e-10):
    assert len(fleet.models()) == len(models) == fleet.K
    for one, model in zip(fleet.models(), models, strict=True):
        for ours, theirs in zip(state(one), state(model), strict=True):
            assert ours.shape == theirs.shape and ours.dtype == theirs.dtype
            assert torch.allclose(ours, theirs, rtol=0, atol=tolerance)


@pytest.mark.parametrize("middle", MIDDLES)
def test_one_call_equals_k_calls_in_values_and_gradients(middle):
    models = make_models(middle)
    fleet = Fleet(models)
    shared = DATA[0][:32]
    own = torch.stack([DATA[0][32 * k : 32 * k + 32] for k in range(K)])
    for batch in (shared, own):
        logits = fleet(batch)
        assert logits.shape == (K, 32, 27)
        assert fleet.layers[2].out.shape == (K, 32, 12)
        fleet_gradients = torch.autograd.grad(logits.square().sum(), fleet.parameters())
        for k, model in enumerate(models):
            alone = model(batch if batch is shared else batch[k])
            assert torch.allclose(logits[k], alone, rtol=0, atol=1e-10)
            gradients = torch.autograd.grad(alone.square().sum(), model.parameters())
            for ours, theirs in zip(fleet_gradients, gradients, strict=True):
                assert torch.allclose(ours[k], theirs, rtol=1e-10, atol=1e-10)
    assert_alike(fleet, models)  # the running statistics moved alike


@pytest.mark.parametrize("own_batches", [False, True])
@pytest.mark.parametrize("middle", MIDDLES)
def test_a_run_equals_k_runs_one_by_one(middle, own_batches):
    models, fleet = make_models(middle), Fleet(make_models(middle))
    seeds = [10 + k if own_batches else 7 for k in range(K)]
    generator = [seeded(s) for s in seeds] if own_batches else seeded(7)
    settings = dict(steps=60, validation=DEV, every=15, record_updates=True)
    record = fit(fleet, DATA, learning_rate=RATES, generator=generator, **settings)
    assert record.loss.shape == (60, K) and record.validation_loss.shape == (5, K)
    assert record.learning_rate.tolist() == [pytest.approx(RATES)] * 60
    for k, model in enumerate(models):
        alone = fit(model, DATA, learning_rate=RATES[k], generator=seeded(seeds[k]), **settings)
        assert record.names == alone.names
        for ours, theirs in (
            (record.loss, alone.loss),
            (record.validation_loss, alone.validation_loss),
            (record.update_ratio, alone.update_ratio),
        ):
            close = torch.allclose(ours[..., k], theirs, rtol=0, atol=1e-10, equal_nan=True)
            assert close
        assert record.best_step[k] == alone.best_step
        assert evaluate(fleet, DEV)[k].item() == pytest.approx(evaluate(model, DEV), abs=1e-10)
    assert_alike(fleet, models)


@pytest.mark.parametrize("middle", MIDDLES)
def test_in_float32_to_float32s_precision(middle):
    models = make_models(middle, torch.float32)
    fleet = Fleet(models)
    record = fit(fleet, DATA, steps=50, learning_rate=RATES)
    for k, model in enumerate(models):
        alone = fit(model, DATA, steps=50, learning_rate=RATES[k])
        assert torch.allclose(record.loss[:, k], alone.loss, atol=1e-3)
    assert_alike(fleet, models, 1e-2)


@pytest.mark.parametrize("middle", ["plain", "batch norm"])
def test_early_stopping_gives_each_model_its_own_best_weights(middle):
    models, fleet = make_models(middle), Fleet(make_models(middle))
    settings = dict(steps=600, validation=DEV, every=20, patience=4, batch_size=8)
    record = fit(fleet, DATA, learning_rate=RATES, **settings)
    ends = []
    for k, model in enumerate(models):
        alone = fit(model, DATA, learning_rate=RATES[k], **settings)
        ends.append(len(alone.loss))
        assert record.best_step[k] == alone.best_step
    assert len(set(ends)) > 1 and len(set(record.best_step.tolist())) > 1  # they differ
    assert len(record.loss) == max(ends)  # the fleet waits for the last
    assert_alike(fleet, models)


def test_an_optimizer_trains_the_members_independently():
    models, fleet = make_models(), Fleet(make_models())
    settings = dict(steps=30, optimizer=torch.optim.Adam, learning_rate=0.01, record_updates=True)
    record = fit(fleet, DATA, **settings)
    for k, model in enumerate(models):
        alone = fit(model, DATA, **settings)
        assert torch.allclose(record.loss[:, k], alone.loss, rtol=0, atol=1e-10)
        ours, theirs = record.update_ratio[..., k], alone.update_ratio
        assert torch.allclose(ours, theirs, rtol=0, atol=1e-8, equal_nan=True)
    assert_alike(fleet, models)


def test_the_learning_rate_may_be_a_function_and_one_for_all():
    rates = torch.tensor(RATES)
    falling = fit(
        Fleet(make_models()), DATA, steps=9, learning_rate=lambda step: rates / (step + 1)
    )
    assert torch.allclose(falling.learning_rate[4].float(), rates / 5)
    model, fleet = make_models()[2], Fleet(make_models())
    alone = fit(model, DATA, steps=9, learning_rate=lambda step: 0.5 / (step + 1))
    assert torch.allclose(falling.loss[:, 2], alone.loss, atol=1e-6)
    one = fit(fleet, DATA, steps=9, learning_rate=0.5, record_updates=True)
    assert one.learning_rate.shape == (9,) and one.update_ratio.shape == (9, 5, K)


@pytest.mark.parametrize("middle", ["plain", "batch norm"])
def test_a_diverged_member_hurts_no_other(middle, capsys):
    models, fleet = make_models(middle), Fleet(make_models(middle))
    rates = [0.1, 0.1, 1.7e308, 0.1]
    record = fit(fleet, DATA, steps=40, learning_rate=rates, validation=DEV, patience=40)
    lost = record.loss[:, 2].isnan()
    assert len(record.loss) == 40 and lost[-1] and not lost[0]
    assert (lost.int().diff() >= 0).all() and record.loss[:, [0, 1, 3]].isfinite().all()
    assert record.stopped.endswith("1 of 4 models diverged: their loss is nan from there.")
    assert capsys.readouterr().out == record.stopped + "\n"
    for k in (0, 1, 3):
        fit(models[k], DATA, steps=40, validation=DEV, patience=40)
        for ours, theirs in zip(state(fleet.models()[k]), state(models[k]), strict=True):
            assert torch.allclose(ours, theirs, rtol=0, atol=1e-10)


def test_the_loss_of_a_lost_member_is_nan_from_its_first_inf_on():
    calls = []

    def loss(logits, targets):
        calls.append(1)
        each = cross_entropy(logits, targets)
        return each + torch.tensor([0, math.inf, 0, 0]) if len(calls) == 4 else each

    record = fit(Fleet(make_models()), DATA, steps=6, loss=loss)
    assert record.loss[:3].isfinite().all() and record.loss[3, 1].isnan()
    assert record.loss[:, [0, 2, 3]].isfinite().all()


def test_what_is_frozen_stays_frozen():
    models = [frozen(), frozen()]
    fleet = Fleet(models)
    record = fit(fleet, DATA, steps=5, record_updates=True)
    assert torch.equal(fleet.layers[2].weight[1], models[1][2].weight)
    assert (record.update_ratio[:, 1] == -math.inf).all()
    assert [p.requires_grad for p in fleet.models()[1].parameters()] == [True, False, *[True] * 3]


def test_stop_button_keeps_fleet_and_record_together(capsys):
    def rate(step):
        if step == 5:
            signal.raise_signal(signal.SIGINT)
        return 0.1

    fleet, twin = Fleet(make_models("batch norm")), Fleet(make_models("batch norm"))
    record = fit(fleet, DATA, steps=50, learning_rate=rate)
    assert capsys.readouterr().out == "Stopped by hand after 6 of 50 steps.\n"
    assert torch.equal(record.loss, fit(twin, DATA, steps=6).loss)
    assert_alike(fleet, twin.models(), 0)
    record = fit(fleet, DATA, steps=50, learning_rate=lambda step: rate(5))
    assert record.loss.shape == (1, K)


def test_a_function_may_draw_a_batch_for_each_model():
    def draw(batch_size, generators):
        rows = torch.stack([torch.randint(300, (batch_size,), generator=g) for g in generators])
        return DATA[0][rows], DATA[1][rows]  # (K, B, T) and (K, B)

    by_draw, by_rows = Fleet(make_models()), Fleet(make_models())
    seeds = range(K)
    record = fit(by_draw, draw, steps=20, generator=[seeded(s) for s in seeds])
    other = fit(by_rows, DATA, steps=20, generator=[seeded(s) for s in seeds])
    assert torch.equal(record.loss, other.loss)
    assert_alike(by_draw, by_rows.models(), 0)
    drawn = draw(5, [seeded(s) for s in seeds])
    with pytest.raises(ValueError, match=r"shapes \(4, 5, 3\) and \(4, 4\)"):
        fit(by_draw, lambda batch_size, generators: (drawn[0], drawn[1][:, 1:]), steps=3)


def test_floats_in_place_of_numbers():
    models = [Sequential([Linear(2, 3, generator=seeded(k)), Tanh()]) for k in range(K)]
    x = torch.randn(5, 2, generator=seeded(9))
    for k, model in enumerate(models):
        assert torch.allclose(Fleet(models)(x)[k], model(x), atol=1e-6)
    own = torch.randn(K, 5, 2, generator=seeded(9))
    assert torch.allclose(Fleet(models)(own)[3], models[3](own[3]), atol=1e-6)


def test_a_linear_layer_before_the_flatten():
    def make(seed):
        g = seeded(seed)
        shared = [Embedding(27, 4, generator=g), Linear(4, 2, generator=g), BatchNorm1d(2)]
        return Sequential([*shared, LayerNorm(2), Flatten(), Linear(6, 27, generator=g)])

    models = [make(k) for k in range(3)]
    logits = Fleet(models)(DATA[0][:8])
    for k, model in enumerate(models):
        assert torch.allclose(logits[k], model(DATA[0][:8]), atol=1e-5)


def test_the_models_given_and_given_back_are_copies():
    models = make_models()
    before = [state(m)[0].clone() for m in models]
    fleet = Fleet([models[0], models[0], *models[2:]])  # the same one twice is fine
    fit(fleet, DATA, steps=5, learning_rate=RATES)
    assert all(torch.equal(m[0].weight, old) for m, old in zip(models, before, strict=True))
    back = fleet.models()
    assert not torch.equal(back[0][0].weight, back[1][0].weight)
    assert all(p.requires_grad and p.is_leaf for p in back[0].parameters())
    weight = fleet.layers[0].weight.detach().clone()
    fit(back[0], DATA, steps=5)
    assert torch.equal(fleet.layers[0].weight, weight)


def test_modes_pass_through():
    models = make_models("batch norm")
    for model in models:
        model[3].eval()  # a layer left in evaluation mode stays so
    fleet = Fleet(models)
    assert [layer.training for layer in fleet] == [True, True, True, False, True, True]
    assert not fleet.models()[1][3].training and fleet.models()[1][2].training
    evaluate(fleet, DEV)
    assert [layer.training for layer in fleet] == [True, True, True, False, True, True]
    assert not any(layer.training for layer in fleet.eval())
    assert not any(layer.training for layer in fleet.models()[0])
    assert all(layer.training for layer in fleet.train())


def test_names_and_parameters_are_those_of_one_model():
    model, fleet = make_model(), Fleet([make_model(), make_model(1)])
    pairs = fleet.named_parameters()
    assert [name for name, _ in pairs] == [name for name, _ in model.named_parameters()]
    assert [p.shape for _, p in pairs] == [(2, *p.shape) for p in model.parameters()]


class MyTanh(Tanh):
    pass


def frozen():
    model = make_model()
    model[2].weight.requires_grad_(False)
    return model


@pytest.mark.parametrize(
    "models, error, words",
    [
        ([], ValueError, "at least one model"),
        ([make_model(), torch.nn.Tanh()], TypeError, "model 1 is Tanh: a fleet takes Sequentials"),
        (
            [Sequential([Linear(2, 3)]), Sequential([Linear(2, 3)]), Sequential([Linear(2, 5)])],
            ValueError,
            r"layer 0 of model 2 is Linear\(2, 5\), of model 0 Linear\(2, 3\)",
        ),
        (
            [Sequential([Linear(2, 3)]), Sequential([Linear(2, 3), Tanh()])],
            ValueError,
            "model 1 has 2 layers, model 0 has 1",
        ),
        ([Sequential([Tanh()]), Sequential([ReLU()])], ValueError, r"model 1 is ReLU\(\)"),
        (
            [Sequential([Linear(2, 3)]), Sequential([Linear(2, 3, bias=False)])],
            ValueError,
            r"layer 0, Linear\(2, 3\): bias is None in model 1",
        ),
        (
            [Sequential([BatchNorm1d(3)]), Sequential([BatchNorm1d(3, eps=0.1)])],
            ValueError,
            "eps is 0.1 in model 1, 1e-05 in model 0",
        ),
        ([make_model(), frozen()], ValueError, "layer 2, .*: weight is .* in model 1"),
        (
            [make_model(), make_model().to(dtype=torch.float64)],
            ValueError,
            "layer 0, .*float64 .* in model 1, .*float32",
        ),
        (
            [make_model(middle="batch norm"), make_model(middle="batch norm").eval()],
            ValueError,
            "training is False in model 1, True in model 0",
        ),
        ([Sequential([MyTanh()])], TypeError, "layer 0 of model 0 is .*MyTanh: a fleet stacks"),
    ],
)
def test_models_that_cannot_be_stacked(models, error, words):
    with pytest.raises(error, match=words):
        Fleet(models)


@pytest.mark.parametrize(
    "x, error, words",
    [
        (DATA[0][0], ValueError, r"one batch for all, \(B, T\), .* got shape \(3,\)"),
        (DATA[0].view(3, 100, 3), ValueError, r"\(4, B, T\), got shape \(3, 100, 3\)"),
        (DATA[0] + 1, IndexError, "takes 0 to 26, got 1 to 27"),
        (DATA[0][:40].view(4, 10, 3) - 1, IndexError, "got -1 to 25"),
        (DATA[0].float(), TypeError, "torch.int64 tensor, got torch.float32"),
    ],
)
def test_inputs_that_do_not_fit(x, error, words):
    with pytest.raises(error, match=words):
        Fleet(make_models())(x)


def test_a_batch_of_one_has_no_spread():
    with pytest.raises(ValueError, match="cannot train on a batch of 1"):
        Fleet(make_models("batch norm"))(DATA[0][:1])
    with pytest.raises(ValueError, match="last axis is 12, got shape"):
        Fleet([Sequential([Linear(12, 3)])])(torch.randn(5, 11))


@pytest.mark.parametrize(
    "settings, words",
    [
        (dict(learning_rate=[0.1, 0.2]), r"takes one or 4 numbers, got \(2,\)"),
        (dict(learning_rate=RATES, optimizer=torch.optim.Adam), r"takes one number, got \(4,\)"),
        (dict(generator=[seeded(0)] * 3), "give one, or 4 for the models of this fleet"),
        (dict(loss=lambda logits, y: logits.sum()), r"4 numbers, it has shape \(\)"),
    ],
)
def test_settings_of_a_fleet_that_do_not_fit(settings, words):
    with pytest.raises(ValueError, match=words):
        fit(Fleet(make_models()), DATA, steps=3, **settings)


def test_surplus_units_at_zero_make_a_smaller_model():
    """How models of several sizes share a fleet: units with no weights in or out never wake."""
    models = [make_model(k) for k in range(2)]
    small = models[1]
    with torch.no_grad():
        small[2].weight[:, 5:] = 0
        small[4].weight[5:] = 0
    fleet = Fleet(models)
    fit(fleet, DATA, steps=30, learning_rate=0.5)
    trained = fleet.models()[1]
    assert not trained[2].weight[:, 5:].any() and not trained[2].bias[5:].any()
    assert not trained[4].weight[5:].any() and trained[4].weight[:5].all()
    assert math.isfinite(evaluate(trained, DEV))
