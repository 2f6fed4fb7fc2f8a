"""The questions on chapter 08, batch normalization, which the next chapter asks."""

from helpers.questions import Question, Quiz

quiz = Quiz(
    Question(
        "In training, which variance does batch norm divide the batch by, and which does it keep?",
        {
            "the biased one for both": "Kept, it would make everything too large in use: by 42 "
            "percent for batches of 2.",
            "biased to normalize, unbiased to keep": "The biased one is the batch's own; the "
            "unbiased one aims at the variance of all data.",
            "unbiased to normalize, biased to keep": "The other way round. What is kept stands "
            "for data that the batch has not seen.",
        },
        right="biased to normalize, unbiased to keep",
    ),
    Question(
        "You multiply the weights in front of a batch norm by 10. What changes?",
        {
            "the output": "Mean and standard deviation grow by 10 too, and the division takes it "
            "out again.",
            "nothing at all": "The output stays, but the gradient does not.",
            "the gradient of those weights": "It is a tenth, on weights ten times as large: they "
            "move a hundred times less.",
        },
        right="the gradient of those weights",
    ),
    Question(
        "What did batch norm buy on the names?",
        {
            "a lower loss on a shallow network": "Each at its best rate, the two ended about a "
            "hundredth apart.",
            "more gains and learning rates that train": "The map: an island without it, a "
            "continent with it.",
            "better dev loss through its jitter, always": "With 300 names a smaller rate did as "
            "much; with 3,000 names the jitter did harm.",
        },
        right="more gains and learning rates that train",
    ),
)
