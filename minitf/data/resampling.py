"""rejection_resample: elements of classes in other proportions, some of them thrown away.

With p_i the share of class i in the data and t_i the share that is wanted, M and m the greatest and
the least t_i / p_i: an element is taken as it comes with probability m, else from the elements of
which those of class i are kept with probability (t_i / p_i - m) / (M - m).

Source: TensorFlow 1.15, `tf.data.experimental.rejection_resample`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.array import expand_dims, tile
from minitf.api.constants import fill
from minitf.api.gathering import gather
from minitf.api.printing import Print
from minitf.api.random import random_uniform
from minitf.api.sequences import one_hot
from minitf.control_flow.cond import cond
from minitf.convert import convert_to_tensor
from minitf.data.dataset import Dataset
from minitf.data.mixing import sample_from_datasets
from minitf.data.transformations import scan
from minitf.dtypes import float32, int64
from minitf.static_value import constant_value
from minitf.tensor import Tensor

_BATCH = 32  # elements after which the shares are estimated anew
_SEEN_BEFORE = 10  # elements of each class that count as seen, so that no share is zero


def rejection_resample(
    class_func: Callable[..., Any],
    target_dist: Any,
    initial_dist: Any = None,
    seed: int | None = None,
) -> Callable[[Any], Any]:
    """Throw elements away until classes have the shares that are wanted.

    Args:
        class_func: gives an element's class, an int32 scalar.
        target_dist: the shares that are wanted.
        initial_dist: the shares in the data; estimated if None.
        seed: of the choice.

    Returns:
        What makes, of a dataset, one of pairs of a class and an element.
    """

    def transform(dataset: Any) -> Any:
        target = convert_to_tensor(target_dist, name="target_dist")
        classes = dataset.map(class_func)
        if initial_dist is None:
            initials = _estimated(target, classes)
            chances = initials.map(lambda initial: _chances(initial, target))
            static = None
        else:
            initial = convert_to_tensor(initial_dist, name="initial_dist")
            initials = Dataset.from_tensors(initial).repeat()
            chances = Dataset.from_tensors(_chances(initial, target)).repeat()
            static = _static_share(initial, target)
        kept = _kept(dataset, chances.map(lambda chance, _: chance), initials, classes, seed)
        whole = Dataset.zip((classes, dataset))
        if static == 1:
            return whole
        if static == 0:
            return kept
        weights = chances.map(lambda _, share: [(share, 1.0 - share)])
        return sample_from_datasets([whole, kept], weights, seed)

    return transform


def _static_share(initial: Tensor, target: Tensor) -> Any:
    """Return which share is taken as it comes, None if it is not known while the graph is built."""
    have, want = constant_value(initial), constant_value(target)
    return None if have is None or want is None else np.min(want / have)


def _chances(initial: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Return how likely an element of each class is kept, and what share is taken as it comes."""
    tiny = np.finfo(initial.dtype.as_numpy_dtype).tiny
    ratio = target / (initial + tiny)
    greatest, least = ops.max_op(ratio, [0]), ops.min_op(ratio, [0])
    return (ratio - least) / (greatest - least), least


def _kept(dataset: Any, chances: Any, initials: Any, classes: Any, seed: int | None) -> Any:
    """Return pairs of a class and an element, of which some are thrown away."""

    def warned(chance: Tensor, initial: Tensor) -> Any:
        rejected = ops.sum_op((1 - chance) * initial, [0])
        message = "Proportion of examples rejected by sampler is high: "
        return cond(
            rejected < 0.5,
            lambda: chance,
            lambda: Print(
                chance, [rejected, initial, chance], message=message, summarize=100, first_n=10
            ),
        )

    told = Dataset.zip((chances, initials)).map(warned)
    return (
        Dataset.zip((classes, told, dataset))
        .map(lambda number, chance, element: (number, gather(chance, number), element))
        .filter(lambda _, chance, __: random_uniform([], seed=seed) < chance)
        .map(lambda number, _, element: (number, element))
        .prefetch(3)
    )


def _estimated(target: Tensor, classes: Any) -> Any:
    """Return a dataset of the shares of classes, estimated from those that were seen."""
    count = target.static_shape[0]

    def renewed(seen: Tensor, numbers: Tensor) -> tuple[Tensor, Tensor]:
        total = seen + ops.sum_op(one_hot(numbers, count, dtype=int64), [0])
        shares = ops.cast_op(total / ops.sum_op(total, [0]), DstT=float32)
        return total, tile(expand_dims(shares, 0), [_BATCH, 1])

    first = fill([count], np.int64(_SEEN_BEFORE))
    return classes.batch(_BATCH).apply(scan(first, renewed)).unbatch()
