"""Chapter 00, start here: the questions asked on it, and how its warm-up is checked."""

from helpers.exercises import FunctionCheck, Question  # noqa: F401

QUESTIONS = []
EXERCISES = {}
