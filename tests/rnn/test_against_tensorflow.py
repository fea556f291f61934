"""Old checkpoints load: variables are TensorFlow's, and so are outputs, states and gradients."""

from __future__ import annotations

import numpy as np
import pytest

import minitf
from minitf import nest

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.thorough,
    pytest.mark.filterwarnings("ignore:.*is deprecated:UserWarning"),
    pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning"),
]


def layered(tf):
    return tf.nn.rnn_cell.MultiRNNCell(
        [tf.nn.rnn_cell.LSTMCell(4, num_proj=3), tf.nn.rnn_cell.GRUCell(3)]
    )


CELLS = {
    "rnn": lambda tf: tf.nn.rnn_cell.BasicRNNCell(4, activation="softsign"),
    "gru": lambda tf: tf.nn.rnn_cell.GRUCell(4),
    "gru with initializers": lambda tf: tf.nn.rnn_cell.GRUCell(
        4,
        kernel_initializer=tf.random_normal_initializer(seed=2),
        bias_initializer=tf.constant_initializer(0.5),
    ),
    "basic lstm": lambda tf: tf.nn.rnn_cell.BasicLSTMCell(4, forget_bias=0.3),
    "lstm": lambda tf: tf.nn.rnn_cell.LSTMCell(
        4, True, 0.3, tf.random_uniform_initializer(-1, 1, seed=3), 3, 0.2, forget_bias=0.5
    ),
    "layers": layered,
    "residual": lambda tf: tf.nn.rnn_cell.ResidualWrapper(tf.nn.rnn_cell.LSTMCell(3)),
    "variational": lambda tf: tf.nn.rnn_cell.DropoutWrapper(
        tf.nn.rnn_cell.LSTMCell(3),
        0.5,
        0.5,
        0.5,
        variational_recurrent=True,
        input_size=3,
        dtype=tf.float32,
        seed=5,
    ),
}
EACH_TIME = {"gru with initializers", "lstm", "layers", "variational"}
BY_NAME = [
    pytest.param(name, marks=() if name in EACH_TIME else pytest.mark.long) for name in CELLS
]
X = np.random.default_rng(0).normal(size=(5, 6, 3)).astype(np.float32)


def network(tf, name, lengths=(6, 0, 3, 2, 5)):
    """Return outputs, states and gradients of a network of both directions."""
    tf.set_random_seed(4)
    x = tf.constant(X)
    cells = CELLS[name](tf), CELLS[name](tf)
    lengths = None if lengths is None else tf.constant(lengths)
    outputs, states = tf.nn.bidirectional_dynamic_rnn(*cells, x, lengths, dtype=tf.float32)
    results = nest.flatten([outputs, states])
    loss = tf.add_n([tf.reduce_sum(tf.square(each)) for each in results])
    return results + tf.gradients(loss, [x, *tf.trainable_variables()])


@pytest.mark.parametrize("name", BY_NAME)
def test_variables_of_a_checkpoint_of_tensorflows_give_what_they_gave(
    tensorflow_with_cells, name, tmp_path
):
    tf = tensorflow_with_cells
    path = str(tmp_path / "model")
    with tf.Graph().as_default(), tf.Session() as session:
        results = network(tf, name)
        their_variables = {v.op.name: v.shape.as_list() for v in tf.trainable_variables()}
        session.run(tf.global_variables_initializer())
        rng = np.random.default_rng(1)
        for variable in tf.trainable_variables():  # biases that are not alike
            value = session.run(variable)
            variable.load(value + rng.normal(0, 0.1, value.shape), session)
        tf.train.Saver().save(session, path)
        theirs = session.run(results)
    with minitf.Session() as session:
        results = network(minitf, name)
        minitf.train.Saver().restore(session, path)
        ours = session.run(results)

    assert {v.op.name: v.shape.as_list() for v in minitf.trainable_variables()} == their_variables
    assert len(ours) == len(theirs)
    for got, want in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(got, want, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("name", BY_NAME)
def test_initializers_have_tensorflows_numbers(tensorflow_with_cells, name):
    """The seeds of newer versions are others where the user gives none; bounds are the same."""
    numbers = []
    for tf in (minitf, tensorflow_with_cells):
        with tf.Graph().as_default() as graph, tf.Session() as session:
            network(tf, name, None)
            names = [op.name for op in graph.get_operations() if op.type == "Const"]
            parts = {each: f"{each}:0" for each in names if "/Initializer/" in each}
            numbers.append(session.run(parts))
    ours, theirs = numbers

    assert ours.keys() == theirs.keys()
    for key, value in theirs.items():
        np.testing.assert_allclose(ours[key], value, rtol=1e-6)


def test_what_a_step_drops_is_what_tensorflow_drops(tensorflow_with_cells):
    kept = []
    for tf in (minitf, tensorflow_with_cells):
        with tf.Graph().as_default(), tf.Session() as session:
            cell = tf.nn.rnn_cell.DropoutWrapper(
                tf.nn.rnn_cell.LSTMCell(8, initializer=tf.ones_initializer()), 0.6, 0.5, 0.4, seed=3
            )
            state = cell.zero_state(2, tf.float32)
            results = cell(tf.ones([2, 7]), state)
            session.run(tf.global_variables_initializer())
            kept.append(session.run(nest.flatten(results)))

    for got, want in zip(*kept, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)
