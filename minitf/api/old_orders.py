"""Arguments by position in the order that they had before TensorFlow 1.0.

    tf.concat(1, [a, b])            # as tf.concat([a, b], 1), with a warning
    tf.split(0, 2, x)               # as tf.split(x, 2, 0), with a warning

Only calls that TensorFlow 1.x refuses are read so, where types tell that the order is the old one:
no call that works there means anything else here.

Source: TensorFlow 0.12's functions of the same names.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from minitf.tensor import Tensor


def warn_of_old_order(function: str, order: str, new: str, stacklevel: int = 3) -> None:
    """Say at the user's line in which order arguments were taken, and how to write them."""
    warnings.warn(
        f"{function}: arguments by position are taken as ({order}), the order of "
        f"TensorFlow 0.x; {new}",
        stacklevel=stacklevel,
    )


def axis_first(values: Any, axis: Any) -> bool:
    """Tell whether arguments of `concat` are an axis and then the values."""
    return isinstance(values, (int, np.integer)) and isinstance(axis, (list, tuple))


def value_last(value: Any, parts: Any, axis: Any) -> bool:
    """Tell whether arguments of `split` are an axis, a number and then the value."""
    return (
        isinstance(value, (int, np.integer))
        and isinstance(parts, (int, np.integer))
        and (isinstance(axis, Tensor) or np.ndim(axis) > 0)
    )


def inputs_first(labels: Any, inputs: Any) -> bool:
    """Tell whether arguments of a sampled loss are the inputs and then the labels."""
    return (
        isinstance(labels, Tensor)
        and isinstance(inputs, Tensor)
        and labels.dtype.is_floating
        and inputs.dtype.is_integer
    )
