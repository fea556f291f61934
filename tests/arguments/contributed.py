"""Arguments of `tf.contrib`, which TensorFlow has no more: what they give is worked out here."""

from __future__ import annotations

import numpy as np
from arguments.told import told

import minitf as tf

ROWS = np.array([[0.1, -0.2, 0.4], [0.3, 0.1, -0.9]], np.float32)
SUMS = ROWS.sum(axis=1, keepdims=True)
UNEVEN = np.array([[[40, 0, 0, 0], [0, 0, 0, 0]]], np.float32)


def values(program):
    """Return a program that gives the values of the tensors alone."""

    def run(tf, function, **given):
        with tf.Session() as session:
            made = program(tf, function, **given)
            session.run(tf.global_variables_initializer())
            return session.run(made)

    return run


def called(tf, function, **given):
    return function(**given)


def called_with_tensors(tf, function, **given):
    return function(**{name: tf.constant(each) for name, each in given.items()})


def trained(tf, optimize_loss, **given):
    """Take one step from (1, 2) on the sum of squares; return where it ends and its number."""
    v = tf.Variable([1.0, 2.0], name="v")
    step = tf.Variable(0, trainable=False, name="step")
    if given["global_step"]:
        given["global_step"] = step
    with tf.Session() as session:
        train = optimize_loss(tf.reduce_sum(v * v), **given)
        session.run(tf.global_variables_initializer())
        session.run(train)
        return list(session.run([v, step]))


def minimized(tf, make, **given):
    """Minimize the sum of squares from (3, 4); return where it ends."""
    v = tf.Variable([3.0, 4.0], name="v")
    with tf.Session() as session:
        optimizer = make(tf.reduce_sum(v * v), **given)
        session.run(tf.global_variables_initializer())
        optimizer.minimize(session)
        return session.run(v)


def zeros(x, y):
    """Model that begins with zeros and comes near to 1."""
    w = tf.get_variable("w", [3, 1], initializer=tf.zeros_initializer())
    return tf.matmul(x, w), tf.reduce_mean((tf.matmul(x, w) - 1) ** 2)


def ones(x, y):
    """Model that begins with ones."""
    w = tf.get_variable("w", [3, 1], initializer=tf.ones_initializer())
    return tf.matmul(x, w), tf.reduce_sum(w) + 0.0 * tf.reduce_sum(tf.to_float(y))


def embedded(tf, function, **given):
    function(**given)
    (variable,) = tf.global_variables()
    return [variable.name, variable.shape.as_list()]


def fitted(tf, make, **given):
    """Fit a model twice; return its steps, its labels' shape and a variable."""
    made = make(**given)
    for _ in range(2):
        made.fit(np.repeat(ROWS, 2, axis=0), [0, 1, 1, 0])
    names = made.get_variable_names()
    variables = [
        made.get_variable_value(each) for each in names if each == "w" or "/weights" in each
    ]
    labels = made.get_tensor("output:0").shape.as_list()
    return [made.get_variable_value("global_step"), str(labels), *variables[:1]]


def selected(tf, select_ops, **given):
    """Select all operations; return their names, or that it is not known of which graph."""
    made = tf.Graph()
    with made.as_default():
        tf.constant(1, name="there")
    if given:
        given = {"graph": made}
    try:
        return [operation.name for operation in select_ops("^.*$", **given)]
    except ValueError:
        return "of which graph?"


def numbered(tf, processor, **given):
    """Return the numbers of the words of two texts."""
    return list(processor(4, **given).fit_transform(["a b a", "a c"]))


def after(*v, step=0):
    return [np.array(v, np.float32), np.int32(step)]


LENGTH = np.sqrt(20)  # of the gradient (2, 4)

