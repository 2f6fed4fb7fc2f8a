"""The room of chapter 03, bigram: what serves this chapter alone."""

from helpers.chapters.ch03.exercises import check
from helpers.chapters.ch03.questions import quiz

__all__ = ["check", "quiz"]
