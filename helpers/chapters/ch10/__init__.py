"""The room of chapter 10, words: what serves this chapter alone."""

from helpers.chapters.ch10.exercises import check
from helpers.chapters.ch10.questions import quiz

__all__ = ["check", "quiz"]
