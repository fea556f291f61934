"""Session: its life, its state, what it prepares once, what it refuses."""

from __future__ import annotations

import gc
import threading
import weakref

import numpy as np
import pytest
from executor import toy_ops

import minitf as tf
from minitf import ops
from minitf.session.session import BaseSession

# --- preparing once ------------------------------------------------------------------------------


@pytest.mark.paper("W-08")
def test_the_second_run_of_a_signature_prepares_nothing():
    x = tf.placeholder(tf.float32)
    y = {"twice": x + x, "both": [x * 2.0, tf.no_op()]}
    with tf.Session() as session:
        session.run(y, {x: 1})
        counts = session._steps.counts.copy()
        for value in range(10):
            assert session.run(y, {x: value})["twice"] == 2 * value

        assert session._steps.counts == counts | {"compile": 1}  # of the tier that it ends with
        assert counts["prune"] == counts["plan"] == 1


@pytest.mark.paper("W-08")
def test_the_order_of_the_feeds_makes_no_second_step():
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    z = x - y
    with tf.Session() as session:
        assert session.run(z, {x: 3, y: 1}) == 2
        assert session.run(z, {y: 1, x: 3}) == 2

        assert session._steps.counts["plan"] == 1


@pytest.mark.paper("W-07")
def test_a_graph_may_grow_after_a_run():
    x = tf.placeholder(tf.float32)
    y = x + 1.0
    with tf.Session() as session:
        assert session.run(y, {x: 1}) == 2
        z = y * 10.0
        assert session.run([y, z], {x: 1}) == [2, 20]
        assert session.run(y, {x: 2}) == 3


@pytest.mark.paper("W-08")
def test_a_changed_operation_is_seen_by_the_next_run():
    x = tf.placeholder(tf.float32)
    y = tf.identity(x)
    with tf.Session() as session:
        assert session.run(y, {x: 1}) == 1
        y.op._update_input(0, x * 5.0)
        assert session.run(y, {x: 1}) == 5


# --- state ----------------------------------------------------------------------------------------


@pytest.mark.paper("W-09")
def test_a_variable_outlives_the_run_and_not_the_session():
    w = tf.Variable(1.0)
    add = tf.assign_add(w, 1.0)
    with tf.Session() as session:
        session.run(w.initializer)
        assert [session.run(add) for _ in range(3)] == [2, 3, 4]
        assert session.run(w) == 4
    with tf.Session() as session, pytest.raises(tf.errors.FailedPreconditionError):
        session.run(w)


@pytest.mark.paper("W-39")
def test_two_sessions_of_one_graph_keep_their_variables_apart():
    w = tf.Variable(0.0)
    add = tf.assign_add(w, 1.0)
    with tf.Session() as one, tf.Session() as other:
        one.run(w.initializer)
        other.run(w.initializer)
        one.run(add)

        assert (one.run(w), other.run(w)) == (1, 0)


def shared_variable(container, **kwargs):
    """A graph of its own with a variable that others find by container and shared name."""
    graph = tf.Graph()
    with graph.as_default():
        handle = ops.variable_v2_op(
            shape=[], dtype=tf.float32, container=container, shared_name="shared", **kwargs
        )
        return graph, handle, ops.assign_op(handle, 7.0)


@pytest.mark.paper("W-39", "W-09")
def test_two_graphs_share_a_variable_by_container_and_name():
    target = "local://sharing"
    graph, _, assign = shared_variable("box")
    with tf.Session(target, graph=graph) as session:
        session.run(assign.op)
    graph, handle, _ = shared_variable("box", name="called_otherwise")
    with tf.Session(target, graph=graph) as session:
        assert session.run(handle) == 7
    graph, handle, _ = shared_variable("another box")
    with (
        tf.Session(target, graph=graph) as session,
        pytest.raises(tf.errors.FailedPreconditionError),
    ):
        session.run(handle)


@pytest.mark.paper("W-39")
def test_resetting_one_container_leaves_the_others():
    target = "local://resetting"
    kept, gone = shared_variable("kept"), shared_variable("gone")
    sessions = [tf.Session(target, graph=graph) for graph, _, _ in (kept, gone)]
    for session, (_, _, assign) in zip(sessions, (kept, gone), strict=True):
        session.run(assign.op)
    tf.Session.reset(target, ["gone"])

    assert sessions[0].run(kept[1]) == 7
    with pytest.raises(tf.errors.FailedPreconditionError):
        sessions[1].run(gone[1])


