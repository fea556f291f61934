"""What libraries on top of TensorFlow import from its insides, and hang on its tensors."""

from __future__ import annotations

import functools
import inspect
import sys
import types
from importlib import import_module
from typing import NamedTuple

import pytest

import minitf as tf
from minitf.compat.import_paths import own_module
from minitf.compat.inner_names import with_inner_names
from minitf.compat.internal import (
    all_util,
    deprecation,
    function_utils,
    nest,
    resources,
    stacks,
    tf2,
    tf_decorator,
)


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


@pytest.fixture
def inner(monkeypatch):
    """Return a function that gives our module for a path, as an import of it would."""

    def find(path):
        path = f"tensorflow.python.{path}"
        monkeypatch.setitem(sys.modules, path, None)  # forgotten after the test
        return with_inner_names(path, import_module(own_module(path)))

    return find


# --- attributes of tensors -----------------------------------------------------------------------


def test_tensors_take_attributes_of_programs():
    x, y = tf.constant(1.0), tf.constant(2.0)
    x.aliases = ["one"]
    x.aliases.append("two")

    assert x.aliases == ["one", "two"]
    with pytest.raises(AttributeError, match="no attribute 'aliases'"):
        _ = y.aliases


# --- decorators ----------------------------------------------------------------------------------


def test_a_decorated_function_knows_the_one_inside():
    def inside(a, b=2):
        """Add."""
        return a + b

    def outside(*args, **kwargs):
        return 10 * inside(*args, **kwargs)

    made = tf_decorator.make_decorator(inside, outside, "tens", "Times ten.")
    twice = tf_decorator.make_decorator(made, functools.partial(made), "same")
    decorators, target = tf_decorator.unwrap(twice)

    assert made(1) == twice(1) == 30
    assert (made.__name__, made.__doc__) == ("inside", "Add.")
    assert inspect.signature(made) == inspect.signature(inside)
    assert [each.decorator_name for each in decorators] == ["same", "tens"]
    assert target is inside
    assert tf_decorator.unwrap(inside) == ([], inside)


def test_arguments_are_told_in_the_old_form(inner):
    getargspec = inner("util.tf_inspect").getargspec

    def function(a, b, c=3, *rest, d=4, **named):
        return a, b, c, rest, d, named

    assert getargspec(function) == (["a", "b", "c"], "rest", "named", (3,))
    assert getargspec(function).keywords == "named"
    assert getargspec(functools.partial(function, 1)).args == ["b", "c"]
    assert getargspec(functools.partial(function, b=5)).defaults == (5, 3)
    assert inner("util.tf_inspect").isclass(int)
    with pytest.raises(ValueError, match=r"\['b'\] do not have default value"):
        getargspec(functools.partial(function, a=1))


def test_names_of_arguments_leave_out_what_is_given():
    def function(a, b, *rest, c=3, **named):
        return a, b, rest, c, named

    class Callable:
        def __call__(self, x):
            return x

    assert function_utils.fn_args(function) == ("a", "b", "c")
    assert function_utils.fn_args(functools.partial(function, 1, c=2)) == ("b",)
    assert function_utils.fn_args(Callable()) == ("x",)
    assert function_utils.has_kwargs(function)
    assert not function_utils.has_kwargs(Callable())
    assert function_utils.get_func_name(functools.partial(function, 1)) == "function"
    assert function_utils.get_func_code(function) is function.__code__
    assert function_utils.get_func_code(Callable()) is Callable.__call__.__code__
    for ask in (
        function_utils.has_kwargs,
        function_utils.get_func_name,
        function_utils.get_func_code,
    ):
        with pytest.raises((TypeError, ValueError), match=r"callable|function-like"):
            ask(3)


# --- deprecated arguments ------------------------------------------------------------------------


def test_deprecated_arguments_are_warned_of_once_each(caplog):
    caplog.set_level("WARNING", "tensorflow")

    @deprecation.deprecated_args(None, "Use axis.", "dim", ("keep", None))
    def function(x, axis=None, dim=None, keep=None):
        return x, axis, dim, keep

    assert function(1, axis=2, keep=None) == (1, 2, None, None)
    assert not caplog.records
    function(1, dim=3)
    function(1, None, 4)
    function(1, keep=5)
    texts = [each.getMessage() for each in caplog.records]
    assert [("dim" in text, "keep" in text, "Use axis." in text) for text in texts] == [
        (True, False, True),
        (False, True, True),
    ]
    with deprecation.silence():
        function(1, keep=6)
    assert len(caplog.records) == 2
    with pytest.raises(ValueError, match=r"not present in the function signature: \['nothing'\]"):
        deprecation.deprecated_args(None, "Use axis.", "nothing")(function)
    with pytest.raises(ValueError, match="which argument is deprecated"):
        deprecation.deprecated_args(None, "Use axis.")
    with pytest.raises(ValueError, match="conversion instructions"):
        deprecation.deprecated_args(None, "", "dim")


