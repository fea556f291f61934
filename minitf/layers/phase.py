"""The phase of learning: what layers do whose caller says `training=None`.

**State**: in a collection of each graph, its phase: 0, 1, or a placeholder that holds False where
nothing is fed.

Source: TensorFlow 1.15's `tf.keras.backend.learning_phase`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from minitf.api.constants import placeholder_with_default
from minitf.api.framework import get_default_graph, name_scope

_KEY = ("__learning_phase",)


def learning_phase() -> Any:
    """Return whether a model is trained: 0 or 1 if that is set, else a Tensor of a bool.

    The Tensor is a placeholder that holds False where nothing is fed.
    """
    held = get_default_graph().get_collection_ref(_KEY)
    if not held:
        with name_scope(""):
            held.append(placeholder_with_default(False, shape=(), name="keras_learning_phase"))
    return held[0]


def set_learning_phase(value: int) -> None:
    """Fix the phase of the default graph: 1 in training, 0 else.

    Raises:
        ValueError: if it is neither.
    """
    if value not in {0, 1}:
        raise ValueError("Expected learning phase to be 0 or 1.")
    get_default_graph().get_collection_ref(_KEY)[:] = [value]


@contextlib.contextmanager
def learning_phase_scope(value: int) -> Iterator[None]:
    """Fix the phase of the default graph for a block; see `set_learning_phase`."""
    held = get_default_graph().get_collection_ref(_KEY)
    before = held.copy()
    set_learning_phase(value)
    try:
        yield
    finally:
        held[:] = before


def decided(training: Any) -> Any:
    """Return `training`, or the phase where it is None."""
    return learning_phase() if training is None else training
