"""Loops that run often become machine code, which gives the values and errors of the tokens."""

from __future__ import annotations

import _thread
import threading

import numpy as np
import pytest
from executor.stepping import request_of, step_of, steps_of
from hypothesis import given, settings
from hypothesis import strategies as st

import minitf as tf
from minitf.errors import CancelledError, InvalidArgumentError
from minitf.executor.dataflow import Run
from minitf.executor.hot import BEHIND_RUN, NATIVE_RUN
from minitf.executor.pausing import Pausing
from minitf.executor.ready import InOrder
from minitf.kernels_cpu.native import looping
from minitf.kernels_cpu.native.blocks import Blocks
from minitf.resources import ResourceStore

RUNS = 4


def flat(values):
    if not isinstance(values, (list, tuple)):
        return [np.asarray(values)]
    return [each for value in values for each in flat(value)]


def variables(*shapes):
    return [
        tf.get_variable(f"v{i}", initializer=tf.random_uniform(shape, -0.5, 0.5, seed=i + 1))
        for i, shape in enumerate(shapes)
    ]


def hot_parts(steps, request):
    return steps.find(request).tiers.fast.latest.hot_parts


def assert_agree(build, feeds=(), *, close=1e-5):
    """Run a program by tokens and by machine code; its values must be equal.

    Args:
        build: returns the fed tensors and what is fetched, as lists.
        feeds: what is fed.
        close: how far values may differ, relative to the largest.
    """
    outcomes = []
    for jit in ("off", "eager"):
        with tf.Graph().as_default() as graph:
            fed, fetched = build()
            wanted = [each for each in fetched if each is not None]
            steps = steps_of(graph, ResourceStore(), jit=jit)
            init = request_of([tf.global_variables_initializer()])
            steps.find(init).run([])
            request = request_of(wanted, fed)
            runs = [steps.find(request).run(feeds) for _ in range(RUNS)]
            outcomes.append(flat(runs[-1]))
            if jit == "eager":
                parts = hot_parts(steps, request)
                assert parts
                assert all(part.is_native for part in parts)
    for one, other in zip(*outcomes, strict=True):
        assert (one.shape, one.dtype) == (other.shape, other.dtype)
        if one.dtype.kind == "f":
            np.testing.assert_allclose(one, other, close, close * np.abs(one).max(initial=0))
        else:
            np.testing.assert_array_equal(one, other)


# --- values ---------------------------------------------------------------------------------------


@pytest.mark.paper("W-59")
def test_a_loop_over_numbers_agrees():
    def build():
        n = tf.placeholder(tf.int32, [])
        return [n], tf.while_loop(
            lambda i, *_: i < n,
            lambda i, a, b: (i + 1, a * 0.5 + tf.cast(i, tf.float32), ~b & (i % 3 < 2)),
            [0, 0.0, tf.constant(True)],
        )

    for count in (0, 1, 7):
        assert_agree(build, [np.int32(count)])


@pytest.mark.paper("W-59", "W-33")
def test_branches_and_loops_in_loops_agree():
    def build():
        x = tf.placeholder(tf.float32, [3])

        def inner(i, a):
            return tf.while_loop(lambda j, _: j < i, lambda j, b: (j + 1, b * 0.5 + x), [0, a])[1]

        def outer(i, a):
            return i + 1, tf.cond(
                tf.equal(i % 2, 0),
                lambda: inner(i, a),
                lambda: tf.cond(tf.reduce_sum(a) > 1.0, lambda: a - x, lambda: tf.tanh(a)),
            )

        return [x], tf.while_loop(lambda i, _: i < 6, outer, [0, x])

    assert_agree(build, [np.float32([0.5, -1, 2])])


