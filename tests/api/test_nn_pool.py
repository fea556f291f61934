"""Pools and batch normalisation of tf.nn build TensorFlow's graphs; and their messages."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, fed

import minitf as tf

RNG = np.random.default_rng(8)
SEQUENCES = RNG.standard_normal((2, 9, 3), np.float32)
IMAGES = RNG.standard_normal((2, 6, 5, 3), np.float32)
VOLUMES = RNG.standard_normal((2, 4, 6, 5, 3), np.float32)
VECTORS = RNG.standard_normal((4, 3), np.float32)


GRAPHS = {
    "max_pool1d": lambda tf: tf.nn.max_pool1d(fed(tf, SEQUENCES, [None, 9, 3]), 3, 2, "SAME"),
    "max_pool1d with a name": lambda tf: tf.nn.max_pool1d(
        fed(tf, SEQUENCES), [1, 2, 1], [2], "VALID", name="p"
    ),
    "avg_pool1d": lambda tf: tf.nn.avg_pool1d(fed(tf, SEQUENCES), 3, 2, "SAME", None),
    "max_pool2d": lambda tf: tf.nn.max_pool2d(fed(tf, IMAGES), 2, [2, 1], "VALID"),
    "max_pool3d": lambda tf: tf.nn.max_pool3d(fed(tf, VOLUMES), [2, 3, 2], 2, "SAME", name="p"),
    "max_pool3d of unknown size": lambda tf: tf.nn.max_pool3d(
        fed(tf, VOLUMES, [None, 4, None, 5, None]), 2, [1, 2, 2, 1, 1], "VALID"
    ),
    "avg_pool3d": lambda tf: tf.nn.avg_pool3d(fed(tf, VOLUMES), 2, 1, "SAME"),
    "max_pool_v2 of sequences": lambda tf: tf.nn.max_pool_v2(fed(tf, SEQUENCES), 2, 2, "SAME"),
    "max_pool_v2 of images": lambda tf: tf.nn.max_pool_v2(
        fed(tf, IMAGES), [2, 1], 2, "SAME", name="p"
    ),
    "max_pool_v2 of volumes": lambda tf: tf.nn.max_pool_v2(
        fed(tf, VOLUMES), 2, None, "VALID", "NDHWC"
    ),
    "avg_pool_v2 of sequences": lambda tf: tf.nn.avg_pool_v2(
        fed(tf, SEQUENCES), 2, 2, "SAME", name="p"
    ),
    "avg_pool_v2 of images": lambda tf: tf.nn.avg_pool_v2(fed(tf, IMAGES), 2, 2, "SAME"),
    "avg_pool_v2 of volumes": lambda tf: tf.nn.avg_pool_v2(fed(tf, VOLUMES), 2, 2, "SAME"),
    "max_pool_with_argmax": lambda tf: tf.nn.max_pool_with_argmax(
        fed(tf, IMAGES, [None, 6, 5, 3]), [1, 2, 2, 1], [1, 2, 2, 1], "SAME"
    ),
    "max_pool_with_argmax in all images": lambda tf: tf.nn.max_pool_with_argmax(
        IMAGES,
        [1, 2, 2, 1],
        [1, 1, 1, 1],
        "VALID",
        output_dtype=tf.int32,
        include_batch_in_index=True,
        name="p",
    ),
    "pool": lambda tf: tf.nn.pool(fed(tf, IMAGES), [2, 3], "MAX", "SAME"),
    "pool of sequences": lambda tf: tf.nn.pool(
        fed(tf, SEQUENCES), [3], "AVG", "VALID", strides=[2], name="p"
    ),
    "pool of volumes": lambda tf: tf.nn.pool(fed(tf, VOLUMES), [2, 2, 2], "MAX", "VALID"),
    "dilated pool": lambda tf: tf.nn.pool(fed(tf, IMAGES), [2, 2], "MAX", "VALID", [2, 1]),
    "dilated pool of sequences": lambda tf: tf.nn.pool(
        fed(tf, SEQUENCES, [None, None, 3]), [2], "AVG", "VALID", dilations=[3], name="p"
    ),
    "dilated pool of volumes": lambda tf: tf.nn.pool(
        fed(tf, VOLUMES), [2, 2, 2], "AVG", "VALID", [1, 2, 2]
    ),
    "fused_batch_norm": lambda tf: tf.nn.fused_batch_norm(
        fed(tf, IMAGES, [None, 6, 5, 3]), VECTORS[0], VECTORS[1], name="bn"
    ),
    "fused_batch_norm of given statistics": lambda tf: tf.nn.fused_batch_norm(
        fed(tf, IMAGES),
        VECTORS[0],
        tf.constant(VECTORS[1]),
        VECTORS[2],
        VECTORS[3] ** 2 + 0.5,
        epsilon=0,
        is_training=False,
    )[0],
    "fused_batch_norm in 16 bits": lambda tf: tf.nn.fused_batch_norm(
        fed(tf, IMAGES.astype(np.float16)), VECTORS[0], VECTORS[1]
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", GRAPHS)
def test_it_builds_the_graph_of_tensorflow(tensorflow, name):
    assert_same_graph(tensorflow, GRAPHS[name])


CHANNELS_FIRST = {
    "max_pool1d": (SEQUENCES, "NWC", "NCW"),
    "avg_pool1d": (SEQUENCES, "NWC", "NCW"),
    "max_pool3d": (VOLUMES, "NDHWC", "NCDHW"),
    "avg_pool3d": (VOLUMES, "NDHWC", "NCDHW"),
    "max_pool_v2": (VOLUMES, "NDHWC", "NCDHW"),
    "avg_pool_v2": (SEQUENCES, "NWC", "NCW"),
}


@pytest.mark.parametrize("name", CHANNELS_FIRST)
def test_channels_may_come_first(name):
    array, last, first = CHANNELS_FIRST[name]
    pool = getattr(tf.nn, name)
    with tf.Session() as session:
        wanted, found = session.run(
            [pool(array, 2, 2, "SAME", last), pool(np.moveaxis(array, -1, 1), 2, 2, "SAME", first)]
        )

    np.testing.assert_array_equal(np.moveaxis(found, 1, -1), wanted)


@pytest.mark.parametrize("data_format", ["NCHW", "NCW", "NCDHW"])
@pytest.mark.parametrize("rate", [1, 2])
def test_pooling_takes_channels_first_with_dilation_or_without(data_format, rate):
    array = {"NCHW": IMAGES, "NCW": SEQUENCES, "NCDHW": VOLUMES}[data_format]
    count = array.ndim - 2
    calls = (array, None), (np.moveaxis(array, -1, 1), data_format)
    with tf.Session() as session:
        wanted, found = session.run(
            [
                tf.nn.pool(x, [2] * count, "MAX", "VALID", [rate] * count, data_format=given)
                for x, given in calls
            ]
        )

    np.testing.assert_array_equal(np.moveaxis(found, 1, -1), wanted)


def test_an_epsilon_is_as_large_as_nvidias_library_wants_it():
    made = tf.nn.fused_batch_norm(IMAGES, VECTORS[0], VECTORS[1], epsilon=0)

    np.testing.assert_allclose(made[0].op.get_attr("epsilon"), 1.001e-5, rtol=1e-6)


def test_a_data_format_tells_the_rank_where_nobody_knows_it():
    pooled = tf.nn.max_pool_v2(tf.placeholder(tf.float32), 2, 2, "SAME", "NDHWC")

    assert pooled.op.type == "MaxPool3D"
    assert pooled.shape.as_list() == [None] * 5


@pytest.mark.parametrize("name", ["fractional_max_pool", "fractional_avg_pool"])
def test_fractional_pools_give_what_their_ops_give(name):
    op = {"fractional_max_pool": "FractionalMaxPool", "fractional_avg_pool": "FractionalAvgPool"}
    call = IMAGES, [1.0, 1.5, 1.25, 1.0], True, True, True, 3, 4
    with tf.Session() as session:
        made = getattr(tf.nn, name)(*call, name="p")
        again = getattr(tf.raw_ops, op[name])(
            **dict(
                zip(
                    (
                        *("value", "pooling_ratio", "pseudo_random", "overlapping"),
                        *("deterministic", "seed", "seed2"),
                    ),
                    call,
                    strict=True,
                )
            )
        )
        found, wanted = session.run([made, again])

    assert made[0].op.type == op[name]
    assert made[0].op.name == "p"
    for ours, theirs in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(ours, theirs)


REFUSED = {
    "Data formats other than 'NHWC'": lambda: tf.nn.max_pool_with_argmax(
        IMAGES, [1, 2, 2, 1], [1, 2, 2, 1], "SAME", "NCHW"
    ),
    "must have a rank or a data format": lambda: tf.nn.max_pool_v2(
        tf.placeholder(tf.float32), 2, 2, "SAME"
    ),
    "must be of rank 3, 4 or 5 but was 2": lambda: tf.nn.avg_pool_v2(VECTORS, 2, 2, "SAME"),
    "ksize should be of length 1, 2 or 4 but was 3": lambda: tf.nn.max_pool(
        IMAGES, [2, 2, 2], 2, "SAME"
    ),
    "1 <= num_spatial_dims <= 3": lambda: tf.nn.pool(IMAGES, [], "MAX", "SAME"),
    "2-D L2 pooling is not supported": lambda: tf.nn.pool(IMAGES, [2, 2], "L2", "SAME"),
    "SAME padding is not implemented": lambda: tf.nn.pool(IMAGES, [2, 2], "MAX", "SAME", [2, 2]),
    "strides > 1 not supported in conjunction": lambda: tf.nn.pool(
        IMAGES, [2, 2], "MAX", "VALID", [2, 2], [2, 2]
    ),
    "strides > window_shape not supported": lambda: tf.nn.pool(
        IMAGES, [2, 2], "MAX", "VALID", strides=[3, 1]
    ),
    "len(strides)=1 but should be 2": lambda: tf.nn.pool(
        IMAGES, [2, 2], "MAX", "VALID", strides=[2]
    ),
    "all values of dilation_rate must be positive": lambda: tf.nn.pool(
        IMAGES, [2, 2], "MAX", "VALID", [0, 1]
    ),
    'data_format must be either "NWC" or "NCW"': lambda: tf.nn.pool(
        SEQUENCES, [2], "MAX", "VALID", data_format="NHWC"
    ),
    "Both 'mean' and 'variance' must be None": lambda: tf.nn.fused_batch_norm(
        IMAGES, VECTORS[0], VECTORS[1], VECTORS[2]
    ),
}


@pytest.mark.parametrize("phrase", REFUSED)
def test_what_does_not_fit_is_refused(phrase):
    with pytest.raises(ValueError) as raised:  # noqa: PT011 the phrase is compared below
        REFUSED[phrase]()

    assert phrase in str(raised.value)
