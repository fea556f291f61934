"""Operations on queues: what goes in comes out, what does not fit is refused, in both systems."""

from __future__ import annotations

import re
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ops.queue.models import CANCELLED, CLOSED, OUT_OF_RANGE, WAITS, Model

import minitf
import minitf as tf
from minitf import dtypes, ops
from minitf.dtypes import DTYPES

PLAIN = [d for d in DTYPES.values() if d.is_numpy_compatible and not d.is_quantized]
MAKERS = {
    "FIFOQueue": lambda tf, **options: tf.FIFOQueue(10, **options),
    "RandomShuffleQueue": lambda tf, **options: tf.RandomShuffleQueue(10, 0, seed=3, **options),
    "PaddingFIFOQueue": lambda tf, **options: tf.PaddingFIFOQueue(10, **options),
    "PriorityQueue": lambda tf, **options: tf.PriorityQueue(10, options.pop("dtypes"), **options),
}
every_kind = pytest.mark.parametrize("kind", MAKERS)


def some(dtype, shape):
    """Return an array of a type, with different elements."""
    numbers = np.arange(1, 1 + int(np.prod(shape))).reshape(shape)
    if dtype is dtypes.string:
        return np.array([b"%d" % i for i in numbers.ravel()], object).reshape(shape)
    return (numbers % 2 == 1) if dtype is dtypes.bool_ else numbers.astype(dtype.numpy)


# --- in and out ---------------------------------------------------------------------------------


@pytest.mark.paper("W-37")
def test_elements_leave_a_fifo_queue_in_the_order_in_which_they_came():
    queue = tf.FIFOQueue(10, [tf.int32, tf.string], [[], [2]])
    number, text = tf.placeholder(tf.int32, []), tf.placeholder(tf.string, [2])
    put, one, two = queue.enqueue([number, text]), queue.dequeue(), queue.dequeue_many(2)
    with tf.Session() as session:
        for i in range(3):
            session.run(put, {number: i, text: [f"a{i}", f"b{i}"]})

        assert session.run(queue.size()) == 3
        first, texts = session.run(one)
        assert (first, texts.tolist()) == (0, [b"a0", b"b0"])
        numbers, texts = session.run(two)
        assert numbers.tolist() == [1, 2]
        assert texts.tolist() == [[b"a1", b"b1"], [b"a2", b"b2"]]
        assert session.run(queue.size()) == 0


@pytest.mark.parametrize("dtype", PLAIN, ids=lambda d: d.name)
@pytest.mark.parametrize("shape", [(), (3,), (2, 0), (2, 3)], ids=str)
def test_every_type_and_shape_comes_out_as_it_went_in(dtype, shape):
    queue = tf.FIFOQueue(10, [dtype], [shape])
    batch = some(dtype, (4, *shape))
    fed = tf.placeholder(dtype, batch.shape)
    many = queue.enqueue_many([fed])
    single = queue.enqueue([fed[0]])
    with tf.Session() as session:
        session.run([many, single], {fed: batch})
        out = session.run(queue.dequeue_many(4))
        last = session.run(queue.dequeue())

    np.testing.assert_array_equal(out, batch)
    np.testing.assert_array_equal(last, batch[0])
    assert out.dtype == batch.dtype
    assert out.shape == batch.shape
    assert np.asarray(last).shape == shape


@pytest.mark.parametrize("dtype", PLAIN, ids=lambda d: d.name)
def test_a_batch_that_lies_scattered_in_memory_is_cut_into_its_rows(dtype):
    queue = ops.fifo_queue_v2_op.body(
        component_types=(dtype,), shapes=(tf.TensorShape([4, 3]).static_shape,), context=Here()
    ).resource
    batch = some(dtype, (3, 4, 5)).T[::2]
    queue.enqueue_many([batch])
    rows = [queue.dequeue()[0] for _ in range(3)]

    for row, wanted in zip(rows, batch, strict=True):
        np.testing.assert_array_equal(row, wanted)
        assert row.dtype == wanted.dtype
        assert not np.shares_memory(row, batch)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=6), st.data())
