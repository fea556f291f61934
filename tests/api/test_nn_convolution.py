"""Convolutions of tf.nn build TensorFlow's graphs; what 1.15 does otherwise; laws and messages."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, assert_same_results, fed

import minitf

RNG = np.random.default_rng(5)


def real(*shape):
    return RNG.standard_normal(shape, np.float32)


SEQUENCES, NARROW = real(2, 7, 3), real(3, 3, 4)
IMAGES, FILTER = real(2, 6, 5, 3), real(3, 2, 3, 4)
VOLUMES, BLOCK = real(2, 4, 5, 6, 2), real(2, 3, 2, 2, 3)
ALONE, MIXED = real(3, 2, 3, 2), real(1, 1, 6, 4)
SURFACE = FILTER[..., 0]
GRADS = np.ones((2, 4, 4, 4), np.float32)
# filters of a transposed convolution take and give channels the other way round
NARROW_T, FILTER_T, BLOCK_T = (x.swapaxes(-1, -2) for x in (NARROW, FILTER, BLOCK))
ONES = [1, 1, 1, 1]


def sequences(tf, shape=None):
    return fed(tf, SEQUENCES, shape)


def images(tf, shape=None):
    return fed(tf, IMAGES, shape)


def volumes(tf, shape=None):
    return fed(tf, VOLUMES, shape)


def unknown(tf):
    return tf.TensorShape(None)


def with_batch(tf, tensor, *sizes):
    """Return an output shape whose batch is known to the run only."""
    return tf.stack([tf.shape(tensor)[0], *sizes])


def plain_conv2d(tf):
    return lambda blocks, count, padding: tf.nn.conv2d(blocks, FILTER, ONES, padding, name="inner")


GRAPHS = {
    "conv1d": lambda tf: tf.nn.conv1d(sequences(tf), NARROW, 1, "SAME"),
    "conv1d of unknown width": lambda tf: tf.nn.conv1d(
        value=sequences(tf, [None, None, 3]), filters=NARROW, stride=2, padding="VALID", name="c"
    ),
    "conv1d with three strides": lambda tf: tf.nn.conv1d(
        sequences(tf), NARROW, stride=[1, 2, 1], padding="VALID", data_format="NHWC"
    ),
    "conv1d with holes": lambda tf: tf.nn.conv1d(
        input=sequences(tf), filters=NARROW, stride=1, padding="VALID", dilations=2
    ),
    "conv1d_transpose": lambda tf: tf.nn.conv1d_transpose(sequences(tf), NARROW_T, [2, 14, 4], 2),
    "conv1d_transpose of a shape from the graph": lambda tf: tf.nn.conv1d_transpose(
        x := sequences(tf, [None, 7, 3]), NARROW_T, with_batch(tf, x, 14, 4), 2, name="up"
    ),
    "conv2d by position": lambda tf: tf.nn.conv2d(
        images(tf), FILTER, ONES, "SAME", True, "NHWC", ONES, "layer"
    ),
    "conv2d of unknown rank": lambda tf: tf.nn.conv2d(images(tf, unknown(tf)), FILTER, 1, "SAME"),
    "conv2d without a format": lambda tf: tf.nn.conv2d(
        input=images(tf), filter=FILTER, strides=(1, 2, 2, 1), padding="SAME", data_format=None
    ),
    "conv2d_transpose by position": lambda tf: tf.nn.conv2d_transpose(
        images(tf), FILTER_T, (2, 12, 10, 4), (1, 2, 2, 1), "SAME", "NHWC", "up"
    ),
    "conv2d_transpose of a list with a tensor": lambda tf: tf.nn.conv2d_transpose(
        x := images(tf, [None, 6, 5, 3]), FILTER_T, [tf.shape(x)[0], 12, 10, 4], [1, 2, 2, 1]
    ),
    "conv2d_transpose of a list with a dimension": lambda tf: tf.nn.conv2d_transpose(
        x := images(tf), FILTER_T, [x.get_shape()[0], 12, 10, 4], [1, 2, 2, 1]
    ),
    "conv2d_transpose of a TensorShape": lambda tf: tf.nn.conv2d_transpose(
        images(tf), FILTER_T, tf.TensorShape([2, 12, 10, 4]), [1, 2, 2, 1]
    ),
    "conv2d_transpose of another's shape": lambda tf: tf.nn.conv2d_transpose(
        value=images(tf),
        filter=FILTER_T,
        output_shape=tf.shape(fed(tf, real(2, 12, 10, 4))),
        strides=[1, 2, 2, 1],
        padding="SAME",
    ),
    "conv3d": lambda tf: tf.nn.conv3d(volumes(tf), BLOCK, [1, 1, 1, 1, 1], "SAME"),
    "conv3d of unknown sizes": lambda tf: tf.nn.conv3d(
        input=volumes(tf, [None, None, 5, 6, 2]),
        filters=BLOCK,
        strides=[1, 2, 1, 2, 1],
        padding="VALID",
        name="layer",
    ),
    "conv3d_transpose": lambda tf: tf.nn.conv3d_transpose(
        volumes(tf), BLOCK_T, [2, 8, 10, 12, 3], [1, 2, 2, 2, 1]
    ),
    "conv3d_transpose of a shape from the graph": lambda tf: tf.nn.conv3d_transpose(
        value=(x := volumes(tf, [None, 4, 5, 6, 2])),
        filter=BLOCK_T,
        output_shape=with_batch(tf, x, 8, 10, 12, 3),
        strides=2,
        name="up",
    ),
    "conv3d_transpose of int64 sizes": lambda tf: tf.nn.conv3d_transpose(
        volumes(tf), BLOCK_T, np.int64([2, 8, 10, 12, 3]), [1, 2, 2, 2, 1]
    ),
    "conv3d_backprop_filter": lambda tf: tf.nn.conv3d_backprop_filter(
        VOLUMES, BLOCK.shape, np.ones((2, 3, 3, 5, 3), np.float32), [1] * 5, "VALID"
    ),
    "conv3d_backprop_filter_v2": lambda tf: tf.nn.conv3d_backprop_filter_v2(
        VOLUMES, BLOCK.shape, np.ones((2, 3, 3, 5, 3), np.float32), [1] * 5, "VALID", name="f"
    ),
    "convolution of sequences": lambda tf: tf.nn.convolution(
        sequences(tf), tf.constant(NARROW), "SAME"
    ),
    "convolution of images": lambda tf: tf.nn.convolution(
        input=images(tf), filter=tf.constant(FILTER), padding="VALID", strides=[1, 2], name="layer"
    ),
    "convolution of volumes": lambda tf: tf.nn.convolution(
        volumes(tf, [None] * 4 + [2]), tf.constant(BLOCK), "SAME", [2, 2, 2]
    ),
    "convolution of unknown rank": lambda tf: tf.nn.convolution(
        images(tf, unknown(tf)), tf.constant(FILTER), "VALID"
    ),
    "dilated convolution of sequences": lambda tf: tf.nn.convolution(
        sequences(tf), tf.constant(NARROW), "SAME", dilation_rate=[2]
    ),
    "dilated convolution of images": lambda tf: tf.nn.convolution(
        images(tf), None, "VALID", filters=tf.constant(FILTER), dilations=[2, 3]
    ),
    "dilated convolution of images of unknown sizes": lambda tf: tf.nn.convolution(
        images(tf, [None, None, None, 3]), tf.constant(FILTER), "SAME", dilation_rate=[2, 1]
    ),
    "dilated convolution of volumes": lambda tf: tf.nn.convolution(
        volumes(tf, [None, 4, 5, 6, 2]), tf.constant(BLOCK), "SAME", dilation_rate=[2, 1, 2]
    ),
    "dilated convolution by a variable": lambda tf: tf.nn.convolution(
        images(tf), tf.placeholder_with_default(FILTER, FILTER.shape), "SAME", None, (1, 2), "layer"
    ),
    "conv_transpose of sequences": lambda tf: tf.nn.conv_transpose(
        sequences(tf), NARROW_T, [2, 14, 4], 2
    ),
    "conv_transpose of images": lambda tf: tf.nn.conv_transpose(
        images(tf), FILTER_T, [2, 12, 10, 4], [2, 2], data_format="NHWC"
    ),
    "conv_transpose of volumes": lambda tf: tf.nn.conv_transpose(
        volumes(tf), BLOCK_T, tf.constant([2, 8, 10, 12, 3]), 2, name="up"
    ),
    "atrous_conv2d": lambda tf: tf.nn.atrous_conv2d(images(tf), tf.constant(FILTER), 2, "SAME"),
    "atrous_conv2d of an unknown batch": lambda tf: tf.nn.atrous_conv2d(
        value=images(tf, [None, 6, 5, 3]),
        filters=tf.constant(FILTER),
        rate=2,
        padding="VALID",
        name="holes",
    ),
    "atrous_conv2d without holes": lambda tf: tf.nn.atrous_conv2d(
        images(tf), tf.constant(FILTER), 1, "SAME"
    ),
    "atrous_conv2d_transpose": lambda tf: tf.nn.atrous_conv2d_transpose(
        images(tf), tf.constant(FILTER_T), [2, 6, 5, 4], 2, "SAME"
    ),
    "atrous_conv2d_transpose of arrays": lambda tf: tf.nn.atrous_conv2d_transpose(
        images(tf), FILTER_T, np.array([2, 10, 7, 4]), 2, "VALID", name="up"
    ),
    "atrous_conv2d_transpose of a shape from the graph": lambda tf: tf.nn.atrous_conv2d_transpose(
        x := images(tf, [None, 6, 5, 3]),
        tf.constant(FILTER_T),
        with_batch(tf, x, 6, 5, 4),
        2,
        "SAME",
    ),
    "atrous_conv2d_transpose by an unknown window": lambda tf: tf.nn.atrous_conv2d_transpose(
        images(tf), fed(tf, FILTER_T, [None, None, 4, 3]), [2, 6, 5, 4], 2, "SAME"
    ),
    "atrous_conv2d_transpose without holes": lambda tf: tf.nn.atrous_conv2d_transpose(
        images(tf), FILTER_T, [2, 6, 5, 4], 1, "SAME"
    ),
    "with_space_to_batch": lambda tf: tf.nn.with_space_to_batch(
        images(tf), [2, 1], "SAME", plain_conv2d(tf), filter_shape=[3, 2]
    ),
    "with_space_to_batch of unknown sizes": lambda tf: tf.nn.with_space_to_batch(
        images(tf, [None, None, None, 3]), [2, 2], "VALID", plain_conv2d(tf)
    ),
    "with_space_to_batch of blocks of 1": lambda tf: tf.nn.with_space_to_batch(
        images(tf), [1, 1], "VALID", plain_conv2d(tf)
    ),
    "with_space_to_batch of the width": lambda tf: tf.nn.with_space_to_batch(
        images(tf), [2], "VALID", plain_conv2d(tf), spatial_dims=[2]
    ),
    "with_space_to_batch of axes apart": lambda tf: tf.nn.with_space_to_batch(
        volumes(tf, [None, 4, 5, 6, None]),
        fed(tf, np.int32([2, 3])),
        "VALID",
        lambda blocks, count, padding: tf.negative(blocks),
        spatial_dims=[1, 3],
    ),
    "depthwise_conv2d": lambda tf: tf.nn.depthwise_conv2d(images(tf), ALONE, ONES, "SAME"),
    "depthwise_conv2d with strides": lambda tf: tf.nn.depthwise_conv2d(
        input=images(tf, [None, None, 5, 3]),
        filter=tf.constant(ALONE),
        strides=[1, 2, 2, 1],
        padding="VALID",
        name="layer",
    ),
    "depthwise_conv2d with holes": lambda tf: tf.nn.depthwise_conv2d(
        images(tf), ALONE, ONES, "SAME", rate=[2, 2]
    ),
    "depthwise_conv2d with holes, partly known": lambda tf: tf.nn.depthwise_conv2d(
        images(tf, [None, 6, None, 3]), ALONE, ONES, "VALID", dilations=(2, 1), data_format="NHWC"
    ),
    "depthwise_conv2d of unknown rank": lambda tf: tf.nn.depthwise_conv2d(
        images(tf, unknown(tf)), fed(tf, ALONE, [None, None, 3, 2]), ONES, "SAME"
    ),
    "depthwise_conv2d_native": lambda tf: tf.nn.depthwise_conv2d_native(
        images(tf), ALONE, [1, 2, 2, 1], "SAME", "NHWC", ONES, "layer"
    ),
    "depthwise_conv2d_native_backprop_input": lambda tf: (
        tf.nn.depthwise_conv2d_native_backprop_input(
            IMAGES.shape, ALONE, np.ones((2, 4, 4, 6), np.float32), ONES, "VALID"
        )
    ),
    "depthwise_conv2d_backprop_input": lambda tf: tf.nn.depthwise_conv2d_backprop_input(
        IMAGES.shape, ALONE, np.ones((2, 4, 4, 6), np.float32), ONES, "VALID", name="i"
    ),
    "depthwise_conv2d_native_backprop_filter": lambda tf: (
        tf.nn.depthwise_conv2d_native_backprop_filter(
            IMAGES, ALONE.shape, np.ones((2, 4, 4, 6), np.float32), ONES, "VALID"
        )
    ),
    "depthwise_conv2d_backprop_filter": lambda tf: tf.nn.depthwise_conv2d_backprop_filter(
        IMAGES, ALONE.shape, np.ones((2, 4, 4, 6), np.float32), ONES, "VALID", name="f"
    ),
    "separable_conv2d": lambda tf: tf.nn.separable_conv2d(images(tf), ALONE, MIXED, ONES, "SAME"),
    "separable_conv2d with strides": lambda tf: tf.nn.separable_conv2d(
        images(tf),
        depthwise_filter=ALONE,
        pointwise_filter=MIXED,
        strides=[1, 2, 2, 1],
        padding="VALID",
        name="layer",
    ),
    "separable_conv2d with holes": lambda tf: tf.nn.separable_conv2d(
        images(tf, [None, 6, 5, 3]),
        tf.constant(ALONE),
        tf.constant(MIXED),
        ONES,
        "SAME",
        rate=(2, 2),
    ),
    "dilation2d": lambda tf: tf.nn.dilation2d(images(tf), SURFACE, ONES, [1, 2, 1, 1], "SAME"),
    "dilation2d of an unknown width": lambda tf: tf.nn.dilation2d(
        input=images(tf, [None, 6, None, 3]),
        filters=SURFACE,
        strides=[1, 2, 1, 1],
        dilations=ONES,
        padding="VALID",
        name="d",
    ),
    "erosion2d": lambda tf: tf.nn.erosion2d(images(tf), SURFACE, ONES, [1, 2, 1, 1], "SAME"),
    "erosion2d by name": lambda tf: tf.nn.erosion2d(
        value=images(tf, [None, 6, 5, 3]),
        kernel=tf.constant(SURFACE),
        strides=[1, 2, 1, 1],
        rates=ONES,
        padding="VALID",
        name="e",
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", sorted(GRAPHS))
def test_a_function_builds_the_graph_that_tensorflow_builds(name, tensorflow):
    assert_same_graph(tensorflow, GRAPHS[name])


# TensorFlow 2 converts arrays elsewhere, and computes the margins by a shorter formula.
RESULTS = {
    "convolution by an array": lambda tf: tf.nn.convolution(images(tf), FILTER, "VALID"),
    "dilated convolution by an array": lambda tf: tf.nn.convolution(
        images(tf), FILTER, "SAME", dilation_rate=[2, 2]
    ),
    "with_space_to_batch of a fed rate": lambda tf: tf.nn.with_space_to_batch(
        images(tf), fed(tf, np.int32([2, 1])), "SAME", plain_conv2d(tf), filter_shape=[3, 2]
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", sorted(RESULTS))
def test_a_function_computes_what_tensorflow_computes(name, tensorflow):
    assert_same_results(tensorflow, RESULTS[name])


# --- nodes of 1.15 -------------------------------------------------------------------------------


def node_names(make):
    with minitf.Graph().as_default() as graph:
        make(minitf)
    return [op.name for op in graph.get_operations()]


def test_an_array_becomes_a_filter_in_the_scope_of_1_15():
    found = node_names(RESULTS["dilated convolution by an array"])

    assert {"convolution/filter", "convolution/filter_shape", "convolution"} <= set(found)


def test_margins_of_a_fed_rate_are_computed_by_the_nodes_of_1_15():
    found = node_names(RESULTS["with_space_to_batch of a fed rate"])

    assert [n for n in found if n in {"sub", "mul", "add", "sub_1", "floordiv", "sub_2"}] == [
        *("sub", "mul", "add", "sub_1", "floordiv", "sub_2")
    ]


# --- laws ----------------------------------------------------------------------------------------


def value_and_gradients(make, *arrays):
    """Return the result of `make(*tensors)` and the gradients of its squares' sum."""
    tf = minitf
    with tf.Graph().as_default(), tf.Session() as session:
        tensors = [tf.constant(x) for x in arrays]
        made = make(*tensors)
        return session.run([made, *tf.gradients(tf.nn.l2_loss(made), tensors)])


