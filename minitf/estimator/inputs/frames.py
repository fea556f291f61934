"""Input functions of pandas data frames, whose methods are called and which is never imported.

Source: TensorFlow 1.15's `tf.estimator.inputs.pandas_input_fn`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.estimator.inputs.feeding import queue_of_rows


def pandas_input_fn(
    x: Any,
    y: Any = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool | None = None,
    queue_capacity: int | None = 1000,
    num_threads: int = 1,
    target_column: str = "target",
) -> Callable[[], Any]:
    """Return an input function that gives batches of a data frame's rows.

    Args:
        x: the features: a DataFrame.
        y: the labels: a Series, or a DataFrame; None for none.
        batch_size: how many rows a batch has; the last of all may have fewer.
        num_epochs: how often each row is given; for ever if None.
        shuffle: whether in any order; must be given.
        queue_capacity: how many rows wait in the queue; as many as there are, four times that if
            they are shuffled, if None.
        num_threads: how many threads fill it.
        target_column: the name of a Series of labels.

    Returns:
        A function without arguments that gives features by column, or those and labels.

    Raises:
        ValueError: if `shuffle` is not given, `x` has a column of the labels' name, or the rows of
            `x` and `y` have other names.
        TypeError: if `target_column` is no string.
    """
    if not isinstance(shuffle, bool):
        raise ValueError(
            "shuffle must be provided and explicitly set as boolean (it is recommended to set it "
            f"as True for training); got {shuffle}"
        )
    if not isinstance(target_column, str):
        raise TypeError("target_column must be a string type")
    features = {name: x[name] for name in x.columns}
    labels: dict[Any, tuple[Any, Any]] = {}  # key -> its name among the columns, its values
    is_table = y is not None and hasattr(y, "columns")
    if y is not None:
        if target_column in features:
            raise ValueError(
                f"Cannot use name {target_column} for target column: DataFrame already has a "
                f"column with that name: {x.columns}"
            )
        if not np.array_equal(x.index, y.index):
            raise ValueError(
                f"Index for x and y are mismatched.\nIndex for x: {x.index}\n"
                f"Index for y: {y.index}\n"
            )
        labels = {target_column: (target_column, y)}
        if is_table:
            labels = {key: (_unlike(key, features), y[key]) for key in y.columns}
    arrays = {
        name: np.array(column)  # a copy: the program may go on with the frame
        for name, column in (*features.items(), *labels.values())
    }
    capacity = queue_capacity or (4 if shuffle else 1) * len(x)

    def input_fn() -> Any:
        queue = queue_of_rows(
            *(arrays, capacity, shuffle, num_threads, batch_size, num_epochs),
            min_after_dequeue=int(max(capacity / 4, 1)),
        )
        take = queue.dequeue_many if num_epochs is None else queue.dequeue_up_to
        _, *batch = take(batch_size)
        by_name = dict(zip(arrays, batch, strict=True))
        targets = {key: by_name.pop(name) for key, (name, _) in labels.items()}
        if y is None:
            return by_name
        return by_name, targets if is_table else targets[target_column]

    return input_fn


def _unlike(name: str, others: dict[Any, Any]) -> str:
    return f"{name}_{uuid.uuid4()}" if name in others else name
