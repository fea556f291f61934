"""group_by_reducer: what is left of all elements of each key.

Source: TensorFlow 1.15's function of the same name in `tf.data.experimental`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.data.functions import traced, with_state
from minitf.data.parts import TensorPart
from minitf.data.structure import NUMBER
from minitf.dtypes import int64

Transformation = Callable[[Any], Any]


class Reducer:
    """How the elements of one key become one.

    Args:
        init_func: gives the first state for a key.
        reduce_func: gives the new state for a state and an element.
        finalize_func: makes an element of the last state.
    """

    def __init__(
        self,
        init_func: Callable[..., Any],
        reduce_func: Callable[..., Any],
        finalize_func: Callable[..., Any],
    ) -> None:
        self._init_func = init_func
        self._reduce_func = reduce_func
        self._finalize_func = finalize_func

    @property
    def init_func(self) -> Callable[..., Any]:
        """Gives the first state for a key."""
        return self._init_func

    @property
    def reduce_func(self) -> Callable[..., Any]:
        """Gives the new state for a state and an element."""
        return self._reduce_func

    @property
    def finalize_func(self) -> Callable[..., Any]:
        """Makes an element of the last state."""
        return self._finalize_func


def group_by_reducer(key_func: Callable[..., Any], reducer: Reducer) -> Transformation:
    """Make one element of all elements of each key.

    Args:
        key_func: gives an element's key, an int64 scalar.
        reducer: makes one of many.

    Raises:
        ValueError: if a key is no int64 scalar.
        TypeError: if states are of different types.
    """

    def transform(dataset: Any) -> Any:
        key = traced(key_func, "group_by_reducer_key", dataset.structure)
        if not _is_key(key.structure):
            raise ValueError(
                f"`key_func` must return a single tf.int64 tensor of shape []. Got {key.structure}"
            )
        first = traced(reducer.init_func, "group_by_reducer_init", NUMBER)
        following, state = with_state(
            reducer.reduce_func, "reduce", first.structure, dataset.structure
        )
        last = traced(reducer.finalize_func, "group_by_reducer_finalize", state)
        return dataset.made_by(
            ops.group_by_reducer_dataset_op,
            key.captured,
            first.captured,
            following.captured,
            last.captured,
            key_func=key.function,
            init_func=first.function,
            reduce_func=following.function,
            finalize_func=last.function,
            structure=last.structure,
        )

    return transform


def _is_key(structure: Any) -> bool:
    return (
        isinstance(structure, TensorPart)
        and structure.dtype is int64
        and structure.shape.rank in (0, None)
    )
