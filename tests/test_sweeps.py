"""The sweep of chapter 11: the same numbers from every executor, clear words for bad settings."""

import math
import multiprocessing
import signal
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest
import torch
import torch.nn.functional as F

from helpers.chapters.ch11 import sweeps
from helpers.chapters.ch11.sweeps import (
    Setting,
    distinct_contexts,
    even_draws,
    job,
    mean_loss,
    names_data,
    network,
    sweep,
    train,
    weighted_nll,
)
from helpers.data import windows
from helpers.training import Fleet

# Different in every way in which two jobs of a sweep can differ, and done in a blink.
SETTINGS = [
    Setting(0.03, 8, 4, 2, steps=5, batch_size=16, seeds=(0, 1)),
    Setting(0.1, 5, 3, 1, steps=9, batch_size=8, seeds=(4,)),
    Setting(0.01, 8, 4, 2, steps=5, batch_size=16, seeds=(0, 1)),
]
NAMES = ["emma", "ava", "mia", "emma", "em", "ada"]


@pytest.fixture(scope="module")
def looped():
    return sweep(SETTINGS)


def test_results_stand_in_the_order_of_the_settings(looped):
    assert [result.setting for result in looped] == SETTINGS
    assert [len(result.dev) for result in looped] == [2, 1, 2]
    assert all(1.9 < loss < 3.4 for result in looped for loss in (*result.train, *result.dev))
    assert len({result.dev for result in looped}) == 3


def test_threads_give_the_loops_numbers(looped):
    with ThreadPoolExecutor(3) as threads:
        assert sweep(SETTINGS, threads) == looped


def test_processes_give_the_loops_numbers_in_any_order(looped):
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as pool:
        assert sweep(SETTINGS, pool) == looped
        assert sweep(SETTINGS[::-1], pool) == looped[::-1]


def test_a_seed_does_not_depend_on_the_seeds_beside_it(looped):
    alone = sweep([Setting(0.03, 8, 4, 2, steps=5, batch_size=16, seeds=(1,))])
    assert alone[0].dev[0] == pytest.approx(looped[0].dev[1], abs=1e-5)
    assert abs(looped[0].dev[0] - looped[0].dev[1]) > 1e-4


def test_each_seed_draws_batches_of_its_own(monkeypatch):
    monkeypatch.setattr(sweeps, "network", lambda setting, seed: network(setting, 0))
    first, second, third = train(Setting(0.03, 8, 4, 2, steps=2, seeds=(0, 1, 1))).models()
    weights = [model.layers[2].weight for model in (first, second, third)]
    assert not torch.allclose(weights[0], weights[1], atol=1e-4)
    torch.testing.assert_close(weights[1], weights[2])


def test_a_sweep_that_is_stopped_returns_no_half_trained_networks(monkeypatch, capsys):
    def pressed(data):
        draw = even_draws(data)
        return lambda *given: (signal.raise_signal(signal.SIGINT), draw(*given))[1]

    monkeypatch.setattr(sweeps, "even_draws", pressed)
    with pytest.raises(KeyboardInterrupt):
        sweep(SETTINGS)
    assert capsys.readouterr().out == "Stopped by hand after 1 of 5 steps.\n"  # of the first job


def test_even_draws_are_right_on_average():
    """The weighted batches' mean loss is the loss over all windows."""
    data = distinct_contexts(NAMES, 2)
    fleet = Fleet([network(SETTINGS[0], seed) for seed in (0, 1)])
    generators = [torch.Generator().manual_seed(seed) for seed in (5, 6)]
    with torch.no_grad():
        contexts, shares, weights = even_draws(data)(20_000, generators)
        loss = weighted_nll(fleet(contexts), shares, weights)
    assert contexts.shape == (2, 20_000, 2)
    torch.testing.assert_close(loss.double(), mean_loss(fleet, data), rtol=1e-3, atol=0)


def test_job_takes_one_thread_and_leaves_the_global_generator_alone():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        job(SETTINGS[1])
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)
    assert torch.equal(torch.rand(1), expected)


def test_distinct_contexts_hold_all_windows():
    contexts, targets = windows(NAMES, 2)
    data = distinct_contexts(NAMES, 2)
    assert len(data.contexts) == len({tuple(row) for row in contexts.tolist()})
    assert data.times.sum() == len(targets)
    for context, shares, times in zip(*data, strict=True):
        here = targets[(contexts == context).all(dim=1)]
        assert len(here) == times
        torch.testing.assert_close(shares, torch.bincount(here, minlength=27) / len(here))


def test_mean_loss_is_the_cross_entropy_of_all_windows():
    models = [network(SETTINGS[0], seed) for seed in (0, 1)]
    contexts, targets = windows(NAMES, 2)
    expected = [F.cross_entropy(model(contexts), targets).item() for model in models]
    assert mean_loss(Fleet(models), distinct_contexts(NAMES, 2)).tolist() == pytest.approx(expected)


def test_network_starts_without_an_opinion():
    model = network(Setting(0.03, 100, 10, 3), 0)
    loss = mean_loss(Fleet([model]), names_data(3)[2]).item()
    assert loss == pytest.approx(math.log(27), abs=0.03)
    assert model.layers[2].weight.std().item() == pytest.approx(5 / 3 / 30**0.5, rel=0.05)


def test_training_lowers_the_loss_on_names_never_seen():
    before = Setting(0.05, 30, 8, 3, steps=1, seeds=(0, 1))
    after = Setting(0.05, 30, 8, 3, steps=60, seeds=(0, 1))
    dev = names_data(3)[2]
    assert (mean_loss(train(before), dev) > 2.9).all()
    assert (mean_loss(train(after), dev) < 2.5).all()


def test_dev_is_not_trained_on_and_train_is_graded_on_a_part():
    everything, some, dev = (
        {tuple(row) for row in part.contexts.tolist()} for part in names_data(5)
    )
    assert some < everything
    assert dev - everything


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"learning_rate": 0}, "learning_rate"),
        ({"learning_rate": math.nan}, "learning_rate"),
        ({"hidden": 0}, "hidden"),
        ({"embedding": 2.5}, "embedding"),
        ({"context_length": 0}, "context_length"),
        ({"steps": -1}, "steps"),
        ({"batch_size": None}, "batch_size"),
        ({"seeds": 3}, "seeds"),
        ({"seeds": ()}, "seeds"),
    ],
)
def test_bad_settings_are_named(changed, said):
    good = {"learning_rate": 0.1, "hidden": 5, "embedding": 2, "context_length": 2}
    with pytest.raises(ValueError, match=said):
        Setting(**good | changed)


def test_what_cannot_map_is_no_executor():
    with pytest.raises(TypeError, match="executor"):
        sweep(SETTINGS, executor=2)


def test_an_error_in_a_job_reaches_the_caller():
    with ThreadPoolExecutor(1) as threads, pytest.raises(AttributeError):
        sweep([None], threads)
