"""Tables that are written to: entries are put in, replaced, taken out."""

from __future__ import annotations

import pytest

import minitf as tf


@pytest.fixture
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def table(shared_name=""):
    return tf.raw_ops.MutableHashTableV2(
        key_dtype=tf.string, value_dtype=tf.int64, shared_name=shared_name
    )


def insert(handle, keys, values):
    return tf.raw_ops.LookupTableInsertV2(
        table_handle=handle, keys=keys, values=tf.constant(values, tf.int64)
    )


def find(handle, keys):
    return tf.raw_ops.LookupTableFindV2(
        table_handle=handle, keys=keys, default_value=tf.constant(-1, tf.int64)
    )


def test_the_last_value_of_a_key_counts(session):
    handle = table()

    session.run(insert(handle, [["a", "b"]], [[1, 2]]))
    session.run(insert(handle, ["b", "c"], [3, 4]))

    assert session.run(find(handle, ["a", "b", "c", "d"])).tolist() == [1, 3, 4, -1]
    assert session.run(tf.raw_ops.LookupTableSizeV2(table_handle=handle)) == 3


def test_what_is_taken_out_is_there_no_more(session):
    handle = table()

    session.run(insert(handle, ["a", "b"], [1, 2]))
    session.run(tf.raw_ops.LookupTableRemoveV2(table_handle=handle, keys=["a", "x"]))

    assert session.run(find(handle, ["a", "b"])).tolist() == [-1, 2]


def test_an_import_replaces_all(session):
    handle = table()
    session.run(insert(handle, ["a"], [1]))

    session.run(
        tf.raw_ops.LookupTableImportV2(
            table_handle=handle, keys=["b"], values=tf.constant([2], tf.int64)
        )
    )

    assert session.run(find(handle, ["a", "b"])).tolist() == [-1, 2]


def test_tables_of_one_shared_name_are_one(session):
    session.run(insert(table("words"), ["a"], [1]))

    assert session.run(find(table("words"), ["a"])) == [1]
    assert session.run(find(table(), ["a"])) == [-1]


def test_other_types_and_shapes_are_refused(session):
    handle = table()
    with pytest.raises(tf.errors.InvalidArgumentError, match="Signature mismatch"):
        session.run(tf.raw_ops.LookupTableInsertV2(table_handle=handle, keys=["a"], values=[1.0]))
    with pytest.raises(tf.errors.InvalidArgumentError, match="Expected shape"):
        session.run(insert(handle, ["a", "b"], [1]))
    session.run(table("typed"))
    with pytest.raises(tf.errors.InvalidArgumentError, match="Conflicting key/value dtypes"):
        session.run(
            tf.raw_ops.MutableHashTableV2(
                key_dtype=tf.int64, value_dtype=tf.int64, shared_name="typed"
            )
        )


def test_a_table_that_is_filled_once_takes_no_entries(session):
    handle = tf.raw_ops.HashTableV2(key_dtype=tf.string, value_dtype=tf.int64)
    with pytest.raises(tf.errors.InvalidArgumentError, match="wrong type"):
        session.run(insert(handle, ["a"], [1]))


def test_the_older_ops_take_handles_that_are_refs(session):
    handle = tf.raw_ops.MutableHashTable(key_dtype=tf.string, value_dtype=tf.int64)
    put = tf.raw_ops.LookupTableInsert(
        table_handle=handle, keys=["a"], values=tf.constant([1], tf.int64)
    )

    session.run(put)

    assert session.run(tf.raw_ops.LookupTableSize(table_handle=handle)) == 1
