"""Import paths of TensorFlow's insides lead to what programs look for there."""

from __future__ import annotations

import sys
from importlib import import_module

import numpy as np
import pytest

import minitf as tf
from minitf.compat.import_paths import PATHS, own_module
from minitf.compat.inner_names import INNER, with_inner_names
from minitf.compat.internal import (
    common_shapes,
    context,
    control_flow_ops,
    control_flow_util,
    deprecation,
    device,
    device_lib,
    eager,
    file_io,
    forward_compatibility,
    gen_ops,
    op_def_library,
    op_def_registry,
    pywrap_tensorflow,
    stacks,
    state_ops,
    tensor_shape,
)
from minitf.compat.internal import ops as inner_ops


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


# --- names that are not public -------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(INNER))
def test_all_inner_names_of_a_path_are_there(path):
    own = own_module(path)
    assert own is not None
    for module, names in INNER[path].items():
        for entry in names.split():
            assert hasattr(import_module(module), entry.rpartition("=")[2])


def test_paths_of_ops_have_generated_functions_too(monkeypatch):
    path = "tensorflow.python.ops.of_a_test"
    monkeypatch.setitem(sys.modules, path, tf)  # what is put there goes with the test
    made = with_inner_names(path, tf)

    assert made.relu_grad.__name__ == "relu_grad"
    assert made.placeholder is tf.placeholder
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        made.nothing  # noqa: B018


def test_there_is_one_mode():
    assert not context.executing_eagerly()
    assert context.in_graph_mode()
    assert context.num_gpus() == 0
    with context.graph_mode():
        assert tf.constant(1).graph is tf.get_default_graph()
    with pytest.raises(RuntimeError):
        eager.implicit_grad(lambda: 1)


def test_names_of_devices_have_one_spelling():
    assert device.canonical_name("/cpu:1") == "/device:CPU:1"
    assert device.canonical_name(None) == ""
    assert device.canonical_name(tf.DeviceSpec(job="w")) == "/job:w"
    with pytest.raises(ValueError, match="Unknown attribute"):
        device.check_valid("/nothing:1")
    with tf.device("/job:w"), tf.device(device.merge_device("/gpu:0")):
        assert tf.constant(1).op.device == "/job:w/device:GPU:0"


def test_shapes_that_broadcast_are_told_from_those_that_do_not():
    shape = tf.TensorShape
    assert common_shapes.broadcast_shape(shape([3, 1]), shape([5])).as_list() == [3, 5]
    assert common_shapes.is_broadcast_compatible(shape([3, 1]), shape([5]))
    assert not common_shapes.is_broadcast_compatible(shape([3]), shape([5]))
    assert not common_shapes.is_broadcast_compatible(shape(None), shape([5]))
    with pytest.raises(ValueError, match="Incompatible shapes for broadcasting"):
        common_shapes.broadcast_shape(shape([3]), shape([5]))


def test_op_definitions_are_found_by_name():
    assert op_def_registry.get_registered_ops()["MatMul"].name == "MatMul"
    assert op_def_registry.get("MatMul").input_arg[0].name == "a"
    assert op_def_registry.get("Nothing") is None


def test_operations_of_branches_and_loops_are_known():
    seen = []

    def body(i):
        seen.append((i + 1).op)
        return i + 1

    out = tf.while_loop(lambda i: i < 3, body, [0])
    entered = next(o for o in tf.get_default_graph().get_operations() if o.type == "Enter")
    branch = []
    tf.cond(tf.constant(True), lambda: branch.append(tf.constant(1).op) or 1, lambda: 2)
    util = control_flow_util
    assert util.IsInWhileLoop(seen[0])
    assert not util.IsInCond(seen[0])
    assert util.IsInCond(branch[0])
    assert util.IsLoopExit(out.op)
    assert util.IsLoopEnter(entered)
    assert not util.IsLoopConstantEnter(entered)
    assert util.GetContainingWhileContext(seen[0].context) is seen[0].context
    assert util.GetContainingWhileContext(seen[0].context, seen[0].context) is seen[0].context
    assert util.GetOutputContext(out.op) is None
    assert seen[0].context.outer_context is None


def test_a_value_with_dependencies_comes_after_them():
    counter = tf.Variable(0)
    value = control_flow_ops.with_dependencies([counter.assign_add(1)], tf.constant(7), name="v")
    rows = tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]))
    waiting = control_flow_ops.with_dependencies([counter.assign_add(1)], rows)
    with tf.Session() as session:
        session.run(counter.initializer)
        assert session.run(value) == 7
        session.run(waiting.values)
        assert session.run(counter) == 2
    assert value.op.name == "v"


