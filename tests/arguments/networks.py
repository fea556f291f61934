"""Arguments of `tf.nn`, `tf.layers`, recurrent cells, losses and metrics."""

from __future__ import annotations

import numpy as np
from arguments.told import told

IMAGES = np.random.default_rng(1).normal(size=(2, 6, 6, 3)).astype(np.float32)
KERNEL = np.random.default_rng(2).normal(size=(2, 2, 3, 4)).astype(np.float32)
TRANSPOSED = np.random.default_rng(3).normal(size=(3, 3, 2, 3)).astype(np.float32)
ROWS = np.random.default_rng(4).normal(size=(3, 4)).astype(np.float32)
STEPS = np.random.default_rng(5).normal(size=(2, 5, 3)).astype(np.float32)
ONE_HOT = np.eye(4, dtype=np.float32)[[0, 2, 3]]
ONES = np.ones((4, 9), np.float32)
NAME = "mine"

CONVOLUTION = {"input": IMAGES, "filter": KERNEL, "strides": [1, 1, 1, 1], "padding": "SAME"}
POOL = {"value": IMAGES, "ksize": [1, 2, 2, 1], "strides": [1, 2, 2, 1], "padding": "SAME"}
CONVOLUTION_OF_4 = {  # out of images of 2x2
    "value": IMAGES[:, :2, :2],
    "filter": TRANSPOSED,
    "output_shape": [2, 4, 4, 2],
    "strides": [1, 2, 2, 1],
    "padding": "SAME",
}
SAMPLED = {
    "weights": np.ones((50, 4), np.float32),
    "biases": np.arange(50, dtype=np.float32) / 50,
    "labels": np.array([[1], [7], [3]], np.int64),
    "inputs": ROWS,
    "num_sampled": 5,
    "num_classes": 50,
}


def drawn_classes(tf):
    labels = tf.constant([[1], [7], [3]], tf.int64)
    return tf.nn.log_uniform_candidate_sampler(labels, 1, 5, True, 50, seed=3)


def classes_drawn(tf, function, **given):
    """Return how many classes are drawn, out of how many."""
    function(**given)
    (drawn,) = [
        each
        for each in tf.get_default_graph().get_operations()
        if each.type == "LogUniformCandidateSampler"
    ]
    return [drawn.get_attr("num_sampled"), drawn.get_attr("range_max")]


def outcome(program):
    """Let a program be refused its arguments."""

    def run(tf, function, **given):
        try:
            return program(tf, function, **given)
        except (ValueError, TypeError, tf.errors.InvalidArgumentError):
            return "refused"

    return run


def fetched(tf, function, **given):
    with tf.Session() as session:
        return session.run(function(**given))


def shape_only(tf, function, **given):
    """Return the shape only: TensorFlow runs NHWC alone on a CPU."""
    return function(**given).get_shape().as_list()


