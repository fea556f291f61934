"""Programs with layers, written once for either library; each returns its outputs."""

from __future__ import annotations

import numpy as np

ROWS = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
SEQUENCES = np.random.default_rng(1).normal(size=(3, 9, 2)).astype(np.float32)
IMAGES = np.random.default_rng(2).normal(size=(3, 9, 8, 2)).astype(np.float32)
VOLUMES = np.random.default_rng(3).normal(size=(2, 5, 6, 5, 2)).astype(np.float32)


def channels_first(value):
    return np.moveaxis(value, -1, 1)


def fed(tf, value, shape=None):
    """Return a placeholder for the value, of unknown batch by default."""
    made = tf.placeholder(value.dtype, [None, *value.shape[1:]] if shape is None else shape)
    tf.add_to_collection("feeds", (made, value))
    return made


def half(tf):
    return lambda weights: 0.5 * tf.reduce_sum(weights * weights)


def regularized(tf):
    x = tf.layers.dense(
        fed(tf, ROWS),
        3,
        activation=tf.nn.relu,
        kernel_regularizer=half(tf),
        bias_regularizer=half(tf),
        activity_regularizer=tf.reduce_sum,
        bias_initializer=tf.ones_initializer(),
    )
    return [x, *tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)]


def reused(tf):
    """Return a layer that is found by name, between others that get names of their own."""
    x = fed(tf, ROWS)
    for reuse in (None, True):
        x = tf.layers.dense(x, 4, name="shared", reuse=reuse, kernel_regularizer=half(tf))
    return tf.layers.dense(tf.layers.dense(x, 3), 3)


def scoped(tf):
    """Return layers in scopes that set defaults, are found again, and make either."""
    x = fed(tf, ROWS)
    with tf.variable_scope("s", initializer=tf.zeros_initializer()):
        x = tf.layers.dense(x, 4)
        with tf.name_scope("n"):
            x = tf.layers.dense(x, 4)
    with tf.variable_scope("s", reuse=True):
        x = tf.layers.dense(x, 4)
    with tf.variable_scope("s", reuse=tf.AUTO_REUSE):
        x = tf.layers.dense(x, 4, name="dense_1")
        return tf.layers.dense(x, 4, name="another")


def regularized_by_a_scope(tf):
    with tf.variable_scope("s", regularizer=half(tf)):
        x = tf.layers.dense(fed(tf, ROWS), 3)
    return [x, *tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)]


def called_again(tf):
    """Return what objects give that are called several times."""
    x = fed(tf, ROWS)
    layer, named = tf.layers.Dense(4), tf.layers.Dense(4, name="named")
    y = layer(x)
    z = layer(y)
    assert (layer.name, named.name, layer.scope_name) == ("dense_1", "named", "dense")
    return [named(z), named(y), named.apply(x)]


def of_a_user(tf):
    """Return what a layer gives that a user has written."""

    class Own(tf.layers.Layer):
        def build(self, input_shape):
            self.w = self.add_weight("w", [4], initializer=tf.ones_initializer())
            self.n = self.add_variable("n", [2], dtype=tf.int32, trainable=False)
            self.built = True

        def call(self, x, scope):
            with tf.variable_scope("inner"):
                return x * self.w + tf.get_variable("u", [4])

    layer = Own()
    return [layer(layer(fed(tf, ROWS))), Own()(fed(tf, ROWS))]


def partitioned(tf):
    with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(2)):
        return tf.layers.dense(fed(tf, ROWS), 4, kernel_regularizer=half(tf))


def of_resources(tf):
    with tf.variable_scope("r", use_resource=True):
        return tf.layers.dense(fed(tf, ROWS), 4, activation=tf.nn.tanh)


