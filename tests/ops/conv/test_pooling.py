"""MaxPool, AvgPool and their gradients: cases, adjointness, padding, ties, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import ops
from minitf.dtypes import as_dtype
from minitf.errors import InvalidArgumentError, UnimplementedError
from minitf.ops.conv.pooling import (
    avg_pool_grad_op,
    avg_pool_op,
    max_pool_grad_grad_op,
    max_pool_grad_op,
    max_pool_op,
)
from minitf.testing.cases.conv.pooling import SIZES, ordered, pools
from minitf.testing.strategies import whole

TWO = {"ksize": (1, 2, 2, 1), "strides": (1, 2, 2, 1)}


def image(rows):
    return np.float32(rows)[None, :, :, None]


def test_an_average_leaves_padding_out():
    found = avg_pool_op.body(image([[1, 2, 3], [4, 5, 6], [7, 8, 9]]), **TWO, padding="SAME")

    assert found.ravel().tolist() == [3, 4.5, 7.5, 9]


def test_padding_is_never_the_greatest():
    found = max_pool_op.body(image([[-1, -2, -3]]), **TWO, padding="SAME")

    assert found.ravel().tolist() == [-1, -3]


def test_of_equal_cells_the_first_gets_the_gradient():
    cells = image([[5, 5], [5, 5]])

    found = max_pool_grad_op.body(cells, image([[5]]), image([[7]]), **TWO, padding="VALID")

    assert found.ravel().tolist() == [7, 0, 0, 0]


def test_a_cell_wins_against_padding_even_with_the_least_value():
    cells = np.zeros((1, 1, 1, 1), np.uint8)
    attrs = {"ksize": (1, 3, 3, 1), "strides": (1, 1, 1, 1), "padding": "SAME"}

    found = max_pool_grad_op.body(cells, cells, cells + np.uint8(9), **attrs)

    assert found.ravel().tolist() == [9]


def test_a_nan_is_the_greatest():
    cells = image([[1, np.nan], [3, np.nan]])

    pooled = max_pool_op.body(cells, **TWO, padding="VALID")
    found = max_pool_grad_op.body(cells, pooled, image([[7]]), **TWO, padding="VALID")

    assert np.isnan(pooled).all()
    assert found.ravel().tolist() == [0, 7, 0, 0]


@given(case=pools({as_dtype("float64")}), data=st.data())
@pytest.mark.paper("W-26")
def test_taking_at_the_greatest_is_the_adjoint_of_giving_to_it(case, data):
    images = case.inputs[0]
    pooled = max_pool_op.body(images, **case.attrs)
    grads = data.draw(whole(pooled.shape, np.float64))
    seeds = data.draw(whole(images.shape, np.float64))

    given_back = max_pool_grad_op.body(images, pooled, grads, **case.attrs)
    taken = max_pool_grad_grad_op.body(images, pooled, seeds, **case.attrs)

    assert (given_back * seeds).sum() == (taken * grads).sum()


@pytest.mark.paper("W-26")
def test_explicit_padding_has_a_second_gradient_too():
    attrs = {"ksize": [1, 2, 2, 1], "strides": [1, 2, 2, 1], "padding": "EXPLICIT"}
    attrs["explicit_paddings"] = [0, 0, 1, 0, 1, 0, 0, 0]
    x = tf.constant(-image([[1, 2, 3], [4, 5, 6], [7, 8, 9]]))
    grads = tf.placeholder(tf.float32, (1, 2, 2, 1))
    (given_back,) = tf.gradients(ops.max_pool_op(x, **attrs), x, grads)
    (taken,) = tf.gradients(given_back, grads, x)

    with tf.Session() as session:
        down, up = session.run([given_back, taken], {grads: image([[1, 2], [3, 4]])})

    assert down.ravel().tolist() == [1, 2, 0, 3, 4, 0, 0, 0, 0]
    assert up.ravel().tolist() == [-1, -2, -4, -5]


@given(case=pools({as_dtype("float64")}), data=st.data())
def test_sharing_is_the_adjoint_of_averaging(case, data):
    images = case.inputs[0]
    out = avg_pool_op.body(images, **case.attrs)
    grads = data.draw(whole(out.shape, np.float64))

    shared = avg_pool_grad_op.body(np.int32(images.shape), grads, **case.attrs)

    np.testing.assert_allclose((shared * images).sum(), (out * grads).sum(), rtol=1e-12, atol=1e-9)


@given(case=pools({as_dtype("int32")}), r=SIZES)
def test_pooling_over_channels_undoes_repeating_them(case, r):
    images = np.repeat(case.inputs[0], r, axis=1 if case.attrs["data_format"] == "NCHW" else 3)
    first = case.attrs["data_format"] == "NCHW"
    over_channels = {
        "ksize": ordered(first, 1, 1, 1, r),
        "strides": ordered(first, 1, 1, 1, r),
        "padding": "VALID",
        "data_format": case.attrs["data_format"],
    }

    found = max_pool_op.body(images, **over_channels)

    np.testing.assert_array_equal(found, case.inputs[0])


def test_an_average_over_channels_is_refused():
    with pytest.raises(UnimplementedError, match="Non-spatial pooling is not yet supported"):
        avg_pool_op.body(
            np.zeros((1, 2, 2, 4)), ksize=(1, 1, 1, 2), strides=(1, 1, 1, 2), padding="VALID"
        )


@pytest.mark.parametrize(
    ("ksize", "error", "phrase"),
    [
        ((1, 5, 5, 1), InvalidArgumentError, "caused by subtracting 5 from 4"),
        ((1, 0, 2, 1), InvalidArgumentError, "ksize must be positive"),
        ((2, 2, 1), InvalidArgumentError, "ksize field must specify 4 dimensions"),
        ((2, 2, 2, 1), UnimplementedError, "not yet supported on the batch dimension"),
    ],
)
def test_a_window_that_does_not_fit_is_refused(ksize, error, phrase):
    with pytest.raises(error, match=phrase):
        max_pool_op.body(np.zeros((1, 4, 4, 1)), ksize=ksize, strides=(1, 1, 1, 1), padding="VALID")
