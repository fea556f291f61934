"""Scopes: names, control dependencies, devices, colocation, containers, overridden gradients."""

from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import dtypes, ops
from minitf.shapes import Shape
from minitf.testing.random_graphs import build_ours, programs

# --- names ------------------------------------------------------------------------------------

SCOPES = ("a", "A", "a/b", "a/", "a/b/", "b_1", "b", "", None, ".", "_a", "a b", "a-b", "a>b", "/a")
MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("enter"), st.sampled_from(SCOPES)),
        st.tuples(st.just("leave"), st.none()),
        st.tuples(st.just("make"), st.sampled_from(("a", "b", "A", "a_1", "c.d", "a/b", ""))),
        st.tuples(st.just("ask"), st.sampled_from(("a", "b", "A", "a_1"))),
        st.tuples(st.just("peek"), st.sampled_from(("a", "b", "a_1"))),
    ),
    max_size=14,
)


def names_of(api, moves):
    """Return every name that a program of scopes and operations is given, or is refused."""
    found = []
    stack = []
    with api.Graph().as_default() as graph:
        for move, name in moves:
            if move == "enter":
                scope = graph.name_scope(name)
                try:
                    found.append(scope.__enter__())
                except ValueError:
                    found.append("refused")
                else:
                    stack.append(scope)
            elif move == "leave" and stack:
                stack.pop().__exit__(None, None, None)
            elif move == "make":
                found.append(make_no_op(api, name).name)
            elif move in ("ask", "peek"):
                found.append(graph.unique_name(name, mark_as_used=move == "ask"))
            found.append(graph.get_name_scope())
        while stack:
            stack.pop().__exit__(None, None, None)
    return found


def make_no_op(api, name):
    return (ops.no_op_op if api is tf else api.no_op)(name=name or None)


@pytest.mark.tensorflow
@pytest.mark.paper("W-01")
@given(moves=MOVES)
def test_names_are_tensorflows_whatever_the_scopes(tensorflow, moves):
    assert names_of(tf, moves) == names_of(tensorflow, moves)


@pytest.mark.paper("W-01")
@given(names=st.lists(st.sampled_from(("a", "A", "b", "B", "a_1", "A_1", "a/b", "a/B", "A/b_1"))))
def test_no_two_operations_have_names_that_differ_only_in_case(names):
    with tf.Graph().as_default() as graph:
        for name in names:
            make_no_op(tf, name)
    made = {op.name.lower() for op in graph.get_operations()}

    assert len(made) == len(names)


@pytest.mark.parametrize("name", ["a b", "_a", "a:0", "-", "ä"])
@pytest.mark.tensorflow
def test_a_name_that_tensorflow_does_not_allow_is_refused(tensorflow, name):
    for api in (tf, tensorflow):
        with api.Graph().as_default(), pytest.raises(ValueError, match=r"not (a )?valid"):
            make_no_op(api, name)


def test_a_name_may_not_end_in_a_newline():
    with pytest.raises(ValueError, match="is not a valid node name"):
        ops.no_op_op(name="a\n")


def test_the_public_name_scope_takes_the_graph_of_its_values():
    with tf.Graph().as_default() as graph:
        x = ops.placeholder_op(dtype=dtypes.float32)
    with tf.name_scope("net", values=[x]) as scope:
        y = ops.no_op_op()

    assert scope == "net/"
    assert y.graph is graph
    assert y.name == "net/NoOp"


def test_a_name_scope_needs_a_name_if_it_has_values():
    with pytest.raises(ValueError, match="At least one of name"), tf.name_scope(None, values=[1]):
        pass


# --- leaving a scope --------------------------------------------------------------------------

ENTRIES = {
    "name": lambda graph, op: graph.name_scope("s"),
    "control": lambda graph, op: graph.control_dependencies([op]),
    "no control": lambda graph, op: graph.control_dependencies(None),
    "device": lambda graph, op: graph.device("/cpu:0"),
    "no device": lambda graph, op: graph.device(None),
    "colocation": lambda graph, op: graph.colocate_with(op),
    "no colocation": lambda graph, op: graph.colocate_with(None, ignore_existing=True),
    "container": lambda graph, op: graph.container("c"),
    "gradient": lambda graph, op: graph.gradient_override_map({"Neg": "Mine"}),
}


