"""Wrong answers to chapter 02 that only code can show, and a part of what each is told."""

WRONG_ANSWERS = {
    "sigmoid": [
        (
            "def sigmoid(x):\n"
            "    s = (1 + math.tanh(x.data / 2)) / 2\n"
            "    return Value(s, (x,), (x.data * (1 - x.data),))\n",
            "computed from the input",
        ),
        (
            "def sigmoid(x):\n"
            "    s = 1 / (1 + math.exp(-x.data))\n"
            "    return Value(s, (x,), (s * (1 - s),))\n",
            "OverflowError",
        ),
        (
            "def sigmoid(x):\n"
            "    s = (1 + math.tanh(x.data / 2)) / 2\n"
            "    return Value(s, (x,), (1 - s * s,))\n",
            "slope of tanh",
        ),
        (
            "def sigmoid(x):\n    return Value((1 + math.tanh(x.data / 2)) / 2)\n",
            "remembers no input",
        ),
        ("def sigmoid(x):\n    return (1 + math.tanh(x.data / 2)) / 2\n", "make it a Value"),
        ("def sigmoid(x):\n    return 1 / (1 + x.exp())\n", "sign in the exponent"),
        ("def sigmoid(x):\n    return x.tanh()\n", "that is tanh"),
        ("def sigmoid(x):\n    return Value(0.5, (x), (0.25,))\n", "with its comma"),
        ("def sigmoid(x):\n    return Value(0.5, (x,))\n", "no slope for its input"),
        ("def sigmoid(x):\n    return Value(0.5, (x,), (math.exp,))\n", "should be a number"),
        (
            "def sigmoid(x):\n"
            "    s = (1 + math.tanh(x.data / 2)) / 2\n"
            "    return Value(s, (x,), (s,))\n",
            "as for exp",
        ),
    ],
    "backward_order": [
        (
            "def backward_order(inputs, output):\n"
            "    order, seen, pile = [], set(), [(output, False)]\n"
            "    while pile:\n"
            "        name, inputs_done = pile.pop()\n"
            "        if inputs_done:\n"
            "            order.append(name)\n"
            "        elif name not in seen:\n"
            "            seen.add(name)\n"
            "            pile.append((name, True))\n"
            "            pile.extend((one, False) for one in inputs[name])\n"
            "    return order\n",
            "inputs first; turn it around",
        ),
        (
            "def backward_order(inputs, output):\n"
            "    order = [output]\n"
            "    for name in order:\n"
            "        order += [one for one in inputs[name] if one not in order]\n"
            "    return list(dict.fromkeys(order))\n",
            "not complete yet",
        ),
        (
            "def backward_order(inputs, output):\n"
            "    order, pile = [], [output]\n"
            "    while pile:\n"
            "        name = pile.pop()\n"
            "        order.append(name)\n"
            "        pile += inputs[name]\n"
            "    return order\n",
            "pushes twice",
        ),
        (
            "def backward_order(inputs, output):\n"
            "    order = []\n"
            "    def visit(name):\n"
            "        if name not in order:\n"
            "            for one in inputs[name]:\n"
            "                visit(one)\n"
            "            order.append(name)\n"
            "    visit(output)\n"
            "    return order[::-1]\n",
            "RecursionError",
        ),
        ("def backward_order(inputs, output):\n    return [output]\n", "is missing"),
        (
            "import networkx as nx\n\n\n"
            "def backward_order(inputs, output):\n"
            "    graph = nx.DiGraph(inputs)\n"
            "    return list(nx.topological_sort(graph))\n",
            "was not made from it",
        ),
    ],
    "fit": [
        (
            "def fit(parameters, make_loss, learning_rate, steps):\n"
            "    for _ in range(steps):\n"
            "        for value in parameters:\n"
            "            value.grad = 0.0\n"
            "        make_loss().backward()\n"
            "        for value in parameters:\n"
            "            value = value - learning_rate * value.grad\n",
            "change value.data",
        ),
    ],
}
