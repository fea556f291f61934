"""Modules of TensorFlow's own tools: decorators, arguments, structures, what tests are made of."""

from __future__ import annotations

import copy
import functools
import sys
import types

import numpy as np
import pytest

import minitf as tf
from minitf import tensor_spec
from minitf.compat.internal import (
    all_util,
    composite_tensor,
    control_flow_util,
    deprecation,
    event_file_writer,
    file_io,
    function_utils,
    gradient_checker_v2,
    lookup_ops,
    meta_graph,
    metrics_impl,
    nest,
    object_identity,
    resources,
    saver_test_utils,
    tf2,
    tf_decorator,
    tf_export,
)
from minitf.compat.internal import ops as inner_ops
from minitf.op_def import CATALOGUE


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


# --- decorators ----------------------------------------------------------------------------------


def twice(target):
    """Return a wrapper that calls its target and doubles."""

    def wrapper(*args, **kwargs):
        return 2 * wrapper.__wrapped__(*args, **kwargs)

    return tf_decorator.make_decorator(target, wrapper)


def added(a, b=1):
    """Add."""
    return a + b


def test_a_wrapper_looks_like_what_it_wraps_and_is_taken_off_again():
    wrapped = twice(twice(added))

    decorators, within = tf_decorator.unwrap(wrapped)

    assert wrapped(2, b=3) == 20
    assert (wrapped.__name__, wrapped.__doc__) == ("added", "Add.")
    assert [each.decorator_name for each in decorators] == ["twice", "twice"]
    assert within is added
    assert function_utils.fn_args(wrapped) == ("a", "b")
    assert function_utils.get_func_name(wrapped) == "added"
    assert function_utils.get_func_code(wrapped) is added.__code__


def test_a_wrapper_can_get_another_target():
    wrapped = twice(added)

    tf_decorator.rewrap(wrapped, added, lambda a, b: a * b)

    assert wrapped(3, 4) == 24


def test_a_decorator_that_is_an_object_calls_what_it_wraps():
    wrapped = tf_decorator.TFDecorator("named", added, "Says so.")

    assert wrapped(1, 1) == 2
    assert tf_decorator.unwrap(wrapped) == ([wrapped], added)


def test_the_arguments_of_a_callable_leave_out_those_that_are_bound():
    assert function_utils.fn_args(functools.partial(added, b=3)) == ("a",)
    assert function_utils.has_kwargs(lambda **_: None)
    assert not function_utils.has_kwargs(added)
    with pytest.raises(TypeError, match="function-like"):
        function_utils.has_kwargs(3)


def test_a_symbol_keeps_its_public_names():
    @tf_export.tf_export("math.addition", v1=["math.addition", "addition"])
    def exported():
        return None

    assert tf_export.get_v1_names(exported) == ["math.addition", "addition"]
    assert tf_export.get_canonical_name_for_symbol(exported) == "math.addition"
    assert tf_export.get_v1_names(added) == []


def warnings(caplog, function, *args, **kwargs):
    caplog.clear()
    with caplog.at_level("WARNING", logger="tensorflow"):
        function(*args, **kwargs)
    return [each.getMessage() for each in caplog.records]


def test_an_argument_that_will_go_is_warned_of_once_and_when_it_is_given(caplog):
    old = deprecation.deprecated_args("2030-01-01", "Leave it out.", "b")(added)

    assert warnings(caplog, old, 1) == []
    (message,) = warnings(caplog, old, 1, 2)
    assert "with b is deprecated and will be removed after 2030-01-01" in message
    assert warnings(caplog, old, 1, b=2) == []


def test_a_value_that_is_quiet_is_not_warned_of(caplog):
    old = deprecation.deprecated_args(None, "Leave it out.", ("b", None), warn_once=False)(
        lambda a, b=None: (a, b)
    )

    assert warnings(caplog, old, 1, None) == []
    assert len(warnings(caplog, old, 1, 2)) == 1


def test_a_value_that_will_go_is_warned_of(caplog):
    old = deprecation.deprecated_arg_values(None, "Say 2.", b=1)(added)

    assert warnings(caplog, old, 1, 2) == []
    assert "with b=1 is deprecated" in warnings(caplog, old, 1)[0]


