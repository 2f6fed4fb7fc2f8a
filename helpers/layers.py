"""The layers that chapters 06 to 09 build: plain classes, in torch's conventions.

Every layer is called like a function, keeps its last result in `.out` (for the diagnostic plots),
lists what it learns with `parameters()`, and has `training` True or False. Inputs that do not fit
raise TypeError (dtype) or ValueError (shape), with a message that says what to do.
"""

from collections.abc import Iterator

import torch
from torch import Generator, Tensor


class Layer:
    """What all layers share. A layer with something to learn has its own `parameters()`."""

    sizes: tuple[int, ...] = ()  # what stands in its printed form: Linear(30, 200)
    layers: tuple | list = ()  # the layers within, of a Sequential
    training: bool = True
    out: Tensor | None = None  # the last output

    def parameters(self) -> list[Tensor]:
        """The tensors that training changes, always in the same order."""
        return []

    def train(self, mode: bool = True):
        """Switch to training, or with mode=False to evaluation; layers within too. Returns self."""
        self.training = mode
        for layer in self.layers:
            layer.train(mode)
        return self

    def eval(self):
        """Switch to evaluation: BatchNorm1d uses its running statistics. Returns self."""
        return self.train(False)

    def to(self, device=None, dtype: torch.dtype | None = None):
        """Move all tensors to a device ("cuda") or a floating dtype (torch.float64). Returns self.

        In place: an optimizer that holds the parameters goes on working. Empties `.out`.
        """
        if isinstance(device, torch.dtype):  # torch also takes .to(torch.float64)
            device, dtype = None, device
        if dtype is not None and not dtype.is_floating_point:
            raise TypeError(f"parameters need a floating dtype such as torch.float64, got {dtype}")
        self.out = None
        for layer in self.layers:
            layer.to(device=device, dtype=dtype)
        for tensor in vars(self).values():
            if isinstance(tensor, Tensor):
                gradient, tensor.grad = tensor.grad, None
                tensor.data = tensor.data.to(device=device, dtype=dtype)
                tensor.grad = None if gradient is None else gradient.to(tensor)
        return self

    def __getstate__(self):
        # copy.deepcopy asks here what to copy. It refuses computed tensors, so `.out` stays behind.
        return {**vars(self), "out": None}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(str, self.sizes))})"


class Linear(Layer):
    """x @ weight + bias: (…, fan_in) -> (…, fan_out).

    `weight` has shape (fan_in, fan_out); torch's nn.Linear keeps the transpose. It starts as
    normal numbers times gain / √fan_in (He et al. 2015, section 2.2; gain √2 suits relu). `bias`
    (fan_out,) starts at zero, and is None with bias=False. (torch draws both from ±1/√fan_in.)
    `generator` fixes the draw; the parameters live on its device.
    """

    def __init__(
        self,
        fan_in: int,
        fan_out: int,
        bias: bool = True,
        *,
        gain: float = 1.0,
        generator: Generator | None = None,
    ):
        self.sizes = _sizes(fan_in=fan_in, fan_out=fan_out)
        self.weight = _randn(fan_in, fan_out, generator) * (gain / fan_in**0.5)
        self.weight.requires_grad_()  # only now: a leaf is not the result of a computation
        self.bias = self.weight.new_zeros(fan_out).requires_grad_() if bias else None

    def __call__(self, x: Tensor) -> Tensor:
        _check_input(self, x, self.weight)
        self.out = x @ self.weight  # (…, fan_out)
        if self.bias is not None:
            self.out = self.out + self.bias
        return self.out

    def parameters(self) -> list[Tensor]:
        return [self.weight] if self.bias is None else [self.weight, self.bias]


