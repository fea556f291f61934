"""Import paths and inner names of functions, tapes, lists and functional control flow."""

from __future__ import annotations

import importlib
import sys
import unittest

import pytest

import minitf as tf
from minitf.compat import test_decorators
from minitf.compat.inner_names import with_inner_names
from minitf.compat.internal import (
    control_flow_util,
    control_flow_util_v2,
    default_gradient,
    defined_functions,
    eager,
    func_graph,
    function_def_to_graph,
    inplace_ops,
)


@pytest.fixture
def inner(monkeypatch):
    """Return a function that gives a module with the inner names of a path below `ops`."""

    def find(path, own):
        full = f"tensorflow.python.ops.{path}"
        monkeypatch.setitem(sys.modules, full, None)  # forgotten after the test: TensorFlow's comes
        return with_inner_names(full, own)

    return find


def test_the_toggle_may_be_assigned_to(inner):
    module = inner("control_flow_util", control_flow_util)
    try:
        module.ENABLE_CONTROL_FLOW_V2 = True
        assert tf.control_flow_v2_enabled()
        assert control_flow_util.EnableControlFlowV2(tf.get_default_graph())
    finally:
        module.ENABLE_CONTROL_FLOW_V2 = False
    assert not tf.control_flow_v2_enabled()


def test_tests_run_a_second_time_with_functions():
    seen = []

    @test_decorators.with_control_flow_v2
    class Case(unittest.TestCase):
        def test_this(self):
            seen.append(tf.control_flow_v2_enabled())

        @test_decorators.disable_control_flow_v2("does not apply")
        def test_that(self):
            seen.append("once")

    unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromTestCase(Case))
    assert sorted(map(str, seen)) == ["False", "True", "once"]


def test_a_function_is_read_from_its_message():
    @tf.function
    def shifted(x):
        return x + 1.0

    concrete = shifted.get_concrete_function(tf.constant([1.0, 2.0]))
    message = concrete.function_def
    graph = function_def_to_graph.function_def_to_graph(message, [tf.TensorShape([2])])
    body, names = function_def_to_graph.function_def_to_graph_def(message)

    assert graph.inputs[0].shape.as_list() == [2]
    assert {node.op for node in body.node} >= {"Placeholder", "Const"}
    assert names["x"] == "x:0"
    assert function_def_to_graph.is_function(concrete.name)
    again = function_def_to_graph.graph_to_function_def(
        concrete.graph, concrete.graph.get_operations(), concrete.inputs, concrete.outputs
    )
    assert len(again.node_def) == len(message.node_def)


def test_graphs_of_functions_tell_of_themselves():
    x = tf.constant(1.0)
    with func_graph.FuncGraph("f").as_default() as graph:
        assert control_flow_util_v2.in_defun()
        inside = graph.capture(x)
    assert not control_flow_util_v2.in_defun()
    assert func_graph.maybe_captured(inside) is x
    assert graph.external_captures == [x]
    with pytest.raises(ValueError, match="should not modify structure"):
        func_graph.check_mutation([1], [1, 2])


def test_functions_of_a_library_may_be_called_and_tell_what_they_capture():
    x = tf.constant(3.0)
    seen = []

    @tf.function
    def scaled(y):
        z = x * y
        seen.append((defined_functions.get_extra_inputs(), defined_functions.get_extra_args()))
        return z

    scaled(2.0)
    library = x.graph.as_graph_def().library
    assert (seen[0][0], len(seen[0][1])) == ([x], 1)
    assert defined_functions.get_extra_inputs() == defined_functions.get_extra_args() == []
    assert defined_functions.get_extra_vars() == []
    with tf.Graph().as_default():
        (call,) = defined_functions.from_library(library)
        with tf.Session() as session:
            assert (
                session.run(call(tf.constant(4.0), name="called")) == 8
            )  # instead of what it captured


def test_zeros_of_gradients_have_type_and_shape_of_variables():
    v = tf.Variable([1.0, 2.0], use_resource=True)

    assert default_gradient.get_zeros_dtype(v.handle) is tf.float32
    assert default_gradient.shape_and_dtype(v.handle)[1] is tf.float32
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(default_gradient.zeros_like(v.handle)).tolist() == [0, 0]
        assert session.run(inplace_ops.empty_like(tf.constant([1, 2]), init=True)).tolist() == [
            0,
            0,
        ]


def test_eager_switches_refuse_and_say_why():
    for refused in (tf.enable_v2_behavior, tf.enable_v2_tensorshape):
        with pytest.raises(ValueError, match="not part of MiniTF"):
            refused()
    tf.enable_tensor_equality()
    tf.disable_tensor_equality()
    with pytest.raises(unittest.SkipTest):
        eager.implicit_grad(len)


@pytest.mark.parametrize(
    "path", ["functional_ops:If", "op_selector:get_backward_walk_ops", "list_ops:tensor_list_stack"]
)
def test_inner_names_are_there(inner, path):
    from minitf.compat.import_paths import own_module

    module, _, name = path.partition(":")
    own = importlib.import_module(own_module(f"tensorflow.python.ops.{module}"))
    assert callable(getattr(inner(module, own), name))
