"""sequence_loss against its formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.rnn.sequence_loss import sequence_loss

ways = st.sampled_from(["keep", "average", "sum"])


@given(batch=ways, time=ways, seed=st.integers(0, 99))
def test_losses_are_averaged_summed_or_kept_along_each_axis(batch, time, seed):
    rng = np.random.default_rng(seed)
    logits, targets = rng.normal(size=(2, 3, 4)), rng.integers(0, 4, (2, 3))
    weights = rng.integers(0, 3, (2, 3)) / 2
    tf.reset_default_graph()
    loss = sequence_loss(
        tf.constant(logits),
        tf.constant(targets),
        tf.constant(weights),
        average_across_timesteps=time == "average",
        average_across_batch=batch == "average",
        sum_over_timesteps=time == "sum",
        sum_over_batch=batch == "sum",
    )
    with tf.Session() as session:
        got = session.run(loss)

    np.testing.assert_allclose(got, formula(logits, targets, weights, batch, time), rtol=1e-10)


def formula(logits, targets, weights, batch, time):
    """Return the loss; where one axis is averaged and the other one summed, the sum is not made."""
    totals = np.log(np.exp(logits).sum(-1))
    losses = weights * (totals - np.take_along_axis(logits, targets[..., None], 2)[..., 0])
    way = "average" if "average" in (batch, time) else "sum"
    axes = tuple(axis for axis, each in enumerate((batch, time)) if each == way)
    if not axes:
        return losses
    counted = weights if way == "average" else weights != 0
    count = counted.sum(axes)
    return losses.sum(axes) / np.where(count == 0, np.inf, count)


def test_another_loss_may_be_used():
    def zero_one(labels, logits):
        return tf.cast(tf.not_equal(tf.argmax(logits, 1), labels), tf.float32)

    logits = tf.one_hot([[0, 1, 1]], 2)
    loss = sequence_loss(
        logits,
        tf.constant([[1, 1, 0]], tf.int64),
        tf.ones([1, 3]),
        average_across_timesteps=False,
        average_across_batch=False,
        softmax_loss_function=zero_one,
        name="errors",
    )
    with tf.Session() as session:
        assert session.run(loss).tolist() == [[1.0, 0.0, 1.0]]
    assert loss.op.name.startswith("errors/")


def test_losses_of_programs_before_1_1_are_called_by_their_names():
    def before_1_0(inputs, labels):
        return tf.cast(labels, tf.float32) + 10 * inputs[:, 0]

    def of_1_0(labels, inputs):
        return tf.cast(labels, tf.float32) + 10 * inputs[:, 0]

    logits, targets, weights = [tf.constant([[2.0]])], [tf.constant([3])], [tf.ones([1])]
    made = [
        tf.nn.seq2seq.sequence_loss(logits, targets, weights, softmax_loss_function=each)
        for each in (before_1_0, of_1_0)
    ]
    with tf.Session() as session:
        assert session.run(made) == [23, 23]


def test_bad_arguments_are_refused():
    cube, plane = tf.zeros([2, 3, 4]), tf.zeros([2, 3])
    with pytest.raises(ValueError, match="Logits must be a"):
        sequence_loss(plane, plane, plane)
    with pytest.raises(ValueError, match="Targets must be a"):
        sequence_loss(cube, cube, plane)
    with pytest.raises(ValueError, match="Weights must be a"):
        sequence_loss(cube, plane, cube)
    with pytest.raises(ValueError, match="average_across_timesteps and sum_over_timesteps"):
        sequence_loss(cube, plane, plane, sum_over_timesteps=True)
    with pytest.raises(ValueError, match="average_across_batch and sum_over_batch"):
        sequence_loss(cube, plane, plane, sum_over_batch=True)
