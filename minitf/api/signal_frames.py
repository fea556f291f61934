"""Signals cut into frames, frames joined to signals.

Source: TensorFlow 1.15's functions of the same names in tf.signal.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat, expand_dims, pad, reshape, transpose
from minitf.api.constants import zeros
from minitf.api.framework import name_scope
from minitf.api.gathering import gather
from minitf.api.math import maximum
from minitf.api.segments import unsorted_segment_sum
from minitf.api.sequences import range as range_
from minitf.api.sizes import rank, shape
from minitf.convert import convert_to_tensor
from minitf.shapes import UNKNOWN, Shape, known
from minitf.static_value import constant_value
from minitf.tensor import Tensor


def frame(
    signal: Any,
    frame_length: Any,
    frame_step: Any,
    pad_end: bool = False,
    pad_value: Any = 0,
    axis: Any = -1,
    name: str | None = None,
) -> Tensor:
    """Cut a signal into frames that may overlap.

    Args:
        signal: number[..., samples, ...].
        frame_length: samples of a frame.
        frame_step: samples from the start of one frame to that of the next.
        pad_end: whether a last, incomplete frame is filled up, or left out.
        pad_value: with what.
        axis: along which dimension the samples lie.
        name: name scope of the operations.

    Returns:
        number[..., frames, frame_length, ...].

    Raises:
        ValueError: if the signal is a scalar.
    """
    with name_scope(name, "frame", [signal, frame_length, frame_step, pad_value]):
        signal = convert_to_tensor(signal, name="signal")
        signal.shape.with_rank_at_least(1)
        length = _scalar(frame_length, "frame_length")
        step = _scalar(frame_step, "frame_step")
        place = _scalar(axis, "axis")
        samples: Any = signal.static_shape[place] if isinstance(place, int) else UNKNOWN
        samples = samples if known(samples) else shape(signal)[place]
        if pad_end:
            count = -(-samples // step)
            missing = maximum(0, length + step * (count - 1) - samples)
            signal = _with_end(signal, place, missing, pad_value)
        else:
            count = maximum(0, 1 + (samples - length) // step)
        starts = expand_dims(range_(count) * step, 1)
        frames = gather(signal, starts + expand_dims(range_(length), 0), axis=place)
        if signal.static_shape.rank is not None and isinstance(place, int):
            frames.set_shape(_frames_shape(signal, place, count, length))
        return frames


def _scalar(value: Any, name: str) -> Any:
    """Return a number as an int, if it is known while building, else as a Tensor."""
    tensor = convert_to_tensor(value, name=name)
    if tensor.static_shape.rank not in (None, 0):
        raise ValueError(f"{name} must be a scalar: {tensor}")
    found = constant_value(tensor)
    return tensor if found is None else int(found)


def _with_end(signal: Tensor, axis: Any, missing: Any, value: Any) -> Tensor:
    """Add samples at the end of a signal."""
    count = rank(signal)
    before = axis if isinstance(axis, Tensor) or axis >= 0 else axis + count
    borders = [
        zeros([before, 2], missing.dtype),
        [[0, missing]],
        zeros([count - 1 - before, 2], missing.dtype),
    ]
    return pad(signal, concat(borders, 0), constant_values=convert_to_tensor(value, signal.dtype))


def _frames_shape(signal: Tensor, axis: int, count: Any, length: Any) -> Shape:
    sizes = list(signal.static_shape)
    axis %= len(sizes)
    number = constant_value(count) if isinstance(count, Tensor) else count
    found = [UNKNOWN if number is None else int(number)]
    found.append(UNKNOWN if isinstance(length, Tensor) else length)
    return Shape([*sizes[:axis], *found, *sizes[axis + 1 :]])


def overlap_and_add(signal: Any, frame_step: Any, name: str | None = None) -> Tensor:
    """Join frames to a signal, adding up where they overlap.

    Args:
        signal: number[..., frames, frame_length].
        frame_step: samples from the start of one frame to that of the next.
        name: name scope of the operations.

    Returns:
        number[..., (frames - 1) frame_step + frame_length].

    Raises:
        ValueError: if `frame_step` is not a whole number, or the signal no frames.
    """
    with name_scope(name, "overlap_and_add", [signal, frame_step]):
        signal = convert_to_tensor(signal, name="signal")
        signal.shape.with_rank_at_least(2)
        step = convert_to_tensor(frame_step, name="frame_step")
        if not step.dtype.is_integer:
            raise ValueError(f"frame_step must be an integer. Got {step.dtype}")
        step = _scalar(step, "frame_step")
        sizes = shape(signal)
        frames, length = (
            signal.static_shape[axis] if known(signal.static_shape[axis]) else sizes[axis]
            for axis in (-2, -1)
        )
        total = length + step * (frames - 1)
        places = expand_dims(range_(frames) * step, 1) + expand_dims(range_(length), 0)
        rows = transpose(reshape(signal, [-1, frames * length]))
        added = unsorted_segment_sum(rows, reshape(places, [-1]), total)
        made = reshape(transpose(added), concat([sizes[:-2], [total]], 0))
        if signal.static_shape.dims is not None:
            last = UNKNOWN if isinstance(total, Tensor) else total
            made.set_shape(Shape([*signal.static_shape[:-2], last]))
        return made
