"""The room of chapter 02, autograd: what serves this chapter alone."""

from helpers.chapters.ch02.exercises import check
from helpers.chapters.ch02.questions import quiz

__all__ = ["check", "quiz"]
