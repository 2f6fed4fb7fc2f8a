"""What no text of the repository may hold: hosts of registries, and paths of a machine."""

import re

MACHINE_PATH = re.compile(
    r"(?<![\w.:/-])(?:/(?:home|root|work|tmp|Users)/[\w.-]|[A-Z]:\\(?:Users|Temp|Windows)\b)"
)
# In pieces, so that this file does not name them either.
TORCH_INDEX = ".".join(("download", "pytorch", "org"))
REGISTRIES = [
    TORCH_INDEX,
    *(
        ".".join(parts)
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("deb", "debian", "org"),
            ("anaconda", "org"),
        )
    ),
]


def faults_of_text(text: str, name: str = "") -> list[str]:
    """Registry hosts and paths of a machine in a text of the repository, the file `name`.

    PyTorch's own index has the small build for Linux: the README and Binder's files may name it.
    """
    may_name = {TORCH_INDEX} if name == "README.md" or name.startswith(".binder/") else set()
    hosts = [host for host in REGISTRIES if host in text and host not in may_name]
    return hosts + [found[0] for found in MACHINE_PATH.finditer(text)]
