"""Batches of elements that come one by one: all of them, in TensorFlow's graphs."""

from __future__ import annotations

import numpy as np
import pytest
from input_ends import until_the_end

import minitf
import minitf as tf


def numbers(tf, count=10, epochs=1):
    """Return the numbers from 0 on, one in each run."""
    return tf.train.range_input_producer(count, epochs, shuffle=False).dequeue()


def flat(batches):
    return [int(each) for batch in batches for each in batch]


# --- all elements, once ---------------------------------------------------------------------------


@pytest.mark.paper("W-37")
def test_batches_hold_the_elements_in_order():
    found = until_the_end(lambda tf: tf.train.batch([numbers(tf)], 3))

    assert [batch.tolist() for batch in found] == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]


def test_what_is_left_at_the_end_may_be_a_batch_too():
    found = until_the_end(
        lambda tf: tf.train.batch([numbers(tf)], 4, allow_smaller_final_batch=True)
    )

    assert [batch.tolist() for batch in found] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


@pytest.mark.parametrize("threads", [1, 4])
def test_components_of_an_element_stay_together(threads):
    def make(tf):
        x = numbers(tf, 40)
        return tf.train.batch({"x": x, "square": x * x, "text": tf.as_string(x)}, 5, threads)

    found = until_the_end(make)

    assert sorted(flat(batch["x"] for batch in found)) == list(range(40))
    for batch in found:
        np.testing.assert_array_equal(batch["square"], batch["x"] ** 2)
        assert [int(each) for each in batch["text"]] == batch["x"].tolist()


def test_a_dict_of_one_tensor_is_a_dict_again():
    found = until_the_end(lambda tf: tf.train.batch({"x": numbers(tf, 4)}, 2))

    assert [batch["x"].tolist() for batch in found] == [[0, 1], [2, 3]]


def test_several_elements_may_come_at_once():
    def make(tf):
        x = numbers(tf, 6)
        return tf.train.batch([tf.stack([x, x + 100])], 3, enqueue_many=True)

    found = until_the_end(make)

    assert flat(found) == [0, 100, 1, 101, 2, 102, 3, 103, 4, 104, 5, 105]


def test_elements_of_different_sizes_are_filled_up():
    def make(tf):
        x = numbers(tf, 6)
        return tf.train.batch([tf.range(x)], 3, dynamic_pad=True)

    found = until_the_end(make)

    assert found[0].tolist() == [[0, 0], [0, 0], [0, 1]]
    assert found[1].tolist() == [[0, 1, 2, 0, 0], [0, 1, 2, 3, 0], [0, 1, 2, 3, 4]]


def test_several_lists_are_joined():
    def make(tf):
        first, second = numbers(tf, 6), numbers(tf, 6) + 100
        return tf.train.batch_join([[first], [second]], 4)

    found = until_the_end(make)

    assert sorted(flat(found)) == [*range(6), *range(100, 106)]


@pytest.mark.paper("W-38")
def test_a_shuffled_batch_holds_each_element_once_in_another_order():
    def make(tf):
        return tf.train.shuffle_batch(
            [numbers(tf, 100)], 10, capacity=60, min_after_dequeue=40, seed=1
        )

    found = flat(until_the_end(make))

    assert sorted(found) == list(range(100))
    assert found != list(range(100))
    assert max(found[:10]) < 60


def test_shuffled_lists_are_joined():
    def make(tf):
        lists = [{"x": numbers(tf, 12)}, {"x": numbers(tf, 12) + 100}]
        return tf.train.shuffle_batch_join(lists, 6, capacity=20, min_after_dequeue=3)

    found = until_the_end(make)

    assert sorted(flat(batch["x"] for batch in found)) == [*range(12), *range(100, 112)]


# --- elements that are dropped --------------------------------------------------------------------

KEPT = [i for i in range(12) if i % 3]


def third(x):
    return tf.not_equal(x % 3, 0)


MAYBE = {
    "batch": lambda x, keep: tf.train.maybe_batch([x], keep, 4),
    "batch_join": lambda x, keep: tf.train.maybe_batch_join([[x]], keep, 4),
    "shuffle_batch": lambda x, keep: tf.train.maybe_shuffle_batch([x], 4, 8, 0, keep),
    "shuffle_batch_join": lambda x, keep: tf.train.maybe_shuffle_batch_join([[x]], 4, 8, 0, keep),
}


