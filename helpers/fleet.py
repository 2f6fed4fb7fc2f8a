"""A fleet: K models of one structure that train at once.

The parameters of the K models are stacked along a new first axis, and one batched product does the
work of K small ones. No number of a model meets a number of another, so the gradient of the sum
of the K losses holds, slice by slice, the gradients that the models would have had alone.
"""

from copy import deepcopy

import torch
from torch import Tensor

from helpers import layers


class Fleet(layers.Sequential):
    """K models side by side: Fleet([model_0, model_1, …]), to be called and trained like one.

    Takes Sequentials that differ in nothing but the values of their tensors, made of the layers
    of helpers.layers. The fleet works on copies; `models()` gives them back, one by one.

    A call maps a batch that all models share, (B, T) numbers or (B, features) floats, or one batch
    for each, (K, B, …), to logits (K, B, V). `layers` holds the stacked layers: a `weight` is
    (K, fan_in, fan_out), an `out` (K, B, …). `K` is the number of models.

    Raises TypeError for what it cannot stack, and ValueError for models that differ, with the first
    layer in which they do.
    """

    def __init__(self, models: list[layers.Sequential]):
        self.K = len(models := list(models))
        if not models:
            raise ValueError("a fleet needs at least one model")
        for k, model in enumerate(models):
            if not isinstance(model, layers.Sequential) or isinstance(model, Fleet):
                raise TypeError(f"model {k} is {type(model).__name__}: a fleet takes Sequentials")
            _check_alike(k, model, models[0])
        self._single = deepcopy(models[0])  # the mold for models()
        super().__init__([_stack(same) for same in zip(*(m.layers for m in models), strict=True)])

    def __call__(self, x: Tensor) -> Tensor:
        if x.ndim != 2 and (x.ndim != 3 or len(x) != self.K):
            wanted = f"one batch for all, (B, T), or one for each, ({self.K}, B, T)"
            raise ValueError(f"a fleet of {self.K} takes {wanted}, got shape {tuple(x.shape)}")
        if x.ndim == 2 and not isinstance(self.layers[0], Embedding):
            x = x.expand(self.K, *x.shape)  # a view; Embedding does better without
        return super().__call__(x)

    def models(self) -> list[layers.Sequential]:
        """The K models with their tensors as they are now, as copies that live on their own."""
        models = [deepcopy(self._single).train(self.training) for _ in range(self.K)]
        for k, model in enumerate(models):
            for layer, stacked in zip(model, self, strict=True):
                layer.training = stacked.training
                for name, tensor in _tensors(stacked).items():
                    one = tensor[k].detach().clone().requires_grad_(tensor.requires_grad)
                    setattr(layer, name, one)
        return models


class Embedding(layers.Embedding):
    """weight (K, V, C): (B, T) or (K, B, T) numbers -> (K, B, T, C)."""

    def __call__(self, x: Tensor) -> Tensor:
        self.check(x)  # unchecked, a row of the next model would be taken
        K, V, C = self.weight.shape
        if x.ndim == 2:
            # index_select has a much faster backward than weight[:, x].
            self.out = self.weight.index_select(1, x.flatten()).view(K, *x.shape, C)
        else:
            first = torch.arange(K, device=x.device).view(K, 1, 1) * V  # row 0 of model k
            rows = (x + first).flatten()  # in one table of all K * V rows
            self.out = self.weight.view(K * V, C).index_select(0, rows).view(*x.shape, C)
        return self.out


class Linear(layers.Linear):
    """weight (K, fan_in, fan_out), bias (K, fan_out): (K, …, fan_in) -> (K, …, fan_out)."""

    def __call__(self, x: Tensor) -> Tensor:
        if x.shape[-1] != self.sizes[0]:  # to ask all of check_input each time costs 1%
            layers.check_input(self, x, self.weight)
        rows = _rows(x)
        if self.bias is None:
            out = torch.bmm(rows, self.weight)
        else:
            out = torch.baddbmm(self.bias.unsqueeze(1), rows, self.weight)
        self.out = out.view(*x.shape[:-1], -1)
        return self.out


