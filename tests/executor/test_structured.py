"""Generated loops and branches: the values, effects, errors and lifetimes of the tokens."""

from __future__ import annotations

import threading
import weakref
from pathlib import Path

import numpy as np
import pytest
from executor import toy_ops
from executor.raw_loops import RawLoop, triangle, triangles
from executor.scripts import Script
from executor.stepping import const, request_of, step_of, steps_of, structured

import minitf as tf
from minitf import ops
from minitf.errors import CancelledError, InvalidArgumentError
from minitf.executor.dataflow import Run
from minitf.executor.layout import lay_out
from minitf.executor.ready import Fifo, InOrder, Lifo
from minitf.executor.structure import UnstructuredError
from minitf.executor.tiers import COMPILED_RUN
from minitf.graph import Graph

GOLDEN = Path(__file__).parent / "golden"
# `dead` is about an op of the tests that gives dead tokens; of all others only Switch does
SCRIPTS = sorted(path for path in GOLDEN.glob("*.txt") if path.stem != "dead")
INT32 = {"dtype": "int32", "shape": []}


def outcome(run, feeds):
    """Return what a run gives: its values, or its error's type, text and operation."""
    try:
        return [np.asarray(each).tolist() for each in run(feeds)]
    except tf.errors.OpError as error:
        return type(error), str(error), error.op


def assert_agree(plan, *feeds):
    made = structured(plan)
    for each in feeds:
        wanted = outcome(Run(plan, InOrder()).run, each)
        assert outcome(made.run, each) == wanted
        for ready in (Fifo(), Lifo()):
            assert outcome(Run(plan, ready).run, each) == wanted


# --- the text -------------------------------------------------------------------------------------


@pytest.mark.paper("W-59", "W-32")
def test_a_loop_is_written_as_a_loop():
    graph = Graph()
    with graph.as_default():
        n = ops.placeholder_op(**INT32)
        start = const(np.int32(0))
        i = tf.while_loop(lambda i: i < n, lambda i: i + 1, [start], name="up")
    plan = step_of(graph, [i], [n]).plan

    assert structured(plan).source == (
        "def step(feeds, stops):\n"
        "    t0, = feeds\n"
        "    made = loops(stops, t0)\n"
        "    if made is None:\n"
        "        t1 = constant\n"
        "        for n0 in count():  # up/while_context\n"
        "            if stops: raise stops[0]\n"
        "            t2 = t1 < t0[()]  # up/Less\n"
        "            if not t2: break\n"
        "            t3 = t1 + constant_5  # up/add\n"
        "            t1 = t3\n"
        "        t0 = None\n"
        "    else:\n"
        "        t1, = made\n"
        "        t0 = None\n"
        "        made = None\n"
        "    return [t1]\n"
    )


@pytest.mark.paper("W-59")
def test_a_branch_is_written_as_a_branch():
    graph = Graph()
    with graph.as_default():
        x, p = ops.placeholder_op(dtype="float32"), ops.placeholder_op(dtype="bool", shape=[])
        y = tf.cond(p, lambda: tf.tanh(x), lambda: x, name="either")
    source = structured(step_of(graph, [y], [x, p]).plan).source

    assert source == (
        "def step(feeds, stops):\n"
        "    t0, t1, = feeds\n"
        "    if t1:\n"
        "        t1 = None\n"
        "        t2 = tanh(t0)  # either/Tanh\n"
        "        t0 = None\n"
        "        t3 = t2\n"
        "        t2 = None\n"
        "    else:\n"
        "        t1 = None\n"
        "        t3 = t0\n"
        "        t0 = None\n"
        "    return [t3]\n"
    )


# --- values ---------------------------------------------------------------------------------------


@pytest.mark.paper("W-16", "W-32", "L5", "L6", "L8", "L9")
@pytest.mark.parametrize("make", [lambda g, n: triangle(g, n)[1], triangles])
def test_loops_made_of_primitives_agree(make):
    graph = Graph()
    with graph.as_default():
        n = ops.placeholder_op(**INT32)
        total = make(graph, n)
    assert_agree(step_of(graph, [total], [n]).plan, *([np.int32(i)] for i in (0, 1, 2, 9)))


