"""Values that stay with the session: kept, used and dropped by their handles."""

from __future__ import annotations

import gc

import numpy as np
import pytest

import minitf as tf
from minitf import errors


def kept(session):
    """Return how many values a session keeps."""
    return len(session._steps.local)


def test_a_value_stays_with_the_session_and_is_used_by_its_handle():
    x = tf.placeholder(tf.float32, [None])
    keep = tf.get_session_handle(x * 2)
    with tf.Session() as session:
        handle = session.run(keep, {x: [1, 2]})
        holder, value = tf.get_session_tensor(handle.handle, tf.float32)
        found = session.run(value + 1, {holder: handle.handle})

        assert found.tolist() == [3, 5]
        assert handle.eval().tolist() == handle.to_numpy_array().tolist() == [2, 4]
        assert session.run(x + 1, {x: handle}).tolist() == [3, 5]  # fed in place of the value
        assert str(handle).split(";")[0] == "GetSessionHandle"


def test_handles_come_in_the_structure_of_the_fetches():
    keep = tf.get_session_handle(tf.constant([b"a", b"b"]))
    with tf.Session() as session:
        found = session.run({"kept": [keep], "plain": tf.constant(1)})

        assert found["kept"][0].eval().tolist() == [b"a", b"b"]
        assert found["plain"] == 1


def test_a_kept_value_is_a_copy():
    x = tf.placeholder(tf.int32, [2])
    fed = np.array([1, 2], np.int32)
    with tf.Session() as session:
        handle = session.run(tf.get_session_handle(tf.identity(x)), {x: fed})
        fed[0] = 9
        handle.eval()[1] = 9

        assert handle.eval().tolist() == [1, 2]


def test_a_value_is_dropped_when_it_is_deleted():
    keep = tf.get_session_handle(tf.constant(3))
    with tf.Session() as session:
        handle = session.run(keep)
        handle.delete()

        for again in (handle.eval, handle.delete):
            with pytest.raises(errors.InvalidArgumentError, match="is not in the session store"):
                again()
        assert not kept(session)


def test_a_value_is_dropped_when_nobody_holds_its_handle():
    keep = tf.get_session_handle(tf.constant(3))
    with tf.Session() as session:
        handle = session.run(keep)
        assert kept(session) == 1
        del handle
        gc.collect()
        assert not kept(session)

        raw = session.run(keep).get_raw_handle()  # whoever takes that looks after the value
        gc.collect()
        holder, value = tf.get_session_tensor(raw, tf.int32)
        assert session.run(value, {holder: raw}) == 3


def test_a_session_knows_its_own_handles_only_and_their_types():
    keep = tf.get_session_handle(tf.constant(3))
    with tf.Session() as session, tf.Session() as other:
        handle = session.run(keep)
        holder, value = tf.get_session_tensor(handle, tf.int32)
        _, wrong = tf.get_session_tensor(handle, tf.float32)
        with pytest.raises(errors.InvalidArgumentError, match="is not in the session store"):
            other.run(value, {holder: handle.handle})
        with pytest.raises(errors.InvalidArgumentError, match="is no float32"):
            session.run(wrong, {wrong.op.inputs[0]: handle.handle})
        with pytest.raises(TypeError, match="must be of type Tensor"):
            tf.get_session_handle(3)


@pytest.mark.tensorflow
def test_it_is_used_as_in_tensorflow(tensorflow):
    def outcome(lib):
        with lib.Graph().as_default() as graph, lib.Session() as session:
            x = lib.constant([1.0, 2.0], name="x")
            handle = session.run(lib.get_session_handle(x))
            holder, value = lib.get_session_tensor(handle.handle, lib.float32, name="value")
            dropped, drop = lib.delete_session_tensor(handle.handle)
            found = session.run(value, {holder: handle.handle}).tolist()
            session.run(drop, {dropped: handle.get_raw_handle()})
            try:
                session.run(value, {holder: handle.handle})
            except lib.errors.InvalidArgumentError as error:
                found.append("is not in the session store" in error.message)
            return found, [(op.name, op.type) for op in graph.get_operations()]

    assert outcome(tf) == outcome(tensorflow)


def test_a_value_is_kept_under_a_resource_handle_too():
    handle = tf.raw_ops.GetSessionHandleV2(value=[1.0, 2.0])

    assert (handle.dtype, handle.shape.as_list()) == (tf.resource, [])
    with tf.Session() as session:
        session.run(handle.op)
