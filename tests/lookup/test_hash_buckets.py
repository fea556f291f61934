"""IdTableWithHashBuckets: a table's numbers, and those of buckets."""

from __future__ import annotations

import pytest

import minitf as tf
from minitf.contrib import lookup


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default():
        yield


def words():
    filling = lookup.KeyValueTensorInitializer(["a", "b"], tf.constant([0, 1], tf.int64))
    return lookup.HashTable(filling, -1)


def looked_up(table, keys):
    with tf.Session() as session:
        session.run(tf.tables_initializer())
        return session.run(table.lookup(keys)).tolist()


@pytest.mark.parametrize("hasher", [lookup.FastHashSpec, lookup.StrongHashSpec((3, 4))])
def test_words_that_a_table_lacks_have_the_numbers_behind_its_own(hasher):
    table = lookup.IdTableWithHashBuckets(words(), 3, hasher)
    buckets = lookup.IdTableWithHashBuckets(None, 3, hasher)
    keys = tf.constant(["b", "x", "a", "y"])
    alone = looked_up(buckets, keys)

    assert looked_up(table, keys) == [1, alone[1] + 2, 0, alone[3] + 2]
    assert set(alone) <= {0, 1, 2}


def test_without_buckets_it_is_the_table():
    table = lookup.IdTableWithHashBuckets(words(), 0)

    assert looked_up(table, tf.constant(["b", "x"])) == [1, -1]


@pytest.mark.parametrize(
    ("make", "kind", "phrase"),
    [
        (lambda: lookup.IdTableWithHashBuckets(None, 0), ValueError, "must be > 0 if no table"),
        (lambda: lookup.IdTableWithHashBuckets(None, 1, 3), TypeError, "must be of type Hasher"),
        (
            lambda: lookup.IdTableWithHashBuckets(words(), 1, key_dtype=tf.int64),
            TypeError,
            "expected integer but got",
        ),
        (
            lambda: lookup.IdTableWithHashBuckets(None, 1, key_dtype=tf.float32),
            TypeError,
            "expected integer or string",
        ),
        (
            lambda: lookup.IdTableWithHashBuckets(None, 1, lookup.HasherSpec("mine", None)).lookup(
                tf.constant(["a"])
            ),
            ValueError,
            "Unknown hasher mine",
        ),
        (lambda: lookup.StrongHashSpec([1]), ValueError, "must have size 2"),
        (lambda: lookup.StrongHashSpec([1.5, 2]), TypeError, "unsigned integer values"),
    ],
)
def test_what_does_not_fit_is_refused(make, kind, phrase):
    with pytest.raises(kind, match=phrase):
        make()
