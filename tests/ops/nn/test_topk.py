"""TopK, TopKV2, NthElement, InTopK, InTopKV2: cases, order of equals, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.errors import InvalidArgumentError
from minitf.ops.nn.topk import in_top_kv2_op, nth_element_op, top_kv2_op
from minitf.testing.strategies import real, whole


@given(row=whole(6), k=st.integers(0, 6))
def test_values_come_in_order_and_equals_by_index(row, k):
    values, indices = top_kv2_op.body(row, np.int32(k))
    by_hand = sorted(range(6), key=lambda i: (-row[i], i))[:k]

    assert indices.tolist() == by_hand
    assert values.tolist() == row[by_hand].tolist()


@given(predictions=real((5, 4), np.float32), targets=whole(5, np.int32, 0, 3))
def test_a_target_is_in_the_top_k_if_top_k_lists_a_value_as_low(predictions, targets):
    values, _ = top_kv2_op.body(predictions, np.int32(2))

    found = in_top_kv2_op.body(predictions, targets, np.int32(2))

    assert found.tolist() == (predictions[np.arange(5), targets] >= values[:, 1]).tolist()


def test_more_than_a_row_has_is_refused():
    with pytest.raises(InvalidArgumentError, match="must have last dimension >= k = 5 but is 3"):
        top_kv2_op.body(np.zeros(3), np.int32(5))


@given(rows=whole((3, 6)), n=st.integers(0, 5))
def test_the_nth_element_stands_at_place_n_of_the_sorted_row(rows, n):
    in_order = np.sort(rows, axis=-1)

    assert nth_element_op.body(rows, n).tolist() == in_order[:, n].tolist()
    assert nth_element_op.body(rows, n, reverse=True).tolist() == in_order[:, 5 - n].tolist()


def test_the_gradient_of_an_element_is_shared_among_its_equals():
    x = tf.constant([[3.0, 1.0, 3.0, 2.0]])
    found = tf.raw_ops.NthElement(input=x, n=2)
    grad = tf.gradients(found, x, tf.constant([8.0]))[0]

    with tf.Session() as session:
        assert session.run(grad).tolist() == [[4, 0, 4, 0]]


@pytest.mark.parametrize(("n", "phrase"), [(-1, "n must be non-negative"), (3, "> n = 3 but is 3")])
def test_a_place_outside_the_row_is_refused(n, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        nth_element_op.body(np.zeros((2, 3)), np.int32(n))
