"""Sampled losses build TensorFlow's graphs, draw its candidates and compute its values."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, fed

import minitf
from minitf.compat.internal.nn_impl import compute_sampled_logits

RNG = np.random.default_rng(7)
TABLE = RNG.standard_normal((9, 4), np.float32)
OFFSETS = RNG.standard_normal(9).astype(np.float32)
LABELS = np.int64([[0], [3], [8]])
PAIRS = np.int64([[0, 1], [3, 8], [2, 2]])
INPUTS = RNG.standard_normal((3, 4), np.float32)


def sampled(tf, loss, labels=LABELS, num_true=1, **options):
    """Return one of the two losses, of candidates drawn by a seed."""
    weights, biases, inputs = fed(tf, TABLE), fed(tf, OFFSETS), fed(tf, INPUTS, [None, 4])
    truths = fed(tf, labels)
    classes = tf.cast(truths, tf.int64)
    drawn = tf.nn.log_uniform_candidate_sampler(classes, num_true, 5, True, 9, seed=3)
    make = getattr(tf.nn, loss)
    return make(weights, biases, truths, inputs, 5, 9, num_true, drawn, **options)


GRAPHS = {
    "uniform": lambda tf: tf.nn.uniform_candidate_sampler(fed(tf, PAIRS), 2, 4, True, 9, seed=5),
    "log uniform": lambda tf: tf.random.log_uniform_candidate_sampler(
        fed(tf, PAIRS, [None, 2]), 2, 4, False, 9, seed=5, name="drawn"
    ),
    "learned unigram": lambda tf: tf.nn.learned_unigram_candidate_sampler(
        fed(tf, PAIRS), 2, 4, True, 9, seed=5
    ),
    "fixed unigram": lambda tf: tf.nn.fixed_unigram_candidate_sampler(
        fed(tf, PAIRS), 2, 4, True, 9, unigrams=[1.0, 2, 3, 4, 5, 6, 7, 8, 9], seed=5
    ),
    "all": lambda tf: tf.nn.all_candidate_sampler(fed(tf, PAIRS), 2, 9, True),
    "hits": lambda tf: tf.nn.compute_accidental_hits(
        fed(tf, PAIRS), tf.constant([3, 0, 5], tf.int64), 2
    ),
    "nce_loss": lambda tf: sampled(tf, "nce_loss"),
    "nce_loss of pairs": lambda tf: sampled(tf, "nce_loss", PAIRS, num_true=2, name="noise"),
    "nce_loss without hits": lambda tf: sampled(tf, "nce_loss", remove_accidental_hits=True),
    "sampled_softmax_loss": lambda tf: sampled(tf, "sampled_softmax_loss"),
    "sampled_softmax_loss that samples": lambda tf: tf.nn.sampled_softmax_loss(
        [fed(tf, TABLE[:5]), fed(tf, TABLE[5:])],
        fed(tf, OFFSETS),
        fed(tf, LABELS),
        fed(tf, INPUTS),
        num_sampled=4,
        num_classes=9,
        partition_strategy="div",
        seed=8,
    ),
    "sampled_softmax_loss of int32": lambda tf: sampled(
        tf, "sampled_softmax_loss", LABELS.astype(np.int32), remove_accidental_hits=False
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_the_graph_is_tensorflows(make, tensorflow):
    assert_same_graph(tensorflow, make)


def test_a_softmax_over_all_classes_is_the_full_softmax():
    with minitf.Graph().as_default(), minitf.Session() as session:
        labels = minitf.constant(LABELS)
        everything = minitf.nn.all_candidate_sampler(labels, 1, 9, True)
        sampled_loss = minitf.nn.sampled_softmax_loss(
            TABLE, OFFSETS, labels, minitf.constant(INPUTS), 9, 9, 1, everything
        )
        logits = minitf.matmul(INPUTS, TABLE, transpose_b=True) + OFFSETS
        full_loss = minitf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=LABELS[:, 0], logits=logits
        )

        np.testing.assert_allclose(*session.run([sampled_loss, full_loss]), rtol=1e-5)


@pytest.mark.parametrize("loss", ["nce_loss", "sampled_softmax_loss"])
def test_only_the_rows_of_candidates_get_gradients(loss):
    with minitf.Graph().as_default():
        table = minitf.get_variable("table", initializer=TABLE)
        made = getattr(minitf.nn, loss)(table, OFFSETS, LABELS, minitf.constant(INPUTS), 2, 9)
        (grad,) = minitf.gradients(made, table)

        assert isinstance(grad, minitf.IndexedSlices)


def test_scores_count_how_often_a_class_is_sampled_only_if_they_are_told_to():
    tf = minitf
    counts = [[0.5], [0.25]], [0.125, 2.0]
    with tf.Graph().as_default(), tf.Session() as session:
        sampled = (tf.constant([1, 3], tf.int64), *map(tf.constant, counts))
        kept, lessened = (
            compute_sampled_logits(
                tf.ones([4, 2]),
                tf.zeros([4]),
                tf.constant([[0], [2]], tf.int64),
                tf.ones([2, 2]),
                num_sampled=2,
                num_classes=4,
                sampled_values=sampled,
                subtract_log_q=subtracted,
            )[0]
            for subtracted in (False, True)
        )
        difference = session.run(kept - lessened)

    wanted = np.log([[0.5, 0.125, 2.0], [0.25, 0.125, 2.0]])
    np.testing.assert_allclose(difference, wanted, rtol=1e-6)
