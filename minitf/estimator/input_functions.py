"""Calling an input function: what it gives becomes features, labels and hooks.

Source: TensorFlow 1.15's `tf.estimator.Estimator`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from minitf.api.framework import device
from minitf.data.base import BaseDataset
from minitf.data.iterator import initializable_iterator
from minitf.train.session_run_hook import SessionRunHook


class DatasetHook(SessionRunHook):
    """Starts the iterator of a dataset in each session.

    Args:
        iterator: the iterator.

    Source: TensorFlow 1.15.
    """

    def __init__(self, iterator: Any) -> None:
        self._initializer = iterator.initializer

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Start the iterator."""
        session.run(self._initializer)


def arguments_of(function: Callable[..., Any]) -> list[str]:
    """Return the names of a function's arguments; those bound by a partial are none."""
    return [name for name in inspect.signature(function).parameters if name != "self"]


def call_input_fn(
    input_fn: Callable[..., Any], mode: str, values: Mapping[str, Any]
) -> tuple[Any, Any, list[SessionRunHook]]:
    """Return the features and labels that an input function gives, and the hooks that they need.

    Args:
        input_fn: gives features, a pair of features and labels, or a Dataset of such.
        mode: a key of ModeKeys, which it gets if it has such an argument.
        values: other arguments that it gets if it has them.

    Raises:
        ValueError: if it gives a tuple of another length.
    """
    known = {"mode": mode, **values}
    wanted = arguments_of(input_fn)
    with device("/cpu:0"):
        result = input_fn(**{name: value for name, value in known.items() if name in wanted})
        hooks: list[SessionRunHook] = []
        if isinstance(result, BaseDataset):
            iterator = initializable_iterator(result)
            hooks.append(DatasetHook(iterator))
            result = iterator.get_next()
    if not isinstance(result, (list, tuple)):
        return result, None, hooks
    if len(result) != 2:
        raise ValueError("input_fn should return (features, labels) as a len 2 tuple.")
    features, labels = result
    return features, labels, hooks
