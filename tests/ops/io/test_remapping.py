"""GenerateVocabRemapping and LoadAndRemapMatrix: words and matrices in new places."""

from __future__ import annotations

import numpy as np
import pytest

import minitf
from minitf import errors

tf = minitf


@pytest.fixture
def words(tmp_path):
    (tmp_path / "old").write_text("a\nb\nc\nd\n")
    (tmp_path / "new").write_text("c\nx\na\n")
    (tmp_path / "twice").write_text("a\na\n")
    return tmp_path


def remapped(t, words, old="old", **sizes):
    made = t.raw_ops.GenerateVocabRemapping(
        new_vocab_file=str(words / "new"), old_vocab_file=str(words / old), **sizes
    )
    with t.Session() as session:
        return [np.asarray(each).tolist() for each in session.run(list(made))]


def test_each_new_word_has_the_number_of_the_old_one(words):
    assert remapped(tf, words, new_vocab_offset=0, num_new_vocab=3) == [[2, -1, 0], 2]
    assert remapped(tf, words, new_vocab_offset=1, num_new_vocab=2) == [[-1, 0], 1]
    assert remapped(tf, words, new_vocab_offset=0, num_new_vocab=3, old_vocab_size=1) == [
        *([-1, -1, 0], 1)
    ]


@pytest.mark.parametrize(
    ("sizes", "error", "why"),
    [
        ({"num_new_vocab": 4}, errors.InvalidArgumentError, "must be larger than last new vocab"),
        ({"old_vocab_size": 9}, errors.InvalidArgumentError, "expected 9 but got 4"),
        ({"old_vocab_size": 0}, errors.OutOfRangeError, "Finished reading 0 of lines"),
        ({"old": "twice"}, errors.FailedPreconditionError, "different value for same key"),
        ({"old": "missing"}, errors.NotFoundError, "missing"),
    ],
)
def test_files_that_do_not_fit_are_refused(words, sizes, error, why):
    with pytest.raises(error, match=why):
        remapped(tf, words, **{"new_vocab_offset": 0, "num_new_vocab": 3, **sizes})


MATRIX = np.arange(12, dtype=np.float32).reshape(4, 3)


@pytest.fixture
def path(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.Variable(MATRIX, name="m")
        tf.Variable([1.0], name="v")
        session.run(tf.global_variables_initializer())
        return tf.train.Saver().save(session, str(tmp_path / "m"))


def loaded(t, path, rows, columns, values, name="m", width=3):
    made = t.raw_ops.LoadAndRemapMatrix(
        ckpt_path=path,
        old_tensor_name=name,
        row_remapping=np.array(rows, np.int64),
        col_remapping=np.array(columns, np.int64),
        initializing_values=np.array(values, np.float32),
        num_rows=len(rows),
        num_cols=width,
    )
    with t.Session() as session:
        return session.run(made).tolist()


def test_rows_and_columns_are_moved_and_gaps_filled_row_by_row(path):
    assert loaded(tf, path, [2, 0], [], []) == MATRIX[[2, 0]].tolist()
    assert loaded(tf, path, [2, -1], [], [7, 8, 9]) == [MATRIX[2].tolist(), [7, 8, 9]]
    assert loaded(tf, path, [2, -1], [1, -1], [7, 8, 9], width=2) == [[7, 7], [8, 9]]
    assert loaded(tf, path, [], [], []) == []


@pytest.mark.parametrize(
    ("arguments", "error", "why"),
    [
        (([2, 2], [], []), errors.UnimplementedError, "Old ID 2 is mapped to both new ID 0 and 1"),
        (([0], [0], []), errors.InvalidArgumentError, "instead of being equal to num_cols=3"),
        (([0, -1], [], [1]), errors.InvalidArgumentError, "more missing values remain"),
        (([0], [], [1]), errors.InvalidArgumentError, "only 0 elements were used"),
        (([9], [], []), errors.InvalidArgumentError, "There is no old row 9"),
        (([0], [], [], "v"), errors.InvalidArgumentError, "expected shape of rank 2"),
        (([0], [], [], "none"), errors.NotFoundError, "Key none not found in checkpoint"),
    ],
)
def test_what_does_not_fit_is_refused(path, arguments, error, why):
    with pytest.raises(error, match=why):
        loaded(tf, path, *arguments)


@pytest.mark.tensorflow
def test_tensorflow_moves_them_alike(words, path, tensorflow):
    def found(t):
        with t.Graph().as_default():
            return (
                remapped(t, words, new_vocab_offset=0, num_new_vocab=3, old_vocab_size=3),
                loaded(t, path, [-1, 3, 1], [2, -1], [7, 8, 9, 10], width=2),
            )

    assert found(tf) == found(tensorflow)
