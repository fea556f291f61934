"""Iterators stand between steps, and strings stand for iterators."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from ops.data.elements import elements_of

import minitf as tf
from minitf import errors

Dataset = tf.data.Dataset
Iterator = tf.data.Iterator


def test_each_step_takes_the_next_element_and_the_end_is_an_error():
    following = Dataset.range(2).make_one_shot_iterator().get_next()

    with tf.Session() as session:
        assert [session.run(following) for _ in range(2)] == [0, 1]
        for _ in range(2):
            with pytest.raises(errors.OutOfRangeError, match="End of sequence") as raised:
                session.run(following)
    assert "test_iterators.py" in str(raised.value)


def test_all_that_a_step_computes_comes_of_one_element():
    x, y = Dataset.range(3).map(lambda n: (n, n * n)).make_one_shot_iterator().get_next()

    with tf.Session() as session:
        for n in range(3):
            assert session.run([x, y, x + y]) == [n, n * n, n + n * n]


def test_an_iterator_must_be_initialized():
    iterator = Dataset.range(2).make_initializable_iterator()
    following = iterator.get_next()

    with tf.Session() as session:
        with pytest.raises(errors.FailedPreconditionError, match="has not been initialized"):
            session.run(following)
        session.run(iterator.initializer)
        assert session.run(following) == 0
        session.run(iterator.initializer)
        assert [session.run(following) for _ in range(2)] == [0, 1]


def test_one_shot_iterators_have_no_initializer():
    with pytest.raises(ValueError, match="does not have an initializer"):
        _ = Dataset.range(2).make_one_shot_iterator().initializer


def test_sessions_have_iterators_of_their_own():
    following = Dataset.range(3).make_one_shot_iterator().get_next()

    with tf.Session() as one, tf.Session() as other:
        assert [one.run(following), one.run(following), other.run(following)] == [0, 1, 0]


def test_one_shot_iterators_refuse_what_they_cannot_copy():
    size = tf.placeholder(tf.int64, [])
    with pytest.raises(ValueError, match=r"make_initializable_iterator.*\n.*placeholder"):
        Dataset.range(size).make_one_shot_iterator()
    variable = tf.Variable(np.int64(3))
    with pytest.raises(ValueError, match="stateful node"):
        Dataset.range(variable).make_one_shot_iterator()
    random = tf.random_uniform([], maxval=5, dtype=tf.int64)
    with pytest.raises(ValueError, match="stateful node"):
        Dataset.from_tensors(random).make_one_shot_iterator()


def test_one_shot_iterators_copy_what_is_computed():
    size = tf.constant(2, tf.int64) + 1
    data = Dataset.range(size).map(lambda n: n * size)

    with tf.Session() as session:
        following = data.make_one_shot_iterator().get_next()
        assert [session.run(following) for _ in range(3)] == [0, 3, 6]


def test_one_structure_serves_several_datasets():
    iterator = Iterator.from_structure(tf.int64, [])
    begin = [iterator.make_initializer(Dataset.range(n, n + 2)) for n in (0, 10)]
    following = iterator.get_next()

    with tf.Session() as session:
        for first, operation in zip((0, 10), begin, strict=True):
            session.run(operation)
            assert [session.run(following) for _ in range(2)] == [first, first + 1]


def test_a_dataset_must_fit_the_structure():
    iterator = Iterator.from_structure(tf.int64, [2])
    for data, phrase in (
        (Dataset.from_tensors([1.0, 2.0]), "Expected output types"),
        (Dataset.range(3), "Expected output shapes compatible"),
        (
            Dataset.from_tensors(tf.SparseTensor([[0]], np.int64([1]), [2])),
            "Expected output classes",
        ),
    ):
        with pytest.raises(TypeError, match=phrase):
            iterator.make_initializer(data)


def test_iterators_may_be_shared_by_name():
    one = Dataset.range(4).make_initializable_iterator("both")
    other = Dataset.range(10, 14).make_initializable_iterator("both")
    first, second = one.get_next(), other.get_next()

    with tf.Session() as session:
        session.run(one.initializer)
        assert [session.run(first), session.run(second)] == [0, 1]
        session.run(other.initializer)
        assert [session.run(first), session.run(second)] == [10, 11]


def test_a_string_stands_for_an_iterator():
    handle = tf.placeholder(tf.string, [])
    fed = Iterator.from_string_handle(handle, tf.int64, [])
    following = fed.get_next()
    one = Dataset.range(3).make_one_shot_iterator()
    other = Dataset.range(10, 13).make_initializable_iterator()

    with tf.Session() as session:
        session.run(other.initializer)
        a, b = session.run([one.string_handle(), other.string_handle()])
        found = [session.run(following, {handle: each}) for each in (a, b, a, a, b)]
        assert found == [0, 10, 1, 2, 11]
        with pytest.raises(errors.OutOfRangeError):
            session.run(following, {handle: a})
        assert session.run(one.string_handle("named")) == a
    assert one.string_handle() is one.string_handle()


@pytest.mark.parametrize(
    ("text", "error", "phrase"),
    [
        (b"\xff", errors.InvalidArgumentError, "Could not parse string_handle"),
        (b"", errors.NotFoundError, "does not exist"),
        (b"\x1a\x04none", errors.NotFoundError, "does not exist"),
    ],
)
def test_a_string_that_stands_for_nothing_is_refused(text, error, phrase):
    handle = tf.placeholder(tf.string, [])
    following = Iterator.from_string_handle(handle, tf.int64).get_next()

    with tf.Session() as session, pytest.raises(error, match=phrase):
        session.run(following, {handle: text})


def test_a_string_must_stand_for_an_iterator_of_such_elements():
    handle = tf.placeholder(tf.string, [])
    following = Iterator.from_string_handle(handle, tf.float32, []).get_next()
    iterator = Dataset.range(3).make_one_shot_iterator()

    with tf.Session() as session:
        text = session.run(iterator.string_handle())
        with pytest.raises(errors.InvalidArgumentError, match="expected float but got int64"):
            session.run(following, {handle: text})


def test_threads_that_share_an_iterator_share_its_elements_out():
    following = Dataset.range(200).make_one_shot_iterator().get_next()
    found = []

    def take(session):
        while True:
            try:
                found.append(int(session.run(following)))
            except errors.OutOfRangeError:
                return

    with tf.Session() as session:
        threads = [threading.Thread(target=take, args=(session,)) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

    assert sorted(found) == list(range(200))


def test_gradients_reach_what_is_behind_an_element():
    weight = tf.Variable(2.0)
    x = Dataset.from_tensor_slices([1.0, 3.0]).make_one_shot_iterator().get_next()
    gradient = tf.gradients(weight * weight * x, weight)[0]

    with tf.Session() as session:
        session.run(weight.initializer)
        assert [session.run(gradient) for _ in range(2)] == [4.0, 12.0]


def test_an_iterator_in_a_function_is_the_one_around_it():
    iterator = Dataset.range(10, 20).make_one_shot_iterator()
    data = Dataset.range(3).map(lambda n: n + iterator.get_next())

    assert elements_of(data) == [10, 12, 14]


def test_a_dataset_shows_shapes_and_types():
    numbers = Dataset.range(3)

    assert repr(numbers.batch(2)) == "<Dataset shapes: (?,), types: tf.int64>"
    pairs = Dataset.zip({"a": numbers, "b": (numbers, numbers.batch(2))})
    assert repr(pairs) == (
        "<Dataset shapes: {a: (), b: ((), (?,))}, types: {a: tf.int64, b: (tf.int64, tf.int64)}>"
    )


def test_iterators_stand_in_a_collection_and_initializers_have_a_name():
    iterator = Iterator.from_structure(tf.int64, [])

    assert [handle.name for handle in tf.get_collection("iterators")] == ["IteratorV2:0"]
    assert iterator.make_initializer(Dataset.range(2)).name == "make_initializer"
    assert iterator.make_initializer(Dataset.range(2), name="begin").name == "begin"
