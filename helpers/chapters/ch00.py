"""Chapter 00, start here: the questions asked on it, and how its warm-ups are checked."""

from helpers.exercises import Exercises, FunctionCheck, ValueCheck
from helpers.questions import Question, Quiz

quiz = Quiz(
    Question(
        "You run a cell that says cups = cups + 1 three times, after cups = 1. What is cups?",
        {
            "2, as the text of the cells says": "Each run counts, not each line of text: 1, then "
            "2, 3, 4.",
            "4": "What counts is what ran, and how often.",
            "3": "Almost: it starts at 1, and three runs add 3.",
        },
        right="4",
    ),
    Question(
        "What is the one task of the whole course?",
        {
            "given the last few characters, predict the next": "Inventing names is this task, "
            "repeated until the end of the name is drawn.",
            "look up whether a name is real": "A list can do that. The network gives "
            "probabilities for the next character.",
            "guess a name from its length": "Nobody asked for that yet. The network sees the last "
            "few characters and predicts the next.",
        },
        right="given the last few characters, predict the next",
    ),
    Question(
        "A blank model gives 27 characters the same probability. What does learning change?",
        {
            "it stores the names and repeats them": "Most of the names it invented stand in no "
            "list. It stores numbers from which probabilities are computed.",
            "it adds characters that were missing": "The 27 characters stay. Their probabilities "
            "change with what came before.",
            "the probabilities: likely characters get more": "So the letter that really came "
            "surprises it less, and that is what the loss measures.",
        },
        right="the probabilities: likely characters get more",
    ),
)


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
