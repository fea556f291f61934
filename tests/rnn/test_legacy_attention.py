"""Decoders of words: what they read and attend to, by their formulas, and whom they feed."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

legacy = tf.contrib.legacy_seq2seq


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(3)
        yield graph


def run(fetches, feeds=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches, feeds)


def words(*lists):
    return [tf.constant(each) for each in lists]


def names():
    return [each.op.name for each in tf.trainable_variables()]


def cell(width=3):
    return tf.nn.rnn_cell.BasicRNNCell(width)


def test_attention_reads_the_mean_of_what_was_encoded():
    rng = np.random.default_rng(0)
    x, h, s = (rng.normal(size=n).astype(np.float32) for n in ((2, 4), (2, 5, 3), (2, 3)))
    outputs, state = legacy.attention_decoder(
        [tf.constant(x)], tf.constant(s), tf.constant(h), cell(), initial_state_attention=True
    )
    variables = {
        each.op.name.removeprefix("attention_decoder/"): each for each in tf.trainable_variables()
    }
    found, last, v = run([outputs[0], state, variables])

    def mean(query):
        asked = query @ v["Attention_0/kernel"] + v["Attention_0/bias"]
        scores = np.tanh(h @ v["AttnW_0"][0, 0] + asked[:, None]) @ v["AttnV_0"]
        shares = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
        return (shares[..., None] * h).sum(1)

    def affine(name, *parts):
        return np.concatenate(parts, 1) @ v[f"{name}kernel"] + v[f"{name}bias"]

    after = np.tanh(affine("basic_rnn_cell/", affine("", x, mean(s)), s))
    expected = affine("AttnOutputProjection/", after, mean(after))
    np.testing.assert_allclose(last, after, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_steps_share_variables_and_heads_have_their_own():
    attended = tf.zeros([2, 4, 3])
    inputs = [tf.zeros([2, 5])] * 3
    outputs, _ = legacy.attention_decoder(
        inputs, tf.zeros([2, 3]), attended, cell(), output_size=7, num_heads=2
    )

    assert [each.shape.as_list() for each in outputs] == [[2, 7]] * 3
    assert len(names()) == len(set(names())) == 14
    assert {"attention_decoder/AttnV_1", "attention_decoder/Attention_1/kernel"} <= set(names())


def test_bad_arguments_of_attention_are_refused():
    attended, state, inputs = tf.zeros([2, 4, 3]), tf.zeros([2, 3]), [tf.zeros([2, 5])]
    with pytest.raises(ValueError, match="Must provide at least 1 input"):
        legacy.attention_decoder([], state, attended, cell())
    with pytest.raises(ValueError, match="With less than 1 heads"):
        legacy.attention_decoder(inputs, state, attended, cell(), num_heads=0)
    open_width = tf.placeholder(tf.float32, [2, 4, None])
    with pytest.raises(ValueError, match=r"Shape\[2\] of attention_states must be known"):
        legacy.attention_decoder(inputs, state, open_width, cell())


MODELS = {
    "rnn": legacy.embedding_rnn_seq2seq,
    "attention": legacy.embedding_attention_seq2seq,
}
models = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)


@models
def test_a_model_that_feeds_itself_reads_its_likeliest_words(model):
    encoded = words([1, 2], [3, 4])
    first = words([0, 1])

    def decoded(rest, feed_previous):
        return model(encoded, first + rest, cell(), 6, 5, 4, feed_previous=feed_previous)[0]

    with tf.variable_scope("model") as scope:
        itself = decoded(words([0, 0], [0, 0]), feed_previous=True)
        scope.reuse_variables()
        said = [tf.argmax(each, 1) for each in itself]
        given = decoded(said[:2], feed_previous=False)
    found = run([itself, given])

    assert [each.shape for each in found[0]] == [(2, 5)] * 3
    np.testing.assert_allclose(found[0], found[1], rtol=1e-5, atol=1e-6)


@models
def test_a_tensor_decides_in_each_run_who_is_fed(model):
    fed = tf.placeholder(tf.bool, [])

    def made(feed_previous):
        data = words([1, 2]), words([0, 1], [3, 3]), cell(), 6, 5, 4
        return model(*data, feed_previous=feed_previous)

    with tf.variable_scope("model") as scope:
        either, state = made(fed)
        count = len(names())
        scope.reuse_variables()
        ways = [made(way) for way in (True, False)]
    assert len(names()) == count
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for way, (outputs, last) in zip((True, False), ways, strict=True):
            found = session.run([either, state, outputs, last], {fed: way})
            np.testing.assert_allclose(found[0], found[2], rtol=1e-5, atol=1e-6)
            np.testing.assert_allclose(found[1], found[3], rtol=1e-5, atol=1e-6)


@models
def test_an_output_projection_makes_logits_outside(model):
    def made(projection):
        data = words([1]), words([0], [0]), cell(), 6, 5, 4
        return model(*data, output_projection=projection, feed_previous=True)

    outputs, _ = made((tf.ones([3, 5]), tf.zeros([5])))

    assert [each.shape.as_list() for each in outputs] == [[1, 3]] * 2
    assert np.isfinite(run(outputs)).all()
    with tf.variable_scope("bad"), pytest.raises(ValueError, match="are incompatible"):
        made((tf.ones([3, 4]), tf.zeros([4])))


def test_words_that_are_fed_back_train_their_vectors_if_asked():
    for trained in (True, False):
        with tf.variable_scope(f"trained_{trained}"):
            outputs, _ = legacy.embedding_rnn_decoder(
                words([0], [0]), tf.zeros([1, 3]), cell(), 3, 2, None, True, trained
            )
        embedding = tf.contrib.framework.get_unique_variable(
            f"trained_{trained}/embedding_rnn_decoder/embedding"
        )
        (gradient,) = tf.gradients(outputs[1], [embedding])
        rows = run(gradient.indices)
        assert len(rows) == (2 if trained else 1)