def assert_all_close(got, want):
    for one, other in zip(got, want, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("rate", [(1, 2), (2, 1), (2, 3)])
def test_blocks_give_what_dilated_windows_give_and_the_same_gradients(padding, rate):
    nn = minitf.nn
    dilated = value_and_gradients(
        lambda x, f: nn.conv2d(x, f, 1, padding, dilations=rate), IMAGES, FILTER
    )
    in_blocks = value_and_gradients(
        lambda x, f: nn.convolution(x, f, padding, dilation_rate=rate), IMAGES, FILTER
    )
    assert_all_close(in_blocks, dilated)

    dilated = value_and_gradients(
        lambda x, f: nn.depthwise_conv2d_native(x, f, ONES, padding, dilations=(1, *rate, 1)),
        IMAGES,
        ALONE,
    )
    in_blocks = value_and_gradients(
        lambda x, f: nn.depthwise_conv2d(x, f, ONES, padding, rate=rate), IMAGES, ALONE
    )
    assert_all_close(in_blocks, dilated)


def channels_first(tensor, rank):
    return minitf.transpose(tensor, [0, rank - 1, *range(1, rank - 1)])


@pytest.mark.parametrize(
    ("array", "filters", "formats"),
    [
        (SEQUENCES, NARROW, ("NWC", "NCW")),
        (IMAGES, FILTER, ("NHWC", "NCHW")),
        (VOLUMES, BLOCK, ("NDHWC", "NCDHW")),
    ],
)
@pytest.mark.parametrize("rate", [1, 2])
def test_channels_may_come_first(array, filters, formats, rate):
    tf, rank = minitf, array.ndim
    with tf.Graph().as_default(), tf.Session() as session:
        last = fed(tf, array)
        first = tf.placeholder(np.float32, [None, array.shape[-1], *[None] * (rank - 2)])
        rates = [rate] * (rank - 2)
        made = [
            tf.nn.convolution(x, tf.constant(filters), "SAME", None, rates, data_format=name)
            for x, name in zip((last, first), formats, strict=True)
        ]
        want, got = session.run(
            [channels_first(made[0], rank), made[1]],
            {last: array, first: np.moveaxis(array, -1, 1)},
        )

    assert made[1].shape[1] == filters.shape[-1]
    np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-5)


