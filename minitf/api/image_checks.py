"""What functions on images ask of their arguments: dimensions, sizes, conditions.

A size is an int where it is known while the graph is built, else a Tensor.

Source: TensorFlow 1.15's checks and messages in tf.image.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import expand_dims, unstack
from minitf.api.checks import Assert
from minitf.api.comparison import greater_equal
from minitf.api.control import after
from minitf.api.reductions import reduce_all
from minitf.api.sizes import rank, shape
from minitf.convert import convert_to_tensor
from minitf.operation import Operation
from minitf.tensor import Tensor

Size = Any  # an int, or a Tensor where it is known in the run only


def checks_of_images(image: Tensor) -> list[Operation]:
    """Return what checks in the run that a tensor has three dimensions and pixels.

    Raises:
        ValueError: if it has not, as far as its shape is known.
    """
    static = image.static_shape
    if static.dims is not None and len(static) < 3:
        raise ValueError(f"'image' (shape {image.shape}) must be at least three-dimensional.")
    sizes = image.shape.as_list()[-3:] if static.dims is not None else [None]
    if 0 in sizes:
        raise ValueError(f"inner 3 dims of 'image.shape' must be > 0: {image.shape}")
    if None not in sizes:
        return []
    inner = shape(image)[-3:]
    message = "inner 3 dims of 'image.shape' must be > 0."
    return [
        Assert(reduce_all(inner > 0), [message, inner]),
        Assert(greater_equal(rank(image), 3), ["'image' must be at least three-dimensional."]),
    ]


def checked(image: Any) -> Tensor:
    """Return a tensor that is an image, or several."""
    image = convert_to_tensor(image, name="image")
    checks = checks_of_images(image)
    return after(checks, image)


def check_rank(image: Tensor) -> int | None:
    """Return 3, 4, or None if the rank is not known."""
    found = image.static_shape.rank
    if found not in (None, 3, 4):
        raise ValueError(f"'image' (shape {image.shape}) must have either 3 or 4 dimensions.")
    return found


def must(condition: Any, message: str) -> list[Operation]:
    """Check a condition: at once if it is a truth value, in the run if it is a Tensor.

    Raises:
        ValueError: if it is False.
    """
    if isinstance(condition, Tensor):
        return [Assert(condition, [message])]
    if not condition:
        raise ValueError(message)
    return []


def sizes_of(image: Tensor, count: int) -> list[Size]:
    """Return the sizes of a tensor: ints as far as they are known, else Tensors."""
    static = image.static_shape.with_rank(count)
    known = static.as_list() or [None] * count
    if static.is_full:
        return known
    parts = unstack(shape(image), count)
    return [part if size is None else size for size, part in zip(known, parts, strict=True)]


def as_batch(image: Tensor) -> tuple[Tensor, bool]:
    """Return images as a batch, and whether they were one."""
    found = check_rank(image)
    if found == 4:
        return image, True
    batch = expand_dims(image, 0)
    if found is None:
        batch.set_shape([None] * 4)
    return batch, False


def greatest(a: Size, b: Size) -> Size:
    """Return the greater of two sizes."""
    return ops.maximum_op(a, b) if isinstance(a, Tensor) or isinstance(b, Tensor) else max(a, b)


def least(a: Size, b: Size) -> Size:
    """Return the less of two sizes."""
    return ops.minimum_op(a, b) if isinstance(a, Tensor) or isinstance(b, Tensor) else min(a, b)


def known_sizes(sizes: list[Size]) -> list[int | None]:
    """Return the sizes that are ints, None for the others."""
    return [None if isinstance(size, Tensor) else int(size) for size in sizes]
