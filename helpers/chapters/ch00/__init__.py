"""The room of chapter 00, start here: what serves this chapter, and a name in others."""

from helpers.chapters.ch00.exercises import check
from helpers.chapters.ch00.names import SurpriseBars, invent, spelled, surprises
from helpers.chapters.ch00.questions import quiz

__all__ = ["SurpriseBars", "check", "invent", "quiz", "spelled", "surprises"]
