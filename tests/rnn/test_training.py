"""A network of a long memory learns a text by heart."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.rnn.sequence_loss import sequence_loss

TEXT = "how now, brown cow? "


def test_a_network_learns_which_letter_follows():
    letters = sorted(set(TEXT))
    codes = np.array([letters.index(each) for each in TEXT * 4])
    batch, steps = 8, 20
    starts = np.arange(batch) * 5
    x = np.stack([codes[s : s + steps] for s in starts])
    following = np.stack([codes[s + 1 : s + 1 + steps] for s in starts])

    tf.set_random_seed(1)
    read = tf.placeholder(tf.int32, [None, None])
    cell = tf.nn.rnn_cell.LSTMCell(32)
    outputs, _ = tf.nn.dynamic_rnn(cell, tf.one_hot(read, len(letters)), dtype=tf.float32)
    kernel = tf.get_variable("out", [32, len(letters)])
    logits = tf.tensordot(outputs, kernel, 1)
    loss = sequence_loss(logits, tf.constant(following), tf.ones([batch, steps]))
    train = tf.train.AdamOptimizer(0.2).minimize(loss)
    guesses = tf.argmax(logits, 2)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        first = session.run(loss, {read: x})
        for _ in range(80):
            session.run(train, {read: x})
        last, guessed = session.run([loss, guesses], {read: x})

    assert first == pytest.approx(np.log(len(letters)), abs=0.3)
    assert last < 0.5
    assert (guessed[:, 8:] == following[:, 8:]).mean() > 0.95
