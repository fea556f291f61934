"""A placed step is cut into one subgraph per device, and gives what it gives uncut."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from executor.on_devices import CHOICES, described, parts_of, scatter, steps_on, types_of
from executor.random_graphs import random_graphs
from executor.stepping import const, request_of, step_of
from hypothesis import given, settings
from hypothesis import strategies as st

import minitf as tf
from minitf import errors, ops
from minitf.debug import check_numerics
from minitf.devices import local_devices
from minitf.executor.partition import partition
from minitf.executor.partition_graphs import partition_graphs
from minitf.executor.prune import prune
from minitf.executor.rendezvous import LocalRendezvous
from minitf.executor.tiers import COMPILED_RUN
from minitf.graph import Graph
from minitf.ops.comm import meeting_at

CPUS = 3


def config(count=CPUS, **options):
    return tf.ConfigProto(device_count={"CPU": count}, **options)


# --- what a cut looks like ------------------------------------------------------------------------


@pytest.mark.paper("W-19", "W-20")
def test_the_graph_of_figure_4_sends_each_tensor_once():
    """2015 Figure 4: x is read by b and c on the other device, y by a alone."""
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32", name="fed")
        w = ops.neg_op(x, name="x")
        y = ops.square_op(x, name="y")
        a = ops.add_v2_op(w, y, name="a")
        b = ops.neg_op(w, name="b")
        c = ops.mul_op(w, y, name="c")
    for tensor, device in ((w, 0), (y, 0), (a, 0), (b, 1), (c, 1)):
        tensor.op.device = f"/cpu:{device}"
    steps = steps_on(graph)
    parts = parts_of(steps, [a, b, c], [x])

    assert described(parts) == [
        "CPU:0",
        "  x = Neg fed:0",
        "  x/_0 = _Send x:0 (edge_0_x)",
        "  y = Square fed:0",
        "  y/_2 = _Send y:0 (edge_1_y)",
        "  a = AddV2 x:0 y:0",
        "CPU:1",
        "  x/_1 = _Recv (edge_0_x)",
        "  b = Neg x/_1:0",
        "  y/_3 = _Recv (edge_1_y)",
        "  c = Mul x/_1:0 y/_3:0",
    ]
    step = steps.find(request_of([a, b, c], [x]))
    assert step.run([np.float32(3)]) == [6, 3, -27]
    assert steps.sent == {"x": 1, "y": 1}
    assert steps.meetings[0].sent_bytes == 2 * 4


@pytest.mark.paper("W-19")
def test_who_waits_for_an_operation_elsewhere_waits_for_something_empty():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32", name="x")
        first = ops.neg_op(x, name="first")
        with graph.control_dependencies([first.op]):
            second = ops.square_op(x, name="second")
            third = ops.identity_op(x, name="third")
    first.op.device, second.op.device, third.op.device = "/cpu:0", "/cpu:1", "/cpu:1"
    steps = steps_on(graph)

    assert described(parts_of(steps, [second, third], [x])) == [
        "CPU:0",
        "  first = Neg x:0",
        "  first/_0 = Const ^first",
        "  first/_1 = _Send first/_0:0 (edge_0_first)",
        "CPU:1",
        "  first/_2 = _Recv (edge_0_first)",
        "  second = Square x:0 ^first/_2",
        "  third = Identity x:0 ^first/_2",
    ]


def test_a_recv_waits_for_the_sends_that_its_value_depends_on():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="int32", name="x")
        there = ops.neg_op(ops.square_op(x, name="here"), name="there")
        back = ops.neg_op(there, name="back")
    there.op.device = "/cpu:1"
    parts = parts_of(steps_on(graph), [back], [x])

    assert "  there/_3 = _Recv ^here/_0 (edge_1_there)" in described(parts)


@pytest.mark.paper("W-19", "W-20")
@given(made=random_graphs(), choices=CHOICES)
def test_no_edge_crosses_and_the_parts_make_up_the_whole(made, choices):
    scatter(made.graph, choices)
    request = request_of(made.fetches, made.feeds)
    subgraph = prune(request)
    devices = local_devices({"CPU": CPUS})
    placement = {op: devices[int(op.device[-1])] for op in subgraph.operations}
    parts = partition(subgraph, placement)
    seen = list(itertools.chain(*(part.subgraph.operations for part in parts)))
    sent = [op for op in seen if op.type == "_Send"]
    received = [op for op in seen if op.type == "_Recv"]
    pairs = [(op.attrs["tensor_name"], op.attrs["recv_device"]) for op in sent]

    assert set(subgraph.operations) == {op for op in seen if op in set(subgraph.operations)}
    assert len(seen) == len(set(seen))
    assert sorted(pairs) == sorted(
        (op.attrs["tensor_name"], op.attrs["recv_device"]) for op in received
    )
    crossing = {
        (source, placement[op])
        for op in subgraph.operations
        for source in [t for t in op.inputs if t not in request.feeds]
        if placement[source.op] is not placement[op]
    }
    waited = {
        (source, placement[op])
        for op in subgraph.operations
        for source in op.control_inputs
        if source in placement and placement[source] is not placement[op]
    }
    assert len(sent) == len(crossing) + len(waited)
    for part in parts:
        here = set(part.subgraph.operations)
        for operation in part.subgraph.operations:
            sources = [part.subgraph.source(tensor) for tensor in operation.inputs]
            assert all(t.op in here or t in request.feeds for t in sources)
            waits = part.subgraph.control_sources(operation)
            assert all(op in here or op not in placement for op in waits)


# --- what a cut step computes ---------------------------------------------------------------------


@pytest.mark.paper("W-19", "O-13")
@settings(max_examples=25)
@given(
    made=random_graphs(),
    choices=CHOICES,
    passes=st.booleans(),
    jit=st.sampled_from(["auto", "off"]),
)
def test_values_are_those_of_one_device(made, choices, passes, jit):
    scatter(made.graph, choices)
    steps = steps_on(made.graph, passes=passes, jit=jit)
    step = steps.find(request_of(made.fetches, made.feeds))

    for _ in range(COMPILED_RUN + 2):
        for tensor, value in zip(made.fetches, step.run(list(made.feeds.values())), strict=True):
            np.testing.assert_array_equal(value, made.values[tensor])
    assert not any(meeting.left() for meeting in steps.meetings)


def test_the_first_error_ends_all_partitions_and_names_op_line_and_device():
    with tf.device("/cpu:0"):
        queue = tf.FIFOQueue(1, tf.int32)
        waiting = queue.dequeue()
    x = tf.placeholder(tf.float32, name="x")
    with tf.device("/cpu:1"):
        bad = tf.check_numerics(x, "bad news", name="checked")
    with tf.device("/cpu:2"):
        later = bad + 1
    with (
        tf.Session(config=config()) as session,
        pytest.raises(errors.InvalidArgumentError) as raised,
    ):
        session.run([waiting, later], {x: np.nan})

    assert "bad news" in str(raised.value)
    assert "'checked'" in str(raised.value)
    assert "test_partition.py" in str(raised.value)
    assert "on device /job:localhost/replica:0/task:0/device:CPU:1" in str(raised.value)
    assert raised.value.op is bad.op


def test_a_variable_without_a_value_is_named_though_another_device_reads_it():
    with tf.device("/cpu:1"):
        v = tf.Variable(1.0, name="v")
    with tf.device("/cpu:2"):
        y = v + 1.0
    with tf.Session(config=config()) as session:
        with pytest.raises(errors.FailedPreconditionError, match="uninitialized value v"):
            session.run(y)
        session.run(v.initializer)
        assert [session.run(y) for _ in range(5)] == [2.0] * 5


def test_a_queue_that_one_partition_waits_for_holds_up_no_other():
    with tf.device("/cpu:1"):
        queue = tf.FIFOQueue(1, tf.int32)
        got = queue.dequeue()
    x = tf.placeholder(tf.int32, [])
    with tf.device("/cpu:2"):
        put = queue.enqueue(x * 2)
    with tf.device("/cpu:0"):
        total = got + x
    with tf.Session(config=config()) as session:
        for i in range(COMPILED_RUN + 3):
            assert session.run([total, put], {x: i})[0] == 3 * i


def test_a_time_limit_ends_a_step_that_waits_on_another_device():
    with tf.device("/cpu:1"):
        got = tf.FIFOQueue(1, tf.int32).dequeue()
    with tf.device("/cpu:0"):
        total = got + 1
    with tf.Session(config=config(operation_timeout_in_ms=50)) as session:
        for _ in range(2):
            with pytest.raises(errors.DeadlineExceededError):
                session.run(total)


def test_closing_the_session_ends_a_step_that_waits_on_another_device():
    with tf.device("/cpu:1"):
        got = tf.FIFOQueue(1, tf.int32).dequeue()
    with tf.device("/cpu:0"):
        total = got + 1
    session = tf.Session(config=config())
    ends = []

    def run():
        with pytest.raises(errors.CancelledError) as raised:
            session.run(total)
        ends.append(str(raised.value))

    thread = threading.Thread(target=run)
    thread.start()
    while len(list(session.runs)) < 2:
        assert thread.is_alive()
    session.close()
    thread.join(60)

    assert len(ends) == 1
    assert "closed" in ends[0]


def test_one_step_of_partitions_is_run_by_several_threads_at_once():
    x = tf.placeholder(tf.int32, [4])
    with tf.device("/cpu:1"):
        y = x * 2
    with tf.device("/cpu:2"):
        z = y + x
    total = tf.reduce_sum(z * y)
    with tf.Session(config=config()) as session, ThreadPoolExecutor(4) as pool:

        def work(first):
            return all(
                session.run(total, {x: [i, 1, 2, 3]}) == 6 * (i * i + 14)
                for i in range(first, first + 50)
            )

        assert all(pool.map(work, (0, 50, 100, 150)))


def test_what_the_client_gets_and_gives_is_its_own():
    with tf.device("/cpu:1"):
        v = tf.Variable(np.arange(3), name="v")
        w = tf.identity(v)
    x = tf.placeholder(tf.int64, [3])
    with tf.device("/cpu:2"):
        same = tf.identity(x)
        other = w + 0
    with tf.Session(config=config()) as session:
        session.run(v.initializer)
        for _ in range(COMPILED_RUN + 1):
            fed = np.arange(3)
            got = session.run([same, w, other], {x: fed})
            for each in got:
                np.add(each, 1, out=each)
            assert fed.tolist() == [0, 1, 2]
            assert session.run(v).tolist() == [0, 1, 2]


def test_a_partial_run_goes_through_several_devices():
    a, b = tf.placeholder(tf.int32, []), tf.placeholder(tf.int32, [])
    with tf.device("/cpu:1"):
        y = a * 2
    with tf.device("/cpu:2"):
        z = y + b
    with tf.Session(config=config()) as session:
        handle = session.partial_run_setup([y, z], [a, b])

        assert session.partial_run(handle, y, {a: 3}) == 6
        assert session.partial_run(handle, z, {b: 4}) == 10


def test_a_callable_runs_on_several_devices():
    a = tf.placeholder(tf.int32, [])
    with tf.device("/cpu:1"):
        y = a * 2
    with tf.device("/cpu:2"):
        z = y + a
    with tf.Session(config=config()) as session:
        call = session.make_callable([y, z], [a])

        assert [call(i) for i in range(5)] == [[2 * i, 3 * i] for i in range(5)]


def test_a_reference_that_would_cross_is_refused():
    graph = Graph()
    with graph.as_default():
        v = ops.variable_v2_op(shape=[], dtype="float32", name="v")
        update = ops.assign_op(v, const(1.0), name="update")
    request = request_of([update])
    subgraph = prune(request)
    devices = local_devices({"CPU": 2})
    placement = dict.fromkeys(subgraph.operations, devices[0]) | {update.op: devices[1]}

    with pytest.raises(
        errors.InvalidArgumentError, match=r"'v' is on .*CPU:0, and 'update'.*CPU:1"
    ):
        partition(subgraph, placement)


def test_operations_that_wait_for_each_other_across_devices_are_an_error():
    graph = Graph()
    with graph.as_default():
        a = ops.neg_op(const(1), name="a")
        b = ops.neg_op(a, name="b")
    a.op.device, b.op.device = "/cpu:0", "/cpu:1"
    a.op._add_control_input(b.op)

    with pytest.raises(errors.InvalidArgumentError, match=r"a cycle with 2 nodes.* a, b"):
        parts_of(steps_on(graph, passes=False), [b])


def test_numbers_are_checked_on_every_device():
    x = tf.placeholder(tf.float32, [], name="x")
    with tf.device("/cpu:1"):
        y = tf.log(x, name="bad")
    with tf.device("/cpu:2"):
        z = y + 1
    with tf.Session(config=config()) as session:
        with (
            check_numerics(session),
            pytest.raises(errors.InvalidArgumentError, match="in op 'bad' "),
        ):
            session.run(z, {x: -1.0})
        assert np.isnan(session.run(z, {x: -1.0}))


@pytest.mark.usefixtures("impatient")
def test_a_step_that_starves_on_another_device_says_so():
    with tf.device("/cpu:1"):
        got = tf.FIFOQueue(1, tf.int32, name="queue").dequeue()
    with tf.device("/cpu:0"):
        total = got + 1
    options = tf.RunOptions(timeout_in_ms=2000)
    with (
        tf.Session(config=config()) as session,
        pytest.warns(UserWarning, match="queue 'queue' is empty, and no other step"),
        pytest.raises(errors.DeadlineExceededError),
    ):
        session.run(total, options=options)


def towers(devices):
    """Return the losses and weights of a net that two devices train on halves of a batch."""
    tf.reset_default_graph()
    rng = np.random.default_rng(0)
    images, labels = rng.random((16, 8), np.float32), rng.integers(0, 3, 16)
    x, y = tf.placeholder(tf.float32, [None, 8]), tf.placeholder(tf.int64, [None])
    with tf.device("/cpu:0"):
        optimizer = tf.train.AdamOptimizer(0.05)
        w = tf.get_variable("w", initializer=rng.random((8, 6), np.float32))
        v = tf.get_variable("v", initializer=rng.random((6, 3), np.float32))
    losses, found = [], []
    for device, part, wanted in zip(devices, tf.split(x, 2), tf.split(y, 2), strict=True):
        with tf.device(device):
            logits = tf.matmul(tf.nn.relu(tf.matmul(part, w)), v)
            losses.append(tf.losses.sparse_softmax_cross_entropy(wanted, logits))
            found.append(optimizer.compute_gradients(losses[-1]))
    with tf.device("/cpu:0"):
        means = [((a + b) / 2, variable) for (a, variable), (b, _) in zip(*found, strict=True)]
        train = optimizer.apply_gradients(means)
    with tf.Session(config=config()) as session:
        session.run(tf.global_variables_initializer())
        told = [session.run([*losses, train], {x: images, y: labels})[:2] for _ in range(8)]
        return np.array(told), session.run([w, v])


@pytest.mark.thorough
def test_two_devices_train_a_model_as_one_does():
    told, weights = towers(["/cpu:1", "/cpu:2"])
    told_by_one, weights_of_one = towers(["/cpu:0", "/cpu:0"])

    assert told[-1].sum() < told[0].sum()
    np.testing.assert_allclose(told, told_by_one, rtol=1e-5)
    for ours, theirs in zip(weights, weights_of_one, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


# --- one device -----------------------------------------------------------------------------------


def test_a_step_on_one_device_of_several_is_not_cut():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="int32")
        y = ops.neg_op(ops.square_op(x))
    steps = steps_on(graph)
    step, plain = steps.find(request_of([y], [x])), step_of(graph, [y], [x])
    for _ in range(COMPILED_RUN + 1):
        assert step.run([np.int32(3)]) == plain.run([np.int32(3)]) == [-9]

    assert type(step) is type(plain)
    assert step.tiers.fast.latest.source == plain.tiers.fast.latest.source
    assert steps.counts["partition"] == 0


def test_what_one_device_knows_is_not_sent():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="int32")
        two = const(2)
        y = ops.mul_op(x, two, name="y")
        z = ops.add_v2_op(y, two, name="z")
    y.op.device, z.op.device = "/cpu:0", "/cpu:1"
    steps = steps_on(graph)
    step = steps.find(request_of([z, two], [x]))

    assert step.run([np.int32(5)]) == [12, 2]
    assert steps.sent == {"y": 1}


# --- reports --------------------------------------------------------------------------------------


def test_a_report_has_a_graph_and_statistics_per_device():
    x = tf.placeholder(tf.float32, [], name="x")
    with tf.device("/cpu:1"):
        y = tf.multiply(x, 2.0, name="y")
    with tf.device("/cpu:2"):
        z = tf.negative(y, name="z")
    metadata = tf.RunMetadata()
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE, output_partition_graphs=True)
    with tf.Session(config=config()) as session:
        for _ in range(COMPILED_RUN + 1):
            assert session.run(z, {x: 3}, options, metadata) == -6
            graphs = [
                [(node.name, node.op, list(node.input), node.device[-5:]) for node in each.node]
                for each in metadata.partition_graphs
            ]
            assert graphs == [
                [
                    ("x", "Placeholder", [], "CPU:1"),
                    ("y/y", "Const", [], "CPU:1"),
                    ("y", "Mul", ["x", "y/y"], "CPU:1"),
                    ("y/_0", "_Send", ["y"], "CPU:1"),
                ],
                [("y/_1", "_Recv", [], "CPU:2"), ("z", "Neg", ["y/_1"], "CPU:2")],
            ]
            stats = {
                each.device[-5:]: [node.node_name for node in each.node_stats]
                for each in metadata.step_stats.dev_stats
            }
            assert stats == {"CPU:1": ["y", "y/_0"], "CPU:2": ["y/_1", "z"]}


def run_alone(graph_def, fetches, feeds, meeting):
    """Run a partition of which nothing is known but its GraphDef; return what it has."""
    graph = Graph()
    with graph.as_default():
        tf.import_graph_def(graph_def, name="")
    names = {operation.name for operation in graph.get_operations()}
    fed = [name for name in feeds if name in names]
    fetched = [name for name in fetches if name in names]
    sends = [operation for operation in graph.get_operations() if operation.type == "_Send"]
    wanted = [graph.get_tensor_by_name(f"{name}:0") for name in fetched]
    inputs = [graph.get_tensor_by_name(f"{name}:0") for name in fed]
    step = steps_on(graph).find(request_of([*wanted, *sends], inputs))
    with meeting_at(meeting):
        return dict(zip(fetched, step.run([feeds[name] for name in fed]), strict=True))


@settings(max_examples=25)
@given(made=random_graphs(), choices=CHOICES)
def test_a_partition_stands_for_itself(made, choices):
    """As other processes would: each reads a GraphDef, and they share a rendezvous only."""
    scatter(made.graph, choices)
    steps = steps_on(made.graph)
    graphs = partition_graphs(steps.find(request_of(made.fetches, made.feeds)))
    feeds = {tensor.op.name: value for tensor, value in made.feeds.items()}
    fetches = [tensor.op.name for tensor in made.fetches if tensor not in made.feeds]
    meeting, found = LocalRendezvous(), {}
    with ThreadPoolExecutor(len(graphs)) as pool:
        ends = [pool.submit(run_alone, each, fetches, feeds, meeting) for each in graphs]
        for end in ends:
            found |= end.result(timeout=60)

    for tensor in made.fetches:
        if tensor.op.name in found:
            np.testing.assert_array_equal(found[tensor.op.name], made.values[tensor])
    computed = {op.name for op in steps.find(request_of(made.fetches, made.feeds)).operations}
    assert set(fetches) & computed <= set(found)


def test_types_in_a_partition_are_those_of_its_device():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="int32")
        y = ops.neg_op(x)
        z = ops.square_op(y)
    z.op.device = "/cpu:1"
    parts = parts_of(steps_on(graph), [z], [x])

    assert {name: types_of(each) for name, each in parts.items()} == {
        "CPU:0": ["Neg", "_Send"],
        "CPU:1": ["_Recv", "Square"],
    }
