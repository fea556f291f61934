"""Convolutions, separable ones, transposes, pools: what they compute, and of which shape."""

from __future__ import annotations

import layer_programs as programs
import numpy as np
import pytest

import minitf as tf

SPACE = {1: programs.SEQUENCES, 2: programs.IMAGES, 3: programs.VOLUMES}


def run(tensor, feeds=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(tensor, feeds)


def test_a_convolution_slides_a_window_adds_and_activates():
    x = tf.constant([[[1.0], [2], [-8], [4]]])
    y = tf.layers.conv1d(
        x,
        1,
        2,
        activation="relu",
        kernel_initializer=tf.constant_initializer([1, 2]),
        bias_initializer="ones",
    )

    assert run(y).ravel().tolist() == [6, 0, 1]


LAYERS = {
    "conv1d": lambda **kw: (1, tf.layers.Conv1D(3, 3, 2, **kw)),
    "conv1d with holes": lambda **kw: (1, tf.layers.Conv1D(3, 3, 1, "same", dilation_rate=2, **kw)),
    "conv1d causal": lambda **kw: (1, tf.layers.Conv1D(3, 3, padding="causal", **kw)),
    "conv2d": lambda **kw: (2, tf.layers.Conv2D(3, (3, 2), (1, 2), **kw)),
    "conv2d with holes": lambda **kw: (2, tf.layers.Conv2D(3, 3, dilation_rate=(2, 1), **kw)),
    "conv3d": lambda **kw: (3, tf.layers.Conv3D(3, 2, 2, "same", **kw)),
    "separable_conv1d": lambda **kw: (1, tf.layers.SeparableConv1D(3, 3, 2, **kw)),
    "separable_conv2d": lambda **kw: (
        2,
        tf.layers.SeparableConv2D(3, 3, 1, "same", depth_multiplier=2, **kw),
    ),
    "conv2d_transpose": lambda **kw: (2, tf.layers.Conv2DTranspose(3, 3, (2, 1), **kw)),
    "conv3d_transpose": lambda **kw: (3, tf.layers.Conv3DTranspose(3, 2, 2, "same", **kw)),
    "max_pooling1d": lambda **kw: (1, tf.layers.MaxPooling1D(3, 2, **kw)),
    "average_pooling1d": lambda **kw: (1, tf.layers.AveragePooling1D(3, 2, "same", **kw)),
    "max_pooling2d": lambda **kw: (2, tf.layers.MaxPooling2D((3, 2), 2, "same", **kw)),
    "average_pooling2d": lambda **kw: (2, tf.layers.AveragePooling2D(2, 2, **kw)),
    "max_pooling3d": lambda **kw: (3, tf.layers.MaxPooling3D(2, 2, **kw)),
    "average_pooling3d": lambda **kw: (3, tf.layers.AveragePooling3D((2, 2, 3), 1, **kw)),
}


@pytest.mark.parametrize("name", LAYERS)
def test_channels_may_be_first_and_shapes_are_foretold(name):
    last, first = (
        LAYERS[name](data_format=layout, name="layer", _scope="layer", _reuse=tf.AUTO_REUSE)[1]
        for layout in ("channels_last", "channels_first")
    )
    x = SPACE[LAYERS[name]()[0]]
    turned = programs.channels_first(x)
    fed = [tf.placeholder(tf.float32, [None, *each.shape[1:]]) for each in (x, turned)]
    tensors = last(fed[0]), first(fed[1])
    got, want = run(tensors, dict(zip(fed, (x, turned), strict=True)))

    np.testing.assert_allclose(programs.channels_first(got), want, rtol=1e-4, atol=1e-5)
    for layer, tensor, value, given in zip((last, first), tensors, (got, want), fed, strict=True):
        assert layer.compute_output_shape([3, *given.shape[1:]]).as_list()[1:] == [*value.shape[1:]]
        assert tensor.shape.as_list() == [None, *value.shape[1:]]


@pytest.mark.parametrize("name", ["conv1d", "separable_conv2d", "conv2d_transpose"])
def test_a_layer_without_bias_has_none(name):
    rank, layer = LAYERS[name](use_bias=False)
    layer(tf.constant(SPACE[rank]))

    assert layer.bias is None
    assert all("bias" not in each.name for each in layer.weights)


def test_what_is_causal_sees_nothing_of_later():
    x = programs.SEQUENCES
    later = x.copy()
    later[:, 5:] += 1
    layers = tf.layers.Conv1D(3, 3, padding="causal"), tf.layers.SeparableConv1D(3, 3, 1, "causal")
    for layer in layers:
        one, other = run([layer(tf.constant(x)), layer(tf.constant(later))])

        assert one.shape[1] == x.shape[1]
        assert np.array_equal(one[:, :5], other[:, :5])
        assert not np.allclose(one[:, 5], other[:, 5])


def test_a_separable_convolution_is_two_convolutions():
    x = tf.constant(programs.IMAGES)
    layer = tf.layers.SeparableConv2D(5, 3, depth_multiplier=2, use_bias=False)
    depthwise = tf.nn.depthwise_conv2d
    y = layer(x)
    alone = depthwise(x, layer.depthwise_kernel, [1, 1, 1, 1], "VALID")
    mixed = tf.nn.conv2d(alone, layer.pointwise_kernel, [1, 1, 1, 1], "VALID")

    np.testing.assert_allclose(*run([y, mixed]), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_a_transpose_is_one_of_the_convolution(padding):
    """<conv x, y> = <x, transpose y> with the same kernel."""
    kernel = tf.random_normal_initializer(seed=3)
    common = {"padding": padding, "use_bias": False, "kernel_initializer": kernel}
    x = np.random.default_rng(0).normal(size=(2, 8, 10, 3)).astype(np.float32)
    convolved = tf.layers.conv2d(tf.constant(x), 4, (2, 3), 2, **common)
    y = np.random.default_rng(1).normal(size=convolved.shape.as_list()).astype(np.float32)
    transposed = tf.layers.conv2d_transpose(tf.constant(y), 3, (2, 3), 2, **common)
    small, large = run([convolved, transposed])
    seen = x[:, : large.shape[1], : large.shape[2]]

    np.testing.assert_allclose((small * y).sum(), (seen * large).sum(), rtol=1e-3)


def test_pools_take_the_greatest_or_the_mean():
    x = tf.constant([[[1.0], [5], [3], [2]]])
    pools = tf.layers.max_pooling1d(x, 2, 2), tf.layers.average_pooling1d(x, 2, 2)

    assert [value.ravel().tolist() for value in run(pools)] == [[5, 3], [3, 2.5]]


# --- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "make"),
    [
        ("`kernel_size` argument must be a tuple of 2", lambda: tf.layers.Conv2D(1, (1, 2, 3))),
        ("`strides` argument must be a tuple of 1", lambda: tf.layers.Conv1D(1, 1, None)),
        ("including element x of type <class 'str'>", lambda: tf.layers.Conv1D(1, ["x"])),
        ("`padding` argument must be", lambda: tf.layers.Conv2D(1, 1, padding="full")),
        ("Causal padding is only supported", lambda: tf.layers.Conv2D(1, 1, padding="causal")),
        ("`data_format` argument must be", lambda: tf.layers.Conv2D(1, 1, data_format="NCHW")),
        ("`strides` must not be None", lambda: tf.layers.MaxPooling2D(2, None)),
        (
            "channel dimension of the inputs should be defined",
            lambda: tf.layers.conv2d(tf.placeholder(tf.float32, [2, 3, 3, None]), 1, 1),
        ),
        (
            "expected ndim=4, found ndim=3",
            lambda: tf.layers.conv2d_transpose(tf.zeros([2, 3, 3]), 1, 1),
        ),
        (
            "expected axis -1 of input shape to have value 2",
            lambda: (layer := tf.layers.Conv1D(1, 1))(layer(tf.zeros([1, 2, 2]))),
        ),
    ],
)
def test_what_does_not_fit_is_refused(problem, make):
    with pytest.raises(ValueError, match=problem):
        make()
