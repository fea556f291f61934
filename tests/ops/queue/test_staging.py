"""Staging areas: what is put is got in order; limits make those who put wait."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf
import minitf as tf
from minitf import dtypes, ops
from minitf.api.staging import StagingArea
from minitf.ops.queue.area import Area, bytes_of

FLOAT = (dtypes.float32,)


def number(value):
    return [np.float32(value)]


@pytest.mark.paper("W-37")
def test_elements_are_got_in_the_order_in_which_they_were_put():
    area = StagingArea([tf.int32, tf.string], shapes=[[], [2]])
    x = tf.placeholder(tf.int32, [])
    put, got = area.put([x, tf.constant(["a", "b"])]), area.get()
    size = area.size()
    with tf.Session() as session:
        for i in range(3):
            session.run(put, {x: i})
        assert session.run(size) == 3
        assert session.run(area.peek(2))[0] == 2
        first, texts = session.run(got)
        assert (first, texts.tolist()) == (0, [b"a", b"b"])
        session.run(area.clear())
        assert session.run(size) == 0

    assert [tensor.shape.as_list() for tensor in got] == [[], [2]]


def test_a_put_waits_while_there_are_too_many_elements():
    area = Area("a", capacity=1, memory_limit=0)
    area.put(number(1))
    waiting = area.put(number(2))

    assert waiting.reason == "staging area 'a' is full"
    assert area.get(FLOAT)[0] == 1
    assert waiting.done()
    assert area.get(FLOAT)[0] == 2


def test_a_put_waits_while_there_are_too_many_bytes():
    area = Area("a", capacity=0, memory_limit=10)
    area.put(number(1))
    area.put(number(2))
    waiting = area.put(number(3))

    assert not waiting.done()
    area.clear()
    assert waiting.done()
    assert area.bytes == 4
    with pytest.raises(
        tf.errors.ResourceExhaustedError, match=r"size of '12' bytes .* limit of '10'"
    ):
        area.put([np.ones(3, np.float32)])


def test_a_get_waits_for_an_element_and_a_peek_for_its_index():
    area = Area("a", 0, 0)
    got, seen = area.get(FLOAT), area.peek(1, FLOAT)
    assert got.reason == "staging area 'a' is empty"
    assert seen.reason == "staging area 'a' has 0 of 2 elements"
    for value in (1, 2, 3):
        area.put(number(value))

    assert got.result()[0] == 1
    assert seen.result()[0] == 3
    assert len(area.elements) == 2


def test_a_get_that_is_cancelled_puts_its_element_back():
    area = Area("a", 0, 0)
    got = area.get(FLOAT)
    area.put(number(1))
    area.put(number(2))
    got.cancel()

    assert [area.get(FLOAT)[0] for _ in range(2)] == [1, 2]
    assert area.bytes == 0


def test_elements_of_other_types_stay():
    area = Area("a", 0, 0)
    area.put(number(1))
    for types in ((dtypes.int32,), (dtypes.float32, dtypes.float32)):
        with pytest.raises(tf.errors.InvalidArgumentError, match="Mismatch stage/unstage: 1 vs"):
            area.get(types)
        with pytest.raises(tf.errors.InvalidArgumentError, match="Mismatch stage/unstage: 1 vs"):
            area.peek(0, types)
    with pytest.raises(tf.errors.InvalidArgumentError, match="index must not be negative"):
        area.peek(-1, FLOAT)

    assert area.get(FLOAT)[0] == 1


def test_what_was_peeked_at_may_be_changed():
    area = Area("a", 0, 0)
    area.put([np.float32([1, 2])])
    area.peek(0, FLOAT)[0][:] = 9

    assert area.get(FLOAT)[0].tolist() == [1, 2]


@given(st.lists(st.integers(0, 9), max_size=8))
def test_bytes_are_those_of_what_is_held(sizes):
    area = Area("a", 0, 0)
    for size in sizes:
        area.put([np.ones(size, np.float32), np.array([b"x" * size, b""], object)])

    assert area.bytes == sum(5 * size for size in sizes) == sum(map(bytes_of, area.elements))


def test_areas_of_one_name_are_one():
    first = StagingArea([tf.int32], shared_name="shared")
    second = StagingArea([tf.int32], shared_name="shared")
    with tf.Session() as session:
        session.run(first.put(tf.constant(3)))

        assert session.run(second.get()) == [3]


def test_elements_with_names_are_dicts():
    area = StagingArea([tf.int32, tf.float32], names=["i", "f"])
    with tf.Session() as session:
        session.run(area.put({"f": tf.constant(0.5), "i": tf.constant(1)}))

        assert session.run(area.get()) == {"i": 1, "f": 0.5}


REFUSED = {
    "a name that is no string": lambda make, tf: make([tf.int32], shared_name=3),
    "shapes of another number": lambda make, tf: make([tf.int32], shapes=[[], []]),
    "names of another number": lambda make, tf: make([tf.int32], names=[]),
    "a dict without names": lambda make, tf: make([tf.int32]).put({"a": tf.constant(1)}),
    "other names": lambda make, tf: make([tf.int32], names=["a"]).put({"b": tf.constant(1)}),
    "a list for names": lambda make, tf: make([tf.int32], names=["a"]).put([tf.constant(1)]),
    "too many": lambda make, tf: make([tf.int32]).put([tf.constant(1)] * 2),
    "another type": lambda make, tf: make([tf.int32]).put([tf.constant(1.5)]),
    "another shape": lambda make, tf: make([tf.int32], [[2]]).put([tf.constant([1, 2, 3])]),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("what", REFUSED)
def test_what_does_not_fit_is_refused_as_in_tensorflow(what, tensorflow):
    from tensorflow.python.ops import data_flow_ops

    phrases = []
    for library, make in ((minitf, StagingArea), (tensorflow, data_flow_ops.StagingArea)):
        with library.Graph().as_default(), pytest.raises(ValueError, match=r".") as caught:
            REFUSED[what](make, library)
        phrases.append(str(caught.value)[:25])

    assert phrases[0] == phrases[1]


@pytest.mark.tensorflow
def test_the_class_builds_tensorflows_nodes(tensorflow):
    from tensorflow.python.ops import data_flow_ops

    found = []
    for library, make in ((minitf, StagingArea), (tensorflow, data_flow_ops.StagingArea)):
        with library.Graph().as_default() as graph:
            area = make([library.float32], shapes=[[]], capacity=3, memory_limit=99)
            area.put([library.constant(1.0)])
            area.get()
            with library.device("/cpu:0"):
                area.get(name="elsewhere")
            area.peek(0)
            area.size()
            area.clear()
            found.append(
                [(op.name, op.type, op.colocation_groups()) for op in graph.get_operations()]
            )

    assert found[0] == found[1]


def test_an_area_without_a_shared_name_is_called_after_its_operation():
    put = ops.stage_op([1], name="both")
    got = ops.unstage_op(dtypes=[tf.int32], shared_name="both")
    with tf.Session() as session:
        session.run(put)

        assert session.run(got) == [1]
