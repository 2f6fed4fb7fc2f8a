"""The layers that chapters 04, 08 and 09 build: plain classes, in torch's conventions.

Every layer is called like a function, keeps its last result in `.out` (for the diagnostic plots),
lists what it learns with `parameters()`, and has `training` True or False. Inputs that do not fit
raise TypeError (dtype, device) or ValueError (shape), with a message that says what to do.
"""

import torch
from torch import Generator, Tensor

from helpers.settings import check_counts
from helpers.state import parts


class Layer:
    """What all layers share."""

    sizes: tuple[int, ...] = ()  # as printed: Linear(30, 200); the first is what inputs must fit
    layers: tuple | list = ()  # the layers within, in a Sequential
    training: bool = True
    out: Tensor | None = None  # the last output

    def parameters(self) -> list[Tensor]:
        """The tensors that training changes, in this order, then those of the layers within."""
        named = [getattr(self, name, None) for name in ("weight", "bias", "gamma", "beta")]
        within = [p for layer in self.layers for p in layer.parameters()]
        return [p for p in named if p is not None] + within

    def train(self, mode: bool = True):
        """Training, or with mode=False evaluation, here and in all layers within. Returns self."""
        for part in parts(self):
            part.training = mode
        return self

    def eval(self):
        """Switch to evaluation: BatchNorm1d uses its running statistics. Returns self."""
        return self.train(False)

    def to(self, device=None, dtype: torch.dtype | None = None):
        """Move all tensors in place to "cuda" or torch.float64, say; drops gradients and `.out`."""
        if isinstance(device, torch.dtype):  # torch also takes .to(torch.float64)
            device, dtype = None, device
        for part in parts(self):
            part.out = None
            for tensor in vars(part).values():
                if isinstance(tensor, Tensor):
                    tensor.grad, tensor.data = None, tensor.data.to(device=device, dtype=dtype)
        return self

    def __getstate__(self):
        # copy.deepcopy asks here what to copy. It refuses computed tensors, so `.out` stays behind.
        return {**vars(self), "out": None}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(str, self.sizes))})"


class Linear(Layer):
    """x @ weight + bias: (…, fan_in) -> (…, fan_out).

    `weight` has shape (fan_in, fan_out), the transpose of torch's, and starts as normal numbers
    times gain / √fan_in (He et al. 2015, section 2.2). `bias` (fan_out,) starts at zero, or is None
    with bias=False. torch draws both from ±1/√fan_in. The parameters live on generator's device.
    """

    def __init__(
        self, fan_in: int, fan_out: int, bias=True, *, gain=1.0, generator: Generator | None = None
    ):
        self.sizes = check_counts(fan_in=fan_in, fan_out=fan_out)
        self.weight = _randn(fan_in, fan_out, generator) * (gain / fan_in**0.5)
        self.weight.requires_grad_()  # only now: a leaf is not the result of a computation
        self.bias = self.weight.new_zeros(fan_out).requires_grad_() if bias else None

    def __call__(self, x: Tensor) -> Tensor:
        check_input(self, x, self.weight)
        out = x @ self.weight  # (…, fan_out)
        self.out = out if self.bias is None else out + self.bias
        return self.out


class BatchNorm1d(Layer):
    """Center and scale each feature over the batch, then times gamma, plus beta: same shape.

    Ioffe and Szegedy (2015), algorithms 1 and 2. (B, dim), or (B, T, dim) with statistics over B
    and T: features last, where torch's nn.BatchNorm1d wants (B, dim, T). Learned: `gamma`, `beta`
    (torch: weight, bias). Kept for evaluation: `running_mean`, `running_var`; a call in training
    moves them by the fraction `momentum` toward the batch's. As in torch, the biased variance
    (sum / n) normalizes the batch, the unbiased one (sum / (n - 1)) goes into `running_var`.
    """

    def __init__(self, dim: int, eps: float = 1e-5, momentum: float = 0.1):
        self.sizes, self.eps, self.momentum = check_counts(dim=dim), eps, momentum
        self.gamma = torch.ones(dim, requires_grad=True)
        self.beta = torch.zeros(dim, requires_grad=True)
        self.running_mean, self.running_var = torch.zeros(dim), torch.ones(dim)

    def __call__(self, x: Tensor) -> Tensor:
        check_input(self, x, self.gamma)
        mean, var = self.moments(x.reshape(-1, x.shape[-1]))
        self.out = self.gamma * (x - mean) / (var + self.eps).sqrt() + self.beta
        return self.out

    def moments(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """(…, n, dim) -> mean and variance, (…, dim): of these rows in training, else running."""
        if not self.training:
            return self.running_mean, self.running_var
        n = rows.shape[-2]  # numbers per feature: B, or B * T
        if n < 2:
            raise ValueError(
                f"{self} cannot train on a batch of {n}: it has no spread to divide by. Take "
                "2 examples or more, or call .eval() first to use the running statistics"
            )
        mean, var = rows.mean(-2), rows.var(-2, correction=0)  # the biased variance
        with torch.no_grad():
            self.running_mean += self.momentum * (mean - self.running_mean)
            self.running_var += self.momentum * (var * n / (n - 1) - self.running_var)
        return mean, var


class LayerNorm(Layer):
    """Center and scale each example over its own features, then times gamma, plus beta.

    Ba, Kiros and Hinton (2016), section 3. (…, dim) -> (…, dim), with the biased variance; training
    and evaluation do the same. Learned: `gamma`, `beta` (torch: weight, bias).
    """

    def __init__(self, dim: int, eps: float = 1e-5):
        self.sizes, self.eps = check_counts(dim=dim), eps
        self.gamma = torch.ones(dim, requires_grad=True)
        self.beta = torch.zeros(dim, requires_grad=True)

    def __call__(self, x: Tensor) -> Tensor:
        check_input(self, x, self.gamma)
        mean, var = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, correction=0)  # (…, 1) each
        self.out = self.gamma * (x - mean) / (var + self.eps).sqrt() + self.beta
        return self.out