def test_a_batch_is_the_stack_of_its_elements(lengths, data):
    """Of a padding queue: filled up with zeros to the longest."""
    queue = ops.padding_fifo_queue_v2_op.body(
        component_types=(tf.int64,),
        shapes=(tf.TensorShape([None, 2]).static_shape,),
        context=Here(),
    ).resource
    elements = [some(dtypes.int64, (n, 2)) for n in lengths]
    for element in elements:
        queue.enqueue([element])
    (batch,) = queue.dequeue_many(len(lengths))

    assert batch.shape == (len(lengths), max(lengths), 2)
    for row, element in zip(batch, elements, strict=True):
        np.testing.assert_array_equal(row[: len(element)], element)
        assert not row[len(element) :].any()


class Here:
    """Stands for a Context."""

    node_name = "q"

    def __init__(self):
        self.local = {}
        self.lock = threading.Lock()


@pytest.mark.parametrize("kind", ["FIFOQueue", "PaddingFIFOQueue"])
def test_a_batch_of_strings_holds_strings(kind):
    queue = getattr(tf, kind)(9, tf.string, [[]])
    with tf.Session() as session:
        session.run(queue.enqueue_many([["a", "b"]]))
        session.run(queue.enqueue("c"))
        batch = session.run(queue.dequeue_many(3))

    assert [type(each) for each in batch] == [bytes] * 3
    assert batch.tolist() == [b"a", b"b", b"c"]


def test_what_is_filled_in_is_zero_false_or_empty():
    types = [tf.float32, tf.bool, tf.string]
    queue = tf.PaddingFIFOQueue(10, types, [[None]] * 3)
    fed = [tf.placeholder(dtype, [None]) for dtype in types]
    put, both = queue.enqueue(fed), queue.dequeue_many(2)
    with tf.Session() as session:
        session.run(put, dict(zip(fed, ([1.5], [True], ["a"]), strict=True)))
        session.run(put, dict(zip(fed, ([1, 2], [True] * 2, ["b", "c"]), strict=True)))
        numbers, flags, texts = session.run(both)

    assert numbers.tolist() == [[1.5, 0], [1, 2]]
    assert flags.tolist() == [[True, False], [True, True]]
    assert texts.tolist() == [[b"a", b""], [b"b", b"c"]]


@pytest.mark.paper("O-09")
def test_the_smallest_priority_leaves_first_and_equals_in_order():
    queue = tf.PriorityQueue(10, [tf.string], [[]])
    put = queue.enqueue_many([np.int64([3, 1, 2, 1]), ["c", "a1", "b", "a2"]])
    with tf.Session() as session:
        session.run(put)
        priorities, texts = session.run(queue.dequeue_many(4))

    assert priorities.tolist() == [1, 1, 2, 3]
    assert texts.tolist() == [b"a1", b"a2", b"b", b"c"]


def test_stored_elements_alias_nothing():
    queue = tf.FIFOQueue(10, [tf.float32], [[2]])
    x = tf.placeholder(tf.float32, [2])
    put, take = queue.enqueue([x]), queue.dequeue()
    value = np.float32([1, 2])
    with tf.Session() as session:
        session.run(put, {x: value})
        value[:] = 9
        taken = session.run(take)

    assert taken.tolist() == [1, 2]
    taken[:] = 0  # the user's own


def test_an_element_does_not_keep_its_batch_alive():
    queue = ops.fifo_queue_v2_op.body(
        component_types=(tf.float32, tf.string), shapes=(), context=Here()
    ).resource
    queue.enqueue_many([np.ones((3, 4), np.float32), np.full((3, 4), b"x", object)])
    numbers, texts = queue.dequeue()

    assert memoryview(numbers if numbers.base is None else numbers.base).nbytes == numbers.nbytes
    assert texts.base is None


def test_elements_with_names_are_dicts():
    queue = tf.FIFOQueue(10, [tf.int32, tf.float32], [[], []], names=["i", "f"])
    put = queue.enqueue({"f": 0.5, "i": 7})
    one, many = queue.dequeue(), queue.dequeue_many(1)
    with tf.Session() as session:
        session.run(put)
        session.run(put)

        assert session.run(one) == {"i": 7, "f": 0.5}
        assert session.run(many)["i"].tolist() == [7]


