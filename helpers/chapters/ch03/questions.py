"""The questions on chapter 03, bigram, which the next chapter asks."""

from helpers.questions import Question, Quiz

quiz = Quiz(
    Question(
        "counts is (27, 27). What does counts / counts.sum(dim=1), without keepdim, give?",
        {
            "an error: the shapes do not fit": "They do: (27,) is stretched downwards. On a table "
            "that is not square it would have been an error.",
            "column j divided by the sum of row j, without a warning": "And the average NLL "
            "did not move. Only the sums of the rows gave it away.",
            "the right table: torch knows which sum belongs to which row": "It aligns shapes at "
            "the right and knows nothing of rows. keepdim=True says what you mean.",
        },
        right="column j divided by the sum of row j, without a warning",
    ),
    Question(
        "A model of 27 characters starts with all logits equal. What are its NLL and perplexity?",
        {
            "0 and 1": "That is a model that is certain and right. Equal logits are the opposite.",
            "ln 27 = 3.30, and 27": "Every character has 1/27: as unsure as among 27, because it "
            "is among 27.",
            "ln 27 = 3.30, and 3.30": "The perplexity is e to the NLL, so 27.",
        },
        right="ln 27 = 3.30, and 27",
    ),
    Question(
        "Why does the one-layer network end at the counted table?",
        {
            "its weights start at zero": "Any start leads there: one table has the lowest loss.",
            "the L2 penalty pulls it there": "The penalty pulls to uniform. The table is where the "
            "network goes without one.",
            "the gradient is zero only where softmax equals the counted row": "Whoever minimizes "
            "cross-entropy is counting, the long way round.",
        },
        right="the gradient is zero only where softmax equals the counted row",
    ),
)
