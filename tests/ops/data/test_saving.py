"""Where an iterator stands can be saved, and brought back in the same or another session."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import minitf as tf
from minitf import errors, ops
from minitf.ops.data.iteration import State
from minitf.ops.data.saving import _state
from minitf.ops.io.serialized import Serialized

Dataset = tf.data.Dataset
PIPELINES = {
    "batches": lambda: Dataset.range(11).repeat(2).batch(3),
    "seeded": lambda: Dataset.range(7).shuffle(4, seed=3).repeat(3),
    "unseeded": lambda: Dataset.range(7).shuffle(4).repeat(3).prefetch(2),
    "one order": lambda: Dataset.range(7).shuffle(4, None, False).repeat(3),
    "errors": lambda: Dataset.range(9).map(lambda x: tf.gather([5, 6, 7, 8, 9], x)),
    "cached": lambda: Dataset.range(4).cache().repeat(3),
    "random": lambda: tf.data.experimental.RandomDataset().take(9),
    "inner": lambda: (
        Dataset.range(4).flat_map(lambda x: Dataset.range(x).shuffle(4, seed=2)).repeat(2)
    ),
}


def step(session, following):
    try:
        return np.asarray(session.run(following)).tolist()
    except errors.OpError as error:
        return type(error).__name__


def built(make):
    iterator = make().make_initializable_iterator()
    saveable = tf.data.experimental.make_saveable_from_iterator(iterator)
    tf.add_to_collection(tf.GraphKeys.SAVEABLE_OBJECTS, saveable)
    return iterator, iterator.get_next(), tf.train.Saver()


@pytest.mark.parametrize("name", PIPELINES)
def test_an_iterator_goes_on_where_it_was_saved(name, tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        iterator, following, saver = built(PIPELINES[name])
        session.run(iterator.initializer)
        before = [step(session, following) for _ in range(5)]
        path = saver.save(session, str(tmp_path / "state"))
        after = [step(session, following) for _ in range(30)]
        saver.restore(session, path)
        again = [step(session, following) for _ in range(30)]

    assert again == after
    with tf.Graph().as_default(), tf.Session() as session:
        iterator, following, saver = built(PIPELINES[name])
        session.run(iterator.initializer)
        saver.restore(session, path)

        assert [step(session, following) for _ in range(30)] == after
        session.run(iterator.initializer)
        if name == "batches":
            assert [step(session, following) for _ in range(5)] == before


@given(taken=st.integers(0, 12))
@settings(max_examples=8)
def test_states_are_put_back_within_a_step(taken):
    with tf.Graph().as_default(), tf.Session() as session:
        iterator = Dataset.range(5).shuffle(5, seed=1).repeat(2).make_initializable_iterator()
        following = iterator.get_next()
        state = ops.serialize_iterator_op(iterator._iterator_resource)
        back = ops.deserialize_iterator_op(iterator._iterator_resource, state)
        session.run(iterator.initializer)
        found = [step(session, following) for _ in range(taken)]
        session.run(back)
        found += [step(session, following) for _ in range(10 - taken)]

        session.run(iterator.initializer)
        assert len(found) == max(taken, 10)
        assert sorted(found[:10]) == sorted([*range(5)] * 2)


def test_an_iterator_without_a_dataset_is_neither_saved_nor_restored():
    with tf.Graph().as_default(), tf.Session() as session:
        iterator = Dataset.range(5).make_initializable_iterator()
        other = Dataset.range(5).make_initializable_iterator()
        session.run(other.initializer)
        state = ops.serialize_iterator_op(iterator._iterator_resource)
        of_other = ops.serialize_iterator_op(other._iterator_resource)
        back = ops.deserialize_iterator_op(iterator._iterator_resource, of_other)

        with pytest.raises(errors.FailedPreconditionError, match=r"Save\(\) failed because"):
            session.run(ops.deserialize_iterator_op(other._iterator_resource, state))
        with pytest.raises(errors.FailedPreconditionError, match=r"Restore\(\) failed because"):
            session.run(back)


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"taken": "x", "draws": []}', b"\xff"])
def test_foreign_bytes_are_no_state(data):
    with pytest.raises(errors.InvalidArgumentError, match="no state"):
        _state(Serialized(data))
    with pytest.raises(errors.InvalidArgumentError, match="no state"):
        _state(np.zeros(3))
    assert _state(Serialized(b'{"taken": 2, "draws": [[1, 2, 3]]}')) == State(2, [(1, 2, 3)])


@pytest.mark.tensorflow
def test_phrases_and_classes_are_tensorflows(tensorflow):
    def failure(lib):
        with lib.Graph().as_default(), lib.Session() as session:
            dataset = lib.data.Dataset.range(3)
            iterator = lib.data.make_initializable_iterator(dataset)
            state = lib.raw_ops.SerializeIterator(resource_handle=iterator._iterator_resource)
            back = lib.raw_ops.DeserializeIterator(
                resource_handle=iterator._iterator_resource, serialized=state
            )
            with pytest.raises(lib.errors.FailedPreconditionError) as raised:
                session.run(back)
            return raised.value.message

    phrase = "failed because the iterator has not been initialized"
    assert phrase in failure(tf)
    assert phrase in failure(tensorflow)
