"""The clinic of chapter 09: networks with one hidden fault each, and the charts they are read by.

    chart = patient(3)              # six layers, trained for a moment: what its plots need
    chart = patient(3, gain=5 / 3)  # the same patient with one setting changed

Which patient has which fault is drawn below, so reading this file does not give it away.
"""

import math
import random
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from helpers.data import load_names, split, windows
from helpers.fleet import Fleet
from helpers.layers import BatchNorm1d, Linear, ReLU, Sequential, Tanh
from helpers.networks import network
from helpers.training import Record, cross_entropy, fit

__all__ = ["FAULTS", "PATIENTS", "SETTINGS", "Chart", "card", "examine", "patient"]


@dataclass
class Chart:
    """What the four plots of a network are drawn from; layers are counted from 1.

    kind, batch_norm: what a hidden layer ends with, "tanh", "relu" or "linear"; has it batch norm?
    outputs, output_gradients: of each hidden layer, (B, H).
    weights, weight_gradients: of the embedding, number 0, then of each Linear.
    updates: (n, weights) log10 of update over weight in each of n steps; see Record.update_ratio.
    loss: (n,). Where no run was recorded, n is 0.
    """

    kind: str
    batch_norm: bool
    outputs: list[Tensor]
    output_gradients: list[Tensor]
    weights: list[Tensor]
    weight_gradients: list[Tensor]
    updates: Tensor
    loss: Tensor

    @property
    def spread(self) -> list[float]:
        """The standard deviation of each hidden layer's outputs."""
        return [out.std().item() for out in self.outputs]

    @property
    def stuck(self) -> list[float]:
        """Share of each hidden layer that hardly learns: |tanh| > 0.97, or relus always at 0."""
        if self.kind == "tanh":
            return [(out.abs() > 0.97).float().mean().item() for out in self.outputs]
        return [(out == 0).all(0).float().mean().item() for out in self.outputs]

    @property
    def gradient_size(self) -> list[float]:
        """The standard deviation of the gradient of each hidden layer's outputs."""
        return [gradient.std().item() for gradient in self.output_gradients]

    @property
    def gradient_to_data(self) -> list[float]:
        """Of each weight: standard deviation of its gradient over that of its values."""
        pairs = zip(self.weight_gradients, self.weights, strict=True)
        return [(gradient.std() / weight.std()).item() for gradient, weight in pairs]

    @property
    def pace(self) -> list[float]:
        """The median of `updates` over the second half of the run, for each weight."""
        if not len(self.updates):
            return [math.nan] * len(self.weights)
        late = self.updates[len(self.updates) // 2 :]
        return late.nanmedian(0).values.tolist()


def examine(
    model: Sequential | Fleet, batch: tuple[Tensor, Tensor], record: Record | None = None
) -> Chart | list[Chart]:
    """Read the four plots' numbers off a model, in the mode it is in.

    batch: inputs (B, T) and targets (B,), for one forward and one backward pass; record: of
    fit(…, record_updates=True), for the fourth plot. A fleet of K models gives a list of K charts.
    """
    seen = model if isinstance(model, Fleet) else _left_alone(model)
    K = model.K if isinstance(model, Fleet) else 1
    logits = seen(batch[0])
    places = [i for i, layer in enumerate(seen.layers) if isinstance(layer, Linear)]
    ends = [seen.layers[i - 1] for i in places[1:]]  # a hidden layer ends before the next Linear
    weights = [layer.weight for layer in seen.layers if hasattr(layer, "weight")]
    cross = cross_entropy(logits, batch[1]).sum()
    outputs = [end.out for end in ends]
    found = torch.autograd.grad(cross, [*outputs, *weights])
    if seen is not model:  # one model has no axis of its own
        outputs, weights, found = ([t[None] for t in group] for group in (outputs, weights, found))
    kind = {"Tanh": "tanh", "ReLU": "relu"}.get(type(ends[0]).__name__)
    updates, loss = torch.zeros(0, len(weights), K), torch.zeros(0, K)
    if record is not None:
        updates = record.updates_of("weight").reshape(-1, len(weights), K)
        loss = record.loss.reshape(-1, K)
    charts = [
        Chart(
            kind or "linear",
            any(isinstance(layer, BatchNorm1d) for layer in seen.layers),
            outputs=[out.detach()[k] for out in outputs],
            output_gradients=[gradient[k] for gradient in found[: len(outputs)]],
            weights=[weight.detach()[k].clone() for weight in weights],
            weight_gradients=[gradient[k] for gradient in found[len(outputs) :]],
            updates=updates[:, :, k],
            loss=loss[:, k],
        )
        for k in range(K)
    ]
    return charts if seen is model else charts[0]


def _left_alone(model: Sequential) -> Sequential:
    """The model once more, on the same parameters, so that a call leaves no trace in it."""
    layers = [copy(layer) for layer in model]
    for layer in layers:
        if isinstance(layer, BatchNorm1d):
            layer.running_mean, layer.running_var = layer.running_mean + 0, layer.running_var + 0
    return Sequential(layers)


# ---------------------------------------------------------------- the patients

SETTINGS = {  # what can be changed in a patient, and what is healthy for tanh
    "gain": 5 / 3,  # of the hidden layers' weights; for relu √2
    "fan_in_scaling": True,  # weights times gain / √fan_in, not times one number for all layers
    "bias": 0.0,  # where the hidden layers' biases start
    "learning_rate": 0.1,
    "training": True,  # the mode that the network trains in: False is eval
    "frozen": None,  # the number of a layer that the optimizer was not given
}
# A fault: the settings it changes, and what stands on the patient's card.
_KINDS = {
    "gain too high": ({"gain": 4.0}, ()),
    "gain too low": ({"gain": 0.6}, ()),
    "no fan-in scaling": ({"fan_in_scaling": False}, ()),
    "learning rate too high": ({"learning_rate": 0.8}, ()),
    "learning rate too low": ({"learning_rate": 0.001}, ("batch norm",)),
    "dead relus": ({"bias": -0.7}, ("relu",)),
    "batch norm in eval mode": ({"training": False}, ("batch norm",)),
    "a frozen layer": ({"frozen": 4}, ("relu",)),
}
FAULTS = tuple(_KINDS)
PATIENTS = tuple(range(1, len(FAULTS) + 1))
_FAULT_OF = dict(zip(PATIENTS, random.Random(1909).sample(FAULTS, len(FAULTS)), strict=True))
STEPS = 100


def card(number: int) -> str:
    """What is known of a patient before its plots are drawn."""
    traits = _KINDS[_fault(number)][1]
    activation = "relu" if "relu" in traits else "tanh"
    return f"patient {number}: {activation}, {'' if 'batch norm' in traits else 'no '}batch norm"


def patient(number: int, **mend) -> Chart:
    """Build patient `number`, with the settings in `mend` changed, train it, and examine it.

    Raises ValueError for a number or a setting that there is not.
    """
    if unknown := [name for name in mend if name not in SETTINGS]:
        raise ValueError(f"there is no setting {unknown[0]!r}; there are {', '.join(SETTINGS)}.")
    return _chart(number, _fault(number), tuple(sorted(mend.items())))


@cache  # the checks ask for the same patients again
def _chart(number: int, fault: str, mend: tuple) -> Chart:
    changed, traits = _KINDS[fault]
    healthy = SETTINGS | ({"gain": 2**0.5} if "relu" in traits else {})
    settings = healthy | ({"gain": 3.0} if "batch norm" in traits else {}) | changed | dict(mend)
    model = _network(number, settings, traits)
    model.train(settings["training"])
    linears = [i for i, layer in enumerate(model.layers) if isinstance(layer, Linear)]
    left_out = model[linears[settings["frozen"] - 1]].parameters() if settings["frozen"] else []

    def optimizer(parameters: Sequence[Tensor]) -> torch.optim.Optimizer:
        held = [p for p in parameters if not any(p is one for one in left_out)]
        return torch.optim.SGD(held, lr=settings["learning_rate"])

    generator = torch.Generator().manual_seed(number)
    notes = {"record_updates": True, "progress": False}
    record = fit(model, _data(), steps=STEPS, optimizer=optimizer, generator=generator, **notes)
    return examine(model, tuple(tensor[:100] for tensor in _data()), record)


def _network(seed: int, settings: dict, traits: Sequence[str]) -> Sequential:
    scaled, relu = settings["fan_in_scaling"], "relu" in traits
    norm = BatchNorm1d if "batch norm" in traits else None
    gain = settings["gain"] if scaled else 1.0
    model = network(seed, hidden=100, depth=5, gain=gain, norm=norm)
    *hidden, _ = (layer for layer in model if isinstance(layer, Linear))
    with torch.no_grad():
        for linear in hidden:
            if not scaled:
                linear.weight *= 0.28 * len(linear.weight) ** 0.5  # a std of 0.28 in all layers
            if linear.bias is not None:  # there is none in front of a norm
                linear.bias += settings["bias"]
    return Sequential([ReLU() if relu and isinstance(layer, Tanh) else layer for layer in model])


@cache
def _data() -> tuple[Tensor, Tensor]:
    return windows(split(load_names())[0])


def _fault(number: int) -> str:
    if number not in _FAULT_OF:
        raise ValueError(f"there is no patient {number!r}; they are 1 to {len(FAULTS)}.")
    return _FAULT_OF[number]
