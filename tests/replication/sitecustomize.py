"""Shift every seed: Python loads this file where its folder is on the path, in workers too.

Each torch.Generator adds COURSE_SEED_OFFSET to the seed that it is given. What is shifted so are
the names' splits, weights, batches and all other data drawn; no chapter's text is changed.
"""

import importlib.util
import os
import sys


class Shift:
    """Finds torch, once, and exchanges its generator when it has been loaded."""

    def find_spec(self, name, path=None, target=None):
        if name != "torch":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec("torch")
        load = spec.loader.exec_module

        def load_and_shift(module):
            load(module)
            module.Generator = shifted(module.Generator, int(os.environ["COURSE_SEED_OFFSET"]))

        spec.loader.exec_module = load_and_shift
        return spec


def shifted(original: type, offset: int) -> type:
    """A generator whose seeds are `offset` away from those that it is given."""

    class Kind(type(original)):
        def __instancecheck__(cls, one):  # clone_state gives one of the original kind
            return isinstance(one, original)

    class Generator(original, metaclass=Kind):
        def manual_seed(self, seed):
            return super().manual_seed(seed + offset)

    return Generator


if os.environ.get("COURSE_SEED_OFFSET"):
    sys.meta_path.insert(0, Shift())
