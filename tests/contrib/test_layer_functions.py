"""Layers of `tf.contrib.layers`: names of variables, what joins collections, what they give."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

layers = tf.contrib.layers


def run(tensor, feeds=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(tensor, feeds)


def test_variables_are_called_weights_and_biases_and_are_model_variables():
    x = tf.placeholder(tf.float32, [None, 9, 9, 2])
    y = layers.conv2d(x, 3, [3, 3], scope="first", weights_regularizer=layers.l2_regularizer(0.1))
    y = layers.conv2d(y, 3, 3, 2, "VALID")
    y = layers.fully_connected(layers.flatten(y), 5)
    y = layers.fully_connected(y, 5, activation_fn=None, scope="last")
    names = [each.op.name for each in tf.trainable_variables()]

    assert names == [
        *("first/weights", "first/biases", "Conv/weights", "Conv/biases"),
        *("fully_connected/weights", "fully_connected/biases", "last/weights", "last/biases"),
    ]
    assert tf.model_variables() == tf.global_variables() == tf.trainable_variables()
    assert y.op.name == "last/BiasAdd"
    assert [each.op.name for each in tf.losses.get_regularization_losses()] == [
        "first/kernel/Regularizer/l2_regularizer"
    ]


def test_a_layer_multiplies_adds_and_activates():
    x = tf.constant([[1.0, 2]])
    values = {"weights_initializer": tf.constant_initializer([[1, -1], [2, -2]])}
    y = layers.fully_connected(x, 2, biases_initializer=tf.ones_initializer(), **values)

    assert run(y).tolist() == [[6, 0]]


def test_a_normalizer_takes_the_place_of_biases():
    y = layers.fully_connected(
        tf.constant([[1.0, 2], [3, 5]]),
        2,
        activation_fn=None,
        normalizer_fn=tf.layers.batch_normalization,
        normalizer_params={"training": True},
    )

    np.testing.assert_allclose(run(y).mean(0), 0, atol=1e-5)
    assert "fully_connected/biases" not in {each.op.name for each in tf.global_variables()}
    assert "fully_connected/batch_normalization/gamma" in {
        each.op.name for each in tf.global_variables()
    }


def test_variables_and_outputs_join_collections():
    x = tf.ones([2, 3])
    wanted = {"weights": ["w"], "biases": ["b"]}
    y = layers.fully_connected(x, 2, variables_collections=wanted, outputs_collections="y")
    again = layers.fully_connected(x, 2, scope="fully_connected", reuse=True)

    assert [each.op.name for each in tf.get_collection("w")] == ["fully_connected/weights"]
    assert [each.op.name for each in tf.get_collection("b")] == ["fully_connected/biases"]
    assert tf.get_collection("y") == [y]
    assert np.array_equal(*run([y, again]))


@pytest.mark.parametrize("uniform", [True, False])
@pytest.mark.parametrize("mode", ["FAN_IN", "FAN_OUT", "FAN_AVG"])
def test_numbers_have_the_variance_that_is_asked_for(uniform, mode):
    n = {"FAN_IN": 30, "FAN_OUT": 60, "FAN_AVG": 45}[mode] * 4
    make = layers.variance_scaling_initializer(2.0, mode, uniform, seed=1)
    values = run(make([2, 2, 30, 60]))

    assert values.var() == pytest.approx(2 / n, rel=0.05)


def test_dropout_keeps_a_share_in_training_only():
    x = tf.ones([50, 4])
    kept, all_kept = run([layers.dropout(x, 0.25, seed=1), layers.dropout(x, is_training=False)])

    assert set(np.unique(kept)) == {0, 4}
    assert np.all(all_kept == 1)


def test_a_normalised_example_has_mean_0_and_variance_1():
    x = np.random.default_rng(0).normal(5, 3, size=(4, 6, 8)).astype(np.float32)
    whole = layers.layer_norm(tf.constant(x), variables_collections={"beta": "b"})
    cells = layers.layer_norm(
        tf.constant(x), False, False, begin_norm_axis=-1, activation_fn=tf.abs
    )
    got, of_cells = run([whole, cells])

    np.testing.assert_allclose([got.mean((1, 2)), got.var((1, 2)) - 1], 0, atol=1e-4)
    np.testing.assert_allclose((of_cells**2).mean(-1), 1, rtol=1e-3)
    assert [each.op.name for each in tf.model_variables()] == ["LayerNorm/beta", "LayerNorm/gamma"]
    assert [each.op.name for each in tf.get_collection("b")] == ["LayerNorm/beta"]
    assert tf.trainable_variables()[1].shape.as_list() == [8]


def test_a_layer_that_can_not_be_normalised_is_refused():
    with pytest.raises(ValueError, match="has undefined rank"):
        layers.layer_norm(tf.placeholder(tf.float32))
    with pytest.raises(ValueError, match="is not fully defined"):
        layers.layer_norm(tf.placeholder(tf.float32, [3, None]))
    with pytest.raises(ValueError, match=r"begin_norm_axis \(2\) must be < rank\(inputs\) \(2\)"):
        layers.layer_norm(tf.ones([2, 3]), begin_norm_axis=2)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="num_outputs type should be one of"):
        layers.fully_connected(tf.ones([2, 3]), 2.5)
    with pytest.raises(ValueError, match="Invalid data_format: 'NXC'"):
        layers.conv2d(tf.ones([2, 3, 3, 1]), 1, 1, data_format="NXC")
