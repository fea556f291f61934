"""Variables in slices whose numbers the program gives.

    parts = create_partitioned_variables([10, 4], [3, 1], tf.zeros_initializer())
    whole = tf.concat(parts, 0)                # of 4, 3 and 3 rows

Source: OSDI §4.2 (shards of one large variable); TensorFlow 1.15's function of the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import dtypes
from minitf.variables.sharing import get_variable, variable_scope


def create_partitioned_variables(
    shape: Sequence[int],
    slicing: Sequence[int],
    initializer: Any,
    dtype: Any = dtypes.float32,
    trainable: bool = True,
    collections: Any = None,
    name: str | None = None,
    reuse: bool | None = None,
) -> list[Any]:
    """Return the slices of a variable, each a variable.

    Args:
        shape: of all of them together.
        slicing: how many slices there are along each dimension: one number may be above 1.
        initializer: a tensor of that shape, or what gives the initial value of each slice.
        dtype: the type of the variables.
        trainable: whether they join TRAINABLE_VARIABLES.
        collections: which they join; GLOBAL_VARIABLES by default.
        name: of them all together, `PartitionedVariable` or one like it by default.
        reuse: whether they are there already; as the scope says by default.

    Raises:
        ValueError: if the lengths of shape and slicing differ, or slicing is not possible.
    """
    if len(shape) != len(slicing):
        raise ValueError(
            "The 'shape' and 'slicing' of a partitioned Variable must have the length: "
            f"shape: {shape}, slicing: {slicing}"
        )
    if not shape:
        raise ValueError(f"A partitioned Variable must have rank at least 1: shape: {shape}")
    with variable_scope(name, "PartitionedVariable", reuse=reuse):
        whole = get_variable(
            "",
            shape if callable(initializer) else None,
            dtype,
            initializer,
            trainable=trainable,
            collections=collections,
            partitioner=lambda **_: list(slicing),
            # its slices stand in the scope itself
            custom_getter=lambda getter, name, **rest: getter(name=name.rstrip("/"), **rest),
        )
    return list(whole)
