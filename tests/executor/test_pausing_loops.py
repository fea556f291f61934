"""Steps that wait for others and have loops or branches too: generated code, as the tokens do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from executor import toy_ops
from executor.stepping import request_of, steps_of, structured
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.errors import CancelledError, OutOfRangeError
from minitf.executor.dataflow import Run
from minitf.executor.layout import lay_out
from minitf.executor.ready import InOrder
from minitf.executor.runs import Runs
from minitf.executor.structure import UnstructuredError
from minitf.graph import Graph
from minitf.resources import ResourceStore

DEADLINE_S = 60
GATES = ("one", "two")


def taken(gate="one"):
    x = toy_ops.get_op(gate_name=gate, T="float32")
    x.set_shape([])
    return x


def doubled(x, rounds=3):
    return tf.while_loop(lambda i, _: i < rounds, lambda i, s: (i + 1, s + s), [0, x])[1]


class Program:
    """A graph, its state, and gates that are filled with the same numbers before each run."""

    def __init__(self, build):
        graph, self.store = Graph(), ResourceStore()
        with graph.as_default():
            self.feeds = [tf.placeholder(tf.bool, [], name="p")]
            self.fetches = build(*self.feeds)
        self.steps = steps_of(graph, self.store)
        self.step = self.steps.find(request_of(self.fetches, self.feeds))

    @property
    def plan(self):
        return self.step.plan

    def gate(self, name):
        return self.store.find_or_create("", name, toy_ops.Gate, toy_ops.Gate)

    def outcome(self, run, p):
        """Return what a run gives, and what it leaves in the gates."""
        for name in GATES:
            self.gate(name).items = [np.float32(10 * len(name) + i) for i in range(12)]
        fetched = [np.asarray(each).tolist() for each in run([np.bool_(p)])]
        left = [np.asarray(each).tolist() for name in GATES for each in self.gate(name).items]
        return fetched, left

    def assert_agrees(self):
        made = structured(self.plan)
        for p in (False, True):
            wanted = self.outcome(Run(self.plan, InOrder()).run, p)

            assert self.outcome(made.run, p) == wanted


# --- the text -------------------------------------------------------------------------------------


@pytest.mark.paper("W-42", "W-59")
def test_the_text_waits_before_the_loop_and_loops():
    program = Program(lambda _: [doubled(taken())])

    assert structured(program.plan, mode="off").source == (
        "def step(feeds, stops, outputs):\n"
        "    _, = feeds\n"
        "    _ = None\n"
        "    t0 = outputs(get(), node)  # Get\n"
        "    made = loops(stops, t0)\n"
        "    if made is None:\n"
        "        t1, t2 = constant, t0\n"
        "        for n0 in count():  # while/while_context\n"
        "            if stops: raise stops[0]\n"
        "            t3 = t1 < constant_7  # while/Less\n"
        "            if not t3: break\n"
        "            t4 = t1 + constant_9  # while/add\n"
        "            t5 = t2 + t2  # while/add_1\n"
        "            t1, t2 = t4, t5\n"
        "    else:\n"
        "        t2, = made\n"
        "        made = None\n"
        "    return [t2]\n"
    )


# --- what it gives --------------------------------------------------------------------------------


@pytest.mark.paper("W-42", "W-59", "W-32")
def test_a_branch_takes_from_its_own_gate_alone():
    def build(p):
        x = tf.cond(p, lambda: taken("one") * 2.0, lambda: doubled(taken("two")))
        return [x, toy_ops.put_op(x, gate_name="one")]

    program = Program(build)

    program.assert_agrees()


def test_what_a_step_takes_between_loops_it_takes_in_order():
    def build(_):
        first = doubled(taken("one"))
        with tf.control_dependencies([first]):
            second = doubled(taken("two"), 2)
        return [first, second, doubled(first + second)]

    Program(build).assert_agrees()


@st.composite
def recipes(draw):
    """Return how a program goes on, step by step: what it does, and with which earlier value."""
    kinds = st.sampled_from(["take", "take apart", "loop", "branch", "add", "put"])
    return draw(
        st.lists(
            st.tuples(kinds, st.integers(0, 30), st.sampled_from(GATES)), min_size=2, max_size=9
        )
    )


def built(recipe):
    """Return a function that builds the program of a recipe."""

    def build(p):
        values, effects = [tf.constant(1.0)], []

        def take(gate, after):
            with tf.control_dependencies(after):
                values.append(taken(gate))
            effects.append(values[-1])

        for kind, number, gate in recipe:
            x = values[number % len(values)]
            if kind == "take":
                take(gate, effects[-1:])
            elif kind == "take apart":
                take(gate, [])
            elif kind == "loop":
                values.append(doubled(x, number % 4))
            elif kind == "add":
                values.append(x + values[-1])
            elif kind == "put":
                with tf.control_dependencies(effects[-1:]):
                    effects.append(toy_ops.put_op(x, gate_name=gate))
            else:
                with tf.control_dependencies(effects[-1:]):
                    y = tf.identity(x)
                values.append(
                    tf.cond(p, lambda y=y, gate=gate: y + taken(gate), lambda y=y: doubled(y, 2))
                )
                effects.append(values[-1])
        return [*values[1:], *[each for each in effects if isinstance(each, tf.Operation)]]

    return build


@pytest.mark.paper("W-42", "W-59", "W-32", "W-33")
@given(recipes())
def test_random_programs_agree_or_need_tokens(recipe):
    program = Program(built(recipe))
    try:
        lay_out(program.plan)
    except UnstructuredError as error:
        needs_tokens = str(error)
    else:
        needs_tokens = ""
        program.assert_agrees()

    assert not needs_tokens or "wait for what others do" in needs_tokens


# --- what needs tokens ----------------------------------------------------------------------------


def reason(build):
    with pytest.raises(UnstructuredError) as caught:
        lay_out(Program(build).plan)
    return str(caught.value)


def test_of_two_that_wait_at_once_either_could_go_first():
    assert reason(lambda _: [doubled(taken("one")), taken("two")]) == (
        "'Get' and 'Get_1' wait for what others do"
    )
    assert "wait for what others do" in reason(
        lambda p: [tf.cond(p, lambda: taken("one"), lambda: 1.0), doubled(taken("two"))]
    )


def test_what_waits_in_a_loop_may_wait_for_another_iteration():
    def build(_):
        return [tf.while_loop(lambda s: s < 3.0, lambda s: s + taken(), [0.0])]

    assert "'while/Get' (Get) waits for what others do, in a loop" in reason(build)


# --- how it ends ----------------------------------------------------------------------------------


def test_an_aborted_run_ends_while_it_waits_and_takes_nothing():
    program = Program(lambda _: [doubled(taken())])
    runs, end = Runs(), CancelledError(None, None, "enough")
    made = structured(program.plan, runs)
    gate = program.gate("one")
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(made.run, [np.bool_(True)])
        gate.wait_for(1)
        (run,) = runs
        assert run.is_blocked()
        run.abort(end)

        assert result.exception(DEADLINE_S) is end
    assert not list(runs)
    gate.put(np.float32(7))
    assert gate.items == [7]


def test_the_end_of_a_queue_is_the_error_of_its_operation():
    with tf.Graph().as_default(), tf.Session() as session:
        queue = tf.FIFOQueue(2, [tf.float32], [[]])
        put, out = queue.enqueue([3.0]), doubled(queue.dequeue())
        for _ in range(3):  # the third run is generated code
            session.run(put)
            assert session.run(out) == 24
        session.run(queue.close())
        with pytest.raises(OutOfRangeError, match="is closed and has insufficient elements") as end:
            session.run(out)

    assert end.value.op.type == "QueueDequeueV2"
