"""Every mistake that a room knows, given to its check: the message that it gets is its own."""

import importlib

import pytest

from chapter import all_chapters, wrong_answers

CHECKS = {
    (chapter.number, name): check
    for chapter in all_chapters()
    for name, check in importlib.import_module(f"helpers.chapters.ch{chapter.number}").check.items()
}
TYPED = {
    (chapter.number, name): answers
    for chapter in all_chapters()
    for name, answers in wrong_answers(chapter).items()
}
MISTAKES = [
    pytest.param(check, mistake, message, id=f"{number} {name}: {message[:50]}")
    for (number, name), check in CHECKS.items()
    for message, mistake in getattr(check, "mistakes", {}).items()
]


@pytest.mark.parametrize(("check", "mistake", "message"), MISTAKES)
def test_a_mistake_gets_its_message(check, mistake, message):
    assert check(mistake) == message


@pytest.mark.parametrize("key", CHECKS, ids=" ".join)
def test_the_right_answer_of_the_room_passes(key):
    check = CHECKS[key]
    for part in ("solution", "right"):
        if hasattr(check, part):
            assert check(getattr(check, part)) is None


@pytest.mark.parametrize("key", CHECKS, ids=" ".join)
def test_an_exercise_knows_three_wrong_answers(key):
    assert len(getattr(CHECKS[key], "mistakes", ())) + len(TYPED.get(key, ())) >= 3


def test_typed_answers_are_to_exercises_that_there_are():
    assert TYPED.keys() <= CHECKS.keys()
