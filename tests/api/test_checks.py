"""tf.Assert: it aborts the step, shows what it was given, and is named as in TensorFlow."""

import pytest

import minitf as tf
from minitf.errors import InvalidArgumentError


def test_a_false_condition_aborts_the_step_and_shows_the_data():
    x = tf.placeholder(tf.float32, [5])
    check = tf.Assert(tf.reduce_all(x > 0), ["x must be positive:", x], summarize=2)
    with tf.get_default_graph().control_dependencies([check]):
        y = tf.identity(x)
    with tf.Session() as session:
        assert session.run(y, {x: [1, 2, 3, 4, 5]}).tolist() == [1, 2, 3, 4, 5]
        with pytest.raises(InvalidArgumentError) as caught:
            session.run(y, {x: [1, 2, -3, 4, 5]})

    assert "assertion failed: [x must be positive:] [1 2...]" in str(caught.value)


@pytest.mark.tensorflow
def test_nodes_are_tensorflows(tensorflow):
    found = []
    for lib in (tf, tensorflow):
        with lib.Graph().as_default() as graph:
            lib.Assert(lib.constant(True), ["not this:", lib.constant([1])], name="check")
            found.append([(op.type, op.name) for op in graph.get_operations()])

    assert found[0] == found[1]