class BatchNorm1d(Layer):
    """Center and scale each feature over the batch, then times gamma, plus beta: same shape.

    Ioffe and Szegedy (2015), algorithms 1 and 2. Takes (B, dim), or (B, T, dim) with statistics
    over B and T: the features come last, where torch's nn.BatchNorm1d wants (B, dim, T).
    Learned: `gamma`, `beta` (torch: weight, bias). Kept: `running_mean`, `running_var`, which each
    call in training moves by the fraction `momentum` toward the batch's, and evaluation uses.
    As in torch, the batch is normalized with its biased variance (sum / n), while `running_var`
    gathers the unbiased one (sum / (n - 1)).
    """

    def __init__(self, dim: int, eps: float = 1e-5, momentum: float = 0.1):
        self.sizes = _sizes(dim=dim)
        self.eps, self.momentum = eps, momentum
        self.gamma = torch.ones(dim, requires_grad=True)
        self.beta = torch.zeros(dim, requires_grad=True)
        self.running_mean = torch.zeros(dim)
        self.running_var = torch.ones(dim)

    def __call__(self, x: Tensor) -> Tensor:
        _check_input(self, x, self.gamma)
        if x.ndim not in (2, 3):
            raise ValueError(f"{self} needs (B, dim) or (B, T, dim), got shape {tuple(x.shape)}")
        if self.training:
            n = x[..., 0].numel()  # numbers per feature: B, or B * T
            if n < 2:
                raise ValueError(
                    f"{self} in training got shape {tuple(x.shape)}: a batch of {n} has no spread "
                    "to divide by. Give it 2 examples or more, or call .eval() first, so that the "
                    "running statistics take the place of the batch's"
                )
            over = tuple(range(x.ndim - 1))  # all axes but the features'
            mean = x.mean(over)  # (dim,)
            var = x.var(over, correction=0)  # (dim,) biased
            with torch.no_grad():
                unbiased = var * n / (n - 1)
                self.running_mean += self.momentum * (mean - self.running_mean)
                self.running_var += self.momentum * (unbiased - self.running_var)
        else:
            mean, var = self.running_mean, self.running_var
        self.out = self.gamma * (x - mean) / (var + self.eps).sqrt() + self.beta
        return self.out

    def parameters(self) -> list[Tensor]:
        return [self.gamma, self.beta]


class LayerNorm(Layer):
    """Center and scale each example over its own features, then times gamma, plus beta.

    Ba, Kiros and Hinton (2016), section 3. (…, dim) -> (…, dim), with the biased variance; training
    and evaluation do the same. Learned: `gamma`, `beta` (torch: weight, bias).
    """

    def __init__(self, dim: int, eps: float = 1e-5):
        self.sizes, self.eps = _sizes(dim=dim), eps
        self.gamma = torch.ones(dim, requires_grad=True)
        self.beta = torch.zeros(dim, requires_grad=True)

    def __call__(self, x: Tensor) -> Tensor:
        _check_input(self, x, self.gamma)
        mean = x.mean(-1, keepdim=True)  # (…, 1)
        var = x.var(-1, keepdim=True, correction=0)  # (…, 1)
        self.out = self.gamma * (x - mean) / (var + self.eps).sqrt() + self.beta
        return self.out

    def parameters(self) -> list[Tensor]:
        return [self.gamma, self.beta]


class Tanh(Layer):
    """tanh of every number, any shape."""

    def __call__(self, x: Tensor) -> Tensor:
        _check_input(self, x)
        self.out = x.tanh()
        return self.out


class ReLU(Layer):
    """max(0, x) of every number, any shape."""

    def __call__(self, x: Tensor) -> Tensor:
        _check_input(self, x)
        self.out = x.relu()
        return self.out


class Embedding(Layer):
    """For every number its row of `weight`: (B, T) int64 -> (B, T, C); any other shape works too.

    `weight` (V, C) starts as standard normal numbers, as torch's does; `generator` as in Linear.
    Raises TypeError if the input is not int64 or int32, IndexError outside 0 to V - 1.
    """

    def __init__(self, V: int, C: int, *, generator: Generator | None = None):
        self.sizes = _sizes(V=V, C=C)
        self.weight = _randn(V, C, generator).requires_grad_()

    def __call__(self, x: Tensor) -> Tensor:
        last = len(self.weight) - 1
        if not isinstance(x, Tensor) or x.dtype not in (torch.int64, torch.int32):
            got = x.dtype if isinstance(x, Tensor) else type(x).__name__
            raise TypeError(f"{self} looks up rows: it needs an int64 tensor, got {got}")
        low, high = torch.aminmax(x) if x.numel() else (0, 0)
        if low < 0 or high > last:
            raise IndexError(f"{self} has rows 0 to {last}, the input holds {low} to {high}")
        self.out = self.weight[x]  # (…, C)
        return self.out

    def parameters(self) -> list[Tensor]:
        return [self.weight]


