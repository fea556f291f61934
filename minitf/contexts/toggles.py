"""Whether branches and loops become operations that call functions, and calls become operations.

In the bodies of functions branches and loops do always, for there they can be differentiated;
elsewhere where a program says so.

Source: TensorFlow 1.15, `control_flow_v2_toggles`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class _Toggle:
    """What a program has said."""

    is_on = False
    calls_run_python = False


def enable_control_flow_v2() -> None:
    """Make functions of the branches and loops that are built from here on."""
    _Toggle.is_on = True


def disable_control_flow_v2() -> None:
    """Build branches and loops of Switch, Merge and their kin."""
    _Toggle.is_on = False


def control_flow_v2_enabled() -> bool:
    """Tell whether branches and loops become functions."""
    return _Toggle.is_on


def makes_functions(graph: Any) -> bool:
    """Tell whether branches and loops that are built in a graph become functions."""
    return _Toggle.is_on or getattr(graph, "functional_control_flow", False)


def output_all_intermediates(state: bool | None) -> None:
    """Accept whether functions give what gradients need before these are built: they never do."""


def experimental_run_functions_eagerly(run_eagerly: bool) -> None:
    """Let calls of a `tf.function` run its Python function, without a function in the graph."""
    _Toggle.calls_run_python = bool(run_eagerly)


def calls_run_python() -> bool:
    """Tell whether calls of a `tf.function` run its Python function."""
    return _Toggle.calls_run_python


@contextmanager
def function_executor_type(executor_type: str | None) -> Iterator[None]:
    """Accept which executor of TensorFlow's runs the functions that are called in this context.

    Args:
        executor_type: its name; one executor runs all here.
    """
    yield
