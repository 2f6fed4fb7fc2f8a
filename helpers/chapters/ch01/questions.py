"""The questions on chapter 01, derivatives, which the next chapter asks."""

from helpers.questions import Question, Quiz

quiz = Quiz(
    Question(
        "On f(x) = 3x² the slope at x = 3 is 18. What does that tell about f(4)?",
        {
            "f(4) is f(3) + 18": "That is the tangent's height. The curve bends away from it: 48.",
            "for steps much smaller than 1, the rise is about 18 times the step": "The slope is a "
            "promise about the ground under your feet; a whole step found 21.",
            "f(4) is 18": "18 is a rise per unit of step, not a height.",
        },
        right="for steps much smaller than 1, the rise is about 18 times the step",
    ),
    Question(
        "On 3x² at x = 3 a forward difference with h = 1e-11 is right to five digits only. Why?",
        {
            "overflow: 1 / h is too large a number": "1e11 is far from the largest float64, which "
            "is about 1.8e308.",
            "the hill bends too much over a step of h": "The bend charges in proportion to h, and "
            "1e-11 is tiny. A smaller step would make it worse, not better.",
            "cancellation: the two heights agree in their first eleven digits of sixteen": "The "
            "subtraction takes these away, and leaves the last few, which were rounded.",
        },
        right="cancellation: the two heights agree in their first eleven digits of sixteen",
    ),
    Question(
        "Gradient descent on 3x² multiplies x by 1 − 6 lr in every step. What does lr = 0.3 do?",
        {
            "it swings from side to side, and settles": "The factor is −0.8: the sign flips in "
            "every step, and the distance shrinks by a fifth.",
            "it flies off": "That needs a factor below −1, so a rate above 1/3. Here it is −0.8.",
            "it crawls down on one side": "For that the factor must be positive, so the rate "
            "below 1/6. Here it is −0.8.",
        },
        right="it swings from side to side, and settles",
    ),
)
