"""Typical wrong answers to the exercises of chapter 02, and a part of what each is told."""

WRONG_ANSWERS = {
    "division_slopes": [
        ("def division_slopes(a, b):\n    return 1 / b, a / b**2\n", "a minus is missing"),
        ("def division_slopes(a, b):\n    return 1 / b, -1 / b**2\n", "the a is lost"),
        ("def division_slopes(a, b):\n    return 1 / b, -a / b\n", "the power is off"),
        ("def division_slopes(a, b):\n    return -a / b**2, 1 / b\n", "in the wrong order"),
        ("def division_slopes(a, b):\n    return b, a\n", "slopes of a product"),
        ("def division_slopes(a, b):\n    1 / b, -a / b**2\n", "`return` missing"),
    ],
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
        ("def sigmoid(x):\n    return 1 / (1 + (-x).exp())\n", "the gradient is nan"),
        ("def sigmoid(x):\n    return 1 / (1 + x.exp())\n", "sign in the exponent"),
        ("def sigmoid(x):\n    return x.tanh()\n", "that is tanh"),
        (
            "def sigmoid(x):\n"
            "    s = (1 + math.tanh(x.data / 2)) / 2\n"
            "    return Value(s, (x,), (s,))\n",
            "as for exp",
        ),
    ],
    "multiply_backward": [
        (
            "def multiply_backward(a, b, out):\n"
            "    a.grad = b.data * out.grad\n"
            "    b.grad = a.data * out.grad\n",
            "= where += is needed",
        ),
        (
            "def multiply_backward(a, b, out):\n    a.grad += b.data\n    b.grad += a.data\n",
            "multiplied by out.grad",
        ),
        (
            "def multiply_backward(a, b, out):\n"
            "    a.grad += a.data * out.grad\n"
            "    b.grad += b.data * out.grad\n",
            "its own data",
        ),
        (
            "def multiply_backward(a, b, out):\n"
            "    a.grad += b.data * out.data\n"
            "    b.grad += a.data * out.data\n",
            "out.data",
        ),
        (
            "def multiply_backward(a, b, out):\n    return b.data * out.grad, a.data * out.grad\n",
            "neither gradient has changed",
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
            "        make_loss().backward()\n"
            "        for value in parameters:\n"
            "            value.data -= learning_rate * value.grad\n",
            "never zeroed",
        ),
        (
            "def fit(parameters, make_loss, learning_rate, steps):\n"
            "    for value in parameters:\n"
            "        value.grad = 0.0\n"
            "    for _ in range(steps):\n"
            "        make_loss().backward()\n"
            "        for value in parameters:\n"
            "            value.data -= learning_rate * value.grad\n",
            "zeroed once",
        ),
        (
            "def fit(parameters, make_loss, learning_rate, steps):\n"
            "    for _ in range(steps):\n"
            "        make_loss().backward()\n"
            "        for value in parameters:\n"
            "            value.grad = 0.0\n"
            "        for value in parameters:\n"
            "            value.data -= learning_rate * value.grad\n",
            "between backward and step",
        ),
        (
            "def fit(parameters, make_loss, learning_rate, steps):\n"
            "    for _ in range(steps):\n"
            "        make_loss().backward()\n"
            "        for value in parameters:\n"
            "            value.data -= learning_rate * value.grad\n"
            "            value.grad = 0.0\n",
            "zero before backward",
        ),
        (
            "def fit(parameters, make_loss, learning_rate, steps):\n"
            "    loss = make_loss()\n"
            "    for _ in range(steps):\n"
            "        for value in parameters:\n"
            "            value.grad = 0.0\n"
            "        loss.backward()\n"
            "        for value in parameters:\n"
            "            value.data -= learning_rate * value.grad\n",
            "grows old",
        ),
        (
            "def fit(parameters, make_loss, learning_rate, steps):\n"
            "    for _ in range(steps):\n"
            "        for value in parameters:\n"
            "            value.grad = 0.0\n"
            "        make_loss().backward()\n"
            "        for value in parameters:\n"
            "            value.data += learning_rate * value.grad\n",
            "uphill",
        ),
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