NN = [
    *told(
        "tf.nn.conv2d",
        CONVOLUTION,
        filter=2 * KERNEL,
        strides=[1, 2, 2, 1],
        padding="VALID",
        name=NAME,
    ),
    *told(
        "tf.nn.conv2d",
        {**CONVOLUTION, "input": IMAGES.repeat(2, -1), "filter": np.ones((1, 1, 6, 4), np.float32)},
        shape_only,
        data_format="NCHW",
    ),
    *told(
        "tf.nn.conv2d_transpose",
        CONVOLUTION_OF_4,
        outcome(fetched),
        output_shape=[2, 3, 3, 2],
        strides=[1, 3, 3, 1],
        padding="VALID",
    ),
    *told("tf.nn.avg_pool", POOL, ksize=[1, 3, 3, 1], strides=[1, 1, 1, 1]),
    *told("tf.nn.avg_pool", {**POOL, "ksize": [1, 3, 3, 1]}, padding="VALID"),
    *told("tf.nn.max_pool", POOL, ksize=[1, 3, 3, 1], strides=[1, 1, 1, 1], name=NAME),
    *told("tf.nn.max_pool", {**POOL, "ksize": [1, 3, 3, 1]}, padding="VALID"),
    *told("tf.nn.lrn", {"input": IMAGES}, bias=2.0, alpha=0.5, beta=0.75),
    *told("tf.nn.moments", {"x": ROWS, "axes": [0]}, keep_dims=True),
    *told("tf.nn.relu", {"features": ROWS}, name=NAME),
    *told("tf.nn.softmax", {"logits": ROWS}, logits=-ROWS, axis=0, name=NAME),
    *told("tf.nn.dropout", {"x": ONES, "keep_prob": 0.9, "seed": 3}, keep_prob=0.5),
    *told(
        "tf.nn.sigmoid_cross_entropy_with_logits",
        {"labels": ONE_HOT, "logits": ROWS},
        labels=1 - ONE_HOT,
        logits=-ROWS,
    ),
    *told(
        "tf.nn.softmax_cross_entropy_with_logits",
        {"labels": ONE_HOT, "logits": ROWS},
        labels=ONE_HOT[::-1],
        logits=-ROWS,
        name=NAME,
    ),
    *told(
        "tf.nn.softmax_cross_entropy_with_logits_v2",
        {"labels": ONE_HOT, "logits": ROWS},
        labels=ONE_HOT[::-1],
        logits=-ROWS,
    ),
    *told(
        "tf.nn.sparse_softmax_cross_entropy_with_logits",
        {"labels": [0, 2, 3], "logits": ROWS},
        labels=[1, 1, 1],
        logits=-ROWS,
    ),
    *told(
        "tf.nn.nce_loss",
        {**SAMPLED, "sampled_values": drawn_classes},
        weights=np.zeros((50, 4), np.float32),
        biases=np.ones(50, np.float32),
        labels=np.array([[0], [0], [0]], np.int64),
        inputs=-ROWS,
    ),
    *told("tf.nn.nce_loss", SAMPLED, classes_drawn, num_sampled=9, num_classes=40),
]


def in_variables_of_one(tf, function, **given):
    """Call a layer; return what it gives, and the variables that it made."""
    with tf.variable_scope("", initializer=tf.ones_initializer()):
        made = function(**given)
    return [made, tf.global_variables(), [each.name for each in tf.trainable_variables()]]


DENSE = {"inputs": ROWS, "units": 2}
CONV2D = {"inputs": IMAGES, "filters": 2, "kernel_size": 2}
MAX_POOLING = {"inputs": IMAGES, "pool_size": 2, "strides": 2}

LAYERS = [
    *told(
        "tf.layers.dense",
        DENSE,
        in_variables_of_one,
        inputs=-ROWS,
        units=3,
        activation=lambda tf: tf.nn.relu,
        use_bias=False,
        kernel_initializer=lambda tf: tf.constant_initializer(0.5),
        bias_initializer=lambda tf: tf.constant_initializer(3.0),
        trainable=False,
        name=NAME,
    ),
    *told(
        "tf.layers.conv2d",
        CONV2D,
        in_variables_of_one,
        inputs=-IMAGES,
        filters=3,
        kernel_size=[3, 1],
        strides=(2, 1),
        padding="same",
        activation=lambda tf: tf.nn.relu,
        name=NAME,
    ),
    *told("tf.layers.max_pooling2d", MAX_POOLING, inputs=-IMAGES, pool_size=[3, 2], strides=1),
    *told("tf.layers.max_pooling2d", {**MAX_POOLING, "pool_size": 3}, padding="same"),
    *told(
        "tf.layers.dropout",
        {"inputs": ONES, "training": True, "seed": 3},
        rate=0.2,
    ),
    *told("tf.layers.dropout", {"inputs": ONES, "seed": 3}, training=True),
    *told("tf.layers.batch_normalization", {"inputs": ROWS}, training=True),
]


def two_ways(tf, function, **given):
    with tf.variable_scope("", initializer=tf.constant_initializer(0.2)):
        cells = [tf.nn.rnn_cell.BasicRNNCell(2) for _ in range(2)]
        return function(*cells, tf.constant(STEPS), **given)