DENSE = {
    "dense": lambda tf: tf.layers.dense(fed(tf, ROWS), 3),
    "dense of a sequence": lambda tf: tf.layers.dense(fed(tf, SEQUENCES), 3),
    "dense of a known sequence": lambda tf: tf.layers.dense(fed(tf, IMAGES, IMAGES.shape), 3),
    "dense without bias": lambda tf: tf.layers.dense(fed(tf, ROWS), 3, "softmax", use_bias=False),
    "dense of doubles": lambda tf: tf.layers.dense(fed(tf, ROWS.astype(np.float64)), 3),
    "frozen": lambda tf: tf.layers.dense(
        fed(tf, ROWS), 3, trainable=False, kernel_regularizer=half(tf)
    ),
    "regularized": regularized,
    "reused": reused,
    "scoped": scoped,
    "called again": called_again,
    "of a user": of_a_user,
    "partitioned": partitioned,
    "of resources": of_resources,
}
CONVOLUTIONS = {
    "conv1d": lambda tf: tf.layers.conv1d(fed(tf, SEQUENCES), 3, 3, 2),
    "conv1d with holes": lambda tf: tf.layers.conv1d(
        fed(tf, SEQUENCES), 3, 3, padding="same", dilation_rate=2
    ),
    "conv1d causal": lambda tf: tf.layers.conv1d(
        fed(tf, SEQUENCES), 3, 3, padding="causal", dilation_rate=2, activation="relu"
    ),
    "conv2d": lambda tf: tf.layers.conv2d(
        fed(tf, IMAGES), 3, (3, 2), padding="same", activation=tf.nn.relu
    ),
    "conv2d of any size": lambda tf: tf.layers.conv2d(
        fed(tf, IMAGES, [None, None, None, 2]), 3, 3, 2, "SAME"
    ),
    "conv2d with holes": lambda tf: tf.layers.conv2d(
        fed(tf, IMAGES), 3, 3, dilation_rate=(2, 1), use_bias=False
    ),
    "conv3d": lambda tf: tf.layers.conv3d(fed(tf, VOLUMES), 3, 2, (2, 1, 1)),
    "conv3d with holes": lambda tf: tf.layers.conv3d(fed(tf, VOLUMES), 3, 2, dilation_rate=2),
    "separable_conv1d": lambda tf: tf.layers.separable_conv1d(fed(tf, SEQUENCES), 3, 3),
    "separable_conv1d causal": lambda tf: tf.layers.separable_conv1d(
        fed(tf, SEQUENCES), 3, 3, padding="causal", dilation_rate=2
    ),
    "separable_conv2d": lambda tf: tf.layers.separable_conv2d(
        fed(tf, IMAGES), 3, 3, 2, depth_multiplier=2, activation=tf.nn.tanh
    ),
    "conv3d_transpose": lambda tf: tf.layers.conv3d_transpose(
        fed(tf, VOLUMES), 3, (3, 2, 2), 2, padding="same"
    ),
}
TRANSPOSED = {
    "conv2d_transpose": lambda tf: tf.layers.conv2d_transpose(fed(tf, IMAGES), 3, 3, 2),
    "conv2d_transpose same": lambda tf: tf.layers.conv2d_transpose(
        fed(tf, IMAGES), 3, (2, 3), (3, 2), padding="same", use_bias=False
    ),
    "conv2d_transpose channels first": lambda tf: tf.layers.conv2d_transpose(
        fed(tf, channels_first(IMAGES)), 3, 3, 2, data_format="channels_first"
    ),
}
POOLS = {
    "max_pooling1d": lambda tf: tf.layers.max_pooling1d(fed(tf, SEQUENCES), 3, 2),
    "max_pooling1d channels first": lambda tf: tf.layers.max_pooling1d(
        fed(tf, channels_first(SEQUENCES)), 3, 2, "same", "channels_first"
    ),
    "average_pooling1d": lambda tf: tf.layers.average_pooling1d(fed(tf, SEQUENCES), 2, 2),
    "max_pooling2d": lambda tf: tf.layers.max_pooling2d(fed(tf, IMAGES), 2, (2, 1), "same"),
    "average_pooling2d": lambda tf: tf.layers.average_pooling2d(fed(tf, IMAGES), (3, 2), 2),
    "max_pooling3d": lambda tf: tf.layers.max_pooling3d(fed(tf, VOLUMES), 2, 2, name="pool"),
    "average_pooling3d": lambda tf: tf.layers.average_pooling3d(
        fed(tf, channels_first(VOLUMES)), 2, 3, data_format="channels_first"
    ),
}


