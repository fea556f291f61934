"""The Graph: what it holds, collections, finalizing, the default graph, building from threads."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import minitf as tf
from minitf import dtypes, errors, ops
from minitf.default_graph import default_graph
from minitf.shapes import Shape


def placeholder(name=None, shape=None):
    return ops.placeholder_op(dtype=dtypes.float32, shape=Shape(shape), name=name)


# --- what it holds ----------------------------------------------------------------------------


@pytest.mark.paper("W-01")
def test_a_graph_is_operations_joined_by_tensors():
    x = placeholder("x", [2, 3])
    y = ops.mat_mul_op(x, x, transpose_b=True, name="y")
    graph = tf.get_default_graph()

    assert [op.name for op in graph.get_operations()] == ["x", "y"]
    assert list(y.op.inputs) == [x, x]
    assert x.consumers() == [y.op, y.op]
    assert y.op.outputs == [y]
    assert y.op.values() == (y,)
    assert (y.name, y.value_index, y.dtype, y.shape.as_list()) == ("y:0", 0, tf.float32, [2, 2])
    assert y.graph is y.op.graph is graph
    assert y.op.type == "MatMul"
    assert graph.version == 2


@pytest.mark.paper("O-07")
@pytest.mark.parametrize("count", [1, 2, 100])
def test_an_op_may_take_any_number_of_inputs(count):
    x = placeholder(shape=[3])
    total = ops.add_n_op([x] * count)

    assert total.op.attrs == {"N": count, "T": tf.float32}
    assert total.shape.as_list() == [3]
    assert x.consumers() == [total.op] * count


@pytest.mark.paper("O-02")
def test_state_and_its_changes_are_operations_too():
    variable = ops.variable_v2_op(shape=Shape([2]), dtype=dtypes.float32, name="v")
    change = ops.assign_add_op(variable, [1.0, 2.0], name="change")

    assert [op.type for op in tf.get_default_graph().get_operations()] == [
        "VariableV2",
        "Const",
        "AssignAdd",
    ]
    assert change.op.inputs[0] is variable


@pytest.mark.paper("O-08")
def test_a_variable_gives_a_handle_that_only_takers_of_handles_see():
    variable = ops.variable_v2_op(shape=Shape([2]), dtype=dtypes.float32)
    change = ops.assign_op(variable, [1.0, 2.0])
    value = ops.identity_op(variable)

    assert variable.dtype is tf.float32.as_ref
    assert change.dtype is tf.float32.as_ref
    assert value.dtype is tf.float32
    with pytest.raises(TypeError, match="be a mutable tensor"):
        ops.assign_op(value, [1.0, 2.0])


def test_inputs_can_be_looked_at_by_the_names_of_their_op():
    x = placeholder()
    joined = ops.concat_v2_op([x, x], 0)

    assert joined.op.arguments == {"values": [x, x], "axis": joined.op.inputs[2]}


def test_two_operations_of_one_name_are_refused():
    scope_name = "a/"
    ops.no_op_op(name=scope_name)

    with pytest.raises(ValueError, match="Duplicate node name in graph: 'a'"):
        ops.no_op_op(name=scope_name)


def test_elements_may_be_kept_from_feeds_and_fetches():
    x, y = placeholder(), placeholder()
    graph = tf.get_default_graph()
    graph.prevent_feeding(x)
    graph.prevent_fetching(y.op)

    assert (graph.is_feedable(x), graph.is_feedable(y)) == (False, True)
    assert (graph.is_fetchable(x), graph.is_fetchable(y), graph.is_fetchable(y.op)) == (
        True,
        False,
        False,
    )


def test_a_change_of_what_exists_makes_steps_stale_and_growth_does_not():
    graph = tf.get_default_graph()
    x, y = placeholder(), placeholder()
    z = ops.neg_op(x)
    before = graph.structure_version
    placeholder()
    assert graph.structure_version == before

    z.op._update_input(0, y)
    z.op._add_control_input(x.op)
    z.op._set_device("/cpu:0")

    assert graph.structure_version == before + 3
    assert list(z.op.inputs) == [y]
    assert x.consumers() == []
    assert y.consumers() == [z.op]
    assert z.op.control_inputs == [x.op]


@pytest.mark.tensorflow
def test_elements_show_themselves_as_in_tensorflow(tensorflow):
    shown = []
    for api in (tf, tensorflow):
        with api.Graph().as_default(), api.device("/cpu:0"):
            if api is tf:
                x = ops.placeholder_op(dtype=dtypes.float32, shape=Shape([None, 3]), name="x")
                y = placeholder("y")
            else:
                x = api.placeholder(api.float32, [None, 3], "x")
                y = api.placeholder(api.float32, name="y")
        shown.append([str(x), str(y), repr(x), repr(y), repr(x.op), str(x.op)])

    assert shown[0] == shown[1]


# --- finalizing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda graph, x: ops.neg_op(x),
        lambda graph, x: placeholder(),
        lambda graph, x: graph.add_to_collection("a", x),
        lambda graph, x: graph.clear_collection("a"),
        lambda graph, x: x.op._set_device("/cpu:0"),
        lambda graph, x: x.op._add_control_input(x.op),
        lambda graph, x: x.op._update_input(0, x),
        lambda graph, x: x.op._set_attr("_a", 1),
    ],
)
def test_a_finalized_graph_never_changes(change):
    x = placeholder()
    graph = tf.get_default_graph()
    graph.finalize()

    assert graph.finalized
    with pytest.raises(RuntimeError, match="Graph is finalized and cannot be modified"):
        change(graph, x)
    assert graph.get_operations() == [x.op]


# --- collections ------------------------------------------------------------------------------


def collect(api):
    graph = api.get_default_graph()
    graph.add_to_collection("one", 1)
    graph.add_to_collection("one", 1)
    graph.add_to_collections(["one", "two", "two"], 2)
    graph.add_to_collections("three", 3)
    graph.add_to_collection(4, 4)
    api.add_to_collections(("two", "three"), 5)
    graph.get_collection("one").append("in a copy")
    graph.get_collection_ref("two").append("in the collection")
    graph.get_collection_ref("four")
    graph.clear_collection("three")
    return (
        {key: graph.get_collection(key) for key in ("one", "two", "three", "four", 4, "none")},
        sorted(map(str, graph.collections)),
        sorted(graph.get_all_collection_keys()),
    )


@pytest.mark.tensorflow
def test_collections_behave_as_in_tensorflow(tensorflow):
    with tensorflow.Graph().as_default():
        theirs = collect(tensorflow)

    assert collect(tf) == theirs


def test_a_collection_may_be_asked_for_what_stands_in_a_scope():
    a, b = placeholder("net/a"), placeholder("other/net/b")
    for each in (a, b, 3):
        tf.add_to_collection("all", each)

    assert tf.get_collection("all", scope="net") == [a]
    assert tf.get_collection("all", scope=".*net") == [a, b]
    assert tf.get_collection("all", scope="") == [a, b]


# --- the default graph ------------------------------------------------------------------------


def test_the_default_graph_is_the_innermost_one_entered():
    outer, inner = tf.Graph(), tf.Graph()
    bottom = tf.get_default_graph()
    with outer.as_default() as entered:
        assert entered is tf.get_default_graph() is outer
        with inner.as_default():
            assert placeholder().graph is inner
        assert tf.get_default_graph() is outer

    assert tf.get_default_graph() is bottom


def test_a_new_default_graph_is_made_only_outside_all_blocks():
    before = tf.get_default_graph()
    tf.reset_default_graph()
    after = tf.get_default_graph()

    assert after is not before
    with after.as_default(), pytest.raises(AssertionError, match="to clear nested graphs"):
        tf.reset_default_graph()
    assert tf.get_default_graph() is after


def test_graphs_must_be_left_in_the_order_in_which_they_were_entered():
    bottom = tf.get_default_graph()
    first, second = tf.Graph().as_default(), tf.Graph().as_default()
    first.__enter__()
    second.__enter__()

    with pytest.raises(AssertionError, match="Nesting violated for default stack of"):
        first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert tf.get_default_graph() is bottom


def test_each_thread_has_its_own_default_graph_and_scopes():
    graph = tf.Graph()
    found = []

    def look():
        found.append(default_graph())
        with graph.as_default():
            found.append(placeholder("x").name)

    with graph.as_default(), tf.name_scope("outer"), tf.device("/cpu:0"):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    assert found[0] is not graph
    assert found[1] == "x:0"
    assert graph.get_operation_by_name("x").device == ""


# --- threads ----------------------------------------------------------------------------------

THREADS = 8
PER_THREAD = 60


@pytest.mark.paper("W-07")
def test_building_from_threads_loses_nothing_and_repeats_no_name():
    graph = tf.Graph()
    with graph.as_default():
        shared = placeholder("shared", [2])
    start = threading.Barrier(THREADS)

    def build(number):
        made = []
        start.wait()
        with graph.as_default(), tf.name_scope("net"):
            for i in range(PER_THREAD):
                with tf.control_dependencies([shared]):
                    made.append(ops.add_v2_op(shared, np.float32([1, 2]), name="sum"))
                graph.add_to_collection("sums", made[-1])
                graph.add_to_collection(f"of {number}", i)
        return made

    with ThreadPoolExecutor(THREADS) as pool:
        made = [tensor for part in pool.map(build, range(THREADS)) for tensor in part]
    operations = graph.get_operations()

    assert len(operations) == 1 + 2 * THREADS * PER_THREAD  # each sum has a constant
    assert len({op.name.lower() for op in operations}) == len(operations)
    assert [op.index for op in operations] == list(range(len(operations)))
    assert set(graph.get_collection("sums")) == set(made)
    assert set(shared.consumers()) == {tensor.op for tensor in made}
    for number in range(THREADS):
        assert graph.get_collection(f"of {number}") == list(range(PER_THREAD))
    order = {op: i for i, op in enumerate(operations)}
    assert all(order[t.op] < order[op] for op in operations for t in op.inputs)


def test_a_failed_import_in_one_thread_takes_nothing_from_the_others():
    graph = tf.Graph()
    with graph.as_default():
        message = tf.Graph().as_graph_def()
        for i in range(5):
            message.node.add(name=f"n{i}", op="NoOp")
        message.node.add(name="broken", op="Neg")
    start = threading.Barrier(THREADS)

    def work(number):
        start.wait()
        with graph.as_default():
            for _ in range(10):
                if number % 2:
                    with pytest.raises(ValueError, match="NodeDef missing attr"):
                        tf.import_graph_def(message)
                else:
                    ops.no_op_op(name="import")

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))

    assert len(graph.get_operations()) == 10 * THREADS // 2


# --- errors -----------------------------------------------------------------------------------


def test_a_graph_does_not_travel_with_an_error():
    import pickle

    x = placeholder(shape=[2])
    with pytest.raises(ValueError, match="must be rank 2") as caught:
        ops.mat_mul_op(x, x)
    again = pickle.loads(pickle.dumps(caught.value))

    assert again.op is None
    assert str(again) == str(caught.value)
    assert isinstance(again, errors.InvalidArgumentError)
