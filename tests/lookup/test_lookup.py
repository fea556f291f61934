"""tf.lookup and tf.contrib.lookup: values, names and messages as TensorFlow's."""

from __future__ import annotations

import pytest

import minitf


def tables(tf, folder):
    """Return what some tables answer, and the names of a graph's nodes."""
    path = folder / "words"
    path.write_text("to\nbe\nor\n")
    words = tf.constant([["be", "not"], ["to", "or"]])
    lookup = tf.lookup
    with tf.Graph().as_default() as graph:
        words = tf.constant([["be", "not"], ["to", "or"]])
        pairs = lookup.KeyValueTensorInitializer(["to", "be"], tf.constant([5, 6], tf.int64))
        static = lookup.StaticHashTable(pairs, -1)
        lines = lookup.TextFileInitializer(
            str(path),
            tf.string,
            lookup.TextFileIndex.WHOLE_LINE,
            tf.int64,
            lookup.TextFileIndex.LINE_NUMBER,
            vocab_size=2,
        )
        buckets = lookup.StaticVocabularyTable(lines, 4)
        sparse = tf.SparseTensor([[0, 1], [1, 0]], ["be", "not"], [2, 2])
        fetches = [
            static.lookup(words),
            static.size(),
            buckets.lookup(words),
            buckets.lookup(sparse),
            buckets.size(),
        ]
        with tf.Session() as sess:
            sess.run(tf.tables_initializer())
            values = sess.run(fetches)
            sess.run(tf.tables_initializer())
        names = [op.name for op in graph.get_operations() if "Table" in op.type]
    return values, sorted(names), (static.name, buckets.name)


@pytest.mark.tensorflow
def test_tables_answer_as_tensorflows(tensorflow, tmp_path):
    ours, our_names, our_tables = tables(minitf, tmp_path)
    theirs, their_names, their_tables = tables(tensorflow, tmp_path)

    for one, other in zip(ours, theirs, strict=True):
        if hasattr(one, "dense_shape"):
            assert one.indices.tolist() == other.indices.tolist()
            one, other = one.values, other.values  # noqa: PLW2901 its parts
        assert one.tolist() == other.tolist()
    assert our_names == their_names
    assert our_tables == their_tables


def test_words_of_a_list_have_numbers_and_numbers_words():
    lookup = minitf.contrib.lookup
    numbers = lookup.index_table_from_tensor(["to", "be"], default_value=9)
    words = lookup.index_to_string_table_from_tensor(["to", "be"])
    answers = (
        numbers.lookup(minitf.constant(["be", "not"])),
        words.lookup(minitf.constant([0, 7], minitf.int64)),
    )
    with minitf.Session() as sess:
        sess.run(minitf.tables_initializer())
        found = sess.run(answers)

    assert found[0].tolist() == [1, 9]
    assert found[1].tolist() == [b"to", b"UNK"]


def test_a_strong_hash_keeps_words_apart_from_their_numbers():
    lookup = minitf.contrib.lookup
    table = lookup.index_table_from_tensor(
        ["to"], num_oov_buckets=50, hasher_spec=lookup.StrongHashSpec([3, 4])
    )
    fast = lookup.index_table_from_tensor(["to"], num_oov_buckets=50)
    keys = minitf.constant(["to", "be", "or", "not"])
    with minitf.Session() as sess:
        sess.run(minitf.tables_initializer())
        strong, quick = sess.run((table.lookup(keys), fast.lookup(keys)))

    assert strong[0] == quick[0] == 0
    assert all(1 <= number <= 50 for number in (*strong[1:], *quick[1:]))
    assert strong.tolist() != quick.tolist()


def test_whole_numbers_of_any_width_are_keys():
    table = minitf.contrib.lookup.index_table_from_tensor(
        minitf.constant([10, 20]), num_oov_buckets=3, dtype=minitf.int32
    )
    with minitf.Session() as sess:
        sess.run(minitf.tables_initializer())
        found = sess.run(table.lookup(minitf.constant([20, 10, 30])))

    assert found[:2].tolist() == [1, 0]
    assert 2 <= found[2] < 5


def test_what_does_not_fit_is_refused():
    lookup = minitf.lookup
    pairs = lookup.KeyValueTensorInitializer(["to"], minitf.constant([5], minitf.int64))
    table = lookup.StaticHashTable(pairs, -1)
    with pytest.raises(TypeError, match="Keys must be dtype"):
        table.lookup(minitf.constant([1]))
    with pytest.raises(ValueError, match="num_oov_buckets must be > 0"):
        lookup.StaticVocabularyTable(pairs, 0)
    with pytest.raises(ValueError, match="Keys must be dtype"):
        lookup.TextFileInitializer("f", minitf.string, -1, minitf.int64, -1)
    with pytest.raises(ValueError, match="Filename required"):
        lookup.TextFileInitializer("", minitf.string, -2, minitf.int64, -1)
    with pytest.raises(ValueError, match="vocabulary_list must be specified"):
        minitf.contrib.lookup.index_table_from_tensor(None)
    with pytest.raises(TypeError, match="Only integer and string"):
        minitf.contrib.lookup.index_table_from_tensor(["a"], dtype=minitf.float32)
    with pytest.raises(ValueError, match="vocab_size must be greater than 0"):
        minitf.contrib.lookup.index_table_from_file("f", vocab_size=0)