def test_variables_of_bare_operations_hold_values():
    ref = state_ops.variable_op_v2([2], tf.float32)
    unknown = state_ops.variable_op([2], tf.float32, set_shape=False)
    assert unknown.shape.rank is None
    with tf.Session() as session:
        assert session.run(tf.assign(ref, [1.0, 2.0])).tolist() == [1, 2]
    variable = tf.get_variable("r", [2], use_resource=True)
    assert state_ops.is_resource_variable(variable)
    assert not state_ops.is_resource_variable(ref)
    with pytest.raises(ValueError, match="are incompatible"):
        state_ops.shape_safe_assign_variable_handle(variable.handle, [2], [1.0])
    assert state_ops.shape_safe_assign_variable_handle(variable.handle, [2], [1.0, 2.0]).type


def test_conversions_of_many_values_number_their_constants(graph):
    made = inner_ops.convert_n_to_tensor([1, tf.constant(2)], name="n")
    rows = tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]))

    assert made[0].op.name == "n_0"
    assert inner_ops.convert_n_to_tensor_or_indexed_slices([None, rows]) == [None, rows]
    with pytest.raises(TypeError, match="values must be a sequence"):
        inner_ops.convert_n_to_tensor(3)
    variable = tf.Variable(1.0)
    assert inner_ops.internal_convert_to_tensor(variable, as_ref=True) is variable.handle
    assert inner_ops.is_dense_tensor_like(variable)
    assert not inner_ops.is_dense_tensor_like(np.zeros(2))


def test_small_functions_of_ops_do_what_their_names_say(graph):
    assert inner_ops.uid() < inner_ops.uid()
    assert inner_ops.name_from_scope_name("a/b/") == "a/b"
    with tf.name_scope("a"):
        assert inner_ops.get_name_scope() == "a"
    with inner_ops.NullContextmanager(1, x=2):
        assert not inner_ops.inside_function()
    assert not inner_ops.executing_eagerly_outside_functions()
    assert tf.GraphKeys.LOSSES in inner_ops.get_all_collection_keys()
    assert inner_ops.get_gradient_function(tf.square(1.0).op)
    assert inner_ops.get_gradient_function(tf.constant(1.0).op) is None


def test_collections_tell_how_they_become_messages():
    key = tf.GraphKeys.GLOBAL_VARIABLES
    assert inner_ops.get_collection_proto_type(key).DESCRIPTOR.name == "VariableDef"
    variable = tf.Variable(1.0, name="v")
    message = inner_ops.get_to_proto_function(key)(variable)
    assert inner_ops.get_from_proto_function(key)(message).name == "v:0"
    assert inner_ops.get_collection_proto_type("nothing") is None
    with pytest.raises(TypeError, match="to_proto must be callable"):
        inner_ops.register_proto_function("of a test", to_proto=3)


def test_stacks_are_seen_and_emptied():
    assert stacks._default_session_stack.is_cleared()
    with tf.Session() as session:
        assert stacks._default_session_stack.stack == [session]
        assert stacks._default_session_stack.get_default() is session
    assert stacks._default_graph_stack.get_default() is tf.get_default_graph()


def test_a_deprecated_function_warns_once(caplog):
    @deprecation.deprecated(None, "Use the other.")
    def old():
        return 3

    with caplog.at_level("WARNING", "tensorflow"):
        with deprecation.silence():
            assert old() == 3
        assert not caplog.records
        assert old() + old() == 6
    assert len(caplog.records) == 1
    assert "Use the other." in caplog.text
    assert deprecation.deprecated_argument_lookup("new", None, "old", 2) == 2
    with pytest.raises(ValueError, match="Cannot specify both 'old' and 'new'"):
        deprecation.deprecated_argument_lookup("new", 1, "old", 2)
    with pytest.raises(ValueError, match="instructions"):
        deprecation.deprecated(None, "")


def test_the_horizon_of_compatibility_moves_in_a_block():
    compatible = forward_compatibility.forward_compatible
    assert compatible(2019, 1, 1)
    assert not compatible(2020, 1, 1)
    with forward_compatibility.forward_compatibility_horizon(2018, 1, 1):
        assert not compatible(2019, 1, 1)
