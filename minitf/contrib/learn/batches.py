"""Batches of arrays, frames and streams of rows, as the models of `tf.contrib.learn` take them.

    batches = Batches(x, y, n_classes=3, batch_size=32)
    batches.shapes                     # of features and labels, without the batch
    batches.next()                     # float32[32, 4], float32[32, 3]

Numbers are float32 or int64; labels of several classes are turned into vectors of 0 and 1.

Source: TensorFlow 0.8's `tf.contrib.learn`, whose estimators took what NumPy and pandas have.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

Array = Any  # an ndarray


class Batches:
    """Rows of x and y, in batches.

    Args:
        x: [rows, ...], or an iterator of rows.
        y: [rows, ...], or an iterator of labels; None for none.
        n_classes: how many classes the labels count; 0 if they are numbers.
        batch_size: how many rows a batch has.
        shuffle: whether the rows of arrays come in random order, an epoch after the other;
            otherwise all come once, in order.
        seed: seed of the random order.
    """

    def __init__(
        self,
        x: Any,
        y: Any,
        n_classes: int,
        batch_size: int,
        *,
        shuffle: bool = True,
        seed: int | None = 42,
    ) -> None:
        self._n_classes = max(n_classes or 0, 0)
        self._size = batch_size
        self._random = np.random.RandomState(seed) if shuffle else None
        if isinstance(x, Iterator):
            self._rows = self._streamed(x, y)
        else:
            features, labels = np.asarray(x), None if y is None else np.asarray(y)
            self._size = min(batch_size or len(features), max(len(features), 1))
            self._rows = self._drawn(features, labels)
        first = next(self._rows, None)
        self._rows = itertools.chain([] if first is None else [first], self._rows)
        self.features: Array = None if first is None else first[0]
        self.labels: Array | None = None if first is None else first[1]

    @property
    def is_empty(self) -> bool:
        """Whether there is no row."""
        return self.features is None

    def __iter__(self) -> Iterator[tuple[Array, Array | None]]:
        """Yield batches of features and labels."""
        return self._rows

    def _drawn(self, x: Array, y: Array | None) -> Iterator[tuple[Array, Array | None]]:
        """Yield batches of arrays."""
        if not len(x):
            return
        while True:
            order = np.arange(len(x)) if self._random is None else self._random.permutation(len(x))
            for start in range(0, len(x), self._size):
                chosen = order[start : start + self._size]
                yield _numbers(x[chosen]), self._targets(None if y is None else y[chosen])
            if self._random is None:
                return

    def _streamed(self, x: Any, y: Any) -> Iterator[tuple[Array, Array | None]]:
        """Yield batches of streams, as long as there are rows."""
        while rows := list(itertools.islice(x, self._size or 1)):
            labels = None
            if y is not None:
                labels = np.asarray(list(itertools.islice(y, len(rows))))
                rows = rows[: len(labels)]
            if not rows:
                return
            yield _numbers(np.asarray(rows)), self._targets(labels)

    def _targets(self, labels: Array | None) -> Array | None:
        """Return labels as a model takes them."""
        if labels is None:
            return None
        if self._n_classes < 2:
            return _numbers(labels)
        found = labels.astype(np.int64)
        if found.ndim > 1 and found.shape[-1] == 1:
            found = found[..., 0]
        return np.eye(self._n_classes, dtype=np.float32)[found]


def _numbers(rows: Array) -> Array:
    """Return rows as float32, int64 or text."""
    if rows.dtype.kind in "OSU":
        text = np.asarray([_text(each) for each in rows.ravel()], object)
        return text.reshape(rows.shape)
    return rows.astype(np.int64 if rows.dtype.kind in "biu" else np.float32)


def _text(value: Any) -> Any:
    return value.encode() if isinstance(value, str) else value
