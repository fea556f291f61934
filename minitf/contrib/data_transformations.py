"""Transformations of `tf.contrib.data` that no later namespace took over.

Source: TensorFlow 1.15, `tf.contrib.data`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.assertions import assert_equal
from minitf.api.control import identity
from minitf.api.sizes import shape as shape_of
from minitf.data.batches_of_files import make_batched_features_dataset
from minitf.data.dataset import Dataset
from minitf.data.files import TFRecordDataset
from minitf.data.structure import filled, leaves, mapped, stacked_structure
from minitf.data.transformations import parallel_interleave
from minitf.shapes import UNKNOWN, as_shape, merge
from minitf.tensor import Tensor

Transformation = Callable[[Any], Any]


def batch_and_drop_remainder(batch_size: Any) -> Transformation:
    """Stack elements; a last stack that would be smaller is left out."""
    return lambda dataset: dataset.batch(batch_size, drop_remainder=True)


def padded_batch_and_drop_remainder(
    batch_size: Any, padded_shapes: Any, padding_values: Any = None
) -> Transformation:
    """Stack elements filled up to one shape; a last stack that would be smaller is left out."""
    return lambda dataset: dataset.padded_batch(
        batch_size, padded_shapes, padding_values, drop_remainder=True
    )


def assert_element_shape(expected_shapes: Any) -> Transformation:
    """Check the shapes of elements: while the graph is built if they are known, else in each step.

    Args:
        expected_shapes: for each component a shape; unknown sizes are not looked at.

    Raises:
        ValueError: if they contradict what is known.
    """

    def transform(dataset: Any) -> Any:
        wanted = mapped(lambda _, shape: as_shape(shape), dataset.structure, expected_shapes)
        structure = mapped(
            lambda part, shape: part.with_shape(merge(part.shape, shape)), dataset.structure, wanted
        )
        checked = dataset.map(
            lambda *element: filled(
                dataset.structure,
                [_checked(*each) for each in zip(leaves(element), leaves(wanted), strict=True)],
            )
        )
        return checked._dataset(checked.variant_tensor, structure)

    return transform


def _checked(tensor: Tensor, shape: Any) -> Tensor:
    """Return a tensor that is checked, where its shape is not known, to have one."""
    if shape.rank is None or tensor.static_shape == shape:
        return tensor
    have = shape_of(tensor)
    known = [i for i, size in enumerate(shape) if size is not UNKNOWN]
    want = np.array([shape[i] for i in known], np.int32)
    check = assert_equal(ops.gather_v2_op(have, np.array(known, np.int32), 0), want)
    with tensor.graph.control_dependencies([check]):
        made = identity(tensor)
    made.set_shape(shape.as_list())
    return made


def reduce_dataset(dataset: Any, reducer: Any) -> Any:
    """Return what a Reducer leaves of a dataset.

    Raises:
        TypeError: if it is no dataset.
    """
    if not isinstance(dataset, Dataset):
        raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
    return dataset.reduce(reducer.init_func(np.int64(0)), reducer.reduce_func)


def sloppy_interleave(
    map_func: Callable[..., Any], cycle_length: Any, block_length: Any = 1
) -> Transformation:
    """Interleave the datasets that a function makes; those in work run ahead on threads."""
    return parallel_interleave(map_func, cycle_length, block_length, sloppy=True)


def sliding_window_batch(
    window_size: Any, stride: Any = None, window_shift: Any = None, window_stride: Any = 1
) -> Transformation:
    """Stack elements of windows that overlap; those that would be smaller are left out.

    Args:
        window_size: how many elements a window has.
        stride: another name of `window_shift`.
        window_shift: how far the next window begins after this one; None is 1.
        window_stride: from one element of a window to the next.

    Raises:
        ValueError: if both `stride` and `window_shift` are given.
    """
    if stride is not None and window_shift is not None:
        raise ValueError("Cannot specify both `stride` and `window_shift`")
    shift = next((each for each in (stride, window_shift) if each is not None), 1)
    return lambda dataset: dataset.made_by(
        ops.sliding_window_dataset_op,
        window_size,
        shift,
        window_stride,
        structure=stacked_structure(dataset.structure, UNKNOWN),
    )


def read_batch_features(
    file_pattern: Any,
    batch_size: int,
    features: Mapping[str, Any],
    reader: Callable[..., Any] = TFRecordDataset,
    reader_args: Any = None,
    randomize_input: bool = True,
    num_epochs: int | None = None,
    capacity: int = 10000,
) -> dict[str, Any]:
    """Return the features of the next batch of Examples in files.

    Args:
        file_pattern: names or patterns of files.
        batch_size: how many Examples a batch has.
        features: as of `tf.parse_example`.
        reader: makes a dataset of serialized Examples of a file's name.
        reader_args: what `reader` gets besides.
        randomize_input: whether Examples come in random order.
        num_epochs: how often all come; None is without end.
        capacity: how many wait to be drawn.
    """
    dataset = make_batched_features_dataset(
        file_pattern,
        batch_size,
        features,
        reader,
        None,
        reader_args,
        num_epochs,
        randomize_input,
        capacity,
    )
    found: dict[str, Any] = dataset.make_one_shot_iterator().get_next()
    return found
