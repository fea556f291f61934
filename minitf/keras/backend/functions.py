"""Functions of arrays: feeds, fetches and updates under one name.

    f = K.function([x], [y], updates=[(w, w + 1)])
    f([array])      [value of y], with w changed

Source: TensorFlow 1.15's `tf.keras.backend.function`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import nest
from minitf.api.control import group
from minitf.api.framework import control_dependencies
from minitf.api.gradients import gradients as gradients_of
from minitf.api.state import assign
from minitf.keras.backend.sessions import get_session
from minitf.tensor import Tensor


class Function:
    """Feeds placeholders, runs updates, and returns outputs.

    Args:
        inputs: the placeholders, in a structure that calls repeat.
        outputs: what is returned, in any structure.
        updates: operations, or pairs of a variable and its new value; they run once the outputs
            are known.
        name: of the operation that groups the updates.
        fetches: further operations and tensors to run.
        feed_dict: what to feed besides.
        options: see `Session.run`, and so is `run_metadata`.
    """

    def __init__(
        self,
        inputs: Any,
        outputs: Any,
        updates: Any = None,
        name: str | None = None,
        *,
        fetches: Sequence[Any] = (),
        feed_dict: Any = None,
        options: Any = None,
        run_metadata: Any = None,
    ) -> None:
        self.inputs = inputs
        self.outputs = outputs
        with control_dependencies([each for each in nest.flatten(outputs) if each is not None]):
            steps = [assign(*each) if isinstance(each, tuple) else each for each in updates or []]
            self.updates_op = group(*steps, name=name or "updates")
        self._others = [self.updates_op, *fetches]
        self._feeds = dict(feed_dict or {})
        self._of_run = {"options": options, "run_metadata": run_metadata}

    def __call__(self, inputs: Any = ()) -> Any:
        """Return the values of the outputs for values of the inputs."""
        values = nest.flatten(inputs)
        keys = nest.flatten(self.inputs)
        feeds = self._feeds | {
            key: value
            for key, value in zip(keys, values, strict=True)
            if value is not None and isinstance(key, Tensor)
        }
        fetched, _ = get_session().run(
            [nest.flatten(self.outputs), self._others], feeds, **self._of_run
        )
        return nest.pack_sequence_as(self.outputs, fetched)


def function(
    inputs: Any, outputs: Any, updates: Any = None, name: str | None = None, **kwargs: Any
) -> Function:
    """Return a function of arrays; see `Function`.

    Raises:
        ValueError: if there is another keyword.
    """
    unknown = set(kwargs) - {"fetches", "feed_dict", "options", "run_metadata"}
    if unknown:
        raise ValueError(
            f'Invalid argument "{min(unknown)}" passed to K.function with TensorFlow backend'
        )
    return Function(inputs, outputs, updates, name, **kwargs)


def gradients(loss: Any, variables: Any) -> Any:
    """Return the gradients of a loss, as `tf.gradients` does."""
    return gradients_of(loss, variables)