def test_static_shapes_are_the_queues():
    queue = tf.PaddingFIFOQueue(10, [tf.int32, tf.float32], [[], [None, 3]])
    n = tf.placeholder(tf.int32, [])

    assert [t.shape.as_list() for t in queue.dequeue()] == [[], [None, 3]]
    assert [t.shape.as_list() for t in queue.dequeue_many(4)] == [[4], [4, None, 3]]
    assert [t.shape.as_list() for t in queue.dequeue_many(n)] == [[None], [None, None, 3]]
    assert [t.shape.as_list() for t in queue.dequeue_up_to(4)] == [[None], [None, None, 3]]
    assert tf.FIFOQueue(10, tf.int32).dequeue().shape.rank is None


def test_one_of_several_queues_is_chosen_when_the_graph_runs():
    queues = [tf.FIFOQueue(10, tf.int32, []) for _ in range(3)]
    index = tf.placeholder(tf.int32, [])
    chosen = tf.QueueBase.from_list(index, queues)
    put = chosen.enqueue(5)
    with tf.Session() as session:
        session.run(put, {index: 1})

        assert session.run([queue.size() for queue in queues]) == [0, 1, 0]
        assert session.run(chosen.dequeue(), {index: 1}) == 5


def test_queues_of_other_types_or_names_are_not_alternatives():
    first = tf.FIFOQueue(10, tf.int32, [])
    for others in (None, [], [first, 1]):
        with pytest.raises(TypeError, match="A list of queues expected"):
            tf.QueueBase.from_list(0, others)
    with pytest.raises(TypeError, match="Queues do not have matching component dtypes"):
        tf.QueueBase.from_list(0, [first, tf.FIFOQueue(10, tf.float32, [])])
    with pytest.raises(TypeError, match="Queues do not have matching component names"):
        tf.QueueBase.from_list(0, [first, tf.FIFOQueue(10, tf.int32, [], names=["x"])])


# --- handles ------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["", "_v2"], ids=["ref", "resource"])
def test_both_kinds_of_handle_do_the_same(version):
    def op(name):
        return getattr(ops, f"{name}{version}_op")

    handle = op("fifo_queue")(component_types=[tf.int32], shapes=[[]], name="q")
    many = op("queue_enqueue_many")(handle, [np.int32([1, 2, 3])])
    put = op("queue_enqueue")(handle, [4])
    take = op("queue_dequeue")(handle, component_types=[tf.int32])
    two = op("queue_dequeue_many")(handle, 2, component_types=[tf.int32])
    rest = op("queue_dequeue_up_to")(handle, 9, component_types=[tf.int32])
    close, is_closed = op("queue_close")(handle), op("queue_is_closed")(handle)
    with tf.Session() as session:
        for step in (many, put):
            session.run(step)
        assert session.run(op("queue_size")(handle)) == 4
        assert session.run(take) == [1]
        assert session.run(two)[0].tolist() == [2, 3]
        assert not session.run(is_closed)
        session.run(close)
        assert session.run(is_closed)
        assert session.run(rest)[0].tolist() == [4]


def test_a_ref_handle_shows_its_container_and_name():
    named = ops.fifo_queue_op(component_types=[tf.int32], shared_name="q", container="box")
    own = ops.fifo_queue_op(component_types=[tf.int32], name="mine")
    with tf.Session() as session:
        assert session.run(named).tolist() == [b"box", b"q"]
        container, name = session.run(own)

    assert container == b"localhost"
    assert re.fullmatch(rb"_\d+_mine", name)


def test_a_fake_queue_is_the_ref_handle_of_a_queue():
    queue = tf.FIFOQueue(10, tf.int32, [])
    ref = ops.fake_queue_op(queue.queue_ref)
    put = ops.queue_enqueue_op(ref, [3])
    with tf.Session() as session:
        session.run(put)

        assert session.run(queue.dequeue()) == 3


