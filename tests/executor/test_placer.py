"""Devices by what is asked for, by groups that share one, and by TensorFlow's example."""

from __future__ import annotations

import re

import numpy as np
import pytest
from executor.on_devices import steps_on
from executor.stepping import const, request_of
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import errors, ops
from minitf.devices import local_devices
from minitf.executor.placer import place
from minitf.executor.prune import prune
from minitf.executor.step_options import StepOptions
from minitf.graph import Graph

CPUS = 3


def placed(fetches, *, soft=False, devices=None, feeds=()):
    """Return the short names of devices by operation."""
    devices = devices or local_devices({"CPU": CPUS})
    options = StepOptions(soft_placement=soft)
    placement = place(prune(request_of(fetches, feeds)), devices, options)
    return {operation.name: device.name[-5:] for operation, device in placement.items()}


def constant(name, device="", group=None):
    with tf.device(device or None):
        made = tf.constant([1.0, 2.0], name=name)
    if group is not None:
        made.op._set_attr("_class", [f"loc:@{group}".encode()])
    return made


# --- what is asked for ----------------------------------------------------------------------------


@pytest.mark.paper("W-30")
@pytest.mark.parametrize(
    ("asked", "device"),
    [
        ("", "CPU:0"),
        ("/cpu:2", "CPU:2"),
        ("/device:CPU:1", "CPU:1"),
        ("/cpu:*", "CPU:0"),
        ("/job:localhost", "CPU:0"),
        ("/job:localhost/replica:0/task:0/device:CPU:1", "CPU:1"),
        ("/task:0/cpu:2", "CPU:2"),
    ],
)
def test_parts_of_a_name_constrain(asked, device):
    with tf.device(asked or None):
        x = tf.random_uniform([2], name="x") + tf.random_uniform([2], name="y")

    assert set(placed([x]).values()) == {device}


@pytest.mark.parametrize("asked", ["/cpu:7", "/gpu:0", "/job:ps/task:0", "/task:3"])
def test_a_device_that_does_not_exist_is_refused_or_replaced(asked):
    x = constant("x", asked)

    with pytest.raises(errors.InvalidArgumentError) as raised:
        placed([x])
    assert "Cannot assign a device for operation x: {{node x}} was explicitly assigned to" in str(
        raised.value
    )
    assert "device:CPU:0, /job:localhost/replica:0/task:0/device:CPU:1, " in str(raised.value)
    assert "test_placer.py" in str(raised.value)
    assert placed([x], soft=True) == {"x": "CPU:0"}


class Partial:
    """A device that has kernels for some ops only."""

    device_type = "TOY"

    def __init__(self, *types):
        self.name = "/job:localhost/replica:0/task:0/device:TOY:0"
        self._types = types

    def kernel(self, op_def, attrs, *, compiled=True):
        if op_def.name not in self._types:
            raise errors.InvalidArgumentError(None, None, f"no kernel for {op_def.name}")
        return op_def.body


@pytest.mark.paper("W-30", "O-10")
def test_an_operation_needs_a_device_that_has_its_kernel():
    devices = [Partial("Neg"), *local_devices({"CPU": 1})]
    x = tf.placeholder(tf.float32, name="x")
    y = tf.negative(x, name="y")
    z = tf.square(y, name="z")

    assert placed([z], devices=devices, feeds=[x]) == {"y": "TOY:0", "z": "CPU:0"}


@pytest.mark.paper("W-30", "W-31")
def test_a_group_without_a_device_lists_what_each_member_could_use():
    devices = [Partial("Neg"), *local_devices({"CPU": 1})]
    x = tf.placeholder(tf.float32, name="x")
    with tf.device("/device:TOY:0"):
        y = tf.negative(x, name="y")
    with tf.colocate_with(y, ignore_existing=True):
        z = tf.square(y, name="z")

    with pytest.raises(errors.InvalidArgumentError) as raised:
        placed([z], devices=devices, feeds=[x])
    assert "no supported kernel for TOY devices is available" in str(raised.value)
    assert "y (Neg) /device:TOY:0; CPU, TOY" in str(raised.value)
    assert "z (Square) /device:TOY:0; CPU" in str(raised.value)
    assert set(placed([z], devices=devices, feeds=[x], soft=True).values()) == {"CPU:0"}


