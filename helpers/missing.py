"""When a cell fails for a name that an earlier cell makes, say which cell that is.

An extension of IPython's, loaded with every kernel of the course's environment.
"""

import ast
import json
import os
import re
from pathlib import Path
from typing import Any


def load_ipython_extension(shell: Any) -> None:
    """Add a note to each NameError that a cell of a notebook explains."""

    def explain(shell, kind, error, traceback, tb_offset=None):
        if hint := hint_for(error.name or "", _notebook(shell)):
            error.add_note(hint)
        shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)

    shell.set_custom_exc((NameError,), explain)


def hint_for(name: str, notebook: Path | None) -> str:
    """Which cell of the notebook makes `name`, in words; empty where none is found."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (AttributeError, OSError, ValueError, KeyError):
        return ""  # no notebook is known, or it cannot be read
    heading = ""
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code":
            found = re.findall(r"^#+ (.+)$", source, re.MULTILINE)
            heading = found[-1] if found else heading
        elif name in names_made(source):
            first = source.strip().splitlines()[0]
            return (
                f"'{name}' is made in another cell of this notebook, which has not run in this "
                f"kernel:\nunder '{heading}', the cell that begins with\n    {first}\n"
                "Run the cells above this one in order: Run menu, Run All Above Selected Cell."
            )
    return ""


OWN_SCOPE = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def names_made(source: str) -> set[str]:
    """The names that the code binds at its top level, loops and with-blocks included."""
    try:
        pending: list[ast.AST] = [ast.parse(source)]
    except SyntaxError:  # half-typed, or a line of IPython's own
        return set()
    made = set()
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            made.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            made |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            made.add(node.id)
        elif not isinstance(node, OWN_SCOPE):
            pending += ast.iter_child_nodes(node)
    return made


def _notebook(shell: Any) -> Path | None:
    """The notebook that this kernel serves, where the front end tells."""
    told = shell.user_ns.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME")
    # The server names it from its own folder; the kernel starts in the notebook's.
    return Path.cwd() / Path(told).name if told else None
