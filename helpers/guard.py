"""Runs an answer so that it ends, and leaves what lies around it as it was."""

import copy
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


class TimeUp(BaseException):
    """Ends an answer that runs for too long; an `except Exception` in it does not hold this."""


def outcome(function: Callable, *arguments: Any) -> Any:
    """What the call gives, or the exception it raises; stop button and time limit come through."""
    try:
        return function(*arguments)
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, TimeUp)):
            raise
        return error


@contextmanager
def time_limit() -> Iterator[None]:
    """Raise TimeUp after LIMIT seconds, where signals can: not on Windows, not in a thread."""
    if not hasattr(signal, "setitimer") or (
        threading.current_thread() is not threading.main_thread()
    ):
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


SETTINGS = (
    (random.getstate, random.setstate),
    (np.random.get_state, np.random.set_state),
    (torch.get_rng_state, torch.set_rng_state),
    (torch.get_default_dtype, torch.set_default_dtype),
    (torch.is_grad_enabled, torch.set_grad_enabled),
    (sys.getrecursionlimit, sys.setrecursionlimit),
)


@contextmanager
def left_alone() -> Iterator[None]:
    """Put back afterwards the chapter's variables, the random generators and torch's settings."""
    settings = [(put, get()) for get, put in SETTINGS]
    threads = torch.get_num_threads()
    variables = _copies(vars(sys.modules["__main__"]))
    try:
        yield
    finally:
        for put, kept in settings:
            put(kept)
        if torch.get_num_threads() != threads:
            torch.set_num_threads(threads)
        for value, kept in variables:
            _put_back(value, kept)


def _copies(variables: dict) -> list[tuple[Any, Any]]:
    """What can be changed in place in the variables, and they themselves, each with a copy."""
    found, waiting = {}, [variables]
    while waiting:
        value = waiting.pop()
        if id(value) in found:
            continue
        kept = None
        if isinstance(value, torch.Tensor):
            kept = value.detach().clone()
        elif isinstance(value, torch.Generator):
            kept = value.get_state()
        elif isinstance(value, (list, tuple, dict)):
            kept = copy.copy(value)
            waiting += value.values() if isinstance(value, dict) else value
        elif hasattr(value, "parameters") and not isinstance(value, type):  # a model or a layer
            waiting.append(vars(value))
        found[id(value)] = (value, kept)
    return list(found.values())


def _put_back(value: Any, kept: Any) -> None:
    if isinstance(value, torch.Tensor) and not torch.equal(value, kept):
        value.data = kept
    elif isinstance(value, torch.Generator):
        value.set_state(kept)
    elif isinstance(value, list):
        value[:] = kept
    elif isinstance(value, dict):
        for key in value.keys() - kept.keys():
            del value[key]
        value.update(kept)