def test_resetting_the_local_target_closes_its_sessions():
    one = tf.constant(1)
    session = tf.Session()
    assert session.run(one) == 1
    tf.Session.reset("")

    with pytest.raises(tf.errors.CancelledError, match=r"Session has been closed\."):
        session.run(one)


def test_an_unknown_target_is_refused():
    with pytest.raises(tf.errors.NotFoundError, match="No session factory registered"):
        tf.Session("carrier-pigeon://nowhere")


# --- the default session --------------------------------------------------------------------------


def test_eval_and_run_use_the_default_session():
    x = tf.constant(3.0)
    w = tf.Variable(2.0)
    with tf.Session() as session:
        assert tf.get_default_session() is session
        w.initializer.run()
        assert x.eval() == 3
        assert w.eval() == 2
        assert (x * w).eval({x: 5}) == 10
    assert tf.get_default_session() is None
    with pytest.raises(ValueError, match="No default session is registered"):
        x.eval()


def test_as_default_does_not_close():
    session = tf.Session()
    x = tf.constant(1)
    with session.as_default():
        with tf.Session().as_default():
            assert tf.get_default_session() is not session
        assert x.eval() == 1
    assert session.run(x) == 1


def test_with_makes_the_sessions_graph_the_default_one():
    graph = tf.Graph()
    with tf.Session(graph=graph):
        assert tf.constant(1).graph is graph
    assert tf.get_default_graph() is not graph


def test_a_default_session_is_the_threads_own():
    found = []
    with tf.Session():
        thread = threading.Thread(target=lambda: found.append(tf.get_default_session()))
        thread.start()
        thread.join()

    assert found == [None]


def test_an_interactive_session_is_the_default_until_it_is_closed():
    session = tf.InteractiveSession()
    x = tf.constant(4)
    assert x.eval() == 4
    with pytest.warns(UserWarning, match="An interactive session is already active"):
        second = tf.InteractiveSession()
    assert tf.get_default_session() is second
    session.close()
    assert tf.get_default_session() is second
    second.close()

    assert tf.get_default_session() is None


def test_eval_in_a_session_of_another_graph_is_refused():
    x = tf.constant(1)
    with (
        tf.Session(graph=tf.Graph()),
        pytest.raises(ValueError, match="the tensor's graph is different"),
    ):
        x.eval()


# --- arguments ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"graph": "g"}, "graph must be a tf.Graph, but got"),
        ({"target": 3}, "target must be a string, but got"),
        ({"config": {"threads": 1}}, "config must be a tf.ConfigProto, but got"),
    ],
)
def test_arguments_of_other_types_are_refused(arguments, message):
    with pytest.raises(TypeError, match=message):
        tf.Session(**arguments)


def test_an_empty_graph_has_nothing_to_run():
    with (
        tf.Session(graph=tf.Graph()) as session,
        pytest.raises(RuntimeError, match="The Session graph is empty"),
    ):
        session.run("not_there:0")


def test_a_closed_session_refuses_to_run():
    x = tf.constant(1)
    session = tf.Session()
    assert session.run(x) == 1
    session.close()
    session.close()

    with pytest.raises(RuntimeError, match=r"Attempted to use a closed Session\."):
        session.run(x)


def test_a_finalized_graph_still_runs():
    x = tf.constant(1)
    tf.get_default_graph().finalize()
    with tf.Session() as session:
        assert session.run(x) == 1


def test_a_dropped_session_and_graph_are_freed():
    with tf.Graph().as_default() as graph:
        w = tf.Variable(np.zeros(10, np.float32))
        with tf.Session() as session:
            session.run(w.initializer)
            session.run(w + 1.0)
    references = [weakref.ref(graph.get_operations()[0]), weakref.ref(session)]
    del graph, w, session
    gc.collect()

    assert [reference() for reference in references] == [None, None]


# --- other methods --------------------------------------------------------------------------------


def test_a_callable_takes_its_feeds_by_position():
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    with tf.Session() as session:
        call = session.make_callable({"d": x - y}, [x, y])

        assert call(5, 3) == {"d": 2}
        assert session.make_callable(tf.constant(4))() == 4
        with pytest.raises(TypeError, match="takes 2 values"):
            call(5)
        with pytest.raises(TypeError, match="`feed_list` must be a list or tuple"):
            session.make_callable(x, x)


