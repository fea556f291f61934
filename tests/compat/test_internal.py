"""Import paths of TensorFlow's insides lead to what programs look for there."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

import minitf as tf
from minitf.compat.import_paths import PATHS, own_module
from minitf.compat.internal import (
    device_lib,
    file_io,
    gen_ops,
    op_def_library,
    pywrap_tensorflow,
    tensor_shape,
)


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


@pytest.mark.parametrize("own", sorted(set(PATHS.values())))
def test_a_path_leads_to_a_module(own):
    assert import_module(own).__name__ == own


@pytest.mark.parametrize(
    ("path", "name", "found"),
    [
        ("framework.ops", "reset_default_graph", lambda: tf.reset_default_graph),
        ("framework.graph_util", "convert_variables_to_constants", None),
        ("framework.test_util", "TensorFlowTestCase", lambda: tf.test.TestCase),
        ("framework.tensor_util", "constant_value", lambda: tf.get_static_value),
        ("framework.tensor_util", "MakeNdarray", lambda: tf.make_ndarray),
        ("framework.device", "DeviceSpec", lambda: tf.DeviceSpec),
        ("ops.rnn", "dynamic_rnn", lambda: tf.nn.dynamic_rnn),
        ("ops.rnn_cell", "BasicLSTMCell", lambda: tf.nn.rnn_cell.BasicLSTMCell),
        ("ops.data_flow_ops", "FIFOQueue", lambda: tf.FIFOQueue),
        ("ops.data_flow_ops", "StagingArea", lambda: tf.contrib.staging.StagingArea),
        ("ops.resource_variable_ops", "ResourceVariable", None),
        ("platform.gfile", "FastGFile", lambda: tf.gfile.FastGFile),
        ("platform.googletest", "main", lambda: tf.test.main),
        ("training.moving_averages", "assign_moving_average", None),
        ("training.saver", "Saver", lambda: tf.train.Saver),
        ("util.nest", "flatten", lambda: tf.nest.flatten),
    ],
)
def test_a_path_has_the_name_that_programs_want(path, name, found):
    value = getattr(import_module(own_module(f"tensorflow.python.{path}")), name)

    assert callable(value)
    assert found is None or value is found()


def test_every_message_module_has_all_messages():
    protos = import_module(own_module("tensorflow.core.framework.attr_value_pb2"))

    assert protos.AttrValue.ListValue
    assert own_module("tensorflow.core.framework") is None
    assert own_module("tensorflow.python.nothing") is None


def test_generated_functions_take_arguments_by_position(graph):
    assert own_module("tensorflow.python.ops.gen_nn_ops") == gen_ops.__name__
    slopes = gen_ops._relu_grad([1.0, 2.0], [-1.0, 3.0], name="slopes")
    total = gen_ops.sum([[1, 2], [3, 4]], 1, True)
    drawn = gen_ops._random_uniform([2], tf.float64, seed=3)
    with tf.Session() as session:
        found = session.run([slopes, total])
        assert found[0].tolist() == [0, 2]
        assert found[1].tolist() == [[3], [7]]
    assert (slopes.op.type, slopes.op.name) == ("ReluGrad", "slopes")
    assert drawn.op.get_attr("seed") == 3
    assert gen_ops.relu_grad.__name__ == "relu_grad"
    assert "max_pool_grad" in dir(gen_ops)


def test_generated_functions_refuse_what_ops_lack():
    with pytest.raises(AttributeError, match="has no op 'no_such'"):
        _ = gen_ops.no_such
    with pytest.raises(TypeError, match=r"relu_grad\(gradients, features, name=None\): missing"):
        gen_ops.relu_grad([1.0])


def test_an_op_is_applied_by_its_registry_name():
    library = op_def_library.OpDefLibrary()
    library.add_op_list(tf.GraphDef())
    made = library.apply_op("Add", x=[1.0], y=[2.0], name="sum")

    assert (made.op.type, made.op.name) == ("Add", "sum")
    with pytest.raises(RuntimeError, match="Unrecognized Op name NoSuchOp"):
        library.apply_op("NoSuchOp")


def test_common_shapes_have_functions():
    shapes = [
        *(tensor_shape.scalar(), tensor_shape.vector(3), tensor_shape.matrix(2, None)),
        *(tensor_shape.unknown_shape(rank=2), tensor_shape.as_shape([4])),
    ]

    assert [each.as_list() for each in shapes] == [[], [3], [2, None], [None, None], [4]]
    assert tensor_shape.unknown_shape().ndims is None
    assert tensor_shape.as_shape(shapes[1]) is shapes[1]


def test_devices_are_listed_as_messages():
    config = tf.ConfigProto(device_count={"CPU": 2})
    found = device_lib.list_local_devices(config)

    assert [each.device_type for each in found] == ["CPU", "CPU"]
    assert [each.name[-5:] for each in found] == ["CPU:0", "CPU:1"]
    assert device_lib.list_local_devices()[0].memory_limit > 0


def test_files_are_written_and_read_whole(tmp_path):
    folder = tmp_path / "a" / "b"
    file_io.recursive_create_dir(str(folder))
    path = str(folder / "text")
    file_io.write_string_to_file(path, "first, and longer")
    file_io.write_string_to_file(path, "é")

    assert file_io.file_exists(path)
    assert file_io.read_file_to_string(path) == "é"
    assert file_io.read_file_to_string(path, binary_mode=True) == "é".encode()
    assert file_io.get_matching_files(str(folder / "*")) == [path]


def test_an_events_writer_writes_event_files(tmp_path):
    writer = pywrap_tensorflow.EventsWriter(str(tmp_path / "events").encode())
    writer.InitWithSuffix(b".mine")
    writer.Flush()
    writer.WriteEvent(tf.Event(step=7))
    writer.Flush()
    path = writer.FileName().decode()
    writer.WriteEvent(tf.Event(step=8))
    writer.Close()
    writer.Close()
    first, *events = tf.train.summary_iterator(path)

    assert path.startswith(str(tmp_path / "events.out.tfevents."))
    assert path.endswith(".mine")
    assert first.file_version == "brain.Event:2"
    assert [each.step for each in events] == [7, 8]


def test_contributed_namespaces_have_the_same_classes():
    assert tf.contrib.data.Dataset is tf.data.Dataset
    assert tf.contrib.distributions.Normal is tf.distributions.Normal
    samples = tf.contrib.distributions.Normal(loc=0.0, scale=1.0).sample(3, seed=1)
    with tf.Session() as session:
        assert np.isfinite(session.run(samples)).all()
