"""Fractional pooling: regions worked by hand, TensorFlow's regions, gradients, messages."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from random_draws import draw, new_session

import minitf as tf
from minitf import ops
from minitf.errors import InvalidArgumentError, UnimplementedError
from minitf.ops.conv.fractional import (
    average,
    fractional_avg_pool_grad_op,
    fractional_max_pool_grad_op,
    greatest,
)
from minitf.ops.conv.regions import both_regions, regions_of, shuffled_regions, stepped_regions
from minitf.ops.random.philox import Stream
from minitf.testing.cases.conv.fractional import poolings
from minitf.testing.strategies import real

OPS = ("FractionalMaxPool", "FractionalAvgPool")
X = np.arange(2 * 7 * 11 * 2, dtype=np.float32).reshape(2, 7, 11, 2) % 13
RATIO = (1.0, 1.44, 1.73, 1.0)
SEEDS = st.integers(-(2**63), 2**63 - 1)


@given(size=st.integers(1, 60), data=st.data(), seed=SEEDS)
@pytest.mark.parametrize("draw_regions", [shuffled_regions, stepped_regions])
def test_regions_have_two_sizes_and_fill_the_axis(draw_regions, size, data, seed):
    count = data.draw(st.integers(1, size))

    sequence = draw_regions(size, count, Stream(seed % 2**64, 0))

    assert sequence[0] == 0
    assert sequence[-1] == size
    assert set(np.diff(sequence).tolist()) <= {size // count, size // count + 1}


@given(seeds=st.tuples(SEEDS, SEEDS), flags=st.tuples(st.booleans(), st.booleans()), data=st.data())
@pytest.mark.parametrize("name", OPS)
@pytest.mark.tensorflow
def test_the_same_seeds_give_tensorflows_regions(tensorflow, name, seeds, flags, data):
    assume(any(seeds))
    sides = data.draw(st.tuples(st.integers(3, 9), st.integers(3, 9)))
    ratios = data.draw(st.tuples(*[st.floats(1, 3, width=32)] * 2))
    attrs = dict(zip(("seed", "seed2"), seeds, strict=True))
    attrs |= dict(zip(("pseudo_random", "overlapping"), flags, strict=True))
    attrs |= {"pooling_ratio": (1.0, *ratios, 1.0), "deterministic": True}
    images = np.resize(X, (1, *sides, 2))
    with tensorflow.Graph().as_default(), tensorflow.Session() as session:
        theirs = session.run(getattr(tensorflow.raw_ops, name)(value=images, **attrs))

    ours = draw(name, [images], attrs)

    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-6)


@pytest.mark.parametrize("name", OPS)
def test_only_deterministic_regions_stay_the_same_between_runs(name):
    attrs = {"pooling_ratio": (1.0, 1.5, 1.5, 1.0)}
    images = np.zeros((1, 80, 80, 1), np.float32)
    session = new_session()

    fixed = [draw(name, [images], {**attrs, "deterministic": True}, session) for _ in range(2)]
    fresh = [draw(name, [images], attrs, new_session()) for _ in range(2)]

    assert fixed[0][1].tolist() == fixed[1][1].tolist()
    assert fresh[0][1].tolist() != fresh[1][1].tolist()  # equal once in 10**21 times


def test_overlapping_regions_share_the_cell_at_their_boundary():
    row = np.float32([1, 2, 9, 4, 5]).reshape(1, 1, 5, 1)
    sequences = np.array([0, 1]), np.array([0, 2, 4, 5])

    apart, shared = (
        greatest(row, *both_regions(row.shape, None, sequences, overlapping=overlapping)).ravel()
        for overlapping in (False, True)
    )

    assert apart.tolist() == [2, 9, 5]
    assert shared.tolist() == [9, 9, 5]


def test_averages_of_integers_are_rounded_towards_zero():
    row = np.int32([-3, -4, 3, 4]).reshape(1, 1, 4, 1)
    regions = both_regions(
        row.shape, None, (np.array([0, 1]), np.array([0, 2, 4])), overlapping=False
    )

    assert average(row, *regions).ravel().tolist() == [-3, 3]


@given(pooling=poolings(), data=st.data())
def test_sharing_is_the_adjoint_of_averaging(pooling, data):
    images, _, rows, columns, overlapping = pooling
    images = data.draw(real(images.shape))
    regions = both_regions(images.shape, None, (rows, columns), overlapping=overlapping)
    averages = average(images, *regions)
    grads = data.draw(real(averages.shape))

    shared = fractional_avg_pool_grad_op.body(
        np.int64(images.shape), grads, rows, columns, overlapping=overlapping
    )

    left, right = (shared * images).sum(), (averages * grads).sum()
    np.testing.assert_allclose(left, right, rtol=1e-12, atol=1e-10)


@given(pooling=poolings())
def test_a_region_gives_its_gradient_to_one_cell_that_is_its_greatest(pooling):
    images, grads, rows, columns, overlapping = pooling
    regions = both_regions(images.shape, None, (rows, columns), overlapping=overlapping)
    values = greatest(images, *regions)

    given_back = fractional_max_pool_grad_op.body(
        images, values, grads, rows, columns, overlapping=overlapping
    )

    assert given_back.sum() == grads.sum()
    assert (given_back * images).sum() == (grads * values).sum()


@pytest.mark.parametrize("name", OPS)
@pytest.mark.tensorflow
def test_gradients_flow_through_the_regions_that_were_drawn(tensorflow, name):
    attrs = {"pooling_ratio": list(RATIO), "deterministic": True, "seed": 3, "overlapping": True}
    made = {}
    for lib in (tf, tensorflow):
        with lib.Graph().as_default(), lib.Session() as session:
            x = lib.constant(X)
            pooled = getattr(lib.raw_ops, name)(value=x, **attrs)[0]
            made[lib] = session.run(lib.gradients(lib.square(pooled), x)[0])

    np.testing.assert_allclose(made[tf], made[tensorflow], rtol=1e-6)


def test_static_shapes_know_one_boundary_more_than_regions():
    x = tf.placeholder(tf.float32, [None, 7, None, 2])

    pooled, rows, columns = ops.fractional_max_pool_op(x, pooling_ratio=RATIO)

    assert pooled.shape.as_list() == [None, 4, None, 2]
    assert rows.shape.as_list() == [5]
    assert columns.shape.as_list() == [None]


@pytest.mark.parametrize(
    ("attrs", "error", "phrase"),
    [
        ({"pooling_ratio": (1, 8, 1, 1)}, InvalidArgumentError, "higher than input dimension size"),
        ({"pooling_ratio": (1, 0.5, 1, 1)}, InvalidArgumentError, "cannot be smaller than 1"),
        ({"pooling_ratio": (1, 1, 1)}, InvalidArgumentError, "must specify 4 dimensions"),
        ({"pooling_ratio": (2, 1, 1, 1)}, UnimplementedError, "batch nor channel dimension"),
        ({"pooling_ratio": RATIO, "seed": 1}, InvalidArgumentError, "should be 0 if deterministic"),
    ],
)
def test_a_pooling_that_cannot_be_is_refused(attrs, error, phrase):
    with pytest.raises(error, match=phrase):
        draw("FractionalMaxPool", [X], attrs)


@pytest.mark.parametrize(
    ("sequence", "phrase"),
    [
        ([0, 1], "must have at least 3 elements"),
        ([0, 0, 3], "must not be negative, and increase"),
        ([-1, 1, 3], "must not be negative, and increase"),
        ([0, 3, 4], "leaves an axis of size 3"),
    ],
)
def test_a_sequence_that_is_none_is_refused(sequence, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        regions_of("row", np.array(sequence), 2, 3, overlapping=False)
