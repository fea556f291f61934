"""Changing GraphDefs: parts that are needed, variables frozen, training nodes left out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import protos
from minitf.testing.random_graphs import build_ours, programs, run_by_bodies

FEED = np.float32([[1, 2], [-3, 4]])


def imported(message):
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(message, name="")
    return graph


@given(program=programs(), data=st.data())
def test_the_part_that_a_node_needs_gives_its_value(program, data):
    graph, outputs = build_ours(program)
    wanted = data.draw(st.sampled_from(outputs))
    part = imported(tf.graph_util.extract_sub_graph(graph.as_graph_def(), [wanted.op.name]))
    values, whole = run_by_bodies(part, FEED), run_by_bodies(graph, FEED)

    np.testing.assert_array_equal(values[wanted.name], whole[wanted.name])
    assert len(part.get_operations()) <= len(graph.get_operations())


@pytest.mark.tensorflow
@given(program=programs(), data=st.data())
def test_a_part_holds_the_nodes_that_tensorflow_keeps(tensorflow, program, data):
    graph, outputs = build_ours(program)
    message = graph.as_graph_def()
    wanted = [data.draw(st.sampled_from(outputs)).op.name for _ in range(2)]
    theirs = tensorflow.GraphDef.FromString(message.SerializeToString())

    assert [n.name for n in tf.graph_util.extract_sub_graph(message, wanted).node] == [
        n.name for n in tensorflow.graph_util.extract_sub_graph(theirs, wanted).node
    ]


def test_what_is_not_in_the_graph_cannot_be_extracted():
    tf.no_op(name="x")
    message = tf.get_default_graph().as_graph_def()

    with pytest.raises(AssertionError, match="y is not in graph"):
        tf.graph_util.extract_sub_graph(message, ["y"])
    with pytest.raises(TypeError, match="dest_nodes must be a list"):
        tf.graph_util.extract_sub_graph(message, "x")
    with pytest.raises(TypeError, match="graph_def must be a GraphDef proto"):
        tf.graph_util.extract_sub_graph(b"", ["x"])


# --- freezing -----------------------------------------------------------------------------------


def model(*, use_resource):
    """Build y = x w + b with both variables set; returns the session."""
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    with tf.variable_scope("net", use_resource=use_resource):
        w = tf.get_variable("w", initializer=np.float32([[1, 2], [3, 4]]))
        b = tf.get_variable("b", initializer=np.float32([10, 20]))
    tf.add(tf.matmul(x, w), b, name="y")
    session = tf.Session()
    session.run([w.initializer, b.initializer])
    return session


@pytest.mark.paper("W-09")
@pytest.mark.parametrize("use_resource", [False, True])
def test_a_frozen_graph_needs_no_variables_and_gives_the_same_values(use_resource):
    session = model(use_resource=use_resource)
    message = tf.get_default_graph().as_graph_def()
    expected = session.run("y:0", {"x:0": FEED})
    frozen = tf.graph_util.convert_variables_to_constants(session, message, ["y"])
    graph = imported(frozen)
    with tf.Session(graph=graph) as other:
        found = other.run("y:0", {"x:0": FEED})

    np.testing.assert_array_equal(found, expected)
    assert not {"VariableV2", "VarHandleOp", "Assign", "ReadVariableOp"} & {
        op.type for op in graph.get_operations()
    }


@pytest.mark.tensorflow
def test_tensorflow_runs_a_frozen_graph(tensorflow):
    session = model(use_resource=True)
    message = tf.get_default_graph().as_graph_def()
    frozen = tf.graph_util.convert_variables_to_constants(session, message, ["y"])
    with tensorflow.Graph().as_default(), tensorflow.Session() as theirs:
        content = frozen.SerializeToString()
        tensorflow.import_graph_def(tensorflow.GraphDef.FromString(content), name="")

        assert (
            theirs.run("y:0", {"x:0": FEED}).tolist() == session.run("y:0", {"x:0": FEED}).tolist()
        )


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ({"variable_names_whitelist": ["net/w"]}, ["net/b"]),
        ({"variable_names_blacklist": ["net/w"]}, ["net/w"]),
        ({"variable_names_whitelist": [], "variable_names_blacklist": []}, ["net/w", "net/b"]),
    ],
)
def test_variables_to_freeze_can_be_chosen(options, left):
    session = model(use_resource=False)
    message = tf.get_default_graph().as_graph_def()
    frozen = tf.graph_util.convert_variables_to_constants(session, message, ["y"], **options)

    assert [node.name for node in frozen.node if node.op == "VariableV2"] == left


def test_a_variable_without_a_value_cannot_be_frozen():
    model(use_resource=False)
    message = tf.get_default_graph().as_graph_def()

    with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value"):
        tf.graph_util.convert_variables_to_constants(tf.Session(), message, ["y"])


# --- the rest -----------------------------------------------------------------------------------


def chain():
    """Build x -> a -> b -> y with identities of which some must stay."""
    x = tf.placeholder(tf.float32, [], name="x")
    a = tf.identity(x, name="a")
    b = tf.identity(a, name="b")
    with tf.control_dependencies([b]):
        c = tf.identity(b, name="c")
    tf.negative(tf.identity(c, name="d"), name="y")
    return tf.get_default_graph().as_graph_def()


@pytest.mark.tensorflow
@pytest.mark.parametrize("protected", [None, ["a"], ["a", "d"]])
def test_identities_that_do_nothing_go_as_in_tensorflow(tensorflow, protected):
    message = chain()
    theirs = tensorflow.graph_util.remove_training_nodes(
        tensorflow.GraphDef.FromString(message.SerializeToString()), protected
    )
    ours = tf.graph_util.remove_training_nodes(message, protected)

    assert [(n.name, list(n.input)) for n in ours.node] == [
        (n.name, list(n.input)) for n in theirs.node
    ]
    assert imported(ours).get_operation_by_name("y")


def test_a_check_of_numerics_is_bridged():
    text = protos.GraphDef()
    text.node.add(name="x", op="Placeholder")
    text.node.add(name="check", op="CheckNumerics", input=["x"])
    text.node.add(name="y", op="Neg", input=["check"])
    (_, y) = tf.graph_util.remove_training_nodes(text).node

    assert list(y.input) == ["x"]


@pytest.mark.tensorflow
@pytest.mark.parametrize("pin", [False, True])
def test_what_must_run_on_a_cpu_is_what_tensorflow_says(tensorflow, pin):
    tf.constant(1)
    tf.constant(1.0)
    tf.constant("a")
    tf.Variable(1.0)
    tf.cast(tf.constant(1), tf.float32)
    theirs = tensorflow.GraphDef.FromString(
        tf.get_default_graph().as_graph_def().SerializeToString()
    )

    for op, node in zip(tf.get_default_graph().get_operations(), theirs.node, strict=True):
        expected = tensorflow.graph_util.must_run_on_cpu(node, pin)
        assert tf.graph_util.must_run_on_cpu(op, pin) == expected, op.type
        assert tf.graph_util.must_run_on_cpu(op.node_def, pin) == expected


def test_a_shape_is_found_by_the_name_of_an_input():
    tf.placeholder(tf.float32, [2, None], name="x")
    graph = tf.get_default_graph()

    assert tf.graph_util.tensor_shape_from_node_def_name(graph, "x").as_list() == [2, None]
    assert tf.graph_util.tensor_shape_from_node_def_name(graph, "x:0").as_list() == [2, None]
