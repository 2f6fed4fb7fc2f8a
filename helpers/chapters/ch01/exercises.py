"""The exercises of chapter 01, derivatives, and the mistakes that they know."""

from helpers.exercises import Exercises, FunctionCheck, ValueCheck


def central_difference(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


def numerical_gradient(f, point, h):
    def moved(i, by):
        return [value + by if j == i else value for j, value in enumerate(point)]

    return [(f(moved(i, h)) - f(moved(i, -h))) / (2 * h) for i in range(len(point))]


def gradient_all_moved(f, point, h):
    rise = f([value + h for value in point]) - f([value - h for value in point])
    return [rise / (2 * h) for _ in point]


def gradient_not_moved_back(f, point, h):
    left, right, gradient = list(point), list(point), []
    for i in range(len(point)):
        left[i] -= h
        right[i] += h
        gradient.append((f(right) - f(left)) / (2 * h))
    return gradient


def gradient_forward(f, point, h):
    return [
        (f([*point[:i], point[i] + h, *point[i + 1 :]]) - f(point)) / h for i in range(len(point))
    ]


def descend(slope, x, learning_rate, steps, sign=-1):
    for _ in range(steps):
        x = x + sign * learning_rate * slope(x)
    return x


def descend_without_rate(slope, x, learning_rate, steps):
    return descend(slope, x, 1, steps)


def descend_with_old_slope(slope, x, learning_rate, steps):
    return x - steps * learning_rate * slope(x)


def descend_and_keep_path(slope, x, learning_rate, steps):
    return [descend(slope, x, learning_rate, taken) for taken in range(steps + 1)]


def cube(x):
    return x**3


def inverse(x):
    return 1 / x


def saddle(point):
    return point[0] ** 3 - 4 * point[0] * point[1] + point[1] ** 3


def weighted_cubes(point):
    return sum((i + 1) * value**3 for i, value in enumerate(point))


check = Exercises(
    central_difference=FunctionCheck(
        central_difference,
        # Steps large enough that the error of a forward difference shows.
        cases=[(cube, 2.0, 0.5), (cube, -1.0, 0.1), (inverse, 3.0, 0.25)],
        mistakes={
            "the feet stand 2 * h apart, and you divided by h.": lambda f, x, h: (
                (f(x + h) - f(x - h)) / h
            ),
            "this is the rise between the feet; divide it by their distance.": lambda f, x, h: (
                f(x + h) - f(x - h)
            ),
            "this is the forward difference: its left foot stands at x, not at x - h.": (
                lambda f, x, h: (f(x + h) - f(x)) / h
            ),
            "this is the backward difference: its right foot stands at x, not at x + h.": (
                lambda f, x, h: (f(x) - f(x - h)) / h
            ),
            "the sign is turned: right foot minus left foot, please.": lambda f, x, h: (
                (f(x - h) - f(x + h)) / (2 * h)
            ),
            "without parentheses, / 2 * h divides by 2 and multiplies by h. Write / (2 * h).": (
                lambda f, x, h: (f(x + h) - f(x - h)) / 2 * h
            ),
            "division binds first: put the whole difference of heights in parentheses.": (
                lambda f, x, h: f(x + h) - f(x - h) / (2 * h)
            ),
        },
        praise="Chapter 02 holds its gradients against this very function.",
    ),
    numerical_gradient=FunctionCheck(
        numerical_gradient,
        cases=[
            (saddle, [1.0, 2.0], 0.1),
            (saddle, [-2.0, 0.5], 0.25),
            (weighted_cubes, [1.0, -2.0, 0.5], 0.1),
        ],
        mistakes={
            "you moved all coordinates at once; freeze all but one.": gradient_all_moved,
            "a coordinate that has had its turn must go back: copy `point` anew for each.": (
                gradient_not_moved_back
            ),
            "these are forward differences; step to both sides, and divide by 2 * h.": (
                gradient_forward
            ),
            "the feet stand 2 * h apart, and you divided by h.": lambda f, point, h: [
                2 * slope for slope in numerical_gradient(f, point, h)
            ],
            "these are the rises; divide each by the distance between the feet.": (
                lambda f, point, h: [2 * h * slope for slope in numerical_gradient(f, point, h)]
            ),
            "this is the sum of the partial derivatives; return them as a list.": (
                lambda f, point, h: sum(numerical_gradient(f, point, h))
            ),
            "this is the first partial derivative alone. Is the `return` inside the loop?": (
                lambda f, point, h: numerical_gradient(f, point, h)[:1]
            ),
            "this is one number, the first partial derivative. Collect them in a list.": (
                lambda f, point, h: numerical_gradient(f, point, h)[0]
            ),
            "no rise anywhere: are left and right two names of one list? Copy `point` for each.": (
                lambda f, point, h: [0.0 for _ in point]
            ),
        },
        praise="With it you can check any gradient that anyone shows you.",
    ),
    descend=FunctionCheck(
        descend,
        cases=[
            (lambda x: 6 * x, 3.0, 0.1, 3),
            (lambda x: 2 * (x - 5), -1.0, 0.25, 4),
            (lambda x: 6 * x, 3.0, 0.1, 1),
        ],
        mistakes={
            "you walk uphill: the slope points up, so subtract it.": (
                lambda slope, x, learning_rate, steps: descend(slope, x, learning_rate, steps, +1)
            ),
            "the slope is measured once, at the start; measure it anew in every step.": (
                descend_with_old_slope
            ),
            "this is one step, and `steps` of them were asked for. Is the `return` in the loop?": (
                lambda slope, x, learning_rate, steps: descend(slope, x, learning_rate, 1)
            ),
            "every step has the whole slope's length; multiply by the learning rate.": (
                descend_without_rate
            ),
            "this is the whole path; return the last place only.": descend_and_keep_path,
        },
        praise="With a gradient for the slope, this loop trains a network.",
    ),
    best_step_float16=ValueCheck(
        right=2 ** (-10 / 3),
        mistakes={
            "that is the square root, the rule for the forward difference.": 2**-5,
            "that is the grain itself: x + h would hold a single digit of h.": 2**-10,
            "that is the error that is left at the best step, not the step.": 2 ** (-20 / 3),
            "that is ε / 3; the cube root is ε ** (1 / 3).": 2**-10 / 3,
            "that is ε³; the cube root is ε ** (1 / 3).": 2**-30,
        },
        praise="A tenth: a big foot for a coarse format. The slope comes out to two digits or so.",
        tolerance=0.05,
    ),
    largest_rate=FunctionCheck(
        lambda a, b: 1 / max(a, b),
        cases=[(1.0, 10.0), (10.0, 1.0), (3.0, 3.0), (0.5, 2.0)],
        mistakes={
            "that is the flat direction's limit; the steep one is lost long before.": (
                lambda a, b: 1 / min(a, b)
            ),
            "that rate lands the steep direction in one step; the limit is twice as far.": (
                lambda a, b: 1 / (2 * max(a, b))
            ),
            "the curvature is 2a, not a: the slope along x is 2ax.": lambda a, b: 2 / max(a, b),
            "the directions do not share one limit; each has its own, and the lower one counts.": (
                lambda a, b: 1 / (a + b)
            ),
            "that is the limit along x alone; y may be lost before.": lambda a, b: 1 / a,
            "that is the limit along y alone; x may be lost before.": lambda a, b: 1 / b,
        },
        praise="The steepest direction sets the limit for all the others.",
    ),
)
