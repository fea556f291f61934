"""Loops and branches whose parts are on several devices."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from control_flow.random_programs import VARIABLES, State, blocks, build_graph, interpret
from executor.on_devices import CHOICES, described, parts_of, scatter, steps_on
from executor.stepping import request_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

import minitf as tf
from minitf import errors, ops
from minitf.graph import Graph

TRIPS = (0, 1, 2, 7)
COUNTED_ELSEWHERE = """\
CPU:0
  while/Enter = Enter while/Const:0
  while/Merge = Merge while/Enter:0 while/NextIteration:0
  while/Less/Enter = Enter n:0
  while/Less = Less while/Merge:0 while/Less/Enter:0
  while/LoopCond = LoopCond while/Less:0
  while/LoopCond/_17 = _Send while/LoopCond:0 (edge_3_while/LoopCond)
  while/Switch = Switch while/Merge:0 while/LoopCond:0
  while/Identity = Identity while/Switch:1
  while/Identity/_10 = Const ^while/Identity
  while/Identity/_11 = _Send while/Identity/_10:0 (edge_0_while/Identity)
  while/Identity/_13 = _Send while/Identity:0 (edge_1_while/Identity)
  while/add/_16 = _Recv ^while/LoopCond/_7 (edge_2_while/add)
  while/NextIteration = NextIteration while/add/_16:0
  while/Exit = Exit while/Switch:0
  while/LoopCond/_5 = Const
  while/LoopCond/_6 = Enter while/LoopCond/_5:0
  while/LoopCond/_7 = Merge while/LoopCond/_6:0 while/LoopCond/_9:0
  while/LoopCond/_8 = Switch while/LoopCond/_7:0 while/LoopCond:0
  while/LoopCond/_9 = NextIteration while/LoopCond/_8:1
CPU:1
  while/Identity/_12 = _Recv ^while/LoopCond/_2 (edge_0_while/Identity)
  while/add/y = Const ^while/Identity/_12
  while/Identity/_14 = _Recv ^while/LoopCond/_2 (edge_1_while/Identity)
  while/add = AddV2 while/Identity/_14:0 while/add/y:0
  while/add/_15 = _Send while/add:0 (edge_2_while/add)
  while/LoopCond/_0 = Const
  while/LoopCond/_1 = Enter while/LoopCond/_0:0
  while/LoopCond/_2 = Merge while/LoopCond/_1:0 while/LoopCond/_4:0
  while/LoopCond/_18 = _Recv ^while/LoopCond/_2 (edge_3_while/LoopCond)
  while/LoopCond/_3 = Switch while/LoopCond/_2:0 while/LoopCond/_18:0
  while/LoopCond/_4 = NextIteration while/LoopCond/_3:1
