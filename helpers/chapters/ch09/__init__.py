"""The room of chapter 09, diagnostics: what serves this chapter alone."""

from helpers.chapters.ch09.exercises import check
from helpers.chapters.ch09.questions import quiz

__all__ = ["check", "quiz"]
