"""Barriers: elements are complete when all components have come under their key."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf
import minitf as tf
from minitf import dtypes
from minitf.ops.queue.barrier import Barrier
from minitf.shapes import Shape

FIRST = np.iinfo(np.int64).min


def text(*values):
    return np.array([value.encode() for value in values], object)


def barrier():
    types = dtypes.float32, dtypes.string
    return Barrier("b", types, (Shape(()), Shape((2,))))


def insert(made, keys, component, values):
    dtype = (np.float32, object)[component]
    made.insert(text(*keys), component, np.array(values, dtype))


def taken(made, count, **options):
    numbers, keys, values = made.take(count, **({"at_most": False} | options))
    return numbers.tolist(), [key.decode() for key in keys], [each.tolist() for each in values]


def test_an_element_is_complete_when_all_its_components_have_come():
    made = barrier()
    insert(made, "ab", 0, [1, 2])
    insert(made, "b", 1, [[b"x", b"y"]])

    assert (len(made.incomplete), len(made.ready)) == (1, 1)
    assert taken(made, 1) == ([FIRST], ["b"], [[2], [[b"x", b"y"]]])
    insert(made, "a", 1, [[b"u", b"v"]])
    assert taken(made, 1) == ([FIRST], ["a"], [[1], [[b"u", b"v"]]])


def test_elements_leave_in_the_order_in_which_their_keys_came():
    made = barrier()
    insert(made, "a", 0, [1])
    insert(made, "bc", 0, [2, 3])
    for key in "cba":
        insert(made, key, 1, [[b"", b""]])

    numbers, keys, _ = taken(made, 3)
    assert keys == ["a", "c", "b"]  # b and c came together, c was complete first
    assert numbers == [FIRST, FIRST + 1, FIRST + 1]


@pytest.mark.paper("W-42")
def test_a_take_waits_as_long_as_enough_can_come():
    made = barrier()
    insert(made, "ab", 0, [1, 2])
    insert(made, "a", 1, [[b"", b""]])
    waiting = made.take(2, at_most=False)

    assert waiting.reason == "barrier 'b' has 1 of 2 elements"
    made.close(cancel=False)
    assert not waiting.done()  # b may still be completed
    insert(made, "b", 1, [[b"", b""]])
    assert waiting.result()[1].tolist() == [b"a", b"b"]


def test_a_take_fails_when_enough_can_never_come():
    made = barrier()
    insert(made, "ab", 0, [1, 2])
    insert(made, "a", 1, [[b"", b""]])
    waiting = made.take(2, at_most=False)
    made.close(cancel=True)

    with pytest.raises(tf.errors.OutOfRangeError, match=re.escape("(requested 2, total size 1)")):
        waiting.result()
    assert taken(made, 2, at_most=True)[1] == ["a"]
    with pytest.raises(tf.errors.OutOfRangeError, match=re.escape("(requested 0, total size 0)")):
        made.take(1, at_most=True)


def test_a_take_that_is_cancelled_puts_its_elements_back():
    made = barrier()
    waiting = made.take(1, at_most=False)
    insert(made, "a", 0, [1])
    insert(made, "a", 1, [[b"", b""]])

    assert waiting.done()
    waiting.cancel()
    assert taken(made, 1)[1] == ["a"]


def test_an_insertion_is_whole_or_refused():
    made = barrier()
    insert(made, "b", 0, [1])
    with pytest.raises(tf.errors.InvalidArgumentError, match="Key b already has a value for comp"):
        insert(made, "ab", 0, [1, 2])
    with pytest.raises(tf.errors.InvalidArgumentError, match="Key c already has a value"):
        insert(made, "cc", 0, [1, 2])
    assert list(made.incomplete) == [b"b"]
    made.close(cancel=False)
    with pytest.raises(tf.errors.CancelledError, match="insert a brand new key: a"):
        insert(made, "ba", 1, [[b"", b""]] * 2)
    insert(made, "b", 1, [[b"", b""]])
    assert len(made.ready) == 1


@given(st.permutations([(key, c) for key in "abcd" for c in (0, 1)]), st.data())
def test_in_any_order_every_key_comes_out_once_with_its_components(parts, data):
    made = barrier()
    waits = [made.take(n, at_most=False) for n in data.draw(st.sampled_from([[4], [1, 3], [2, 2]]))]
    for key, component in parts:
        insert(made, key, component, [ord(key)] if component == 0 else [[key.encode()] * 2])
    seen = {}
    for waiting in waits:
        _, keys, (numbers, texts) = waiting.result()
        seen |= {k: (int(n), t.tolist()) for k, n, t in zip(keys, numbers, texts, strict=True)}

    assert seen == {bytes([c]): (c, [bytes([c])] * 2) for c in b"abcd"}


# --- in a graph, beside TensorFlow --------------------------------------------------------------


class Program:
    """A barrier of two components in one of the systems."""

    def __init__(self, tf, **options):
        raw, self.tf = tf.raw_ops, tf
        types = [tf.float32, tf.string]
        with tf.Graph().as_default() as graph:
            defaults = {"component_types": types, "shapes": [[], []], "name": "b"}
            handle = raw.Barrier(**(defaults | options))
            self.keys, self.n = tf.placeholder(tf.string, [None]), tf.placeholder(tf.int32, [])
            self.values = [tf.placeholder(dtype) for dtype in types]
            self.steps = {
                f"insert {i}": raw.BarrierInsertMany(
                    handle=handle, keys=self.keys, values=self.values[i], component_index=i
                )
                for i in (0, 1)
            }
            for small in (False, True):
                take = raw.BarrierTakeMany(
                    handle=handle,
                    num_elements=self.n,
                    component_types=types,
                    allow_small_batch=small,
                )
                self.steps[f"take {small}"] = [take.indices, take.keys, *take.values]
                self.steps[f"close {small}"] = raw.BarrierClose(
                    handle=handle, cancel_pending_enqueues=small
                )
            self.sizes = [
                raw.BarrierReadySize(handle=handle),
                raw.BarrierIncompleteSize(handle=handle),
            ]
        self.session = tf.Session(graph=graph)
        self.options = tf.RunOptions(timeout_in_ms=10_000)  # a step that waits is a failure

    def do(self, what, argument):
        feeds = {}
        if what.startswith("insert"):
            component = int(what[-1])
            values = [[float(ord(key)) for key in argument], list(argument)][component]
            feeds = {self.keys: list(argument), self.values[component]: values}
        elif what.startswith("take"):
            feeds = {self.n: argument}
        try:
            made = self.session.run(self.steps[what], feeds, self.options)
        except self.tf.errors.OpError as error:
            return type(error).__name__, phrase(error)
        return None if made is None else [each.tolist() for each in made]


def phrase(error):
    lines = str(error).split("\n")
    at = next((i for i, line in enumerate(lines) if "[[{{node" in line), 1)
    return re.sub(r"_\d+_b", "NAME", lines[at - 1])


SEQUENCES = [
    [("insert 0", "ab"), ("insert 1", "b"), ("take False", 1), ("insert 1", "a"), ("take True", 1)],
    [("insert 0", "a"), ("insert 0", "a"), ("insert 1", "a"), ("insert 0", "c")],
    [
        ("insert 0", "a"),
        ("insert 1", "a"),
        ("close False", 0),
        ("take False", 1),
        ("insert 0", "b"),
    ],
    [("insert 1", "ab"), ("insert 0", "ab"), ("close True", 0), ("take True", 2)],
]


@pytest.mark.thorough
@pytest.mark.tensorflow
@pytest.mark.parametrize("commands", SEQUENCES)
def test_sequences_give_what_tensorflow_gives(tensorflow, commands):
    ours, theirs = programs = [Program(library) for library in (minitf, tensorflow)]
    is_closed = False
    for what, argument in commands:
        ready, incomplete = ours.session.run(ours.sizes)
        if what.startswith("take") and ready < argument and (not is_closed or incomplete):
            continue  # it would wait
        if what == "close True" and is_closed and not incomplete:
            continue  # TensorFlow's waits for ever
        outcome = ours.do(what, argument)
        if isinstance(outcome, tuple) and what.startswith("insert") and len(argument) > 1:
            continue  # TensorFlow inserts a part of what it refuses
        is_closed = is_closed or what.startswith("close")

        assert outcome == theirs.do(what, argument)
        assert [p.session.run(p.sizes) for p in programs] == [ours.session.run(ours.sizes)] * 2
    for program in programs:
        program.session.close()


@pytest.mark.tensorflow
@pytest.mark.parametrize("options", [{"shapes": []}, {"capacity": 3}], ids=str)
def test_a_barrier_is_refused_as_in_tensorflow(options, tensorflow):
    refusals = []
    for library in (minitf, tensorflow):
        program = Program(library, **options)
        with pytest.raises(library.errors.InvalidArgumentError) as caught:
            program.session.run(program.sizes)
        refusals.append(phrase(caught.value))

    assert refusals[0] == refusals[1]


def test_values_that_do_not_fit_are_refused():
    made = barrier()
    for component, values, words in (
        (2, np.float32([1]), "The component ID is out of range 2 > num_components (= 2)"),
        (0, np.float64([1]), "Type mismatch in component 0. Expected float, got double"),
        (0, np.float32([1, 2]), "Expected one value per key, got (2,) for 1 keys"),
        (0, np.float32([[1]]), "Shape mismatch in tuple component 0. Expected [], got [1]"),
        (1, np.empty((1, 0), object), "Tensors with no elements are not supported b"),
    ):
        with pytest.raises(tf.errors.InvalidArgumentError, match=re.escape(words)):
            made.insert(text("a"), component, values)

    assert not made.incomplete


def test_shared_barriers_must_agree():
    raw = tf.raw_ops

    def size(types, shapes):
        handle = raw.Barrier(component_types=types, shapes=shapes, shared_name="z")
        return raw.BarrierReadySize(handle=handle)

    with tf.Session() as session:
        session.run(size([tf.float32], [[]]))
        for other, words in (
            (
                size([tf.int32], [[]]),
                "component types float but requested component types were int",
            ),
            (size([tf.float32], [[1]]), r"component shapes \[\[\]\] but requested"),
        ):
            with pytest.raises(tf.errors.InvalidArgumentError, match=words):
                session.run(other)


def test_takes_of_other_types_and_numbers_are_refused():
    raw = tf.raw_ops
    handle = raw.Barrier(component_types=[tf.float32], shapes=[[]])
    for options, words in (
        ({"component_types": [tf.int32]}, "expected float, got int32"),
        ({"num_elements": -1}, "must not be negative"),
        ({"timeout_ms": 3}, "Timeout not supported yet"),
    ):
        arguments = {"num_elements": 1, "component_types": [tf.float32]} | options
        take = raw.BarrierTakeMany(handle=handle, **arguments)
        with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError, match=words):
            session.run(take)
