"""The sentences of chapter 01's figures: true at the ends and in the middle of each slider."""

import pytest
import torch

from helpers.chapters.ch01 import Ground, pictures

EVERYWHERE = torch.linspace(-10, 10, 401, dtype=torch.float64)
PROBES = [-6.0, 0.5, 4.0]


@pytest.mark.parametrize(
    ("rate", "words"), [(1 / 60, "1/60"), (10 / 60, "1/6"), (20 / 60, "1/3"), (24 / 60, "2/5")]
)
def test_rates_read_as_fractions(rate, words):
    assert pictures.sixtieths(rate) == words


def test_a_hidden_curve_tells_its_feet_alone():
    ground = Ground(3)
    heights = ground(torch.tensor(PROBES, dtype=torch.float64))
    words = pictures.veil_words(ground, PROBES, EVERYWHERE[:1])
    lowest = f"{PROBES[heights.argmin()]:g}".replace("-", "−")
    assert f"lowest of 3 feet is at {lowest}, at a height of {heights.min():.1f}" in words
    assert "hidden" in words


@pytest.mark.parametrize("shown", [2, 150, 401])
def test_an_unveiled_curve_tells_the_lowest_place_so_far(shown):
    ground, seen = Ground(3), EVERYWHERE[:shown]
    words = pictures.veil_words(ground, PROBES, seen)
    place = seen[ground(seen).argmin()]
    assert f"the lowest place is {place:z.1f}, at {ground(place):z.1f}.".replace("-", "−") in words
    assert f"up to {seen[-1]:g}".replace("-", "−") in words


def test_where_no_step_was_taken_there_is_one_slope():
    assert pictures.digits_words(1e-12, 1.8e-11, 1.0000889e-12).count("18.") == 1
    assert "step taken" in pictures.digits_words(1e-12, 1.8e-11, 1e-12)
    assert "rise / step taken" not in pictures.digits_words(1e-16, 0.0, 0.0)


@pytest.mark.parametrize(
    ("rate", "last", "words"),
    [(0.1, 3e-8, "less than 1e-07"), (1 / 3, -3.0, "−1.00"), (0.4, 86_000.0, "86,000")],
)
def test_the_walk_down_tells_where_it_ends(rate, last, words):
    assert words in pictures.descent_words(rate, last)
