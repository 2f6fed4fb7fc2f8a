"""The questions on chapter 02, autograd, which the next chapter asks."""

from helpers.questions import Question, Quiz

quiz = Quiz(
    Question(
        "For y = a * b, what does a receive in the backward pass?",
        {
            "b.data * y.grad, added to a.grad": "The local slope along a factor is the other "
            "factor; times what y knows; and added, since a may be used elsewhere too.",
            "a.data * y.grad, added to a.grad": "If a grows by h, y grows by b · h: the slope is "
            "the other factor's data.",
            "b.data, put into a.grad": "That forgets how fast the loss changes with y, and wipes "
            "out what a has received from others.",
        },
        right="b.data * y.grad, added to a.grad",
    ),
    Question(
        "When may a node push its gradient on to its inputs?",
        {
            "as soon as it has received something": "More may be on its way, by another road. "
            "That part would be lost, or the first part pushed twice.",
            "after all nodes that use it have pushed": "Then its gradient is complete. The "
            "topological order, read backward, sees to it.",
            "after all of its inputs have pushed": "Its inputs wait for it: gradients travel from "
            "the result to the leaves.",
        },
        right="after all nodes that use it have pushed",
    ),
    Question(
        "You forget to zero the parameters' gradients between two steps. What happens?",
        {
            "an error: the gradients are already there": "No engine complains. That is why the "
            "bug can live for weeks.",
            "nothing: backward starts from zero": "It does so for computed nodes. The leaves are "
            "yours to empty.",
            "each step also takes all the old slopes": "They pile up, and the walker swings like a "
            "ball without friction.",
        },
        right="each step also takes all the old slopes",
    ),
)