def test_unknown_arguments_and_dates_are_refused():
    with pytest.raises(ValueError, match="not present in the function signature"):
        deprecation.deprecated_args(None, "Do.", "c")(added)
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        deprecation.deprecated("soon", "Do.")
    with pytest.raises(ValueError, match="Specify which argument"):
        deprecation.deprecated_args(None, "Do.")


def test_an_old_name_of_a_class_gives_a_class(caplog):
    class New:
        def __init__(self, value):
            self.value = value

    old = deprecation.deprecated_alias("Old", "New", New)

    assert "use New" in warnings(caplog, old, 3)[0]
    assert issubclass(old, New)
    assert old(3).value == 3


def test_an_attribute_is_hidden_with_a_message():
    class Below:
        gone = deprecation.hide_attribute_from_api("gone since then")

    with pytest.raises(AttributeError, match="gone since then"):
        _ = Below().gone


def test_names_that_no_docstring_mentions_are_removed_and_put_back():
    module = types.ModuleType("shown", "@@kept")
    module.kept, module.hidden = 1, 2
    sys.modules["shown"] = module
    try:
        all_util.remove_undocumented("shown")
        assert all_util.make_all("shown") == ["kept"]
        assert not hasattr(module, "hidden")
        all_util.reveal_undocumented("shown.hidden")
        assert module.hidden == 2
        with pytest.raises(LookupError, match="not a hidden symbol"):
            all_util.reveal_undocumented("shown.other")
    finally:
        del sys.modules["shown"]


# --- structures ----------------------------------------------------------------------------------


def test_a_dict_of_structures_becomes_one_of_leaves():
    found = nest.flatten_dict_items({(4, 5, (6, 8)): ("a", "b", ("c", "d")), 9: "e"})

    assert found == {4: "a", 5: "b", 6: "c", 8: "d", 9: "e"}
    with pytest.raises(ValueError, match="not unique"):
        nest.flatten_dict_items({(1, 2): (0, 0), 2: 0})


def test_a_structure_is_taken_apart_as_deep_as_another_one():
    shallow, deep = [0, {"b": 0, "a": 0}], [[1, 2], {"b": (3,), "a": 4}]

    assert nest.flatten_up_to(shallow, deep) == [[1, 2], 4, (3,)]
    assert nest.map_structure_up_to(shallow, str, deep) == ["[1, 2]", {"b": "(3,)", "a": "4"}]


@pytest.mark.parametrize(
    ("deep", "error", "message"),
    [
        (1, TypeError, "input must also be a sequence"),
        ((1, 2), TypeError, "same sequence type"),
        ([1, 2, 3], ValueError, "same sequence length"),
    ],
)
def test_a_structure_of_another_form_is_refused(deep, error, message):
    with pytest.raises(error, match=message):
        nest.assert_shallow_structure([0, 0], deep)


def test_each_leaf_has_its_path():
    structure = {"b": [1, (2,)], "a": 3}

    assert list(nest.yield_flat_paths(structure)) == [("a",), ("b", 0), ("b", 1, 0)]
    assert nest.flatten_with_joined_string_paths(structure) == [("a", 3), ("b/0", 1), ("b/1/0", 2)]
    assert nest.map_structure_with_paths(lambda path, leaf: f"{path}={leaf}", structure) == {
        "a": "a=3",
        "b": ["b/0=1", ("b/1/0=2",)],
    }


def test_a_function_says_how_deep_to_go():
    def wanted(part):
        return not isinstance(part, tuple) and nest.is_sequence(part)

    assert nest.get_traverse_shallow_structure(wanted, [1, (2, 3), [4]]) == [False, False, [False]]


def test_objects_are_keys_by_identity():
    one, other = [1], [1]
    found = object_identity.ObjectIdentityDictionary()
    found[one] = "one"
    both = object_identity.ObjectIdentitySet([one, one, other])

    assert one in found
    assert other not in found
    assert len(both) == 2
    assert len(both.difference([one])) == len(both.intersection([other])) == 1


