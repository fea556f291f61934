"""Images turned, mirrored, cut and padded.

An image is [height, width, channels], a batch of images [n, height, width, channels].

Source: TensorFlow 1.15's functions of the same names in tf.image.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import (
    concat,
    pad,
    reshape,
    reverse,
    squeeze,
    stack,
    transpose,
)
from minitf.api.array import slice as slice_
from minitf.api.casting import cast
from minitf.api.comparison import equal
from minitf.api.control import after
from minitf.api.framework import name_scope
from minitf.api.gathering import boolean_mask, where, where_v2
from minitf.api.image_checks import (
    Size,
    as_batch,
    check_rank,
    checked,
    checks_of_images,
    greatest,
    known_sizes,
    least,
    must,
    sizes_of,
)
from minitf.api.random import random_uniform
from minitf.api.sequences import range as range_
from minitf.api.sizes import rank, shape
from minitf.convert import convert_to_tensor
from minitf.dtypes import float64, int32
from minitf.static_value import constant_value
from minitf.tensor import Tensor

# --- mirrors -------------------------------------------------------------------------------------


def flip_left_right(image: Any) -> Tensor:
    """Mirror an image, or each of a batch: its left side becomes the right one.

    Raises:
        ValueError: if it is no image.
    """
    return _flipped(image, -2, "flip_left_right")


def flip_up_down(image: Any) -> Tensor:
    """Mirror an image, or each of a batch: its upper side becomes the lower one.

    Raises:
        ValueError: if it is no image.
    """
    return _flipped(image, -3, "flip_up_down")


def _flipped(image: Any, axis: int, scope: str) -> Tensor:
    with name_scope(None, scope, [image]):
        image = checked(image)
        found = check_rank(image)
        return reverse(image, [axis if found is None else axis + found])


def random_flip_left_right(image: Any, seed: int | None = None) -> Tensor:
    """Mirror an image left to right, or leave it; each image of a batch by itself.

    Args:
        image: an image or a batch.
        seed: of this operation; see `tf.set_random_seed`.

    Raises:
        ValueError: if it is no image.
    """
    return _randomly_flipped(image, -2, seed, "random_flip_left_right")


def random_flip_up_down(image: Any, seed: int | None = None) -> Tensor:
    """Mirror an image top to bottom, or leave it; each image of a batch by itself.

    Args:
        image: an image or a batch.
        seed: of this operation; see `tf.set_random_seed`.

    Raises:
        ValueError: if it is no image.
    """
    return _randomly_flipped(image, -3, seed, "random_flip_up_down")


def _randomly_flipped(image: Any, axis: int, seed: int | None, scope_name: str) -> Tensor:
    with name_scope(None, scope_name, [image]) as scope:
        image = checked(image)
        found = check_rank(image)
        if found == 3:
            drawn = random_uniform([], 0, 1.0, seed=seed)
            chosen = ops.less_op(drawn, 0.5)
            flipped = where(chosen, reverse(image, [axis + 3]), image, name=scope)
        elif found == 4:
            count = shape(image)[0]
            drawn = random_uniform([count], 0, 1.0, seed=seed)
            flips = cast(ops.round_op(reshape(drawn, [count, 1, 1, 1])), image.dtype)
            return flips * reverse(image, [axis + 4]) + (1 - flips) * image
        else:
            outer = shape(image)[:-3]
            drawn = reshape(random_uniform(outer, 0, 1.0, seed=seed), concat([outer, [1, 1, 1]], 0))
            is_one = equal(rank(image), 3)
            chosen = where_v2(is_one, drawn < 0.5, drawn > 0.5)
            flipped = where_v2(chosen, reverse(image, [axis]), image, name=scope)
        flipped.set_shape(image.shape)
        return flipped


# --- turns ---------------------------------------------------------------------------------------


def transpose_image(image: Any, name: str | None = None) -> Tensor:
    """Exchange height and width of an image, or of each of a batch.

    Raises:
        ValueError: if it is no image.
    """
    with name_scope(name, "transpose", [image]):
        image = checked(image)
        return transpose(image, _exchanged(image), name=name or "transpose")


def _exchanged(image: Tensor) -> Any:
    """Return the order of axes in which height and width are exchanged."""
    found = check_rank(image)
    if found is not None:
        return [1, 0, 2] if found == 3 else [0, 2, 1, 3]
    count = rank(image)
    return concat([range_(count - 3), [count - 2, count - 3, count - 1]], 0)


def rot90(image: Any, k: Any = 1, name: str | None = None) -> Tensor:
    """Turn an image, or each of a batch, by quarters of a turn to the left.

    Args:
        image: an image or a batch.
        k: how many quarters, a scalar.
        name: name scope of the operations.

    Raises:
        ValueError: if it is no image.
    """
    with name_scope(name, "rot90", [image, k]) as scope:
        image = checked(image)
        check_rank(image)
        k = convert_to_tensor(k, int32, "k")
        k.shape.assert_has_rank(0)
        quarters = ops.floor_mod_op(k, 4)
        height, width = equal(quarters, 1), equal(quarters, 3)
        both = equal(quarters, 2)
        order = _exchanged(image)
        as_it_is = range_(rank(image))
        order = where_v2(ops.logical_or_op(height, width), order, as_it_is)
        axes = boolean_mask(
            [-3, -2], stack([ops.logical_or_op(height, both), ops.logical_or_op(width, both)])
        )
        turned = reverse(transpose(image, order), axes, name=scope)
        static = image.static_shape
        turned.set_shape([*static[:-3], None, None, static[-1]] if static.rank else [None] * 3)
        return turned


# --- cuts ----------------------------------------------------------------------------------------


def central_crop(image: Any, central_fraction: Any) -> Tensor:
    """Cut the middle out of an image, or of each of a batch.

    Args:
        image: an image or a batch.
        central_fraction: the part of height and width that is kept, in (0, 1].

    Raises:
        ValueError: if it is no image, or the part not in (0, 1].
    """
    with name_scope(None, "central_crop", [image]):
        image = convert_to_tensor(image, name="image")
        part = central_fraction
        if isinstance(part, Tensor):
            known_part = constant_value(part)
            part = None if known_part is None else float(known_part)
        if part is None:
            fits = ops.logical_or_op(central_fraction > 0.0, central_fraction <= 1.0)
            image = after(must(fits, "central_fraction must be within (0, 1]"), image)
        elif not 0.0 < part <= 1.0:
            raise ValueError("central_fraction must be within (0, 1]")
        elif part == 1.0:
            return image
        after(checks_of_images(image), image)
        count = image.static_shape.rank
        if count not in (3, 4):
            raise ValueError(
                f"`image` should either be a Tensor with rank = 3 or rank = 4. Had rank = {count}."
            )
        static = image.shape.as_list()
        starts, sizes = zip(
            *(_middle(image, axis, central_fraction, part) for axis in (count - 3, count - 2)),
            strict=True,
        )
        outer = [0] * (count - 3)
        begin, size = stack([*outer, *starts, 0]), stack([*[-1 for _ in outer], *sizes, -1])
        cut = slice_(image, begin, size)
        cut.set_shape([*static[: count - 3], *known_sizes(list(sizes)), static[-1]])
        return cut


def _middle(image: Tensor, axis: int, fraction: Any, part: float | None) -> tuple[Size, Size]:
    """Return where the middle of an axis begins, and its size."""
    size: Size = image.shape.as_list()[axis]
    if size is not None and part is not None:
        start = int((float(size) - float(size) * float(part)) / 2)
        return start, size - 2 * start
    size = shape(image)[axis] if size is None else size
    whole = cast(size, float64)
    begin = cast((whole - whole * cast(fraction, float64)) / 2, int32)
    return begin, size - begin * 2


def crop_to_bounding_box(
    image: Any, offset_height: Size, offset_width: Size, target_height: Size, target_width: Size
) -> Tensor:
    """Cut a box out of an image, or of each of a batch.

    Args:
        image: an image or a batch.
        offset_height: the first row.
        offset_width: the first column.
        target_height: how many rows.
        target_width: how many columns.

    Raises:
        ValueError: if it is no image, or the box lies not in it.
    """
    with name_scope(None, "crop_to_bounding_box", [image]):
        image = convert_to_tensor(image, name="image")
        image, was_batch = as_batch(image)
        checks = checks_of_images(image)
        batch, height, width, depth = sizes_of(image, 4)
        checks += must(offset_width >= 0, "offset_width must be >= 0.")
        checks += must(offset_height >= 0, "offset_height must be >= 0.")
        checks += must(target_width > 0, "target_width must be > 0.")
        checks += must(target_height > 0, "target_height must be > 0.")
        checks += must(width >= target_width + offset_width, "width must be >= target + offset.")
        checks += must(
            height >= target_height + offset_height, "height must be >= target + offset."
        )
        image = after(checks, image)
        cut = slice_(
            image,
            stack([0, offset_height, offset_width, 0]),
            stack([-1, target_height, target_width, -1]),
        )
        cut.set_shape(known_sizes([batch, target_height, target_width, depth]))
        return cut if was_batch else squeeze(cut, axis=[0])


def pad_to_bounding_box(
    image: Any, offset_height: Size, offset_width: Size, target_height: Size, target_width: Size
) -> Tensor:
    """Put an image, or each of a batch, on a larger black one.

    Args:
        image: an image or a batch.
        offset_height: the rows above it.
        offset_width: the columns left of it.
        target_height: the rows of the result.
        target_width: its columns.

    Raises:
        ValueError: if it is no image, or lies not in the larger one.
    """
    with name_scope(None, "pad_to_bounding_box", [image]):
        image = convert_to_tensor(image, name="image")
        image, was_batch = as_batch(image)
        batch, height, width, depth = sizes_of(image, 4)
        right = target_width - offset_width - width
        below = target_height - offset_height - height
        checks = checks_of_images(image)
        checks += must(offset_height >= 0, "offset_height must be >= 0")
        checks += must(offset_width >= 0, "offset_width must be >= 0")
        checks += must(right >= 0, "width must be <= target - offset")
        checks += must(below >= 0, "height must be <= target - offset")
        image = after(checks, image)
        margins = stack([0, 0, offset_height, below, offset_width, right, 0, 0])
        padded = pad(image, reshape(margins, [4, 2]))
        padded.set_shape(known_sizes([batch, target_height, target_width, depth]))
        return padded if was_batch else squeeze(padded, axis=[0])


def resize_image_with_crop_or_pad(image: Any, target_height: Size, target_width: Size) -> Tensor:
    """Cut an image, or each of a batch, or put it on black, so that its middle stays the middle.

    Args:
        image: an image or a batch.
        target_height: the rows of the result.
        target_width: its columns.

    Raises:
        ValueError: if it is no image, or a size is not positive.
    """
    with name_scope(None, "resize_image_with_crop_or_pad", [image]):
        image = convert_to_tensor(image, name="image")
        image, was_batch = as_batch(image)
        checks = checks_of_images(image)
        checks += must(target_width > 0, "target_width must be > 0.")
        checks += must(target_height > 0, "target_height must be > 0.")
        image = after(checks, image)
        if isinstance(target_height, Tensor):
            target_height = after(checks, target_height)
        if isinstance(target_width, Tensor):
            target_width = after(checks, target_width)
        _, height, width, _ = sizes_of(image, 4)
        wider = target_width - width
        crop_width, pad_width = greatest(-wider // 2, 0), greatest(wider // 2, 0)
        higher = target_height - height
        crop_height, pad_height = greatest(-higher // 2, 0), greatest(higher // 2, 0)
        cut = crop_to_bounding_box(
            image, crop_height, crop_width, least(target_height, height), least(target_width, width)
        )
        resized = pad_to_bounding_box(cut, pad_height, pad_width, target_height, target_width)
        _, height, width, _ = sizes_of(resized, 4)
        checks = must(_same(height, target_height), "resized height is not correct.")
        checks += must(_same(width, target_width), "resized width is not correct.")
        resized = after(checks, resized)
        return resized if was_batch else squeeze(resized, axis=[0])


def _same(a: Size, b: Size) -> Any:
    return equal(a, b) if isinstance(a, Tensor) or isinstance(b, Tensor) else a == b
