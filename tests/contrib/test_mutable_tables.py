"""MutableHashTable, and tables of a file's columns."""

from __future__ import annotations

import pytest

import minitf as tf
from minitf.contrib.mutable_tables import MutableHashTable


@pytest.fixture(autouse=True)
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def test_a_table_takes_and_gives_entries(session):
    table = MutableHashTable(tf.string, tf.int64, -1, name="words")
    session.run(table.insert(["to", "be"], tf.constant([7, 8], tf.int64)))
    session.run(table.remove(["to"]))
    sparse = table.lookup(tf.SparseTensor([[0]], ["be"], [2]))

    assert session.run(table.lookup([["be", "to"]])).tolist() == [[8, -1]]
    assert session.run(sparse).values == [8]
    assert session.run(table.size()) == 1
    assert [each.tolist() for each in session.run(table.export())] == [[b"be"], [8]]
    assert (table.name, table.key_dtype, table.value_dtype) == ("words", tf.string, tf.int64)


def test_a_saver_of_everything_saves_a_table(session, tmp_path):
    table = MutableHashTable(tf.string, tf.int64, -1)
    session.run(table.insert(["a"], tf.constant([1], tf.int64)))
    saver = tf.train.Saver()
    path = saver.save(session, str(tmp_path / "m"))
    session.run(table.insert(["a", "b"], tf.constant([5, 6], tf.int64)))

    saver.restore(session, path)

    assert session.run(table.lookup(["a", "b"])).tolist() == [1, -1]
    assert tf.get_collection("saveable_objects")


def test_keys_of_another_type_are_refused():
    table = MutableHashTable(tf.string, tf.int64, -1, checkpoint=False)
    with pytest.raises(TypeError, match="Keys must be dtype"):
        table.lookup([1])
    assert not tf.get_collection("saveable_objects")


def test_a_file_gives_the_words_of_numbers_and_the_numbers_of_words(session, tmp_path):
    path = tmp_path / "words"
    path.write_text("to\nbe\n")
    lookup = tf.contrib.lookup
    words = lookup.index_to_string_table_from_file(str(path), default_value="?")
    numbers = lookup.HashTable(lookup.TextFileIdTableInitializer(str(path)), -1)
    session.run(tf.tables_initializer())

    assert session.run(words.lookup(tf.constant([1, 9], tf.int64))).tolist() == [b"be", b"?"]
    assert session.run(numbers.lookup(tf.constant(["be", "or"]))).tolist() == [1, -1]
    with pytest.raises(ValueError, match="must not be empty"):
        lookup.index_to_string_table_from_file("")
