"""tf.losses builds TensorFlow's graphs and computes its values; weights; collections; messages."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, fed

import minitf
from minitf.errors import InvalidArgumentError

RNG = np.random.default_rng(3)
X = RNG.standard_normal((3, 4), np.float32)
Y = RNG.standard_normal((3, 4), np.float32)
SHARES = np.abs(X) / np.abs(X).sum(1, keepdims=True)
ONES = np.float32([[0, 1, 1, 0], [1, 1, 0, 0], [0, 0, 0, 1]])
CLASSES = np.int64([0, 3, 1])
ROWS = np.float32([[1], [0], [2]])

GRAPHS = {
    "absolute_difference": lambda tf: tf.losses.absolute_difference(fed(tf, Y), fed(tf, X)),
    "absolute_difference of integers": lambda tf: tf.losses.absolute_difference(
        fed(tf, CLASSES), fed(tf, CLASSES[::-1].copy()), 2, scope="off"
    ),
    "cosine_distance": lambda tf: tf.losses.cosine_distance(fed(tf, Y), fed(tf, X), axis=1),
    "cosine_distance by dim": lambda tf: tf.losses.cosine_distance(
        fed(tf, Y), fed(tf, X), dim=0, weights=2.0
    ),
    "huber_loss": lambda tf: tf.losses.huber_loss(fed(tf, Y), fed(tf, X), delta=0.5),
    "log_loss": lambda tf: tf.losses.log_loss(fed(tf, ONES), fed(tf, SHARES), ROWS),
    "mean_squared_error": lambda tf: tf.losses.mean_squared_error(
        fed(tf, Y), fed(tf, X), fed(tf, ROWS)
    ),
    "pairwise": lambda tf: tf.losses.mean_pairwise_squared_error(fed(tf, Y), fed(tf, X)),
    "weighted pairwise": lambda tf: tf.losses.mean_pairwise_squared_error(
        fed(tf, Y), fed(tf, X), fed(tf, ROWS)
    ),
    "hinge_loss": lambda tf: tf.losses.hinge_loss(fed(tf, ONES), fed(tf, X), scope="hinge"),
    "sigmoid_cross_entropy": lambda tf: tf.losses.sigmoid_cross_entropy(
        fed(tf, np.int32(ONES)), fed(tf, X), label_smoothing=0.1
    ),
    "softmax_cross_entropy": lambda tf: tf.losses.softmax_cross_entropy(
        fed(tf, SHARES), fed(tf, X), weights=fed(tf, ROWS[:, 0])
    ),
    "smoothed softmax_cross_entropy": lambda tf: tf.losses.softmax_cross_entropy(
        fed(tf, SHARES), fed(tf, X.astype(np.float64)), label_smoothing=0.2
    ),
    "sparse_softmax_cross_entropy": lambda tf: tf.losses.sparse_softmax_cross_entropy(
        fed(tf, CLASSES), fed(tf, X)
    ),
    "sparse_softmax_cross_entropy of a column": lambda tf: tf.losses.sparse_softmax_cross_entropy(
        fed(tf, CLASSES[:, None]), fed(tf, X), weights=fed(tf, ROWS)
    ),
    "regularization_loss of none": lambda tf: tf.losses.get_regularization_loss(),
    **{
        f"reduction {name}": lambda tf, name=name: tf.losses.compute_weighted_loss(
            fed(tf, X), fed(tf, ROWS), reduction=getattr(tf.losses.Reduction, name)
        )
        for name in ("NONE", "SUM", "SUM_OVER_BATCH_SIZE", "MEAN", "SUM_OVER_NONZERO_WEIGHTS")
    },
    "total": lambda tf: [
        tf.losses.mean_squared_error(fed(tf, Y), fed(tf, X)),
        tf.losses.hinge_loss(fed(tf, ONES), fed(tf, X)),
        tf.losses.get_total_loss(name="all"),
    ],
}


@pytest.fixture
def as_1_15_sums(tensorflow, monkeypatch):
    """Let TensorFlow sum a scalar as 1.15 did: since 2.x it makes Rank and Range for it."""
    from tensorflow.python.ops import math_ops

    theirs = math_ops._ReductionDims

    def axes(x, axis):
        if axis is None and x.shape.rank == 0:
            return tensorflow.constant([], tensorflow.int32)
        return theirs(x, axis)

    monkeypatch.setattr(math_ops, "_ReductionDims", axes)


@pytest.mark.tensorflow
@pytest.mark.usefixtures("as_1_15_sums")
@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_the_graph_is_tensorflows(make, tensorflow):
    assert_same_graph(tensorflow, make)


# Where TensorFlow branches at run time, the nodes differ; the values do not.
UNKNOWN = {
    "weights of unknown size": (X, ROWS, [None, 4], [None, 1]),
    "weights of unknown rank": (X, ROWS, [None, 4], None),
    "scalar of unknown rank": (X, np.float32(3), [3, 4], None),
    "values of unknown rank": (X, X * 0 + 2, None, [3, 4]),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("values", "weights", "shape", "of_weights"), UNKNOWN.values(), ids=UNKNOWN
)
def test_weights_are_checked_at_run_time(values, weights, shape, of_weights, tensorflow):
    found = [weighted(tf, values, weights, shape, of_weights) for tf in (minitf, tensorflow)]

    assert found[0] == pytest.approx(found[1], rel=1e-6)


def weighted(tf, values, weights, shape, of_weights):
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, tf.TensorShape(shape))
        w = tf.placeholder(tf.float32, tf.TensorShape(of_weights))
        loss = tf.losses.compute_weighted_loss(x, w)
        return session.run(loss, {x: values, w: weights})


@pytest.mark.parametrize("weights", [np.ones((4,)), np.ones((3, 2)), np.ones((1, 3, 4))])
def test_weights_that_do_not_fit_fail_at_run_time(weights):
    with pytest.raises(InvalidArgumentError, match=r"weights can not be broadcast to values\."):
        weighted(minitf, X, weights, [None, 4], None)


@pytest.mark.parametrize("weights", [np.ones((4,)), np.ones((3, 2)), np.ones((1, 3, 4))])
def test_weights_that_are_known_not_to_fit_are_refused(weights):
    with pytest.raises(ValueError, match=r"weights can not be broadcast to values\."):
        minitf.losses.compute_weighted_loss(X, weights)


@pytest.mark.tensorflow
@pytest.mark.parametrize("labels", [CLASSES, CLASSES[:, None]], ids=["vector", "column"])
def test_ranks_are_brought_together_at_run_time(labels, tensorflow):
    def loss(tf):
        with tf.Graph().as_default(), tf.Session() as session:
            z = tf.placeholder(tf.int64)
            x = tf.placeholder(tf.float32)
            fitted = tf.losses.sparse_softmax_cross_entropy(z, x)
            return session.run(fitted, {z: labels, x: X})

    assert loss(minitf) == pytest.approx(loss(tensorflow), rel=1e-6)


def test_losses_gather_in_their_collections():
    with minitf.Graph().as_default():
        first = minitf.losses.mean_squared_error([1.0], [2.0], scope="a")
        minitf.losses.hinge_loss([1.0], [2.0], loss_collection="others")
        minitf.losses.hinge_loss([1.0], [2.0], loss_collection=None)
        extra = minitf.constant(1.0)
        minitf.losses.add_loss(extra)
        minitf.add_to_collection(minitf.GraphKeys.REGULARIZATION_LOSSES, minitf.constant(5.0))

        assert minitf.losses.get_losses() == [first, extra]
        assert minitf.losses.get_losses(scope="a/") == [first]
        assert len(minitf.losses.get_losses(loss_collection="others")) == 1
        with minitf.Session() as session:
            assert session.run(minitf.losses.get_total_loss()) == 7
            assert session.run(minitf.losses.get_total_loss(False)) == 2
            assert session.run(minitf.losses.get_regularization_loss()) == 5


def test_a_weight_of_zero_leaves_an_element_out_of_the_mean():
    with minitf.Graph().as_default(), minitf.Session() as session:
        loss = minitf.losses.absolute_difference([0.0, 0.0, 0.0], [1.0, 2.0, 30.0], [1.0, 3.0, 0.0])
        none = minitf.losses.absolute_difference([0.0], [1.0], 0.0)

        assert session.run(loss) == 3.5
        assert session.run(none) == 0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda tf: tf.losses.huber_loss(None, X), "labels must not be None"),
        (lambda tf: tf.losses.hinge_loss(ONES, None), "logits must not be None"),
        (lambda tf: tf.losses.softmax_cross_entropy(None, X), "onehot_labels must not be None"),
        (lambda tf: tf.losses.cosine_distance(X, X), "You must specify 'axis'"),
        (lambda tf: tf.losses.cosine_distance(X, X, 0, dim=1), "Cannot specify both 'dim' and"),
        (lambda tf: tf.losses.log_loss(X, X[:2]), "are incompatible"),
        (lambda tf: tf.losses.log_loss(X, X, reduction="all"), "Invalid Reduction Key all"),
    ],
)
def test_what_is_wrong_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make(minitf)
