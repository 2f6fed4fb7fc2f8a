"""The clinic of chapter 09: every fault shows in the plots, and no other fault looks like it."""

import itertools
import math

import matplotlib.pyplot as plt
import pytest
import torch
import torch.nn.functional as F

from helpers.chapters.ch09 import clinic
from helpers.chapters.ch09.clinic import FAULTS, PATIENTS, SETTINGS, card, examine, patient
from helpers.chapters.ch09.exercises import SETTING_OF, against, illness, treat
from helpers.chapters.ch09.four_plots import FourPlots, ward
from helpers.layers import BatchNorm1d, Sequential
from helpers.networks import network
from helpers.training import Fleet, fit

torch.set_num_threads(1)


def mend_of(number: int) -> dict:
    """The healthy value of the setting that is wrong in a patient."""
    fault = clinic._fault(number)
    setting = SETTING_OF[fault]
    return {setting: SETTINGS[setting]}


def test_every_fault_has_its_patient():
    assert len(PATIENTS) >= 6
    drawn = [clinic._fault(number) for number in PATIENTS]
    assert sorted(drawn) == sorted(FAULTS)
    assert drawn != list(FAULTS)  # the list in the chapter does not give the order away


@pytest.mark.parametrize("number", PATIENTS)
def test_fault_shows_and_its_mend_heals(number):
    fault = clinic._fault(number)
    assert against(fault, patient(number)) is None
    assert illness(patient(number))
    assert illness(patient(number, **mend_of(number))) is None
    assert treat(number, (fault, mend_of(number))) is None


@pytest.mark.parametrize("seed", [101, 102, 103])
@pytest.mark.parametrize("fault", FAULTS)
def test_faults_do_not_hang_on_one_seed(fault, seed):
    mend = {SETTING_OF[fault]: SETTINGS[SETTING_OF[fault]]}
    ill = clinic._chart(seed, fault, ())
    assert illness(ill)
    assert [other for other in FAULTS if against(other, ill) is None] == [fault]
    assert illness(clinic._chart(seed, fault, tuple(mend.items()))) is None


@pytest.mark.parametrize(
    ("number", "named"), [(n, f) for n, f in itertools.product(PATIENTS, FAULTS)]
)
def test_wrong_diagnosis_is_told_which_plot_speaks_against_it(number, named):
    if named == clinic._fault(number):
        return
    said = treat(number, (named, mend_of(number)))
    assert said and "speaks against it" in said
    assert "lot " in said or "card" in said


def test_wrong_mends_are_told():
    number = next(n for n in PATIENTS if clinic._fault(n) == "gain too low")
    assert "One fault, one change" in treat(number, ("gain too low", dict(SETTINGS)))
    assert "mended by nothing" in treat(number, ("gain too low", {}))
    assert "plot 1" in treat(number, ("gain too low", {"gain": 0.9}))
    assert "raises" in treat(number, ("gain too low", {"gain": "5/3"}))
    assert "pair" in treat(number, "gain too low")
    assert "no fault is called" in treat(number, ("sad", {}))
    assert "no setting" in treat(number, ("gain too low", {"gian": 5 / 3}))


def test_cards_and_errors():
    assert not any(fault in card(number) for number in PATIENTS for fault in FAULTS)
    with pytest.raises(ValueError, match="they are 1 to 8"):
        patient(9)
    with pytest.raises(ValueError, match="no setting 'rate'"):
        patient(1, rate=0.1)


def small(seed: int) -> Sequential:
    return network(seed, hidden=20, depth=2, embedding=4, norm=BatchNorm1d)


def test_chart_holds_what_autograd_says():
    generator = torch.Generator().manual_seed(0)
    data = (
        torch.randint(27, (200, 3), generator=generator),
        torch.randint(27, (200,), generator=generator),
    )
    batch = (data[0][:50], data[1][:50])
    fleet = Fleet([small(0), small(1)])
    record = fit(fleet, data, steps=4, record_updates=True, progress=False)
    alone = fleet.models()
    charts = examine(fleet, batch, record)
    assert len(charts) == 2
    for k, (model, chart) in enumerate(zip(alone, charts, strict=True)):
        logits = model(batch[0])
        ends = [model[4], model[7]]
        for end in ends:
            end.out.retain_grad()
        F.cross_entropy(logits, batch[1]).backward()
        held = [model[i].weight for i in (0, 2, 5, 8)]
        for mine, theirs in (
            *zip(chart.outputs, [end.out for end in ends], strict=True),
            *zip(chart.output_gradients, [end.out.grad for end in ends], strict=True),
            *zip(chart.weights, held, strict=True),
            *zip(chart.weight_gradients, [p.grad for p in held], strict=True),
        ):
            torch.testing.assert_close(mine, theirs.detach(), rtol=1e-4, atol=1e-7)
        names = [i for i, name in enumerate(record.names) if name.endswith("weight")]
        assert torch.equal(chart.updates, record.update_ratio[:, names, k])
        assert torch.equal(chart.loss, record.loss[:, k])
        assert (chart.kind, chart.batch_norm) == ("tanh", True)
        ratio = held[1].grad.std() / held[1].std()
        assert chart.gradient_to_data[1] == pytest.approx(ratio.item(), rel=1e-4)
        saturated = (ends[0].out.abs() > 0.97).float().mean().item()
        assert chart.stuck[0] == pytest.approx(saturated, abs=1e-6)


def test_a_model_that_was_not_trained_needs_no_record():
    data = torch.randint(27, (50, 4), generator=torch.Generator().manual_seed(0))
    batch = (data[:, :3], data[:, 3])
    model = small(0)
    before = [p.detach().clone() for p in model.parameters()]
    chart = examine(model, batch)
    assert all(map(torch.equal, model.parameters(), before))
    twin = small(0)
    trained = examine(twin, batch, fit(twin, batch, steps=1, learning_rate=0, record_updates=True))
    assert chart.gradient_size == trained.gradient_size and chart.spread == trained.spread
    assert chart.updates.shape == (0, 4) and chart.loss.shape == (0,)
    assert len(chart.pace) == 4 and all(map(math.isnan, chart.pace))
    FourPlots(chart).update(chart)
    plt.close("all")


def test_a_ward_has_a_row_for_each_network():
    data = torch.randint(27, (50, 4), generator=torch.Generator().manual_seed(0))
    chart = examine(small(0), (data[:, :3], data[:, 3]))
    fig = ward({"first": chart, "second": chart})
    assert [ax.get_ylabel() for ax in fig.axes] == ["first", "", "", "", "second", "", "", ""]
    assert [bool(ax.get_title(loc="left")) for ax in fig.axes] == [True] * 4 + [False] * 4
    assert [bool(ax.get_xlabel()) for ax in fig.axes] == [False] * 4 + [True] * 4
    assert all(ax.axison for ax in fig.axes)
    plt.close("all")