class BatchNorm1d(layers.BatchNorm1d):
    """gamma, beta and the running statistics (K, dim): (K, …, dim) -> same shape."""

    def __call__(self, x: Tensor) -> Tensor:
        rows = _rows(x)
        mean, var = self.moments(rows)
        scale = self.gamma / (var + self.eps).sqrt()  # (K, dim)
        beta, centered = self.beta.unsqueeze(1), rows - mean.unsqueeze(1)
        self.out = torch.addcmul(beta, centered, scale.unsqueeze(1)).view(x.shape)
        return self.out


class LayerNorm(layers.LayerNorm):
    """gamma and beta (K, dim): (K, …, dim) -> same shape."""

    def __call__(self, x: Tensor) -> Tensor:
        rows = _rows(x)
        mean, var = rows.mean(-1, keepdim=True), rows.var(-1, keepdim=True, correction=0)
        normal = (rows - mean) / (var + self.eps).sqrt()
        gamma, beta = self.gamma.unsqueeze(1), self.beta.unsqueeze(1)
        self.out = torch.addcmul(beta, normal, gamma).view(x.shape)
        return self.out


class Flatten(layers.Flatten):
    """(K, B, T, C) -> (K, B, T * C)."""

    def __call__(self, x: Tensor) -> Tensor:
        self.out = x.flatten(2)
        return self.out


_STACKED = {kind.__base__: kind for kind in (Embedding, Linear, BatchNorm1d, LayerNorm, Flatten)}
_STACKED |= {kind: kind for kind in (layers.Tanh, layers.ReLU)}  # they do not mind one more axis


def _rows(x: Tensor) -> Tensor:
    """(K, …, features) -> (K, n, features)."""
    return x.reshape(len(x), -1, x.shape[-1])


def _tensors(layer: layers.Layer) -> dict[str, Tensor]:
    kept = {**vars(layer), "out": None}
    return {name: value for name, value in kept.items() if isinstance(value, Tensor)}


def _stack(same: tuple[layers.Layer, ...]) -> layers.Layer:
    """One layer that holds the tensors of K, each stacked to (K, …), and their settings."""
    first = same[0]
    stacked = object.__new__(_STACKED[type(first)])  # not __init__: no weights to draw
    vars(stacked).update(vars(first), out=None)
    for name, tensor in _tensors(first).items():
        together = torch.stack([getattr(layer, name).detach() for layer in same])
        setattr(stacked, name, together.requires_grad_(tensor.requires_grad))
    return stacked


def _check_alike(k: int, model: layers.Sequential, first: layers.Sequential) -> None:
    """Name the first layer of model k that cannot be stacked on that of model 0."""
    advice = "A fleet holds models of one structure: train the others on their own"
    if len(model) != len(first):
        counts = f"{len(model)} layers, model 0 has {len(first)}"
        raise ValueError(f"model {k} has {counts}. {advice}")
    for i, (layer, wanted) in enumerate(zip(model, first, strict=True)):
        if type(layer) not in _STACKED:
            found = f"{type(layer).__module__}.{type(layer).__name__}"
            known = "from helpers.layers, " + ", ".join(kind.__name__ for kind in _STACKED)
            raise TypeError(f"layer {i} of model {k} is {found}: a fleet stacks, {known}")
        if repr(layer) != repr(wanted):
            raise ValueError(f"layer {i} of model {k} is {layer}, of model 0 {wanted}. {advice}")
        its = _settings(wanted)
        for name, mine in _settings(layer).items():
            if mine != its[name]:
                differs = f"{name} is {mine} in model {k}, {its[name]} in model 0"
                raise ValueError(f"layer {i}, {layer}: {differs}. {advice}")


def _settings(layer: layers.Layer) -> dict:
    """All that must be the same: of a tensor not its values, but what kind of tensor it is."""
    kinds = {
        name: f"{tuple(t.shape)} {t.dtype} on {t.device}" + " to be learned" * t.requires_grad
        for name, t in _tensors(layer).items()
    }
    return {**vars(layer), "training": layer.training, **kinds, "out": None}
