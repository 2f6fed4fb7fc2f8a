"""The room of chapter 08, batch normalization: what serves this chapter alone."""

from helpers.chapters.ch08.exercises import check
from helpers.chapters.ch08.questions import quiz

__all__ = ["check", "quiz"]
