"""Groups of elements with equal keys: group_by_window, bucket_by_sequence_length.

Source: TensorFlow 1.15's functions of the same names in `tf.data.experimental`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minitf import ops
from minitf.convert import convert_to_tensor
from minitf.data.functions import inner_structure, traced
from minitf.data.structure import NUMBER, mapped
from minitf.dtypes import int64
from minitf.tensor import Tensor

Transformation = Callable[[Any], Any]


def group_by_window(
    key_func: Callable[..., Any],
    reduce_func: Callable[..., Any],
    window_size: Any = None,
    window_size_func: Callable[..., Any] | None = None,
) -> Transformation:
    """Make something of groups of elements with equal keys.

    Args:
        key_func: gives an element's key, an int64 scalar.
        reduce_func: makes a dataset of a key and the dataset of its elements.
        window_size: how many elements make a group.
        window_size_func: gives that for a key, instead of `window_size`.

    Raises:
        ValueError: unless one of the last two is given.
    """
    if (window_size is None) == (window_size_func is None):
        raise ValueError("Must pass either window_size or window_size_func, but not both.")
    size_of = window_size_func or (lambda _: convert_to_tensor(window_size, int64))

    def transform(dataset: Any) -> Any:
        key = traced(key_func, "group_by_window_key", dataset.structure)
        reduced = traced(
            reduce_func, "group_by_window_reduce", NUMBER, dataset.element_part, unpacks=False
        )
        size = traced(size_of, "group_by_window_size", NUMBER)
        return dataset.made_by(
            ops.group_by_window_dataset_op,
            key.captured,
            reduced.captured,
            size.captured,
            key_func=key.function,
            reduce_func=reduced.function,
            window_size_func=size.function,
            structure=inner_structure(reduced.structure),
        )

    return transform


def bucket_by_sequence_length(
    element_length_func: Callable[..., Any],
    bucket_boundaries: Sequence[int],
    bucket_batch_sizes: Sequence[int],
    padded_shapes: Any = None,
    padding_values: Any = None,
    pad_to_bucket_boundary: bool = False,
    no_padding: bool = False,
    drop_remainder: Any = False,
) -> Transformation:
    """Batch elements of like length, padded to the longest of the batch.

    Args:
        element_length_func: gives an element's length, an int32 scalar.
        bucket_boundaries: n lengths at which the next bucket begins.
        bucket_batch_sizes: n + 1 sizes of batches.
        padded_shapes: as of `padded_batch`; None for those of the dataset.
        padding_values: likewise.
        pad_to_bucket_boundary: whether to pad to one less than the bucket's end.
        no_padding: whether to batch without padding.
        drop_remainder: whether to leave out batches at the end that would be smaller.

    Raises:
        ValueError: if there is not one size more than boundaries.
    """
    if len(bucket_batch_sizes) != len(bucket_boundaries) + 1:
        raise ValueError("len(bucket_batch_sizes) must equal len(bucket_boundaries) + 1")
    sizes = np.array(bucket_batch_sizes, np.int64)
    limits = np.array(bucket_boundaries, np.int32)

    def bucket(*element: Any) -> Tensor:
        length = convert_to_tensor(element_length_func(*element))
        below = ops.cast_op(ops.greater_equal_op(length, limits), DstT=int64)
        number: Tensor = ops.sum_op(below, [0])
        return number

    def batch(key: Tensor, group: Any) -> Any:
        size = ops.gather_v2_op(sizes, key, 0)
        if no_padding:
            return group.batch(size, drop_remainder)
        shapes = group.output_shapes if padded_shapes is None else padded_shapes
        if pad_to_bucket_boundary:
            ends = np.append(limits, -1)
            check = ops.assert_op(
                ops.less_op(key, np.int64(len(limits))),
                ["When pad_to_bucket_boundary=True, elements must have length < max(boundaries)."],
            )
            with key.graph.control_dependencies([check]):
                end = ops.cast_op(ops.gather_v2_op(ends, key, 0) - 1, DstT=int64)
            shapes = mapped(lambda _, shape: _filled(shape, end), group.structure, shapes)
        return group.padded_batch(size, shapes, padding_values, drop_remainder)

    return group_by_window(
        bucket, batch, window_size_func=lambda key: ops.gather_v2_op(sizes, key, 0)
    )


def _filled(shape: Any, end: Tensor) -> Tensor:
    """Return a shape as a tensor, unknown sizes replaced."""
    sizes = [end if each is None else np.int64(each) for each in shape.as_list()]
    return ops.pack_op(sizes) if sizes else convert_to_tensor(np.zeros(0, np.int64))