def test_a_callable_may_accept_options():
    x = tf.placeholder(tf.float32)
    metadata = tf.RunMetadata()
    with tf.Session() as session:
        call = session.make_callable(tf.negative(x), [x], accept_options=True)
        call(1, options=tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE), run_metadata=metadata)

    assert [node.node_name for node in metadata.step_stats.dev_stats[0].node_stats] == ["Neg"]


def test_devices_are_listed():
    with tf.Session(config=tf.ConfigProto(device_count={"CPU": 2})) as session:
        names = [device.name for device in session.list_devices()]
        with tf.device("/cpu:1"):
            assert session.run(tf.constant(1)) == 1

    assert names == [f"/job:localhost/replica:0/task:0/device:CPU:{i}" for i in range(2)]


def test_it_tells_its_target_and_graph():
    session = tf.Session("local://told")
    assert session.sess_str == b"local://told"
    assert session.graph is tf.get_default_graph()


def test_both_kinds_of_session_share_what_they_do():
    assert issubclass(tf.Session, BaseSession)
    assert issubclass(tf.InteractiveSession, BaseSession)


# --- configuration --------------------------------------------------------------------------------


def test_soft_placement_is_honoured():
    with tf.device("/gpu:0"):
        x = tf.constant(1)
    with (
        tf.Session() as session,
        pytest.raises(tf.errors.InvalidArgumentError, match="Cannot assign a device for operation"),
    ):
        session.run(x)
    with tf.Session(config=tf.ConfigProto(allow_soft_placement=True)) as session:
        assert session.run(x) == 1


def test_optimization_can_be_turned_off():
    config = tf.ConfigProto()
    config.graph_options.optimizer_options.opt_level = tf.OptimizerOptions.L0
    with tf.Session(config=config) as session:
        assert session.run(tf.constant(2) + tf.constant(2)) == 4

        assert session._steps.counts == {"prune": 1, "place": 1, "plan": 1}


def test_each_pass_can_be_turned_on_alone():
    config = tf.ConfigProto()
    options = config.graph_options.optimizer_options
    options.opt_level = tf.OptimizerOptions.L0
    options.do_constant_folding = True
    with tf.Session(config=config) as session:
        session.run(tf.constant(2) + tf.constant(2))

        assert "fold" in session._steps.counts
        assert "merge" not in session._steps.counts


def test_the_time_limit_of_a_session_holds_for_each_run():
    item = toy_ops.get_op(gate_name="never", T=tf.float32)
    with (
        tf.Session(config=tf.ConfigProto(operation_timeout_in_ms=10)) as session,
        pytest.raises(tf.errors.DeadlineExceededError, match="Timed out"),
    ):
        session.run(item)


def test_a_session_of_a_shared_target_may_keep_its_state_to_itself():
    config = tf.ConfigProto(isolate_session_state=True)
    graph, handle, assign = shared_variable("box")
    with tf.Session("local://isolated", graph=graph, config=config) as session:
        session.run(assign.op)
    with (
        tf.Session("local://isolated", graph=graph) as session,
        pytest.raises(tf.errors.FailedPreconditionError),
    ):
        session.run(handle)


def test_several_threads_may_run_one_long_step():
    x = tf.placeholder(tf.float32, [400, 400])
    total = tf.add_n([tf.matmul(x, x) for _ in range(6)])
    config = tf.ConfigProto(inter_op_parallelism_threads=3)
    value = np.eye(400, dtype=np.float32)
    with tf.Session(config=config) as session:
        for _ in range(4):
            assert session.run(total, {x: value})[0, 0] == 6


# --- growth (user pains, 8) -----------------------------------------------------------------------


def test_operations_added_in_the_training_loop_are_noticed_once():
    def train(session):
        for step in range(200):
            session.run(tf.constant(step))  # the leak

    with tf.Session() as session, pytest.warns(UserWarning, match="between runs") as caught:
        train(session)

    assert len(caught) == 1
    assert "test_session.py" in str(caught[0].message)
    assert "# the leak" in str(caught[0].message)


def test_building_now_and_then_is_no_leak():
    with tf.Session() as session:
        for step in range(100):
            x = tf.constant(step)
            session.run(x)
            session.run(x)
