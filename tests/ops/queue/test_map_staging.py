"""Staging areas with keys: what is put under a key is got under it, whole or in parts."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf
import minitf as tf
from minitf import dtypes
from minitf.api.staging import MapStagingArea
from minitf.ops.queue.map_area import MapArea, OrderedMapArea

TYPES = (dtypes.int32, dtypes.float32)
BOTH = [0, 1]


def area(kind=MapArea, capacity=0, memory_limit=0):
    return kind("a", capacity, memory_limit)


def pair(value):
    return [np.int32(value), np.float32(value + 0.5)]


def put(made, key, indices=BOTH):
    return made.put(key, indices, [pair(key)[i] for i in indices], TYPES)


def got(found):
    return [float(each) for each in found]


def test_an_element_is_got_under_its_key():
    made = area()
    put(made, 5)
    put(made, 2)

    assert got(made.peek(5, BOTH, TYPES)) == [5, 5.5]
    assert got(made.get(5, BOTH, TYPES)) == [5, 5.5]
    assert list(made.complete) == [2]


def test_any_key_is_the_oldest_or_in_an_ordered_area_the_smallest():
    for kind, keys in ((MapArea, [5, 2, 9]), (OrderedMapArea, [2, 5, 9])):
        made = area(kind)
        for key in (5, 2, 9):
            put(made, key)
        found = [made.get(None, BOTH, TYPES) for _ in keys]

        assert [int(key) for key, _ in found] == keys
        assert [got(parts) for _, parts in found] == [[key, key + 0.5] for key in keys]


def test_an_element_is_complete_when_all_its_components_have_come():
    made = area()
    put(made, 5, [1])
    waiting = made.get(5, BOTH, TYPES)

    assert (len(made.complete), len(made.incomplete)) == (0, 1)
    assert waiting.reason == "staging area 'a' has no element of key 5"
    put(made, 5, [0])
    assert got(waiting.result()) == [5, 5.5]
    assert (len(made.complete), len(made.incomplete), made.bytes) == (0, 0, 0)


def test_an_element_may_be_got_in_parts():
    made = area()
    put(made, 5)
    assert got(made.get(5, [1], TYPES[1:])) == [5.5]
    with pytest.raises(tf.errors.InvalidArgumentError, match="'1' for key '5' has already been re"):
        made.get(5, BOTH, TYPES)
    with pytest.raises(tf.errors.InvalidArgumentError, match="has already been removed"):
        made.peek(5, [1], TYPES[1:])
    assert got(made.get(5, [0], TYPES[:1])) == [5]

    assert not made.complete


def test_a_put_waits_for_room_and_a_get_for_its_key():
    made = area(capacity=1)
    first = made.get(None, BOTH, TYPES)
    seen = made.peek(7, BOTH, TYPES)
    assert first.reason == "staging area 'a' is empty"
    put(made, 5)
    assert int(first.result()[0]) == 5
    put(made, 6)
    waiting = put(made, 7)

    assert waiting.reason == "staging area 'a' is full"
    made.get(6, BOTH, TYPES)
    assert waiting.done()
    assert got(seen.result()) == [7, 7.5]


def test_a_put_waits_while_there_are_too_many_bytes():
    made = area(memory_limit=10)
    put(made, 1)
    waiting = put(made, 2)

    assert not waiting.done()
    made.clear()
    assert waiting.done()
    assert made.bytes == 8
    with pytest.raises(tf.errors.ResourceExhaustedError, match="combined size of '12' bytes"):
        made.put(3, BOTH, [np.int32([1, 2]), np.float32(1)], TYPES)


@pytest.mark.parametrize("key", [5, None])
def test_a_get_that_is_cancelled_puts_back_what_it_took(key):
    made = area()
    waiting = made.get(key, [1], TYPES[1:])
    put(made, 5)

    assert waiting.done()
    assert made.bytes == 4
    waiting.cancel()
    assert made.bytes == 8
    assert got(made.get(5, BOTH, TYPES)) == [5, 5.5]


def test_the_first_element_of_a_key_stays():
    made = area()
    made.put(5, BOTH, pair(1), TYPES)
    made.put(5, BOTH, pair(2), TYPES)

    assert got(made.get(5, BOTH, TYPES)) == [1, 1.5]
    assert made.bytes == 0


@pytest.mark.parametrize(
    ("indices", "values", "words"),
    [
        ([5], pair(1)[:1], "Index '5' for key '3' was out of bounds '2'."),
        ([-1], pair(1)[:1], "Index '-1' for key '3' was out of bounds '2'."),
        ([1, 0], pair(1), "Indices are not strictly ordered"),
        ([1], pair(1), "1 indices name 2 components"),
        ([1], pair(1)[:1], "Mismatch stage/unstage: 1 vs. 1"),
    ],
)
def test_components_that_do_not_fit_are_refused(indices, values, words):
    made = area()
    with pytest.raises(tf.errors.InvalidArgumentError, match=re.escape(words)):
        made.put(3, indices, values, TYPES)
    put(made, 3)
    with pytest.raises(tf.errors.InvalidArgumentError, match=re.escape(words)):
        made.get(3, indices, [dtypes.by_numpy(value.dtype) for value in values])

    assert got(made.get(3, BOTH, TYPES)) == [3, 3.5]


def test_a_component_comes_once():
    made = area()
    put(made, 5, [0])
    with pytest.raises(tf.errors.InvalidArgumentError, match="'0' for key '5' was already init"):
        put(made, 5, [0])


# --- the public class ---------------------------------------------------------------------------


@pytest.mark.parametrize("ordered", [False, True])
def test_the_class_puts_and_gets(ordered):
    made = MapStagingArea([tf.int32, tf.float32], [[], []], ["i", "f"], ordered=ordered)
    key = tf.placeholder(tf.int64, [])
    x = tf.cast(key, tf.int32)
    whole = made.put(key, {"f": tf.cast(key, tf.float32) / 2, "i": x})
    part = made.put(key, {"i": x})
    sizes = [made.size(), made.incomplete_size()]
    with tf.Session() as session:
        for number in (4, 2):
            session.run(whole, {key: number})
        session.run(part, {key: 7})
        assert session.run(sizes) == [2, 1]
        assert session.run(made.peek(key), {key: 4}) == {"i": 4, "f": 2}
        assert session.run(made.get(key, ["f"])[1], {key: 4}) == {"f": 2}
        found, values = session.run(made.get(None, ["i"]))
        assert (found, values) == ((2, {"i": 2}) if ordered else (4, {"i": 4}))
        session.run(made.clear())
        assert session.run(sizes) == [0, 0]


REFUSED = {
    "no indices": lambda make, tf: make([tf.int32]).put(1, [tf.constant(1)]),
    "other indices": lambda make, tf: make([tf.int32]).put(1, [tf.constant(1)], [0, 1]),
    "names without names": lambda make, tf: make([tf.int32]).get(1, ["x"]),
    "unknown names": lambda make, tf: make([tf.int32], names=["a"]).get(1, ["x"]),
    "mixed indices": lambda make, tf: make([tf.int32] * 2, names=["a", "b"]).get(1, ["a", 1]),
    "empty indices": lambda make, tf: make([tf.int32]).get(1, []),
    "an index": lambda make, tf: make([tf.int32]).get(1, 0),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("what", REFUSED)
def test_what_does_not_fit_is_refused_as_in_tensorflow(what, tensorflow):
    from tensorflow.python.ops import data_flow_ops

    errors = []
    for library, make in ((minitf, MapStagingArea), (tensorflow, data_flow_ops.MapStagingArea)):
        with library.Graph().as_default(), pytest.raises((ValueError, TypeError)) as caught:
            REFUSED[what](make, library)
        errors.append((type(caught.value), str(caught.value)[:14]))

    assert errors[0] == errors[1]


@pytest.mark.tensorflow
def test_the_class_builds_tensorflows_nodes(tensorflow):
    from tensorflow.python.ops import data_flow_ops

    found = []
    for library, make in ((minitf, MapStagingArea), (tensorflow, data_flow_ops.MapStagingArea)):
        with library.Graph().as_default() as graph:
            for ordered in (False, True):
                made = make([library.int32, library.float32], ordered=ordered, capacity=3)
                key = library.constant(1, library.int64)
                made.put(key, [library.constant(1), library.constant(1.0)], [0, 1])
                made.get(key)
                made.get(key, [1])
                made.get()
                made.peek(key)
                made.size()
                made.incomplete_size()
                made.clear()
            found.append([(op.name, op.type) for op in graph.get_operations()])

    assert found[0] == found[1]


@pytest.mark.thorough
@pytest.mark.tensorflow
@given(
    commands=st.lists(
        st.one_of(
            st.tuples(st.sampled_from(["both", "first", "second"]), st.integers(0, 3)),
            st.tuples(
                st.sampled_from(["get", "get first", "peek", "any", "clear"]), st.integers(0, 3)
            ),
        ),
        max_size=14,
    )
)
def test_sequences_give_what_tensorflow_gives(tensorflow, commands):
    programs = []
    for library in (minitf, tensorflow):
        raw = library.raw_ops
        options = {"dtypes": [library.int32, library.float32], "shared_name": "m"}
        with library.Graph().as_default() as graph:
            key = library.placeholder(library.int64, [])
            x, y = library.cast(key, library.int32), library.cast(key, library.float32)
            first = options | {"dtypes": [library.int32]}
            popped = raw.OrderedMapUnstageNoKey(indices=BOTH, **options)
            steps = {
                "both": raw.OrderedMapStage(key=key, indices=BOTH, values=[x, y], **options),
                "first": raw.OrderedMapStage(key=key, indices=[0], values=[x], **options),
                "second": raw.OrderedMapStage(key=key, indices=[1], values=[y], **options),
                "get": raw.OrderedMapUnstage(key=key, indices=BOTH, **options),
                "get first": raw.OrderedMapUnstage(key=key, indices=[0], **first),
                "peek": raw.OrderedMapPeek(key=key, indices=BOTH, **options),
                "any": [popped.key, *popped.values],
                "clear": raw.OrderedMapClear(**options),
            }
            sizes = [raw.OrderedMapSize(**options), raw.OrderedMapIncompleteSize(**options)]
        programs.append((library, library.Session(graph=graph), key, steps, sizes))

    complete = set()  # as our area has it: the others would wait
    parted = set()  # of these something is taken: TensorFlow's process aborts when "any" meets one
    for what, number in commands:
        if what in ("get", "get first", "peek") and number not in complete:
            continue
        if what == "any" and (not complete or min(complete) in parted):
            continue
        outcomes = []
        for library, session, key, steps, sizes in programs:
            try:
                made = session.run(steps[what], {key: number})
            except library.errors.InvalidArgumentError:
                made = "refused"
            outcomes.append((made, [int(size) for size in session.run(sizes)]))
        stored = programs[0][1]._store.find("", "m", OrderedMapArea)
        complete = set(stored.complete)
        parted = (parted | ({number} if what == "get first" else set())) & complete
        if what in ("first", "second") and number in complete and outcomes[0] != outcomes[1]:
            break  # TensorFlow keeps parts of an element that is complete already
        assert outcomes[0] == outcomes[1]
    for _, session, *_ in programs:
        session.close()
