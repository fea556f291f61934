"""Pooling of volumes: worked examples, boxes of one plane, adjointness, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.dtypes import FLOATS, as_dtype
from minitf.errors import InvalidArgumentError, UnimplementedError
from minitf.ops.conv.pooling import avg_pool_op, max_pool_op
from minitf.ops.conv.pooling3d import (
    avg_pool3d_grad_op,
    avg_pool3d_op,
    max_pool3d_grad_grad_op,
    max_pool3d_grad_op,
    max_pool3d_op,
)
from minitf.testing.cases.conv.pooling3d import pools
from minitf.testing.strategies import whole

BOX = np.arange(8, dtype=np.float32).reshape(1, 2, 2, 2, 1)
TWO = {"ksize": (1, 2, 2, 2, 1), "strides": (1, 2, 2, 2, 1), "padding": "VALID"}


def test_a_box_has_one_greatest_cell_and_one_average():
    assert max_pool3d_op.body(BOX, **TWO).ravel().tolist() == [7]
    assert avg_pool3d_op.body(BOX, **TWO).ravel().tolist() == [3.5]


def test_an_average_leaves_padding_out():
    ones = {"ksize": (1, 2, 2, 2, 1), "strides": (1, 1, 1, 1, 1), "padding": "SAME"}

    found = avg_pool3d_op.body(np.ones_like(BOX), **ones)

    assert found.ravel().tolist() == [1] * 8


def test_each_of_equal_cells_gets_the_gradient_and_the_first_gives_its_own():
    flat = np.zeros_like(BOX)
    pooled = max_pool3d_op.body(flat, **TWO)

    down = max_pool3d_grad_op.body(flat, pooled, pooled + 3, **TWO)
    up = max_pool3d_grad_grad_op.body(flat, pooled, BOX + 5, **TWO)

    assert down.ravel().tolist() == [3] * 8
    assert up.ravel().tolist() == [5]


@given(case=pools({as_dtype("float32")}))
def test_volumes_of_one_plane_are_pooled_as_images(case):
    plane = 2 if case.attrs["data_format"] == "NCDHW" else 1
    (volumes,) = case.inputs
    flat = np.take(volumes, 0, plane)
    attrs = {
        **case.attrs,
        "ksize": drop(case.attrs["ksize"], plane),
        "strides": drop(case.attrs["strides"], plane),
        "data_format": case.attrs["data_format"].replace("D", ""),
    }
    one_deep = {**case.attrs, "ksize": put(attrs["ksize"], plane)}

    for of_volumes, of_images in ((max_pool3d_op, max_pool_op), (avg_pool3d_op, avg_pool_op)):
        found = of_volumes.body(np.expand_dims(flat, plane), **one_deep)

        np.testing.assert_array_equal(np.squeeze(found, plane), of_images.body(flat, **attrs))


def drop(values, place):
    return (*values[:place], *values[place + 1 :])


def put(values, place):
    return (*values[:place], 1, *values[place:])


@given(case=pools({as_dtype("float64")}), data=st.data())
@pytest.mark.paper("W-26")
def test_taking_at_the_greatest_is_the_adjoint_of_giving_to_it(case, data):
    (volumes,) = case.inputs  # distinct
    pooled = max_pool3d_op.body(volumes, **case.attrs)
    grads = data.draw(whole(pooled.shape, np.float64))
    seeds = data.draw(whole(volumes.shape, np.float64))

    given_back = max_pool3d_grad_op.body(volumes, pooled, grads, **case.attrs)
    taken = max_pool3d_grad_grad_op.body(volumes, pooled, seeds, **case.attrs)

    assert (given_back * seeds).sum() == (taken * grads).sum()


@given(case=pools(FLOATS & {as_dtype("float64")}), data=st.data())
def test_sharing_is_the_adjoint_of_averaging(case, data):
    (volumes,) = case.inputs
    out = avg_pool3d_op.body(volumes, **case.attrs)
    grads = data.draw(whole(out.shape, np.float64))

    shared = avg_pool3d_grad_op.body(np.int32(volumes.shape), grads, **case.attrs)

    np.testing.assert_allclose((shared * volumes).sum(), (out * grads).sum(), rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize(
    ("ksize", "error", "phrase"),
    [
        ((1, 5, 1, 1, 1), InvalidArgumentError, "caused by subtracting 5 from 2"),
        ((1, 0, 1, 1, 1), InvalidArgumentError, "ksize must be positive"),
        ((1, 1, 1, 1), InvalidArgumentError, "ksize field must specify 5 dimensions"),
        ((2, 1, 1, 1, 1), UnimplementedError, "not yet supported on the batch dimension"),
        ((1, 1, 1, 1, 2), UnimplementedError, "only supports pooling across plane/width/height"),
    ],
)
def test_a_window_that_does_not_fit_is_refused(ksize, error, phrase):
    with pytest.raises(error, match=phrase):
        max_pool3d_op.body(BOX, ksize=ksize, strides=(1,) * 5, padding="VALID")