class Tanh(Layer):
    """tanh of every number, any shape."""

    def __call__(self, x: Tensor) -> Tensor:
        self.out = x.tanh()
        return self.out


class ReLU(Layer):
    """max(0, x) of every number, any shape."""

    def __call__(self, x: Tensor) -> Tensor:
        self.out = x.relu()
        return self.out


class Embedding(Layer):
    """For every number its row of `weight`: (B, T) int64 -> (B, T, C); other shapes likewise.

    `weight` (V, C) starts as standard normal numbers, as torch's does; `generator` as in Linear.
    Raises IndexError for a number outside 0 to V - 1.
    """

    def __init__(self, V: int, C: int, *, generator: Generator | None = None):
        self.sizes = check_counts(V=V, C=C)
        self.weight = _randn(V, C, generator).requires_grad_()

    def __call__(self, x: Tensor) -> Tensor:
        self.check(x)
        self.out = self.weight[x]  # (…, C)
        return self.out

    def check(self, x: Tensor) -> None:
        """Say in words which numbers have no row."""
        if not isinstance(x, Tensor) or x.dtype not in (torch.int64, torch.int32):
            got = getattr(x, "dtype", type(x).__name__)
            raise TypeError(f"{self} looks up rows by a torch.int64 tensor, got {got}")
        low, high = torch.aminmax(x) if x.numel() else (0, 0)
        if low < 0 or high >= self.sizes[0]:
            raise IndexError(f"{self} takes 0 to {self.sizes[0] - 1}, got {low} to {high}")


class Flatten(Layer):
    """Join all axes after the first: (B, T, C) -> (B, T * C)."""

    def __call__(self, x: Tensor) -> Tensor:
        if x.ndim < 2:
            raise ValueError(f"Flatten() needs (B, T, C), got shape {tuple(x.shape)}")
        self.out = x.flatten(1)
        return self.out


class Sequential(Layer):
    """One layer after another: Sequential([Linear(2, 3), Tanh()]); model[0] is the first layer."""

    def __init__(self, layers: list, *more):
        if more or not isinstance(layers, (list, tuple)):
            raise TypeError("Sequential takes one list: Sequential([Linear(2, 3), Tanh()])")
        for i, x in enumerate(layers):
            if isinstance(x, type) or not (callable(x) and hasattr(x, "parameters")):
                raise TypeError(f"layer {i} is {x}: it must be a layer such as Tanh(), with the ()")
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

    def named_parameters(self) -> list[tuple[str, Tensor]]:
        """Pairs ("0 Linear.weight", tensor), in the order of `parameters()`."""
        pairs = []
        for i, layer in enumerate(self.layers):
            names = {id(value): name for name, value in vars(layer).items()}
            held = enumerate(layer.parameters())
            pairs += [(f"{i} {type(layer).__name__}.{names.get(id(p), j)}", p) for j, p in held]
        return pairs

    def __len__(self) -> int:
        return len(self.layers)

    def __getitem__(self, i: int):  # also what a for loop uses
        return self.layers[i]

    def __repr__(self) -> str:
        return f"Sequential({self.layers})"


def _randn(rows: int, columns: int, generator: Generator | None) -> Tensor:
    if not isinstance(generator, Generator | None):
        raise TypeError(f"generator: torch.Generator().manual_seed(0), say, not {generator!r}")
    device = generator.device if generator else None
    return torch.randn(rows, columns, generator=generator, device=device)


def check_input(layer: Layer, x: Tensor, parameter: Tensor) -> None:
    """Say in words how x does not fit the layer's first size, or this parameter of it."""
    if not isinstance(x, Tensor) or not x.is_floating_point():
        got = getattr(x, "dtype", type(x).__name__)
        raise TypeError(f"{layer} needs a torch tensor of floats, got {got}: embed, or x.float()")
    needs, shape = layer.sizes[0], tuple(x.shape)
    if shape[-1:] != (needs,):
        wanted = f"{layer} needs an input whose last axis is {needs}"
        remedy = ": flatten first" if x.ndim > 2 and x.flatten(1).shape[1] == needs else ""
        raise ValueError(f"{wanted}, got shape {shape}{remedy}")
    if x.dtype != parameter.dtype or x.device != parameter.device:
        own, given = (f"{t.dtype} on {t.device}" for t in (parameter, x))
        raise TypeError(f"{layer} is {own}, its input {given}: use .to(…) on one of them")
