"""The hidden curves of chapter 01, derivatives."""

import math

import torch


class Ground:
    """A hidden curve: call it with places, in any shape, for the heights there.

    A wide valley with two waves in it, a long and a short one, drawn by lot from `number`. Heights
    are counted from the lowest place. `starts` (40,) are the places where the walkers begin.
    """

    def __init__(self, number: int):
        generator = torch.Generator().manual_seed(number)
        middle, *lots = torch.rand(5, generator=generator, dtype=torch.float64).tolist()
        self.middle = 6 * middle - 3
        lengths, phases = (4 + lots[0], 0.8 + 0.4 * lots[2]), lots[1::2]
        self.waves = [
            (height, 2 * math.pi / length, 2 * math.pi * phase)
            for height, length, phase in zip((0.4, 0.2), lengths, phases, strict=True)
        ]
        self.lowest = 0.0
        self.lowest = self(torch.linspace(-10, 10, 4001, dtype=torch.float64)).min().item()
        self.starts = 18 * torch.rand(40, generator=generator, dtype=torch.float64) - 9

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        heights = (1 + (x - self.middle) ** 2).sqrt() - self.lowest
        for height, frequency, phase in self.waves:
            heights = heights + height * (frequency * x + phase).cos()
        return heights