def test_a_handle_of_something_else_is_refused():
    variable = ops.var_handle_op_op(dtype=tf.int32, shape=[])
    size = ops.queue_size_v2_op(variable)
    with (
        tf.Session() as session,
        pytest.raises(tf.errors.InvalidArgumentError, match="resource of the wrong type"),
    ):
        session.run(size)


# --- containers and names -----------------------------------------------------------------------


@every_kind
@pytest.mark.paper("W-39", "O-11")
def test_sessions_of_one_target_share_a_queue_by_its_name(kind):
    target = f"local://{kind}"
    options = {"dtypes": [tf.string], "shapes": [[]], "shared_name": "q"}
    element = ("a",) if kind != "PriorityQueue" else (np.int64(1), "a")
    with tf.Graph().as_default(), tf.Session(target) as session:
        session.run(MAKERS[kind](tf, **options).enqueue(element))
    with tf.Graph().as_default(), tf.Session(target) as session:
        taken = session.run(MAKERS[kind](tf, **options).dequeue())
    tf.Session.reset(target)
    with tf.Graph().as_default(), tf.Session(target) as session:
        size = session.run(MAKERS[kind](tf, **options).size())

    assert np.asarray(taken, object).ravel()[-1] == b"a"
    assert size == 0


def test_a_queue_without_a_name_belongs_to_its_session():
    queue = tf.FIFOQueue(10, tf.int32, [])
    with tf.Session("local://own") as first, tf.Session("local://own") as second:
        first.run(queue.enqueue(1))

        assert first.run(queue.size()) == 1
        assert second.run(queue.size()) == 0


@pytest.mark.paper("W-39")
def test_containers_keep_queues_of_one_name_apart():
    queues = []
    for container in ("a", "b"):
        with tf.container(container):
            queues.append(tf.FIFOQueue(10, tf.int32, [], shared_name="q"))
    with tf.Session("local://boxes") as session:
        session.run([queue.enqueue(1) for queue in queues])
        tf.Session.reset("local://boxes", ["a"])

        assert session.run([queue.size() for queue in queues]) == [0, 1]


# --- what is refused, with TensorFlow's words ---------------------------------------------------


def _feeding(tf, queue, *values, many=False):
    fed = [tf.placeholder(dtype) for dtype in queue.dtypes]
    put = (queue.enqueue_many if many else queue.enqueue)(fed)
    return put, dict(zip(fed, values, strict=True))


def _shared(tf, **changed):
    """Share a queue and ask for it again in another way."""
    options = {"capacity": 3, "dtypes": [tf.float32], "shapes": [[]], "shared_name": "q"}
    tf.get_default_session().run(tf.FIFOQueue(**options).size())
    return tf.FIFOQueue(**(options | changed)).size()


def _number(tf):
    return tf.FIFOQueue(3, [tf.float32], [[]])


def _pair(tf):
    return tf.FIFOQueue(3, [tf.float32, tf.int32], [[2], []])


def _loose(tf):
    return tf.FIFOQueue(3, [tf.float32, tf.int32])


