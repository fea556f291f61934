"""Dense layers, dropout, flatten."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import minitf as tf


def run(tensor, feeds=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(tensor, feeds)


def constant(value):
    return tf.constant_initializer(value)


# --- dense ---------------------------------------------------------------------------------------


def test_a_dense_layer_multiplies_adds_and_activates():
    y = tf.layers.dense(
        tf.constant([[1.0, 2]]),
        2,
        tf.nn.relu,
        kernel_initializer=constant([[1, -1], [2, -2]]),
        bias_initializer=constant([0.5, 1]),
    )

    assert run(y).tolist() == [[5.5, 0]]


def test_a_dense_layer_of_more_axes_is_that_of_each_row():
    x = np.random.default_rng(0).normal(size=(2, 3, 4)).astype(np.float32)
    layer = tf.layers.Dense(5)
    cube, rows = layer(tf.constant(x)), layer(tf.constant(x.reshape(6, 4)))
    got, want = run([cube, rows])

    np.testing.assert_allclose(got.reshape(6, 5), want, rtol=1e-5)
    assert layer.compute_output_shape([None, 7, 4]).as_list() == [None, 7, 5]


def test_a_dense_layer_of_a_sparse_matrix_is_that_of_the_matrix():
    sparse = tf.SparseTensor([[0, 1], [2, 0]], [3.0, 4.0], [3, 4])
    layer = tf.layers.Dense(2)
    got, want = run([layer(sparse), layer(tf.sparse.to_dense(sparse))])

    np.testing.assert_allclose(got, want, rtol=1e-6)


@pytest.mark.parametrize(
    "name",
    [
        *("elu", "exponential", "hard_sigmoid", "linear", "relu", "selu", "sigmoid", "softmax"),
        *("softplus", "softsign", "tanh"),
    ],
)
def test_activations_have_names(name):
    functions = {
        "exponential": tf.exp,
        "hard_sigmoid": lambda x: tf.clip_by_value(0.2 * x + 0.5, 0, 1),
        "linear": tf.identity,
        "sigmoid": tf.sigmoid,
        "tanh": tf.tanh,
    }
    x = tf.constant([[-3.0, 0.5, 2]])
    named = tf.layers.dense(x, 3, name, kernel_initializer="identity")
    want = (functions.get(name) or getattr(tf.nn, name))(x)

    np.testing.assert_allclose(*run([named, want]), rtol=1e-6)


def test_names_that_mean_nothing_are_refused():
    with pytest.raises(ValueError, match="Unknown activation function:rely"):
        tf.layers.Dense(1, "rely")
    with pytest.raises(TypeError, match="Could not interpret activation function identifier: 3"):
        tf.layers.Dense(1, 3)
    with pytest.raises(ValueError, match="Unknown initializer: one hot"):
        tf.layers.Dense(1, kernel_initializer="one hot")


def test_a_dense_layer_must_know_its_depth_and_be_of_floats():
    with pytest.raises(ValueError, match=r"should be defined. Found `None`"):
        tf.layers.dense(tf.placeholder(tf.float32, [3, None]), 2)
    with pytest.raises(ValueError, match="expected min_ndim=2, found ndim=1"):
        tf.layers.dense(tf.constant([1.0]), 2)
    with pytest.raises(TypeError, match="non-floating point dtype"):
        tf.layers.dense(tf.constant([[1]]), 2)
    with pytest.raises(ValueError, match="innermost dimension of input_shape must be defined"):
        tf.layers.Dense(2).compute_output_shape([3, None])


def test_constraints_join_the_variables():
    layer = tf.layers.Dense(2, kernel_constraint=tf.abs, bias_constraint=tf.sign)
    layer(tf.constant([[1.0]]))

    assert (layer.kernel.constraint, layer.bias.constraint) == (tf.abs, tf.sign)


def test_a_network_of_layers_learns_exclusive_or():
    tf.set_random_seed(2)
    x = tf.constant([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    hidden = tf.layers.dense(x, 8, "tanh")
    y = tf.layers.dense(hidden, 1)
    loss = tf.losses.mean_squared_error([[0.0], [1], [1], [0]], y)
    step = tf.train.AdamOptimizer(0.1).minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(100):
            session.run(step)
        assert np.round(session.run(y)).ravel().tolist() == [0, 1, 1, 0]


# --- dropout -------------------------------------------------------------------------------------


def test_dropout_does_nothing_outside_training():
    x, training = tf.constant([[1.0, 2]]), tf.placeholder(tf.bool)
    layers = tf.layers.dropout(x, 0.9), tf.layers.dropout(x, 0.9, training=training)

    for value in run(layers, {training: False}):
        assert value.tolist() == [[1, 2]]


def test_where_nothing_says_whether_it_is_training_the_learning_phase_does():
    x = tf.random_normal([50, 4], seed=1)
    phase = tf.keras.backend.learning_phase()
    dropped = tf.layers.dropout(x, 0.75, training=None)
    normal = tf.layers.batch_normalization(x, training=None)
    for is_training in (False, True):
        given, kept, made = run([x, dropped, normal], {phase: is_training})
        batch_is_normal = bool(np.all(np.abs(made.mean(0)) < 1e-5))

        assert bool((kept == 0).any()) is is_training
        assert batch_is_normal is is_training
        assert is_training or (kept == given).all()

    assert not (run(dropped) == 0).any()


@pytest.mark.parametrize("training", [True, 1, "fed"])
def test_dropout_in_training_is_that_of_the_function(training):
    switch = tf.placeholder(tf.bool)
    on = switch if training == "fed" else training
    y = tf.layers.dropout(tf.ones([50, 4]), 0.75, seed=3, training=on)
    kept = run(y, {switch: True})

    assert set(np.unique(kept)) == {0, 4}
    assert 20 < np.count_nonzero(kept) < 80


def test_the_choices_of_dropout_may_have_a_shape_of_their_own():
    x = tf.placeholder(tf.float32, [None, 100])
    y = tf.layers.dropout(x, 0.5, noise_shape=[None, 1], training=True)
    kept = run(y, {x: np.ones((40, 100))})

    assert all(len(set(row)) == 1 for row in kept.tolist())
    assert 0 < np.count_nonzero(kept) < 4000


def test_a_switch_of_dropout_is_a_predicate():
    with pytest.raises(TypeError, match="`pred` must be a Tensor, or a Python bool, or 1 or 0"):
        tf.layers.dropout(tf.ones([3, 4]), training=2)


# --- flatten -------------------------------------------------------------------------------------


def test_flatten_keeps_the_batch_and_the_order():
    x = np.arange(24.0).reshape(2, 3, 2, 2)
    fed = tf.placeholder(tf.float64, [None, 3, 2, 2])
    last, first = tf.layers.flatten(fed), tf.layers.flatten(fed, data_format="channels_first")
    got = run([last, first], {fed: x})

    assert got[0].tolist() == x.reshape(2, 12).tolist()
    assert got[1].tolist() == np.moveaxis(x, 1, -1).reshape(2, 12).tolist()
    assert last.shape.as_list() == first.shape.as_list() == [None, 12]


def test_flatten_of_an_unknown_size_is_of_an_unknown_size():
    x = tf.placeholder(tf.float32, [5, None, 3])

    assert tf.layers.flatten(x).shape.as_list() == [5, None]


def test_flattening_a_number_per_row_gives_a_column():
    assert tf.layers.flatten(tf.constant([1.0, 2.0, 3.0])).shape.as_list() == [3, 1]
    with pytest.raises(ValueError, match="expected min_ndim=1, found ndim=0"):
        tf.layers.flatten(tf.constant(1.0))


# --- functions -----------------------------------------------------------------------------------

PAIRS = {
    "batch_normalization": tf.layers.BatchNormalization,
    "conv1d": tf.layers.Conv1D,
    "conv2d": tf.layers.Conv2D,
    "conv2d_transpose": tf.layers.Conv2DTranspose,
    "conv3d": tf.layers.Conv3D,
    "conv3d_transpose": tf.layers.Conv3DTranspose,
    "dense": tf.layers.Dense,
    "separable_conv1d": tf.layers.SeparableConv1D,
    "separable_conv2d": tf.layers.SeparableConv2D,
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_function_has_the_arguments_of_its_class_with_their_defaults(name):
    def defaults(function):
        found = inspect.signature(function).parameters.values()
        return {
            each.name: each.default for each in found if each.kind is each.POSITIONAL_OR_KEYWORD
        }

    own = defaults(getattr(tf.layers, name))
    of_class = defaults(PAIRS[name].__init__)
    del of_class["self"]

    assert {key: own[key] for key in of_class} == of_class
    assert set(own) - set(of_class) <= {"inputs", "reuse", "training"}