# --- groups ---------------------------------------------------------------------------------------


def closure(count, pairs):
    """Return the groups that pairs make, by trying until nothing changes."""
    group = list(range(count))
    while True:
        before = list(group)
        for a, b in pairs:
            group[a] = group[b] = min(group[a], group[b])
        if group == before:
            return group


@pytest.mark.paper("W-31")
@given(
    count=st.integers(2, 9),
    pairs=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=10),
    asked=st.dictionaries(st.integers(0, 8), st.integers(0, CPUS - 1), max_size=3),
)
def test_groups_are_the_closure_of_what_is_colocated(count, pairs, asked):
    tf.reset_default_graph()
    pairs = [(a, b) for a, b in pairs if a != b and max(a, b) < count]
    made = [ops.placeholder_op(dtype="float32", name=f"n{i}") for i in range(count)]
    for i, tensor in enumerate(made):
        others = sorted({b for a, b in pairs if a == i})
        if others:
            tensor.op.attrs["_class"] = tuple(f"loc:@n{b}" for b in others)
        if i in asked:
            tensor.op.device = f"/cpu:{asked[i]}"
    group = closure(count, pairs)
    wanted = {g: {asked[i] for i in range(count) if group[i] == g and i in asked} for g in group}

    if max(map(len, wanted.values())) > 1:
        with pytest.raises(errors.InvalidArgumentError, match="Cannot colocate nodes") as raised:
            placed([tensor.op for tensor in made])
        names = re.findall(r"colocation_node n(\d)", str(raised.value))
        assert len({group[int(name)] for name in names}) == 1
    else:
        found = placed([tensor.op for tensor in made])
        for i in range(count):
            assert found[f"n{i}"] == f"CPU:{min(wanted[group[i]], default=0)}"


@pytest.mark.paper("O-10", "O-08")
@pytest.mark.parametrize("use_resource", [False, True])
def test_who_changes_a_variable_is_where_it_is_whatever_was_asked_for(use_resource):
    with tf.device("/cpu:1"):
        v = tf.get_variable("v", initializer=1.0, use_resource=use_resource)
    with tf.device("/cpu:2"), tf.colocate_with(None, ignore_existing=True), tf.device("/cpu:2"):
        update = (
            ops.assign_add_variable_op_op(v.handle, 2.0, name="update")
            if use_resource
            else ops.assign_add_op(v._ref(), 2.0, name="update").op
        )

    assert placed([update])["update"] == "CPU:1"
    assert placed([v.initializer])[v.op.name] == "CPU:1"


@pytest.mark.paper("O-10")
def test_who_uses_a_queue_or_a_dataset_is_where_it_is():
    with tf.device("/cpu:1"):
        queue = tf.FIFOQueue(3, tf.int64, name="queue")
        data = tf.data.Dataset.range(3)
    with tf.device("/cpu:2"):
        put = queue.enqueue(3, name="put")
        got = tf.data.make_one_shot_iterator(data).get_next(name="next")
    found = placed([put, got.op])

    assert found["queue"] == "CPU:1"
    assert found["put"] == "CPU:1"
    assert found["next"] == found["OneShotIterator"]


def test_a_group_is_that_of_an_operation_that_the_run_does_not_need():
    x = constant("x", "/cpu:2")
    y = constant("y", group="x")

    assert x.op.name not in placed([y])
    assert placed([y]) == {"y": "CPU:2"}


# --- by example -----------------------------------------------------------------------------------

