"""`tf.raw_ops`: a function for every op, with TensorFlow's parameters."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import minitf as tf
from minitf.ops import names
from minitf.testing.op_catalogue import catalogue

# attributes that TensorFlow has added since 1.15
LATER = {
    *("grad_a", "grad_b", "grad_x", "grad_y", "bad_indices_policy", "sparse_gradient"),
    *("low_priority_max_batch_size", "low_priority_batch_timeout_micros"),
    *("low_priority_allowed_batch_sizes", "low_priority_max_enqueued_batches"),
    *("mixed_priority_policy", "batch_padding_policy", "enable_large_batch_splitting"),
}


def parameters(function) -> dict:
    """Return which parameters a function has, and whether each has a default."""
    found = inspect.signature(function).parameters.values()
    return {each.name: each.default is not each.empty for each in found}


@pytest.mark.tensorflow
def test_the_parameters_are_tensorflows(tensorflow):
    public = [name for name in catalogue() if hasattr(tensorflow.raw_ops, name)]
    ours = {name: parameters(getattr(tf.raw_ops, name)) for name in public}
    theirs = {name: parameters(getattr(tensorflow.raw_ops, name)) for name in public}
    expected = {
        name: {key: value for key, value in found.items() if key not in LATER}
        for name, found in theirs.items()
    }

    assert len(public) > 700
    assert {name: ours[name] for name in public if ours[name] != expected[name]} == {}


def test_every_op_has_a_function():
    public = [name for name in names() if not name.startswith("_")]

    assert dir(tf.raw_ops) == public
    assert all(getattr(tf.raw_ops, name).__name__ == name for name in public[::20])


def test_a_call_adds_one_operation():
    with tf.Graph().as_default() as graph, tf.Session() as session:
        a, b = tf.constant([[1.0, 2.0]]), tf.constant([[3.0, 4.0]])
        before = len(graph.get_operations())
        product = tf.raw_ops.MatMul(a=a, b=b, transpose_b=True, name="product")
        chosen = tf.raw_ops.Select(condition=[True, False], x=[1, 2], y=[3, 4])
        values = session.run([product, chosen])

        assert graph.get_operations()[before].name == product.op.name == "product"
        np.testing.assert_array_equal(values[0], [[11.0]])
        np.testing.assert_array_equal(values[1], [1, 4])


def test_positions_and_unknown_names_are_refused_with_the_signature():
    with pytest.raises(TypeError, match=r"Sum\(\*, input, axis, keep_dims=False.*positional"):
        tf.raw_ops.Sum([1.0], 0)
    with pytest.raises(TypeError, match="missing a required argument: 'axis'"):
        tf.raw_ops.Sum(input=[1.0])
    with pytest.raises(TypeError, match="unexpected keyword argument 'reduction_indices'"):
        tf.raw_ops.Sum(input=[1.0], axis=0, reduction_indices=0)


def test_what_is_no_op_is_no_attribute():
    with pytest.raises(AttributeError, match="has no op 'Nonsense'"):
        _ = tf.raw_ops.Nonsense