REFUSED = {
    "fewer than none": lambda tf: _number(tf).dequeue_many(tf.placeholder_with_default(-1, [])),
    "at most fewer than none": lambda tf: _number(tf).dequeue_up_to(-1),
    "unknown shapes": lambda tf: _loose(tf).dequeue_many(1),
    "unknown shapes, at most": lambda tf: _loose(tf).dequeue_up_to(1),
    "another shape": lambda tf: _feeding(tf, _pair(tf), [1, 2, 3], 1),
    "another rank": lambda tf: _feeding(tf, _pair(tf), 1, 1),
    "another shape in a batch": lambda tf: _feeding(tf, _pair(tf), [[1, 2, 3]], [1], many=True),
    "other lengths in a batch": lambda tf: _feeding(tf, _pair(tf), np.ones((2, 2)), [1], many=True),
    "other lengths in a loose batch": lambda tf: _feeding(
        tf, _loose(tf), [1, 2], [1, 2, 3], many=True
    ),
    "a padded shape": lambda tf: _feeding(
        tf, tf.PaddingFIFOQueue(9, [tf.float32], [[None, 2]]), np.ones((1, 3))
    ),
    "a padded shape in a batch": lambda tf: _feeding(
        tf, tf.PaddingFIFOQueue(9, [tf.float32], [[None, 2]]), np.ones((1, 1, 3)), many=True
    ),
    "a priority that is no scalar": lambda tf: _feeding(
        tf, tf.PriorityQueue(9, [tf.float32], [[]]), [1, 2], 1
    ),
    "a minimum as large as the capacity": lambda tf: tf.RandomShuffleQueue(3, 3, tf.int32).size(),
    "a negative minimum": lambda tf: tf.RandomShuffleQueue(3, -3, tf.int32).size(),
    "a reserved name": lambda tf: tf.FIFOQueue(3, tf.int32, shared_name="_q").size(),
    "another capacity": lambda tf: _shared(tf, capacity=4),
    "other types": lambda tf: _shared(tf, dtypes=[tf.int32]),
    "more components": lambda tf: _shared(tf, dtypes=[tf.float32] * 2, shapes=[[], []]),
    "other shapes": lambda tf: _shared(tf, shapes=[[1]]),
    "no shapes": lambda tf: _shared(tf, shapes=None),
    "a timeout": lambda tf: tf.raw_ops.QueueDequeueV2(
        handle=_number(tf).queue_ref, component_types=[tf.float32], timeout_ms=5
    ),
}


def refusal(tf, scenario):
    """Return the kind and the phrase with which a run is refused."""
    with tf.Graph().as_default(), tf.Session() as session:
        made = scenario(tf)
        fetch, feeds = made if isinstance(made, tuple) else (made, {})
        with pytest.raises(tf.errors.OpError) as caught:
            session.run(fetch, feeds)
    return type(caught.value).__name__, words(caught.value)


def words(error):
    """Return the line of an error that says what is wrong, less names that runs make up."""
    lines = str(error).split("\n")
    at = next((i for i, line in enumerate(lines) if "[[{{node" in line), 1)
    return re.sub(r"_\d+_\w+", "NAME", lines[at - 1]).replace(" ", "")


@pytest.mark.tensorflow
@pytest.mark.parametrize("what", REFUSED)
def test_a_run_is_refused_as_in_tensorflow(what, tensorflow):
    assert refusal(minitf, REFUSED[what]) == refusal(tensorflow, REFUSED[what])


def test_a_queue_of_another_kind_or_other_seeds_is_refused():
    def shared(**options):
        return tf.RandomShuffleQueue(9, dtypes=tf.int32, shapes=[], shared_name="q", **options)

    with tf.Session() as session:
        session.run(shared(min_after_dequeue=1, seed=1).size())
        for other, phrase in (
            (
                tf.FIFOQueue(9, tf.int32, [], shared_name="q"),
                "Expected RandomShuffleQueue, found FIFOQueueV2",
            ),
            (shared(min_after_dequeue=2, seed=1), "min_after_dequeue 1 but requested"),
            (
                shared(min_after_dequeue=1, seed=2),
                r"has random seeds \(.*, 1\) but requested seeds",
            ),
        ):
            with pytest.raises(tf.errors.InvalidArgumentError, match=phrase):
                session.run(other.size())


def test_a_padding_queue_is_shared_by_all_that_its_shapes_may_be():
    def shared(*shapes):
        return tf.PaddingFIFOQueue(9, [tf.int32], shapes, shared_name="q")

    with tf.Session() as session:
        session.run(shared([None, 3]).enqueue([[[1, 2, 3]]]))

        assert session.run(shared([2, 3]).size()) == session.run(shared([None, None]).size()) == 1
        for others in ([None, 2], [None]):
            with pytest.raises(tf.errors.InvalidArgumentError, match="has component shapes"):
                session.run(shared(others).size())