@pytest.mark.paper("L2", "L4", "W-33")
def test_branches_of_one_predicate_in_each_other_and_beside_each_other_agree():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(**INT32)
        p, q = x > 2, x > 4
        y = tf.cond(p, lambda: tf.cond(q, lambda: x * 10, lambda: x * 20), lambda: -x)
        z = tf.cond(p, lambda: y + 1, lambda: y - 1)
        w = tf.cond(q, lambda: z + y, lambda: tf.cond(p, lambda: z, lambda: y))
    assert_agree(step_of(graph, [y, z, w], [x]).plan, *([np.int32(i)] for i in (1, 3, 5)))


def test_a_loop_on_a_branch_runs_only_there():
    toy_ops.LOG.clear()
    graph = Graph()
    with graph.as_default():
        x, p = ops.placeholder_op(**INT32), ops.placeholder_op(dtype="bool", shape=[])

        def loop():
            return tf.while_loop(
                lambda i: i < x, lambda i: toy_ops.tap_op(i, text="round") + 1, [const(np.int32(0))]
            )

        y = tf.cond(p, loop, lambda: x)
    made = structured(step_of(graph, [y], [x, p]).plan)

    assert made.run([np.int32(3), np.bool_(False)]) == [3]
    assert not toy_ops.LOG
    assert made.run([np.int32(3), np.bool_(True)]) == [3]
    assert toy_ops.LOG == ["round"] * 3


def test_a_merge_tells_which_input_came():
    graph = Graph()
    with graph.as_default():
        x, p = ops.placeholder_op(dtype="float32"), ops.placeholder_op(dtype="bool")
        off, on = ops.switch_op(x, p)
        merged = ops.merge_op([ops.neg_op(off), ops.square_op(on)])
    plan = step_of(graph, list(merged), [x, p]).plan

    for taken in (False, True):
        assert_agree(plan, [np.float32(3), np.bool_(taken)])


def test_variables_swap_their_values_in_every_round():
    graph = Graph()
    with graph.as_default():
        n = ops.placeholder_op(**INT32)
        results = tf.while_loop(
            lambda i, a, b, c: i < n, lambda i, a, b, c: (i + 1, b, a, a + c), [0, 1, 2, 3]
        )
    assert_agree(step_of(graph, results, [n]).plan, *([np.int32(i)] for i in range(5)))


@pytest.mark.parametrize("use_resource", [False, True])
def test_variables_are_read_when_they_are_used(use_resource):
    with tf.Graph().as_default(), tf.Session() as session:
        v = tf.get_variable("v", initializer=1, use_resource=use_resource)

        def body(i):
            with tf.control_dependencies([tf.assign_add(v, i)]):
                return i + v.read_value()

        i = tf.while_loop(lambda i: i < 100, body, [1])
        found = []
        for _ in range(COMPILED_RUN + 2):
            session.run(v.initializer)
            found.append((session.run(i), session.run(v)))

    assert len(set(found)) == 1


def test_random_numbers_are_new_in_every_round_and_those_of_the_tokens():
    def drawn(jit):
        graph = Graph()
        with graph.as_default():
            tf.set_random_seed(1)
            _, total = tf.while_loop(
                lambda i, s: i < 5,
                lambda i, s: (i + 1, s * 2.0 + tf.random_uniform([2])),
                [0, tf.zeros([2])],
            )
        step = steps_of(graph, jit=jit).find(request_of([total]))
        return [step.run([])[0].tolist() for _ in range(4)]

    assert drawn("eager") == drawn("off")


NEED_TOKENS = {"switch": 3}  # golden script -> how many of its runs do


@pytest.mark.paper("W-32", "W-33", "L1", "L2", "L3", "L4", "L5", "L6", "L8", "L9")
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_golden_scripts_agree(path):
    script = Script(path.read_text(encoding="utf-8"))
    need_tokens = 0
    for line in script.runs:
        request, values = script.request(line)
        plan = steps_of(script.graph, passes="optimize" in script.options).find(request).plan
        if not plan.has_control_flow:
            continue
        try:
            made = structured(plan)
        except UnstructuredError:
            need_tokens += 1
            continue
        assert outcome(made.run, values) == outcome(Run(plan).run, values)

    assert need_tokens == NEED_TOKENS.get(path.stem, 0)


# --- what is not of the known shape ---------------------------------------------------------------


def unstructured(fetches, feeds=()):
    with pytest.raises(UnstructuredError) as caught:
        lay_out(step_of(fetches[0].graph, fetches, feeds).plan)
    return str(caught.value)