@given(names=st.lists(st.sampled_from(sorted(ENTRIES)), max_size=6), fails=st.booleans())
def test_leaving_a_scope_restores_what_was_there(names, fails):
    class Stop(Exception):  # noqa: N818 it is no error
        pass

    def state(graph):
        return {key: value for key, value in vars(graph.scopes).items() if key != "op_types"}

    graph = tf.Graph()
    with graph.as_default():
        op = ops.no_op_op()
        seen = [state(graph)]
        with pytest.raises(Stop), ExitStack() as outer:  # noqa: PT012 the scopes are the subject
            for name in names:
                outer.enter_context(ENTRIES[name](graph, op))
                outer.callback(lambda: seen.append(state(graph)))
            ops.no_op_op()
            if fails:
                raise Stop
            outer.close()
            raise Stop
        seen.append(state(graph))

    assert seen[-1] == seen[0]


# --- control dependencies ---------------------------------------------------------------------


def reaches(source, target):
    """Tell whether an operation waits for another, directly or through others."""
    rest, seen = [target], set()
    while rest:
        op = rest.pop()
        if op is source:
            return True
        if op not in seen:
            seen.add(op)
            rest += [*op.control_inputs, *(t.op for t in op.inputs)]
    return False


@pytest.mark.paper("W-02")
@given(program=programs())
def test_an_operation_waits_for_all_that_its_scopes_name(program):
    graph, outputs = build_ours(program)
    made = [tensor.op for tensor in outputs]
    first = 0
    for step in program:
        op = made[first]
        first += len(op.outputs)
        clear = max((i for i, each in enumerate(step.controls) if each is None), default=-1)
        for each in step.controls[clear + 1 :]:
            assert all(reaches(made[i], op) for i in each)
    assert len(graph.get_operations()) >= len(program)


@pytest.mark.paper("W-02")
@given(program=programs())
def test_a_control_edge_is_never_written_twice_nor_to_a_direct_input(program):
    graph, _ = build_ours(program)

    for op in graph.get_operations():
        assert len(op.control_inputs) == len(set(op.control_inputs))
        assert not {tensor.op for tensor in op.inputs} & set(op.control_inputs)


@pytest.mark.paper("W-02")
def test_control_inputs_may_be_tensors_operations_and_names_of_any_object_that_stands_for_one():
    class Handle:
        def __init__(self, op):
            self.op = op

        def _as_graph_element(self):
            return self.op

    x = ops.placeholder_op(dtype=dtypes.float32)
    a, b = ops.no_op_op(), ops.no_op_op()
    with tf.control_dependencies([x, a, Handle(b)]):
        c = ops.no_op_op()

    assert c.control_inputs == [x.op, a, b]


@pytest.mark.parametrize("wrong", [3, 2.5, object()])
def test_what_is_no_part_of_the_graph_cannot_be_waited_for(wrong):
    with pytest.raises(TypeError, match="Can not convert a"):
        tf.control_dependencies([wrong])


def test_constants_made_for_an_operation_wait_as_it_does():
    x = ops.placeholder_op(dtype=dtypes.float32)
    gate = ops.no_op_op()
    with tf.control_dependencies([gate]):
        y = ops.add_v2_op(x, 1.0)

    assert y.op.inputs[1].op.control_inputs == [gate]
    assert y.op.control_inputs == []  # TensorFlow's rule: its input has waited already


# --- devices ----------------------------------------------------------------------------------

PLACES = ("/cpu:0", "/job:ps", "/job:worker/task:1/device:GPU:2", "/replica:0", "/gpu:*", None, "")


def device_functions(api):
    """Functions of the Operation, as programs use them to spread variables."""
    return {
        "by type": lambda op: "/job:ps" if op.type == "VariableV2" else "/job:worker",
        "merging": lambda op: api.DeviceSpec.from_string("/task:3").to_string(),
        "empty": lambda op: "",
    }