def test_components_of_other_types_or_number_are_refused():
    handle = _pair(tf).queue_ref
    for components, phrase in (
        ([np.float32([1, 2])], "Wrong number of components in tuple. Expected 2, got 1"),
        (
            [np.float32([1, 2]), 1.5],
            "Type mismatch in tuple component 1. Expected int32, got float",
        ),
    ):
        put = ops.queue_enqueue_v2_op(handle, components)
        with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError) as caught:
            session.run(put)
        assert phrase in str(caught.value)
    take = ops.queue_dequeue_v2_op(handle, component_types=[tf.float32])
    with (
        tf.Session() as session,
        pytest.raises(tf.errors.InvalidArgumentError, match="expected float, int32, got float"),
    ):
        session.run(take)


BUILDING = {
    "shapes of another number": lambda tf: tf.FIFOQueue(3, [tf.float32, tf.int32], [[2]]),
    "unknown sizes": lambda tf: tf.FIFOQueue(3, [tf.float32, tf.int32], [[2], [None]]),
    "names of another number": lambda tf: tf.FIFOQueue(3, [tf.int32] * 2, names=["a"]),
    "a list for names": lambda tf: tf.FIFOQueue(3, tf.int32, names="a").enqueue([1]),
    "a dict without names": lambda tf: tf.FIFOQueue(3, tf.int32).enqueue({"a": 1}),
    "other names": lambda tf: tf.FIFOQueue(3, tf.int32, names="a").enqueue({"b": 1}),
    "another static shape": lambda tf: _pair(tf).enqueue([[1.0, 2, 3], 1]),
    "a scalar batch": lambda tf: _pair(tf).enqueue_many([[[1.0, 2]], 1]),
    "batches of other lengths": lambda tf: _loose(tf).enqueue_many([[1.0, 2], [1, 2, 3]]),
    "a priority of another type": lambda tf: tf.PriorityQueue(3, tf.int32, []).enqueue([1.5, 1]),
    "padding without shapes": lambda tf: tf.PaddingFIFOQueue(3, [tf.float32], None),
    "padding with one shape": lambda tf: tf.PaddingFIFOQueue(3, [tf.float32], [None]),
    "padding of unknown rank": lambda tf: tf.PaddingFIFOQueue(
        3, [tf.float32] * 2, [tf.TensorShape(None), []]
    ),
    "padding of another number": lambda tf: tf.PaddingFIFOQueue(3, [tf.float32] * 2, [[None]]),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("what", BUILDING)
def test_what_cannot_fit_is_refused_while_building_as_in_tensorflow(what, tensorflow):
    kinds, phrases = [], []
    for library in (tensorflow, minitf):
        with library.Graph().as_default(), pytest.raises((ValueError, TypeError)) as caught:
            BUILDING[what](library)
        kinds.append(TypeError if isinstance(caught.value, TypeError) else ValueError)
        phrases.append(re.split(r"[:\d\[(]", str(caught.value))[0].strip())

    assert kinds[0] is kinds[1]
    assert phrases[0] == phrases[1]


# --- sequences that never wait, in both systems -------------------------------------------------

COMMANDS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.lists(st.integers(0, 99), min_size=1, max_size=3)),
        st.tuples(st.just("take"), st.integers(1, 4)),
        st.tuples(st.just("take at most"), st.integers(1, 4)),
        st.tuples(st.just("take one"), st.just(1)),
        st.tuples(st.just("close"), st.booleans()),
    ),
    min_size=1,
    max_size=15,
)
OUTCOMES = {"OutOfRangeError": OUT_OF_RANGE, "CancelledError": CLOSED}


