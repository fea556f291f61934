"""Tables: what is looked up, what fills them, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf


def table(session, keys, values, name=""):
    """Return the handle of a table that is filled, and the operation that fills it."""
    handle = tf.raw_ops.HashTableV2(
        key_dtype=tf.string, value_dtype=tf.int64, shared_name=name or "words"
    )
    fill = tf.raw_ops.LookupTableImportV2(
        table_handle=handle, keys=tf.constant(keys), values=tf.constant(values, tf.int64)
    )
    session.run(fill)
    return handle


def find(session, handle, keys, default=-1):
    return session.run(
        tf.raw_ops.LookupTableFindV2(
            table_handle=handle, keys=keys, default_value=tf.constant(default, tf.int64)
        )
    )


def test_each_key_has_its_value_and_others_the_default():
    with tf.Session() as sess:
        words = table(sess, ["to", "be"], [7, 8])

        assert find(sess, words, [["be", "or"], ["to", "to"]]).tolist() == [[8, -1], [7, 7]]
        assert find(sess, words, "or", default=[3]) == 3
        assert sess.run(tf.raw_ops.LookupTableSizeV2(table_handle=words)) == 2


def test_a_table_gives_all_that_it_has():
    with tf.Session() as sess:
        words = table(sess, ["to", "be"], [7, 8])
        export = tf.raw_ops.LookupTableExportV2(
            table_handle=words, Tkeys=tf.string, Tvalues=tf.int64
        )
        keys, values = sess.run(export)

    assert dict(zip(keys, values, strict=True)) == {b"to": 7, b"be": 8}


def test_filling_again_is_harmless_with_the_same_entries_only():
    with tf.Session() as sess:
        table(sess, ["to", "be"], [7, 8])
        words = table(sess, ["be", "to"], [8, 7])
        with pytest.raises(tf.errors.FailedPreconditionError, match="different data"):
            table(sess, ["to"], [7])

        assert find(sess, words, ["be"]) == [8]


def test_a_key_with_two_values_is_refused():
    with tf.Session() as sess, pytest.raises(tf.errors.FailedPreconditionError, match="Key to has"):
        table(sess, ["to", "to"], [7, 8])


def test_a_table_that_is_not_filled_answers_nothing():
    handle = tf.raw_ops.HashTableV2(key_dtype=tf.string, value_dtype=tf.int64)
    with tf.Session() as sess:
        assert sess.run(tf.raw_ops.LookupTableSizeV2(table_handle=handle)) == 0
        with pytest.raises(tf.errors.FailedPreconditionError, match="Table not initialized"):
            find(sess, handle, ["to"])


def test_keys_and_values_must_be_of_the_tables_types():
    with tf.Session() as sess:
        words = table(sess, ["to"], [7])
        with pytest.raises(tf.errors.InvalidArgumentError, match="Signature mismatch"):
            find(sess, words, tf.constant([1, 2]))
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"Expected shape \[\] or \[1\]"):
            find(sess, words, ["to"], default=[1, 2])


def test_tables_of_one_name_must_have_one_type():
    with tf.Session() as sess:
        table(sess, ["to"], [7], name="t")
        other = tf.raw_ops.HashTableV2(key_dtype=tf.int64, value_dtype=tf.int64, shared_name="t")
        with pytest.raises(tf.errors.InvalidArgumentError, match="Conflicting key/value dtypes"):
            sess.run(tf.raw_ops.LookupTableSizeV2(table_handle=other))


def test_as_many_keys_as_values_are_needed():
    handle = tf.raw_ops.HashTableV2(key_dtype=tf.string, value_dtype=tf.int64)
    with pytest.raises(ValueError, match="must be equal"):
        tf.raw_ops.InitializeTableV2(table_handle=handle, keys=["a", "b"], values=[1])


def from_file(tmp_path, text, **options):
    """Return the entries of a table that a file fills."""
    path = tmp_path / "words.txt"
    path.write_bytes(text)
    types = options.pop("types", (tf.string, tf.int64))
    with tf.Session() as sess:
        handle = tf.raw_ops.HashTableV2(key_dtype=types[0], value_dtype=types[1])
        fill = tf.raw_ops.InitializeTableFromTextFileV2(
            table_handle=handle,
            filename=str(path),
            **{"key_index": -2, "value_index": -1, **options},
        )
        sess.run(fill)
        export = tf.raw_ops.LookupTableExportV2(
            table_handle=handle, Tkeys=types[0], Tvalues=types[1]
        )
        keys, values = sess.run(export)
    return dict(zip(keys.tolist(), values.tolist(), strict=True))


def test_a_file_gives_lines_their_numbers(tmp_path):
    assert from_file(tmp_path, b"to\r\nbe\n") == {b"to": 0, b"be": 1}
    assert from_file(tmp_path, b"to\nbe") == {b"to": 0, b"be": 1}
    assert from_file(tmp_path, b"to\nbe\n", vocab_size=1) == {b"to": 0}
    assert from_file(tmp_path, b"head\nto\n", offset=5) == {b"to": 0}


def test_a_file_gives_columns(tmp_path):
    columns = {"key_index": 1, "value_index": 0, "delimiter": ","}

    assert from_file(tmp_path, b"3,to\n4,be\n", **columns) == {b"to": 3, b"be": 4}
    assert from_file(
        tmp_path,
        b"3,0.5\n",
        key_index=0,
        value_index=1,
        delimiter=",",
        types=(tf.int64, tf.float32),
    ) == {3: 0.5}


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (b"to\n", {"vocab_size": 2}, "Invalid vocab_size in .*: expected 2 but got 1"),
        (b"to\n", {"key_index": 1}, "Invalid number of columns in .* expected 2 got 1"),
        (b"to\n", {"value_index": 0}, "Field to in line 0 is not a valid int64"),
        (b"to\n", {"delimiter": "::"}, "delimiter must be only 1 char"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(tmp_path, text, options, message):
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        from_file(tmp_path, text, **options)


def test_a_file_that_is_not_there_is_not_found(tmp_path):
    handle = tf.raw_ops.HashTableV2(key_dtype=tf.string, value_dtype=tf.int64)
    fill = tf.raw_ops.InitializeTableFromTextFileV2(
        table_handle=handle, filename=str(tmp_path / "none"), key_index=-2, value_index=-1
    )
    with tf.Session() as sess, pytest.raises(tf.errors.NotFoundError):
        sess.run(fill)


def test_a_table_keeps_the_shape_and_type_of_what_is_asked():
    with tf.Session() as sess:
        words = table(sess, ["a"], [1])
        found = find(sess, words, np.full((2, 0, 3), b"a", object))

    assert found.shape == (2, 0, 3)
    assert found.dtype == np.int64