def over_steps(tf, function, **given):
    with tf.variable_scope("", initializer=tf.constant_initializer(0.2)):
        cell = tf.nn.rnn_cell.BasicRNNCell(2)
        return function(cell, tf.constant(STEPS), **{"dtype": tf.float32, **given})


def over_listed_steps(tf, function, **given):
    with tf.variable_scope("", initializer=tf.constant_initializer(0.2)):
        steps = [tf.constant(STEPS[:, t]) for t in range(5)]
        return function(tf.nn.rnn_cell.BasicRNNCell(2), steps, **given)


def two_steps(tf, make, **given):
    """Step a cell twice, from a state of zeros."""
    with tf.variable_scope("", initializer=tf.constant_initializer(0.2)):
        cell = make(**given)
        _, state = cell(tf.constant(STEPS[:, 0]), cell.zero_state(2, tf.float32))
        return cell(tf.constant(STEPS[:, 1]), state)


def around_a_cell(tf, make, **given):
    with tf.variable_scope("", initializer=tf.constant_initializer(0.2)):
        cell = make(tf.nn.rnn_cell.BasicRNNCell(9), seed=3, **given)
        return cell(tf.constant(STEPS[:, 0]), cell.zero_state(2, tf.float32))[0]


def stacked(tf, make, **given):
    with tf.variable_scope("", initializer=tf.constant_initializer(0.2)):
        cell = make([tf.nn.rnn_cell.BasicRNNCell(2) for _ in range(2)], **given)
        return cell.zero_state(2, tf.float32)


RNN = [
    *told("tf.nn.bidirectional_dynamic_rnn", {}, outcome(two_ways), dtype="float32"),
    *told("tf.nn.dynamic_rnn", {"dtype": None}, outcome(over_steps), dtype="float32"),
    *told(
        "tf.nn.dynamic_rnn",
        {},
        over_steps,
        initial_state=lambda tf: tf.constant([[1.0, 2.0], [3.0, 4.0]]),
        sequence_length=[5, 2],
    ),
    *told(
        "tf.nn.dynamic_rnn",
        {},
        over_steps,
        time_major=True,
    ),
    *told("tf.nn.rnn", {}, outcome(over_listed_steps), oracle="tf.nn.static_rnn", dtype="float32"),
    *told("tf.nn.rnn_cell.DropoutWrapper", {}, around_a_cell, output_keep_prob=0.5),
    *told(
        "tf.contrib.rnn.DropoutWrapper",
        {},
        around_a_cell,
        oracle="tf.nn.rnn_cell.DropoutWrapper",
        output_keep_prob=0.5,
    ),
    *told(
        "tf.contrib.rnn.BasicLSTMCell",
        {"num_units": 2},
        two_steps,
        oracle="tf.nn.rnn_cell.BasicLSTMCell",
        num_units=3,
        forget_bias=5.0,
        state_is_tuple=False,
    ),
    *told(
        "tf.contrib.rnn.MultiRNNCell",
        {},
        stacked,
        oracle="tf.nn.rnn_cell.MultiRNNCell",
        state_is_tuple=False,
    ),
]


def after_one_update(tf, function, **given):
    """Update a metric once; return its value, and the value that the update gave."""
    value, update = function(**given)
    with tf.control_dependencies([update]):
        return [tf.identity(update), value.dtype.name]


SCORES = [
    *told(
        "tf.losses.mean_squared_error",
        {"labels": ROWS, "predictions": ROWS + 1},
        labels=2 * ROWS,
        predictions=ROWS + 3,
    ),
    *told(
        "tf.losses.softmax_cross_entropy",
        {"onehot_labels": ONE_HOT, "logits": ROWS},
        onehot_labels=ONE_HOT[::-1],
        logits=-ROWS,
    ),
    *told(
        "tf.metrics.accuracy",
        {"labels": [1, 2, 3, 4], "predictions": [1, 2, 0, 0]},
        after_one_update,
        labels=[0, 0, 0, 1],
        predictions=[1, 2, 3, 0],
    ),
]

ENTRIES = [*NN, *LAYERS, *RNN, *SCORES]
