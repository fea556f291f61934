"""`tensorflow.python.framework.common_shapes`: shapes of broadcasts.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from minitf.errors import InvalidArgumentError
from minitf.shapes import broadcast
from minitf.tensor_shape import TensorShape


def is_broadcast_compatible(shape_x: TensorShape, shape_y: TensorShape) -> bool:
    """Tell whether two shapes broadcast; False where a rank is not known."""
    if shape_x.ndims is None or shape_y.ndims is None:
        return False
    try:
        broadcast_shape(shape_x, shape_y)
    except ValueError:
        return False
    return True


def broadcast_shape(shape_x: TensorShape, shape_y: TensorShape) -> TensorShape:
    """Return the shape that two shapes broadcast to.

    Raises:
        ValueError: if they do not.
    """
    try:
        return TensorShape(broadcast(shape_x.static_shape, shape_y.static_shape))
    except InvalidArgumentError as error:
        raise ValueError(
            f"Incompatible shapes for broadcasting: {shape_x} and {shape_y}"
        ) from error
