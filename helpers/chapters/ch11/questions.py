"""The questions on chapter 11, sweeps and the final model, which the next chapter asks."""

from helpers.questions import Question, Quiz

quiz = Quiz(
    Question(
        "Rare contexts are drawn twice as often as they occur. What keeps the loss right?",
        {
            "a weight of one half for them": "Weights n / p undo on average what the draw did.",
            "a weight of two for them": "Then they would count four times. Divide by how you drew.",
            "nothing, the loss is wrong": "It would be, without weights. Weights n / p mend it.",
        },
        right="a weight of one half for them",
    ),
    Question(
        "A sweep at one fixed rate finds a small embedding better. What follows?",
        {
            "small is better": "At this rate. The large one may be better at its own best rate.",
            "nothing yet": "The best rate depends on the size, so each size needs its own.",
            "the rate is too low": "Here it was too high for the large one. One rate cannot tell.",
        },
        right="nothing yet",
    ),
    Question(
        "The test loss is worse than you hoped. You change a setting and look again. Test is now …",
        {
            "still a test": "It took part in a choice, and a choice makes the lucky look best.",
            "a second dev split": "It took part in a choice, so from now on it flatters.",
            "a better test": "Each look wears it out.",
        },
        right="a second dev split",
    ),
)
