"""tf.nn builds TensorFlow's graphs: names, types, static shapes, values; and its messages."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, fed

import minitf
from minitf.errors import InvalidArgumentError

RNG = np.random.default_rng(5)
X = RNG.standard_normal((3, 4), np.float32)
CUBE = RNG.standard_normal((2, 3, 4), np.float32)
IMAGES = RNG.standard_normal((2, 6, 5, 3), np.float32)
FILTER = RNG.standard_normal((3, 2, 3, 4), np.float32)
SHARES = np.abs(X) / np.abs(X).sum(1, keepdims=True)
LABELS = np.int64([0, 3, 1])
TABLE = RNG.standard_normal((7, 3), np.float32)
THIRDS = [TABLE[i::3] for i in range(3)]


# Each builds one small graph with either library; what is left unknown is part of the case.
GRAPHS = {
    "relu6": lambda tf: tf.nn.relu6(fed(tf, X)),
    "crelu": lambda tf: tf.nn.crelu(fed(tf, X)),
    "crelu of rows": lambda tf: tf.nn.crelu(fed(tf, X, [None, 4]), axis=0, name="both"),
    "elu": lambda tf: tf.nn.elu(X),
    "selu": lambda tf: tf.nn.selu(fed(tf, X)),
    "leaky_relu": lambda tf: tf.nn.leaky_relu(fed(tf, X), 0.3),
    "leaky_relu of integers": lambda tf: tf.nn.leaky_relu([-1, 2]),
    "softplus": lambda tf: tf.nn.softplus(fed(tf, X), name="soft"),
    "softsign": lambda tf: tf.nn.softsign(fed(tf, X)),
    "softmax": lambda tf: tf.nn.softmax(fed(tf, X, [None, 4])),
    "softmax along axis 0": lambda tf: tf.nn.softmax(fed(tf, CUBE), axis=0, name="s"),
    "softmax along axis -2": lambda tf: tf.nn.softmax(fed(tf, CUBE), axis=-2),
    "softmax along a tensor's axis": lambda tf: tf.nn.softmax(
        fed(tf, CUBE), fed(tf, np.array(1, np.int32))
    ),
    "log_softmax": lambda tf: tf.nn.log_softmax(fed(tf, CUBE), dim=1),
    "softmax of unknown rank": lambda tf: tf.nn.softmax(fed(tf, X, tf.TensorShape(None))),
    "cross entropy": lambda tf: tf.nn.softmax_cross_entropy_with_logits(
        labels=fed(tf, SHARES, [None, 4]), logits=fed(tf, X, [None, 4])
    ),
    "cross entropy v2": lambda tf: tf.nn.softmax_cross_entropy_with_logits_v2(
        labels=SHARES, logits=fed(tf, X), name="loss"
    ),
    "cross entropy along axis 0": lambda tf: tf.nn.softmax_cross_entropy_with_logits_v2(
        labels=fed(tf, CUBE), logits=fed(tf, CUBE), axis=0
    ),
    "cross entropy of a cube": lambda tf: tf.nn.softmax_cross_entropy_with_logits_v2(
        labels=fed(tf, CUBE), logits=fed(tf, CUBE, [None, 3, 4])
    ),
    "cross entropy in 16 bits": lambda tf: tf.nn.softmax_cross_entropy_with_logits_v2(
        labels=SHARES, logits=fed(tf, X.astype(np.float16))
    ),
    "sparse cross entropy": lambda tf: tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=fed(tf, LABELS, [None]), logits=fed(tf, X, [None, 4]), name="xent"
    ),
    "sparse cross entropy of a cube": lambda tf: tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=fed(tf, np.int32([[0, 1, 2], [3, 0, 1]])), logits=fed(tf, CUBE)
    ),
    "sigmoid cross entropy": lambda tf: tf.nn.sigmoid_cross_entropy_with_logits(
        labels=fed(tf, SHARES), logits=fed(tf, X, [None, 4])
    ),
    "weighted cross entropy": lambda tf: tf.nn.weighted_cross_entropy_with_logits(
        targets=fed(tf, SHARES), logits=fed(tf, X), pos_weight=2.0
    ),
    "Poisson loss": lambda tf: tf.nn.log_poisson_loss(fed(tf, np.abs(X) * 3), fed(tf, X)),
    "full Poisson loss": lambda tf: tf.nn.log_poisson_loss(
        fed(tf, np.abs(X) * 3), fed(tf, X), compute_full_loss=True
    ),
    "l2_loss": lambda tf: tf.nn.l2_loss(fed(tf, X)),
    "conv2d": lambda tf: tf.nn.conv2d(
        fed(tf, IMAGES, [None, 6, None, 3]), FILTER, strides=[1, 2, 1, 1], padding="SAME"
    ),
    "conv2d with one stride": lambda tf: tf.nn.conv2d(
        fed(tf, IMAGES), filters=FILTER, strides=2, padding="VALID", name="layer"
    ),
    "conv2d with margins": lambda tf: tf.nn.conv2d(
        fed(tf, IMAGES), FILTER, [1, 1], [[0, 0], [1, 0], [2, 1], [0, 0]], dilations=2
    ),
    "conv2d_backprop_input": lambda tf: tf.nn.conv2d_backprop_input(
        [2, 6, 5, 3], FILTER, np.ones((2, 4, 4, 4), np.float32), [1, 1, 1, 1], "VALID"
    ),
    "conv2d_backprop_filter": lambda tf: tf.nn.conv2d_backprop_filter(
        IMAGES, [3, 2, 3, 4], np.ones((2, 4, 4, 4), np.float32), [1, 1, 1, 1], "VALID"
    ),
    "conv2d_transpose": lambda tf: tf.nn.conv2d_transpose(
        fed(tf, IMAGES), FILTER.transpose(0, 1, 3, 2), [2, 12, 10, 4], [1, 2, 2, 1]
    ),
    "conv2d_transpose of a shape from the graph": lambda tf: tf.nn.conv2d_transpose(
        fed(tf, IMAGES, [None, 6, 5, 3]),
        FILTER.transpose(0, 1, 3, 2),
        tf.stack([tf.shape(fed(tf, IMAGES, [None, 6, 5, 3]))[0], 12, 10, 4]),
        2,
        name="up",
    ),
    "max_pool": lambda tf: tf.nn.max_pool(
        fed(tf, IMAGES, [None, 6, 5, None]), [1, 2, 2, 1], [1, 2, 2, 1], "SAME"
    ),
    "max_pool with one size": lambda tf: tf.nn.max_pool(fed(tf, IMAGES), 3, 2, "VALID", name="p"),
    "avg_pool": lambda tf: tf.nn.avg_pool(fed(tf, IMAGES), [2, 3], 1, "SAME"),
    "bias_add": lambda tf: tf.nn.bias_add(fed(tf, IMAGES), [1.0, 2.0, 3.0]),
    "xw_plus_b": lambda tf: tf.nn.xw_plus_b(fed(tf, X, [None, 4]), X.T, [1.0, 2.0, 3.0]),
    "relu_layer": lambda tf: tf.nn.relu_layer(fed(tf, X), X.T, [1.0, 2.0, 3.0], name="hidden"),
    "top_k": lambda tf: tf.nn.top_k(fed(tf, X), 2),
    "top_k of unknown k": lambda tf: tf.nn.top_k(fed(tf, X), fed(tf, np.array(2, np.int32))),
    "in_top_k": lambda tf: tf.nn.in_top_k(fed(tf, X), LABELS, 2),
    "l2_normalize": lambda tf: tf.nn.l2_normalize(fed(tf, X), 1),
    "l2_normalize over all": lambda tf: tf.nn.l2_normalize(fed(tf, X), name="unit"),
    "lrn": lambda tf: tf.nn.lrn(fed(tf, IMAGES), 2, 1.0, 1e-2, 0.75),
    "batch_norm_with_global_normalization": lambda tf: tf.nn.batch_norm_with_global_normalization(
        fed(tf, IMAGES), X[0, :3], X[1, :3] ** 2, X[2, :3], None, 1e-3, False
    ),
    "moments": lambda tf: tf.nn.moments(fed(tf, IMAGES, [None, 6, 5, 3]), [0, 1, 2]),
    "moments with their axes": lambda tf: tf.nn.moments(fed(tf, X), [1], keep_dims=True),
    "moments in 16 bits": lambda tf: tf.nn.moments(fed(tf, X.astype(np.float16)), [0]),
    "weighted_moments": lambda tf: tf.nn.weighted_moments(fed(tf, X), [0], [[1.0], [2.0], [0.0]]),
    "sufficient statistics": lambda tf: tf.nn.normalize_moments(
        *tf.nn.sufficient_statistics(fed(tf, X), [0, 1], shift=2.0)
    ),
    "sufficient statistics of unknown size": lambda tf: tf.nn.normalize_moments(
        *tf.nn.sufficient_statistics(fed(tf, X, [None, 4]), [0])
    ),
    "batch_normalization": lambda tf: tf.nn.batch_normalization(
        fed(tf, X), X.mean(0), X.var(0), X[0], X[1], 1e-3
    ),
    "batch_normalization without offset": lambda tf: tf.nn.batch_normalization(
        fed(tf, X), tf.constant(X.mean(0)), X.var(0), None, None, 1e-3, name="bn"
    ),
    "embedding_lookup": lambda tf: tf.nn.embedding_lookup(TABLE, [[1, 2], [6, 1]]),
    "embedding_lookup mod": lambda tf: tf.nn.embedding_lookup(
        list(THIRDS), fed(tf, np.int64([1, 6, 3, 1]), [None])
    ),
    "embedding_lookup div": lambda tf: tf.nn.embedding_lookup(
        [TABLE[:3], TABLE[3:5], TABLE[5:]], fed(tf, np.int32([1, 6, 3, 1])), "div"
    ),
    "embedding_lookup with a norm": lambda tf: tf.nn.embedding_lookup(
        TABLE, fed(tf, np.int32([1, 6])), max_norm=0.5
    ),
    "clip_by_value": lambda tf: tf.clip_by_value(fed(tf, X), -0.5, 0.5),
    "clip_by_norm": lambda tf: tf.clip_by_norm(fed(tf, X), 0.5),
    "clip_by_norm of rows": lambda tf: tf.clip_by_norm(fed(tf, X), 0.5, axes=[1], name="c"),
    "clip_by_average_norm": lambda tf: tf.clip_by_average_norm(fed(tf, X), 0.1),
    "global_norm": lambda tf: tf.global_norm([fed(tf, X), None, fed(tf, CUBE)]),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", sorted(GRAPHS))
def test_a_function_builds_the_graph_that_tensorflow_builds(name, tensorflow):
    assert_same_graph(tensorflow, GRAPHS[name])


# --- what 1.15 does otherwise than newer TensorFlow ----------------------------------------------


def node_names(make):
    with minitf.Graph().as_default() as graph:
        make(minitf)
    return [op.name for op in graph.get_operations()]


def test_dropout_builds_the_nodes_of_1_15():
    found = node_names(lambda tf: tf.nn.dropout(tf.placeholder(tf.float32, [None, 3]), 0.75))

    assert sorted(found) == sorted(
        [
            "Placeholder",
            "dropout/rate",
            "dropout/Shape",
            "dropout/random_uniform/min",
            "dropout/random_uniform/max",
            "dropout/random_uniform/RandomUniform",
            "dropout/random_uniform/sub",
            "dropout/random_uniform/mul",
            "dropout/random_uniform",
            "dropout/sub/x",
            "dropout/sub",
            "dropout/truediv/x",
            "dropout/truediv",
            "dropout/GreaterEqual",
            "dropout/mul",
            "dropout/Cast",
            "dropout/mul_1",
        ]
    )


def test_dropout_keeps_the_expected_sum_and_repeats_with_its_seed():
    tf = minitf
    x = np.ones((100, 100), np.float32)
    dropped = tf.nn.dropout(x, rate=0.25, seed=1, noise_shape=[100, 1])
    with tf.Session() as session:
        first = session.run(dropped)
    with tf.Session() as session:
        again = session.run(dropped)

    assert set(np.unique(first)) == {np.float32(0), np.float32(1 / 0.75)}
    assert (first == first[:, :1]).all()
    assert 0.6 < (first[:, 0] > 0).mean() < 0.9
    np.testing.assert_array_equal(first, again)


def test_dropout_of_nothing_is_the_tensor_itself():
    x = minitf.constant([1.0])

    assert minitf.nn.dropout(x, 1.0) is x
    assert minitf.nn.dropout(x, rate=0) is x


@pytest.mark.parametrize(
    ("keywords", "phrase"),
    [
        ({}, "You must provide a rate to dropout"),
        ({"rate": 1.0}, r"in the range \[0, 1\), got 1"),
        ({"rate": 0.5, "keep_prob": 0.5}, "Cannot specify both"),
    ],
)
def test_dropout_refuses_a_rate_that_is_none(keywords, phrase):
    with pytest.raises(ValueError, match=phrase):
        minitf.nn.dropout(minitf.constant([1.0]), **keywords)


@pytest.mark.parametrize(
    "function",
    [
        "softmax_cross_entropy_with_logits",
        "sparse_softmax_cross_entropy_with_logits",
        "sigmoid_cross_entropy_with_logits",
    ],
)
def test_labels_and_logits_are_never_mixed_up_by_position(function):
    with pytest.raises(ValueError, match=f"Only call `{function}` with named arguments"):
        getattr(minitf.nn, function)(X, SHARES, X)
    with pytest.raises(ValueError, match=f"Only call `{function}` with named arguments"):
        getattr(minitf.nn, function)(X, logits=X)
    with pytest.raises(ValueError, match="Both labels and logits must be provided"):
        getattr(minitf.nn, function)(logits=X)


@pytest.mark.parametrize(
    "function", ["softmax_cross_entropy_with_logits", "sigmoid_cross_entropy_with_logits"]
)
def test_two_arguments_by_position_are_logits_and_labels_as_in_the_papers(function):
    with pytest.warns(UserWarning, match="taken as \\(logits, labels\\)"):
        by_position = getattr(minitf.nn, function)(X, SHARES)
    named = getattr(minitf.nn, function)(labels=SHARES, logits=X)
    with minitf.Session() as session:
        values = session.run([by_position, named])

    assert np.array_equal(*values)


def test_labels_get_no_gradient_from_the_older_cross_entropy():
    tf = minitf
    labels, logits = tf.constant(SHARES), tf.constant(X)
    older = tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    newer = tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits)

    assert tf.gradients(older, [labels, logits])[0] is None
    assert None not in tf.gradients(newer, [labels, logits])


def test_shapes_that_do_not_fit_are_refused_while_the_graph_is_built():
    tf = minitf
    with pytest.raises(ValueError, match="Rank mismatch"):
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=SHARES, logits=X)
    with pytest.raises(ValueError, match="logits and labels must have the same shape"):
        tf.nn.sigmoid_cross_entropy_with_logits(labels=CUBE, logits=X)
    with pytest.raises(ValueError, match="padding must be a list/tuple of size 2"):
        tf.nn.conv2d(IMAGES, FILTER, 1, [1, 2, 3, 4])
    with pytest.raises(InvalidArgumentError, match="Depth of input"):
        tf.nn.conv2d(IMAGES, FILTER[:, :, :2], 1, "SAME")
    with pytest.raises(InvalidArgumentError, match=r"Dimension \(5\) must be in the range"):
        tf.nn.softmax(X, axis=5)


@pytest.mark.paper("W-27")
def test_the_gradient_of_a_lookup_names_its_rows_only():
    tf = minitf
    table = tf.Variable(TABLE)
    rows = tf.nn.embedding_lookup(table, [1, 6, 1])
    grad = tf.gradients(rows, table)[0]

    assert isinstance(grad, tf.IndexedSlices)
    with tf.Session() as session:
        session.run(table.initializer)
        assert session.run(grad).indices.tolist() == [1, 6, 1]


def test_the_fraction_of_zeros():
    with minitf.Session() as session:
        assert session.run(minitf.nn.zero_fraction([0, 1, 0, 5])) == 0.5


def test_clipping_by_the_common_norm_scales_all_by_one_factor():
    tf = minitf
    slices = tf.IndexedSlices(tf.constant([[3.0]]), tf.constant([2]))
    clipped, norm = tf.clip_by_global_norm([tf.constant([4.0]), None, slices], 1.0)
    with tf.Session() as session:
        dense, sparse, length = session.run([clipped[0], clipped[2], norm])

    assert clipped[1] is None
    np.testing.assert_allclose([*dense, *sparse.values.ravel(), length], [0.8, 0.6, 5], rtol=1e-6)


@pytest.mark.tensorflow
def test_swish_and_its_gradient_are_tensorflows(tensorflow):
    found = []
    for tf in (minitf, tensorflow):
        with tf.Graph().as_default(), tf.Session() as session:
            x = tf.constant(X)
            y = tf.nn.swish(x)
            found.append(session.run([y, *tf.gradients(y, x)]))

    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def test_an_average_loss_is_divided_by_the_size_of_the_batch():
    with minitf.Graph().as_default(), minitf.Session() as session:
        losses = minitf.constant([1.0, 3.0])
        average = minitf.nn.compute_average_loss

        assert session.run(average(losses)) == 2
        assert session.run(average(losses, sample_weight=[3.0, 1.0])) == 3
        assert session.run(average(losses, global_batch_size=8)) == 0.5
        assert session.run(minitf.nn.scale_regularization_loss(losses)) == 4
        with pytest.raises(ValueError, match="Expected a tensor with at least rank 1"):
            average(1.0)