@pytest.mark.thorough
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "sizes",
    [(3, 8, 8), *(pytest.param(s, marks=pytest.mark.long) for s in [(5, 7, 7), (4, 16, 16)])],
)
@pytest.mark.paper("W-59", "W-32")
def test_a_recurrent_net_and_its_gradient_agree(dtype, sizes):
    rows, hidden, _ = sizes

    def build():
        x = tf.placeholder(dtype, [rows, hidden])
        w, u = (tf.cast(v, dtype) for v in variables([hidden, hidden], [hidden, hidden]))
        h = tf.while_loop(
            lambda i, _: i < 9,
            lambda i, h: (i + 1, tf.tanh(tf.matmul(x, w) + tf.matmul(h, u, transpose_b=True))),
            [0, x],
        )[1]
        return [x], [h, *tf.gradients(tf.reduce_sum(h * h), [w, u, x])]

    assert_agree(build, [np.random.RandomState(0).randn(rows, hidden).astype(dtype)])


@pytest.mark.long
@pytest.mark.parametrize("kind", ["GRUCell", "LSTMCell"])
@pytest.mark.parametrize("lengths", [False, True], ids=["all", "lengths"])
def test_cells_along_time_and_their_gradients_agree(kind, lengths):
    def build():
        x = tf.placeholder(tf.float32, [3, 5, 8])
        many = tf.constant([2, 5, 3]) if lengths else None
        with tf.variable_scope("", initializer=tf.random_uniform_initializer(-0.5, 0.5, seed=1)):
            cell = getattr(tf.nn.rnn_cell, kind)(8)
            outputs, state = tf.nn.dynamic_rnn(cell, x, many, dtype=tf.float32)
        slopes = tf.gradients(tf.reduce_sum(outputs**2), [x, *tf.trainable_variables()])
        return [x], [outputs, *(state if isinstance(state, tuple) else [state]), *slopes]

    x = np.random.RandomState(0).randn(3, 5, 8).astype(np.float32)
    assert_agree(build, [x])


@pytest.mark.thorough
@pytest.mark.parametrize("rows", [3, 5])
@pytest.mark.paper("W-59")
def test_sizes_that_are_computed_before_the_loops_are_known_there(rows):
    """An Assert, which no machine code is made for, stands between the sizes and the loop."""

    def build():
        x = tf.placeholder(tf.float32, [None, 2])
        steps = tf.shape(x)[0]
        check = tf.Assert(steps > 0, [steps])
        return [x], [tf.map_fn(lambda e: e * 2.0 + 1.0, x), check]

    assert_agree(build, [np.arange(2 * rows, dtype=np.float32).reshape(rows, 2)])


@pytest.mark.thorough
@pytest.mark.parametrize(("side", "is_native"), [(200, True), (400, False)])
def test_a_loop_whose_products_are_worth_several_threads_stays_as_it_is(side, is_native):
    with tf.Graph().as_default() as graph:
        x, w = (tf.placeholder(tf.float32, [side, side]) for _ in range(2))
        y = tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, tf.matmul(y, w)), [0, x])[1]
    steps, request = steps_of(graph, jit="eager"), request_of([y], [x, w])
    value = np.arange(side * side, dtype=np.float32).reshape(side, side)
    turned = np.eye(side, dtype=np.float32)[::-1].copy()

    for _ in range(RUNS):
        np.testing.assert_array_equal(steps.find(request).run([value, turned])[0], value[:, ::-1])
    assert [part.is_native for part in hot_parts(steps, request)] == [is_native]


@pytest.mark.thorough
@pytest.mark.paper("W-59")
def test_loops_run_for_as_many_steps_as_each_batch_has():
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None])
        steps = tf.size(x)
        with tf.control_dependencies([tf.Assert(steps > 0, [steps])]):
            last = tf.while_loop(lambda i, _: i < steps, lambda i, y: (i + 1, y + 1.5), [0, 0.0])[1]
    made, request = steps_of(graph, jit="eager"), request_of([last], [x])

    for rows in (3, 4, 3, 7):
        assert made.find(request).run([np.ones(rows, np.float32)]) == [1.5 * rows]


