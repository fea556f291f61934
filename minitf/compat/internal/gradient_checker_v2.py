"""`tensorflow.python.ops.gradient_checker_v2`: comparing gradients of functions with differences.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minitf.api.constants import placeholder
from minitf.compat import gradient_checker
from minitf.composite import IndexedSlices
from minitf.convert import convert_to_tensor
from minitf.errors import invalid
from minitf.session.session import get_default_session

Array = np.ndarray[Any, Any]


def compute_gradient(
    f: Callable[..., Any], x: Sequence[Any], delta: float = 1e-3
) -> tuple[list[Array], list[Array]]:
    """Return the Jacobians of a function twice: from the gradients, and from differences.

    It runs in the default session and adds operations to its graph.

    Args:
        f: makes a Tensor of Tensors.
        x: where they are taken, an array or Tensor for each argument.
        delta: how far an argument is moved to both sides for a difference.

    Returns:
        Two lists of arrays [elements of f(x), elements of an argument].

    Raises:
        ValueError: if `x` is no list or tuple.
        InvalidArgumentError: if there is no default session.
    """
    if not isinstance(x, (list, tuple)):
        raise ValueError(
            f"`x` must be a list of Tensors (with the same structure as f's input), got {x}"
        )
    session = get_default_session()
    if session is None:
        raise invalid("compute_gradient runs in the default session", hint="with tf.Session():")
    points = [np.asarray(session.run(convert_to_tensor(each))) for each in x]
    arguments = [
        placeholder(convert_to_tensor(each).dtype.base_dtype, point.shape)
        for each, point in zip(x, points, strict=True)
    ]
    made = f(*arguments)
    y = convert_to_tensor(made) if isinstance(made, IndexedSlices) else made
    shape = session.run(y, dict(zip(arguments, points, strict=True))).shape
    found = gradient_checker.compute_gradient(
        arguments, [point.shape for point in points], y, shape, points, delta
    )
    return [exact.T for exact, _ in found], [measured.T for _, measured in found]


def max_error(grad1: Sequence[Array], grad2: Sequence[Array]) -> float:
    """Return the greatest difference between arrays of two lists, 0 if they are empty.

    Args:
        grad1: the arrays.
        grad2: as many, of the same shapes.
    """
    pairs = zip(grad1, grad2, strict=True)
    return max((float(np.abs(one - other).max(initial=0)) for one, other in pairs), default=0.0)