@pytest.mark.parametrize("function", MAYBE)
def test_elements_that_are_not_kept_are_dropped(function):
    def make(tf):
        x = numbers(tf, 12)
        return MAYBE[function](x, third(x))

    found = until_the_end(make)
    found = [batch[0] if isinstance(batch, list) else batch for batch in found]

    assert sorted(flat(found)) == KEPT
    if "shuffle" not in function:
        assert flat(found) == KEPT


def test_one_bool_may_drop_a_whole_batch_of_elements():
    def make(tf):
        x = numbers(tf, 12)
        return tf.train.maybe_batch([tf.stack([x, -x])], third(x), 4, enqueue_many=True)

    assert flat(until_the_end(make)) == [each for i in KEPT for each in (i, -i)]


def test_a_vector_of_bools_drops_some_of_them():
    def make(tf):
        x = numbers(tf, 6)
        pair = tf.stack([2 * x, 2 * x + 1])
        return tf.train.maybe_batch([pair, pair * 10], third(pair), 4, enqueue_many=True)

    found = until_the_end(make)

    assert flat(first for first, _ in found) == KEPT
    assert flat(second for _, second in found) == [10 * i for i in KEPT]


def test_elements_that_are_never_kept_fill_nothing():
    queue = tf.train.maybe_batch([tf.constant(1)], False, 4)
    (runner,) = tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)
    with tf.Session() as session:
        session.run(runner.enqueue_ops)

        assert session.run(runner.queue.size()) == 0
    assert queue.shape.as_list() == [4]


# --- sparse tensors -------------------------------------------------------------------------------


def row(x):
    """Return a sparse vector of 5 that holds x at place x % 5, if x is not a multiple of 4."""
    at = tf.reshape(tf.cast(x % 5, tf.int64), [1, 1])
    keep = tf.reshape(tf.not_equal(x % 4, 0), [1])
    sparse = tf.SparseTensor(at, tf.reshape(x, [1]), tf.constant([5], tf.int64))
    return tf.sparse_retain(sparse, keep)


def dense_row(x):
    made = np.zeros(5, int)
    made[x % 5] = x if x % 4 else 0
    return made.tolist()


@pytest.mark.parametrize("join", [False, True])
def test_sparse_tensors_come_out_as_one(join):
    def make(tf):
        x = numbers(tf, 12)
        if join:
            return tf.train.batch_join([[row(x), x], [row(x), x]], 4)
        return tf.train.batch([row(x), x], 4)

    found = until_the_end(make)
    assert len(found) == 3
    for sparse, x in found:
        dense = np.zeros(sparse.dense_shape, int)
        dense[tuple(sparse.indices.T)] = sparse.values
        assert dense.tolist() == [dense_row(int(each)) for each in x]


@pytest.mark.parametrize("keep", ["all", "some", "each"])
def test_sparse_batches_are_taken_apart_and_dropped(keep):
    def make(tf):
        x = numbers(tf, 12)
        if keep == "some":
            return tf.train.maybe_batch([row(x), x], third(x), 4)
        pair = tf.stack([2 * x, 2 * x + 1])
        both = tf.sparse_concat(
            0, [tf.sparse_reshape(row(2 * x), [1, 5]), tf.sparse_reshape(row(2 * x + 1), [1, 5])]
        )
        flags = third(pair) if keep == "each" else True
        return tf.train.maybe_batch([both, pair], flags, 4, enqueue_many=True)

    found = until_the_end(make)
    wanted = {"all": range(24), "some": KEPT, "each": [i for i in range(24) if i % 3]}[keep]
    assert flat(x for _, x in found) == list(wanted)
    for sparse, x in found:
        dense = np.zeros(sparse.dense_shape, int)
        dense[tuple(sparse.indices.T)] = sparse.values
        assert dense.tolist() == [dense_row(int(each)) for each in x]


# --- what is refused ------------------------------------------------------------------------------


def unknown(tf):
    return tf.placeholder(tf.float32)


