"""Attributes of convolutions and pools, given briefly or not at all.

Source: TensorFlow 1.15's functions of convolution and pooling in tf.nn.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def each_axis(value: Any, count: int, data_format: str | None, what: str) -> tuple[int, ...]:
    """Return one number for each axis, 1 for the batch and the channels unless they are given too.

    Args:
        value: None for 1 everywhere, one number, one for each axis of space, or one for every axis.
        count: how many axes of space there are.
        data_format: where the channels are: "NC..." for first.
        what: what the numbers are, for the message.

    Raises:
        ValueError: if there are neither 1, nor `count`, nor `count` + 2 numbers.
    """
    given = (1,) if value is None else tuple(value) if isinstance(value, Iterable) else (value,)
    if len(given) == count + 2:
        return given
    if len(given) not in (1, count):
        raise ValueError(
            f"{what} should be of length 1, {count} or {count + 2} but was {len(given)}"
        )
    space = given * count if len(given) == 1 else given
    return (1, 1, *space) if data_format and data_format.startswith("NC") else (1, *space, 1)


def without_none(**attrs: Any) -> dict[str, Any]:
    """Return the attributes that are given; the op knows the others' defaults."""
    return {name: value for name, value in attrs.items() if value is not None}
