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
        own = x.ndim == 3
        if not (x.ndim == 2 or (own and len(x) == self.K)):
            raise ValueError(
                f"a fleet of {self.K} takes one batch for all, (B, T), or one for each, "
                f"({self.K}, B, T), got shape {tuple(x.shape)}"
            )
        if not own and not isinstance(self.layers[0], layers.Embedding):
            x = x.expand(self.K, *x.shape)  # a view; Embedding does better without
        return super().__call__(x)

    def named_parameters(self) -> list[tuple[str, Tensor]]:
        """Pairs ("0 Linear.weight", tensor), named as in one of the models."""
        names = [name for name, _ in self._single.named_parameters()]
        return list(zip(names, self.parameters(), strict=True))

    def models(self) -> list[layers.Sequential]:
        """The K models with their tensors as they are now, as copies that live on their own."""
        return [self._model(k) for k in range(self.K)]

    def _model(self, k: int) -> layers.Sequential:
        model = deepcopy(self._single).train(self.training)
        for layer, stacked in zip(model.layers, self.layers, strict=True):
            layer.training = stacked.training
            for name, tensor in _tensors(stacked).items():
                one = tensor[k].detach().clone().requires_grad_(tensor.requires_grad)
                setattr(layer, name, one)
        return model


class StackedEmbedding(layers.Embedding):
    """weight (K, V, C): (B, T) or (K, B, T) numbers -> (K, B, T, C)."""

    def __call__(self, x: Tensor) -> Tensor:
        K, V, C = self.weight.shape
        if x.is_floating_point():
            raise TypeError(f"{self} looks up rows by a torch.int64 tensor, got {x.dtype}")
        low, high = torch.aminmax(x) if x.numel() else (0, 0)
        if low < 0 or high >= V:  # unchecked, a row of the next model would be taken
            raise IndexError(f"{self} has rows 0 to {V - 1}, the input holds {low} to {high}")
        if x.ndim == 2:
            # index_select has a much faster backward than weight[:, x].
            self.out = self.weight.index_select(1, x.flatten()).view(K, *x.shape, C)
        else:
            first = torch.arange(K, device=x.device).view(K, 1, 1) * V  # row 0 of model k
            rows = (x + first).flatten()  # in one table of all K * V rows
            self.out = self.weight.view(K * V, C).index_select(0, rows).view(*x.shape, C)
        return self.out


class StackedLinear(layers.Linear):
    """weight (K, fan_in, fan_out), bias (K, fan_out): (K, …, fan_in) -> (K, …, fan_out)."""

    def __call__(self, x: Tensor) -> Tensor:
        K, fan_in, fan_out = self.weight.shape
        if x.shape[-1] != fan_in:
            raise ValueError(f"{self} needs {fan_in} features, got shape {tuple(x.shape)} (K, …)")
        rows = x.reshape(K, -1, fan_in)
        if self.bias is None:
            out = torch.bmm(rows, self.weight)
        else:
            out = torch.baddbmm(self.bias.unsqueeze(1), rows, self.weight)
        self.out = out.view(*x.shape[:-1], fan_out)
        return self.out


class StackedBatchNorm1d(layers.BatchNorm1d):
    """gamma, beta and the running statistics (K, dim): (K, …, dim) -> same shape."""

    def __call__(self, x: Tensor) -> Tensor:
        rows = x.reshape(len(x), -1, x.shape[-1])  # (K, n, dim)
        mean, var = self.running_mean, self.running_var
        if self.training:
            n = rows.shape[1]
            if n < 2:
                raise ValueError(
                    f"{self} cannot train on a batch of {n}, which has no spread to divide by: "
                    "give it 2 examples or more, or call .eval() to use the running statistics"
                )
            mean, var = rows.mean(1), rows.var(1, correction=0)  # (K, dim)
            with torch.no_grad():
                self.running_mean += self.momentum * (mean - self.running_mean)
                self.running_var += self.momentum * (var * n / (n - 1) - self.running_var)
        scale = self.gamma / (var + self.eps).sqrt()  # (K, dim)
        centered = rows - mean.unsqueeze(1)
        self.out = torch.addcmul(self.beta.unsqueeze(1), centered, scale.unsqueeze(1)).view(x.shape)
        return self.out


