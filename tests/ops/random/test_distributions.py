"""Uniform, normal and truncated numbers: TensorFlow's, and what a distribution must satisfy."""

import ml_dtypes
import numpy as np
import pytest
from random_draws import assert_same, draw, our_draws, their_draws

import minitf as tf
from minitf.dtypes import as_dtype
from minitf.errors import InvalidArgumentError

FLOATS = ["float16", "bfloat16", "float32", "float64"]
# scalars, parts of a block, several thousand blocks, enough for TensorFlow to split between threads
SHAPES = [[], [0], [1], [3], [7, 5], [4, 0, 2], [1001], [300, 300]]
SEEDS = [(5, 9), (87654321, 1), (0, 3), (-7, 2**62 + 1)]
LARGE = 100_000  # elements of a statistical test; 5 standard errors are allowed


def attrs(dtype=None, seeds=(5, 9)):
    given = {"seed": seeds[0], "seed2": seeds[1]}
    return given if dtype is None else {"dtype": as_dtype(dtype), **given}


@pytest.mark.tensorflow
@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("shape", SHAPES)
def test_uniform_numbers_are_tensorflows_bit_for_bit(dtype, shape, tensorflow):
    shape = np.array(shape, np.int32)
    for seeds in SEEDS:
        ours = our_draws("RandomUniform", [shape], attrs(dtype, seeds))

        assert_same(ours, their_draws(tensorflow, "RandomUniform", [shape], attrs(dtype, seeds)))


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", ["RandomStandardNormal", "TruncatedNormal"])
@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("shape", SHAPES)
def test_normal_numbers_are_tensorflows_up_to_4_ulp(name, dtype, shape, tensorflow):
    shape = np.array(shape, np.int64)
    ours = our_draws(name, [shape], attrs(dtype))

    assert_same(ours, their_draws(tensorflow, name, [shape], attrs(dtype)), ulps=4)


@pytest.mark.tensorflow
@pytest.mark.parametrize("kind", [np.int32, np.int64])
@pytest.mark.parametrize("shape", SHAPES)
def test_uniform_integers_are_tensorflows_bit_for_bit(kind, shape, tensorflow):
    least, most = np.iinfo(kind).min, np.iinfo(kind).max
    for low, high in [(0, 10), (-5, 7), (3, 4), (least, most), (most - 1, most)]:
        inputs = [np.array(shape, np.int32), kind(low), kind(high)]
        ours = our_draws("RandomUniformInt", inputs, attrs())

        assert_same(ours, their_draws(tensorflow, "RandomUniformInt", inputs, attrs()))


def test_numbers_are_those_that_tensorflow_is_known_to_draw():
    made = draw("RandomStandardNormal", [[3]], attrs("float32", (87654321, 1)))

    np.testing.assert_allclose(made, [-0.8113182, 1.4845988, 0.06532937], rtol=1e-6)


@pytest.mark.parametrize("dtype", FLOATS)
def test_uniform_numbers_lie_in_zero_to_one_and_are_even(dtype):
    made = draw("RandomUniform", [[LARGE]], attrs(dtype)).astype(np.float64)
    counts = np.histogram(made, 16, (0, 1))[0]

    assert made.min() >= 0
    assert made.max() < 1
    assert np.all(np.abs(counts - LARGE / 16) < 5 * np.sqrt(LARGE / 16))


@pytest.mark.parametrize(
    ("name", "variance"), [("RandomStandardNormal", 1), ("TruncatedNormal", 0.7737)]
)
def test_normal_numbers_have_the_mean_and_variance_of_their_distribution(name, variance):
    made = draw(name, [[LARGE]], attrs("float64"))

    assert abs(made.mean()) < 5 / np.sqrt(LARGE)
    assert abs(made.var() - variance) < 5 * np.sqrt(2 / LARGE)


@pytest.mark.parametrize("dtype", FLOATS)
def test_truncated_numbers_stay_inside_two_deviations(dtype):
    made = draw("TruncatedNormal", [[LARGE]], attrs(dtype)).astype(np.float64)

    assert np.abs(made).max() <= 2


def test_neighbouring_numbers_are_independent():
    made = draw("RandomStandardNormal", [[LARGE]], attrs("float64"))
    correlations = [np.mean(made[lag:] * made[:-lag]) for lag in (1, 2, 3, 4)]

    assert np.all(np.abs(correlations) < 5 / np.sqrt(LARGE))


def test_the_shape_only_arranges_the_numbers():
    flat = draw("RandomUniform", [[24]], attrs("float32"))

    np.testing.assert_array_equal(
        draw("RandomUniform", [[2, 3, 4]], attrs("float32")), flat.reshape(2, 3, 4)
    )


def test_the_output_has_the_type_asked_for():
    assert draw("RandomStandardNormal", [[2]], attrs("bfloat16")).dtype == ml_dtypes.bfloat16


def test_an_empty_range_of_integers_is_refused():
    with pytest.raises(InvalidArgumentError, match=r"Need minval < maxval, got 3 >= 3"):
        draw("RandomUniformInt", [[2], np.int32(3), np.int32(3)], attrs())


def test_a_negative_size_is_refused():
    with pytest.raises(InvalidArgumentError, match="Dimension -1 must be >= 0"):
        draw("RandomUniform", [[2, -1]], attrs("float32"))


def test_the_static_shape_is_the_value_of_the_shape():
    assert tf.random_uniform([2, 3]).shape.as_list() == [2, 3]
    assert tf.random_uniform([2], 0, 5, tf.int32).shape.as_list() == [2]
    assert tf.random_normal(tf.placeholder(tf.int32, [2])).shape.as_list() == [None, None]
    assert tf.truncated_normal(tf.placeholder(tf.int32)).shape.ndims is None


def test_bounds_of_integers_are_scalars():
    with pytest.raises(ValueError, match="must be rank 0 but is rank 1"):
        tf.random_uniform([2], [0, 1], 5, tf.int32)
