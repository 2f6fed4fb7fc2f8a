"""The room of chapter 11, sweeps and the final model: what serves this chapter alone."""

from helpers.chapters.ch11.exercises import check
from helpers.chapters.ch11.questions import quiz

__all__ = ["check", "quiz"]