def normalized(x, **options):
    def make(tf):
        made = tf.layers.batch_normalization(fed(tf, x), **options)
        return [made, *updated(tf)]

    return make


def normalized_by_a_switch(x, on, **options):
    def make(tf):
        training = fed(tf, np.array(on), [])
        made = tf.layers.batch_normalization(fed(tf, x), training=training, **options)
        return [made, *updated(tf)]

    return make


def updated(tf):
    """Return averages once they are updated."""
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        names = "moving", "renorm"
        variables = tf.global_variables()
        return [
            tf.identity(v.read_value())
            for v in variables
            if v.op.name.rpartition("/")[2].startswith(names)
        ]


def normalized_twice(tf):
    x = fed(tf, ROWS)
    for reuse in (None, True):
        x = tf.layers.batch_normalization(x, training=True, name="norm", reuse=reuse)
    return x


def adjusted(tf):
    return tf.layers.batch_normalization(
        fed(tf, ROWS), training=True, adjustment=lambda _: (tf.constant(1.1), tf.constant(0.1))
    )


NORMALIZATIONS = {
    "rows in inference": normalized(ROWS),
    "rows in training": normalized(ROWS, training=True, momentum=0.9),
    "rows by a switch": normalized_by_a_switch(ROWS, True),
    "rows by a switch that is off": normalized_by_a_switch(ROWS, False),
    "sequences by their first axis": normalized(SEQUENCES, training=True, axis=1),
    "images not fused": normalized(IMAGES, training=True, fused=False),
    "images by their rows": normalized(IMAGES, training=True, axis=2),
    "images of doubles": normalized(IMAGES.astype(np.float64), training=True),
    "sequences of halves": normalized(SEQUENCES.astype(np.float16), training=True),
    "several axes": normalized(SEQUENCES, training=True, axis=[1, 2]),
    "neither scale nor offset": normalized(ROWS, training=True, center=False, scale=False),
    "not trainable": normalized(ROWS, training=True, trainable=False),
    "an initializer by name": normalized(ROWS, training=True, beta_initializer="ones"),
    "twice": normalized_twice,
    "adjusted": adjusted,
    "renormalized": normalized(
        ROWS, training=True, renorm=True, renorm_clipping={"rmin": 0.5, "rmax": 1.2, "dmax": 0.1}
    ),
    "renormalized in inference": normalized(ROWS, renorm=True),
    "virtual batches": normalized(ROWS, training=True, virtual_batch_size=3),
    "virtual batches of sequences": normalized(SEQUENCES, training=True, virtual_batch_size=1),
}
FUSED = {
    "images in inference": normalized(IMAGES),
    "images in training": normalized(IMAGES, training=True),
    "images by a switch": normalized_by_a_switch(IMAGES, True),
    "images by a switch that is off": normalized_by_a_switch(IMAGES, False),
    "images without an offset": normalized(IMAGES, training=True, center=False),
    "images without a scale": normalized(IMAGES, training=True, scale=False),
    "images of halves": normalized(IMAGES.astype(np.float16), training=True),
    "renormalized by a switch": normalized_by_a_switch(ROWS, True, renorm=True),
    "renormalized by a switch that is off": normalized_by_a_switch(ROWS, False, renorm=True),
}
OTHERS = {
    "regularized by a scope": regularized_by_a_scope,  # 2 makes another loss, outside all scopes
    "flatten": lambda tf: tf.layers.flatten(fed(tf, IMAGES)),
    "flatten channels first": lambda tf: tf.layers.flatten(
        fed(tf, IMAGES), data_format="channels_first"
    ),
    "dropout in inference": lambda tf: tf.layers.dropout(fed(tf, ROWS), 0.3),
}
