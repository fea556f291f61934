"""Names of layers that are given none: `dense_1`, `dense_2`, ... for Dense, in the default graph.

Source: TensorFlow 1.15's base class of `tf.layers`.
"""

from __future__ import annotations

import re

from minitf.api.framework import get_collection_ref

_COUNTS = ("__layer_names",)


def snake_case(name: str) -> str:
    """Return the name of a scope for a class: BasicLSTMCell gives basic_lstm_cell."""
    words = re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    snake = re.sub("([a-z])([A-Z])", r"\1_\2", words).lower()
    return f"private{snake}" if snake.startswith("_") else snake


def unique(name: str) -> str:
    """Return `name_1`, `name_2`, ...: the next one in the default graph."""
    held = get_collection_ref(_COUNTS)
    if not held:
        held.append({})
    held[0][name] = held[0].get(name, 0) + 1
    return f"{name}_{held[0][name]}"