def test_a_merge_of_what_comes_anyway_needs_tokens():
    graph = Graph()
    with graph.as_default():
        x, p = ops.placeholder_op(dtype="float32"), ops.placeholder_op(dtype="bool")
        y = ops.merge_op([ops.switch_op(x, p)[1], x], name="y").output

    assert "'y' does not merge the two sides" in unstructured([y], [x, p])
    step = step_of(graph, [y], [x, p], jit="eager")
    assert step.run([np.float32(3), np.bool_(False)]) == [3]
    assert step.tiers.fast is None


def test_a_loop_that_tests_what_its_body_has_made_needs_tokens():
    graph = Graph()
    with graph.as_default():
        zero, limit = const(np.int32(0)), ops.placeholder_op(**INT32)
        loop = RawLoop(graph, "loop", [zero], [limit])
        condition = ops.loop_cond_op(ops.less_op(loop.merges[0], loop.constants[0]))
        off, on = ops.switch_op(loop.merges[0], condition)
        either = ops.merge_op([off, on + 1]).output
        loop.merges[0].op._update_input(1, ops.next_iteration_op(on + either))

        seen = toy_ops.tap_op(either, text="either")
        with graph.control_dependencies([seen]):
            out = ops.exit_op(ops.identity_op(off))

    assert "depends on its body" in unstructured([out], [limit])


def test_what_waits_for_others_needs_tokens():
    graph = Graph()
    with graph.as_default():
        queue = tf.FIFOQueue(1, tf.int32, [[]])
        out = tf.while_loop(lambda i: i < 3, lambda i: i + queue.dequeue(), [0])

    assert "waits for what others do" in unstructured([out])


# --- errors ---------------------------------------------------------------------------------------


@pytest.mark.paper("O-14")
def test_an_error_names_its_iteration_as_the_tokens_do():
    graph = Graph()
    with graph.as_default():
        n = ops.placeholder_op(**INT32)

        def row(i):
            def column(j, s):
                return j + 1, s + tf.reshape(tf.range(j), [2, -1])[0, 0]

            return i + tf.while_loop(lambda j, s: j < 9, column, [2, n])[1]

        out = tf.while_loop(lambda i: i < 9, row, [0])
    plan = step_of(graph, [out], [n]).plan
    found = outcome(structured(plan).run, [np.int32(3)])

    assert found == outcome(Run(plan).run, [np.int32(3)])
    assert found[0] is InvalidArgumentError
    assert "in iteration while/while_context:0/while/while/while_context:1" in found[1]


def test_what_is_fetched_from_the_other_branch_is_an_error():
    graph = Graph()
    with graph.as_default():
        x, p = ops.placeholder_op(dtype="float32"), ops.placeholder_op(dtype="bool")
        off, on = ops.switch_op(x, p)
        y, z = ops.neg_op(off), ops.square_op(on)
    for fetches in ([y], [x, z], [z, y]):
        plan = step_of(graph, fetches, [x, p]).plan
        assert_agree(plan, *([np.float32(2), np.bool_(taken)] for taken in (False, True)))


def test_a_predicate_that_is_no_scalar_is_an_error_of_its_switch():
    graph = Graph()
    with graph.as_default():
        x, p = ops.placeholder_op(dtype="float32"), ops.placeholder_op(dtype="bool")
        y = ops.merge_op(list(ops.switch_op(x, p, name="s"))).output
    plan = step_of(graph, [y], [x, p]).plan
    feeds = [np.float32(2), np.array([True])]

    assert outcome(structured(plan).run, feeds) == outcome(Run(plan).run, feeds)
    assert "must be a scalar" in outcome(Run(plan).run, feeds)[1]


# --- ends -----------------------------------------------------------------------------------------


class Started:
    """Lets a test wait until a loop goes round."""

    def __init__(self):
        self.event = threading.Event()

    def __call__(self, i):
        self.event.set()
        return i


def endless(started):
    with tf.Graph().as_default() as graph:
        i = tf.while_loop(
            lambda i: i >= 0,
            lambda i: tf.reshape(tf.py_func(started, [i], tf.int32), []) * 0,
            [const(np.int32(0))],
        )
    return graph, i


