"""Cross entropies and L2Loss: cases, their laws, labels out of range."""

import numpy as np
import pytest
from cases import Case
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from strategies import dtype_names, real, shapes, whole

from minitf.dtypes import FLOATS, as_dtype
from minitf.errors import InvalidArgumentError
from minitf.ops.nn.losses import (
    l2_loss_op,
    softmax_cross_entropy_with_logits_op,
    sparse_softmax_cross_entropy_with_logits_op,
)

dense = softmax_cross_entropy_with_logits_op
sparse = sparse_softmax_cross_entropy_with_logits_op


@st.composite
def scores_and_distributions(draw):
    """Draw rows and distributions; either may be broadcast along rows or classes."""
    n, classes = draw(st.integers(0, 4)), draw(st.integers(1, 5))
    dtype = as_dtype(draw(dtype_names(FLOATS)))
    cut = st.sampled_from(["", "", "rows", "classes"])
    full, wide = (n, classes), draw(cut)
    scores = draw(real(narrowed(full, wide), dtype.numpy))
    shape = narrowed(full, draw(cut) if not wide else "")
    labels = draw(real(shape, np.float64, 0.125, 1))
    # d loss / d features is `backprop` only where the labels of a row sum to 1
    labels = (labels / np.broadcast_to(labels, full).sum(1, keepdims=True)[: shape[0]]).astype(
        dtype.numpy
    )
    # losses of up to 8 + log 5, and their rounding, in 16 bits too
    return Case((scores, labels), ulps=20, scale=10, smooth=dtype.name == "float64")


def narrowed(shape, axis):
    return {"": shape, "rows": (1, shape[1]), "classes": (shape[0], 1)}[axis]


@st.composite
def scores_and_labels(draw):
    n, classes = draw(st.integers(0, 4)), draw(st.integers(1, 5))
    dtype = as_dtype(draw(dtype_names(FLOATS)))
    scores = draw(real((n, classes), dtype.numpy))
    kind = draw(st.sampled_from([np.int32, np.int64]))
    labels = draw(hnp.arrays(kind, n, elements=st.integers(0, classes - 1)))
    return Case((scores, labels), ulps=20, scale=10, smooth=dtype.name == "float64")


@st.composite
def vectors(draw):
    dtype = as_dtype(draw(dtype_names(FLOATS)))
    t = draw(whole(draw(shapes()), dtype.numpy, -2, 2))
    return Case((t,), ulps=0, smooth=dtype.name == "float64")


CASES = {
    "SoftmaxCrossEntropyWithLogits": scores_and_distributions(),
    "SparseSoftmaxCrossEntropyWithLogits": scores_and_labels(),
    "L2Loss": vectors(),
}


@given(scores=real((3, 4)), labels=whole(3, np.int64, 0, 3))
def test_a_number_of_a_class_means_the_distribution_that_is_one_there(scores, labels):
    by_number = sparse.body(scores, labels)
    by_distribution = dense.body(scores, np.eye(4)[labels])

    np.testing.assert_allclose(by_number[0], by_distribution[0], rtol=1e-14, atol=1e-14)
    np.testing.assert_allclose(by_number[1], by_distribution[1], rtol=1e-14, atol=1e-14)


@given(scores=real((3, 4)), labels=whole(3, np.int64, 0, 3))
def test_the_gradient_of_a_row_sums_to_nothing(scores, labels):
    backprop = sparse.body(scores, labels)[1]

    np.testing.assert_allclose(backprop.sum(1), 0, atol=1e-15)


def test_a_label_of_zero_counts_nothing_even_at_minus_infinity():
    loss, _ = dense.body(np.float32([[0, -np.inf]]), np.float32([[1, 0]]))

    assert loss.tolist() == [0]


def test_halving_the_sum_of_squares():
    assert l2_loss_op.body(np.float32([3, 4])) == 12.5


@pytest.mark.parametrize("bad", [-1, 10])
def test_a_label_out_of_range_is_named_with_its_position_and_the_range(bad):
    labels = np.array([3, bad, 12])

    with pytest.raises(InvalidArgumentError) as caught:
        sparse.body(np.zeros((3, 10), np.float32), labels)

    message = str(caught.value)
    assert message.startswith(f"Received a label value of {bad} which is outside the valid range")
    assert "[0, 10)" in message
    assert "labels[1] of 3" in message