@pytest.mark.tensorflow
@pytest.mark.paper("W-12")
@given(
    places=st.lists(
        st.one_of(st.sampled_from(PLACES), st.sampled_from(["by type", "merging", "empty"])),
        max_size=5,
    )
)
def test_nested_device_requests_merge_as_in_tensorflow(tensorflow, places):
    found = []
    for api in (tf, tensorflow):
        with api.Graph().as_default(), ExitStack() as stack:
            for place in places:
                stack.enter_context(api.device(device_functions(api).get(place, place)))
            found.append(make_no_op(api, "").device)

    assert found[0] == found[1]


def test_a_device_may_be_given_as_a_specification():
    with tf.device(tf.DeviceSpec(job="ps", task=1)):
        op = ops.no_op_op()

    assert op.device == "/job:ps/task:1"


def test_a_device_function_sees_the_operation_as_far_as_it_is_made():
    seen = []
    with tf.device(lambda op: seen.append((op.name, op.type, len(op.outputs)))):
        ops.placeholder_op(dtype=dtypes.float32, name="x")

    assert seen == [("x", "Placeholder", 1)]


# --- colocation -------------------------------------------------------------------------------


@pytest.mark.paper("W-12")
def test_colocated_operations_name_their_groups_and_take_the_device():
    with tf.device("/cpu:1"):
        a, b = ops.no_op_op(name="a"), ops.no_op_op(name="b")
    with tf.device("/gpu:0"), tf.colocate_with(a), tf.colocate_with(b):
        c = ops.no_op_op(name="c")
    with tf.colocate_with(c):
        d = ops.no_op_op(name="d")
    with tf.colocate_with(c), tf.colocate_with(None, ignore_existing=True):
        e = ops.no_op_op(name="e")

    assert c.colocation_groups() == [b"loc:@a", b"loc:@b"]
    assert c.device == "/device:CPU:1"
    assert d.colocation_groups() == c.colocation_groups()
    assert e.colocation_groups() == [b"loc:@e"]


def test_colocation_is_only_reset_on_purpose():
    with pytest.raises(ValueError, match="Trying to reset colocation"):
        tf.colocate_with(None)


# --- containers and gradients -----------------------------------------------------------------


@pytest.mark.paper("W-39")
def test_stateful_operations_take_the_container_of_their_scope_unless_they_name_one():
    def variable(container=""):
        made = ops.variable_v2_op(shape=Shape([]), dtype=dtypes.float32, container=container)
        return made.op.get_attr("container")

    assert variable() == b""
    with tf.container("outer"):
        assert variable() == b"outer"
        assert variable("own") == b"own"
        with tf.container("inner"):
            assert variable() == b"inner"
        with tf.container(""):
            assert variable() == b""
        assert "container" not in ops.no_op_op().attrs


@pytest.mark.paper("W-26")
def test_overridden_gradients_are_noted_on_the_operations_of_those_types():
    x = ops.placeholder_op(dtype=dtypes.float32)
    graph = tf.get_default_graph()
    outer, inner = {"Neg": "A", "Abs": "B"}, {"Neg": "C"}
    with graph.gradient_override_map(outer), graph.gradient_override_map(inner):
        neg, absolute, identity = ops.neg_op(x), ops.abs_op(x), ops.identity_op(x)

    assert neg.op.get_attr("_gradient_op_type") == b"C"
    assert absolute.op.get_attr("_gradient_op_type") == b"B"
    with pytest.raises(ValueError, match="has no attr named '_gradient_op_type'"):
        identity.op.get_attr("_gradient_op_type")


@pytest.mark.parametrize("wrong", [["Neg"], {"Neg": 3}, {3: "Neg"}, None])
def test_a_gradient_override_maps_strings_to_strings(wrong):
    with pytest.raises(TypeError, match="must be a dictionary mapping strings to strings"):
        tf.get_default_graph().gradient_override_map(wrong)
