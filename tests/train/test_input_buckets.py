"""Buckets: what is alike shares a batch, and nothing is lost at the end."""

from __future__ import annotations

from collections import Counter

import pytest
from input_ends import until_the_end

import minitf as tf
from minitf.train.input_buckets import bucket, bucket_by_sequence_length


def numbers(count):
    return tf.train.range_input_producer(count, num_epochs=1, shuffle=False).dequeue()


@pytest.mark.paper("W-37")
def test_batches_hold_what_is_alike():
    def make(tf):
        x = numbers(24)
        return bucket([x, tf.as_string(x)], x % 3, 4, num_buckets=3)

    found = until_the_end(make)

    assert Counter(int(which) for which, _ in found) == {0: 2, 1: 2, 2: 2}
    for which, (x, texts) in found:
        assert (x % 3 == which).all()
        assert [int(text) for text in texts] == x.tolist()
    assert sorted(int(each) for _, (x, _) in found for each in x) == list(range(24))


@pytest.mark.parametrize("threads", [1, 3])
def test_what_is_left_in_the_buckets_may_make_smaller_batches(threads):
    def make(tf):
        x = numbers(11)
        return bucket([x], x % 2, 4, 2, threads, allow_smaller_final_batch=True)

    found = until_the_end(make)

    assert sorted(int(each) for _, (x,) in found for each in x) == list(range(11))
    assert all((x % 2 == which).all() for which, (x,) in found)


def test_a_bucket_may_have_its_own_batch_size_and_capacity():
    def make(tf):
        x = numbers(12)
        sizes = [2, tf.constant(3)]
        return bucket({"x": x}, x % 2, sizes, 2, bucket_capacities=[2, 9])

    found = until_the_end(make)

    assert Counter((int(which), len(batch["x"])) for which, batch in found) == {
        (0, 2): 3,
        (1, 3): 2,
    }


def test_elements_may_be_dropped():
    def make(tf):
        x = numbers(24)
        return bucket([x], x % 2, 4, 2, keep_input=tf.not_equal(x % 3, 0))

    found = until_the_end(make)

    assert sorted(int(e) for _, (x,) in found for e in x) == [i for i in range(24) if i % 3]


@pytest.mark.paper("W-37")
def test_sentences_of_similar_length_are_filled_up_together():
    def make(tf):
        x = numbers(20)
        return bucket_by_sequence_length(
            x, [tf.range(x)], 5, bucket_boundaries=[5, 10, 15], dynamic_pad=True
        )

    found = until_the_end(make)

    assert len(found) == 4
    for lengths, (words,) in found:
        assert len({min(length // 5, 3) for length in lengths.tolist()}) == 1
        assert words.shape == (5, lengths.max())
        for length, row in zip(lengths, words, strict=True):
            assert row.tolist() == [*range(length), *[0] * (lengths.max() - length)]


def test_sparse_tensors_come_out_as_one():
    def make(tf):
        x = numbers(8)
        at = tf.reshape(tf.cast(x, tf.int64), [1, 1])
        sparse = tf.SparseTensor(at, tf.reshape(x, [1]), tf.constant([8], tf.int64))
        return bucket({"sparse": sparse, "x": x}, x % 2, 4, 2)

    found = until_the_end(make)

    assert len(found) == 2
    for _, batch in found:
        assert batch["sparse"].values.tolist() == batch["x"].tolist()
        assert batch["sparse"].dense_shape.tolist() == [4, 8]


def test_a_bucket_that_does_not_exist_is_the_cause_of_the_end(caplog):
    x = numbers(5)
    which, _ = bucket([x], x, 1, 2)
    with tf.Session() as session:
        session.run(tf.local_variables_initializer())
        threads = tf.train.start_queue_runners()
        with pytest.raises(tf.errors.OutOfRangeError) as caught:
            list(map(session.run, [which] * 5))
        for thread in threads:
            thread.join()

    assert "is not in [0, 2)" in str(caught.value.__cause__)
    assert "is not in [0, 2)" in caplog.text


def test_shapes_are_known_where_the_batch_size_is():
    x = tf.constant([1, 2])
    _, (known,) = bucket([x], 0, 3, 2)
    _, (smaller,) = bucket([x], 0, 3, 2, allow_smaller_final_batch=True)
    _, (several,) = bucket([x], 0, [3, 4], 2)

    assert known.shape.as_list() == [3, 2]
    assert smaller.shape.as_list() == [None, 2]
    assert several.shape.as_list() == [None, 2]


def test_wrong_arguments_are_refused():
    x = tf.constant(1)
    with pytest.raises(ValueError, match="it must have num_buckets elements"):
        bucket([x], 0, [1], 2)
    with pytest.raises(ValueError, match="must have exactly num_buckets"):
        bucket([x], 0, 1, 2, bucket_capacities=[1])
    with pytest.raises(ValueError, match="Expected at least one tensor in bucket"):
        bucket([], 0, 1, 2)
    for boundaries, kind, words in (
        (3, TypeError, "must be a list or tuple"),
        ([], ValueError, "must not be empty"),
        ([1.5, 2], TypeError, "must be integers"),
        ([2, 2], ValueError, "sequential increasing lengths"),
    ):
        with pytest.raises(kind, match=words):
            bucket_by_sequence_length(x, [x], 1, boundaries)


def test_how_full_the_buckets_are_can_be_seen():
    x = tf.constant(1)
    bucket([x], 0, 1, 2, capacity=7)
    tags = [summary.op.name for summary in tf.get_collection(tf.GraphKeys.SUMMARIES)]

    assert tags == [
        "bucket/bucket/bucket/bucket_queue_0/size",
        "bucket/bucket/bucket/bucket_queue_1/size",
        "bucket/bucket/bucket/top_queue/fraction_of_7_full",
    ]
