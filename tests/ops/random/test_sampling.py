"""Shuffling, choosing, Poisson and gamma numbers: TensorFlow's, and what they must satisfy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_draws import assert_same, draw, our_draws, their_draws

import minitf as tf
from minitf.dtypes import as_dtype
from minitf.errors import InvalidArgumentError
from minitf.ops.random.gamma import random_gamma_grad_op

SEEDS = {"seed": 5, "seed2": 9}
MANY = 20_000  # samples of a statistical test; 5 standard errors are allowed


# --- RandomShuffle ---------------------------------------------------------------------------


@pytest.mark.tensorflow
@pytest.mark.parametrize("shape", [(), (0,), (1,), (2,), (10,), (1001,), (20, 3), (1, 5), (3, 0)])
def test_a_shuffle_is_tensorflows(shape, tensorflow):
    inputs = [np.arange(np.prod(shape)).reshape(shape)]
    ours = our_draws("RandomShuffle", inputs, SEEDS)

    assert_same(ours, their_draws(tensorflow, "RandomShuffle", inputs, SEEDS))


@given(rows=st.integers(0, 50), seed=st.integers(1, 2**31))
def test_a_shuffle_moves_whole_rows_and_loses_none(rows, seed):
    value = np.arange(rows * 3).reshape(rows, 3)
    made = draw("RandomShuffle", [value], {"seed": seed, "seed2": 0})

    np.testing.assert_array_equal(made[np.argsort(made[:, 0])], value)


@pytest.mark.thorough
def test_all_orders_are_equally_likely():
    context_free = [
        tuple(draw("RandomShuffle", [np.arange(3)], {"seed": 1, "seed2": i}).tolist())
        for i in range(6000)
    ]
    counts = [context_free.count(order) for order in set(context_free)]

    assert len(counts) == 6
    assert max(counts) - min(counts) < 10 * np.sqrt(1000)


# --- Multinomial -----------------------------------------------------------------------------


@pytest.mark.tensorflow
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("count", [0, 1, 5, 8])
def test_chosen_classes_are_tensorflows(dtype, count, tensorflow):
    logits = np.random.default_rng(0).standard_normal((4, 6)).astype(as_dtype(dtype).numpy)
    logits[0, 2], logits[1, 3] = -np.inf, np.inf
    attrs = {**SEEDS, "output_dtype": tf.int32}
    inputs = [logits, np.int32(count)]

    assert_same(
        our_draws("Multinomial", inputs, attrs),
        their_draws(tensorflow, "Multinomial", inputs, attrs),
    )


def test_classes_are_chosen_by_their_probabilities():
    weights = np.array([1.0, 2.0, 5.0])
    made = draw("Multinomial", [np.log(weights)[np.newaxis], np.int32(MANY)], SEEDS)
    counts = np.bincount(made[0], minlength=3)

    assert np.all(np.abs(counts - MANY * weights / 8) < 5 * np.sqrt(MANY / 4))


def test_a_class_of_probability_zero_is_never_chosen():
    made = draw("Multinomial", [[[-np.inf, 0.0, -np.inf]], np.int32(100)], SEEDS)

    assert set(made[0].tolist()) == {1}


@pytest.mark.parametrize(
    ("logits", "count", "message"),
    [
        (np.zeros((2, 0)), 1, "num_classes should be positive, got 0"),
        (np.zeros((2, 3)), -1, "num_samples should be non-negative, got -1"),
    ],
)
def test_nothing_to_choose_from_is_refused(logits, count, message):
    with pytest.raises(InvalidArgumentError, match=message):
        draw("Multinomial", [logits, np.int32(count)], SEEDS)


# --- RandomPoissonV2 -------------------------------------------------------------------------


@pytest.mark.tensorflow
@pytest.mark.parametrize("rate", ["float16", "float32", "float64", "int32", "int64"])
@pytest.mark.parametrize("dtype", ["float32", "int64"])
def test_poisson_numbers_are_tensorflows(rate, dtype, tensorflow):
    rates = np.array([0, 0.1, 0.5, 1, 1.5, 9.9, 10, 11, 30, 1000], rate)
    attrs = {**SEEDS, "dtype": as_dtype(dtype)}
    inputs = [np.array([500, 3]), rates]

    assert_same(
        our_draws("RandomPoissonV2", inputs, attrs),
        their_draws(tensorflow, "RandomPoissonV2", inputs, attrs),
    )


def test_the_older_op_draws_the_same_in_the_type_of_its_rates():
    inputs = [np.array([500]), np.float32([0.5, 20])]
    newer = draw("RandomPoissonV2", inputs, {**SEEDS, "dtype": tf.float32})

    np.testing.assert_array_equal(draw("RandomPoisson", inputs, SEEDS), newer)


@pytest.mark.parametrize("rate", [0.3, 4.0, 10.0, 200.0])
def test_poisson_numbers_have_mean_and_variance_equal_to_the_rate(rate):
    made = draw("RandomPoissonV2", [[MANY], rate], {**SEEDS, "dtype": tf.float64})

    assert abs(made.mean() - rate) < 5 * np.sqrt(rate / MANY)
    assert abs(made.var() - rate) < 5 * np.sqrt((rate + 2 * rate**2) / MANY)


# --- RandomGamma, RandomGammaGrad ------------------------------------------------------------


@pytest.mark.tensorflow
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_gamma_numbers_are_tensorflows_up_to_4_ulp(dtype, tensorflow):
    inputs = [np.array([500, 3]), np.array([[0.1, 0.5, 1], [1.5, 2, 30]], dtype)]
    ours = our_draws("RandomGamma", inputs, SEEDS)

    assert_same(ours, their_draws(tensorflow, "RandomGamma", inputs, SEEDS), ulps=4)


@pytest.mark.parametrize("alpha", [0.2, 1.0, 3.0, 50.0])
def test_gamma_numbers_have_mean_and_variance_equal_to_alpha(alpha):
    made = draw("RandomGamma", [[MANY], alpha], SEEDS)

    assert abs(made.mean() - alpha) < 5 * np.sqrt(alpha / MANY)
    assert abs(made.var() - alpha) < 5 * np.sqrt((6 * alpha + 2 * alpha**2) / MANY)


@pytest.mark.parametrize("alpha", [0.2, 1.0, 3.0, 50.0])
def test_samples_move_with_alpha_as_their_mean_does(alpha):
    samples = draw("RandomGamma", [[MANY], alpha], SEEDS)
    slopes = random_gamma_grad_op.body(np.array(alpha), samples)

    # the mean of the samples is alpha, so the mean of their slopes is 1
    assert abs(slopes.mean() - 1) < 5 * slopes.std() / np.sqrt(MANY)


@given(alpha=st.floats(0.01, 1000))
def test_series_and_integral_meet(alpha):
    place = alpha + 1
    around = np.array([np.nextafter(place, 0), place])
    below, above = random_gamma_grad_op.body(np.full(2, alpha), around)

    assert abs(below - above) < 1e-12 * above


def test_small_samples_move_as_a_power_of_their_rank():
    # P(alpha, x) = x^alpha / gamma(alpha + 1) near 0, so dx / d alpha = -x ln(x) for alpha = 1
    # up to the derivative of ln gamma at 2, which is 1 - 0.5772...
    x = 1e-9

    assert random_gamma_grad_op.body(np.array(1.0), np.array(x)) == pytest.approx(
        x * (1 - np.euler_gamma - np.log(x)), rel=1e-8
    )