def test_deprecated_values_are_warned_of(caplog):
    caplog.set_level("WARNING", "tensorflow")

    @deprecation.deprecated_arg_values("2030-01-01", "Say so.", fast=True)
    def function(fast=False):
        return fast

    function(fast=False)
    assert not caplog.records
    assert function(fast=True)
    assert "with fast=True is deprecated and will be removed after 2030-01-01" in caplog.text


# --- public names of modules ---------------------------------------------------------------------


def test_undocumented_names_are_taken_out_and_put_back(monkeypatch):
    module = types.ModuleType("a_module", "Its names.\n\n@@shown\n@@missing\n")
    module.shown, module.kept, module.hidden, module._own = range(4)
    monkeypatch.setitem(sys.modules, "a_module", module)

    assert all_util.make_all("a_module") == ["shown"]
    all_util.remove_undocumented("a_module", ["kept"])
    assert [hasattr(module, name) for name in ("shown", "kept", "hidden", "_own")] == [
        *(True, True, False, True)
    ]
    all_util.reveal_undocumented("a_module.hidden")
    assert module.hidden == 2
    with pytest.raises(LookupError, match="not a hidden symbol"):
        all_util.reveal_undocumented("a_module.shown")


# --- structures ----------------------------------------------------------------------------------


class Pair(NamedTuple):
    a: int
    b: int


def test_structures_are_taken_apart_only_to_a_depth():
    assert nest.flatten_up_to([0, (0, 0)], [[1, 2], (3, [4])]) == [[1, 2], 3, [4]]
    assert nest.flatten_up_to({"b": 0, "a": 0}, {"a": [1], "b": 2}) == [[1], 2]
    assert nest.flatten_up_to(0, [1, 2]) == [[1, 2]]
    assert nest.map_structure_up_to(Pair(0, 0), max, Pair(1, 5), Pair(3, 4)) == Pair(3, 5)
    assert nest.is_sequence([1])
    assert not nest.is_sequence("text")


@pytest.mark.parametrize(
    ("shallow", "deep", "error", "message"),
    [
        ([0], 1, TypeError, "input must also be a sequence"),
        ([0, 0], (1, 2), TypeError, "the same sequence type"),
        ([0, 0], [1], ValueError, "the same sequence length"),
        ({"a": 0}, {"b": 0}, ValueError, "the same keys"),
    ],
)
def test_structures_that_are_not_alike_at_the_top_are_refused(shallow, deep, error, message):
    with pytest.raises(error, match=message):
        nest.assert_shallow_structure(shallow, deep)
    with pytest.raises(ValueError, match="no sequences"):
        nest.map_structure_up_to(shallow, len)


def test_tuples_stand_for_lists_where_types_are_not_checked():
    assert nest.flatten_up_to([0, 0], (1, 2), check_types=False) == [1, 2]
    nest.assert_shallow_structure([0, 0], (1, 2), check_types=False)


def test_keys_that_are_structures_become_keys_of_their_own():
    assert nest.flatten_dict_items({("a", "b"): (1, [2]), "c": [3]} | {"d": 4}) == {
        "a": 1,
        "b": 2,
        "c": [3],
        "d": 4,
    }
    with pytest.raises(ValueError, match="not unique"):
        nest.flatten_dict_items({"a": 1, ("a",): (2,)})
    with pytest.raises(ValueError, match="Key had 2 elements, but value had 1"):
        nest.flatten_dict_items({("a", "b"): (1,)})
    with pytest.raises(TypeError, match="must be a dictionary"):
        nest.flatten_dict_items([1])


# --- graphs --------------------------------------------------------------------------------------


def test_a_pure_variable_scope_opens_no_name_scope(inner):
    open_scope = inner("ops.variable_scope")._pure_variable_scope
    with open_scope("outer", old_name_scope="kept/") as scope:
        w = tf.get_variable("w", [])
        x = tf.constant(1.0, name="x")
    with open_scope(scope, reuse=True):
        assert tf.get_variable("w", []) is w

    assert (w.op.name, x.op.name) == ("outer/w", "x")
    assert scope.original_name_scope == "kept/"