@pytest.mark.paper("W-29")
def test_closing_the_session_ends_a_loop_that_never_ends():
    started = Started()
    graph, i = endless(started)
    session = tf.Session(graph=graph)
    caught = []

    def run():
        try:
            session.run(i)
        except CancelledError as error:
            caught.append(str(error))

    step = session._steps.find(request_of([i]))
    step.tiers._mode = "eager"
    thread = threading.Thread(target=run)
    thread.start()
    assert started.event.wait(60)
    assert step.tiers.fast is not None
    session.close()
    thread.join(60)

    assert caught == ["Session has been closed."]


def test_an_interrupt_ends_a_loop_that_never_ends():
    def interrupt(i):
        raise KeyboardInterrupt

    graph, i = endless(interrupt)
    step = step_of(graph, [i], jit="eager")
    with pytest.raises(KeyboardInterrupt):
        step.run([])

    assert not list(step._runs)


# --- lifetimes ------------------------------------------------------------------------------------


@pytest.mark.paper("W-40")
def test_the_values_of_a_round_die_in_it():
    alive, most = set(), []

    def watched(x):
        made = np.array(x) + 1
        key = id(made)
        alive.add(key)
        weakref.finalize(made, alive.discard, key)
        most.append(len(alive))
        return made

    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32", shape=[4])
        _, out = tf.while_loop(lambda i, x: i < 10_000, lambda i, x: (i + 1, ops.neg_op(x)), [0, x])
    plan = step_of(graph, [out], [x]).plan
    made = structured(plan)
    made._names["neg"] = watched
    (out,) = made.run([np.zeros(4, np.float32)])

    assert out.tolist() == [10_000] * 4
    assert len(most) == 10_000
    assert max(most) <= 2


def test_a_value_that_one_branch_reads_dies_on_the_other():
    seen = []
    graph = Graph()
    with graph.as_default():
        x, p = ops.placeholder_op(dtype="float32"), ops.placeholder_op(dtype="bool", shape=[])
        big = ops.neg_op(x)
        small = ops.sum_op(x, [0])
        y = tf.cond(p, lambda: ops.sum_op(big, [0]), lambda: toy_ops.tap_op(small, text="other"))
    made = structured(step_of(graph, [y], [x, p]).plan)
    neg, refs = made._names["neg"], []

    def kept(value):
        result = neg(value)
        refs.append(weakref.ref(result))
        return result

    made._names["neg"] = kept
    made._names["tap"] = lambda value: seen.append(refs[0]()) or value

    assert made.run([np.ones(3, np.float32), np.bool_(False)]) == [3]
    assert seen == [None]
    assert made.run([np.ones(3, np.float32), np.bool_(True)]) == [-3]


# --- tiers ----------------------------------------------------------------------------------------


@pytest.mark.paper("W-59", "O-32")
def test_a_step_with_loops_is_generated_code_from_its_third_run_on():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32", shape=[None])
        _, y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.tanh(y * 2.0 + x)), [0, x])
        slope = tf.gradients(y, x)[0]
    step = step_of(graph, [y, slope], [x], jit="auto")
    found = []
    for run in range(1, COMPILED_RUN + 3):
        found.append([each.tolist() for each in step.run([np.float32([0.1, 0.2])])])
        assert (step.tiers.fast is None) == (run < COMPILED_RUN)
    sizes = [step.run([np.zeros(size, np.float32)])[0].shape for size in (1, 5)]

    np.testing.assert_allclose(found[0], found[-1], rtol=1e-5)
    assert found[COMPILED_RUN] == found[-1]
    assert sizes == [(1,), (5,)]
    assert "cluster" in step.tiers.fast.latest.source


def test_an_observed_run_shows_every_token():
    with tf.Graph().as_default(), tf.Session() as session:
        i = tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0], name="up")
        for _ in range(COMPILED_RUN + 1):
            session.run(i)
        metadata = tf.RunMetadata()
        options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
        assert session.run(i, None, options, metadata) == 3

    names = [each.node_name for each in metadata.step_stats.dev_stats[0].node_stats]
    assert names.count("up/Less") == 4
    assert names.count("up/add") >= 3


def test_a_run_with_a_deadline_ends_at_it():
    started = Started()
    graph, i = endless(started)
    step = step_of(graph, [i], jit="eager")
    with pytest.raises(tf.errors.DeadlineExceededError):
        step.run([], timeout_s=0.2)