def test_the_window_may_be_known_to_the_run_only():
    tf = minitf
    with tf.Graph().as_default(), tf.Session() as session:
        filters, alone = tf.placeholder(np.float32, [None, None, 3, 4]), tf.constant(ALONE)
        shapeless = tf.placeholder_with_default(alone, [None, None, 3, 2])
        made = [
            tf.nn.convolution(IMAGES, filters, "SAME", dilation_rate=[2, 2]),
            tf.nn.conv2d(IMAGES, filters, 1, "SAME", dilations=2),
            tf.nn.depthwise_conv2d(IMAGES, shapeless, ONES, "SAME", rate=[2, 2]),
            tf.nn.depthwise_conv2d(IMAGES, alone, ONES, "SAME", rate=[2, 2]),
        ]
        found = session.run(made, {filters: FILTER})

    assert_all_close(found[::2], found[1::2])


@pytest.mark.parametrize("use_resource", [False, True])
def test_filters_may_be_variables(use_resource):
    tf = minitf
    with tf.Graph().as_default(), tf.Session() as session:
        filters = tf.Variable(FILTER, use_resource=use_resource)
        alone = tf.Variable(ALONE, use_resource=use_resource)
        made = [
            tf.nn.convolution(IMAGES, filters, "SAME", dilation_rate=[2, 2]),
            tf.nn.depthwise_conv2d(IMAGES, alone, ONES, "SAME", rate=[2, 2]),
        ]
        grads = tf.gradients([tf.nn.l2_loss(x) for x in made], [filters, alone])
        session.run(tf.global_variables_initializer())
        found = session.run(made)
        shapes = [g.shape for g in session.run(grads)]

    assert [x.shape for x in found] == [(2, 6, 5, 4), (2, 6, 5, 6)]
    assert shapes == [FILTER.shape, ALONE.shape]


