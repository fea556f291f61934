"""State of Python in a checkpoint: strings that are read and set at once, outside the graph.

    class Position(tf.train.experimental.PythonState):
        def serialize(self):
            return json.dumps(self.at)
        def deserialize(self, string_value):
            self.at = json.loads(string_value)

Source: TensorFlow 1.15, `training/tracking/python_state.py`, `base.py`.
"""

from __future__ import annotations

import abc
import functools
from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.constants import constant
from minitf.api.control import no_op
from minitf.api.framework import device, init_scope
from minitf.dtypes import string
from minitf.tensor import Tensor
from minitf.trackable.base import Trackable
from minitf.train.saveable import SaveableObject, SaveSpec

_KEY = "py_state"


class PythonStateSaveable(SaveableObject):
    """State of Python that is saved; a subclass says how.

    Source: TensorFlow 1.15.
    """

    def feed_dict_additions(self) -> dict[Tensor, Any]:
        """Return what to feed when it is saved."""
        raise NotImplementedError

    def python_restore(self, restored_values: Sequence[Any]) -> None:
        """Set the state, outside the graph, from what a checkpoint holds."""
        raise NotImplementedError

    def restore(
        self, restored_tensors: Sequence[Tensor], restored_shapes: Sequence[Any] | None
    ) -> Any:
        """Return an operation that does nothing: a graph cannot set the state."""
        return no_op()


class PythonStringStateSaveable(PythonStateSaveable):
    """A string of Python.

    Args:
        name: its name in the checkpoint.
        state_callback: returns it.
        restore_callback: called with what a checkpoint holds; None if nothing is set.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        name: str,
        state_callback: Callable[[], Any],
        restore_callback: Callable[[Any], Any] | None = None,
    ) -> None:
        self._state = state_callback
        self._set = restore_callback
        with init_scope(), device("/cpu:0"):
            self._fed = constant("", dtype=string)
        super().__init__(self._fed, [SaveSpec(self._fed, "", name, dtype=string)], name)

    @property
    def optional_restore(self) -> bool:
        """Whether a checkpoint may be restored without it."""
        return self._set is None

    def feed_dict_additions(self) -> dict[Tensor, Any]:
        """Return what to feed when it is saved."""
        return {self._fed: self._state()}

    def python_restore(self, restored_values: Sequence[Any]) -> None:
        """Set the state."""
        if self._set is not None:
            (value,) = restored_values
            self._set(value)


class NoRestoreSaveable(SaveableObject):
    """A tensor that is saved, and not restored.

    Args:
        tensor: the tensor.
        name: its name in the checkpoint.
        dtype: its type, if a function makes it.
        device: where it is, if a function makes it.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self, tensor: Any, name: str, dtype: Any = None, device: str | None = None
    ) -> None:
        super().__init__(tensor, [SaveSpec(tensor, "", name, dtype, device)], name)

    def restore(
        self, restored_tensors: Sequence[Tensor], restored_shapes: Sequence[Any] | None
    ) -> Any:
        """Return an operation that does nothing."""
        return no_op()


class PythonState(Trackable, metaclass=abc.ABCMeta):
    """An object of Python whose state a checkpoint holds as a string.

    Source: TensorFlow 1.15.
    """

    @abc.abstractmethod
    def serialize(self) -> Any:
        """Return the state as a string."""

    @abc.abstractmethod
    def deserialize(self, string_value: Any) -> Any:
        """Set the state from what `serialize` returned."""

    def _gather_saveables_for_checkpoint(self) -> dict[str, Any]:
        return {
            _KEY: functools.partial(
                PythonStringStateSaveable,
                state_callback=self.serialize,
                restore_callback=self.deserialize,
            )
        }
