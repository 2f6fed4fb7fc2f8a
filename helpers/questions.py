"""Questions that stand on the page and keep what was chosen; those on the chapter before.

What was chosen is kept as long as the kernel lives: a question that runs again shows it again.
"""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import traitlets

from helpers.output import Part, asset, attended, show_part, show_text

GUESSES: dict[tuple, Any] = {}  # what the reader has chosen, question by question


class Questions(Part):
    """The page's side of questions: each has choices, and replies to them, or a range."""

    _esm = asset("parts.js", "questions.js")
    questions = traitlets.List().tag(sync=True)
    guesses = traitlets.List().tag(sync=True)
    notes = traitlets.List().tag(sync=True)


def ask(questions: dict[tuple, dict], understand=lambda guess: "") -> None:
    """Put questions on the page, with what was chosen before, and keep what is chosen by key."""
    asked = list(questions.values())
    still, words = "".join(map(_still, asked)), "\n".join(map(_words, asked))
    if not attended():
        return show_text(still, words)
    part = Questions(questions=asked, guesses=[GUESSES.get(key) for key in questions])

    def keep(_change: dict | None = None) -> None:
        GUESSES.update(zip(questions, part.guesses, strict=True))
        part.notes = [understand(guess) for guess in part.guesses]

    keep()
    part.observe(keep, "guesses")
    part.on_msg(
        lambda _part, guesses, _buffers: GUESSES.update(zip(questions, guesses, strict=True))
    )
    show_part(part, still, words)


def _words(question: dict) -> str:
    below = [f"( ) {choice}" for choice in question.get("choices", [])] or [question["range"]]
    return "\n   ".join([question["text"], *below])


def _still(question: dict) -> str:
    text = f"<p><b>{html.escape(question['text'])}</b></p>"
    if "range" in question:
        return f"{text}<p>{html.escape(question['range'])}</p>"
    choices = [f"<li>{html.escape(choice)}</li>" for choice in question["choices"]]
    return f"{text}<ul>{''.join(choices)}</ul>"


# ---------------------------------------------------------------- questions on a chapter


@dataclass(frozen=True)
class Question:
    """A question with choices: `choices` maps each choice to what is said when it is chosen."""

    text: str
    choices: Mapping[str, str]
    right: str

    def __post_init__(self):
        if self.right not in self.choices:
            raise ValueError(f"{self.right!r} is not among the choices of {self.text!r}.")

    def asked(self, place: int) -> dict:
        """What the page is given: the question, and what is said on each choice."""
        replies = [
            f"{'✓ Right' if choice == self.right else '✗ Not quite'}. {reply}"
            for choice, reply in self.choices.items()
        ]
        return {"text": f"{place}. {self.text}", "choices": list(self.choices), "replies": replies}


class Quiz:
    """The questions on a chapter, which the next one asks.

    As `quiz` it stands in the chapter's room: `quiz()` asks them one below the other, and each
    choice is answered on the page itself.
    """

    def __init__(self, *questions: Question):
        self.questions = questions

    def __call__(self) -> None:
        places = enumerate(self.questions, 1)
        ask({(one.text, *one.choices): one.asked(place) for place, one in places})
