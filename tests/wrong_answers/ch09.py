"""Wrong answers to chapter 09 that only code can show, and a part of what each is told."""

WRONG_ANSWERS = {
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
        (
            'patients_1_2 = {1: ("learning rate too low", {"learning_rate": 0.1}),\n'
            '                2: ("gain too low", {"gain": float("nan")})}\n',
            "a finite number",
        ),
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
