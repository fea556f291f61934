"""SequenceExamples become tensors: a context, and lists with a step each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import protos
from minitf.errors import InvalidArgumentError
from minitf.testing.example_cases import feature_of

INTS, TEXT = "int64", "string"


def sequence(context=(), **lists):
    """A SequenceExample; features are (type, values), lists have one a step."""
    return protos.SequenceExample(
        context=protos.Features(
            feature={key: feature_of(*each) for key, each in dict(context).items()}
        ),
        feature_lists=protos.FeatureLists(
            feature_list={
                key: protos.FeatureList(
                    feature=[protos.Feature() if e is None else feature_of(*e) for e in steps]
                )
                for key, steps in lists.items()
            }
        ),
    ).SerializeToString()


def run(fetches):
    with tf.Session() as session:
        return session.run(fetches)


A = sequence({"c": (INTS, [1, 2])}, d=[(INTS, [1]), (INTS, [2])], s=[(TEXT, [b"x", b"y"]), None])
B = sequence({"c": (INTS, [3, 4])}, d=[(INTS, [9])])


def test_one_sequence_has_steps_as_its_first_dimension():
    context, lists = run(
        tf.parse_single_sequence_example(
            A,
            {"c": tf.FixedLenFeature([2], tf.int64)},
            {"d": tf.FixedLenSequenceFeature([], tf.int64), "s": tf.VarLenFeature(tf.string)},
        )
    )

    assert context["c"].tolist() == [1, 2]
    assert lists["d"].tolist() == [1, 2]
    assert lists["s"].indices.tolist() == [[0, 0], [0, 1]]
    assert lists["s"].values.tolist() == [b"x", b"y"]
    assert lists["s"].dense_shape.tolist() == [2, 2]


def test_a_batch_is_padded_and_tells_lengths():
    context, lists, lengths = run(
        tf.io.parse_sequence_example(
            [A, B],
            {"c": tf.VarLenFeature(tf.int64)},
            {
                "d": tf.FixedLenSequenceFeature([1], tf.int64),
                "q": tf.FixedLenSequenceFeature([], tf.string, allow_missing=True),
                "s": tf.VarLenFeature(tf.string),
            },
        )
    )

    assert context["c"].indices.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert lists["d"].tolist() == [[[1], [2]], [[9], [0]]]
    assert lists["q"].shape == (2, 0)
    assert {key: each.tolist() for key, each in lengths.items()} == {"d": [2, 1], "q": [0, 0]}
    assert lists["s"].indices.tolist() == [[0, 0, 0], [0, 0, 1]]
    assert lists["s"].dense_shape.tolist() == [2, 2, 2]


def test_an_empty_batch_has_no_rows():
    _, lists, lengths = run(
        tf.io.parse_sequence_example(
            np.zeros(0, object), None, {"d": tf.FixedLenSequenceFeature([2], tf.int64)}
        )
    )

    assert (lists["d"].shape, lengths["d"].shape) == ((0, 0, 2), (0,))


@given(st.lists(st.lists(st.integers(-9, 9), min_size=2, max_size=2), max_size=4))
def test_a_list_is_the_array_of_its_steps(steps):
    serialized = sequence(d=[(INTS, step) for step in steps])
    _, lists = run(
        tf.parse_single_sequence_example(
            serialized, None, {"d": tf.FixedLenSequenceFeature([2], tf.int64)}
        )
    )

    assert lists["d"].tolist() == steps
    assert lists["d"].shape == (len(steps), 2)


@pytest.mark.parametrize(
    ("context", "lists", "words"),
    [
        (
            {"q": tf.FixedLenFeature([], tf.int64)},
            None,
            "Name: n, Context feature 'q' is required but could not be found.",
        ),
        (
            {"c": tf.VarLenFeature(tf.float32)},
            None,
            "Name: n, Context feature: c.  Data types don't match. Expected type: float",
        ),
        (
            None,
            {"q": tf.FixedLenSequenceFeature([], tf.int64)},
            (
                "Name: n, Feature list 'q' is required but could not be found.  Did you mean to "
                "include it in feature_list_dense_missing_assumed_empty or "
                "feature_list_dense_defaults?"
            ),
        ),
        (
            None,
            {"s": tf.VarLenFeature(tf.int64)},
            "Name: n, Feature list: s, Index: 0.  Data types don't match. Expected type: int64",
        ),
        (
            None,
            {"s": tf.FixedLenSequenceFeature([2], tf.string)},
            (
                "Name: n, Key: s, Index: 1.  Number of bytes values != expected.  values size: 0 "
                "but output shape: [2]"
            ),
        ),
    ],
)
def test_what_does_not_fit_is_told_in_tensorflows_words(context, lists, words):
    made = (
        tf.parse_single_sequence_example(A, context, lists, example_name="n"),
        tf.io.parse_sequence_example([A], context, lists, example_names=["n"]),
    )
    for each in made:
        with pytest.raises(InvalidArgumentError) as told:
            run(each)

        assert str(told.value).split("\n")[0] == words


def test_bytes_that_are_no_sequence_are_refused():
    wanted = {"c": tf.VarLenFeature(tf.int64)}

    with pytest.raises(InvalidArgumentError, match="Could not parse example input, value: 'abc'"):
        run(tf.parse_single_sequence_example(b"abc", wanted))
    with pytest.raises(InvalidArgumentError, match="message input, example id: two"):
        run(tf.io.parse_sequence_example([A, b"abc"], wanted, example_names=["one", "two"]))


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data):
    with tf.Graph().as_default(), tf.Session() as session:
        serialized = tf.placeholder(tf.string, [])
        made = tf.parse_single_sequence_example(
            serialized,
            {"c": tf.VarLenFeature(tf.int64)},
            {
                "d": tf.FixedLenSequenceFeature([], tf.int64, allow_missing=True),
                "s": tf.VarLenFeature(tf.string),
            },
        )
        for each in (data, A[: len(data)] + data, data + A):
            try:
                session.run(made, {serialized: each})
            except InvalidArgumentError:
                continue
