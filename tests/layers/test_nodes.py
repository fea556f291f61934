"""Nodes that 1.15 makes and newer versions of TensorFlow make otherwise; seeds count them all."""

from __future__ import annotations

import pytest

import minitf as tf


def images():
    return tf.placeholder(tf.float32, [None, 9, 9, 2], name="x")


def nodes():
    """Return the names of the nodes of layers, less those of variables."""
    parts = "Initializer", "Assign", "read"
    names = (op.name for op in tf.get_default_graph().get_operations())
    return [
        name
        for name in names
        if name != "x" and not any(each in name.split("/")[2:] for each in parts)
    ]


def within(scope, text):
    return [f"{scope}/{name}" for name in text.split()]


SLICES = (
    "strided_slice{0}/stack strided_slice{0}/stack_1 strided_slice{0}/stack_2 strided_slice{0}"
).format


def test_a_convolution_has_a_constant_of_its_rates():
    tf.layers.conv2d(images(), 3, 3)

    assert nodes() == within("conv2d", "kernel bias dilation_rate Conv2D BiasAdd")


def test_a_convolution_with_holes_moves_space_to_the_batch():
    tf.layers.conv2d(images(), 3, 3, dilation_rate=2, padding="same", name="c")

    assert nodes() == within(
        "c",
        "kernel bias dilation_rate filter_shape stack required_space_to_batch_paddings/input_shape "
        "required_space_to_batch_paddings/paddings required_space_to_batch_paddings/crops "
        "SpaceToBatchND/block_shape SpaceToBatchND/paddings SpaceToBatchND Conv2D "
        "BatchToSpaceND/block_shape BatchToSpaceND/crops BatchToSpaceND BiasAdd",
    )


def test_a_convolution_of_sequences_is_one_of_images_of_one_row():
    tf.layers.conv1d(tf.placeholder(tf.float32, [None, 9, 2], name="x"), 3, 3)

    assert nodes() == within(
        "conv1d",
        "kernel bias dilation_rate conv1d/ExpandDims/dim conv1d/ExpandDims conv1d/ExpandDims_1/dim "
        "conv1d/ExpandDims_1 conv1d conv1d/Squeeze BiasAdd",
    )


def test_a_transpose_computes_its_size_also_where_it_is_known():
    tf.layers.conv2d_transpose(images(), 3, 3, 2, padding="same")

    assert nodes() == within(
        "conv2d_transpose",
        f"kernel bias Shape {SLICES('')} {SLICES('_1')} {SLICES('_2')} mul/y mul mul_1/y mul_1 "
        "stack/3 stack conv2d_transpose BiasAdd",
    )


def test_a_regularizer_of_the_scope_stands_beside_the_variable():
    with tf.variable_scope("s", regularizer=tf.nn.l2_loss):
        tf.layers.dense(tf.placeholder(tf.float32, [None, 3], name="x"), 3, use_bias=False)

    assert nodes() == ["s/x", *within("s/dense", "kernel kernel/Regularizer/L2Loss MatMul")]


def test_flatten_computes_the_size_of_the_batch():
    tf.layers.flatten(images())

    assert nodes() == within("flatten", f"Shape {SLICES('')} Reshape/shape/1 Reshape/shape Reshape")


def test_flatten_knows_the_size_of_a_batch_that_is_known():
    tf.layers.flatten(tf.placeholder(tf.float32, [2, 3, 4], name="x"))

    assert nodes() == ["flatten/Reshape/shape", "flatten/Reshape"]


AVERAGE = (
    "AssignMovingAvg{0}/sub/x AssignMovingAvg{0}/sub AssignMovingAvg{0}/sub_1 "
    "AssignMovingAvg{0}/mul AssignMovingAvg{0}"
).format


@pytest.mark.parametrize("training", [True, False])
def test_images_are_normalised_by_one_operation(training):
    tf.layers.batch_normalization(images(), training=training)

    weights = "gamma beta moving_mean moving_variance"
    rest = (
        f"Const Const_1 FusedBatchNormV3 Const_2 {AVERAGE('')} {AVERAGE('_1')}"
        if training
        else "FusedBatchNormV3 Const"
    )
    assert nodes() == within("batch_normalization", f"{weights} {rest}")


def test_what_one_operation_takes_for_weights_that_are_missing_is_constant():
    tf.layers.batch_normalization(images(), center=False, scale=False)

    assert nodes() == within(
        "batch_normalization", "Const Const_1 moving_mean moving_variance FusedBatchNormV3 Const_2"
    )
