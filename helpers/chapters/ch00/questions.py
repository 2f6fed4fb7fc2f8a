"""The questions on chapter 00, start here, which the next chapter asks."""

from helpers.questions import Question, Quiz

quiz = Quiz(
    Question(
        "You run a cell that says cups = cups + 1 three times, after cups = 1. What is cups?",
        {
            "2, as the text of the cells says": "Each run counts, not each line of text: 1, then "
            "2, 3, 4.",
            "4": "What counts is what ran, and how often.",
            "3": "Almost: it starts at 1, and three runs add 3.",
        },
        right="4",
    ),
    Question(
        "What is the one task of the whole course?",
        {
            "given the last few characters, predict the next": "Inventing names is this task, "
            "repeated until the end of the name is drawn.",
            "look up whether a name is real": "A list can do that. The network gives "
            "probabilities for the next character.",
            "guess a name from its length": "Nobody asked for that yet. The network sees the last "
            "few characters and predicts the next.",
        },
        right="given the last few characters, predict the next",
    ),
    Question(
        "A blank model gives 27 characters the same probability. What does learning change?",
        {
            "it stores the names and repeats them": "Most of the names it invented stand in no "
            "list. It stores numbers from which probabilities are computed.",
            "it adds characters that were missing": "The 27 characters stay. Their probabilities "
            "change with what came before.",
            "the probabilities: likely characters get more": "So the letter that really came "
            "surprises it less, and that is what the loss measures.",
        },
        right="the probabilities: likely characters get more",
    ),
)
