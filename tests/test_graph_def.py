"""Graphs as messages: MiniTF writes what TensorFlow writes, and each reads and runs the other's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import dtypes, ops, protos
from minitf.attr_value import attr_value, public_value, stored_value
from minitf.grammar import Function
from minitf.graph_def import op_def_message
from minitf.shapes import Shape
from minitf.testing.random_graphs import as_plain, build_ours, build_theirs, programs, run_by_bodies
from minitf.testing.strategies import anything, shapes

FEED = np.float32([[1, 2], [-3, 4]])


def imported(message):
    """Return a new graph with the operations of a GraphDef, under their own names."""
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(message, name="")
    return graph


def _same(one, other):
    """Tell whether arrays of any type hold the same, NaN counting as NaN."""
    equal = (one == other) | ((one != one) & (other != other))  # noqa: PLR0124 NaN
    return (one.dtype, one.shape) == (other.dtype, other.shape) and np.all(equal)


@pytest.mark.tensorflow
@pytest.mark.paper("W-01", "W-02")
@given(program=programs())
def test_a_program_gives_tensorflows_graph_def(tensorflow, program):
    ours, _ = build_ours(program)
    theirs, _ = build_theirs(tensorflow, program)

    assert as_plain(ours.as_graph_def()) == as_plain(theirs.as_graph_def())


@pytest.mark.tensorflow
@pytest.mark.paper("W-01")
@given(program=programs(), add_shapes=st.booleans())
def test_tensorflow_reads_and_runs_what_we_write(tensorflow, program, add_shapes):
    graph, outputs = build_ours(program)
    message = graph.as_graph_def(add_shapes=add_shapes)
    for node in message.node:
        node.device = ""  # there is no such machine to run it on
    content = message.SerializeToString()
    with tensorflow.Graph().as_default() as theirs, tensorflow.Session() as session:
        tensorflow.import_graph_def(tensorflow.GraphDef.FromString(content), name="")
        feeds = {op.outputs[0]: FEED for op in theirs.get_operations() if op.type == "Placeholder"}
        values = session.run([tensor.name for tensor in outputs], feeds)
    expected = run_by_bodies(graph, FEED)

    for tensor, value in zip(outputs, values, strict=True):
        np.testing.assert_array_equal(value, expected[tensor.name])


@pytest.mark.tensorflow
@pytest.mark.paper("W-01")
@given(program=programs(), add_shapes=st.booleans())
def test_we_read_and_run_what_tensorflow_writes(tensorflow, program, add_shapes):
    theirs, outputs = build_theirs(tensorflow, program)
    message = theirs.as_graph_def(add_shapes=add_shapes)
    graph = imported(message)
    values = run_by_bodies(graph, FEED)
    expected = run_by_bodies(build_ours(program)[0], FEED)

    assert as_plain(graph.as_graph_def(add_shapes=add_shapes)) == as_plain(message)
    for tensor in outputs:
        assert graph.get_tensor_by_name(tensor.name).shape.as_list() == tensor.shape.as_list()
        np.testing.assert_array_equal(values[tensor.name], expected[tensor.name])


@pytest.mark.paper("W-01")
@given(program=programs(), add_shapes=st.booleans())
def test_writing_and_reading_a_graph_changes_nothing(program, add_shapes):
    graph, _ = build_ours(program)
    message = graph.as_graph_def(add_shapes=add_shapes)
    again = imported(protos.GraphDef.FromString(message.SerializeToString()))

    assert again.as_graph_def(add_shapes=add_shapes) == message
    for operation in graph.get_operations():
        other = again.get_operation_by_name(operation.name)
        assert [op.name for op in other.control_inputs] == sorted(
            op.name for op in operation.control_inputs
        )
        assert [t.shape for t in other.outputs] == [t.shape for t in operation.outputs]


# --- attributes -------------------------------------------------------------------------------

SCALARS = {
    "int": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(width=32, allow_nan=False),
    "bool": st.booleans(),
    "string": st.binary().map(lambda b: b.decode("utf-8", "surrogateescape")),
    "type": st.sampled_from(list(dtypes.DTYPES.values())),
    "shape": st.one_of(
        st.just(Shape.unknown()), st.lists(st.one_of(st.none(), st.integers(0, 2**40))).map(Shape)
    ),
    "func": st.builds(Function, st.text(min_size=1), st.just((("T", dtypes.float32), ("n", 3)))),
}


@pytest.mark.paper("W-04")
@given(data=st.data(), kind=st.sampled_from(sorted(SCALARS)))
def test_an_attribute_of_any_kind_survives_its_message(data, kind):
    one = data.draw(SCALARS[kind])
    many = tuple(data.draw(st.lists(SCALARS[kind])))

    for value in (one, many):
        message = protos.AttrValue.FromString(attr_value(value).SerializeToString())
        assert stored_value(message) == value
        assert type(stored_value(message)) is type(value)


@given(data=st.data(), name=st.sampled_from(sorted({*dtypes.DTYPES} - {"resource", "variant"})))
def test_an_array_of_any_type_survives_as_an_attribute(data, name):
    dtype = dtypes.as_dtype(name)
    array = data.draw(anything(data.draw(shapes()), dtype))
    tensor = ops.const_op(value=array, dtype=dtype)
    again = imported(tf.get_default_graph().as_graph_def()).get_tensor_by_name(tensor.name)
    tf.reset_default_graph()

    assert again.dtype is dtype
    assert _same(again.op.attrs["value"], array)


def test_attributes_that_no_op_knows_travel_with_the_operation():
    op = ops.no_op_op()
    op._set_attr("_note", protos.AttrValue(s=b"\xff\x00"))
    op._set_attr("_numbers", [1, 2])
    again = imported(tf.get_default_graph().as_graph_def()).get_operation_by_name(op.name)

    assert again.get_attr("_note") == b"\xff\x00"
    assert again.get_attr("_numbers") == [1, 2]


def test_what_no_message_can_hold_is_refused():
    with pytest.raises(TypeError, match="Cannot write 1j as an attribute's value"):
        attr_value(1j)


@pytest.mark.tensorflow
def test_get_attr_gives_what_tensorflow_gives(tensorflow):
    for api in (tensorflow, tf):
        with api.Graph().as_default() as graph:
            graph.seed = 7
            api.import_graph_def(
                type(graph.as_graph_def()).FromString(_every_kind().SerializeToString())
            )
            concrete = {op.name: op for op in graph.get_operations()}
            const = concrete["import/c"]
            found = {
                "type": const.get_attr("dtype").name,
                "tensor": const.get_attr("value").SerializeToString(),
                "shape": concrete["import/p"].get_attr("shape").SerializeToString(),
                "strings": concrete["import/p"].get_attr("_class"),
                "int": concrete["import/s"].get_attr("num_split"),
                "bool": concrete["import/m"].get_attr("keep_dims"),
                "ints": concrete["import/q"].get_attr("squeeze_dims"),
            }
        if api is tensorflow:
            expected = found

    assert found == expected


def _every_kind():
    c = ops.const_op(value=np.float32([[1, 2]]), dtype=dtypes.float32, name="c")
    with tf.colocate_with(c):
        p = ops.placeholder_op(dtype=dtypes.float32, shape=Shape([1, None]), name="p")
    ops.split_op(0, c, num_split=1, name="s")
    ops.sum_op(c, [0], keep_dims=True, name="m")
    ops.squeeze_op(p, squeeze_dims=(0,), name="q")
    return tf.get_default_graph().as_graph_def()


def test_public_values_of_functions_are_messages():
    message = public_value(Function("f", (("T", dtypes.float32),)))

    assert message.name == "f"
    assert message.attr["T"].type == dtypes.float32.enum


# --- the whole message ------------------------------------------------------------------------


@pytest.mark.tensorflow
@pytest.mark.paper("W-04", "O-07")
def test_the_op_defs_that_we_write_are_tensorflows(tensorflow):
    from tensorflow.core.framework import op_def_pb2
    from tensorflow.python.framework import op_def_registry

    def plain(arg):
        return arg.name, arg.type, arg.type_attr, arg.number_attr, arg.type_list_attr, arg.is_ref

    def default(attr):
        value = attr.default_value
        if not value.HasField("tensor"):
            return value
        array = tensorflow.make_ndarray(value.tensor)  # numbers may be written in two ways
        return array.dtype, array.tolist()

    for name, op_def in ops.import_all().items():
        theirs = op_def_registry.get(name)
        if theirs is None:
            continue  # registered by a test
        ours = op_def_pb2.OpDef.FromString(op_def_message(op_def).SerializeToString())

        assert [plain(a) for a in ours.input_arg] == [plain(a) for a in theirs.input_arg]
        assert [plain(a) for a in ours.output_arg] == [plain(a) for a in theirs.output_arg]
        by_name = {a.name: a for a in theirs.attr}
        for attr in ours.attr:
            other = by_name[attr.name]
            assert (attr.type, attr.has_minimum, attr.minimum) == (
                other.type,
                other.has_minimum,
                other.minimum,
            )
            assert attr.HasField("default_value") == other.HasField("default_value")
            assert default(attr) == default(other), (name, attr.name)
            assert list(attr.allowed_values.list.s) == list(other.allowed_values.list.s)


def test_a_graph_can_be_written_from_a_version_on():
    ops.no_op_op(name="before")
    version = tf.get_default_graph().version
    ops.no_op_op(name="after")
    message = tf.get_default_graph().as_graph_def(from_version=version)

    assert [node.name for node in message.node] == ["after"]


def test_a_graph_says_which_version_wrote_it():
    versions = tf.Graph().graph_def_versions

    assert (versions.producer, versions.min_consumer) == (134, 0)
    assert (tf.GRAPH_DEF_VERSION, tf.GRAPH_DEF_VERSION_MIN_CONSUMER) == (134, 0)


def test_an_operation_shows_itself_as_its_node_def():
    op = ops.no_op_op(name="stop")

    assert str(op) == 'name: "stop"\nop: "NoOp"\n'
    assert op.op_def.name == "NoOp"


def test_constants_too_large_for_a_message_are_told_before_they_are_copied():
    large = np.broadcast_to(np.float32(0), 1 << 29)  # 2 GiB, of which 4 bytes exist
    ops.const_op(value=large, dtype=dtypes.float32)

    with pytest.raises(ValueError, match="GraphDef cannot be larger than 2GB"):
        tf.get_default_graph().as_graph_def()