ENTRIES = [
    *told(
        "tf.contrib.layers.fully_connected",
        {
            "inputs": ROWS,
            "num_outputs": 2,
            "weights_initializer": lambda tf: tf.ones_initializer(),
        },
        values(called),
        oracle=None,
        inputs=-ROWS,
        num_outputs=3,
        activation_fn=lambda tf: tf.tanh,
        wanted={
            "inputs": np.maximum(-SUMS, 0).repeat(2, 1),
            "num_outputs": np.maximum(SUMS, 0).repeat(3, 1),
            "activation_fn": np.tanh(SUMS).repeat(2, 1),
        },
    ),
    *told(
        "tf.contrib.layers.optimize_loss",
        {"global_step": None, "learning_rate": 0.1, "optimizer": "SGD"},
        trained,
        oracle=None,
        global_step=True,
        learning_rate=0.2,
        optimizer="Adam",
        clip_gradients=1.0,
        wanted={
            "global_step": after(0.8, 1.6, step=1),
            "learning_rate": after(0.6, 1.2),
            "optimizer": after(0.9, 1.9),
            "clip_gradients": after(1 - 0.2 / LENGTH, 2 - 0.4 / LENGTH),
        },
    ),
    *told(
        "tf.contrib.opt.ScipyOptimizerInterface",
        {"options": {"maxiter": 0}},
        minimized,
        oracle=None,
        options={"maxiter": 100},
        wanted={"options": np.zeros(2, np.float32)},
    ),
    *told(
        "tf.contrib.opt.ScipyOptimizerInterface",
        {"options": {"maxiter": 1}},
        minimized,
        oracle=None,
        method="Nelder-Mead",
    ),
    *told(
        "tf.contrib.seq2seq.sequence_loss",
        {"logits": UNEVEN, "targets": [[1, 2]], "weights": [[1.0, 1.0]]},
        values(called_with_tensors),
        oracle=None,
        logits=0 * UNEVEN,
        targets=[[0, 2]],
        weights=[[0.0, 1.0]],
        wanted={
            "logits": np.float32(np.log(4)),
            "targets": np.float32(np.log(4) / 2),
            "weights": np.float32(np.log(4)),
        },
    ),
    *told(
        "tf.contrib.layers.batch_norm",
        {"inputs": ROWS},
        values(called),
        oracle=None,
        is_training=False,
        wanted={"is_training": ROWS / np.sqrt(np.float32(1.001))},
    ),
    *told(
        "tf.contrib.slim.fully_connected",
        {
            "inputs": ROWS,
            "num_outputs": 2,
            "weights_initializer": lambda tf: tf.ones_initializer(),
        },
        values(called),
        oracle=None,
        activation_fn=lambda tf: tf.tanh,
        wanted={"activation_fn": np.tanh(SUMS).repeat(2, 1)},
    ),
    *told(
        "tf.contrib.graph_editor.select_ops",
        {},
        selected,
        oracle=None,
        graph=True,
        wanted={"graph": ["there"]},
    ),
    *told(
        "tf.contrib.learn.preprocessing.VocabularyProcessor",
        {},
        numbered,
        oracle=None,
        min_frequency=1,
        wanted={"min_frequency": [np.array([1, 0, 1, 0]), np.array([1, 0, 0, 0])]},
    ),
    *told(
        "tf.contrib.learn.TensorFlowEstimator",
        {"model_fn": zeros, "n_classes": 0, "steps": 1, "learning_rate": 0.5, "optimizer": "SGD"},
        fitted,
        oracle=None,
        model_fn=ones,
        n_classes=2,
        steps=3,
        learning_rate=0.25,
        continue_training=True,
        batch_size=1,
        optimizer="Adagrad",
    ),
    *told(
        "tf.contrib.learn.TensorFlowDNNClassifier",
        {"hidden_units": [2], "n_classes": 2, "steps": 1},
        fitted,
        oracle=None,
        hidden_units=[4],
        n_classes=3,
        steps=2,
    ),
    *told(
        "tf.contrib.learn.ops.categorical_variable",
        {"tensor_in": [1], "n_classes": 3, "embedding_size": 2, "name": "given"},
        embedded,
        oracle=None,
        n_classes=4,
        embedding_size=5,
        name="other",
        wanted={
            "n_classes": ["given/given_embeddings:0", [4, 2]],
            "embedding_size": ["given/given_embeddings:0", [3, 5]],
            "name": ["other/other_embeddings:0", [3, 2]],
        },
    ),
]
