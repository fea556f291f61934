"""Functions are graphs: what they use of the graph around them they capture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import errors
from minitf.function_def import function_def, function_graph
from minitf.function_graph import trace
from minitf.function_library import unique_function_name
from minitf.grammar import Function
from minitf.shapes import Shape

SCALAR = [(tf.float32, Shape([]))]


def call(session, name):
    """A function as kernels call it."""
    return session._steps.function(Function(name))


def test_arguments_captures_and_outputs_are_in_order():
    y = tf.placeholder(tf.float32, [], name="y")
    v = tf.placeholder(tf.float32, [], name="v")

    f = trace(lambda x: [x * y + v, x - y], SCALAR, y.graph, "f")

    assert [tensor.op.name for tensor in f.inputs] == ["arg_0", "y", "v"]
    assert f.captured == [y, v]
    assert [tensor.op.type for tensor in f.outputs] == ["AddV2", "Sub"]
    assert y.graph.find_function("f") is f
    with tf.Session() as session:
        assert call(session, "f")(*np.float32([2, 3, 5])) == [11, -1]


def test_of_a_captured_constant_shapes_know_the_value():
    shape = tf.constant([2, 3])

    f = trace(lambda x: [tf.fill(shape, x)], SCALAR, shape.graph, "f")

    assert f.captured == [shape]
    assert f.outputs[0].shape.as_list() == [2, 3]


def test_an_argument_or_a_captured_tensor_may_be_returned_as_it_is():
    y = tf.placeholder(tf.float32, [])

    f = trace(lambda x: [y, x, y, 5.0], SCALAR, y.graph, "f")

    with tf.Session() as session:
        assert call(session, "f")(np.float32(1), np.float32(2)) == [2, 1, 2, 5]
    assert f.captured == [y]


def test_what_is_built_in_a_function_is_not_in_the_graph_around_it():
    graph = tf.get_default_graph()
    leaked = []

    f = trace(lambda x: [leaked.append(x) or x + 1], SCALAR, graph, "f")

    assert graph.get_operations() == []
    assert tf.get_default_graph() is graph
    with f.as_default(), pytest.raises(RuntimeError, match="finalized"):
        tf.constant(1.0)
    with pytest.raises(ValueError, match="graph"):
        tf.constant(1.0) + leaked[0]


def test_a_function_in_a_function_captures_through_it():
    y = tf.placeholder(tf.float32, [])
    inner = []

    def outer_body(x):
        inner.append(trace(lambda z: [x * y * z], SCALAR, tf.get_default_graph(), "inner"))
        return [x]

    outer = trace(outer_body, SCALAR, y.graph, "outer")

    assert outer.captured == [y]
    assert [tensor.graph for tensor in inner[0].captured] == [outer, outer]
    assert inner[0].captured == outer.inputs
    assert outer.find_function("inner") is inner[0]


def test_a_tensor_of_a_strange_graph_is_refused():
    with tf.Graph().as_default():
        stranger = tf.constant(1.0) * 2

    with pytest.raises(ValueError, match="neither the function's graph nor a graph around it"):
        trace(lambda x: [x + stranger], SCALAR, tf.get_default_graph(), "f")


def test_what_is_copied_by_value_is_computed_in_the_function():
    size = tf.constant(2.0) + 1

    f = trace(lambda: [size * size], [], size.graph, "f", by_value=True)

    assert f.captured == []
    assert {operation.type for operation in f.get_operations()} == {"Const", "AddV2", "Mul"}
    with tf.Session() as session:
        assert call(session, "f")() == [9.0]


@pytest.mark.parametrize(
    ("make", "phrase"),
    [
        (lambda: tf.placeholder(tf.float32, [], name="p") + 1, "placeholder .name:p"),
        (lambda: tf.random_uniform([], name="r"), "stateful node .name:r"),
    ],
)
def test_what_is_fed_or_has_state_is_not_copied(make, phrase):
    tensor = make()

    with pytest.raises(ValueError, match=phrase):
        trace(lambda: [tensor], [], tensor.graph, "f", by_value=True)


def test_names_of_functions_are_unique():
    graph = tf.get_default_graph()
    trace(lambda x: [x], SCALAR, graph, "f")

    with pytest.raises(ValueError, match="a different function with the same name"):
        trace(lambda x: [x], SCALAR, graph, "f")
    assert unique_function_name("f") != unique_function_name("f")
    with pytest.raises(errors.NotFoundError, match="Function g is not defined"):
        graph.find_function("g")


def test_an_operation_for_its_effect_runs_with_the_function(capsys):
    f = trace(
        lambda x: [tf.print(x) and x],
        SCALAR,
        tf.get_default_graph(),
        "f",
    )

    with tf.Session() as session:
        assert call(session, "f")(np.float32(7)) == [7]
    assert "7" in capsys.readouterr().err
    assert [operation.type for operation in f.effects] == ["PrintV2"]


def test_random_numbers_in_a_function_follow_the_seed_of_the_graph():
    def drawn(seed):
        with tf.Graph().as_default() as graph:
            tf.set_random_seed(seed)
            trace(lambda: [tf.random_uniform([4])], [], graph, "f")
            with tf.Session() as session:
                return call(session, "f")()[0].tolist()

    assert drawn(3) == drawn(3) != drawn(4)


# --- messages ------------------------------------------------------------------------------------


def everything(x, y):
    """A body with several outputs, lists of them, control inputs, inputs that are outputs."""
    a, b, c = tf.split(x, 3)
    with tf.control_dependencies([tf.assert_positive(y)]):
        values, places = tf.nn.top_k(tf.concat([b, a], 0), 1)
    return [values + y, tf.cast(places, tf.float32), x, c]


def test_a_message_says_all_of_a_function():
    graph = tf.get_default_graph()
    f = trace(everything, [(tf.float32, Shape([3])), *SCALAR], graph, "f")

    again = function_graph(tf.Graph(), function_def(f))

    assert function_def(again).SerializeToString(deterministic=True) == function_def(
        f
    ).SerializeToString(deterministic=True)
    assert [t.dtype for t in again.inputs] == [tf.float32, tf.float32]


@given(x=st.lists(st.floats(-9, 9, width=32), min_size=3, max_size=3), y=st.floats(1, 9, width=32))
def test_functions_come_back_with_their_graph(x, y):
    found = []
    with tf.Graph().as_default() as graph:
        trace(everything, [(tf.float32, Shape([3])), *SCALAR], graph, "f")
        message = graph.as_graph_def()
        with tf.Session() as session:
            found.append(call(session, "f")(np.float32(x), np.float32(y)))
    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(message, name="")
        found.append(call(session, "f")(np.float32(x), np.float32(y)))

    for one, other in zip(*found, strict=True):
        assert one.tolist() == other.tolist()


def test_a_message_with_attributes_of_its_own_is_refused():
    message = function_def(trace(lambda x: [x], SCALAR, tf.get_default_graph(), "f"))
    message.signature.attr.add(name="T", type="type")

    with pytest.raises(errors.UnimplementedError, match="its types are not fixed"):
        function_graph(tf.Graph(), message)
