"""Initializers: numbers and graphs as TensorFlow's, configurations, what they refuse."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from variables.scenarios import outcome

import minitf as tf
from minitf.variables.initializers import fans

DETERMINISTIC = {
    "zeros": lambda lib: lib.zeros_initializer(),
    "ones": lambda lib: lib.ones_initializer(lib.float64),
    "scalar": lambda lib: lib.constant_initializer(3.0),
    "list": lambda lib: lib.constant_initializer([1.0, 2.0, 3.0, 4.0]),
    "identity": lambda lib: lib.initializers.identity(2.0),
}
RANDOM = {
    "uniform": lambda lib: lib.random_uniform_initializer(-1, 3, seed=1),
    "normal": lambda lib: lib.random_normal_initializer(1.0, 0.5, seed=2),
    "truncated": lambda lib: lib.truncated_normal_initializer(1.0, 0.5, seed=3),
    "unit_scaling": lambda lib: lib.uniform_unit_scaling_initializer(1.5, seed=4),
    "glorot_uniform": lambda lib: lib.glorot_uniform_initializer(seed=5),
    "glorot_normal": lambda lib: lib.glorot_normal_initializer(seed=6),
    "he_normal": lambda lib: lib.initializers.he_normal(seed=7),
    "he_uniform": lambda lib: lib.initializers.he_uniform(seed=8),
    "lecun_normal": lambda lib: lib.initializers.lecun_normal(seed=9),
    "lecun_uniform": lambda lib: lib.initializers.lecun_uniform(seed=10),
    "variance_scaling": lambda lib: lib.variance_scaling_initializer(
        2.0, "fan_out", "untruncated_normal", seed=11
    ),
    "orthogonal": lambda lib: lib.orthogonal_initializer(2.0, seed=12),
}
ALL = {**DETERMINISTIC, **RANDOM}


def value(lib, initializer, shape, **options):
    with lib.Graph().as_default(), lib.Session() as session:
        return session.run(initializer(lib)(shape, **options))


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", ALL)
def test_an_initializer_gives_the_numbers_of_tensorflow(name, tensorflow):
    ours, theirs = (value(lib, ALL[name], [2, 2]) for lib in (tf, tensorflow))

    assert ours.dtype == theirs.dtype
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", ALL)
def test_an_initializer_is_rebuilt_from_its_configuration(name):
    made = ALL[name](tf)
    config = made.get_config()
    again = type(made).from_config(config)

    assert again.get_config() == config
    np.testing.assert_array_equal(
        value(tf, lambda _: made, [2, 2]), value(tf, lambda _: again, [2, 2])
    )


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", ALL)
def test_a_configuration_is_tensorflows(name, tensorflow):
    assert ALL[name](tf).get_config() == ALL[name](tensorflow).get_config()


@pytest.mark.parametrize("mode", ["fan_in", "fan_out", "fan_avg"])
@pytest.mark.parametrize(
    "distribution", ["normal", "truncated_normal", "untruncated_normal", "uniform"]
)
def test_variance_scaling_gives_the_variance(mode, distribution):
    initializer = tf.variance_scaling_initializer(3.0, mode, distribution, seed=1)
    with tf.Session() as session:
        numbers = session.run(initializer([50, 200]))
    count = {"fan_in": 50, "fan_out": 200, "fan_avg": 125}[mode]

    # 10,000 numbers: the standard error of a variance is below 2 % of it for these distributions
    assert np.var(numbers) == pytest.approx(3 / count, rel=0.1)
    assert abs(np.mean(numbers)) < 5 * math.sqrt(3 / count / numbers.size)


@given(shape=st.lists(st.integers(1, 5), max_size=5))
def test_fans_count_what_flows_in_and_out(shape):
    fan_in, fan_out = fans(shape)
    size = math.prod(shape)

    if len(shape) > 1:
        assert (fan_in, fan_out) == (size // shape[-1], size // shape[-2])
    else:
        assert fan_in == fan_out == size


def test_an_argument_type_wins_over_the_initializers():
    assert tf.zeros_initializer(tf.int32)([2], tf.float64).dtype == tf.float64
    assert tf.constant_initializer(1)([2], dtype=tf.int64).dtype == tf.int64


REFUSED = {
    "Expected floating point type, got": lambda lib: lib.truncated_normal_initializer(
        dtype=lib.int32
    ),
    "`scale` must be positive float": lambda lib: lib.variance_scaling_initializer(0.0),
    "Invalid `mode` argument": lambda lib: lib.variance_scaling_initializer(mode="fan"),
    "Invalid `distribution` argument": lambda lib: lib.variance_scaling_initializer(
        distribution="flat"
    ),
    "Invalid type for initial value": lambda lib: lib.constant_initializer({}),
    "Identity matrix initializer can only be used for 2D": lambda lib: lib.initializers.identity()(
        [2]
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("words", REFUSED)
def test_initializers_refuse_what_tensorflow_refuses(words, tensorflow):
    kind, message = outcome(tf, REFUSED[words])

    assert message.startswith(words)  # the words of 1.15: later releases have others
    assert kind is outcome(tensorflow, REFUSED[words])[0]


def test_a_constant_of_the_wrong_shape_is_refused_if_asked_to():
    with pytest.raises(TypeError, match=r"Expected Tensor's shape: \(3,\), got \(2,\)"):
        tf.constant_initializer([1.0, 2.0], verify_shape=True)([3])


@pytest.mark.parametrize("name", ["unit_scaling", "glorot_uniform", "identity"])
def test_a_part_of_a_variable_is_initialised_as_a_part_of_the_whole(name):
    initializer = ALL[name](tf)
    with tf.variable_scope("a", partitioner=tf.fixed_size_partitioner(2)):
        parts = tf.get_variable("w", [4, 4], initializer=initializer)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        got = session.run(parts.as_tensor())

    if name == "identity":
        np.testing.assert_array_equal(got, 2 * np.eye(4))
    else:
        bound = 1.5 * math.sqrt(3 / 4) if name == "unit_scaling" else math.sqrt(3 / 4)
        assert np.abs(got).max() <= bound
