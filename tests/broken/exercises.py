"""Changes to the sample's predictions and exercises that leave them not whole."""

from sample import STUB, drop, output, replace

BROKEN = {
    "reader_predicts": [replace('b = predict("B?", [1, 2])', ""), replace("b.reveal(2)", "")],
    "exercises_are_whole": [
        replace("three", "two"),
        replace('check("three", three)', 'check("three", three)\nprint()'),
        replace("**Exercise 2.**", "**Exercise 3.**"),
        replace("one = ...", "one = None"),
        replace("<details><summary>Hint</summary>Count.</details>", ""),
        replace("```python\ntwo = 1\n```", "Two."),
        replace("```python\ntwo = 1\n", '```python\ntwo = 1\ncheck("two", two)\n'),
        drop("## Your turn"),
        output(STUB, text="✓ one: right.\n"),
    ],
}