class StackedLayerNorm(layers.LayerNorm):
    """gamma and beta (K, dim): (K, …, dim) -> same shape."""

    def __call__(self, x: Tensor) -> Tensor:
        rows = x.reshape(len(x), -1, x.shape[-1])  # (K, n, dim)
        mean = rows.mean(-1, keepdim=True)
        var = rows.var(-1, keepdim=True, correction=0)
        normal = (rows - mean) / (var + self.eps).sqrt()
        gamma, beta = self.gamma.unsqueeze(1), self.beta.unsqueeze(1)
        self.out = torch.addcmul(beta, normal, gamma).view(x.shape)
        return self.out


class StackedFlatten(layers.Flatten):
    """(K, B, T, C) -> (K, B, T * C)."""

    def __call__(self, x: Tensor) -> Tensor:
        self.out = x.flatten(2)
        return self.out


_STACKED = {
    layers.Embedding: StackedEmbedding,
    layers.Linear: StackedLinear,
    layers.BatchNorm1d: StackedBatchNorm1d,
    layers.LayerNorm: StackedLayerNorm,
    layers.Flatten: StackedFlatten,
    layers.Tanh: layers.Tanh,  # these two do not mind one more axis
    layers.ReLU: layers.ReLU,
}


def _tensors(layer: layers.Layer) -> dict[str, Tensor]:
    held = {**vars(layer), "out": None}
    return {name: value for name, value in held.items() if isinstance(value, Tensor)}


def _stack(same: tuple[layers.Layer, ...]) -> layers.Layer:
    """One layer that holds the tensors of K, each stacked to (K, …), and their settings."""
    first = same[0]
    stacked = object.__new__(_STACKED[type(first)])  # not __init__: no weights to draw
    vars(stacked).update({**vars(first), "out": None, "training": first.training})
    for name, tensor in _tensors(first).items():
        together = torch.stack([getattr(layer, name).detach() for layer in same])
        setattr(stacked, name, together.requires_grad_(tensor.requires_grad))
    return stacked


def _check_alike(k: int, model: layers.Sequential, first: layers.Sequential) -> None:
    """Name the first layer of model k that cannot be stacked on that of model 0."""
    advice = "A fleet holds models of one structure: train the others on their own"
    if len(model.layers) != len(first.layers):
        counts = f"{len(model.layers)} layers, model 0 has {len(first.layers)}"
        raise ValueError(f"model {k} has {counts}. {advice}")
    for i, (layer, wanted) in enumerate(zip(model.layers, first.layers, strict=True)):
        if type(layer) not in _STACKED:
            known = ", ".join(kind.__name__ for kind in _STACKED)
            raise TypeError(
                f"layer {i} of model {k} is {type(layer).__module__}.{type(layer).__name__}: "
                f"a fleet stacks, from helpers.layers, {known}"
            )
        if repr(layer) != repr(wanted):
            raise ValueError(f"layer {i} of model {k} is {layer}, of model 0 {wanted}. {advice}")
        mine, its = _settings(layer), _settings(wanted)
        for name in mine | its:
            if mine.get(name) != its.get(name):
                raise ValueError(
                    f"layer {i}, {layer}: {name} is {mine.get(name)} in model {k}, "
                    f"{its.get(name)} in model 0. {advice}"
                )


def _settings(layer: layers.Layer) -> dict:
    """All that must be the same: of a tensor not its values, but what kind of tensor it is."""
    kinds = {
        name: f"{tuple(t.shape)} {t.dtype} on {t.device}" + " to be learned" * t.requires_grad
        for name, t in _tensors(layer).items()
    }
    return {**vars(layer), "training": layer.training, **kinds, "out": None}
