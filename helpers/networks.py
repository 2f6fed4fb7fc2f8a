"""The small network of names: chapter 04 puts it together, 07 gives it depth and gain, 08 norms."""

from collections.abc import Callable

from torch import Generator

from helpers.data import V
from helpers.layers import Embedding, Flatten, Layer, Linear, Sequential, Tanh


def network(
    seed: int = 0,
    *,
    hidden: int = 200,
    depth: int = 1,
    gain: float = 5 / 3,
    norm: Callable[[int], Layer] | None = None,
    embedding: int = 10,
    context_length: int = 3,
) -> Sequential:
    """`depth` hidden layers of tanh, then a last one that is made small: (B, T) -> (B, V).

    `norm(hidden)` makes what stands in front of each tanh; layers before it have no bias. All
    weights come from one generator of this seed, in the order of the layers. The scales are those
    of chapters 06 and 07: He et al. 2015, section 2.2.
    """
    generator, fan_in = Generator().manual_seed(seed), context_length * embedding
    layers = [Embedding(V, embedding, generator=generator), Flatten()]
    for _ in range(depth):
        layers.append(Linear(fan_in, hidden, norm is None, gain=gain, generator=generator))
        layers += [Tanh()] if norm is None else [norm(hidden), Tanh()]
        fan_in = hidden
    return Sequential([*layers, Linear(fan_in, V, gain=0.1, generator=generator)])
