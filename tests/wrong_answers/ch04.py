"""Wrong answers to chapter 04 that only code can show, and a part of what each is told."""

SHUFFLED = (
    "def split_rows(rows, seed):\n"
    "    generator = torch.Generator().manual_seed(seed)\n"
    "    order = torch.randperm(len(rows), generator=generator).tolist()\n"
    "    rows = [rows[i] for i in order]\n"
)
HELD_BACK = (
    "    train = [name for name in rows if name not in held_back]\n"
    "    return train, [name for name in rows if name in held_back]\n"
)

WRONG_ANSWERS = {
    "target_nll": [
        (
            "def target_nll(logits, targets):\n"
            "    return torch.nn.CrossEntropyLoss()(logits, targets)\n",
            "cross_entropy does the work",
        ),
    ],
    "split_rows": [
        (SHUFFLED + "    return rows[len(rows) // 10 :], rows[: len(rows) // 10]\n", "not rows"),
        (
            "def split_rows(rows, seed):\n"
            "    generator = torch.Generator().manual_seed(seed)\n"
            "    rows = sorted(set(rows))\n"
            "    order = torch.randperm(len(rows), generator=generator).tolist()\n"
            "    rows = [rows[i] for i in order]\n"
            "    return rows[len(rows) // 10 :], rows[: len(rows) // 10]\n",
            "copies are gone",
        ),
        (
            "def split_rows(rows, seed):\n"
            "    distinct = sorted(set(rows))\n"
            "    held_back = set(distinct[: len(distinct) // 10])\n" + HELD_BACK,
            "nothing is drawn",
        ),
        (
            "def split_rows(rows, seed):\n"
            "    distinct = sorted(set(rows))\n"
            "    chosen = torch.randperm(len(distinct))[: len(distinct) // 10].tolist()\n"
            "    held_back = {distinct[i] for i in chosen}\n" + HELD_BACK,
            "generator with the seed",
        ),
        (
            SHUFFLED + "    distinct = sorted(set(rows))\n"
            "    held_back = {n for n in rows[: len(rows) // 3]}\n" + HELD_BACK,
            "should have a tenth",
        ),
        (
            "def split_rows(rows, seed):\n"
            "    generator = torch.Generator().manual_seed(seed)\n"
            "    distinct = sorted(set(rows))\n"
            "    chosen = torch.randperm(len(distinct), generator=generator)\n"
            "    held_back = {distinct[i] for i in chosen[len(distinct) // 10 :].tolist()}\n"
            + HELD_BACK,
            "swapped",
        ),
        (
            "import random\n\n\n"
            "def split_rows(rows, seed):\n"
            "    distinct = list(set(rows))\n"
            "    held_back = random.Random(seed).sample(distinct, len(distinct) // 10)\n"
            + HELD_BACK,
            "from process to process",
        ),
        (
            SHUFFLED + "    held_back = set(rows[: len(rows) // 10])\n"
            "    return [n for n in rows if n not in held_back], rows[: len(rows) // 10]\n",
            "rows went in",
        ),
    ],
}
