"""Summaries: values with tags, as messages for TensorBoard.

Source: 2015 §9.1 (summary operations); TensorFlow's ops of the same names.
"""

from functools import cache
from typing import Any

import numpy as np

from minitf.dtypes import REAL_NUMBERS, float32
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.shapes import SCALAR, Shape
from minitf.symbols import List, N, T, string

Array = np.ndarray[Any, Any]

# --- ScalarSummary --------------------------------------------------------------------------------


@op("ScalarSummary", T=REAL_NUMBERS, outputs=("summary",))
def scalar_summary_op(tags: string, values: T) -> string:
    """Write numbers with their tags as a Summary message.

    Args:
        tags: string[...].
        values: T[...] of the same shape, a number for each tag.

    Returns:
        string[], the serialized message.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: TensorFlow's op of the same name.
    """
    from minitf import protos

    if tags.shape != values.shape:
        shapes = [str(Shape(array.shape)).replace(" ", "") for array in (tags, values)]
        tag = f" (tag '{tags.item().decode(errors='replace')}')" if tags.size == 1 else ""
        raise invalid(f"tags and values are not the same shape: {' != '.join(shapes)}{tag}")
    message = protos.Summary()
    for tag, value in zip(tags.flat, values.flat, strict=True):
        message.value.add(tag=tag.decode("utf-8", "replace"), simple_value=np.float32(value))
    return np.array(message.SerializeToString(), object)


@scalar_summary_op.shape
def scalar_summary_shape(tags: Shape, values: Shape) -> Shape:
    return SCALAR


scalar_summary_op.no_gradient("a message has no slope")

# --- MergeSummary ---------------------------------------------------------------------------------


@op("MergeSummary", N=at_least(1), outputs=("summary",))
def merge_summary_op(inputs: List[string, N]) -> string:
    """Join Summary messages to one.

    Args:
        inputs: string[...] each, serialized messages.

    Returns:
        string[], the message with all their values.

    Raises:
        InvalidArgumentError: if an input is no Summary, or a tag comes twice.

    Source: TensorFlow's op of the same name.
    """
    from google.protobuf.message import DecodeError

    from minitf import protos

    merged, tags = protos.Summary(), set()
    for text in (text for array in inputs for text in array.flat):
        try:
            values = protos.Summary.FromString(text).value
        except DecodeError:
            raise invalid("Could not parse one of the summary inputs") from None
        for value in values:
            if value.tag and value.tag in tags:
                raise invalid(f"Duplicate tag {value.tag} found in summary inputs")
            tags.add(value.tag)
        merged.value.extend(values)
    return np.array(merged.SerializeToString(), object)


@merge_summary_op.shape
def merge_summary_shape(inputs: list[Shape]) -> Shape:
    return SCALAR


merge_summary_op.no_gradient("a message has no slope")

# --- HistogramSummary -----------------------------------------------------------------------------


@op("HistogramSummary", T=REAL_NUMBERS.default(float32), outputs=("summary",))
def histogram_summary_op(tag: string, values: T) -> string:
    """Count values in buckets whose bounds grow by a tenth, as a Summary message.

    Args:
        tag: string scalar.
        values: T[...].

    Returns:
        string[], the serialized message; runs of empty buckets are one.

    Raises:
        InvalidArgumentError: if the tag is no scalar, or a value is not finite.

    Source: TensorFlow's op of the same name.
    """
    from minitf import protos

    if tag.ndim:
        raise invalid("tags must be scalar")
    numbers = values.astype(np.float64).reshape(-1)
    name = tag.item().decode("utf-8", "replace")
    for bad in numbers[~np.isfinite(numbers)][:1]:
        raise invalid(f"{'Nan' if np.isnan(bad) else 'Infinity'} in summary histogram for: {name}")
    message = protos.Summary()
    histogram = message.value.add(tag=name).histo
    huge = np.finfo(np.float64).max
    histogram.min, histogram.max = numbers.min(initial=huge), numbers.max(initial=-huge)
    histogram.num = numbers.size
    if numbers.size:  # one after the other, as TensorFlow adds
        histogram.sum = np.add.accumulate(numbers)[-1]
        histogram.sum_squares = np.add.accumulate(numbers * numbers)[-1]
    limits = _limits()
    places = np.searchsorted(limits, numbers, "right").clip(max=limits.size - 1)
    counts = np.bincount(places, minlength=limits.size)
    # a bucket is told if it has values, or if it is the last of a run of empty ones
    told = (counts > 0) | np.append(counts[1:] > 0, True)
    histogram.bucket_limit.extend(limits[told].tolist())
    histogram.bucket.extend(counts[told].tolist())
    return np.array(message.SerializeToString(), object)


@cache
def _limits() -> Array:
    """Return where buckets end: 1e-12, a tenth more each time, below 1e20; mirrored."""
    ends, end = [], 1e-12
    while end < 1e20:
        ends.append(end)
        end *= 1.1
    ends.append(float(np.finfo(np.float64).max))
    return np.array([*(-each for each in reversed(ends)), 0.0, *ends])


@histogram_summary_op.shape
def histogram_summary_shape(tag: Shape, values: Shape) -> Shape:
    return SCALAR


histogram_summary_op.no_gradient("a message has no slope")
