"""Typical wrong answers to the exercises of chapter 09, and a part of what each is told."""

RATIO = "def update_ratio(parameter, gradient, learning_rate):\n    return "
RMS = "(learning_rate * gradient).square().mean().sqrt() / parameter.square().mean().sqrt()"
GROWTH = "def growth_per_layer(sizes):\n    return "

WRONG_ANSWERS = {
    "update_ratio": [
        (RATIO + f"{RMS}\n", "the ratio itself"),
        (RATIO + f"torch.log({RMS})\n", "natural logarithm"),
        (RATIO + f"torch.log10({RMS.replace('learning_rate * ', '')})\n", "this is grad:data"),
        (RATIO + f"-torch.log10({RMS})\n", "upside down"),
        (
            RATIO + "torch.log10((learning_rate * gradient).std() / parameter.std())\n",
            "leaves out the mean",
        ),
        (
            RATIO + "torch.log10((learning_rate * gradient / parameter).abs().mean())\n",
            "numbers near zero spoil it",
        ),
    ],
    "growth_per_layer": [
        (GROWTH + "sizes[0] / sizes[-1]\n", "over all layers"),
        (GROWTH + "(sizes[0] / sizes[-1]) ** (1 / len(sizes))\n", "the root of n"),
        (GROWTH + "(sizes[-1] / sizes[0]) ** (1 / (len(sizes) - 1))\n", "last layer to the first"),
        (GROWTH + "sizes[0] / sizes[-1] / (len(sizes) - 1)\n", "growth multiplies"),
    ],
    "patients_1_2": [
        (
            'patients_1_2 = {1: ("batch norm in eval mode", {"training": True}), 2: ...}\n',
            "are what batch norm makes. Patient 2: nothing yet.",
        ),
        (
            'patients_1_2 = {1: ("learning rate too low", {"learning_rate": 0.1}),\n'
            '                2: ("learning rate too low", {"learning_rate": 0.3})}\n',
            "Patient 1: cured. Patient 2: learning rate too low? Plot 4 speaks against it",
        ),
        (
            'patients_1_2 = {1: ("learning rate too low", {"learning_rate": 0.01}),\n'
            '                2: ("gain too low", {"gain": 5 / 3})}\n',
            "the mend is not: plot 4 stands at",
        ),
        (
            'patients_1_2 = {1: ("learning rate too low", {"learning_rate": 0.1}),\n'
            '                2: ("gain too low", {"gain": 0.8})}\n',
            "the mend is not: plot 1: the outputs of layer",
        ),
        ('patients_1_2 = ("gain too low", {"gain": 5 / 3})\n', "give a dictionary"),
    ],
    "patients_3_4": [
        (
            'patients_3_4 = {3: ("a frozen layer", {"frozen": None}),\n'
            '                4: ("batch norm in eval mode", {"training": True})}\n',
            "no gradient arrives",
        ),
        (
            'patients_3_4 = {3: ("dead relus", {"bias": 0.0}),\n'
            '                4: ("gain too high", {"gain": 5 / 3})}\n',
            "divides any scale of the weights out",
        ),
        (
            'patients_3_4 = {3: ("dead relus", {"bias": 0.0}),\n'
            '                4: ("batch norm in eval mode", {"gain": 5 / 3})}\n',
            "One fault, one change",
        ),
        (
            'patients_3_4 = {3: ("gain too low", {"gain": 2**0.5}),\n'
            '                4: ("batch norm in eval mode", {"training": True})}\n',
            "it does not cut them off",
        ),
    ],
    "patients_5_6": [
        (
            'patients_5_6 = {5: ("dead relus", {"bias": 0.0}),\n'
            '                6: ("no fan-in scaling", {"fan_in_scaling": True})}\n',
            "Patient 5: dead relus? Plot 1 speaks against it: dead are",
        ),
        (
            'patients_5_6 = {5: ("a frozen layer", {"frozen": None}),\n'
            '                6: ("gain too high", {"gain": 5 / 3})}\n',
            "too high a gain saturates every layer",
        ),
        (
            'patients_5_6 = {5: ("a frozen layer", {"frozen": 2}),\n'
            '                6: ("no fan-in scaling", {"fan_in_scaling": True})}\n',
            "layer 2 does not move",
        ),
        (
            'patients_5_6 = {5: ("a frozen layer", {"frozen": 0}),\n'
            '                6: ("no fan-in scaling", {"fan_in_scaling": True})}\n',
            "no frozen layer at all is None. Patient 6: cured.",
        ),
    ],
    "patients_7_8": [
        (
            'patients_7_8 = {7: ("gain too high", {"gain": 5 / 3}),\n'
            '                8: ("gain too high", {"gain": 5 / 3})}\n',
            "too high a gain saturates every layer",
        ),
        (
            'patients_7_8 = {7: ("learning rate too high", {"learning_rate": 0.1}),\n'
            '                8: ("learning rate too high", {"learning_rate": 0.1})}\n',
            "which is not high",
        ),
        (
            'patients_7_8 = {7: ("learning rate too high", {"learning_rate": 0.1}),\n'
            '                8: ("gain too high", {"gian": 5 / 3})}\n',
            "there is no setting 'gian'",
        ),
        (
            'patients_7_8 = {7: ("learning rate too high", {"learning_rate": 0.1}),\n'
            '                8: ("too much gain", {"gain": 5 / 3})}\n',
            "no fault is called 'too much gain'",
        ),
    ],
}
