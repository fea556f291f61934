"""Summaries of numbers: numbers with tags, and histograms."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import ops

FINITE = st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=30)


def histogram(values, tag=b"tag"):
    message = ops.histogram_summary_op.body(np.array(tag, object), np.asarray(values)).item()
    return tf.Summary.FromString(message).value[0].histo


# --- ScalarSummary --------------------------------------------------------------------------------


def test_a_number_with_its_tag_is_a_message():
    tags = np.array([[b"a"], [b"b"]], object)
    message = tf.Summary.FromString(ops.scalar_summary_op.body(tags, np.int32([[1], [2]])).item())

    assert [(each.tag, each.simple_value) for each in message.value] == [("a", 1), ("b", 2)]


def test_every_number_needs_a_tag():
    for tags, values, words in (
        (b"x", [1.0], r"\[\] != \[1\] \(tag 'x'\)"),
        ([b"a", b"b"], [1.0, 2, 3], r"\[2\] != \[3\]$"),
    ):
        with pytest.raises(tf.errors.InvalidArgumentError, match=f"not the same shape: {words}"):
            ops.scalar_summary_op.body(np.array(tags, object), np.float32(values))


# --- HistogramSummary -----------------------------------------------------------------------------


@pytest.mark.paper("W-56")
def test_a_bucket_holds_what_is_below_its_limit_and_not_below_the_one_before():
    found = histogram(np.float64([2, 2, 5, -5]))

    assert (found.min, found.max, found.num) == (-5, 5, 4)
    assert (found.sum, found.sum_squares) == (4, 58)
    assert list(found.bucket) == [0, 1, 0, 2, 0, 1, 0]
    before, limit = found.bucket_limit[2:4]
    assert before <= 2 < limit
    assert limit == pytest.approx(1.1 * before)


@given(FINITE)
def test_every_value_lies_in_one_bucket(values):
    values = np.float64(values)
    with np.errstate(over="ignore", invalid="ignore"):
        found = histogram(values)

    assert sum(found.bucket) == found.num == values.size
    assert found.bucket_limit[-1] == np.finfo(np.float64).max
    bounds = [-np.inf, *found.bucket_limit]
    for (low, high), count in zip(itertools.pairwise(bounds), found.bucket, strict=True):
        inside = (low <= values) & (values < high)
        if high == bounds[-1]:  # the greatest number of all belongs to the last bucket
            inside |= values == high
        assert inside.sum() == count


@given(FINITE)
def test_of_a_run_of_empty_buckets_one_is_written(values):
    with np.errstate(over="ignore", invalid="ignore"):
        found = histogram(np.float64(values))

    assert not any(a == b == 0 for a, b in itertools.pairwise(found.bucket))


@pytest.mark.tensorflow
@given(FINITE)
def test_a_histogram_is_tensorflows_to_the_byte(tensorflow, values):
    sizes = np.abs(np.float64(values))
    # TensorFlow has no bucket for the greatest number, and takes subnormal squares for zero
    told = (sizes == 0) | ((sizes > 1e-150) & (sizes < np.finfo(np.float64).max))
    values = np.float64(values)[told]
    with np.errstate(over="ignore", invalid="ignore"):
        ours = ops.histogram_summary_op.body(np.array(b"tag", object), values).item()
    with tensorflow.Graph().as_default(), tensorflow.Session() as session:
        theirs = session.run(tensorflow.raw_ops.HistogramSummary(tag="tag", values=values))

    assert ours == theirs


@pytest.mark.parametrize(
    ("tag", "values", "words"),
    [
        (b"h", [1, np.nan, np.inf], "Nan in summary histogram for: h"),
        (b"h", [1, np.inf, np.nan], "Infinity in Histogram for: h"),
        ([b"h"], [1.0], "tags must be scalar"),
    ],
)
def test_what_no_bucket_takes_is_refused(tag, values, words):
    with pytest.raises(tf.errors.InvalidArgumentError, match=words):
        histogram(np.float32(values), tag)
