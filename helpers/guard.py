"""Runs an answer so that it ends, and leaves what lies around it as it was."""

import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

LIMIT = 10  # seconds that a check may take
SETTINGS = (
    (random.getstate, random.setstate),
    (np.random.get_state, np.random.set_state),
    (torch.get_rng_state, torch.set_rng_state),
    (torch.get_default_dtype, torch.set_default_dtype),
    (torch.is_grad_enabled, torch.set_grad_enabled),
    (sys.getrecursionlimit, sys.setrecursionlimit),
)


class TimeUp(BaseException):
    """Ends an answer that runs for too long; an `except Exception` in it does not hold this."""


def outcome(function: Callable, *arguments: Any) -> Any:
    """What the call gives, or the exception it raises; stop button and time limit come through."""
    try:
        return function(*arguments)
    except (KeyboardInterrupt, TimeUp):
        raise
    except BaseException as error:
        return error


@contextmanager
def time_limit() -> Iterator[None]:
    """Raise TimeUp after LIMIT seconds, where signals can: not on Windows, not in a thread."""
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_):
        raise TimeUp

    handler = signal.signal(signal.SIGALRM, stop)
    # Once more each second, in case the first was lost in a bare `except` of the answer.
    timer = signal.setitimer(signal.ITIMER_REAL, LIMIT, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler or signal.SIG_DFL)


@contextmanager
def left_alone() -> Iterator[None]:
    """Put back afterwards the chapter's variables, the random generators and torch's settings."""
    settings = [(put, get()) for get, put in SETTINGS]
    threads = torch.get_num_threads()
    variables = list(_copies(vars(sys.modules["__main__"])))
    try:
        yield
    finally:
        for put, kept in settings:
            put(kept)
        if torch.get_num_threads() != threads:
            torch.set_num_threads(threads)
        for value, kept in variables:
            _put_back(value, kept)


def _copies(variables: dict) -> Iterator[tuple[Any, Any]]:
    """The variables and what can be changed in place in them, each with a copy."""
    seen, waiting = set(), [variables]
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, torch.Tensor):
            yield value, value.detach().clone()
        elif isinstance(value, torch.Generator):
            yield value, value.get_state()
        elif isinstance(value, (list, dict)):
            yield value, value.copy()
        if isinstance(value, (list, tuple)):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
        elif hasattr(value, "parameters"):  # a model or a layer
            waiting.append(getattr(value, "__dict__", None))


def _put_back(value: Any, kept: Any) -> None:
    if isinstance(value, torch.Generator):
        value.set_state(kept)
    elif isinstance(value, list):
        value[:] = kept
    elif isinstance(value, dict):
        for key in value.keys() - kept.keys():
            del value[key]
        value.update(kept)
    elif not torch.equal(value.nan_to_num(), kept.nan_to_num()):
        value.data = kept
