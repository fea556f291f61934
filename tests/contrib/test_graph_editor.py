"""Parts of graphs selected, copied and connected in another way."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

ge = tf.contrib.graph_editor


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def run(fetches, feeds=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches, feeds)


@pytest.fixture
def chain():
    """Return tensors x -> a/square -> b/plus -> b/times; the middle one waits for `first`."""
    x = tf.constant([1.0, 2.0], name="x")
    first = tf.no_op(name="first")
    with tf.name_scope("a"):
        square = tf.square(x, name="square")
    with tf.name_scope("b"):
        one = tf.constant(1.0, name="one")
        with tf.control_dependencies([first]):
            plus = tf.add(square, one, name="plus")
        times = tf.multiply(plus, square, name="times")
    return x, square, plus, times


def names(found):
    return [each.name for each in found]


# --- selections ----------------------------------------------------------------------------------


def test_operations_and_tensors_are_selected_by_name(chain, graph):
    x, square, plus, _ = chain

    assert names(ge.select_ops("^b/", graph=graph)) == ["b/one", "b/plus", "b/times"]
    assert names(ge.select_ops("^b/p", plus.op, x, graph=graph)) == ["b/plus"]
    assert names(ge.select_ts("^a/", graph=graph)) == ["a/square:0"]
    assert ge.select_ts(square, [square.op, x]) == [square, x]
    assert ge.select_ops("(?#ts)^b", graph=graph) == []
    ops, tensors = ge.select_ops_and_ts("^a/", "(?#ts)^x", graph=graph)
    assert (ops, tensors) == ([square.op], [x])
    assert names(ge.select_ops("b", graph=graph, positive_filter=lambda op: op.inputs)) == [
        "b/plus",
        "b/times",
    ]
    assert names(ge.get_name_scope_ops(graph, "a/")) == ["a/square"]
    assert names(ge.filter_ts_from_regex([plus.op], "^a")) == ["a/square:0"]
    assert names(ge.filter_ops_from_regex(graph, "plus$")) == ["b/plus"]
    assert len(ge.filter_ts(graph, True)) == len(ge.get_tensors(graph)) == 5


def test_selections_that_make_no_sense_are_refused(chain):
    with pytest.raises(ValueError, match="Use the keyword argument 'graph'"):
        ge.select_ops("a")
    with pytest.raises(ValueError, match="Wrong keywords argument: name"):
        ge.select_ts(chain[0], name="a")
    with pytest.raises(TypeError, match=r"Expected a tf\.Graph"):
        ge.select_ops(graph=3)
    with pytest.raises(ValueError, match="Expected a string or a regex"):
        ge.filter_ops_from_regex(chain[0].graph, 3)
    with pytest.raises(TypeError, match="allow_graph is False"):
        ge.make_list_of_op(chain[0].graph, allow_graph=False)
    with pytest.raises(TypeError, match="Expected a type in"):
        ge.make_list_of_t([3])
    with tf.Graph().as_default(), pytest.raises(ValueError, match="does not belong to given graph"):
        ge.make_list_of_t([tf.constant(1.0), chain[0]])


def test_walks_follow_edges_and_control_dependencies(chain, graph):
    x, square, plus, times = chain
    first = graph.get_operation_by_name("first")
    waiting = ge.ControlOutputs(graph)

    assert ge.get_forward_walk_ops(x) == [square.op, plus.op, times.op]
    assert ge.get_forward_walk_ops(square.op, inclusive=False) == [plus.op, times.op]
    assert ge.get_forward_walk_ops(first) == [first]
    assert ge.get_forward_walk_ops(first, control_outputs=waiting) == [first, plus.op, times.op]
    assert ge.get_forward_walk_ops(x, stop_at_ts=[square]) == [square.op]
    assert ge.get_forward_walk_ops(x, within_ops=[square.op, times.op]) == [square.op, times.op]
    assert set(ge.get_backward_walk_ops(times)) == set(graph.get_operations()) - {first}
    assert first in ge.get_backward_walk_ops(times, control_inputs=True)
    assert ge.get_walks_intersection_ops(square, plus) == [plus.op]
    assert set(ge.get_walks_union_ops(plus, square)) == {times.op, square.op, x.op}
    assert waiting.get(first) == [plus.op]
    assert waiting.get(x.op) == ()


def test_boundaries_are_found(chain, graph):
    x, square, plus, times = chain

    assert ge.compute_boundary_ts([square.op, plus.op]) == (
        [x, square, plus.op.inputs[1]],
        [square, plus],
        [],
    )
    assert ge.compute_boundary_ts([square.op, plus.op], False)[2] == [square]
    assert set(ge.get_ops_ios(plus.op)) == {square.op, plus.op.inputs[1].op, times.op}
    found = ge.get_within_boundary_ops(graph, x.op, [plus.op, times.op], inclusive=False)
    assert found == [x.op, square.op]
    with pytest.raises(ValueError, match="Boundary is intersecting with the seeds"):
        ge.get_within_boundary_ops(graph, x.op, x.op)


# --- views ---------------------------------------------------------------------------------------


def test_a_view_knows_what_goes_in_and_out(chain, graph):
    x, square, plus, times = chain
    view = ge.sgv("^b/(plus|times)$", graph=graph)

    assert view.inputs == (square, plus.op.inputs[1])
    assert view.outputs == (times,)
    assert view.remap_inputs([1]).inputs == (plus.op.inputs[1],)
    assert view.remap_outputs([0, 0]).outputs == (times, times)
    assert view.remap_inputs([1]).remap_default().inputs == view.inputs
    assert view.find_op_by_name("b/plus") is view.op(0) is plus.op
    assert view.input_index(square) == view.output_index(times) == 0
    assert ge.sgv_scope("a", graph).consumers() == [plus.op, times.op]
    assert ge.sgv_scope("a", graph).remap_outputs_to_consumers().outputs == (square, square)
    assert str(view).splitlines()[1:4] == ["** ops[2]:", "b/plus", "b/times"]
    assert not ge.SubGraphView()
    alone = ge.sgv(x)
    assert alone.inputs == alone.outputs == alone.passthroughs == (x,)
    assert alone.is_passthrough(x)
    assert ge.make_view(square.op, plus.op).remove_unused_ops().ops == [square.op, plus.op]
    with pytest.raises(ValueError, match="Found repetition in mapping"):
        view.remap_inputs([0, 0])
    with pytest.raises(ValueError, match=r"Out of \[0, 1\[ range: 1"):
        view.remap_outputs([1])
    with pytest.raises(ValueError, match="not in subgraph"):
        view.find_op_by_name("c")
    with pytest.raises(ValueError, match="Can't find x:0 in inputs"):
        view.input_index(x)


# --- other edges ---------------------------------------------------------------------------------


def test_who_took_a_tensor_takes_another():
    a, b = tf.constant(1.0), tf.constant(10.0)
    of_a, of_b = tf.add(a, a), tf.negative(b)

    assert ge.reroute_ts(a, b) == 1
    assert run([of_a, of_b]) == [2, -1]
    assert b.consumers() == []
    assert ge.swap_ts([a], [b]) == 3
    assert run([of_a, of_b]) == [20, -10]
    assert ge.reroute_ts(a, b, cannot_modify=[of_a.op]) == 1
    assert ge.reroute_ts(a, b, can_modify=[of_b.op]) == 0
    assert run([of_a, of_b]) == [20, -1]


def test_tensors_that_do_not_fit_are_not_rerouted():
    a = tf.constant([1.0, 2.0])
    with pytest.raises(ValueError, match="have different sizes: 1 != 2"):
        ge.swap_ts(a, [a, a])
    with pytest.raises(ValueError, match=r"Dtypes .* are not compatible"):
        ge.swap_ts(a, tf.constant([1, 2]))
    with pytest.raises(ValueError, match=r"Shapes .* are not compatible"):
        ge.swap_ts(a, tf.constant(1.0))


def test_views_swap_and_take_inputs_and_outputs():
    a, b = tf.constant(1.0), tf.constant(2.0)
    square, double = tf.square(a + 2), tf.multiply(b, 2)
    out = square, double
    after = [tf.identity(each) for each in out]
    first, second = ge.sgv(square.op), ge.sgv(double.op).remap_inputs([0])
    ge.swap_outputs(first, second)

    assert run(after) == [4, 9]
    ge.swap_inputs(first, second)
    assert run(after) == [6, 4]
    ge.swap_ios(first, second)
    assert run(after) == [9, 4]
    assert ge.reroute_inputs(first, second)[1].inputs == first.inputs
    assert run(after) == [9, 6]


def test_control_dependencies_are_added_and_removed(chain, graph):
    _, square, plus, _ = chain
    first = graph.get_operation_by_name("first")
    ge.remove_control_inputs(plus.op, first)

    assert plus.op.control_inputs == []
    with pytest.raises(ValueError, match="b/plus is not a control_input of first"):
        ge.remove_control_inputs(plus.op, first)
    ge.reroute.add_control_inputs(square.op, [first])
    assert square.op.control_inputs == [first]
    with pytest.raises(ValueError, match="first is already a control_input of a/square"):
        ge.add_control_inputs(square.op, first)


def test_parts_are_cut_off_and_left_out(chain, graph):
    x, square, plus, times = chain
    view, made = ge.detach_inputs(ge.sgv(plus.op).remap_inputs([0]))

    assert names(made) == ["a/geph__square_0:0"]
    assert view.inputs == tuple(made)
    np.testing.assert_array_equal(run(times, {made[0]: 2.0}), [3, 12])
    _, made = ge.detach_outputs(ge.sgv(square.op))
    assert names(made) == ["a/geph__square_0_1:0"]
    assert square.consumers() == []
    ge.connect(ge.sgv(x), ge.sgv(times.op).remap_inputs([1]))
    assert list(times.op.inputs) == [plus, x]
    _, inputs, outputs = ge.detach(
        ge.sgv(plus.op).remap_inputs([0]), control_ios=ge.ControlOutputs(graph)
    )
    assert (len(inputs), len(outputs), plus.op.control_inputs) == (1, 1, [])


def test_a_part_that_is_bypassed_is_left_out(chain):
    x, square, plus, times = chain
    _, made = ge.bypass(ge.sgv(plus.op).remap_inputs([0]))

    assert list(times.op.inputs) == [square, square]
    assert plus.op.inputs[0] is made[0]
    np.testing.assert_array_equal(run(times), [1, 16])
    assert run(x).tolist() == [1, 2]


# --- copies --------------------------------------------------------------------------------------


def test_a_copy_has_placeholders_for_inputs_and_the_same_shapes(chain, graph):
    x, square, plus, times = chain
    view, info = ge.copy(ge.sgv_scope("b", graph), dst_scope="c", src_scope="b")

    assert names(view.ops) == ["c/one", "c/plus", "c/times"]
    assert names(view.inputs) == ["c/geph__square_0:0"]
    assert info.transformed(times).name == info.transformed("b/times:0").name == "c/times:0"
    assert info.original(view.outputs[0]) is times
    assert info.transformed([plus.op, {"x": x}]) == [view.op(1), {"x": None}]
    assert "  b/times => c/times" in str(info)
    assert view.op(1).control_inputs == [graph.get_operation_by_name("first")]
    np.testing.assert_array_equal(run(view.outputs[0], {view.inputs[0]: [3.0, 3.0]}), [12, 12])
    again, _ = ge.copy(ge.sgv(square.op), dst_scope="c")
    assert names(again.ops) == ["c_1/a/square"]
    same, _ = ge.copy(ge.sgv(square.op), dst_scope="c", reuse_dst_scope=True)
    assert names(same.ops) == ["c/a/square"]
    with pytest.raises(ValueError, match="a/square does not belong to source scope: b/"):
        ge.copy(ge.sgv(square.op), src_scope="b")


def test_a_part_is_copied_to_another_graph(chain):
    other = tf.Graph()
    view, _ = ge.copy(ge.sgv([each.op for each in chain[1:]]), other)
    fed = dict(zip(view.inputs, ([2.0, 3.0], 1.0), strict=True))

    assert {each.graph for each in view.ops} == {other}
    with tf.Session(graph=other) as session:
        np.testing.assert_array_equal(session.run(view.outputs[-1], fed), [20, 90])
    with pytest.raises(TypeError, match=r"Expected a tf\.Graph"):
        ge.copy(ge.sgv(chain[1].op), 3)


def test_collections_of_copies_are_in_the_new_scope(chain, graph):
    tf.add_to_collection("mine", chain[1])
    tf.add_to_collection(tf.GraphKeys.LOSSES, chain[1])
    _, info = ge.copy(ge.sgv(chain[1].op), dst_scope="c")

    assert tf.get_collection("c/mine") == [info.transformed(chain[1])]
    assert tf.get_collection(tf.GraphKeys.LOSSES)[1] is info.transformed(chain[1])


def test_tensors_are_replaced_in_what_depends_on_them(chain):
    x, square, _, times = chain
    y = tf.constant([3.0, 4.0])
    found = ge.graph_replace([times, x], {x: y})

    np.testing.assert_array_equal(run(found[0]), [90, 272])
    assert found[1] is y
    np.testing.assert_array_equal(run(times), [2, 20])
    at_square = ge.graph_replace({"out": times}, {square: y}, dst_scope="r")
    assert at_square["out"].name == "r/b/times:0"
    np.testing.assert_array_equal(run(at_square["out"]), [12, 20])
    with pytest.raises(ValueError, match="Targets and replacements are not connected"):
        ge.graph_replace(x, {times: y})


def test_variables_stay_shared_and_gradients_flow_through_copies():
    w = tf.get_variable("w", initializer=2.0)
    x = tf.placeholder(tf.float32, [])
    y = w * x
    copied = ge.graph_replace(y, {x: tf.constant(5.0)})

    assert run(copied) == 10
    assert run(tf.gradients(copied, w)[0]) == 5


def test_loops_are_copied():
    n = tf.constant(3)
    start = tf.constant(1.0)
    _, out = tf.while_loop(lambda i, _: i < n, lambda i, v: (i + 1, v * 2.0), [0, start])
    _, info = ge.copy_with_input_replacements(
        ge.sgv_scope("while", out.graph), {start: tf.constant(10.0)}, dst_scope="again"
    )

    assert run([out, info.transformed(out)]) == [8, 80]


def test_handlers_decide_what_becomes_of_operations(chain):
    x, square, *_ = chain
    copier = ge.Transformer()

    def renamed(message):
        message.name = "renamed"
        return message

    copier.transform_op_handler = lambda info, op, new_inputs: ge.copy_op_handler(
        info, op, new_inputs, copy_shape=True, nodedef_fn=renamed
    )
    copier.transform_external_input_handler = ge.keep_t_if_possible_handler
    view, _ = copier(ge.sgv(square.op), square.graph, "")

    assert names(view.ops) == ["renamed"]
    assert view.inputs == (x,)
    copier.transform_op_handler = lambda info, op, new_inputs: (op, op.outputs)
    with pytest.raises(ValueError, match="In-place transformation not allowed"):
        copier(ge.sgv(square.op), square.graph, "")


def test_placeholders_are_named_after_what_they_stand_for(chain):
    square = chain[1]

    assert ge.placeholder_name(square) == "a/geph__square_0"
    assert ge.placeholder_name(square, "s") == "s/geph__square_0"
    assert ge.placeholder_name() == "geph"
    assert ge.ph(tf.float32, [2]).name == "geph:0"
    again = ge.make_placeholder_from_tensor(square)
    assert ge.placeholder_name(again) == "a/geph__square_0"
    with pytest.raises(TypeError, match=r"Expected a tf\.Tensor"):
        ge.placeholder_name(3)
