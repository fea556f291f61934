"""Placement by a simulated run, and the costs that it goes by."""

from __future__ import annotations

import numpy as np
import pytest
from executor.stepping import request_of, step_of
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.devices import local_devices
from minitf.executor.cost_model import CostModel
from minitf.executor.placer import place
from minitf.executor.prune import prune
from minitf.executor.simulation import simulate
from minitf.executor.step_options import StepOptions
from minitf.executor.trace import Trace


class Table:
    """Costs that are written down: microseconds by operation, and one for all transfers."""

    def __init__(self, times, transfer=0.0):
        self.times = times
        self.transfer = transfer

    def nbytes(self, tensor):
        return 1

    def compute_us(self, operation, device_type):
        return self.times[operation.name]

    def transfer_us(self, nbytes):
        return self.transfer


def build(edges, count):
    """Build an operation per number, which reads those that an edge leads from."""
    made = []
    for i in range(count):
        sources = [made[a] for a, b in edges if b == i]
        made.append(tf.add_n(sources or [x_of()], name=f"n{i}"))
    return made


def x_of():
    return tf.get_default_graph().get_tensor_by_name("x:0")


def simulated(made, costs, devices=2):
    devices = local_devices({"CPU": devices})
    subgraph = prune(request_of(made, [x_of()]))
    feasible = dict.fromkeys(subgraph.operations, devices)
    return simulate(subgraph, lambda operation: operation, feasible, costs)


def where(schedule):
    return {op.name: int(device.name[-1]) for op, device in schedule.placement.items()}


@pytest.mark.paper("W-18")
def test_eight_nodes_are_placed_as_worked_out_by_hand():
    """Times are in microseconds, and a transfer takes 2.

    node   reads        CPU:0     CPU:1     because
    n0 3   x            0 to 3              it is the first of two equal devices
    n1 4   n0           3 to 7              CPU:1 would have n0 at 5, and end at 9
    n2 6   n0                     5 to 11   on CPU:0 from 7 to 13
    n3 2   n0           7 to 9              on CPU:1 from 11 to 13
    n4 5   n1           9 to 14             on CPU:1 from 11 to 16
    n6 2   n3                     11 to 13  on CPU:0 from 14 to 16
    n5 1   n2                     13 to 14  on CPU:0 from 14 to 15
    n7 1   n4 n5 n6               16 to 17  so it would be on CPU:0, where two would have to come
    """
    tf.placeholder(tf.float32, [], name="x")
    edges = [(0, 1), (0, 2), (0, 3), (1, 4), (2, 5), (3, 6), (4, 7), (5, 7), (6, 7)]
    made = build(edges, 8)
    times = dict(zip([f"n{i}" for i in range(8)], (3, 4, 6, 2, 5, 1, 2, 1), strict=True))
    schedule = simulated(made, Table(times, transfer=2))

    assert where(schedule) == dict(zip(times, (0, 0, 1, 0, 0, 1, 1, 1), strict=True))
    assert {op.name: end for op, end in schedule.ends_us.items()} == dict(
        zip(times, (3, 7, 11, 9, 14, 14, 13, 17), strict=True)
    )
    assert schedule.makespan_us == 17
    assert schedule.moved_bytes == 3  # n0, n3 and n4, one byte each


DAGS = st.integers(2, 12).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.sets(
            st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(
                lambda edge: edge[0] < edge[1]
            ),
            max_size=20,
        ),
        st.lists(st.integers(0, 9), min_size=count, max_size=count),
    )
)


@pytest.mark.paper("W-18")
@given(dag=DAGS, devices=st.integers(1, 4))
def test_without_costs_of_transfer_it_is_never_worse_than_one_device(dag, devices):
    count, edges, times = dag
    tf.reset_default_graph()
    tf.placeholder(tf.float32, [], name="x")
    table = Table({f"n{i}": time for i, time in enumerate(times)})

    assert simulated(build(edges, count), table, devices).makespan_us <= sum(times)