class Flatten(Layer):
    """Join all axes after the first: (B, T, C) -> (B, T * C). ValueError if there is none after."""

    def __call__(self, x: Tensor) -> Tensor:
        if x.ndim < 2:
            raise ValueError(f"Flatten() needs (B, T, C), got shape {tuple(x.shape)}")
        self.out = x.flatten(1)
        return self.out


class Sequential(Layer):
    """One layer after another: model = Sequential([Linear(2, 3), Tanh()]); model[0] is the first.

    Takes one list. A layer is any object that can be called and has `parameters()`.
    """

    def __init__(self, layers: list, *more):
        if more or not isinstance(layers, (list, tuple)):
            raise TypeError("Sequential takes one list: Sequential([Linear(2, 3), Tanh()])")
        for i, layer in enumerate(layers):
            if isinstance(layer, type):
                raise TypeError(f"layer {i} is a class: write {layer.__name__}(…)")
            if not (callable(layer) and hasattr(layer, "parameters")):
                raise TypeError(f"layer {i} is {layer!r}: a layer is called and has parameters()")
        self.layers = list(layers)

    def __call__(self, x: Tensor) -> Tensor:
        for i, layer in enumerate(self.layers):
            try:
                x = layer(x)
            except Exception as error:
                error.add_note(f"This happened in layer {i} of Sequential: {layer}")
                raise
        self.out = x
        return x

    def parameters(self) -> list[Tensor]:
        return [p for layer in self.layers for p in layer.parameters()]

    def named_parameters(self) -> list[tuple[str, Tensor]]:
        """Pairs ("0 Linear.weight", tensor) in the order of parameters(); nested, "2.0 Linear…"."""
        pairs = []
        for i, layer in enumerate(self.layers):
            if isinstance(layer, Sequential):
                pairs += [(f"{i}.{name}", p) for name, p in layer.named_parameters()]
                continue
            names = {id(value): name for name, value in vars(layer).items()}
            kind = type(layer).__name__
            for j, p in enumerate(layer.parameters()):
                pairs.append((f"{i} {kind}.{names.get(id(p), j)}", p))
        return pairs

    def __len__(self) -> int:
        return len(self.layers)

    def __getitem__(self, i: int):
        return self.layers[i]

    def __iter__(self) -> Iterator:
        return iter(self.layers)

    def __repr__(self) -> str:
        return f"Sequential({self.layers})"


def _sizes(**sizes: int) -> tuple[int, ...]:
    for name, size in sizes.items():
        if not isinstance(size, int) or size < 1:
            raise ValueError(f"{name} must be a whole number of at least 1, got {size!r}")
    return tuple(sizes.values())


def _randn(rows: int, columns: int, generator: Generator | None) -> Tensor:
    if generator is None:
        return torch.randn(rows, columns)
    if not isinstance(generator, Generator):
        raise TypeError(f"generator: torch.Generator().manual_seed(0), say, not {generator!r}")
    return torch.randn(rows, columns, generator=generator, device=generator.device)


def _check_input(layer: Layer, x: Tensor, parameter: Tensor | None = None) -> None:
    """Say in words what does not fit: x, against the parameter that it meets (its first axis)."""
    if not isinstance(x, Tensor) or not x.is_floating_point():
        got = x.dtype if isinstance(x, Tensor) else type(x).__name__
        raise TypeError(f"{layer} needs a tensor of floats, got {got}: embed letters, or x.float()")
    if parameter is None:
        return
    if x.shape[-1:] != parameter.shape[:1]:
        needs, shape = len(parameter), tuple(x.shape)
        message = f"{layer} needs an input whose last axis is {needs}, got shape {shape}"
        if x.ndim > 2 and shape[-2] * shape[-1] == needs:
            message += ": flatten first"
        elif x.ndim > 1 and shape[-2] == needs:
            message += ": swap the last two axes with x.transpose(-1, -2)"
        raise ValueError(message)
    if (x.dtype, x.device) != (parameter.dtype, parameter.device):
        raise TypeError(
            f"{layer} is {parameter.dtype} on {parameter.device}, its input {x.dtype} on "
            f"{x.device}: bring them together with .to(device=…, dtype=…)"
        )