def test_composite_values_give_their_components():
    sparse = tf.SparseTensor([[0]], [1.0], [3])

    parts = composite_tensor.replace_composites_with_components([sparse, 1])

    assert parts[0] == [sparse.indices, sparse.values, sparse.dense_shape]
    assert isinstance(sparse, composite_tensor.CompositeTensor)
    assert inner_ops.is_sparse(sparse)
    assert nest.is_sequence_or_composite(sparse)


# --- what tests are made of ----------------------------------------------------------------------


def test_jacobians_of_a_function_have_a_row_for_each_result():
    with tf.Session():
        exact, measured = gradient_checker_v2.compute_gradient(
            tf.matmul, [np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])]
        )

    assert [each.tolist() for each in exact] == [[[3, 4]], [[1, 2]]]
    assert gradient_checker_v2.max_error(exact, measured) < 1e-9


def test_a_table_is_saved_in_its_own_way(tmp_path):
    table = saver_test_utils.CheckpointedOp("words")
    saver = tf.train.Saver([table.saveable])
    with tf.Session() as sess:
        sess.run(table.insert(["a"], [2.0]))
        saver.save(sess, str(tmp_path / "m"))
    with tf.Session() as sess:
        assert sess.run(table.lookup(["a"], 0.0)) == [0]
        saver.restore(sess, str(tmp_path / "m"))
        assert sess.run(table.lookup(["a"], 0.0)) == [2]
        assert sess.run([table.keys(), table.values()]) == [[b"a"], [2]]


def test_resources_are_reported_until_they_are_made():
    handle = tf.raw_ops.MutableHashTableV2(key_dtype=tf.string, value_dtype=tf.int64, name="t")
    is_made = tf.Variable(False)
    resources.register_resource(handle, is_made.assign(True), is_made)
    report = resources.report_uninitialized_resources()
    make = resources.initialize_resources(resources.shared_resources())
    with tf.Session() as sess:
        is_made.load(False, sess)
        assert sess.run(report).tolist() == [b"t:0"]
        sess.run(make)
        assert sess.run(report).tolist() == []
    assert resources.local_resources() == []


def test_a_scope_is_copied_to_another_graph():
    with tf.name_scope("a"):
        tf.Variable(3.0, name="v")
    message, variables = meta_graph.export_scoped_meta_graph(export_scope="a")
    other = tf.Graph()

    found = meta_graph.import_scoped_meta_graph(message, graph=other, import_scope="b")
    copied = meta_graph.copy_scoped_meta_graph("a", "c", to_graph=other)

    assert list(variables) == list(found) == list(copied) == ["v"]
    assert found["v"].op.name == "b/v"
    assert copied["v"].op.name == "c/v"
    with pytest.raises(ValueError, match="need to be different"):
        meta_graph.copy_scoped_meta_graph("a", "a")


def test_the_ops_of_a_graph_are_listed(graph):
    tf.constant(1.0) + 2.0

    used = meta_graph.ops_used_by_graph_def(graph.as_graph_def())
    listed = meta_graph.stripped_op_list_for_graph(graph.as_graph_def())

    assert used == ["AddV2", "Const"]
    assert [each.name for each in listed.op] == used


def test_a_meta_graph_file_that_is_not_there_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match="does not exist"):
        meta_graph.read_meta_graph_file(tmp_path / "none")


def test_a_file_is_written_whole_and_compared(tmp_path):
    one, other = str(tmp_path / "one"), str(tmp_path / "other")
    file_io.atomic_write_string_to_file(one, "text")
    file_io.atomic_write_string_to_file(other, "text")

    assert file_io.filecmp(one, other)
    assert file_io.file_crc32(one) == file_io.file_crc32(other, block_size=1) == "0x3b8ba7c7"
    with pytest.raises(tf.errors.AlreadyExistsError):
        file_io.atomic_write_string_to_file(one, "other", overwrite=False)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["one", "other"]


def test_events_are_written_without_a_graph(tmp_path):
    writer = event_file_writer.EventFileWriter(str(tmp_path))
    writer.add_event(tf.Event(step=7))
    writer.flush()
    writer.close()

    (path,) = tmp_path.iterdir()
    assert writer.get_logdir() == str(tmp_path)
    assert [each.step for each in tf.train.summary_iterator(str(path))] == [0, 7]


