"""The room of chapter 01, derivatives: what serves this chapter alone."""

from helpers.chapters.ch01.exercises import check
from helpers.chapters.ch01.ground import Ground
from helpers.chapters.ch01.questions import quiz

__all__ = ["Ground", "check", "quiz"]