def test_sizes_are_folded_only_if_they_may_be(inner):
    array_ops = inner("ops.array_ops")
    x = tf.zeros([2, 3])
    for function, kind in (("shape", "Shape"), ("size", "Size"), ("rank", "Rank")):
        made = getattr(array_ops, f"{function}_internal")
        assert made(x).op.type == "Const"
        assert made(x, optimize=False).op.type == kind


def test_states_of_zeros_have_the_form_of_their_sizes(inner):
    zeros = inner("ops.rnn_cell_impl")._zero_state_tensors(
        (3, [tf.TensorShape([2, 2])]), 4, "float32"
    )

    assert zeros[0].shape.as_list() == [4, 3]
    assert zeros[1][0].shape.as_list() == [4, 2, 2]


def test_resources_are_made_and_reported_by_collection():
    made = tf.Variable(False, name="made", trainable=False)
    handle = tf.constant("table", name="handle")
    resources.register_resource(handle, tf.assign(made, True).op, made.read_value())
    resources.register_resource(handle, tf.no_op(), tf.constant(True), is_shared=False)
    missing = resources.report_uninitialized_resources()
    init = resources.initialize_resources(resources.shared_resources())

    assert len(resources.local_resources()) == 1
    with tf.Session() as session:
        session.run(made.initializer)
        assert session.run(missing).tolist() == [b"handle:0"]
        session.run(init)
        assert session.run(missing).tolist() == []
        assert session.run(resources.report_uninitialized_resources([])).tolist() == []
    assert resources.initialize_resources([]).type == "NoOp"


def test_a_block_of_a_graph_may_end_after_the_stack_was_emptied():
    with tf.Graph().as_default() as inside:
        stacks._default_graph_stack.reset()
        assert tf.get_default_graph() is not inside

    with tf.Graph().as_default() as next_one:
        assert tf.get_default_graph() is next_one


def test_names_that_libraries_want_stand_in_contrib_too(graph):
    framework = tf.contrib.framework
    with tf.name_scope("here"):
        assert framework.get_name_scope() == "here"
    assert framework.nest.map_structure_up_to is nest.map_structure_up_to
    assert framework.nest.flatten is tf.nest.flatten
    assert framework.get_graph_from_inputs([tf.constant(1)]) is graph
    assert framework.smart_cond(True, lambda: "yes", lambda: "no") == "yes"
    assert framework.smart_constant_value(tf.constant(3)) == 3
    assert not tf.contrib.eager.in_eager_mode()
    assert issubclass(tf.contrib.eager.Variable, object)
    assert not tf2.enabled()


def test_libraries_find_layers_tables_and_columns_by_their_paths(inner):
    assert inner("layers.convolutional").Convolution2D is tf.layers.Conv2D
    assert inner("ops.lookup_ops").tables_initializer is tf.tables_initializer
    assert inner("ops.lookup_ops").index_table_from_tensor
    assert inner("ops.rnn").rnn_cell_impl is tf.nn.rnn_cell
    column = tf.feature_column.numeric_column("x")
    assert isinstance(column, inner("feature_column.feature_column_v2").DenseColumn)
    assert inner("training.evaluation")._evaluate_once is tf.contrib.training.evaluate_once
    assert not inner("ops.control_flow_util").GraphOrParentsInXlaContext(tf.Graph())
    assert inner("ops.control_flow_util").GetContainingXLAContext(None) is None


# --- files ---------------------------------------------------------------------------------------


def test_files_by_functions_in_small_letters(tmp_path):
    gfile = tf.io.gfile
    one, two = str(tmp_path / "a" / "one"), str(tmp_path / "a" / "two")
    gfile.makedirs(str(tmp_path / "a" / "b"))
    gfile.mkdir(str(tmp_path / "c"))
    with gfile.GFile(one, "w") as file:
        file.write("text")
    gfile.copy(src=one, dst=two)
    gfile.rename(src=two, dst=f"{two}!")

    assert gfile.exists(one)
    assert not gfile.exists(two)
    assert gfile.isdir(str(tmp_path / "a"))
    assert sorted(gfile.listdir(str(tmp_path / "a"))) == ["b", "one", "two!"]
    assert gfile.glob(str(tmp_path / "a" / "o*")) == [one]
    assert gfile.stat(one).length == 4
    assert [files for _, _, files in gfile.walk(str(tmp_path / "a"), topdown=True)] == [
        *(["one", "two!"], [])
    ]
    gfile.remove(one)
    gfile.rmtree(str(tmp_path / "a"))
    assert gfile.listdir(str(tmp_path)) == ["c"]
    with pytest.raises(tf.errors.NotFoundError):
        gfile.copy(one, two)
