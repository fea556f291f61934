"""Sequences as lists: losses against their formulas, and decoders that share variables or not."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

legacy = tf.contrib.legacy_seq2seq
RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(3, 2, 4))
TARGETS = RNG.integers(0, 4, (3, 2))
WEIGHTS = np.array([[1.0, 0.5], [2.0, 0.0], [0.0, 0.0]])


def entropies():
    totals = np.log(np.exp(LOGITS).sum(-1))
    return totals - np.take_along_axis(LOGITS, TARGETS[..., None], 2)[..., 0]


def lists():
    return [[tf.constant(each) for each in array] for array in (LOGITS, TARGETS, WEIGHTS)]


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def run(fetches):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches)


@pytest.mark.parametrize("averaged", [True, False])
def test_the_loss_of_each_sequence_is_its_weighted_mean_or_sum(averaged):
    found = run(legacy.sequence_loss_by_example(*lists(), average_across_timesteps=averaged))
    expected = (entropies() * WEIGHTS).sum(0) / (WEIGHTS.sum(0) if averaged else 1)

    np.testing.assert_allclose(found, expected, rtol=1e-10)


@pytest.mark.parametrize("averaged", [True, False])
def test_the_loss_of_a_batch_is_their_mean_or_sum(averaged):
    loss = legacy.sequence_loss(*lists(), average_across_batch=averaged)
    each = (entropies() * WEIGHTS).sum(0) / WEIGHTS.sum(0)

    assert loss.op.name.startswith("sequence_loss/")
    np.testing.assert_allclose(run(loss), each.sum() / (2 if averaged else 1), rtol=1e-10)


def test_a_sequence_without_weight_has_no_loss():
    logits, targets, _ = lists()
    nothing = [tf.zeros([2], tf.float64)] * 3

    assert run(legacy.sequence_loss_by_example(logits, targets, nothing)).tolist() == [0, 0]


def test_another_loss_gets_labels_and_logits():
    def squared(labels, logits):
        return tf.reduce_sum(tf.square(logits), 1) + tf.cast(labels, tf.float64)

    found = run(legacy.sequence_loss_by_example(*lists(), False, squared))

    np.testing.assert_allclose(found, (((LOGITS**2).sum(-1) + TARGETS) * WEIGHTS).sum(0))


def test_lists_of_different_lengths_are_refused():
    logits, targets, weights = lists()
    with pytest.raises(ValueError, match="must be the same 3, 2, 3"):
        legacy.sequence_loss_by_example(logits, targets, weights[:2])


class Adder(tf.nn.rnn_cell.RNNCell):
    """outputs = state = inputs + state + bias, with a variable."""

    state_size = output_size = 1

    def __call__(self, inputs, state, scope=None):
        bias = tf.get_variable("bias", [1], initializer=tf.ones_initializer())
        total = inputs + state + bias
        return total, total


def steps(*values):
    return [tf.constant([[float(value)]]) for value in values]


def test_a_decoder_reads_its_inputs_with_the_same_variables():
    outputs, state = legacy.rnn_decoder(steps(1, 2, 3), tf.zeros([1, 1]), Adder())

    assert [each.op.name for each in tf.global_variables()] == ["rnn_decoder/bias"]
    found, last = run([outputs, state])
    assert np.ravel(found).tolist() == [2, 5, 9]
    assert last == [[9]]


def test_a_loop_function_makes_inputs_of_outputs():
    seen = []

    def loop(output, step):
        seen.append(step)
        return 10 * output

    outputs, _ = legacy.rnn_decoder(steps(1, 2, 3), tf.zeros([1, 1]), Adder(), loop)

    assert np.ravel(run(outputs)).tolist() == [2, 23, 254]  # 10 x the last one + the state + 1
    assert seen == [1, 2]


def test_encoder_and_decoder_have_variables_of_their_own_or_the_same():
    cell = tf.nn.rnn_cell.BasicRNNCell(2)
    own, _ = legacy.basic_rnn_seq2seq(steps(1, 2), steps(3), cell)
    names = [each.op.name for each in tf.global_variables()]
    tied, _ = legacy.tied_rnn_seq2seq(steps(1, 2), steps(3), tf.nn.rnn_cell.BasicRNNCell(2))

    assert names == [
        f"basic_rnn_seq2seq/{part}/basic_rnn_cell/{variable}"
        for part in ("rnn", "rnn_decoder")
        for variable in ("kernel", "bias")
    ]
    assert [each.op.name for each in tf.global_variables()[4:]] == [
        f"combined_tied_rnn_seq2seq/tied_rnn_seq2seq/basic_rnn_cell/{variable}"
        for variable in ("kernel", "bias")
    ]
    assert [each.shape for each in run([own[0], tied[0]])] == [(1, 2), (1, 2)]


def test_buckets_share_the_variables_of_one_model():
    calls = []

    def model(encoder_inputs, decoder_inputs):
        calls.append((len(encoder_inputs), len(decoder_inputs)))
        cell = tf.nn.rnn_cell.BasicRNNCell(4)
        return legacy.tied_rnn_seq2seq(encoder_inputs, decoder_inputs, cell)

    targets = [tf.constant([1])] * 3
    weights = [tf.ones([1])] * 3
    buckets = [(1, 2), (2, 3)]
    data = steps(1, 2), steps(3, 4, 5), targets, weights, buckets, model
    outputs, losses = legacy.model_with_buckets(*data)
    with tf.variable_scope(tf.get_variable_scope(), reuse=True):
        _, vectors = legacy.model_with_buckets(*data, per_example_loss=True, name="each")

    assert calls[:2] == buckets
    assert [len(each) for each in outputs] == [2, 3]
    assert [each.shape.as_list() for each in losses + vectors] == [[], [], [1], [1]]
    assert len(tf.trainable_variables()) == 2
    assert np.isfinite(run(losses)).all()


@pytest.mark.parametrize("short", ["encoder_inputs", "targets", "weights"])
def test_buckets_longer_than_the_data_are_refused(short):
    data = {
        "encoder_inputs": steps(1, 2),
        "decoder_inputs": steps(1, 2),
        "targets": [tf.constant([1])] * 2,
        "weights": [tf.ones([1])] * 2,
    }
    data[short] = data[short][:1]
    with pytest.raises(ValueError, match=f"Length of {short} .1. must be at least that of last"):
        legacy.model_with_buckets(**data, buckets=[(2, 2)], seq2seq=None)