"""


def loop_on(decider, *workers, parallel_iterations=10):
    """Build a loop whose predicate is on one device and whose body is on others.

    Returns:
        The placeholder of the number of trips, and the results.
    """
    n = tf.placeholder(tf.int32, [], name="n")

    def decide(i, *_):
        with tf.device(decider):
            return tf.less(i, n, name="decide")

    def body(i, a):
        for worker in workers:
            with tf.device(worker):
                a = a * 2 + i
        return i + 1, a

    start = [tf.constant(0), tf.constant(1)]
    return n, tf.while_loop(decide, body, start, parallel_iterations=parallel_iterations)


def expected(trips, workers):
    a = 1
    for i in range(trips):
        for _ in range(workers):
            a = a * 2 + i
    return [trips, a]


@pytest.mark.paper("O-16")
@pytest.mark.parametrize("decider", ["/cpu:0", "/cpu:1", "/cpu:2"])
@pytest.mark.parametrize("parallel_iterations", [1, 2, 10])
def test_a_body_over_three_devices_makes_so_many_trips(decider, parallel_iterations):
    n, results = loop_on(decider, "/cpu:1", "/cpu:2", parallel_iterations=parallel_iterations)
    steps = steps_on(tf.get_default_graph())
    step = steps.find(request_of(results, [n]))
    for trips in TRIPS:
        for _ in range(2):
            assert step.run([np.int32(trips)]) == expected(trips, 2)

    assert not any(meeting.left() for meeting in steps.meetings)


@pytest.mark.paper("O-16")
@pytest.mark.parametrize("decider", ["/cpu:0", "/cpu:1", "/cpu:2"])
def test_the_predicate_goes_to_each_participant_once_an_iteration(decider):
    n, results = loop_on(decider, "/cpu:1", "/cpu:2")
    steps = steps_on(tf.get_default_graph())
    step = steps.find(request_of(results, [n]))
    for trips in TRIPS:
        steps.sent.clear()
        step.run([np.int32(trips)])

        assert steps.sent["while/LoopCond"] == 2 * (trips + 1)


@pytest.mark.paper("O-16")
def test_a_device_that_does_not_decide_has_a_loop_that_computes_nothing():
    n = tf.placeholder(tf.int32, [], name="n")

    def body(i):
        with tf.device("/cpu:1"):
            return i + 1

    result = tf.while_loop(lambda i: i < n, body, [0])
    parts = parts_of(steps_on(tf.get_default_graph()), [result], [n])

    assert described(parts) == COUNTED_ELSEWHERE.splitlines()


@pytest.mark.paper("O-16", "W-33")
def test_a_device_begins_rounds_while_another_is_still_in_an_earlier_one():
    """CPU:1 stays in round 0 until CPU:0 is in round 3."""
    is_ahead = threading.Event()
    waited = []

    def count(i):
        if i == 3:
            is_ahead.set()
        return np.int32(i + 1)

    def work(i, a):
        waited.append(is_ahead.wait(timeout=60))
        return np.int32(a + i)

    def body(i, a):
        with tf.device("/cpu:1"):
            a = tf.py_func(work, [i, a], tf.int32)
        with tf.device("/cpu:0"):
            return tf.reshape(tf.py_func(count, [i], tf.int32), []), tf.reshape(a, [])

    results = tf.while_loop(lambda i, _: i < 6, body, [0, 0], parallel_iterations=4)
    steps = steps_on(tf.get_default_graph())

    assert steps.find(request_of(results)).run([]) == [6, 15]
    assert waited == [True] * 6


def test_one_loop_over_devices_is_run_by_several_threads_at_once():
    n, results = loop_on("/cpu:0", "/cpu:1", "/cpu:2")
    steps = steps_on(tf.get_default_graph())
    step = steps.find(request_of(results, [n]))

    def work(first):
        trips = [(first + i) % 5 for i in range(25)]
        return all(step.run([np.int32(each)]) == expected(each, 2) for each in trips)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(4)))
    assert not any(meeting.left() for meeting in steps.meetings)


def test_an_error_in_a_round_on_another_device_ends_the_loop_and_tells_the_round():
    x = tf.placeholder(tf.float32, [], name="x")

    def body(i, a):
        with tf.device("/cpu:1"):
            return i + 1, tf.check_numerics(a / (3.0 - tf.cast(i, tf.float32)), "bad", name="look")

    results = tf.while_loop(lambda i, _: i < 9, body, [0, x])
    with tf.Session(config=tf.ConfigProto(device_count={"CPU": 2})) as session:
        for _ in range(4):
            with pytest.raises(errors.InvalidArgumentError) as raised:
                session.run(results, {x: 1.0})
            assert "in iteration while/while_context:3" in str(raised.value)
            assert "in op 'while/look' (CheckNumerics)" in str(raised.value)
            assert "on device /job:localhost/replica:0/task:0/device:CPU:1" in str(raised.value)


def test_keys_name_the_frame_and_the_iteration():
    n, results = loop_on("/cpu:0", "/cpu:1")
    steps = steps_on(tf.get_default_graph())
    steps.find(request_of(results, [n])).run([np.int32(2)])
    tags = {key.rpartition(";")[2] for key in steps.keys}

    assert tags == {f"while/while_context:{i}" for i in range(3)}


def nested(outer, inner, worker):
    n, m = tf.placeholder(tf.int32, []), tf.placeholder(tf.int32, [])

    def around(i, total):
        def body(j, total):
            with tf.device(worker):
                return j + 1, total + i * j

        def goes_on(j, _):
            with tf.device(inner):
                return j < m + i

        return i + 1, tf.while_loop(goes_on, body, [0, total])[1]

    def goes_on(i, _):
        with tf.device(outer):
            return i < n

    return n, m, tf.while_loop(goes_on, around, [0, tf.constant(0)])[1]


@pytest.mark.parametrize("outer", [0, 1])
@pytest.mark.parametrize("inner", [0, 1, 2])
def test_nested_loops_chain(outer, inner):
    n, m, total = nested(f"/cpu:{outer}", f"/cpu:{inner}", "/cpu:1")
    steps = steps_on(tf.get_default_graph())
    step = steps.find(request_of([total], [n, m]))
    for trips, most in ((0, 3), (1, 0), (1, 1), (3, 2), (4, 0)):
        wanted = sum(i * j for i in range(trips) for j in range(most + i))
        assert step.run([np.int32(trips), np.int32(most)]) == [wanted]

    assert not any(meeting.left() for meeting in steps.meetings)


@pytest.mark.paper("O-16", "L10")
def test_branches_over_devices_send_that_they_are_dead():
    p, x = tf.placeholder(tf.bool, []), tf.placeholder(tf.int32, [])

    def on(device, function):
        def branch():
            with tf.device(device):
                return function(x)

        return branch

    y = tf.cond(p, on("/cpu:1", lambda x: x * 2), on("/cpu:2", lambda x: -x))
    steps = steps_on(tf.get_default_graph())
    step = steps.find(request_of([y + 1], [p, x]))

    for _ in range(4):
        assert step.run([np.bool_(True), np.int32(5)]) == [11]
        assert step.run([np.bool_(False), np.int32(5)]) == [-4]
    assert not any(meeting.left() for meeting in steps.meetings)


@pytest.mark.paper("L10", "L11")
def test_a_fetch_on_the_branch_not_taken_is_the_same_error_as_on_one_device():
    graph = Graph()
    with graph.as_default():
        p = ops.placeholder_op(dtype="bool")
        sides = ops.switch_op(1, p)
        no, yes = ops.neg_op(sides.output_false), ops.neg_op(sides.output_true)
    no.op.device, yes.op.device = "/cpu:1", "/cpu:2"
    step = steps_on(graph).find(request_of([no, yes], [p]))

    with pytest.raises(errors.InvalidArgumentError, match=r"Retval\[1\] does not have value"):
        step.run([np.bool_(False)])


def test_a_loop_in_a_dead_branch_over_devices_is_over_at_once():
    p, n = tf.placeholder(tf.bool, []), tf.placeholder(tf.int32, [])

    def branch():
        def body(i):
            with tf.device("/cpu:1"):
                return i + 1

        return tf.while_loop(lambda i: i < n, body, [tf.constant(0)])

    y = tf.cond(p, branch, lambda: tf.constant(-1))
    steps = steps_on(tf.get_default_graph())
    step = steps.find(request_of([y], [p, n]))

    for _ in range(2):
        assert step.run([np.bool_(True), np.int32(3)]) == [3]
        assert step.run([np.bool_(False), np.int32(3)]) == [-1]
    assert not any(meeting.left() for meeting in steps.meetings)


@pytest.mark.parametrize(("colocate", "devices"), [(False, (1, 2)), (True, (1, 1))])
def test_gradients_of_a_loop_over_devices(colocate, devices):
    x, n = tf.placeholder(tf.float32, []), tf.placeholder(tf.int32, [])

    def body(i, a):
        with tf.device(f"/cpu:{devices[0]}"):
            b = a * x
        with tf.device(f"/cpu:{devices[1]}"):
            return i + 1, b * a

    y = tf.while_loop(lambda i, _: i < n, body, [0, tf.constant(1.0)])[1]
    slope = tf.gradients(y, x, colocate_gradients_with_ops=colocate)[0]
    with tf.Session(config=tf.ConfigProto(device_count={"CPU": 3})) as session:
        for trips in (0, 1, 2, 3):  # y is x to the power of 2**trips - 1
            power = 2**trips - 1
            found = session.run([y, slope], {x: 2.0, n: trips})
            assert found == [2.0**power, power * 2.0 ** (power - 1)]


def test_a_loop_without_a_loop_cond_cannot_be_cut():
    graph = Graph()
    with graph.as_default():
        entered = ops.enter_op(ops.placeholder_op(dtype="int32", name="x"), frame_name="loop")
        merged = ops.merge_op([entered, entered])
        taken = ops.switch_op(merged.output, ops.less_op(merged.output, 9, name="less"))
        moved = ops.next_iteration_op(ops.add_v2_op(taken.output_true, 1, name="add"))
        merged.output.op._update_input(1, moved)
        left = ops.exit_op(taken.output_false, name="left")
    graph.get_operation_by_name("add").device = "/cpu:1"

    with pytest.raises(errors.InvalidArgumentError, match="must have a pivot predicate: loop"):
        steps_on(graph).find(request_of([left]))


def test_a_device_that_only_sends_out_of_a_loop_goes_round_with_it():
    """What it sends depends on no variable of the loop: nothing but the predicate says when."""
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="int32", name="x")
        step = ops.enter_op(x, frame_name="loop", is_constant=True, name="step")
        entered = ops.enter_op(x, frame_name="loop", name="entered")
        merged = ops.merge_op([entered, entered])
        goes_on = ops.loop_cond_op(ops.less_op(merged.output, 9, name="less"))
        taken = ops.switch_op(merged.output, goes_on)
        more = ops.square_op(step, name="square")
        moved = ops.next_iteration_op(ops.add_v2_op(taken.output_true, more, name="add"))
        merged.output.op._update_input(1, moved)
        left = ops.exit_op(taken.output_false, name="left")
    for name in ("square", "step"):
        graph.get_operation_by_name(name).device = "/cpu:1"
    steps = steps_on(graph)
    run = steps.find(request_of([left], [x])).run

    assert [run([np.int32(start)]) for start in (1, 2, 9)] == [[9], [10], [9]]
    assert not any(meeting.left() for meeting in steps.meetings)


@pytest.mark.parametrize("rounds", [0, 3])
def test_a_device_that_decides_by_what_no_round_changes_goes_round_too(rounds):
    """It has nothing else of the loop, which an error ends."""
    graph = Graph()
    with graph.as_default():
        p = ops.placeholder_op(dtype="bool", name="p")
        x = ops.placeholder_op(dtype="float32", name="x")
        goes_on = ops.loop_cond_op(ops.enter_op(p, frame_name="loop", is_constant=True))
        with tf.device("/cpu:1"):
            entered = ops.enter_op(x, frame_name="loop")
            merged = ops.merge_op([entered, entered])
            taken = ops.switch_op(merged.output, goes_on)
            halved = ops.check_numerics_op(ops.mul_op(taken.output_true, 0.5), message="bad")
            moved = ops.next_iteration_op(ops.mul_op(halved, np.float32(1e13)))
            merged.output.op._update_input(1, moved)
            left = ops.exit_op(taken.output_false, name="left")
    steps = steps_on(graph)
    step = steps.find(request_of([left], [p, x]))

    assert step.run([np.bool_(False), np.float32(5)]) == [5]
    start = np.float32(1e38) / np.float32(5e12) ** rounds
    with pytest.raises(errors.InvalidArgumentError, match=f"in iteration loop:{rounds + 1}"):
        step.run([np.bool_(True), start], timeout_s=60)


@pytest.mark.paper("O-16")
@pytest.mark.thorough
@settings(max_examples=40)
@given(
    block=blocks(),
    starts=st.lists(st.integers(-4, 4), min_size=3, max_size=3),
    use_resource=st.booleans(),
    passes=st.booleans(),
    choices=CHOICES,
)
@example(
    block=[("while", 0, 2, [("if", 0, 2, [("read", 0, 2)], [("map", 2, 1, 2)]), ("write", 1, 1)])],
    starts=[3, -4, 3],
    use_resource=False,
    passes=True,
    choices=[0, 1, 2],
)
def test_a_program_scattered_over_devices_computes_what_it_says(
    block, starts, use_resource, passes, choices
):
    wanted = State([np.int32(n) for n in starts], [np.int32(i + 1) for i in range(VARIABLES)])
    with np.errstate(all="ignore"):
        interpret(block, wanted)
    tf.reset_default_graph()
    feeds, results, initializer = build_graph(block, use_resource=use_resource)
    scatter(tf.get_default_graph(), choices)
    steps = steps_on(tf.get_default_graph(), passes=passes, soft_placement=True)
    initial = steps.find(request_of([initializer]))
    step = steps.find(request_of(results, feeds))
    values = [np.array(n, np.int32) for n in starts]

    for _ in range(2):
        initial.run([])
        assert step.run(values, timeout_s=60) == [*wanted.locals, *wanted.variables]
    assert not any(meeting.left() for meeting in steps.meetings)