@pytest.mark.thorough
@pytest.mark.paper("W-59")
def test_mapped_and_scanned_elements_agree():
    def build():
        x = tf.placeholder(tf.float32, [6, 2])
        mapped = tf.map_fn(lambda e: e * 2.0 + 1.0, x)
        scanned = tf.scan(lambda a, e: a * 0.5 + e, x)
        return [x], [mapped, scanned, tf.gradients(mapped * scanned, x)[0]]

    assert_agree(build, [np.arange(12, dtype=np.float32).reshape(6, 2)])


@pytest.mark.paper("W-33")
@pytest.mark.thorough
def test_arrays_of_which_a_gradient_needs_the_shape_only_are_not_kept(monkeypatch):
    made = []

    class Spied(Blocks):
        def __init__(self, routine):
            super().__init__(routine)
            made.append(self)

    def build():
        w = tf.placeholder(tf.float32, [6, 3])
        x = tf.ones([2, 3])
        _, a = tf.while_loop(
            lambda i, _: i < 5,
            lambda i, a: (i + 1, tf.tanh(tf.matmul(tf.concat([a, x], 1), w))),
            [0, tf.zeros([2, 3])],
        )
        return [w], [a, tf.gradients(a, w)[0]]

    monkeypatch.setattr(looping, "Blocks", Spied)
    assert_agree(build, [np.full((6, 3), 0.1, np.float32)])

    (blocks,) = made
    kept = sorted(stack.element for stack in blocks.stacks)
    assert kept == [(2, 3), (2, 6)]  # what tanh gives and concat gives, not what concat takes


def test_a_stack_that_grows_beyond_its_room_agrees():
    def build():
        x, n = tf.placeholder(tf.float64, []), tf.placeholder(tf.int32, [])
        y = tf.while_loop(lambda i, _: i < n, lambda i, y: (i + 1, y * x), [0, x])[1]
        return [x, n], [y, tf.gradients(y, x)[0]]

    assert_agree(build, [np.float64(1.01), np.int32(100)])


OPERATIONS = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - 0.5 * b,
    "product": lambda a, b: a * tf.tanh(b),
    "matmul": lambda a, b: tf.matmul(a, b) * 0.3,
    "transposed": lambda a, b: tf.transpose(a) * 0.5 + b,
    "joined": lambda a, b: tf.concat([a[:, :2], b[:, 2:]], 1),
    "select": lambda a, b: tf.where(a > b, a, b),
    # no sum is compared with 0, which that of a - mean(a) is but for rounding
    "branch": lambda a, b: tf.cond(tf.reduce_sum(a) > 0.1, lambda: a - b, lambda: tf.sin(b)),
    "mean": lambda a, b: a - tf.reduce_mean(b, 0),
}


@pytest.mark.long
@settings(max_examples=6, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(OPERATIONS)), st.integers(0, 9), st.integers(0, 9)),
        min_size=1,
        max_size=6,
    ),
    st.integers(0, 5),
)
def test_random_loops_and_their_gradients_agree(drawn, rounds):
    def body(i, a, b):
        made = [a, b]
        for name, one, other in drawn:
            made.append(OPERATIONS[name](made[one % len(made)], made[other % len(made)]))
        return i + 1, tf.tanh(made[-1]), made[-2] * 0.5

    def build():
        x, y = (tf.placeholder(tf.float64, [4, 4]) for _ in range(2))
        _, a, b = tf.while_loop(lambda i, *_: i < rounds, body, [0, x, y])
        return [x, y], [a, b, *tf.gradients(tf.reduce_sum(a * b), [x, y])]

    arrays = np.random.RandomState(len(drawn)).randn(2, 4, 4)
    assert_agree(build, list(arrays), close=1e-9)


# --- when -----------------------------------------------------------------------------------------