PROGRAMS = {
    "a constant goes to its reader": lambda tf: [_on(tf, 1, lambda: tf.add(_const(tf), 1.0))],
    "a size is where its input is": lambda tf: [
        tf.size(_on(tf, 2, lambda: _random(tf, "random")), name="size")
    ],
    "a constant of two readers is at the first device": lambda tf: [
        _on(tf, device, lambda c=c: tf.negative(c)) for c in [_const(tf)] for device in (1, 2)
    ],
    "what has inputs stays": lambda tf: [_on(tf, 1, lambda: tf.negative(tf.identity(_const(tf))))],
    "a variable's parts": lambda tf: [_on(tf, 1, lambda: tf.Variable(3.0, name="v")).initializer],
    "a conflict of two": lambda tf: [_conflict(tf, 1, 2)],
    "a group of two": lambda tf: [_conflict(tf, 1, None), _conflict(tf, None, 2)],
    "no such device": lambda tf: [_on(tf, 7, lambda: tf.constant(3.0, name="three"))],
}


def _on(tf, device, function):
    with tf.device(None if device is None else f"/cpu:{device}"):
        return function()


def _const(tf):
    return tf.constant([1.0, 2.0], name="const")


def _random(tf, name):
    return tf.raw_ops.RandomUniform(shape=[2], dtype=tf.float32, name=name)


def _conflict(tf, first, second):
    a = _on(tf, first, lambda: _random(tf, "a"))
    b = _on(tf, second, lambda: _random(tf, "b"))
    b.op._set_attr(
        "_class", tf.AttrValue(list=tf.AttrValue.ListValue(s=[f"loc:@{a.op.name}".encode()]))
    )
    return b


def _outcome(tf, program, *, soft):
    config = tf.ConfigProto(device_count={"CPU": CPUS}, allow_soft_placement=soft)
    config.graph_options.optimizer_options.opt_level = tf.OptimizerOptions.L0
    metadata = tf.RunMetadata()
    options = tf.RunOptions(output_partition_graphs=True)
    with tf.Graph().as_default(), tf.Session(config=config) as session:
        fetches = program(tf)
        try:
            session.run(fetches, options=options, run_metadata=metadata)
        except errors.OpError as error:
            return _first_words(str(error))
        except Exception as error:  # noqa: BLE001 TensorFlow's own
            return _first_words(str(error))
    return {
        node.name: node.device[-5:]
        for graph in metadata.partition_graphs
        for node in graph.node
        if node.op in ("Add", "AddV2", "Assign", "Identity", "Neg", "RandomUniform", "VariableV2")
    }


def _first_words(text):
    """Return the line of a message that says what is wrong, up to what devices there are."""
    line = next(line for line in text.splitlines() if line.startswith("Cannot "))
    return line.partition(" but available")[0].replace("/device:CPU", "/cpu")


@pytest.mark.tensorflow
@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_are_placed_as_in_tensorflow(tensorflow, name, soft):
    ours, theirs = (_outcome(api, PROGRAMS[name], soft=soft) for api in (tf, tensorflow))

    assert ours == theirs


# --- a step ---------------------------------------------------------------------------------------


def test_log_placement_writes_each_operation_and_its_device(capsys):
    x = constant("x", "/cpu:1")
    config = tf.ConfigProto(device_count={"CPU": 2}, log_device_placement=True)
    with tf.Session(config=config) as session:
        session.run(tf.negative(x, name="y"))
    lines = capsys.readouterr().err.splitlines()

    assert "x: (Const): /job:localhost/replica:0/task:0/device:CPU:1" in lines
    assert "y: (Neg): /job:localhost/replica:0/task:0/device:CPU:0" in lines


@pytest.mark.paper("O-10")
def test_an_update_asked_for_elsewhere_changes_the_variable():
    graph = Graph()
    with graph.as_default():
        v = ops.variable_v2_op(shape=[], dtype="float32", name="v")
        start = ops.assign_op(v, const(np.float32(1)), name="start")
        more = ops.assign_add_op(v, const(np.float32(2)), name="more")
    v.op.device, start.op.device, more.op.device = "/cpu:1", "/cpu:0", "/cpu:2"
    steps = steps_on(graph)
    steps.find(request_of([start])).run([])

    assert [steps.find(request_of([more])).run([]) for _ in range(4)] == [[3], [5], [7], [9]]
