"""Linear chains (tf.contrib.crf), against sums over all sequences of tags."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.contrib import crf

TAGS = 3


@st.composite
def chains(draw):
    """Draw potentials, transitions, tags and lengths, 0 among them."""
    batch, time = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    lengths = draw(st.lists(st.integers(0, time), min_size=batch, max_size=batch))
    x = random.normal(size=(batch, time, TAGS))
    tags = random.integers(0, TAGS, (batch, time))
    return x, random.normal(size=(TAGS, TAGS)), tags, np.array(lengths)


@pytest.fixture(scope="module")
def chain_functions():
    """Return what a session makes of a chain: a dict of all that there is to compute."""
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float64, [None, None, TAGS])
        transitions = tf.placeholder(tf.float64, [TAGS, TAGS])
        tags, lengths = tf.placeholder(tf.int32, [None, None]), tf.placeholder(tf.int32, [None])
        decoded, best = crf.crf_decode(x, transitions, lengths)
        one_tag = tf.one_hot(tags, TAGS, True, False)
        made = {
            "norm": crf.crf_log_norm(x, lengths, transitions),
            "likelihood": crf.crf_log_likelihood(x, tags, lengths, transitions)[0],
            "score": crf.crf_sequence_score(x, tags, lengths, transitions),
            "of a map": crf.crf_multitag_sequence_score(x, one_tag, lengths, transitions),
            "decoded": decoded,
            "best": best,
        }
        session = tf.Session()
        functions = session.make_callable(made, [x, transitions, tags, lengths])
    yield functions
    session.close()


def scores_of_all(x, transitions, length):
    """Return the score of each sequence of tags, by what the score is defined to be."""
    return {
        tags: sum(x[t, tag] for t, tag in enumerate(tags))
        + sum(transitions[pair] for pair in pairwise(tags))
        for tags in product(range(TAGS), repeat=length)
    }


@given(chain=chains())
def test_scores_norms_and_likelihoods_are_sums_over_all_sequences(chain_functions, chain):
    x, transitions, tags, lengths = chain
    found = chain_functions(*chain)

    np.testing.assert_allclose(found["of a map"], found["score"], atol=1e-9)
    for i, length in enumerate(lengths):
        scores = scores_of_all(x[i], transitions, length)
        norm = np.logaddexp.reduce(list(scores.values()))
        own = scores[tuple(tags[i, :length].tolist())]
        of_this = [found[name][i] for name in ("score", "norm", "likelihood")]
        np.testing.assert_allclose(of_this, [own, norm, own - norm], atol=1e-9)


@given(chain=chains())
def test_the_decoded_tags_score_best(chain_functions, chain):
    x, transitions, _, lengths = chain
    found = chain_functions(*chain)

    for tags, best, own, length in zip(found["decoded"], found["best"], x, lengths, strict=True):
        scores = scores_of_all(own, transitions, length)
        if length:
            assert np.isclose(
                [scores[tuple(tags[:length].tolist())], best], max(scores.values())
            ).all()
            assert crf.viterbi_decode(own[:length], transitions)[0] == tags[:length].tolist()
        assert not tags[max(length, 1) :].any()


def test_transitions_are_learnt_from_batches_of_any_size():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, None, 2])
        tags, lengths = tf.placeholder(tf.int64, [None, None]), tf.placeholder(tf.int64, [None])
        likelihood, transitions = crf.crf_log_likelihood(x, tags, lengths)
        loss = -tf.reduce_mean(likelihood)
        train = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for time in (3, 1, 4) * 10:
                alternating = np.arange(time)[None] % 2
                feeds = {x: np.zeros((1, time, 2)), tags: alternating, lengths: [time]}
                session.run(train, feeds)
            learnt = session.run(transitions)

    assert transitions.op.name == "transitions"
    assert learnt[0, 1] > learnt[0, 0]
    assert learnt[1, 0] > learnt[1, 1]
