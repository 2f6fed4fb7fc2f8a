"""The questions on chapter 09, diagnostics, which the next chapter asks."""

from helpers.questions import Question, Quiz

quiz = Quiz(
    Question(
        "The last layer of a network has a far larger grad:data ratio than the others. What is it?",
        {
            "exploding gradients": "Exploding is growth from layer to layer, on the way back. One "
            "layer's ratio cannot show it.",
            "a small weight": "We made it small on purpose. The ratio divides by the weights, and "
            "it falls as they grow.",
            "a learning rate too high": "The ratio holds no learning rate. Plot 4 does.",
        },
        right="a small weight",
    ),
    Question(
        "With Adam, plot 4 stands near its line. What does that say about the gradients?",
        {
            "they have a good size": "Make the loss a hundred times larger: Adam's plot stays.",
            "nothing": "Adam divides their size away. Plots 2 and 3 still show it.",
            "they vanish": "They may or may not. This plot cannot tell.",
        },
        right="nothing",
    ),
    Question(
        "Batch norm, and one layer's outputs are saturated far more than a few percent. Suspect …",
        {
            "the gain of the weights": "In training mode batch norm divides it out again.",
            "the mode": "In eval mode the running statistics do the dividing, and they may be "
            "those of the first day.",
            "the learning rate": "Look at plot 4 before you blame it.",
        },
        right="the mode",
    ),
)
