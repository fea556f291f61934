"""Statistics of ops: registered once, added by kind, known before a run."""

import pytest

import minitf as tf
from minitf.profiler.statistics import OpStats, RegisterStatistics, get_stats_for_node_def


@pytest.fixture
def graph():
    return tf.get_default_graph()


def test_statistics_add_up_by_kind(graph):
    @RegisterStatistics("OpOfATest", "flops")
    def flops(graph, node):
        return OpStats("flops", 3)

    node = tf.NodeDef(name="x", op="OpOfATest")
    total = OpStats("flops")
    total += get_stats_for_node_def(graph, node, "flops")
    total += get_stats_for_node_def(graph, node, "flops")
    assert total.value == 6
    assert get_stats_for_node_def(graph, node, "weights").value is None
    with pytest.raises(ValueError, match="Can't add an OpStat"):
        total += OpStats("weights", 1)
    with pytest.raises(KeyError, match="Registering two statistics"):
        RegisterStatistics("OpOfATest", "flops")(flops)
    for arguments in (("x,y", "flops"), ("x", "a,b"), (3, "x"), ("x", 3)):
        with pytest.raises(TypeError, match="must"):
            RegisterStatistics(*arguments)


def flops(tensor):
    return get_stats_for_node_def(tensor.graph, tensor.op.node_def, "flops").value


def test_operations_are_counted_by_static_shapes(graph):
    matrix = tf.placeholder(tf.float32, [5, 7])
    image, window = tf.ones([4, 9, 8, 3]), [1, 3, 2, 1]
    assert flops(tf.matmul(matrix, tf.ones([7, 3]))) == 2 * 5 * 7 * 3
    assert flops(tf.matmul(matrix, tf.ones([5, 3]), transpose_a=True)) == 2 * 7 * 5 * 3
    assert flops(matrix + 1.0) == flops(tf.log(matrix)) == 35
    assert flops(tf.nn.softmax(matrix)) == 5 * 35
    assert flops(tf.reduce_sum(matrix, 1)) == 35 - 5
    assert flops(tf.reduce_mean(matrix, 1)) == 35
    assert flops(tf.add_n([matrix, matrix, matrix])) == 2 * 35
    assert flops(tf.nn.max_pool(image, window, [1, 2, 2, 1], "VALID")) == 6 * 4 * 4 * 4 * 3
    assert flops(tf.nn.conv2d(image, tf.ones([3, 2, 3, 6]), [1, 2, 2, 1], "SAME")) == (
        2 * (4 * 5 * 4 * 6) * (3 * 2 * 3)
    )
    assert flops(tf.reshape(matrix, [-1])) is None


def test_gradients_of_a_convolution_count_as_in_tensorflow(graph):
    image, weights = tf.ones([4, 9, 8, 3]), tf.ones([3, 2, 3, 6])
    made = tf.nn.conv2d(image, weights, [1, 2, 2, 1], "SAME")
    assert [flops(each) for each in tf.gradients(made, [image, weights])] == [15552, 15552]


def test_what_depends_on_an_unknown_shape_is_refused(graph):
    with pytest.raises(ValueError, match="is not fully defined"):
        flops(tf.log(tf.placeholder(tf.float32, [None, 3])))
    channels_first = tf.nn.avg_pool(
        tf.ones([4, 3, 9, 8]), [1, 1, 3, 2], [1, 1, 2, 2], "VALID", data_format="NCHW"
    )
    with pytest.raises(ValueError, match="Only NHWC format is supported"):
        flops(channels_first)
