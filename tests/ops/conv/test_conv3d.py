"""Conv3D and its gradients: adjointness, hand-worked examples, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.conv.conv2d import conv2d_op
from minitf.ops.conv.conv3d import (
    conv3d_backprop_filter_op,
    conv3d_backprop_filter_v2_op,
    conv3d_backprop_input_op,
    conv3d_backprop_input_v2_op,
    conv3d_op,
)
from minitf.testing.cases.conv.conv3d import convolutions
from minitf.testing.strategies import whole

ONE = (1, 1, 1, 1, 1)


def test_a_2x2x2_box_sums_each_window():
    volume = np.arange(12, dtype=np.float32).reshape(1, 2, 2, 3, 1)
    box = np.ones((2, 2, 2, 1, 1), np.float32)

    found = conv3d_op.body(volume, box, strides=ONE, padding="VALID")

    # 0 + 1 + 3 + 4 of the first layer and 6 + 7 + 9 + 10 of the second; then each one more
    assert found.ravel().tolist() == [40, 48]


def test_same_padding_puts_the_odd_cell_behind():
    volume = np.ones((1, 4, 1, 1, 1), np.float32)
    pair = np.float32([1, 10]).reshape(2, 1, 1, 1, 1)

    found = conv3d_op.body(volume, pair, strides=ONE, padding="SAME")

    assert found.ravel().tolist() == [11, 11, 11, 1]


@given(case=convolutions())
def test_a_volume_that_is_one_layer_is_an_image(case):
    volumes, filters = (x.astype(np.float64) for x in case.inputs)
    axis = 2 if case.attrs["data_format"] == "NCDHW" else 1
    layer = np.take(volumes, [0], axis)
    attrs = {name: value for name, value in case.attrs.items() if name != "data_format"}
    attrs |= {k: np.delete(attrs[k], axis).tolist() for k in ("strides", "dilations")}
    want = conv2d_op.body(
        layer.squeeze(axis),
        filters[0],
        data_format="NCHW" if axis == 2 else "NHWC",
        **attrs,
    )

    found = conv3d_op.body(layer, filters[:1], **case.attrs)

    np.testing.assert_allclose(found.squeeze(axis), want, rtol=1e-13, atol=1e-13)


@given(case=convolutions(), data=st.data())
@pytest.mark.paper("W-26")
def test_the_gradients_are_adjoints(case, data):
    volumes, filters = (x.astype(np.float64) for x in case.inputs)
    out = conv3d_op.body(volumes, filters, **case.attrs)
    grads = data.draw(whole(out.shape, np.float64))
    sizes = np.int32(volumes.shape), np.int32(filters.shape)
    of_input = conv3d_backprop_input_v2_op.body(sizes[0], filters, grads, **case.attrs)
    of_filter = conv3d_backprop_filter_v2_op.body(volumes, sizes[1], grads, **case.attrs)

    want = (out * grads).sum()
    size = (np.abs(out) * np.abs(grads)).sum()

    assert abs((of_input * volumes).sum() - want) <= 1e-12 * size + 1e-300
    assert abs((of_filter * filters).sum() - want) <= 1e-12 * size + 1e-300


@given(case=convolutions(kind="Conv3DBackpropInput"))
def test_the_first_versions_take_shapes_from_arrays(case):
    volumes, filters, grads = case.inputs
    sizes = np.int32(volumes.shape), np.int32(filters.shape)

    of_input = conv3d_backprop_input_op.body(volumes, filters, grads, **case.attrs)
    of_filter = conv3d_backprop_filter_op.body(volumes, filters, grads, **case.attrs)

    np.testing.assert_array_equal(
        of_input, conv3d_backprop_input_v2_op.body(sizes[0], filters, grads, **case.attrs)
    )
    np.testing.assert_array_equal(
        of_filter, conv3d_backprop_filter_v2_op.body(volumes, sizes[1], grads, **case.attrs)
    )


@pytest.mark.parametrize(
    ("volumes", "filters", "attrs", "phrase"),
    [
        ((1, 4, 4, 4, 3), (2, 2, 2, 2, 4), {}, "Depth of input .3. is not a multiple of input"),
        ((1, 4, 2, 4, 3), (2, 3, 2, 3, 4), {}, "Negative dimension size caused by subtracting 3"),
        ((4, 4, 4, 3), (2, 2, 2, 3, 4), {}, "input must be 5-dimensional"),
        ((1, 4, 4, 4, 3), (2, 2, 3, 4), {}, "filter must be 5-dimensional"),
        ((1, 4, 4, 4, 3), (2, 2, 2, 3, 4), {"strides": ONE[:4]}, "must specify 5 dimensions"),
        ((1, 4, 4, 4, 3), (2, 2, 2, 3, 4), {"strides": (1, 1, 1, 1, 2)}, "does not yet support"),
    ],
)
def test_what_does_not_fit_is_refused(volumes, filters, attrs, phrase):
    attrs = {"strides": ONE, "padding": "VALID", **attrs}
    with pytest.raises(InvalidArgumentError, match=phrase):
        conv3d_op.body(np.zeros(volumes), np.zeros(filters), **attrs)


def test_a_gradient_of_the_wrong_size_is_refused():
    with pytest.raises(InvalidArgumentError, match="actual = 2, computed = 3"):
        conv3d_backprop_input_v2_op.body(
            np.int32([1, 4, 4, 4, 1]),
            np.zeros((2, 2, 2, 1, 1)),
            np.zeros((1, 3, 2, 3, 1)),
            strides=ONE,
            padding="VALID",
        )
