"""Sizes of windows, branches that are known."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.compat.internal import layer_utils
from minitf.layers import utils


@pytest.mark.parametrize("padding", ["valid", "same", "full"])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2])
def test_the_number_of_windows_is_as_counted(padding, stride, dilation):
    """Count the windows of 3 taps that fit into 9 cells with their margins."""
    extent = 3 + 2 * (dilation - 1)
    margin = {"valid": 0, "same": extent - 1, "full": 2 * (extent - 1)}[padding]
    counted = len(range(0, 9 + margin - extent + 1, stride))

    assert utils.conv_output_length(9, 3, padding, stride, dilation) == counted
    assert utils.conv_output_length(None, 3, padding, stride, dilation) is None


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("taps", [1, 2, 4])
def test_the_size_of_a_transpose_is_one_whose_convolution_is_as_large(padding, stride, taps):
    large = utils.deconv_output_length(5, taps, padding, stride)

    assert utils.conv_output_length(large, taps, padding, stride) == 5
    assert utils.deconv_output_length(None, taps, padding, stride) is None


def test_a_transpose_of_all_windows_is_cut():
    assert utils.deconv_output_length(5, 3, "full", 1) == 3


def test_layouts_have_names():
    assert utils.convert_data_format("channels_first", 5) == "NCDHW"
    with pytest.raises(ValueError, match="Invalid data_format: NHWC"):
        utils.convert_data_format("NHWC", 4)
    with pytest.raises(ValueError, match="Input rank not supported: 6"):
        utils.convert_data_format("channels_last", 6)


@pytest.mark.parametrize("on", [True, False, 1, 0, np.True_, "constant"])
def test_a_branch_that_is_known_is_called_alone(on):
    pred = tf.constant(True) if on == "constant" else on
    found = utils.smart_cond(pred, lambda: "then", lambda: "else")

    assert found == ("then" if on else "else")
    assert utils.constant_value(pred) is bool(on)


def test_branches_that_a_run_decides_are_both_built():
    switch, variable = tf.placeholder(tf.bool), tf.Variable(True)
    values = [
        utils.smart_cond(pred, lambda: tf.constant(1), lambda: tf.constant(2), name="either")
        for pred in (switch, variable)
    ]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        assert session.run(values, {switch: False}) == [2, 1]
    assert values[0].op.name == "either/Merge"


def test_branches_are_functions():
    with pytest.raises(TypeError, match="`true_fn` must be callable"):
        utils.smart_cond(True, 1, lambda: 2)
    with pytest.raises(TypeError, match="`false_fn` must be callable"):
        utils.smart_cond(True, lambda: 1, 2)


def test_what_follows_from_a_tensor_is_found_and_named():
    x = tf.zeros([2, 3])
    w = tf.Variable(1.0)
    y = x * w
    z = tf.exp(y)

    assert layer_utils.get_reachable_from_inputs(x, [y]) == {x, y.op, y}
    assert z in layer_utils.get_reachable_from_inputs([x])
    assert y in layer_utils.get_reachable_from_inputs([w])
    assert layer_utils.static_shape(x) == (2, 3)
    assert layer_utils.static_shape(tf.placeholder(tf.float32)) is None
    assert layer_utils.object_list_uid([x, y]) == f"{id(x)}, {id(y)}"


@pytest.mark.parametrize(("padding", "size"), [("valid", 7), ("same", 5), ("full", 3), ("", None)])
def test_the_size_of_inputs_follows_from_the_number_of_windows(padding, size):
    windows = 3 if padding else None

    assert utils.conv_input_length(windows, 3, padding, 2) == size
