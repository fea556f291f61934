"""Labels and rows as arrays.

Source: TensorFlow 1.15's `tf.keras.utils`.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def to_categorical(y: Any, num_classes: int | None = None, dtype: Any = "float32") -> Any:
    """Return [..., num_classes] for numbers of classes, 1 at each.

    Args:
        y: the numbers; a last axis of size 1 is dropped.
        num_classes: how many there are; one more than the greatest by default.
        dtype: of the result.
    """
    classes = np.asarray(y, dtype="int")
    shape = classes.shape
    if len(shape) > 1 and shape[-1] == 1:
        shape = shape[:-1]
    flat = classes.ravel()
    count = int(flat.max()) + 1 if num_classes is None else num_classes
    made = np.zeros((flat.size, count), dtype)
    made[np.arange(flat.size), flat] = 1
    return made.reshape((*shape, count))


def normalize(x: Any, axis: int = -1, order: int = 2) -> Any:
    """Return rows scaled to norm 1.

    Args:
        x: an array.
        axis: along which a row lies.
        order: of the norm.
    """
    norms = np.atleast_1d(np.linalg.norm(x, order, axis))
    norms[norms == 0] = 1
    return x / np.expand_dims(norms, axis)
