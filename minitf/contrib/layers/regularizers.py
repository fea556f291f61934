"""The loss of a regularizer over all weights; the regularizers are `minitf.variables`'.

Source: TensorFlow 1.15's `tf.contrib.layers.apply_regularization`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.constants import constant
from minitf.api.framework import add_to_collection, get_collection, name_scope
from minitf.api.math import add_n
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor


def apply_regularization(
    regularizer: Callable[[Any], Any], weights_list: Sequence[Any] | None = None
) -> Tensor:
    """Return the sum of a regularizer's losses; it is added to REGULARIZATION_LOSSES.

    Args:
        regularizer: function of a weight: a scalar, or None for no loss.
        weights_list: the weights; by default those in the collection WEIGHTS.

    Raises:
        ValueError: if there are no weights, or the regularizer gives no scalar.

    Source: TensorFlow 1.15.
    """
    weights = weights_list or get_collection(GraphKeys.WEIGHTS)
    if not weights:
        raise ValueError("No weights to regularize.")
    with name_scope("get_regularization_penalty", values=weights) as scope:
        penalties = [regularizer(each) for each in weights]
        penalties = [constant(0.0) if each is None else each for each in penalties]
        for each in penalties:
            if each.shape.ndims != 0:
                raise ValueError(
                    "regularizer must return a scalar Tensor instead of a Tensor with rank "
                    f"{each.shape.ndims}."
                )
        total = add_n(penalties, name=scope)
        add_to_collection(GraphKeys.REGULARIZATION_LOSSES, total)
        return total
