"""Cross entropies and L2Loss: cases, their laws, labels out of range."""

import numpy as np
import pytest
from hypothesis import given

from minitf.errors import InvalidArgumentError
from minitf.ops.nn.losses import (
    l2_loss_op,
    softmax_cross_entropy_with_logits_op,
    sparse_softmax_cross_entropy_with_logits_op,
)
from minitf.testing.strategies import real, whole

dense = softmax_cross_entropy_with_logits_op
sparse = sparse_softmax_cross_entropy_with_logits_op


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
