"""Typical wrong answers to the warm-ups of chapter 00, and a part of what each is told."""

WRONG_ANSWERS = {
    "blind_guess": [
        ("blind_guess = 1 / 26\n", "one more"),
        ("blind_guess = 27\n", "equal shares"),
        ("blind_guess = 1\n", "adds up to 27"),
        ("blind_guess = '1/27'\n", "a number"),
        ("blind_guess = 0.5\n", "not it"),
    ],
    "count_starting": [
        (
            "def count_starting(names, letter):\n"
            "    return sum(name.endswith(letter) for name in names)\n",
            "end with",
        ),
        (
            "def count_starting(names, letter):\n"
            "    return sum(letter in name for name in names)\n",
            "anywhere",
        ),
        (
            "def count_starting(names, letter):\n    return ''.join(names).count(letter)\n",
            "all names together",
        ),
        (
            "def count_starting(names, letter):\n"
            "    return [name for name in names if name[0] == letter]\n",
            "the names themselves",
        ),
        (
            "def count_starting(names, letter):\n"
            "    count = sum(name[0] == letter for name in names)\n",
            "`return` missing",
        ),
    ],
    "letter_pairs": [
        (
            "def letter_pairs(name):\n    return [a + b for a, b in zip(name, name[1:])]\n",
            "both dots",
        ),
        (
            "def letter_pairs(name):\n"
            "    text = name + '.'\n"
            "    return [a + b for a, b in zip(text, text[1:])]\n",
            "beginning is missing",
        ),
        (
            "def letter_pairs(name):\n"
            "    text = '.' + name\n"
            "    return [a + b for a, b in zip(text, text[1:])]\n",
            "end is missing",
        ),
        (
            "def letter_pairs(name):\n"
            "    text = '.' + name + '.'\n"
            "    return list(zip(text, text[1:]))\n",
            "one string",
        ),
        (
            "def letter_pairs(name):\n"
            "    text = '.' + name + '.'\n"
            "    return [text[i : i + 2] for i in range(0, len(text) - 1, 2)]\n",
            "overlap",
        ),
    ],
}
