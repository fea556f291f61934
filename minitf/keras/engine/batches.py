"""Batches: where rows come from, epoch by epoch.

    ArrayBatches([x], [y], [w], batch_size=32)     arrays, cut and shuffled
    GeneratorBatches(g, steps=10)                  a generator, or a Sequence by number
    DatasetBatches(dataset, steps=None)            a tf.data.Dataset, from its start

An epoch gives (inputs, targets, weights, number of rows), batch by batch.  A batch of a dataset
counts as one row, so that its loss weighs as much as that of a smaller one: as in TensorFlow.

Source: TensorFlow 1.15's `tf.keras.Model.fit`.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf import nest
from minitf.compat import logging
from minitf.errors import OutOfRangeError
from minitf.keras.backend.sessions import get_session
from minitf.keras.engine.arrays import Arrays, cut
from minitf.keras.utils.data_utils import Sequence

Batch = tuple[Arrays, Arrays, Arrays, int]
Standard = Callable[[Any, Any, Any], tuple[Arrays, Arrays, Arrays]]


class ArrayBatches:
    """Batches of arrays.

    Args:
        inputs: arrays of the model's inputs.
        targets: of its outputs.
        weights: of the rows, None for 1.
        batch_size: rows of a batch; the last may have fewer.
        shuffle: whether rows change their order each epoch; "batch": only whole batches do.
    """

    counts_rows = True
    ended = False

    def __init__(
        self,
        inputs: Arrays,
        targets: Arrays,
        weights: Arrays,
        batch_size: int = 32,
        shuffle: Any = False,
    ) -> None:
        self._parts = inputs, targets, weights
        self.rows = next(len(each) for each in (*inputs, *targets) if each is not None)
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.steps: int | None = math.ceil(self.rows / batch_size)

    def epoch(self) -> Iterator[Batch]:
        """Give the batches of an epoch."""
        order = np.arange(self.rows)
        if self.shuffle == "batch":
            order = _shuffled_batches(order, self.batch_size)
        elif self.shuffle:
            np.random.shuffle(order)  # noqa: NPY002 - the generator that programs seed
        for step in range(self.steps or 0):
            chosen = order[step * self.batch_size : (step + 1) * self.batch_size]
            part: Any = chosen if self.shuffle else slice(chosen[0], chosen[-1] + 1)
            yield (*(cut(each, part) for each in self._parts), len(chosen))  # type: ignore[misc]


def _shuffled_batches(order: Any, batch_size: int) -> Any:
    whole = len(order) // batch_size
    batches = order[: whole * batch_size].reshape(whole, batch_size)
    np.random.shuffle(batches)  # noqa: NPY002
    return np.append(batches.flatten(), order[whole * batch_size :])


class GeneratorBatches:
    """Batches of a generator, or of a Sequence.

    Args:
        source: gives inputs, (inputs, targets) or (inputs, targets, weights).
        standard: makes arrays of these.
        steps: batches of an epoch; the length of a Sequence by default.
        shuffle: whether a Sequence's batches change their order each epoch.

    Attributes:
        ended: whether there were fewer batches than wanted.

    Raises:
        ValueError: if it is not known how many batches an epoch has.
    """

    counts_rows = False
    rows: int | None = None
    batch_size: int | None = None

    def __init__(
        self, source: Any, standard: Standard, steps: int | None = None, shuffle: Any = False
    ) -> None:
        self._by_number = isinstance(source, Sequence)
        if steps is None and not hasattr(source, "__len__"):
            raise ValueError(
                "`steps_per_epoch=None` is only valid for a generator based on the "
                "`keras.utils.Sequence` class. Please specify `steps_per_epoch` or use the "
                "`keras.utils.Sequence` class."
            )
        self.steps: int | None = len(source) if steps is None else steps
        self._source = source
        self._standard = standard
        self._shuffle = bool(shuffle)
        self._running = None if self._by_number else iter(source)
        self._order: deque[int] = deque()  # of a Sequence: the numbers that are left of this pass
        self.ended = False

    def epoch(self) -> Iterator[Batch]:
        """Give the batches of an epoch."""
        for _ in range(self.steps or 0):
            try:
                x, y, weights = _three(self._next())
            except StopIteration:
                self.ended = True
                _warn("dataset iterator", "iterator")
                return
            inputs, targets, of_rows = self._standard(x, y, weights)
            yield inputs, targets, of_rows, len(inputs[0])

    def _next(self) -> Any:
        if self._running is not None:
            return next(self._running)
        if not self._order:
            order = np.arange(len(self._source))
            if self._shuffle:
                np.random.shuffle(order)  # noqa: NPY002
            self._order.extend(order.tolist())
        batch = self._source[self._order.popleft()]
        if not self._order:
            self._source.on_epoch_end()
        return batch


class DatasetBatches:
    """Batches of a `tf.data.Dataset` or of an iterator.

    Args:
        source: gives inputs, (inputs, targets) or (inputs, targets, weights).
        standard: makes arrays of these.
        steps: batches of an epoch; until the end of the dataset by default.

    Attributes:
        ended: whether there were fewer batches than wanted.
    """

    counts_rows = False
    rows: int | None = None
    batch_size: int | None = None

    def __init__(self, source: Any, standard: Standard, steps: int | None = None) -> None:
        self._iterator = source if hasattr(source, "get_next") else None
        self._restarts = self._iterator is None and steps is None
        if self._iterator is None:
            self._iterator = source.make_initializable_iterator()
            self._initializer = self._iterator.initializer
        else:
            self._initializer = None
        self._fetched = self._iterator.get_next()
        self._standard = standard
        self.steps = steps
        self._started = False
        self.ended = False

    def epoch(self) -> Iterator[Batch]:
        """Give the batches of an epoch."""
        session = get_session()
        if self._initializer is not None and (self._restarts or not self._started):
            session.run(self._initializer)
        self._started = True
        step = 0
        while self.steps is None or step < self.steps:
            try:
                values = session.run(nest.flatten(self._fetched))
            except OutOfRangeError:
                if self.steps is None:
                    self.steps = step
                else:
                    self.ended = True
                    _warn("dataset", "dataset")
                return
            x, y, weights = _three(nest.pack_sequence_as(self._fetched, values))
            inputs, targets, of_rows = self._standard(x, y, weights)
            yield inputs, targets, of_rows, 1
            step += 1


def _warn(source: str, what: str) -> None:
    logging.warning(
        "Your %s ran out of data; interrupting training. Make sure that your %s can generate at "
        "least `steps_per_epoch * epochs` batches. You may need to use the repeat() function when "
        "building your dataset.",
        source,
        what,
    )


def _three(given: Any) -> tuple[Any, Any, Any]:
    """Return inputs, targets and weights of what a source gives."""
    if not isinstance(given, tuple):
        return given, None, None
    if len(given) not in {1, 2, 3}:
        raise ValueError(
            "Output of generator should be a tuple `(x, y, sample_weight)` or `(x, y)`. Found: "
            f"{given}"
        )
    x, y, weights = (*given, None, None)[:3]
    return x, y, weights
