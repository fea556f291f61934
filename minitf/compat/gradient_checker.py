"""Comparing gradients with differences, inside a session.

Source: TensorFlow 1.15's functions of the same names in tf.test.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf.api.constants import constant
from minitf.api.gradients import gradients
from minitf.convert import convert_to_tensor
from minitf.errors import invalid
from minitf.session.session import get_default_session
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Jacobians = tuple[Array, Array]


def compute_gradient(
    x: Any,
    x_shape: Any,
    y: Any,
    y_shape: Any,
    x_init_value: Any = None,
    delta: float = 1e-3,
    init_targets: Sequence[Any] | None = None,
    extra_feed_dict: dict[Any, Any] | None = None,
) -> Any:
    """Return the Jacobian of y by x twice: from the gradients, and from differences.

    It runs in the default session and adds operations to its graph.

    Args:
        x: a Tensor that can be fed, or a list of them.
        x_shape: its shape, or theirs.
        y: a Tensor that depends on x.
        y_shape: its shape.
        x_init_value: where the Jacobian is taken, an array or a list; random by default.
        delta: how far x is moved to both sides for a difference.
        init_targets: what is run first.
        extra_feed_dict: what else is fed.

    Returns:
        (by gradients, by differences), arrays [elements of x, elements of y]; a list of such pairs
        for a list x.  A complex element counts as two real ones.

    Raises:
        InvalidArgumentError: if there is no default session.
    """
    session = get_default_session()
    if session is None:
        raise invalid("compute_gradient runs in the default session", hint="with tf.Session():")
    for target in init_targets or ():
        session.run(target)
    many = isinstance(x, list)
    xs, shapes = (x, x_shape) if many else ([x], [x_shape])
    values = (x_init_value if many else [x_init_value]) if x_init_value is not None else None
    points = [
        _point(each, shape, None if values is None else values[i])
        for i, (each, shape) in enumerate(zip(xs, shapes, strict=True))
    ]
    feeds = {**(extra_feed_dict or {}), **dict(zip(xs, points, strict=True))}
    weights = constant(1.0, shape=y_shape, dtype=y.dtype)
    grads = gradients(y, xs, weights)
    found = [
        (
            _by_gradients(session, grad, point, weights, tuple(y_shape), feeds),
            _by_differences(session, each, point, y, delta, feeds),
        )
        for each, grad, point in zip(xs, grads, points, strict=True)
    ]
    return found if many else found[0]


def _point(x: Tensor, shape: Any, value: Any) -> Array:
    dtype = x.dtype.as_numpy_dtype
    if value is None:
        value = np.random.random_sample(tuple(shape))  # noqa: NPY002 programs seed this generator
    return np.array(value, dtype).reshape(tuple(shape))


def _reals(array: Array) -> Array:
    """Return the numbers of an array as a vector; a complex one is two."""
    flat = np.ascontiguousarray(array).ravel()
    return flat.view(flat.real.dtype) if np.iscomplexobj(flat) else flat


def _by_gradients(
    session: Any, grad: Any, point: Array, weights: Tensor, shape: tuple[int, ...], feeds: Any
) -> Array:
    """Return the Jacobian, a column per element of y, each from one run."""
    weight = np.zeros(shape, weights.dtype.as_numpy_dtype)
    places = _reals(weight).size
    jacobian = np.zeros((_reals(point).size, places), _reals(point).dtype)
    if grad is None:
        return jacobian
    dense = convert_to_tensor(grad)
    for column in range(places):
        only = np.zeros(places, _reals(weight).dtype)
        only[column] = 1
        weight = only.view(weight.dtype).reshape(shape)
        jacobian[:, column] = _reals(session.run(dense, {**feeds, weights: weight}))
    return jacobian


def _by_differences(
    session: Any, x: Tensor, point: Array, y: Tensor, delta: float, feeds: Any
) -> Array:
    """Return the Jacobian, a row per element of x, each from two runs."""
    rows = []
    for i in range(_reals(point).size):
        sides = []
        for step in (delta, -delta):
            moved = _reals(point.copy())
            moved[i] += step
            at = moved.view(point.dtype).reshape(point.shape)
            sides.append(_reals(np.asarray(session.run(y, {**feeds, x: at}))))
        rows.append((sides[0] - sides[1]) / (2 * delta))
    return np.array(rows, _reals(point).dtype).reshape(_reals(point).size, -1)


def compute_gradient_error(
    x: Any,
    x_shape: Any,
    y: Any,
    y_shape: Any,
    x_init_value: Any = None,
    delta: float = 1e-3,
    init_targets: Sequence[Any] | None = None,
    extra_feed_dict: dict[Any, Any] | None = None,
) -> float:
    """Return the greatest difference between the two Jacobians of `compute_gradient`.

    Args:
        x: as `compute_gradient`'s, and so are the others.
    """
    found = compute_gradient(
        x, x_shape, y, y_shape, x_init_value, delta, init_targets, extra_feed_dict
    )
    pairs: list[Jacobians] = found if isinstance(found, list) else [found]
    return max(float(np.abs(exact - measured).max(initial=0)) for exact, measured in pairs)
