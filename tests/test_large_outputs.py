"""Layers of many words: sharded tables, of which a step touches few rows, and large softmaxes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf

WORDS, UNITS, BATCH = 23, 4, 6
STRATEGIES = ("mod", "div")
RNG = np.random.default_rng(3)
TABLE = RNG.standard_normal((WORDS, UNITS)).astype(np.float32)
STATES = RNG.standard_normal((BATCH, UNITS)).astype(np.float32)
LABELS = RNG.integers(0, WORDS, BATCH)


def shards(array: np.ndarray, count: int, strategy: str) -> list[np.ndarray]:
    """Return the rows of each shard."""
    if strategy == "mod":
        return [array[shard::count] for shard in range(count)]
    return np.array_split(array, count)


# --- sharded tables -------------------------------------------------------------------------------


@pytest.mark.paper("O-20")
@given(
    ids=st.lists(st.integers(0, WORDS - 1), max_size=8),
    count=st.integers(1, 5),
    strategy=st.sampled_from(STRATEGIES),
)
def test_a_sharded_table_answers_as_the_whole_one(ids, count, strategy):
    with tf.Graph().as_default(), tf.Session() as session:
        tables = [tf.constant(shard) for shard in shards(TABLE, count, strategy)]
        found = tf.nn.embedding_lookup(
            tables, tf.constant(ids, tf.int32, [len(ids)]), partition_strategy=strategy
        )

        np.testing.assert_array_equal(session.run(found), TABLE[ids])


@pytest.mark.paper("O-20")
def test_rows_are_gathered_beside_their_shard_and_stitched():
    with tf.Graph().as_default() as graph:
        tables = []
        for number in range(3):
            with tf.device(f"/job:ps/task:{number}"):
                tables.append(tf.Variable(TABLE[number::3]))
        tf.nn.embedding_lookup(tables, tf.placeholder(tf.int64, [None]))

    made = {op.type for op in graph.get_operations()}
    gathered = [op for op in graph.get_operations() if op.type in {"Gather", "GatherV2"}]
    assert {"FloorMod", "DynamicPartition", "ParallelDynamicStitch"} <= made
    assert [op.device for op in gathered] == [f"/job:ps/task:{number}" for number in range(3)]


@pytest.mark.paper("O-20")
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_step_changes_just_the_rows_that_it_read(strategy):
    ids = [1, 4, 1, 22]
    with tf.Graph().as_default(), tf.Session() as session:
        tables = [tf.Variable(shard) for shard in shards(TABLE, 3, strategy)]
        rows = tf.nn.embedding_lookup(tables, ids, partition_strategy=strategy)
        train = tf.train.GradientDescentOptimizer(1.0).minimize(tf.reduce_sum(rows))
        session.run(tf.global_variables_initializer())
        session.run(train)
        after = session.run(tables)

    expected = TABLE.copy()
    np.subtract.at(expected, ids, 1)  # a row that is read twice has two gradients
    for ours, wanted in zip(after, shards(expected, 3, strategy), strict=True):
        np.testing.assert_array_equal(ours, wanted)


# --- large softmaxes ------------------------------------------------------------------------------


def full_softmax(table: tf.Tensor) -> tf.Tensor:
    """Return the losses of the softmax of all words."""
    scores = tf.matmul(tf.constant(STATES), table, transpose_b=True)
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=LABELS, logits=scores)


@pytest.mark.paper("O-21")
def test_a_softmax_over_shards_has_the_gradients_of_the_whole():
    with tf.Graph().as_default(), tf.Session() as session:
        tables = [tf.constant(shard) for shard in np.array_split(TABLE, 3)]
        scores = [tf.matmul(tf.constant(STATES), shard, transpose_b=True) for shard in tables]
        sharded = tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=LABELS, logits=tf.concat(scores, 1)
        )
        whole = tf.constant(TABLE)
        of_shards, of_whole = session.run(
            [tf.gradients(sharded, tables), tf.gradients(full_softmax(whole), whole)[0]]
        )

    np.testing.assert_allclose(np.concatenate(of_shards), of_whole, rtol=2e-6, atol=2e-6)


def sampled_softmax(table: tf.Tensor, sampled: tuple[tf.Tensor, ...], count: int) -> tf.Tensor:
    """Return the losses of the softmax of the true words and those that are sampled."""
    return tf.nn.sampled_softmax_loss(
        weights=table,
        biases=tf.zeros([WORDS]),
        labels=tf.constant(LABELS[:, None]),
        inputs=tf.constant(STATES),
        num_sampled=count,
        num_classes=WORDS,
        sampled_values=sampled,
    )


@pytest.mark.paper("O-21")
def test_a_sample_of_all_words_gives_the_full_softmax_and_its_gradient():
    with tf.Graph().as_default(), tf.Session() as session:
        table = tf.constant(TABLE)
        once = tf.ones([BATCH, 1]), tf.ones([WORDS])  # each word is expected once
        sampled = sampled_softmax(table, (tf.range(WORDS, dtype=tf.int64), *once), WORDS)
        losses = (sampled, full_softmax(table))
        ours, wanted = session.run([(loss, tf.gradients(loss, table)[0]) for loss in losses])

    np.testing.assert_allclose(ours[0], wanted[0], rtol=2e-6)
    gradient = np.zeros_like(TABLE)
    np.add.at(gradient, ours[1].indices, ours[1].values)
    np.testing.assert_allclose(gradient, wanted[1], rtol=2e-5, atol=2e-6)


@pytest.mark.paper("O-21")
@pytest.mark.thorough
def test_larger_samples_come_nearer_to_the_full_softmax():
    """The error of the mean gradient falls as the sample grows: what is left is the estimate's."""
    draws = 100
    with tf.Graph().as_default(), tf.Session() as session:
        table = tf.constant(TABLE)
        (full,) = tf.gradients(full_softmax(table), table)
        sampled = {}
        for count in (2, 20):
            values = tf.nn.uniform_candidate_sampler(
                LABELS[:, None], 1, count, unique=False, range_max=WORDS, seed=5
            )
            (slices,) = tf.gradients(sampled_softmax(table, values, count), table)
            sampled[count] = tf.convert_to_tensor(slices)
        wanted = session.run(full)
        errors = {
            count: np.abs(np.mean([session.run(grad) for _ in range(draws)], axis=0) - wanted).max()
            for count, grad in sampled.items()
        }

    assert errors[20] < errors[2] / 2