REFUSED = {
    "no tensors": lambda tf: tf.train.batch([], 2),
    "no lists": lambda tf: tf.train.batch_join([], 2),
    "an unknown rank": lambda tf: tf.train.batch([unknown(tf)], 2),
    "unknown sizes": lambda tf: tf.train.batch([tf.placeholder(tf.float32, [None])], 2),
    "other types": lambda tf: tf.train.batch_join([[tf.constant(1)], [tf.constant(1.0)]], 2),
    "other shapes": lambda tf: tf.train.batch_join([[tf.constant(1)], [tf.constant([1])]], 2),
    "other keys": lambda tf: tf.train.batch_join([{"a": tf.constant(1)}, {"b": tf.constant(1)}], 2),
    "too small": lambda tf: tf.train.shuffle_batch([tf.constant(1)], 2, 3, 3),
    "a vector of bools": lambda tf: tf.train.maybe_batch([tf.constant(1)], [True], 2),
    "a matrix of bools": lambda tf: tf.train.maybe_batch(
        [tf.constant([1])], [[True]], 2, enqueue_many=True
    ),
    "bools of unknown rank": lambda tf: tf.train.maybe_batch(
        [tf.constant(1)], tf.placeholder(tf.bool), 2
    ),
    "a scalar batch": lambda tf: tf.train.batch([tf.constant(1)], 2, enqueue_many=True),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_batched_is_refused_as_in_tensorflow(what, tensorflow):
    kinds, phrases = [], []
    for library in (minitf, tensorflow):
        with library.Graph().as_default(), pytest.raises((ValueError, TypeError)) as caught:
            REFUSED[what](library)
        kinds.append(TypeError if isinstance(caught.value, TypeError) else ValueError)
        phrases.append(str(caught.value)[:22])

    assert kinds[0] is kinds[1]
    assert phrases[0] == phrases[1]


def test_sparse_tensors_must_stand_in_the_same_places():
    x = tf.constant(3)
    with pytest.raises(ValueError, match="Inconsistent SparseTensors list"):
        tf.train.batch_join([[row(x)], [x]], 2)
    other = tf.sparse_reshape(row(x), [5, 1])
    with pytest.raises(ValueError, match="Inconsistent SparseTensors list"):
        tf.train.batch_join([[row(x)], [other]], 2)


# --- TensorFlow's graphs --------------------------------------------------------------------------


def pair(tf):
    return [tf.constant(1.0, name="a"), tf.constant([1, 2], name="b")]


def sparse_pair(tf, rank=1):
    indices, shape = np.zeros((1, rank), np.int64), np.ones(rank, np.int64)
    return [tf.SparseTensor(indices, [7], shape), tf.ones([1] * (rank - 1))]


MADE = {
    "batch": lambda tf: tf.train.batch(pair(tf), 4),
    "named": lambda tf: tf.train.batch(
        {"x": tf.constant(1)}, 4, 3, 50, shared_name="s", name="mine"
    ),
    "padded": lambda tf: tf.train.batch(
        [tf.placeholder(tf.int32, [None], name="p")], 4, dynamic_pad=True
    ),
    "shapes": lambda tf: tf.train.batch([tf.placeholder(tf.int32, name="p")], 4, shapes=[[2]]),
    "many": lambda tf: tf.train.batch([[1, 2], ["a", "b"]], 4, enqueue_many=True),
    "smaller": lambda tf: tf.train.batch(pair(tf), 4, allow_smaller_final_batch=True),
    "join": lambda tf: tf.train.batch_join([pair(tf), pair(tf)], 4, capacity=9),
    "shuffle": lambda tf: tf.train.shuffle_batch(pair(tf), 4, 90, 10, num_threads=2),
    "shuffle join": lambda tf: tf.train.shuffle_batch_join([pair(tf), pair(tf)], 4, 90, 10, seed=2),
    "never": lambda tf: tf.train.maybe_batch(pair(tf), False, 4),
    "each": lambda tf: tf.train.maybe_batch(
        [tf.constant([1, 2])], tf.placeholder(tf.bool, [2], name="k"), 4, enqueue_many=True
    ),
    "sparse": lambda tf: tf.train.batch(sparse_pair(tf), 4),
    "sparse many": lambda tf: tf.train.batch(sparse_pair(tf, 2), 4, enqueue_many=True),
    "sparse join": lambda tf: tf.train.batch_join([sparse_pair(tf), sparse_pair(tf)], 4),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("what", MADE)
def test_the_nodes_are_tensorflows(what, tensorflow):
    found = []
    for library in (minitf, tensorflow):
        with library.Graph().as_default() as graph:
            library.set_random_seed(3)
            made = MADE[what](library)
            nodes = {
                op.name: (
                    op.type,
                    [t.name for t in op.inputs],
                    sorted(c.name for c in op.control_inputs),
                )
                for op in graph.get_operations()
            }
            collections = {
                key: [each.name for each in graph.get_collection(key)]
                for key in ("summaries", "queue_runners")
            }
            parts = list(made.values()) if isinstance(made, dict) else made
            shapes = [str(each.shape) for each in (parts if isinstance(parts, list) else [parts])]
            found.append((nodes, collections, shapes))

    assert found[0] == found[1]