class Program:
    """A queue of int64 numbers in one of the systems; each command is a step."""

    def __init__(self, tf, kind, capacity):
        self.tf = tf
        types = {"dtypes": [tf.int64], "shapes": [[]]}
        self.has_key = kind == "PriorityQueue"
        with tf.Graph().as_default() as graph:
            if kind == "RandomShuffleQueue":
                queue = tf.RandomShuffleQueue(capacity, 0, seed=7, **types)
            elif self.has_key:
                queue = tf.PriorityQueue(capacity, tf.int64, [[]])
            else:
                queue = getattr(tf, kind)(capacity, **types)
            self.values = tf.placeholder(tf.int64, [None])
            self.count = tf.placeholder(tf.int32, [])
            many = [self.values, self.values] if self.has_key else [self.values]
            self.steps = {
                "put": queue.enqueue_many(many),
                "take": queue.dequeue_many(self.count),
                "take at most": queue.dequeue_up_to(self.count),
                "take one": queue.dequeue(),
                "close": {c: queue.close(cancel_pending_enqueues=c) for c in (False, True)},
                "size": queue.size(),
            }
        self.session = tf.Session(graph=graph)

    def do(self, command, argument):
        step = self.steps[command]
        feeds = {"put": {self.values: argument}, "close": {}, "take one": {}}.get(
            command, {self.count: argument}
        )
        try:
            made = self.session.run(step[argument] if command == "close" else step, feeds)
        except self.tf.errors.OpError as error:
            return OUTCOMES[type(error).__name__]
        if made is None:
            return None
        return np.ravel(made[-1] if self.has_key else made).tolist()

    def size(self):
        return int(self.session.run(self.steps["size"]))


def would_wait(model, command, argument):
    """Ask the model, whose elements are numbers in order of arrival."""
    if command == "close" or model.is_closed:
        return False
    if command == "put":
        return len(model.elements) + len(argument) > model.capacity
    return len(model.elements) < argument


def loses_elements(model, command, count):
    """TensorFlow's priority queue, once closed, drops a rest instead of giving it."""
    return command == "take at most" and model.is_closed and len(model.elements) < count


@pytest.mark.thorough
@pytest.mark.tensorflow
@pytest.mark.paper("W-37", "W-38", "O-09")
@every_kind
@given(capacity=st.integers(1, 8), commands=COMMANDS)
def test_sequences_give_what_tensorflow_gives(tensorflow, kind, capacity, commands):
    """A shuffling queue gives TensorFlow's order too: one seed, one sequence."""
    model = Model(capacity)  # only its count is looked at
    programs = [Program(library, kind, capacity) for library in (minitf, tensorflow)]
    seen = set()
    for command, given_argument in commands:
        argument = given_argument
        if command == "put":  # priorities that are equal may leave in any order
            argument = [v for v in dict.fromkeys(argument) if v not in seen]
            seen.update(argument)
        if would_wait(model, command, argument) or argument == []:
            continue
        if kind == "PriorityQueue" and loses_elements(model, command, argument):
            continue
        outcomes = [program.do(command, argument) for program in programs]
        follow(model, command, argument)

        assert outcomes[0] == outcomes[1]
        assert programs[0].size() == programs[1].size() == len(model.elements)
    for program in programs:
        program.session.close()


def follow(model, command, argument):
    if command == "put":
        made = model.put(argument)
    elif command == "close":
        made = model.close(cancel=argument)
    else:
        made = model.take(argument, at_most=command == "take at most")
    assert made["outcome"] not in (WAITS, CANCELLED)


# --- the shuffling queue ------------------------------------------------------------------------


def shuffled(seed, count=1000, keep=0):
    """Return the order in which the numbers from 0 on leave a shuffling queue."""
    with tf.Graph().as_default(), tf.Session() as session:
        queue = tf.RandomShuffleQueue(count, keep, tf.int32, [], seed=seed)
        session.run(queue.enqueue_many([np.arange(count, dtype=np.int32)]))
        session.run(queue.close())
        return session.run(queue.dequeue_many(count))


@pytest.mark.paper("W-38")
def test_a_seed_fixes_the_order():
    assert shuffled(5).tolist() == shuffled(5).tolist()
    assert shuffled(5).tolist() != shuffled(6).tolist()
    assert sorted(shuffled(5)) == list(range(1000))
    assert shuffled(None).tolist() != shuffled(None).tolist()


