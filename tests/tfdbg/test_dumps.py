"""Watched outputs of a run: what is written, and what reads it again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf
from minitf import tfdbg
from minitf.executor.debug_ops import numeric_summary
from minitf.tfdbg.data import InconvertibleTensorProto

tf = minitf
ALL = ["DebugIdentity", "DebugNanCount", "DebugNumericSummary(lower_bound=-1.5)"]


def program():
    """Return fetches and feeds of a graph with variables, a loop, a branch and strings."""
    x = tf.placeholder(tf.float32, [2], name="x")
    v = tf.Variable([1.0, 2.0], name="v", use_resource=False)
    w = tf.Variable([1.0, 2.0], name="w", use_resource=True)
    u = tf.Variable([1.0, 2.0], name="u", use_resource=False)
    with tf.control_dependencies([v.initializer]):
        y = tf.add(x * v, w, name="y")
    z = tf.log(y, name="z")
    loop = tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0], name="L")
    text = tf.string_join([tf.constant(["a", "bb"], name="s")] * 2, name="sj")
    branch = tf.cond(x[0] > 0, lambda: x + 1, lambda: x - 1, name="c")
    fetches = [z, loop, text, branch, tf.is_variable_initialized(u), tf.assign(u, [3, 4])]
    return fetches, {x: [1, -4]}, [v.initializer, w.initializer]


def dumped(folder, debug_ops="DebugIdentity"):
    with tf.Graph().as_default() as graph, tf.Session() as session:
        fetches, feeds, initializers = program()
        session.run(initializers)
        options = tf.RunOptions()
        tfdbg.watch_graph(
            options, graph, debug_ops, f"file://{folder}", tolerate_debug_op_creation_failures=True
        )
        results = session.run(fetches, feeds, options=options)
        plain = session.run(fetches, feeds)
    assert all(
        np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
        for a, b in zip(map(np.asarray, results[:4]), map(np.asarray, plain[:4]), strict=True)
    )
    return tfdbg.DebugDumpDir(str(folder))


def test_each_output_is_written_as_often_as_it_is_made(tmp_path):
    dump = dumped(tmp_path)

    assert [int(each) for each in dump.get_tensors("L/add", 0, "DebugIdentity")] == [1, 2, 3]
    assert dump.get_tensors("x", 0, "DebugIdentity")[0].tolist() == [1, -4]
    assert dump.get_tensors("sj", 0, "DebugIdentity")[0].tolist() == [b"aa", b"bbbb"]
    assert dump.get_tensors("ua" if dump.node_exists("ua") else "Assign", 0, "DebugIdentity")
    assert dump.watch_key_to_data("c/Switch:0:DebugIdentity") == []  # dead
    assert [each.node_name for each in dump.find(tfdbg.has_inf_or_nan)] == ["z"]
    assert dump.core_metadata.input_names == ["x:0"]
    times = [each.timestamp for each in dump.dumped_tensor_data]
    assert times == sorted(set(times))


def test_variables_without_a_value_and_resources_are_told(tmp_path):
    dump = dumped(tmp_path, ALL)
    (unset,) = dump.get_tensors("u", 0, "DebugIdentity")
    (handle,) = dump.get_tensors("w", 0, "DebugIdentity")

    assert isinstance(unset, InconvertibleTensorProto)
    assert not unset.initialized
    assert str(unset).startswith("Uninitialized tensor:\n")
    assert handle.initialized
    assert dump.get_tensors("u", 0, "DebugNumericSummary")[0][0] == 0
    assert dump.get_tensors("z", 0, "DebugNanCount")[0].tolist() == [1]


def test_the_graph_of_the_run_can_be_asked(tmp_path):
    dump = dumped(tmp_path)

    assert dump.node_inputs("y") == ["mul", "y/ReadVariableOp"]
    assert dump.node_inputs("mul", is_control=True) == ["v/Assign"]
    assert dump.node_recipients("v/Assign", is_control=True) == ["mul", "y/ReadVariableOp"]
    assert dump.node_op_type("z") == "Log"
    assert dump.find_some_path("v", "z") == ["v", "v/read", "mul", "y", "z"]
    assert dump.find_some_path("z", "v") is None
    assert dump.transitive_inputs("L/Merge") == []
    assert dump.debug_watch_keys("z") == ["z:0:DebugIdentity"]
    with pytest.raises(ValueError, match="has a node named 'nope'"):
        dump.node_inputs("nope")
    with pytest.raises(ValueError, match='"nope:0:DebugIdentity" does not exist'):
        dump.get_tensors("nope", 0, "DebugIdentity")


def test_each_device_has_its_folder(tmp_path):
    with tf.Graph().as_default() as graph:
        with tf.device("/cpu:1"):
            a = tf.constant([1.0, 4.0], name="a")
        with tf.device("/cpu:0"):
            b = tf.sqrt(a, name="b")
        options = tf.RunOptions()
        tfdbg.watch_graph(options, graph, debug_urls=f"file://{tmp_path}")
        with tf.Session(config=tf.ConfigProto(device_count={"CPU": 2})) as session:
            session.run(b, options=options)
    dump = tfdbg.DebugDumpDir(str(tmp_path))

    assert dump.node_device("b").endswith("CPU:0")
    assert dump.node_device("a").endswith("CPU:1")
    assert [each.node_name for each in dump.dumped_tensor_data] == ["a", "b"]


@pytest.mark.parametrize(
    ("watch", "words"),
    [
        ({"debug_ops": "Foo"}, "Failed to create debug node Foo for tensor z:0"),
        ({"debug_ops": "DebugNumericSummary(foo=1)"}, "not valid for debug node .*: foo"),
        ({"debug_ops": "DebugNumericSummary(lower_bound=x)"}, "float-type attribute lower_bound"),
        ({"output_slot": -1}, "negative output_slot"),
        ({"debug_urls": "grpc://localhost:1"}, "debug results to a server"),
    ],
)
def test_what_cannot_be_watched_is_an_error(tmp_path, watch, words):
    options = tf.RunOptions()
    tfdbg.add_debug_tensor_watch(options, "z", **{"debug_urls": f"file://{tmp_path}", **watch})
    with tf.Graph().as_default(), tf.Session() as session:
        z = tf.constant(1.0, name="z")

        with pytest.raises(tf.errors.OpError, match=words):
            session.run(z, options=options)


def test_only_so_many_bytes_are_written(tmp_path, monkeypatch):
    monkeypatch.setenv("TFDBG_DISK_BYTES_LIMIT", "1000")
    options = tf.RunOptions()
    with tf.Graph().as_default() as graph, tf.Session() as session:
        z = tf.zeros([1000])
        tfdbg.watch_graph(
            options, graph, debug_urls=f"file://{tmp_path}", reset_disk_byte_usage=True
        )

        with pytest.raises(tf.errors.ResourceExhaustedError, match="TFDBG_DISK_BYTES_LIMIT"):
            session.run(z, options=options)


@given(st.lists(st.floats(width=32) | st.sampled_from([-1.5, 0.0, 2.0]), max_size=20))
def test_a_summary_counts_each_element_once(numbers):
    array = np.array(numbers, np.float32)
    found = numeric_summary(array, tf.float32, array.shape, -1.5, 2.0)

    assert found[1] == array.size == found[2:8].sum()
    assert found[14:].tolist() == list(array.shape)


def test_a_damaged_file_is_named(tmp_path):
    dump = dumped(tmp_path)
    (path,) = dump.get_tensor_file_paths("z", 0, "DebugIdentity")
    for content, words in ((b"\xff\xff", "z_0_.* is damaged"), (b"", "holds no dumped tensor")):
        Path(path).write_bytes(content)
        with pytest.raises(ValueError, match=words):
            dump.get_tensors("z", 0, "DebugIdentity")


def answers(dump, library):
    """Return what a DebugDumpDir says of a folder."""
    keys = sorted({(d.node_name, d.output_slot, d.debug_op) for d in dump.dumped_tensor_data})
    tensors = {key: list(map(str, dump.get_tensors(*key))) for key in keys if key[0] not in "uw"}
    ways = [
        (dump.node_op_type(n), dump.node_inputs(n), dump.node_recipients(n), dump.node_device(n))
        for n in dump.nodes()
    ]
    controls = [dump.node_inputs(n, is_control=True) for n in dump.nodes()]
    bad = [str(d) for d in dump.find(library.has_inf_or_nan)]
    return tensors, ways, controls, bad, dump.size, dump.t0, str(dump.core_metadata)


@pytest.mark.tensorflow
@pytest.mark.thorough
def test_tensorflow_reads_what_we_write_and_we_read_what_it_writes(tmp_path, tensorflow):
    from tensorflow.python import debug as theirs

    ours, other = tmp_path / "ours", tmp_path / "theirs"
    dumped(ours, ALL)
    with tensorflow.Graph().as_default() as graph, tensorflow.Session() as session:
        x = tensorflow.placeholder(tensorflow.float32, [2], name="x")
        z = tensorflow.log(tensorflow.math.multiply(x, x + 1, name="y"), name="z")
        options = tensorflow.RunOptions()
        theirs.watch_graph(options, graph, ALL, f"file://{other}")
        session.run(z, {x: [1, -0.5]}, options=options)

    for folder in map(str, (ours, other)):
        read = tfdbg.DebugDumpDir(folder)
        assert answers(read, tfdbg) == answers(theirs.DebugDumpDir(folder), theirs)
    (summary,) = tfdbg.DebugDumpDir(str(other)).get_tensors("z", 0, "DebugNumericSummary")
    value = np.array([np.log(np.float32(2)), np.nan], np.float32)
    assert summary.tolist() == pytest.approx(
        numeric_summary(value, tf.float32, (2,), -1.5).tolist(), nan_ok=True
    )
