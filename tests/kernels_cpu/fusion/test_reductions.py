"""Reductions in fused loops: exact where sums are, else within a bound; with any thread count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernels_cpu.fusion.whole import Trial, assert_equal_bits, assert_same_bits

import minitf as tf
from minitf import ops
from minitf.kernels_cpu import threads
from minitf.kernels_cpu.fusion.words import BLOCK

RNG = np.random.default_rng(0)
EPS = np.finfo(np.float32).eps


def whole_numbers(*shape, dtype=np.float32):
    return RNG.integers(-4, 5, shape).astype(dtype)


REDUCTIONS = [tf.reduce_sum, tf.reduce_max, tf.reduce_min, tf.reduce_prod]
AXES = {
    "columns": ((40, 70), (1,)),
    "rows": ((700, 40), (0,)),
    "all": ((40, 70), (0, 1)),
    "vector": ((2000,), (0,)),
    "middle": ((5, 40, 7), (1,)),
    "outer": ((5, 6, 7), (0, 2)),
    "inner two": ((5, 6, 7), (1, 2)),
    "none": ((5, 6), ()),
    "of size 1": ((5, 1, 6), (1,)),
}


IN_SHORT = ("columns", "rows", "all", "outer")
ALL_AXES = [pytest.param(n, marks=[] if n in IN_SHORT else [pytest.mark.thorough]) for n in AXES]


@pytest.mark.parametrize("name", ALL_AXES)
def test_sums_of_whole_numbers_are_exact_over_any_axes(name):
    shape, axes = AXES[name]

    def build(x):
        kept = tf.reduce_max(x, axes, keepdims=True)
        return tf.reduce_sum(x * 2.0, axes), kept, x - kept

    assert_same_bits(Trial(build, [whole_numbers(*shape)]))


@pytest.mark.thorough
@pytest.mark.parametrize("dtype", ["int8", "uint8", "int32", "int64", "uint64", "float64"])
def test_every_type_is_reduced_and_integers_wrap(dtype):
    limits = (-1, 2) if dtype.startswith("float") else (0, 100)
    x = RNG.integers(*limits, (40, 70)).astype(dtype)

    def build(x):
        return [f(x + x, axis) for f in REDUCTIONS for axis in (0, 1, None)]

    assert_same_bits(Trial(build, [x]))


@pytest.mark.thorough
def test_all_and_any():
    def build(x):
        alls = [tf.reduce_all(x > 0, axis) for axis in (0, 1, None)]
        return [*alls, *(tf.reduce_any(tf.equal(x, 49), axis) for axis in (0, 1, None))]

    assert_same_bits(Trial(build, [RNG.integers(0, 50, (40, 70))]))


def extremes(x):
    return [f(x, axis) for f in (tf.reduce_max, tf.reduce_min) for axis in (0, 1)]


@pytest.mark.parametrize(
    "dtype", [np.float32, pytest.param(np.float64, marks=pytest.mark.thorough)]
)
def test_one_nan_makes_an_extreme_nan_and_infinities_are_extremes(dtype):
    for place in (0, 17, 63):
        for sign in (1, -1):
            x = RNG.standard_normal((4, 64)).astype(dtype)
            x[0, place] = np.copysign(np.nan, sign)
            x[1, place] = sign * np.inf
            x[2] = -np.inf
            x[3] = [-0.0, 0.0] * 32
            for got, want in Trial(extremes, [x]).both():
                np.testing.assert_array_equal(got, want)  # either zero will do


# --- rounding -------------------------------------------------------------------------------------


def exact_sum(x, axes):
    return x.astype(np.longdouble).sum(axes)


@pytest.mark.parametrize("shape", [(200_000, 3), (3, 200_000), (1_000_000,)])
@pytest.mark.parametrize("axis", [0, -1])
def test_a_sum_rounds_as_often_as_a_block_is_long_however_many_are_added(shape, axis):
    x = RNG.uniform(0.5, 1, shape).astype(np.float32)
    ((got, _),) = Trial(lambda x: tf.reduce_sum(x, axis), [x]).both()

    exact = exact_sum(x, axis)
    # BLOCK - 1 additions of float32s, then of float64s, and one rounding of the result
    bound = (BLOCK * EPS + x.shape[axis] * np.finfo(np.float64).eps) * exact
    assert np.all(abs(got - exact) <= bound)
    assert np.all(abs(got - exact) <= 8 * EPS * exact)  # and seldom in the same direction


def test_means_norms_and_losses_are_within_the_bound_of_their_sums():
    x = RNG.standard_normal((50, 300)).astype(np.float32)

    def build(x):
        norms = [ops.euclidean_norm_op(x, [axis]) for axis in (0, 1)]
        return [tf.reduce_mean(x, 0), tf.reduce_mean(x, 1), *norms, tf.nn.l2_loss(x)]

    for got, want in Trial(build, [x]).both():
        np.testing.assert_allclose(got, want, rtol=0, atol=BLOCK * EPS * np.abs(want).max())


# --- rows in the cache ----------------------------------------------------------------------------


def rows_of_scores(n=37, c=211):
    return (RNG.standard_normal((n, c)) * 5).astype(np.float32)


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [
        ((37, 211), np.float32),
        pytest.param((3, 5, 10), np.float64, marks=pytest.mark.thorough),
        pytest.param((20,), np.float32, marks=pytest.mark.thorough),
    ],
)
def test_softmax_and_its_logarithm(shape, dtype):
    x = (RNG.standard_normal(shape) * 5).astype(dtype)
    trial = Trial(lambda x: (tf.nn.softmax(x), tf.nn.log_softmax(x)), [x])
    eps = np.finfo(dtype).eps

    for got, want in trial.both():
        np.testing.assert_allclose(got, want, rtol=64 * eps, atol=32 * eps)


def test_softmax_keeps_infinities_and_nan():
    x = rows_of_scores(4, 20)
    x[0, 3], x[1, 4], x[2, 5] = -np.inf, np.inf, np.nan
    ((got, want),) = Trial(tf.nn.softmax, [x]).both()

    np.testing.assert_array_equal(np.isnan(got), np.isnan(want))
    assert got[0, 3] == 0


ROWS = rows_of_scores()


def cross_entropies(scores, shares, labels):
    dense = tf.nn.softmax_cross_entropy_with_logits_v2(labels=shares, logits=scores)
    sparse = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=scores)
    return [dense, sparse, *tf.gradients([dense, sparse], [scores])]


@pytest.mark.parametrize("labels", [np.int32, pytest.param(np.int64, marks=pytest.mark.thorough)])
def test_cross_entropies_and_their_gradients(labels):
    scores = rows_of_scores()
    shares = RNG.dirichlet(np.ones(211), 37).astype(np.float32)
    numbers = RNG.integers(0, 211, 37).astype(labels)

    for got, want in Trial(cross_entropies, [scores, shares, numbers]).both():
        np.testing.assert_allclose(got, want, rtol=64 * EPS, atol=32 * EPS)


@pytest.mark.parametrize("bad", [-1, 211])
def test_a_label_out_of_range_is_the_operations_error(bad):
    numbers = RNG.integers(0, 211, 37)
    numbers[30] = bad

    def build(x, labels):
        return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=x) * 2.0

    trial = Trial(build, [rows_of_scores(), numbers])

    assert trial.is_compiled()
    with pytest.raises(tf.errors.InvalidArgumentError, match=f"label value of {bad}"):
        trial.fused.kernel()(*trial.inputs)


def layer_norm(x, scale, offset, weights):
    mean, variance = tf.nn.moments(x, [1], keep_dims=True)
    y = tf.nn.batch_normalization(x, mean, variance, offset, scale, 1e-5)
    return [y, *tf.gradients(y * weights, [x, scale, offset])]


def batch_norm(x, scale, offset, weights):
    mean, variance = tf.nn.moments(x, [0, 1, 2])
    y = tf.nn.batch_normalization(x, mean, variance, offset, scale, 1e-5)
    return [y, *tf.gradients(y * weights, [x, scale, offset])]


@pytest.mark.parametrize("are_known", [False, pytest.param(True, marks=pytest.mark.thorough)])
def test_layer_norm_and_its_gradients_are_one_nest(are_known):
    sizes = (700, 33)
    x, weights = (RNG.standard_normal(sizes) for _ in range(2))
    scale, offset = (RNG.standard_normal(sizes[1]) for _ in range(2))
    shapes = None if are_known else [(None, sizes[1]), sizes[1:], sizes[1:], (None, sizes[1])]
    trial = Trial(layer_norm, [x, scale, offset, weights], shapes)

    for got, want in trial.both():
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-11)
    assert trial.source().count("for r in range(") == 1


@pytest.mark.thorough
def test_batch_norm_and_its_gradients_go_through_memory_three_times():
    x, weights = (RNG.standard_normal((6, 5, 5, 8)) for _ in range(2))
    scale, offset = (RNG.standard_normal(8) for _ in range(2))
    trial = Trial(batch_norm, [x, scale, offset, weights])

    for got, want in trial.both():
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-11)
    assert trial.source().count("for r in range(") == 3


def softmax_of(x):
    powers = tf.exp(x)
    return powers / tf.reduce_sum(powers, 1, keepdims=True)


def test_a_dear_value_is_kept_in_the_row_of_an_output_or_a_row_of_its_own():
    one = Trial(softmax_of, [rows_of_scores()]).source()
    two = Trial(lambda x: [softmax_of(x), tf.reduce_max(tf.exp(x) - softmax_of(x), 1)], [ROWS])
    three = Trial(lambda x: tf.reduce_max(softmax_of(x), 1), [rows_of_scores()])

    assert one.count(" exp(") == two.source().count(" exp(") == three.source().count(" exp(") == 1
    assert "out0[row_1 + c] = exp_1\n" in one
    assert "out_row0[c] = exp_1\n" in three.source()
    for got, want in (*two.both(), *three.both()):
        np.testing.assert_allclose(got, want, rtol=64 * EPS, atol=32 * EPS)


def test_a_cheap_value_is_computed_again():
    text = Trial(lambda x: (x + x) / tf.reduce_sum(x + x, 1, keepdims=True), [ROWS]).source()

    assert text.count(" = x0_") >= 2
    assert "out0" not in text.partition("div_1")[0].partition("out0.flat")[2]


@pytest.mark.thorough
def test_means_over_nested_axes_feed_each_other():
    def build(x, y):
        rows = tf.reduce_mean(x, 2, keepdims=True)
        planes = tf.reduce_mean(rows * y, [1, 2], keepdims=True)
        return x - rows, planes * x, tf.reduce_max(tf.reduce_sum(x * planes, [0, 2]))

    x, y = RNG.standard_normal((4, 5, 6)), RNG.standard_normal((5, 1))
    for got, want in Trial(build, [x, y]).both():
        np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)


# --- threads --------------------------------------------------------------------------------------


def with_threads(count, monkeypatch, trial):
    with monkeypatch.context() as patch:
        patch.setattr(threads, "thread_count", lambda: count)
        patch.setattr(threads, "PART", 1 << 9)
        return trial.fused._made(tuple(x.shape for x in trial.inputs))(*trial.inputs)


def each_of(result):
    return result if isinstance(result, tuple) else (result,)


PROGRAMS = {
    "elementwise": (lambda x: tf.sqrt(abs(x)) + 1.0, (5000,)),
    "sums": (lambda x: [tf.reduce_sum(x * x, a) for a in (0, 1, None)], (90, 70)),
    "softmax": (tf.nn.softmax, (90, 70)),
    "outer": (lambda x: x - tf.reduce_mean(x, 0) + tf.reduce_max(x), (90, 70)),
    "nested": (lambda x: x - tf.reduce_mean(x, [0, 2], keepdims=True), (9, 20, 30)),
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[] if n == "sums" else [pytest.mark.thorough]) for n in PROGRAMS],
)
def test_any_number_of_threads_gives_the_same_bits(name, monkeypatch):
    build, shape = PROGRAMS[name]
    trial = Trial(build, [RNG.standard_normal(shape).astype(np.float32)])
    results = [with_threads(count, monkeypatch, trial) for count in (1, 2, 3, 4)]

    for other in results[1:]:
        for one, two in zip(each_of(results[0]), each_of(other), strict=True):
            assert_equal_bits(two, one)
    want = trial.plain(*trial.inputs)
    for one, two in zip(each_of(results[0]), each_of(want), strict=True):
        np.testing.assert_allclose(one, two, rtol=100 * EPS, atol=100 * EPS)


@settings(max_examples=5)
@given(offset=st.integers(0, 7))
def test_where_an_array_lies_in_memory_changes_no_bit(offset):
    values = RNG.standard_normal(1000).astype(np.float32)
    room = np.empty(1010, np.float32)
    moved = room[offset : offset + 1000]
    moved[:] = values
    trial = Trial(lambda x: [tf.reduce_sum(tf.exp(x)), x * 2.0], [values])
    kernel = trial.fused.kernel()

    for one, two in zip(kernel(values), kernel(moved), strict=True):
        assert_equal_bits(np.asarray(one), two)
