"""Attention that moves through a memory in one direction."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

s2s = tf.contrib.seq2seq
RNG = np.random.default_rng(0)


def stops(p, before):
    """Return the probabilities of where a step stops, place by place."""
    made = np.zeros_like(p)
    for row, (chances, starts) in enumerate(zip(p, before, strict=True)):
        reached = 0.0
        for place, chance in enumerate(chances):
            passed = 1 - chances[place - 1] if place else 1.0
            reached = passed * reached + starts[place]
            made[row, place] = chance * reached
    return made


@pytest.mark.parametrize("mode", ["recursive", "parallel", "hard"])
def test_weights_are_the_probabilities_of_where_a_step_stops(mode):
    p = RNG.uniform(0.1, 0.9, (3, 6))
    if mode == "hard":
        p = (p > 0.5).astype(float)
    before = np.eye(6)[[0, 2, 1]] if mode == "hard" else stops(np.full((3, 6), 0.5), np.eye(6)[:3])
    with tf.Session() as session:
        found = session.run(s2s.monotonic_attention(p, before, mode))

    np.testing.assert_allclose(found, stops(p, before), atol=1e-9)
    with pytest.raises(ValueError, match="mode must be 'recursive', 'parallel', or 'hard'"):
        s2s.monotonic_attention(p, before, "soft")


def test_products_of_zeros_have_a_gradient():
    x = tf.constant([[0.5, 0.0, 0.5]])
    made = s2s.safe_cumprod(x, axis=1, exclusive=True)
    with tf.Session() as session:
        values, grad = session.run([made, tf.gradients(made, x)[0]])

    np.testing.assert_allclose(values, [[1.0, 0.5, 0.0]], atol=1e-30)
    assert np.isfinite(grad).all()


@pytest.mark.parametrize("kind", ["Bahdanau", "Luong"])
def test_a_decoder_attends_monotonically(kind):
    memory = tf.constant(RNG.normal(size=(3, 5, 4)), tf.float32)
    make = getattr(s2s, f"{kind}MonotonicAttention")
    attention = make(4, memory, [5, 3, 2], True, score_bias_init=0.5, mode="recursive")
    wrapper = s2s.AttentionWrapper(tf.nn.rnn_cell.GRUCell(4), attention)
    state = wrapper.zero_state(3, tf.float32)
    first = state.alignments
    for _ in range(2):
        _, state = wrapper(tf.ones([3, 2]), state)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        before, after = session.run([first, state.alignments])
    names = {variable.op.name.rpartition("/")[2] for variable in tf.global_variables()}

    assert before.tolist() == [[1, 0, 0, 0, 0]] * 3
    assert (after[1, 3:] == 0).all()
    assert (after[2, 2:] == 0).all()
    assert (after.sum(1) <= 1.0001).all()
    assert "attention_score_bias" in names


def test_hard_attention_stops_where_scores_are_above_zero_and_noise_moves_them():
    memory = tf.ones([1, 3, 2])
    hard = s2s.LuongMonotonicAttention(2, memory, mode="hard", score_bias_init=100.0)
    noisy = s2s.BahdanauMonotonicAttention(2, memory, sigmoid_noise=1.0, sigmoid_noise_seed=3)
    start = hard.initial_state(1, tf.float32)
    stopped, _ = hard(tf.ones([1, 2]), start)
    moved, _ = noisy(tf.ones([1, 2]), start)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        weights, one, other = session.run(stopped), session.run(moved), session.run(moved)

    assert weights.tolist() == [[1.0, 0.0, 0.0]]
    assert not np.allclose(one, other)
