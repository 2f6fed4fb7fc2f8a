"""Wrong answers to chapter 07 that only code can show, and a part of what each is told."""

UNIFORM = "def kaiming_uniform(fan_in, fan_out, gain, generator):\n"
RAND = "torch.rand(fan_in, fan_out, generator=generator)"
WRONG_ANSWERS = {
    "kaiming_uniform": [
        (UNIFORM + f"    return (2 * {RAND} - 1) * gain / fan_in**0.5\n", "by √3"),
        (UNIFORM + f"    return {RAND} * (3 / fan_in) ** 0.5 * gain\n", "positive"),
        (UNIFORM + f"    return (2 * {RAND} - 1) * gain * (3 / fan_out) ** 0.5\n", "fan_out"),
        (UNIFORM + f"    return (2 * {RAND} - 1) * (3 / fan_in) ** 0.5\n", "gain is missing"),
        (UNIFORM + f"    return (2 * {RAND} - 1).T * gain * (3 / fan_in) ** 0.5\n", "layout"),
        (
            UNIFORM
            + "    return (2 * torch.rand(fan_in, fan_out) - 1) * gain * (3 / fan_in) ** 0.5\n",
            "generator=generator",
        ),
        (
            UNIFORM + "    w = torch.randn(fan_in, fan_out, generator=generator)\n"
            "    return w * gain / fan_in**0.5\n",
            "not uniform",
        ),
        (UNIFORM + f"    return ({RAND} - 0.5) * gain / fan_in**0.5\n", "half of gain"),
        (UNIFORM + f"    return {RAND}.sub(0.5).sign() * gain / fan_in**0.5\n", "some sizes"),
        (
            UNIFORM + "    row = 2 * torch.rand(fan_out, generator=generator) - 1\n"
            "    row = torch.linspace(-1, 1, fan_out)[row.argsort()]\n"
            "    return row.repeat(fan_in, 1) * gain * (3 / fan_in) ** 0.5\n",
            "stand in many places",
        ),
        (UNIFORM + "    bound = (3 / fan_in) ** 0.5 * gain\n", "`return` missing"),
    ],
}
