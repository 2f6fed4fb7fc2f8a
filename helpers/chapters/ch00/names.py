"""A name before a model: spelled in letters that it knows, read letter by letter, gone on with.

A model is here any function that takes contexts (B, T), as `windows` cuts them, and returns the
logarithms of its probabilities for the next character, (B, V): a network, or a table of counts.
"""

import math
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from string import ascii_lowercase

import torch
import torch.nn.functional as F
from torch import Tensor

from helpers.data import VOCABULARY, V, decode, encode, windows
from helpers.plots import DARK, GUIDE, SMALL, frame

Model = Callable[[Tensor], Tensor]

# ---------------------------------------------------------------- what the reader typed

STAND_IN = "emma"
LONGEST = 24  # letters, for which a picture has room; the longest name of the list has 15
NOT_ACCENTS = {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
IN_WORDS = {" ": "the space", "-": "the hyphen", "'": "the apostrophe", "’": "the apostrophe"}


def spelled(name: object) -> str:
    """The name in the letters that a model knows: a to z in lower case, 24 at most.

    A printed line says what was done to it. Where no letter is left, "emma" stands in.
    """
    until_then = f"Until then, {STAND_IN} stands in."
    if not isinstance(name, str):
        print(f"{name!r:.40} is not a text. Put your name between quotes. {until_then}")
        return STAND_IN
    typed = unicodedata.normalize("NFC", " ".join(name.split()))
    letters_of = {character: in_letters(character) for character in typed}
    letters = "".join(letters_of[character] for character in typed)
    if not letters:
        said = f"{typed:.40} has none of these" if typed else "No name is there yet"
        print(f"A name is read in the letters a to z. {said}: write yours with them. {until_then}")
        return STAND_IN
    others = [f"{one} as {new}" for one, new in letters_of.items() if new not in ("", one.lower())]
    without = [IN_WORDS.get(one, one) for one, new in letters_of.items() if not new]
    done = ["in lower case"] if typed != typed.lower() else []
    done += [f"with {listed(others)}"] if others else []
    done += [f"without {listed(without)}"] if without else []
    done += [f"up to its letter {LONGEST}"] if len(letters) > LONGEST else []
    if done:
        print(f"{typed:.40} is read as {letters[:LONGEST]}: {', '.join(done)}.")
    return letters[:LONGEST]


def in_letters(character: str) -> str:
    """The letters a to z that stand for a character: "e" for "É", "ss" for "ß", none for "-"."""
    parts = unicodedata.normalize("NFKD", character.casefold())
    spelled_out = "".join(NOT_ACCENTS.get(part, part) for part in parts)
    return "".join(letter for letter in spelled_out if letter in ascii_lowercase)


def listed(words: Sequence[str]) -> str:
    """The words in a row, five at most, each once."""
    words = list(dict.fromkeys(words))
    words = words if len(words) <= 5 else [*words[:4], "others"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


# ---------------------------------------------------------------- what a model makes of it


@torch.no_grad()
def surprises(names: Sequence[str], model: Model, context_length: int = 3) -> list[Tensor]:
    """For each name (n + 1,): minus the logarithm of its letters' and its end's probabilities."""
    contexts, targets = windows(names, context_length)
    parts = zip(contexts.split(10_000), targets.split(10_000), strict=True)  # to save memory
    surprise = torch.cat([F.nll_loss(model(some), came, reduction="none") for some, came in parts])
    return list(surprise.split([len(name) + 1 for name in names]))


@torch.no_grad()
def invent(
    model: Model, number: int, *, beginning: str = "", seed: int = 0, context_length: int = 3
) -> list[str]:
    """Names drawn letter by letter, of 20 letters at most behind what is their beginning.

    The seed is the luck: with the same one, every model is given the same draws.
    """
    generator = torch.Generator().manual_seed(seed)
    luck = torch.rand(20, number, generator=generator, dtype=torch.float64)
    before = [0] * context_length + encode(beginning)
    rows = torch.tensor(before).repeat(number, 1)  # (B, T) and longer, letter by letter
    for draws in luck:
        edges = model(rows[:, -context_length:]).exp().cumsum(dim=1)  # (B, V)
        drawn = (edges < draws[:, None]).sum(dim=1).clamp(max=V - 1)
        rows = torch.cat([rows, drawn[:, None]], dim=1)
    return [decode(row).partition(".")[0] for row in rows[:, context_length:]]


class SurpriseBars:
    """A figure with a bar for each letter of a name; `draw` sets them to what a model makes of it.

    It has room for the bars of all of `models`, and `who` is what they are called. `fig` and
    `moving` are what `sliders` takes, and `alt(model)` is the sentence.
    """

    def __init__(
        self, name: str, models: Iterable[Model], who: str = "the network", context_length: int = 3
    ):
        self.who = who
        self.contexts, self.targets = windows([name], context_length)
        self.ends = [*name, "end"]
        places = range(len(self.ends))
        heights = [height for model in models for height in self.read(model)[0]]
        self.top = max([4.0, *filter(math.isfinite, heights)])
        self.fig, ax = frame(
            "",
            f"the letters of {name}, and its end; in gray, what {who} would have bet on",
            "surprise, −ln p",
            xlim=(-0.7, len(name) + 0.7),
            ylim=(0, 1.12 * self.top),
        )
        ax.set_xticks(places, self.ends)
        ax.xaxis.labelpad = 18
        ax.axhline(math.log(V), **GUIDE)
        beside = {"transform": ax.get_yaxis_transform(), "va": "center", "fontsize": SMALL}
        ax.text(1.01, math.log(V), "27 equal\nchances", **beside)
        self.title = ax.text(0, 1.04, "", fontsize=11, transform=ax.transAxes)
        self.bars = list(ax.bar(places, [0] * len(places), width=0.7))
        words = {"ha": "center", "fontsize": SMALL}
        self.shares = [ax.text(place, 0, "", **words) for place in places]
        words |= {"va": "top", "color": DARK, "transform": ax.get_xaxis_transform()}
        self.bets = [ax.text(place, -0.12, "", **words) for place in places]
        self.moving = [self.title, *self.bars, *self.shares, *self.bets]

    @torch.no_grad()
    def read(self, model: Model) -> tuple[list[float], list[str]]:
        """The surprise at each letter, and the characters on which the model would have bet."""
        log_p = model(self.contexts)  # (n + 1, 27)
        surprise = -log_p[torch.arange(len(self.targets)), self.targets]
        best = log_p.argmax(dim=1).tolist()
        return surprise.tolist(), [VOCABULARY[number] if number else "end" for number in best]

    def draw(self, model: Model) -> None:
        """Set the bars, with the probability of each letter on top, to what the model makes."""
        surprise, bets = self.read(model)
        most = surprise.index(max(surprise))
        for i, (height, bet) in enumerate(zip(surprise, bets, strict=True)):
            self.bars[i].set(height=min(height, self.top), color="C1" if i == most else "C0")
            self.shares[i].set(text=percent(height), y=min(height, self.top) + 0.02 * self.top)
            self.bets[i].set_text(bet)
        end = "its end" if most == len(surprise) - 1 else self.ends[most]
        average = number(sum(surprise) / len(surprise), 2)
        said = f"Most surprising: {end}. On average {average}. {how_often(sum(surprise))}"
        self.title.set_text(said)

    def alt(self, model: Model) -> str:
        """What the bars show, for those who cannot see them."""
        surprise, _ = self.read(model)
        bars = [f"{end} {number(height)}" for end, height in zip(self.ends, surprise, strict=True)]
        average = number(sum(surprise) / len(surprise), 2)
        return f"Bars of surprise, letter by letter: {', '.join(bars)}; {average} on average."


def number(surprise: float, digits: int = 1) -> str:
    return "∞" if surprise == math.inf else f"{surprise:.{digits}f}"


def percent(surprise: float) -> str:
    """The probability that belongs to a surprise, in percent."""
    share = 100 * math.exp(-surprise)
    if 0 < share < 0.01:
        return "<0.01%"
    return f"{share:.0f}%" if share >= 1 else f"{share:.1g}%"


def how_often(surprise: float) -> str:
    """How often a model invents what surprises it so much: "Invented once in 3,200 names."."""
    if surprise == math.inf:
        return "Never invented."
    if surprise > math.log(1e12):
        return "Invented less than once in a trillion names."
    times = math.exp(surprise)
    times = round(times, 1 - math.floor(math.log10(times)))  # to two digits
    for size, word in ((1e9, " billion"), (1e6, " million")):
        if times >= size:
            return f"Invented once in {times / size:,.3g}{word} names."
    return f"Invented once in {times:,.0f} names."
