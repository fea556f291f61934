"""The linear maps that cells of TensorFlow 1.x programs take from `core_rnn_cell`."""

from __future__ import annotations

import pytest

import minitf as tf
from minitf.rnn.linear import Linear, linear


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default():
        yield


def test_matrices_side_by_side_are_multiplied_by_one_matrix_of_weights():
    x, y = tf.constant([[1.0, 2.0]]), tf.constant([[3.0]])
    with tf.variable_scope("s", initializer=tf.ones_initializer()):
        total = linear([x, y], 2, bias=True, bias_initializer=tf.constant_initializer(0.5))
    with tf.variable_scope("s", reuse=True):
        again = Linear([x, y], 2, build_bias=True)
        other = linear(tf.concat([x, y], 1), 2, bias=False)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        assert session.run([total, again([x, y])])[1].tolist() == [[6.5, 6.5]]
        assert session.run(other).tolist() == [[6, 6]]
    assert [v.op.name for v in tf.global_variables()] == ["s/kernel", "s/bias"]


@pytest.mark.parametrize(
    ("args", "phrase"),
    [
        (list, "must be specified"),
        (lambda: None, "must be specified"),
        (lambda: tf.zeros([2]), "is expecting 2D arguments"),
        (lambda: tf.placeholder(tf.float32, [2, None]), r"expects shape\[1\] to be provided"),
    ],
)
def test_what_is_no_matrix_of_known_columns_is_refused(args, phrase):
    with pytest.raises(ValueError, match=phrase):
        linear(args(), 2, bias=True)
