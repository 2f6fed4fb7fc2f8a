"""What no text of the repository may hold: hosts of registries, and paths of a machine."""

import re

MACHINE_PATH = re.compile(
    r"(?<![\w.:/-])(?:/(?:home|root|work|tmp|Users)/[\w.-]|[A-Z]:\\(?:Users|Temp|Windows)\b)"
)
# In pieces, so that this file does not name them either.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("download", "pytorch", "org"),
        ("npmjs", "org"),
        ("deb", "debian", "org"),
        ("anaconda", "org"),
    )
]


def faults_of_text(text: str) -> list[str]:
    """Registry hosts and paths of a machine in a text of the repository."""
    hosts = [host for host in REGISTRIES if host in text]
    return hosts + [found[0] for found in MACHINE_PATH.finditer(text)]
