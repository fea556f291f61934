"""Elements of several datasets in one: choose_from_datasets, sample_from_datasets.

Source: TensorFlow 1.15's functions of the same names in `tf.data.experimental`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.random_stateless import stateless_multinomial
from minitf.convert import convert_to_tensor
from minitf.data.dataset import Dataset
from minitf.data.structure import NUMBER, flat_attrs, widened
from minitf.data.transformations import RandomDataset
from minitf.tensor import Tensor


def choose_from_datasets(datasets: Sequence[Any], choice_dataset: Any) -> Any:
    """Return elements of several datasets, each from the one that a further dataset names.

    Args:
        datasets: the several.
        choice_dataset: of their numbers, int64 scalars.

    Raises:
        TypeError: if the numbers are none, or elements are of different types.
    """
    if choice_dataset.structure != NUMBER:
        raise TypeError("`choice_dataset` must be a dataset of scalar `tf.int64` tensors.")
    structure = datasets[0].structure
    for each in datasets[1:]:
        if each.output_types != datasets[0].output_types:
            raise TypeError(
                f"Datasets have different types {datasets[0].output_types} and {each.output_types}"
            )
        structure = widened(structure, each.structure)
    tensors = [each.variant_tensor for each in datasets]
    made = ops.directed_interleave_dataset_op(
        choice_dataset.variant_tensor, tensors, **flat_attrs(structure)
    )
    return Dataset(made, structure)


def sample_from_datasets(
    datasets: Sequence[Any], weights: Any = None, seed: int | None = None
) -> Any:
    """Return elements of several datasets, each from one that is drawn at random.

    Args:
        datasets: the several.
        weights: how likely each of them is, or a dataset of that; None for all alike.
        seed: of the draws.

    Raises:
        ValueError: if there is not one weight for each.
    """
    if isinstance(weights, Dataset):
        logits_of = weights.map(lambda *shares: ops.log_op(_packed(shares)))
        numbers = Dataset.zip((logits_of, RandomDataset(seed).batch(2))).map(_drawn)
        return choose_from_datasets(datasets, numbers)
    shares = np.ones(len(datasets)) if weights is None else weights
    tensor = convert_to_tensor(shares)
    if tensor.static_shape.rank != 1 or tensor.static_shape[0] != len(datasets):
        raise ValueError("`weights` must be a vector of length `len(datasets)`.")
    logits = ops.expand_dims_op(ops.log_op(tensor), 0)

    pairs = RandomDataset(seed).batch(2)
    return choose_from_datasets(datasets, pairs.map(lambda pair: _drawn(logits, pair)))


def _packed(shares: tuple[Any, ...]) -> Tensor:
    """Return the weights of an element of a dataset of them as one tensor of rows."""
    (only,) = shares
    tensor = convert_to_tensor(list(only) if isinstance(only, tuple) else only)
    made: Tensor = ops.reshape_op(tensor, [1, -1])
    return made


def _drawn(logits: Tensor, pair: Tensor) -> Tensor:
    """Return a number that is drawn with the seeds of a pair."""
    number = stateless_multinomial(logits, 1, pair)
    drawn: Tensor = ops.squeeze_op(number, squeeze_dims=[0, 1])
    return drawn
