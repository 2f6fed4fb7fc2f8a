"""The questions on chapter 10, words, which the next chapter asks."""

from helpers.questions import Question, Quiz

quiz = Quiz(
    Question(
        "A model has a perplexity of 60 with 1,000 words, another one 90 with 10,000. Better is …",
        {
            "the first": "Its vocabulary may have merged the hard words into one easy one.",
            "the second": "It may be: it is asked a harder question. The two numbers cannot tell.",
            "these numbers cannot tell": "Only models with one vocabulary, on one text, have "
            "perplexities to compare.",
        },
        right="these numbers cannot tell",
    ),
    Question(
        "The candidates are drawn with probability q. Before the softmax, each of their logits …",
        {
            "stays as it is": "Then frequent words stand for themselves too often, and the network "
            "learns p / q in place of p.",
            "loses log q": "A word drawn twice as often counts half, so that the sample can stand "
            "for all words.",
            "is divided by q": "The weight 1/q belongs on the exponential of the logit.",
        },
        right="loses log q",
    ),
    Question(
        "Why does a mixture of a network and a table of counts beat both?",
        {
            "they err on different words": "The table knows phrases that it has seen, the network "
            "answers by similar words.",
            "an average is always better": "Mix in a model that knows nothing new, and the best "
            "weight for it is near zero.",
            "it has more parameters": "More neurons are more parameters too, and gained less.",
        },
        right="they err on different words",
    ),
)
