"""Input functions of NumPy arrays.

Source: TensorFlow 1.15's `tf.estimator.inputs.numpy_input_fn`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.estimator.inputs.feeding import queue_of_rows

_ONLY = "__direct_np_input__"  # the key of features that are one array
_TARGET = "__target_key__"


def numpy_input_fn(
    x: Any,
    y: Any = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool | None = None,
    queue_capacity: int = 1000,
    num_threads: int = 1,
) -> Callable[[], Any]:
    """Return an input function that gives batches of arrays' rows.

    Args:
        x: the features: array by key, or one array.
        y: the labels: one array, or array by key; None for none.
        batch_size: how many rows a batch has; the last of all may have fewer.
        num_epochs: how often each row is given; for ever if None.
        shuffle: whether in any order; must be given.
        queue_capacity: how many rows wait in the queue.
        num_threads: how many threads fill it.

    Returns:
        A function without arguments that gives features, or features and labels.

    Raises:
        ValueError: if `shuffle` is not given; the input function raises it if arrays are of
            different lengths or empty, or a key stands in both.
        TypeError: the input function raises it if the features are of another type.
    """
    if not isinstance(shuffle, bool):
        raise ValueError(
            "shuffle must be provided and explicitly set as boolean (it is recommended to set it "
            f"as True for training); got {shuffle}"
        )

    def input_fn() -> Any:
        columns = _features(x)
        keys = list(columns)
        labels = _labels(y, keys)
        columns.update(labels)
        _check_lengths(columns, keys)
        queue = queue_of_rows(columns, queue_capacity, shuffle, num_threads, batch_size, num_epochs)
        take = queue.dequeue_many if num_epochs is None else queue.dequeue_up_to
        _, *batch = take(batch_size)
        by_key = dict(zip(columns, batch, strict=True))
        features = (
            by_key[_ONLY] if isinstance(x, np.ndarray) else {key: by_key[key] for key in keys}
        )
        if y is None:
            return features
        targets = {key: by_key[key] for key in labels}
        return features, targets if isinstance(y, dict) else next(iter(targets.values()))

    return input_fn


def _features(x: Any) -> dict[Any, Any]:
    if isinstance(x, dict):
        if not x:
            raise ValueError("x cannot be an empty dict")
        return dict(sorted(x.items()))
    if isinstance(x, np.ndarray):
        if not x.size:
            raise ValueError("x cannot be an empty array")
        return {_ONLY: x}
    raise TypeError(f"x must be a dict or array; got {type(x).__name__}")


def _labels(y: Any, keys: list[Any]) -> dict[Any, Any]:
    if y is None:
        return {}
    if not isinstance(y, dict):
        target = _TARGET
        while target in keys:
            target += "_n"
        return {target: y}
    if not y:
        raise ValueError("y cannot be empty dict, use None instead.")
    both = set(keys) & set(y)
    if both:
        raise ValueError(f"{len(both)} duplicate keys are found in both x and y: {both}")
    return dict(sorted(y.items()))


def _check_lengths(columns: dict[Any, Any], keys: list[Any]) -> None:
    if len({array.shape[0] for array in columns.values()}) != 1:
        of_x = {key: columns[key].shape for key in keys}
        of_y = {key: array.shape for key, array in columns.items() if key not in keys}
        raise ValueError(
            "Length of tensors in x and y is mismatched. All elements in x and y must have the "
            f"same length.\nShapes in x: {of_x}\nShapes in y: {of_y}\n"
        )