def test_erosion_is_the_dual_of_dilation():
    tf = minitf
    attrs = {"strides": ONES, "rates": ONES, "padding": "SAME"}
    with tf.Session() as session:
        eroded, dilated = session.run(
            [
                tf.nn.erosion2d(IMAGES, SURFACE, **attrs),
                tf.nn.dilation2d(-IMAGES, SURFACE[::-1, ::-1], **attrs),
            ]
        )

    np.testing.assert_array_equal(eroded, -dilated)


# --- messages ------------------------------------------------------------------------------------

REFUSED = {
    "data_format must be .NWC. or .NCW.": lambda nn: nn.conv1d(
        SEQUENCES, NARROW, 1, "SAME", data_format="ABC"
    ),
    "stride should be of length 1, 1 or 3 but was 2": lambda nn: nn.conv1d(
        SEQUENCES, NARROW, [1, 1], "SAME"
    ),
    "strides should be of length 1, 3 or 5 but was 2": lambda nn: nn.conv3d_transpose(
        VOLUMES, BLOCK_T, [2, 8, 10, 12, 3], [2, 2]
    ),
    "Cannot specify both 'filter' and 'filters'": lambda nn: nn.conv3d(
        VOLUMES, BLOCK, [1] * 5, "SAME", filters=BLOCK
    ),
    "Input tensor must be of rank 3, 4 or 5 but was 2": lambda nn: nn.convolution(
        real(2, 3), NARROW, "SAME"
    ),
    "rank of input or filter must be known": lambda nn: nn.convolution(
        *[minitf.placeholder(np.float32) for _ in "if"], "SAME"
    ),
    "filter tensor must have rank 4": lambda nn: nn.convolution(
        IMAGES, NARROW, "SAME", dilation_rate=[2, 2]
    ),
    "strides > 1 not supported in conjunction with dilation_rate > 1": lambda nn: nn.convolution(
        IMAGES, FILTER, "SAME", [2, 2], [2, 2]
    ),
    "number of input channels does not match .* 3 != 4": lambda nn: nn.convolution(
        IMAGES, FILTER_T, "SAME", dilation_rate=[2, 2]
    ),
    "Invalid padding method 'SOME'": lambda nn: nn.convolution(
        IMAGES, FILTER, "SOME", dilation_rate=[2, 2]
    ),
    "all values of dilation_rate must be positive": lambda nn: nn.convolution(
        IMAGES, FILTER, "SAME", dilation_rate=[0, 2]
    ),
    "dilations should be of length 1, 2 or 4 but was 3": lambda nn: nn.convolution(
        IMAGES, FILTER, "SAME", dilation_rate=[2, 2, 2]
    ),
    "data_format must be .NHWC. or .NCHW.": lambda nn: nn.convolution(
        IMAGES, FILTER, "SAME", dilation_rate=[2, 2], data_format="NDHWC"
    ),
    "output_shape must be of length 3, 4 or 5 but was 2": lambda nn: nn.conv_transpose(
        IMAGES, FILTER_T, [2, 4], 2
    ),
    "output_shape must be a tensor or sized collection": lambda nn: nn.conv_transpose(
        IMAGES, FILTER_T, 7, 2
    ),
    "value's input channels does not match .* 3 != 4": lambda nn: nn.atrous_conv2d_transpose(
        IMAGES, FILTER, [2, 6, 5, 4], 2, "SAME"
    ),
    "output_shape does not match .* 7 != 4": lambda nn: nn.atrous_conv2d_transpose(
        IMAGES, FILTER_T, [2, 6, 5, 7], 2, "SAME"
    ),
    "rate 0 cannot be less than one": lambda nn: nn.atrous_conv2d_transpose(
        IMAGES, FILTER_T, [2, 6, 5, 4], 0, "SAME"
    ),
    "padding must be either VALID or SAME": lambda nn: nn.atrous_conv2d_transpose(
        IMAGES, FILTER_T, [2, 6, 5, 4], 2, "SOME"
    ),
    "output_shape must have shape .4,., got .3,.": lambda nn: nn.atrous_conv2d_transpose(
        IMAGES, FILTER_T, [2, 6, 5], 2, "SAME"
    ),
    "rate must be rank 1": lambda nn: nn.with_space_to_batch(IMAGES, 2, "VALID", None),
    "rate must have known shape": lambda nn: nn.with_space_to_batch(
        IMAGES, minitf.placeholder(np.int32, [None]), "VALID", None
    ),
    "dilation_rate must be positive": lambda nn: nn.with_space_to_batch(
        IMAGES, [0, 1], "VALID", None
    ),
    "monotonically increasing": lambda nn: nn.with_space_to_batch(
        IMAGES, [2, 2], "VALID", None, spatial_dims=[2, 1]
    ),
    "input tensor must have rank 6 at least": lambda nn: nn.with_space_to_batch(
        IMAGES, [2, 2], "VALID", None, spatial_dims=[4, 5]
    ),
    "filter_shape must be specified for SAME padding": lambda nn: nn.with_space_to_batch(
        IMAGES, [2, 2], "SAME", None
    ),
    "Dimensions 2 and 1 are not compatible": lambda nn: nn.separable_conv2d(
        IMAGES, ALONE, real(2, 1, 6, 4), ONES, "SAME"
    ),
    "Dimensions must be equal, but are 3 and 4": lambda nn: nn.depthwise_conv2d(
        IMAGES, real(2, 2, 4, 1), ONES, "SAME"
    ),
}


@pytest.mark.parametrize("phrase", REFUSED)
def test_what_does_not_fit_is_refused_while_the_graph_is_built(phrase):
    with minitf.Graph().as_default(), pytest.raises(ValueError, match=phrase):
        REFUSED[phrase](minitf.nn)