@pytest.mark.paper("W-18")
@given(lengths=st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_dear_transfers_keep_a_chain_together(lengths):
    tf.reset_default_graph()
    tf.placeholder(tf.float32, [], name="x")
    edges, chains, count = [], [], 0
    for length in lengths:
        chains.append(range(count, count + length))
        edges += [(i, i + 1) for i in chains[-1][:-1]]
        count += length
    table = Table({f"n{i}": 1 for i in range(count)}, transfer=1e9)
    found = where(simulated(build(edges, count), table))

    for chain in chains:
        assert len({found[f"n{i}"] for i in chain}) == 1


@pytest.mark.paper("W-31")
def test_a_group_follows_its_first_member_and_a_request_is_kept():
    x = tf.placeholder(tf.float32, [], name="x")
    a, b = tf.square(x, name="a"), tf.negative(x, name="b")
    with tf.colocate_with(a):
        c = tf.negative(b, name="c")
    with tf.device("/cpu:1"):
        d = tf.square(x, name="d")
    subgraph = prune(request_of([c, d, a], [x]))
    table = Table({"a": 1, "b": 1, "c": 9, "d": 100})
    found = place(subgraph, local_devices({"CPU": 2}), StepOptions(), table)

    assert {op.name: device.name[-1] for op, device in found.items()} == {
        "a": "0",
        "b": "1",
        "c": "0",
        "d": "1",
    }


def test_a_circle_is_placed_anywhere_and_told_of_by_the_run():
    a = tf.square(tf.placeholder(tf.float32, [], name="x"), name="a")
    b = tf.negative(a, name="b")
    a.op._add_control_input(b.op)
    subgraph = prune(request_of([b]))

    assert set(place(subgraph, local_devices({"CPU": 2}), StepOptions(), CostModel())) == set(
        subgraph.operations
    )


# --- costs ----------------------------------------------------------------------------------------


@pytest.mark.paper("W-17")
def test_guesses_follow_shapes():
    x, w = tf.placeholder(tf.float32, [100, 784]), tf.placeholder(tf.float32, [784, 10])
    costs = CostModel()
    product = tf.matmul(x, w)
    images, filters = tf.zeros([2, 8, 8, 3]), tf.zeros([3, 3, 3, 4])
    folded = tf.nn.conv2d(images, filters, [1, 1, 1, 1], "SAME")

    assert costs.nbytes(x) == 100 * 784 * 4
    assert costs.compute_us(product.op, "CPU") == pytest.approx(5 + 2 * 100 * 784 * 10 / 5000)
    assert costs.compute_us(folded.op, "CPU") == pytest.approx(
        5 + 2 * (2 * 8 * 8 * 4) * (3 * 3 * 3) / 5000
    )
    assert costs.compute_us(tf.negative(x).op, "CPU") == pytest.approx(5 + 2 * 313600 / 5000)
    assert costs.transfer_us(313600) == pytest.approx(50 + 313600 / 5000)


@given(dims=st.none() | st.lists(st.none() | st.integers(0, 9), max_size=3))
def test_what_is_unknown_has_a_guess_too(dims):
    tf.reset_default_graph()
    x = tf.placeholder(tf.float32, dims)

    assert 0 <= CostModel().nbytes(x) <= 32**3 * 4
    assert CostModel().compute_us(tf.square(x).op, "CPU") >= 5


@pytest.mark.paper("W-17")
def test_what_a_traced_run_took_counts_from_then_on():
    x = tf.placeholder(tf.float32, [None])
    y = tf.square(x, name="y")
    step = step_of(tf.get_default_graph(), [y], [x])
    trace, costs = Trace(step.device), CostModel()
    step.run([np.zeros(1000, np.float32)], trace)
    costs.learn(trace.records, "CPU")
    (record,) = trace.records

    assert costs.nbytes(y) == 4000
    assert costs.compute_us(y.op, "CPU") == (record.finished_ns - record.started_ns) / 1000
    assert costs.compute_us(y.op, "TPU") > 5  # still a guess


@pytest.mark.paper("W-17")
def test_a_measurement_changes_the_placement(monkeypatch):
    """It seems quicker to do two things here than to bring the input of one elsewhere."""
    monkeypatch.setenv("MINITF_PLACEMENT", "simulated")
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.square(x)
    busy = [tf.py_func(lambda _: _counted(), [y], tf.float32, name=f"busy{i}") for i in range(2)]
    total = busy[0] + busy[1]
    config = tf.ConfigProto(device_count={"CPU": 2})
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE, output_partition_graphs=True)
    metadata = tf.RunMetadata()
    with tf.Session(config=config) as session:
        first = session.run(total, {x: 1}, options, metadata)
        graphs = [len(metadata.partition_graphs)]
        second = session.run([total, x], {x: 1}, options, metadata)[0]
        graphs.append(len(metadata.partition_graphs))

    assert first == second
    assert graphs == [1, 2]


def _counted():
    """Take some milliseconds."""
    return np.float32(sum(range(300_000)))


def test_a_way_to_place_that_there_is_not_is_refused(monkeypatch):
    monkeypatch.setenv("MINITF_PLACEMENT", "best")

    with pytest.raises(ValueError, match="MINITF_PLACEMENT must be one of first, simulated"):
        tf.Session()


@given(dag=DAGS)
def test_a_step_that_is_placed_so_gives_the_same(dag):
    count, edges, _ = dag
    tf.reset_default_graph()
    x = tf.placeholder(tf.float32, [], name="x")
    made = build(edges, count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINITF_PLACEMENT", "simulated")
        session = tf.Session(config=tf.ConfigProto(device_count={"CPU": 3}))
    with session, tf.Session() as plain:
        assert session.run(made, {x: 3}) == plain.run(made, {x: 3})