@pytest.mark.paper("W-59")
def test_loops_become_machine_code_at_one_run_and_no_other():
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None])
        y = tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, y * 2.0), [0, x])[1]
    steps, request = steps_of(graph, jit="auto"), request_of([y], [x])
    native = []
    for _ in range(NATIVE_RUN + 6):
        steps.find(request).run([np.ones(3, np.float32)])
        fast = steps.find(request).tiers.fast
        native.append(fast is not None and fast.latest.hot_parts[0].is_native)

    assert BEHIND_RUN < NATIVE_RUN
    assert native.index(True) == NATIVE_RUN + 1  # runs 1 and 2 are by tokens
    np.testing.assert_array_equal(steps.find(request).run([np.ones(5, np.float32)])[0], [8.0] * 5)


def test_what_machine_code_is_not_made_for_stays_as_it_is():
    def build():
        x = tf.placeholder(tf.string, [])
        y = tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, tf.string_join([y, y])), [0, x])[
            1
        ]
        return [x], [tf.strings.length(y)]

    with tf.Graph().as_default() as graph:
        fed, fetched = build()
    step = step_of(graph, fetched, fed, jit="eager")
    assert [step.run([np.array(b"ab", object)])[0] for _ in range(RUNS)] == [16] * RUNS


# --- errors and ends ------------------------------------------------------------------------------


@pytest.mark.paper("W-59")
def test_an_error_names_its_operation_and_round_as_the_tokens_do():
    with tf.Graph().as_default() as graph:
        n = tf.placeholder(tf.int32, [])
        array = tf.TensorArray(tf.float32, size=4)
        array = tf.while_loop(
            lambda i, _: i < n, lambda i, a: (i + 1, a.write(i, 1.0)), [0, array], name="up"
        )[1]
        total = tf.reduce_sum(array.stack())
    step = step_of(graph, [total], [n], jit="eager")
    assert [step.run([np.int32(4)])[0] for _ in range(RUNS)] == [4.0] * RUNS
    assert step.tiers.fast.latest.hot_parts[0].is_native

    errors = []
    for run in (step.run, Run(step_of(graph, [total], [n]).plan, InOrder()).run):
        with pytest.raises(InvalidArgumentError, match="index 4") as raised:
            run([np.int32(9)])
        errors.append((raised.value.op, raised.value.message.split("size is")[1]))
    assert errors[0] == errors[1]
    assert step.run([np.int32(4)]) == [4.0]


def endless():
    """Return a graph with a loop that has no end, and what is fetched."""
    with tf.Graph().as_default() as graph:
        last = tf.while_loop(lambda i: i < 2, lambda i: 1 - i, [0])
    return graph, last


def when_a_run_is_under_way(steps, end):
    """Call `end` in a thread as soon as there is a run: its making, which comes first, is none."""

    def wait():
        while not any(isinstance(run, Pausing) for run in steps.runs):
            pass
        end()

    threading.Thread(target=wait, daemon=True).start()


def test_closing_the_session_ends_machine_code():
    graph, last = endless()
    steps = steps_of(graph, jit="eager")
    step = steps.find(request_of([last]))
    when_a_run_is_under_way(steps, lambda: steps.close(CancelledError(None, None, "closed")))
    with pytest.raises(CancelledError, match="closed"):
        step.run([])


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_ends_machine_code():
    graph, last = endless()
    steps = steps_of(graph, jit="eager")
    step = steps.find(request_of([last]))
    when_a_run_is_under_way(steps, _thread.interrupt_main)
    with pytest.raises(KeyboardInterrupt):
        step.run([])


def test_a_variable_is_read_anew_in_each_run():
    with tf.Graph().as_default():
        v = tf.get_variable("v", initializer=np.float32([1, 2]))
        y = tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, y + v), [0, tf.zeros([2])])[1]
        more = v.assign_add([1.0, 1.0])
        with tf.Session() as session:
            session.run(v.initializer)
            for run in range(NATIVE_RUN + 8):
                np.testing.assert_array_equal(session.run(y), 3 * (np.float32([1, 2]) + run))
                session.run(more)
