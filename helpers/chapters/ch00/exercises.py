"""The exercises of chapter 00, start here, and the mistakes that they know."""

from helpers.exercises import Exercises, FunctionCheck, ValueCheck


def count_starting(names, letter):
    return sum(name.startswith(letter) for name in names)


def letter_pairs(name):
    text = f".{name}."
    return [text[i : i + 2] for i in range(len(text) - 1)]


FAMILY = ["ava", "emma", "anna", "noah", "sophia", "ella", "hannah"]

check = Exercises(
    blind_guess=ValueCheck(
        right=1 / 27,
        mistakes={
            "27 characters: the letters are 26, and the end of a name is one more.": 1 / 26,
            "that is how many characters there are; 27 equal shares of one are asked for.": 27,
            "a probability this large, given 27 times, adds up to 27.": 1,
            "that would leave nothing for any character.": 0,
        },
        praise="Chapter 06 makes of it the first loss that a network should have.",
        tolerance=0.01,
    ),
    count_starting=FunctionCheck(
        count_starting,
        cases=[(FAMILY, "a"), (FAMILY, "h"), (FAMILY, "e"), (FAMILY, "z"), ([], "a")],
        mistakes={
            "you count the names that end with the letter.": lambda names, letter: sum(
                name.endswith(letter) for name in names
            ),
            "you count the names that hold the letter anywhere.": lambda names, letter: sum(
                letter in name for name in names
            ),
            "you count how often the letter stands in all names together.": (
                lambda names, letter: sum(name.count(letter) for name in names)
            ),
            "these are the names themselves; how many are they?": lambda names, letter: [
                name for name in names if name.startswith(letter)
            ],
            "this is the share of the names; the number is asked for.": lambda names, letter: (
                count_starting(names, letter) / len(names)
            ),
        },
        praise="So does a model begin: by counting.",
    ),
    letter_pairs=FunctionCheck(
        letter_pairs,
        cases=[("ava",), ("emma",), ("noah",), ("x",)],
        mistakes={
            "the beginning is missing: put a dot before the name too.": lambda name: letter_pairs(
                name
            )[1:],
            "the end is missing: put a dot behind the name too.": lambda name: letter_pairs(name)[
                :-1
            ],
            "both dots are missing: pair the letters of '.' + name + '.'.": lambda name: (
                letter_pairs(name)[1:-1]
            ),
            "neighbors overlap: the second letter of a pair is the first of the next.": (
                lambda name: letter_pairs(name)[::2]
            ),
            "join the two letters of a pair into one string, before + after.": lambda name: [
                tuple(pair) for pair in letter_pairs(name)
            ],
        },
        praise="Chapter 03 counts exactly these.",
    ),
)
