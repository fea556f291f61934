"""Warm starts: names, and matrices whose rows or columns stand for words."""

from __future__ import annotations

import numpy as np
import pytest

import minitf

tf = minitf
EMBEDDINGS = np.arange(12, dtype=np.float32).reshape(4, 3)
CLASSES = np.arange(8, dtype=np.float32).reshape(2, 4)


@pytest.fixture
def folder(tmp_path):
    """A checkpoint of two matrices for the words a, b, c, d; the new words are c, x, a."""
    (tmp_path / "old").write_text("a\nb\nc\nd\n")
    (tmp_path / "new").write_text("c\nx\na\n")
    with tf.Graph().as_default(), tf.Session() as session:
        tf.Variable(EMBEDDINGS, name="embeddings")
        tf.Variable(CLASSES, name="classes")
        tf.Variable(5.0, name="other")
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, str(tmp_path / "model"))
    return tmp_path


def info(folder, **more):
    return tf.train.VocabInfo(
        str(folder / "new"), 3, 1, str(folder / "old"), **{"old_vocab_size": -1, **more}
    )


def started(variables):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return [np.asarray(session.run(tf.convert_to_tensor(each))).tolist() for each in variables]


@pytest.mark.parametrize("parts", [None, 2, 4])
def test_rows_and_columns_go_where_their_words_are(folder, parts):
    cut = None if parts is None else tf.fixed_size_partitioner(parts)
    rows = tf.get_variable("rows", [4, 3], partitioner=cut)
    columns = tf.get_variable("classes", [2, 4], use_resource=True)
    other = tf.get_variable("other", [])
    ones = tf.ones_initializer()
    tf.train.warm_start(
        str(folder),
        var_name_to_vocab_info={
            "rows": info(folder, backup_initializer=ones),
            "classes": info(folder, axis=1, old_vocab_size=2),
        },
        var_name_to_prev_var_name={"rows": "embeddings"},
    )

    assert started([rows, columns, other]) == [
        [[6, 7, 8], [1, 1, 1], [0, 1, 2], [1, 1, 1]],
        [[2, 0, 0, 0], [6, 0, 4, 0]],  # the size of the old words is one of rows alone
        5,
    ]


def test_without_variables_only_those_with_vocabularies_are_started(folder):
    rows = tf.get_variable("embeddings", [4, 3])
    other = tf.get_variable("other", initializer=7.0)
    tf.train.warm_start(
        str(folder), vars_to_warm_start=None, var_name_to_vocab_info={"embeddings": info(folder)}
    )

    assert started([rows, other]) == [[[6, 7, 8], [0, 0, 0], [0, 1, 2], [0, 0, 0]], 7]


def test_names_of_variables_are_found_in_a_checkpoint_of_objects(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        v = tf.Variable(3.0, name="v")
        session.run(v.initializer)
        path = tf.train.Checkpoint(anything=v).save(str(tmp_path / "c"))
    v = tf.get_variable("v", [])
    tf.train.warm_start(path)

    assert started([v]) == [3]


@pytest.mark.parametrize("what", ["var_name_to_vocab_info", "var_name_to_prev_var_name"])
def test_names_of_no_variable_are_told(folder, what):
    tf.get_variable("other", [])

    with pytest.raises(ValueError, match=rf"variables in {what} that were not used: \['missing'\]"):
        tf.train.warm_start(str(folder), **{what: {"missing": info(folder)}})


def test_initializers_of_embeddings_and_biases_move_words(folder):
    framework, path = tf.contrib.framework, str(folder / "model")
    files = {"old_vocab_file": str(folder / "old"), "new_vocab_file": str(folder / "new")}
    start = framework.load_embedding_initializer(
        path, "embeddings", 3, 3, num_oov_buckets=1, initializer=tf.zeros_initializer(), **files
    )
    rows = tf.get_variable("rows", [4, 3], initializer=start)

    assert started([rows]) == [[[6, 7, 8], [0, 0, 0], [0, 1, 2], [0, 0, 0]]]
    for shape, why in (([4], "Expected 2-dim"), ([4, 2], "2nd dim"), ([9, 3], "would exceed")):
        with pytest.raises(ValueError, match=why):
            start(shape)
    with pytest.raises(TypeError, match="must be callable"):
        framework.load_and_remap_matrix_initializer(path, "embeddings", 3, 3, initializer=3)
