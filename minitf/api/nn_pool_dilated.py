"""Pooling along any number of axes, with cells left out of the windows if wanted.

Source: TensorFlow 1.15's tf.nn.pool; 2015 Table 1.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import expand_dims, renamed_argument, squeeze
from minitf.api.framework import name_scope
from minitf.api.nn_blocks import with_space_to_batch
from minitf.api.nn_pool import avg_pool, avg_pool3d, max_pool, max_pool3d
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor

_POOLS = {"MAX": (max_pool, max_pool, max_pool3d), "AVG": (avg_pool, avg_pool, avg_pool3d)}


def pool(
    input: Any,
    window_shape: Any,
    pooling_type: str,
    padding: Any,
    dilation_rate: Any = None,
    strides: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """Pool sequences, images or volumes, with cells left out of the windows if wanted.

    Args:
        input: [N, space..., C], or [N, C, space...] for "NC...".
        window_shape: size of the window along each axis of space.
        pooling_type: "MAX" or "AVG".
        padding: "SAME" or "VALID".
        dilation_rate: cells from one cell of a window to the next, along each axis of space.
        strides: cells from one window to the next, along each axis of space; not with dilation.
        name: name of the operation.
        data_format: "NWC", "NHWC" or "NDHWC" by default, or with the channels first.
        dilations: another name of `dilation_rate`.

    Raises:
        ValueError: if the arguments do not fit together.
    """
    rates = renamed_argument("dilations", dilations, "dilation_rate", dilation_rate)
    with name_scope(name, f"{pooling_type.lower()}_pool", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        count = len(window_shape)
        if not 1 <= count <= 3:
            raise ValueError("It is required that 1 <= num_spatial_dims <= 3.")
        input.static_shape.with_rank(count + 2)
        steps = _positive("strides", strides, count)
        rates = _positive("dilation_rate", rates, count)
        _check_steps(window_shape, padding, steps, rates)
        if pooling_type not in _POOLS:
            raise ValueError(f"{count}-D {pooling_type} pooling is not supported.")
        first = data_format is not None and data_format.startswith("NC")
        kept = (1, 1) if count == 1 else (1,)  # sequences are images of one row
        window, strides = (
            (*kept, 1, *values) if first else (*kept, *values, 1)
            for values in (window_shape, steps)
        )
        format_ = _format_of_sequences(data_format) if count == 1 else data_format
        row = 2 if first else 1

        def plain(images: Any, _: int, padding: Any) -> Tensor:
            if count == 1:
                images = expand_dims(images, row)
            made = _POOLS[pooling_type][count - 1](
                images, window, strides, padding, format_, name=scope
            )
            return squeeze(made, [row]) if count == 1 else made

        space = range(2 if first else 1, count + (2 if first else 1))
        return with_space_to_batch(input, rates, padding, plain, window_shape, space)


def _positive(what: str, values: Any, count: int) -> list[int]:
    """Return as many numbers as there are axes of space, 1 by default.

    Raises:
        ValueError: if there are others than so many, or one is not positive.
    """
    if values is None:
        return [1] * count
    if len(values) != count:
        raise ValueError(f"len({what})={len(values)} but should be {count}")
    if min(values) < 1:
        raise ValueError(f"all values of {what} must be positive")
    return list(values)


def _check_steps(window: Any, padding: Any, steps: list[int], rates: list[int]) -> None:
    """Refuse what blocks of space cannot do, and windows that leave cells out between them.

    Raises:
        ValueError: if so.
    """
    if max(rates) > 1:
        if max(steps) > 1:
            raise ValueError("strides > 1 not supported in conjunction with dilation_rate > 1")
        if padding == "SAME":
            raise ValueError("pooling with SAME padding is not implemented for dilation_rate > 1")
    if any(step > size for step, size in zip(steps, window, strict=True)):
        raise ValueError(
            "strides > window_shape not supported due to inconsistency between CPU and GPU "
            "implementations"
        )


def _format_of_sequences(data_format: str | None) -> str:
    """Return the format of images of one row.

    Raises:
        ValueError: for a format that sequences do not have.
    """
    formats = {None: "NHWC", "NWC": "NHWC", "NCW": "NCHW"}
    if data_format not in formats:
        raise ValueError('data_format must be either "NWC" or "NCW".')
    return formats[data_format]
