"""Datasets begin with tensors, numbers, random numbers or what a generator yields."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ops.data.elements import elements_of

import minitf as tf
from minitf import errors, ops

Dataset = tf.data.Dataset
small = st.integers(-20, 20)


def test_from_tensors_is_one_element_and_slices_are_many():
    pair = np.array([[1, 2], [3, 4]]), np.array(["a", "b"])

    assert elements_of(Dataset.from_tensors(pair)) == [([[1, 2], [3, 4]], [b"a", b"b"])]
    assert elements_of(Dataset.from_tensor_slices(pair)) == [([1, 2], b"a"), ([3, 4], b"b")]


def test_components_of_different_lengths_have_no_slices():
    both = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.int32, [None])
    iterator = Dataset.from_tensor_slices(both).make_initializable_iterator()

    with (
        tf.Session() as session,
        pytest.raises(errors.InvalidArgumentError, match="same size in the 0th dimension"),
    ):
        session.run(iterator.initializer, {both[0]: [1], both[1]: [1, 2]})


def test_a_scalar_has_no_slices():
    with pytest.raises(ValueError, match="only supported for rank >= 1"):
        Dataset.from_tensor_slices((np.zeros(3), 1.0))


def test_an_array_that_is_fed_and_then_changed_does_not_change_elements():
    values = np.arange(3)
    given_values = tf.placeholder(tf.int64, [3])
    iterator = Dataset.from_tensor_slices(given_values).make_initializable_iterator()
    following = iterator.get_next()

    with tf.Session() as session:
        session.run(iterator.initializer, {given_values: values})
        values[:] = 9
        assert [int(session.run(following)) for _ in range(3)] == [0, 1, 2]


def test_sparse_slices_are_indices_values_and_shape():
    sparse = tf.SparseTensor([[0, 1], [0, 3], [2, 0]], [5.0, 6.0, 7.0], [4, 5])

    assert elements_of(Dataset.from_sparse_tensor_slices(sparse)) == [
        ([[1], [3]], [5.0, 6.0], [5]),
        ([], [], [5]),
        ([[0]], [7.0], [5]),
        ([], [], [5]),
    ]


@given(start=small, stop=small, step=small.filter(bool))
def test_range_counts_as_python_does(start, stop, step):
    with tf.Graph().as_default():
        found = elements_of(Dataset.range(start, stop, step), limit=50)

    assert found == list(range(start, stop, step))


def test_range_takes_one_to_three_numbers_and_no_step_of_zero():
    assert elements_of(Dataset.range(3)) == [0, 1, 2]
    assert elements_of(Dataset.range(1, 3)) == [1, 2]
    with pytest.raises(ValueError, match="Invalid arguments to RangeDataset"):
        Dataset.range()
    with pytest.raises(errors.InvalidArgumentError, match="step must be a non-zero integer"):
        elements_of(Dataset.range(0, 3, 0))


def test_random_numbers_are_words_that_a_seed_repeats():
    make = tf.data.experimental.RandomDataset

    one, other = elements_of(make(7).take(5)), elements_of(make(7).take(5))

    assert one == other
    assert len(set(one)) == 5
    assert all(0 <= word < 1 << 32 for word in one)


@pytest.mark.tensorflow
def test_random_numbers_are_tensorflows(tensorflow):
    found = []
    for lib in (tf, tensorflow):
        with lib.Graph().as_default(), lib.Session() as session:
            numbers = lib.data.experimental.RandomDataset(seed=3).take(20).batch(20)
            found.append(session.run(numbers.make_one_shot_iterator().get_next()).tolist())

    assert found[0] == found[1]


# --- generators ----------------------------------------------------------------------------------


def test_a_generator_begins_anew_in_each_iteration():
    begun = []

    def count(limit):
        begun.append(int(limit))
        yield from range(limit)

    dataset = Dataset.from_generator(count, tf.int32, args=(np.int64(3),)).repeat(2)

    assert elements_of(dataset) == [0, 1, 2, 0, 1, 2]
    assert begun == [3, 3]


def test_a_generator_yields_structures():
    def pairs():
        yield {"x": [1, 2], "y": "a"}
        yield {"x": [], "y": b"b"}

    dataset = Dataset.from_generator(
        pairs, {"x": tf.float32, "y": tf.string}, {"x": [None], "y": []}
    )

    assert elements_of(dataset) == [{"x": [1.0, 2.0], "y": b"a"}, {"x": [], "y": b"b"}]
    assert dataset.output_shapes["x"].as_list() == [None]


@pytest.mark.parametrize(
    ("yielded", "phrase"),
    [
        (1, "did not match the expected structure"),
        ((1, 2), "did not match the expected structure"),
        (("text",), "could not be converted to the expected type"),
        (([1, 2],), "an element of shape"),
        (((1,),), "an element of shape"),
    ],
)
def test_what_a_generator_yields_must_fit(yielded, phrase):
    dataset = Dataset.from_generator(lambda: iter([yielded]), (tf.int32,), ([],))

    with pytest.raises(errors.OpError, match=phrase):
        elements_of(dataset)


def test_an_error_of_the_generator_is_the_step_s():
    def failing():
        yield 1
        raise RuntimeError("no more of this")

    following = Dataset.from_generator(failing, tf.int32).make_one_shot_iterator().get_next()
    with tf.Session() as session:
        assert session.run(following) == 1
        with pytest.raises(errors.UnknownError, match="no more of this"):
            session.run(following)


def test_only_something_callable_generates():
    with pytest.raises(TypeError, match="`generator` must be callable"):
        Dataset.from_generator([1, 2], tf.int32)


def test_a_slice_of_no_rows_is_no_element():
    assert elements_of(Dataset.from_tensor_slices(np.zeros((0, 3)))) == []


def test_the_raw_op_refuses_scalars():
    iterator = Dataset(
        ops.tensor_slice_dataset_op([tf.placeholder_with_default(1, None)], output_shapes=[[]]),
        Dataset.range(1).map(lambda x: tf.cast(x, tf.int32)).structure,
    )

    with pytest.raises(errors.InvalidArgumentError, match="at least 1-dimensional"):
        elements_of(iterator)
