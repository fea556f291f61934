"""`tensorflow.python.eager.context`: there is one mode, that of graphs.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import contextlib
import unittest
from typing import NoReturn

from minitf.api.framework import executing_eagerly

__all__ = ["eager_mode", "executing_eagerly", "graph_mode", "in_eager_mode", "in_graph_mode"]

in_eager_mode = executing_eagerly


class NoEagerModeError(unittest.SkipTest, RuntimeError):
    """A program asks for eager execution; a test that does so is skipped."""


def in_graph_mode() -> bool:
    """Tell that operations go to a graph."""
    return True


def graph_mode() -> contextlib.AbstractContextManager[None]:
    """Do what is done anyway: add operations to the default graph."""
    return contextlib.nullcontext()


def eager_mode() -> NoReturn:
    """Refuse: MiniTF never executes eagerly.

    Raises:
        NoEagerModeError: always.
    """
    raise NoEagerModeError("MiniTF has graphs and sessions, and no eager mode")


def num_gpus() -> int:
    """Return how many GPUs eager execution would find: none."""
    return 0
