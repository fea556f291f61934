"""Summaries of numbers: a few with a tag each, or many as a histogram.

Source: 2015 §9.1 (summary operations); TensorFlow's ops of the same names.
"""

from functools import cache
from typing import Any

import numpy as np

from minitf import protos
from minitf.dtypes import REAL_NUMBERS, float32
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.summary.messages import MESSAGE, serialized, tag_of
from minitf.shapes import SCALAR, Shape
from minitf.symbols import T, string

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
    if tags.shape != values.shape:
        shapes = [str(Shape(array.shape)).replace(" ", "") for array in (tags, values)]
        tag = f" (tag '{tags.item().decode(errors='replace')}')" if tags.size == 1 else ""
        raise invalid(f"tags and values are not the same shape: {' != '.join(shapes)}{tag}")
    message = protos.Summary()
    for tag, value in zip(tags.flat, values.flat, strict=True):
        message.value.add(tag=tag.decode("utf-8", "replace"), simple_value=np.float32(value))
    return serialized(message)


@scalar_summary_op.shape
def scalar_summary_shape(tags: Shape, values: Shape) -> Shape:
    return SCALAR


scalar_summary_op.no_gradient(MESSAGE)

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
    name = tag_of(tag, "tags must be scalar")
    numbers = values.astype(np.float64).reshape(-1)
    for bad in numbers[~np.isfinite(numbers)][:1]:
        what = "Nan in summary histogram" if np.isnan(bad) else "Infinity in Histogram"
        raise invalid(f"{what} for: {name}")
    message = protos.Summary()
    histogram = message.value.add(tag=name).histo
    huge = np.finfo(np.float64).max
    histogram.min, histogram.max = numbers.min(initial=huge), numbers.max(initial=-huge)
    histogram.num = numbers.size
    if numbers.size:  # one after the other, as TensorFlow adds
        histogram.sum = np.add.accumulate(numbers)[-1]
        histogram.sum_squares = np.add.accumulate(numbers * numbers)[-1]
    limits = _limits()
    # sorting and looking the few limits up takes less than looking all the values up
    ends = np.searchsorted(np.sort(numbers), limits)  # how many values are below
    ends[-1] = numbers.size
    counts = np.diff(ends, prepend=0)
    # a bucket is told if it has values, or if it is the last of a run of empty ones
    told = (counts > 0) | np.append(counts[1:] > 0, True)
    histogram.bucket_limit.extend(limits[told].tolist())
    histogram.bucket.extend(counts[told].tolist())
    return serialized(message)


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


histogram_summary_op.no_gradient(MESSAGE)
