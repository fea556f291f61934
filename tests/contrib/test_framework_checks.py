"""Checks of shapes and types of `tf.contrib.framework`, and where variables go."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

framework = tf.contrib.framework


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


@pytest.mark.parametrize("wanted", [[2, 3], (2, None), tf.TensorShape([2, 3]), [-1, 3], "tensor"])
def test_a_shape_is_checked_when_the_tensor_is_computed(wanted):
    x = tf.placeholder(tf.float32)
    sizes = tf.placeholder_with_default([2, 3], [2])
    checked = framework.with_shape(sizes if wanted == "tensor" else wanted, x)
    with tf.Session() as session:
        assert session.run(checked, {x: np.ones([2, 3])}).shape == (2, 3)
        for other in ([3, 4], [2], [2, 3, 1]):
            with pytest.raises(tf.errors.InvalidArgumentError, match="Wrong shape for"):
                session.run(checked, {x: np.ones(other)})
    if wanted in ([2, 3], (2, None)):
        assert checked.shape.as_list() == list(wanted)


def test_a_shape_that_is_known_is_checked_at_once(graph):
    x = tf.constant([1, 2])
    assert framework.with_shape([2], x) is x
    assert framework.with_shape(tf.constant([2]), x) is x
    with pytest.raises(ValueError, match=r"Invalid shape for tensor .* expected \(3,\)"):
        framework.with_shape([3], x)
    with pytest.raises(ValueError, match="not integer"):
        framework.with_shape(tf.constant([2.0]), x)
    with pytest.raises(ValueError, match="Invalid shape"):
        framework.with_same_shape(tf.placeholder(tf.float32, [None, 1]), x)


def test_two_tensors_have_the_same_shape():
    x, y = tf.placeholder(tf.float32, [None, 2]), tf.placeholder(tf.float32, [None, None])
    checked = framework.with_same_shape(x, y)
    known = framework.with_same_shape(tf.ones([2, 2]), y)
    assert (checked.shape.as_list(), known.shape.as_list()) == ([None, 2], [2, 2])
    with tf.Session() as session:
        assert session.run(checked, {x: np.ones([3, 2]), y: np.ones([3, 2])}).sum() == 6
        with pytest.raises(tf.errors.InvalidArgumentError, match="Wrong shape"):
            session.run(checked, {x: np.ones([3, 2]), y: np.ones([2, 2])})


def test_sums_of_tensors_and_scalars():
    x, y = tf.constant([1.0, 2]), tf.constant([[3.0]])
    with tf.Session() as session:
        assert session.run(framework.reduce_sum_n([x, y])) == 6
        assert session.run(framework.reduce_sum_n([x])) == 3
    with pytest.raises(ValueError, match="No tensors"):
        framework.reduce_sum_n([])
    assert framework.assert_scalar_int(tf.constant(3)).dtype == tf.int32
    with pytest.raises(ValueError, match="Unexpected type"):
        framework.assert_scalar_int(1.5)
    with pytest.raises(ValueError, match="Expected scalar shape"):
        framework.assert_scalar_int([1])


def test_global_steps_and_placeholders(graph):
    assert framework.assert_or_get_global_step() is None
    step = tf.train.create_global_step()
    assert framework.assert_or_get_global_step(graph) is step
    assert framework.assert_or_get_global_step(None, step) is step
    with pytest.raises(TypeError, match="integer"):
        framework.assert_or_get_global_step(None, tf.constant(1.0))
    made = [tf.placeholder(tf.float32), tf.placeholder(tf.int32, [2])]
    assert framework.get_placeholders(graph) == made


@pytest.mark.parametrize("use_resource", [False, True])
def test_a_variable_is_set_to_zeros(use_resource):
    variable = tf.Variable(tf.ones([2, 2]), use_resource=use_resource)
    with tf.Session() as session:
        session.run(framework.zero_initializer(variable))
        assert not session.run(variable).any()


def test_variables_are_dealt_out_in_turn():
    chooser = framework.VariableDeviceChooser(2, "params")
    devices = [chooser(None) for _ in range(3)]
    assert devices == [f"/job:params/task:{task}/device:CPU:0" for task in (0, 1, 0)]
    chooser = framework.VariableDeviceChooser(device_type="GPU", device_index=1, replica=2)
    assert chooser(None) == "/replica:2/device:GPU:1"


def test_a_store_of_variables_has_its_key(graph):
    tf.get_variable("x", [1])
    assert graph.get_collection(("__variable_store",))
    graph.get_collection_ref(("__variable_store",)).clear()
    assert tf.get_variable("x", [1]).name == "x_1:0"


def test_deprecated_summaries_take_tags_as_they_did():
    with tf.Session() as session:
        text = session.run(tf.contrib.deprecated.scalar_summary("tag", 1.5))
    assert tf.Summary.FromString(text).value[0].tag == "tag"