def test_nothing_here_is_eager_or_of_2_x():
    assert not tf2.enabled()
    assert not isinstance(tf.constant(1), inner_ops.EagerTensor)
    assert lookup_ops.MutableHashTable is tf.contrib.lookup.MutableHashTable


# --- ops for tests -------------------------------------------------------------------------------


@pytest.fixture
def test_ops():
    from minitf.compat.internal import test_ops

    yield test_ops
    for name in test_ops.NAMES:
        CATALOGUE.pop(name, None)
    del sys.modules[test_ops.__name__], sys.modules["minitf.compat.internal"].test_ops


def test_ops_for_tests_build_graphs(test_ops):
    found = test_ops.foo1(1.0, 2, 3, name="f")
    many = test_ops.n_ints_out_default()

    assert (found.d.op.name, found.e.dtype) == ("f", tf.int32)
    assert len(many) == 3
    assert test_ops.polymorphic_out(T=tf.bool).dtype == tf.bool
    assert isinstance(test_ops.none(), tf.Operation)
    with pytest.raises(TypeError, match="not in list of allowed values: bool, string"):
        test_ops.restrict(17)
    with pytest.raises(ValueError, match="less than minimum 5"):
        test_ops.attr_min(4)


def test_ops_for_tests_of_resources_compute(test_ops):
    handle = test_ops.stub_resource_handle_op()
    is_made = test_ops.resource_initialized_op(handle)
    with tf.Session() as sess:
        assert not sess.run(is_made)
        with pytest.raises(tf.errors.NotFoundError, match="does not exist"):
            sess.run(test_ops.resource_using_op(handle))
        sess.run(test_ops.resource_create_op(handle))
        assert sess.run(is_made)
        sess.run(test_ops.resource_using_op(handle))
        with pytest.raises(tf.errors.InvalidArgumentError, match="No OpKernel was registered"):
            sess.run(test_ops.int_output())


def test_what_a_tensor_shall_be_is_kept_and_compared():
    spec = tensor_spec.TensorSpec([None, 2], tf.float32, "x")

    assert spec == tensor_spec.TensorSpec.from_spec(tensor_spec.TensorSpec([None, 2]), "x")
    assert hash(spec) == hash(copy.copy(spec))
    assert spec.is_compatible_with(tf.zeros([5, 2]))
    assert not spec.is_compatible_with(tf.zeros([5, 3]))
    assert not spec.is_compatible_with(tf.zeros([5, 2], tf.float64))
    assert tensor_spec.TensorSpec.from_tensor(tf.zeros([2], name="z")).name == "z"
    assert repr(spec) == "TensorSpec(shape=(?, 2), dtype=tf.float32, name='x')"
    assert tensor_spec.TensorSpec(None) != spec


def test_the_parts_of_loops_and_branches_are_told_apart():
    tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0])
    tf.cond(tf.constant(True), lambda: tf.constant(1), lambda: tf.constant(2))
    operations = tf.get_default_graph().get_operations()

    def count(is_one):
        return sum(is_one(each) for each in operations)

    assert count(control_flow_util.IsLoopSwitch) == count(control_flow_util.IsLoopMerge) == 1
    assert count(control_flow_util.IsCondMerge) == 1
    assert count(control_flow_util.IsCondSwitch) == count(control_flow_util.IsSwitch) - 1
    assert not count(control_flow_util.IsInXLAContext)
    assert not control_flow_util.GraphOrParentsInXlaContext(tf.get_default_graph())


def test_a_metric_is_made_of_the_parts_of_public_ones():
    total = metrics_impl.metric_variable([], tf.float32, name="total")
    value = metrics_impl.aggregate_variable(total, ["found"])
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        assert sess.run(value) == 0

    assert total.op.name == "total"
    assert tf.get_collection("found") == [value]


def test_a_tensor_takes_attributes_of_programs():
    x = tf.constant(1.0)
    x.aliases = ["a"]

    assert tf.contrib.layers.utils.get_tensor_aliases(x) == ["a"]