@pytest.mark.paper("W-38")
def test_any_element_may_leave_at_any_time():
    """Chi-square of where the elements of a queue of 8 end up, over 4,000 seeds."""
    size, rounds = 8, 4000
    counts = np.zeros((size, size))
    for seed in range(1, rounds + 1):
        queue = ops.random_shuffle_queue_v2_op.body(
            component_types=(tf.int32,), shapes=(), seed=seed, seed2=1, context=Here()
        ).resource
        queue.enqueue_many([np.arange(size, dtype=np.int32)])
        for place in range(size):
            counts[queue.dequeue()[0], place] += 1
    expected = rounds / size
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    freedom = (size - 1) ** 2

    assert chi_square < freedom + 4 * np.sqrt(2 * freedom)  # four standard deviations


@pytest.mark.paper("W-38")
def test_the_minimum_stays_until_the_queue_is_closed():
    queue = ops.random_shuffle_queue_v2_op.body(
        component_types=(tf.int32,), shapes=(), min_after_dequeue=3, capacity=9, context=Here()
    ).resource
    queue.enqueue_many([np.arange(5, dtype=np.int32)])
    taken = [queue.dequeue() for _ in range(2)]
    third = queue.dequeue()

    assert all(type(each) is tuple for each in taken)
    assert not third.done()
    assert third.reason == "queue 'q' has 3 of 4 elements"
    queue.close(cancel_pending_enqueues=False)
    left = [third.result(), queue.dequeue(), queue.dequeue()]
    assert sorted(int(each[0]) for each in taken + left) == list(range(5))


# --- GraphDefs, both ways -----------------------------------------------------------------------


def whole_program(tf):
    """Build a queue of each kind, by both kinds of handle, and all that is done to them."""
    raw = tf.raw_ops
    types, shapes = [tf.float32, tf.string], [[2], []]
    values = [tf.constant([[1.0, 2], [3, 4], [5, 6]]), tf.constant(["a", "b", "c"])]
    made = []
    for version in ("", "V2"):
        for kind, extra in (
            ("FIFOQueue", {}),
            ("RandomShuffleQueue", {"seed": 5, "seed2": 6, "min_after_dequeue": 1}),
            ("PaddingFIFOQueue", {"capacity": 9}),
            ("PriorityQueue", {"container": "box"}),
        ):
            options = {"component_types": types, "shapes": shapes} | extra
            handle = getattr(raw, kind + version)(name=f"{kind}{version}_q", **options)
            is_keyed = kind == "PriorityQueue"
            all_types = [tf.int64, *types] if is_keyed else types
            parts = [tf.constant([3, 1, 2], tf.int64), *values] if is_keyed else values

            def do(name, handle=handle, version=version, **inputs):
                return getattr(raw, name + version)(handle=handle, **inputs)

            with tf.control_dependencies([do("QueueEnqueueMany", components=parts)]):
                put = do("QueueEnqueue", components=[part[0] for part in parts])
            with tf.control_dependencies([put]):
                one = do("QueueDequeue", component_types=all_types)
            with tf.control_dependencies([one[0].op]):
                size, many = do("QueueSize"), None
            with tf.control_dependencies([size.op]):
                many = do("QueueDequeueMany", n=1, component_types=all_types)
            with tf.control_dependencies([many[0].op]):
                close = do("QueueClose", cancel_pending_enqueues=True)
            with tf.control_dependencies([close]):
                rest = do("QueueDequeueUpTo", n=2 if is_keyed else 9, component_types=all_types)
                closed = do("QueueIsClosed")
            made += [size, closed, *one, *many, *rest]
    return [tensor.name for tensor in made]


@pytest.mark.tensorflow
@pytest.mark.paper("W-01")
def test_graphs_of_queues_run_alike_in_both_systems_whoever_wrote_them(tensorflow):
    results = []
    for writer in (minitf, tensorflow):
        with writer.Graph().as_default() as graph:
            names = whole_program(writer)
            content = graph.as_graph_def().SerializeToString()
        for reader in (minitf, tensorflow):
            with reader.Graph().as_default(), reader.Session() as session:
                reader.import_graph_def(reader.GraphDef.FromString(content), name="")
                results.append(session.run(names))

    for other in results[1:]:
        for one, two in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(one, two)
