"""Typical wrong answers to the exercises of chapter 04, and a part of what each is told."""

FLAT = "def flat_embeddings(embedding, contexts):\n    return embedding[contexts]"
NLL = "def target_nll(logits, targets):\n    rows = torch.arange(len(targets))\n"
TEMPERED = "def tempered(logits, temperature):\n    "
COUNT = "def parameter_count(V, T, C, H, direct):\n    return "
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
    "flat_embeddings": [
        (FLAT + ".transpose(1, 2).flatten(1)\n", "in another order"),
        (FLAT + ".sum(dim=1)\n", "added up"),
        (FLAT + ".mean(dim=1)\n", "averaged"),
        (FLAT + "\n", "three axes"),
        (FLAT + ".view(-1, embedding.shape[1])\n", "B must stay"),
        (FLAT + ".flatten()\n", "in one row"),
        ("def flat_embeddings(embedding, contexts):\n    embedding[contexts]\n", "return"),
    ],
    "target_nll": [
        (NLL + "    return -logits.softmax(dim=1).log().mean()\n", "targets are not"),
        (NLL + "    return logits.log_softmax(dim=1)[rows, targets].mean()\n", "sign"),
        (
            NLL + "    return -logits.log_softmax(dim=1)[rows, targets].sum()\n",
            "sum over the batch",
        ),
        (
            NLL + "    return -logits.softmax(dim=1)[rows, targets].mean().log()\n",
            "mean probability",
        ),
        (NLL + "    return -logits.softmax(dim=1)[rows, targets].mean()\n", "not logarithms"),
        (NLL + "    return -logits.log_softmax(dim=0)[rows, targets].mean()\n", "down the batch"),
        (
            NLL + "    p = logits.exp() / logits.exp().sum(dim=1, keepdim=True)\n"
            "    return -p[rows, targets].log().mean()\n",
            "overflows",
        ),
        (NLL + "    return -logits.log_softmax(dim=1)[:, targets].mean()\n", "every target"),
        (NLL + "    return -logits[rows, targets].mean()\n", "not probabilities"),
    ],
    "tempered": [
        (TEMPERED + "return (logits * temperature).softmax(dim=1)\n", "multiply"),
        (
            TEMPERED + "p = (logits / temperature).exp()\n    return p / p.sum(dim=1)\n",
            "keepdim is missing",
        ),
        (TEMPERED + "return logits.softmax(dim=1) / temperature\n", "divide the probabilities"),
        (TEMPERED + "return logits.softmax(dim=1) ** (1 / temperature)\n", "right ratios"),
        (TEMPERED + "return (logits / temperature).softmax(dim=0)\n", "dim=0"),
        (TEMPERED + "return (logits / temperature).log_softmax(dim=1)\n", "Exponentiate"),
        (TEMPERED + "return logits.softmax(dim=1)\n", "does nothing"),
    ],
    "parameter_count": [
        (COUNT + "V * C + T * C * H + H * V + direct * T * C * V\n", "biases"),
        (COUNT + "T * V * C + T * C * H + H + H * V + V + direct * T * C * V\n", "per place"),
        (COUNT + "T * C * H + H + H * V + V + direct * T * C * V\n", "embedding is missing"),
        (COUNT + "V * C + C * H + H + H * V + V + direct * T * C * V\n", "T × C, not C"),
        (COUNT + "V * C + T * C * H + H + H * V + V + direct * T * V * V\n", "one-hots"),
        (COUNT + "V * C + T * C * H + H + H * V + V + direct * H * V\n", "not H × V"),
        (COUNT + "V * C + T * C * H + H + H * V + V\n", "not counted"),
        (COUNT + "V * C + T * C * H + H + H * V + V + T * C * V\n", "even where"),
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
            SHUFFLED + "    held_back = set(rows[: len(rows) // 10])\n"
            "    return [n for n in rows if n not in held_back], rows[: len(rows) // 10]\n",
            "rows went in",
        ),
    ],
}
