"""Normal numbers between bounds: TensorFlow's, and what they must satisfy."""

import math

import numpy as np
import pytest
from random_draws import draw, our_draws, their_draws

from minitf.errors import InvalidArgumentError

NAME = "ParameterizedTruncatedNormal"
SEEDS = {"seed": 5, "seed2": 9}
MANY = 20_000  # samples of a statistical test; 5 standard errors are allowed
# shape, mean, deviation, bounds: each of the three ways to draw, turned round, mixed
CALLS = {
    "normal": ([50], 0, 1, -2, 2),
    "normal, scaled": ([3, 5, 2], 5, 0.1, 4.8, 6),
    "uniform": ([50], 0, 1, -0.5, 0.5),
    "uniform, far out": ([50], 0, 1, 3, 3.1),
    "exponential": ([50], 0, 1, 3, 9),
    "exponential, turned round": ([10], 0, 1, -9, -2),
    "one-sided": ([50], 1, 2, -np.inf, 0),
    "rows of their own": (
        [7, 30],
        [0.0] * 7,
        [1.0] * 7,
        [-2, -0.5, 3, -9, -1e3, 0, 1],
        [2, 0.5, 9, -3, 5, np.inf, 2],
    ),
    "some parameters shared": ([3, 4], [0.0, 1, 2], 1, -1, [1.0, 2, 3]),
    "nothing": ([0, 3], 0, 1, -1, 1),
}


def inputs(call, dtype):
    shape, *parameters = call
    return [np.array(shape, np.int32), *(np.asarray(each, dtype) for each in parameters)]


@pytest.mark.tensorflow
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_the_numbers_are_tensorflows_up_to_8_ulp_of_the_greatest(call, dtype, tensorflow):
    ours = our_draws(NAME, inputs(call, dtype), SEEDS)
    theirs = their_draws(tensorflow, NAME, inputs(call, dtype), SEEDS)

    # a number near 0 is a difference of the mean and a multiple of the deviation
    for one, other in zip(ours, theirs, strict=True):
        size = max(1, np.abs(other).max(initial=0))
        np.testing.assert_allclose(one, other, rtol=0, atol=8 * np.finfo(dtype).eps * size)


@pytest.mark.parametrize(
    ("low", "high"), [(-2, 2), (-0.5, 0.5), (3, 3.1), (2, 9), (-9, -3), (0.5, np.inf)]
)
def test_numbers_lie_between_the_bounds_with_the_mean_of_their_distribution(low, high):
    made = draw(NAME, inputs(([MANY], 0, 1, low, high), "float64"), SEEDS)
    density = [math.exp(-x * x / 2) / math.sqrt(2 * math.pi) for x in (low, high)]
    share = (math.erf(high / math.sqrt(2)) - math.erf(low / math.sqrt(2))) / 2

    assert made.min() >= low
    assert made.max() <= high
    mean = (density[0] - density[1]) / share
    assert abs(made.mean() - mean) < 5 * made.std() / math.sqrt(MANY)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (([2], 0, 1, 1, 1), "Invalid parameters"),
        (([2], 0, -1, 0, 1), "Invalid parameters"),
        (([2], 0, 1, -np.inf, np.inf), "Invalid parameters"),
        (([2], [0.0, 0, 0], 1, 0, 1), r"Input means should have length 1 or shape\[0\]"),
        (([2], 0, [[1.0]], 0, 1), "Input stdevs should be a scalar or vector"),
        (([], 0, 1, 0, 1), "Shape tensor must not be empty"),
    ],
)
def test_wrong_parameters_are_refused(call, message):
    with pytest.raises(InvalidArgumentError, match=message):
        draw(NAME, inputs(call, "float64"), SEEDS)
