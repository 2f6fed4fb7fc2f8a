"""Typical wrong answers to the exercises of chapter 01, and a part of what each is told."""

WRONG_ANSWERS = {
    "central_difference": [
        (
            "def central_difference(f, x, h):\n    return (f(x + h) - f(x - h)) / h\n",
            "2 * h apart",
        ),
        (
            "def central_difference(f, x, h):\n    return f(x + h) - f(x - h)\n",
            "divide it by their distance",
        ),
        (
            "def central_difference(f, x, h):\n    return (f(x + h) - f(x)) / h\n",
            "forward difference",
        ),
        (
            "def central_difference(f, x, h):\n    return (f(x) - f(x - h)) / h\n",
            "backward difference",
        ),
        (
            "def central_difference(f, x, h):\n    return (f(x + h) - f(x - h)) / 2 * h\n",
            "Write / (2 * h)",
        ),
        (
            "def central_difference(f, x, h):\n    return f(x + h) - f(x - h) / (2 * h)\n",
            "binds first",
        ),
        (
            "def central_difference(f, x, h):\n    return (f(x - h) - f(x + h)) / (2 * h)\n",
            "sign is turned",
        ),
        (
            "def central_difference(f, x, h):\n    slope = (f(x + h) - f(x - h)) / (2 * h)\n",
            "`return` missing",
        ),
    ],
    "numerical_gradient": [
        (
            "def numerical_gradient(f, point, h):\n"
            "    right = [value + h for value in point]\n"
            "    left = [value - h for value in point]\n"
            "    return [(f(right) - f(left)) / (2 * h) for _ in point]\n",
            "freeze all but one",
        ),
        (
            "def numerical_gradient(f, point, h):\n"
            "    gradient = []\n"
            "    for i in range(len(point)):\n"
            "        right = list(point)\n"
            "        right[i] += h\n"
            "        gradient.append((f(right) - f(point)) / h)\n"
            "    return gradient\n",
            "forward differences",
        ),
        (
            "def numerical_gradient(f, point, h):\n"
            "    left, right, gradient = list(point), list(point), []\n"
            "    for i in range(len(point)):\n"
            "        left[i] -= h\n"
            "        right[i] += h\n"
            "        gradient.append((f(right) - f(left)) / (2 * h))\n"
            "    return gradient\n",
            "copy `point` anew",
        ),
        (
            "def numerical_gradient(f, point, h):\n"
            "    for i in range(len(point)):\n"
            "        left, right = list(point), list(point)\n"
            "        left[i] -= h\n"
            "        right[i] += h\n"
            "        return [(f(right) - f(left)) / (2 * h)]\n",
            "inside the loop",
        ),
        (
            "def numerical_gradient(f, point, h):\n"
            "    total = 0\n"
            "    for i in range(len(point)):\n"
            "        left, right = list(point), list(point)\n"
            "        left[i] -= h\n"
            "        right[i] += h\n"
            "        total += (f(right) - f(left)) / (2 * h)\n"
            "    return total\n",
            "return them as a list",
        ),
        (
            "def numerical_gradient(f, point, h):\n"
            "    gradient = []\n"
            "    for i in range(len(point)):\n"
            "        point[i] += h\n"
            "        higher = f(point)\n"
            "        point[i] -= 2 * h\n"
            "        gradient.append((higher - f(point)) / (2 * h))\n"
            "        point[i] = round(point[i] + h, 12)\n"
            "        if i == len(point) - 1:\n"
            "            point[i] += 1\n"
            "    return gradient\n",
            "in place",
        ),
    ],
    "descend": [
        (
            "def descend(slope, x, learning_rate, steps):\n"
            "    for _ in range(steps):\n"
            "        x += learning_rate * slope(x)\n"
            "    return x\n",
            "uphill",
        ),
        (
            "def descend(slope, x, learning_rate, steps):\n"
            "    gradient = slope(x)\n"
            "    for _ in range(steps):\n"
            "        x -= learning_rate * gradient\n"
            "    return x\n",
            "anew in every step",
        ),
        (
            "def descend(slope, x, learning_rate, steps):\n"
            "    for _ in range(steps):\n"
            "        x -= learning_rate * slope(x)\n"
            "        return x\n"
            "    return x\n",
            "one step",
        ),
        (
            "def descend(slope, x, learning_rate, steps):\n"
            "    for _ in range(steps):\n"
            "        x -= slope(x)\n"
            "    return x\n",
            "multiply by the learning rate",
        ),
        (
            "def descend(slope, x, learning_rate, steps):\n"
            "    path = [x]\n"
            "    for _ in range(steps):\n"
            "        path.append(path[-1] - learning_rate * slope(path[-1]))\n"
            "    return path\n",
            "last place only",
        ),
    ],
    "best_step_float16": [
        ("best_step_float16 = (2**-10) ** 0.5\n", "square root"),
        ("best_step_float16 = 2**-10\n", "grain itself"),
        ("best_step_float16 = (2**-10) ** (2 / 3)\n", "error that is left"),
        ("best_step_float16 = (2**-10) / 3\n", "ε / 3"),
        ("best_step_float16 = '0.1'\n", "a number"),
    ],
    "largest_rate": [
        ("def largest_rate(a, b):\n    return 1 / min(a, b)\n", "flat direction"),
        ("def largest_rate(a, b):\n    return 1 / (2 * max(a, b))\n", "in one step"),
        ("def largest_rate(a, b):\n    return 2 / max(a, b)\n", "curvature is 2a"),
        ("def largest_rate(a, b):\n    return 1 / (a + b)\n", "each has its own"),
        ("def largest_rate(a, b):\n    return min(1 / a, 1 / b) / 3\n", "it should be"),
        ("def largest_rate(a, b):\n    return 1 / a\n", "along x alone"),
    ],
}
