"""Importing GraphDefs: names, scopes, maps, loops; what does not fit leaves the graph as it was."""

import re

import pytest
from google.protobuf import text_format
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import dtypes, errors, ops, protos
from minitf.grammar import Function
from minitf.op_def import op
from minitf.shapes import Shape
from minitf.testing.random_graphs import build_ours, programs


def placeholder(name: str, *, device: str = "", attrs: str = "") -> str:
    return (
        f'node {{ name: "{name}" op: "Placeholder" device: "{device}" {attrs} '
        'attr { key: "dtype" value { type: DT_FLOAT } } }'
    )


def node(name: str, *inputs: str, op: str = "Neg", T: str = "DT_FLOAT", attrs: str = "") -> str:
    listed = " ".join(f'input: "{each}"' for each in inputs)
    types = f'attr {{ key: "T" value {{ type: {T} }} }}' if T else ""
    return f'node {{ name: "{name}" op: "{op}" {listed} {types} {attrs} }}'


def attr(key: str, value: str) -> str:
    return f'attr {{ key: "{key}" value {{ {value} }} }}'


def const(value: str) -> str:
    return (
        'node { name: "c" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } } '
        f'attr {{ key: "value" value {{ tensor {{ {value} }} }} }} }}'
    )


def parsed(text: str, api=protos):
    return text_format.Parse(text, api.GraphDef())


def facts(graph) -> list:
    return [
        (
            op.name,
            op.type,
            [t.name for t in op.inputs],
            sorted(c.name for c in op.control_inputs),
            op.device,
            op.colocation_groups(),
        )
        for op in graph.get_operations()
    ]


X = placeholder("x")
CLASS = attr("_class", 'list { s: "loc:@x" }')

# --- what does not fit --------------------------------------------------------------------------

HOSTILE = {
    "an input that is not there": (node("a", "b"), "Node 'a': Unknown input node 'b'"),
    "a control input that is not there": (node("a", "^b"), "Node 'a': Unknown input node '^b'"),
    "no name of an input": (X + node("a", ""), "Node 'a': Unknown input node ''"),
    "a malformed input": (X + node("a", "x:y"), "Node 'a': Unknown input node 'x:y'"),
    "a missing attribute": (X + node("a", "x", T=""), "NodeDef missing attr 'T' from"),
    "too few inputs": (
        X + node("a", "x", op="AddV2"),
        "NodeDef expected inputs 'float, float' do not match 1 inputs specified",
    ),
    "too many inputs": (
        X + node("a", "x", "x"),
        "NodeDef expected inputs 'float' do not match 2 inputs specified",
    ),
    "a list that is too short": (
        X + node("a", "x", op="AddN", attrs=attr("N", "i: 3")),
        "NodeDef expected inputs 'float, float, float' do not match 1 inputs specified",
    ),
    "an input of another type": (
        X + node("a", "x", T="DT_INT32"),
        "Input 0 of node import/a was passed float from import/x:0 incompatible with expected int",
    ),
    "a value where a variable must be": (
        X + node("a", "x", "x", op="Assign"),
        "node import/a was passed float from import/x:0 incompatible with expected float_ref",
    ),
    "two nodes of one name": (X + X, "Node 'x' is not unique"),
    "a cycle": (node("a", "b") + node("b", "a"), "2 nodes in a cycle"),
    "a node that waits for itself": (placeholder("x") + node("a", "x", "^a"), "1 nodes in a cycle"),
    "an output that is not there": (
        X + node("a", "x:5"),
        "Node 'a': Connecting to invalid output 5 of source node x which has 1 outputs",
    ),
    "a control input before a value": (
        X + node("a", "^x", "x"),
        "Node 'a': Control dependencies must come after regular dependencies",
    ),
    "a name with a space": (
        placeholder("a b"),
        "Node 'a b': Node name contains invalid characters",
    ),
    "a name that starts with _": (placeholder("_a"), "Node '_a': Node name contains invalid char"),
    "no name": (placeholder(""), "Node '': Node name contains invalid characters"),
    "a type that is not allowed": (
        X + node("a", "x", T="DT_STRING"),
        "Value for attr 'T' of string is not in the list of allowed values: bfloat16,",
    ),
    "an attribute of another kind": (
        X + node("a", "x", T="", attrs=attr("T", "i: 3")),
        "AttrValue had value with type 'int' when 'type' expected",
    ),
    "an attribute without a value": (
        X + node("a", "x", T="", attrs=attr("T", "")),
        "AttrValue missing value with expected type 'type'",
    ),
    "a list of another kind": (
        X + node("a", "x", op="Squeeze", attrs=attr("squeeze_dims", 'list { s: "a" }')),
        "AttrValue had value with type 'list(string)' when 'list(int)' expected",
    ),
    "a type that does not exist": (
        'node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: 77 } } }',
        "AttrValue has invalid DataType enum: 77",
    ),
    "no type": (
        'node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_INVALID } } }',
        "AttrValue has invalid DataType",
    ),
    "a negative size": (
        placeholder("x", attrs=attr("shape", "shape { dim { size: -4 } }")),
        "Shape [-4] has dimensions with values below -1 (where -1 means unknown)",
    ),
    "a number below its minimum": (
        node("a", op="AddN", attrs=attr("N", "i: 0")),
        "Value for attr 'N' of 0 must be at least minimum 1",
    ),
    "shapes for too few outputs": (
        X + node("a", "x", attrs=attr("_output_shapes", "list {}")),
        "Node 'import/a' has 1 outputs but the _output_shapes attribute specifies shapes for 0",
    ),
    "a shape that contradicts inference": (
        placeholder("x", attrs=attr("shape", "shape { dim { size: 4 } }"))
        + node("a", "x", attrs=attr("_output_shapes", "list { shape { dim { size: 3 } } }")),
        "has an _output_shapes attribute inconsistent with the GraphDef for output #0: ",
    ),
    "colocation with nobody": (
        placeholder("a", attrs=CLASS),
        "Node 'a' expects to be colocated with unknown node 'x'",
    ),
    "a device that is none": (placeholder("x", device="/foo bar"), "Unknown attribute"),
    "shapes that do not fit": (
        placeholder("x", attrs=attr("shape", "shape { dim { size: 3 } }"))
        + node("a", "x", "x", op="MatMul"),
        "Shape must be rank 2 but is rank 1",
    ),
    "a reader that is too old": (
        "versions { min_consumer: 99999 }",
        "GraphDef min consumer version",
    ),
    "a writer from before the first": (
        "versions { producer: -1 }",
        "GraphDef producer version -1 below min producer 0 supported by TensorFlow",
    ),
}


@pytest.mark.paper("W-01", "W-04")
@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_what_does_not_fit_is_a_value_error_with_tensorflows_phrase(case):
    text, phrase = HOSTILE[case]

    with pytest.raises(ValueError, match=re.escape(phrase)) as caught:
        tf.import_graph_def(parsed(text))
    assert isinstance(caught.value, errors.InvalidArgumentError)
    assert tf.get_default_graph().get_operations() == []


@pytest.mark.tensorflow
@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_tensorflow_says_the_same_of_what_does_not_fit(tensorflow, case):
    text, phrase = HOSTILE[case]

    with tensorflow.Graph().as_default(), pytest.raises(ValueError, match=re.escape(phrase)):
        tensorflow.import_graph_def(parsed(text, tensorflow))


# TensorFlow notices these when the graph runs, or never; or its present versions let them pass.
STRICTER = {
    "an attribute that the op does not have": (
        X + node("a", "x", attrs=attr("speed", "i: 3")),
        "NodeDef mentions attr 'speed' not in",
    ),
    "a constant of another type": (
        const("dtype: DT_INT32 int_val: 3 tensor_shape {}"),
        "Type mismatch between value (int32) and dtype (float)",
    ),
    "torn bytes of a constant": (
        const('dtype: DT_FLOAT tensor_content: "abc" tensor_shape {}'),
        "Cannot parse tensor from proto: tensor_content has 3 bytes, not 4",
    ),
    "a constant that no memory holds": (
        const("dtype: DT_FLOAT tensor_shape { dim { size: 1000000000000 } }"),
        "Cannot parse tensor from proto: it would take 4000000000000 bytes",
    ),
    "a list that no memory holds": (
        node("a", op="AddN", attrs=attr("N", "i: 9000000000000000")),
        "Number of inputs is too big: 9000000000000000",
    ),
    "outputs that no memory holds": (
        placeholder("x")
        + const("dtype: DT_FLOAT tensor_shape {} float_val: 0")
        + node("a", "c", "x", op="Split", attrs=attr("num_split", "i: 9000000000000000")),
        "incompatible with expected int32",
    ),
    "a list of several kinds": (
        X + node("a", "x", attrs=attr("_both", "list { i: 3 f: 2 }")),
        "AttrValue has a list of several kinds: i, f",
    ),
    "a parameter of a function": (
        X + node("a", "x", T="", attrs=attr("T", 'placeholder: "T"')),
        "AttrValue had value with type 'placeholder' when 'type' expected",
    ),
    "a version that it refuses": (
        "versions { bad_consumers: 134 }",
        "GraphDef disallows consumer version 134",
    ),
}


@pytest.mark.parametrize("case", sorted(STRICTER))
def test_more_is_refused_before_it_can_do_harm(case):
    text, phrase = STRICTER[case]

    with pytest.raises(ValueError, match=re.escape(phrase)):
        tf.import_graph_def(parsed(text))
    assert tf.get_default_graph().get_operations() == []


def test_too_many_outputs_are_refused_before_they_are_made():
    x = ops.placeholder_op(dtype=dtypes.float32)

    with pytest.raises(ValueError, match="Number of outputs is too big: 9000000000000000"):
        ops.split_op(0, x, num_split=9 * 10**15)


@pytest.mark.paper("W-05")
def test_an_op_that_is_not_registered_is_named_with_its_node():
    with pytest.raises(errors.NotFoundError, match="Op type not registered 'Foo'") as caught:
        tf.import_graph_def(parsed('node { name: "here" op: "Foo" }'))
    assert "'here'" in str(caught.value)


def test_an_op_that_was_removed_may_stand_in_older_graphs_only():
    @op("OldNoOpOfATest", deprecated=(9, "Use NoOp"))
    def old_no_op_of_a_test_op() -> None:
        """Do nothing."""

    text = 'node { name: "old" op: "OldNoOpOfATest" } versions { producer: %d }'
    tf.import_graph_def(parsed(text % 8), name="")

    assert [each.name for each in tf.get_default_graph().get_operations()] == ["old"]
    with pytest.raises(errors.UnimplementedError, match=r"removed in version 9\. Use NoOp"):
        tf.import_graph_def(parsed(text % 9))


def test_what_is_no_graph_def_is_a_type_error():
    for wrong in (b"torn", "text", None, protos.NodeDef(name="x")):
        with pytest.raises(TypeError, match="graph_def must be a GraphDef proto"):
            tf.import_graph_def(wrong)


@pytest.mark.paper("W-01")
@given(program=programs(), data=st.data())
def test_a_failed_import_leaves_no_trace(program, data):
    graph, _ = build_ours(program)
    message = graph.as_graph_def()
    broken = data.draw(st.sampled_from(range(len(message.node))))
    message.node[broken].input.append("nobody")
    with graph.as_default():
        before = graph.as_graph_def(), dict(graph._names), graph.structure_version
        consumers = [t.consumers() for o in graph.get_operations() for t in o.outputs]
        outputs = [tensor for op in graph.get_operations() for tensor in op.outputs]

        with pytest.raises(ValueError):  # noqa: PT011 any of several
            tf.import_graph_def(message, input_map={f"{message.node[0].name}:0": outputs[0]})
        assert (graph.as_graph_def(), graph._names, graph.structure_version) == before
        assert [t.consumers() for o in graph.get_operations() for t in o.outputs] == consumers


@given(content=st.binary(max_size=60), data=st.data())
def test_bytes_that_were_changed_are_read_or_refused_but_do_no_harm(content, data):
    graph, _ = build_ours(data.draw(programs()))
    whole = graph.as_graph_def().SerializeToString()
    at = data.draw(st.integers(0, len(whole)))
    changed = whole[:at] + content + whole[at + len(content) :]
    try:
        message = protos.GraphDef.FromString(changed)
    except DecodeError:
        return
    with tf.Graph().as_default() as other:
        try:
            tf.import_graph_def(message)
        except (ValueError, errors.NotFoundError, errors.UnimplementedError):
            assert other.get_operations() == []


def test_a_constant_of_no_type_is_refused_by_name():
    with tf.Graph().as_default() as graph:
        tf.constant(1, name="one")
        message = graph.as_graph_def()
    message.node[0].attr["value"].tensor.dtype = 0
    with pytest.raises(ValueError, match="attr 'value' cannot be read: Cannot convert value 0"):
        tf.import_graph_def(message)


# --- where the operations go ------------------------------------------------------------------


def _with_names_taken(api):
    api.import_graph_def(_graph_def(api, placeholder("x") + placeholder("c/d")), name="")


def _graph_def(api, text):
    return parsed(text, protos if api is tf else api)


WHERE = {
    "under import": lambda api, message: api.import_graph_def(message),
    "under a name": lambda api, message: api.import_graph_def(message, name="net"),
    "at the root": lambda api, message: api.import_graph_def(message, name=""),
    "twice": lambda api, message: [api.import_graph_def(message) for _ in range(2)],
    "in a scope entered again": lambda api, message: [
        api.import_graph_def(message, name="net/") for _ in range(2)
    ],
    "beside what is there": lambda api, message: [
        _with_names_taken(api),
        api.import_graph_def(message, name=""),
    ],
}


@pytest.mark.tensorflow
@pytest.mark.paper("W-01", "W-07")
@pytest.mark.parametrize("where", sorted(WHERE))
def test_operations_get_the_names_that_tensorflow_gives(tensorflow, where):
    text = (
        placeholder("x", device="/gpu:1")
        + node("a", "x", attrs=CLASS)
        + placeholder("c", device="/job:ps")
        + placeholder("X")
        + placeholder("x_1")
        + node("z", "c", "^x", "^X", "^c")
    )
    found = []
    for api in (tf, tensorflow):
        with api.Graph().as_default() as graph:
            WHERE[where](api, _graph_def(api, text))
        found.append(facts(graph))

    assert found[0] == found[1]


@pytest.mark.tensorflow
@pytest.mark.paper("W-02", "W-12")
def test_the_scopes_around_an_import_apply_to_what_is_imported(tensorflow):
    text = (
        placeholder("b", device="/gpu:1")
        + node("a", "b")
        + node(
            "v",
            op="VariableV2",
            T="",
            attrs=attr("dtype", "type: DT_FLOAT") + attr("shape", "shape {}"),
        )
    )
    found = []
    for api in (tf, tensorflow):
        with api.Graph().as_default() as graph:
            x = api.import_graph_def(_graph_def(api, X), name="", return_elements=["x"])
            with (
                api.name_scope("s"),
                api.device("/job:ps/cpu:3"),
                api.control_dependencies(x),
                graph.gradient_override_map({"Neg": "Mine"}),
                api.container("box"),
            ):
                api.import_graph_def(_graph_def(api, text))
        made = {op.name: op for op in graph.get_operations()}
        found.append(
            (
                [(op.name, op.device) for op in made.values()],
                made["s/import/a"].get_attr("_gradient_op_type"),
                made["s/import/v"].get_attr("container"),
                [c.name for c in made["s/import/b"].control_inputs],
            )
        )

    assert found[0] == found[1]


def test_a_finalized_graph_takes_nothing():
    graph = tf.Graph()
    graph.finalize()

    with graph.as_default(), pytest.raises(RuntimeError, match="Graph is finalized"):
        tf.import_graph_def(parsed(X))


# --- input_map and return_elements --------------------------------------------------------------

MAPS = {
    "a value": lambda x: {"x:0": x},
    "a value by the operation's name": lambda x: {"x": x},
    "a control dependency": lambda x: {"^x": x},
    "both": lambda x: {"^x": x, "x": x},
    "a Python value": lambda x: {"x": 3.0},
    "what nobody takes": lambda x: {"a:0": x},
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("case", sorted(MAPS))
def test_input_map_replaces_what_it_replaces_in_tensorflow(tensorflow, case):
    text = X + node("a", "x", "^x") + node("b", "x")
    found = []
    for api in (tf, tensorflow):
        with api.Graph().as_default() as graph:
            mine = api.import_graph_def(
                _graph_def(api, placeholder("mine")), name="", return_elements=["mine:0"]
            )
            api.import_graph_def(_graph_def(api, text), input_map=MAPS[case](mine[0]))
        found.append(facts(graph))

    assert found[0] == found[1]


def test_input_map_may_stand_for_a_node_that_is_not_in_the_message():
    mine = ops.placeholder_op(dtype=dtypes.float32)
    (a,) = tf.import_graph_def(
        parsed(node("a", "gone:2", "^away")),
        input_map={"gone:2": mine, "^away": mine.op},
        return_elements=["a"],
    )

    assert list(a.inputs) == [mine]
    assert a.control_inputs == [mine.op]


WRONG_MAPS = {
    "a name that is not there": (
        lambda: {"zz:0": 3.0},
        ValueError,
        "not found in graph_def: [zz:0",
    ),
    "an output that is not there": (
        lambda: {"x:1": 3.0},
        ValueError,
        "not found in graph_def: [x:1",
    ),
    "a value of another type": (lambda: {"x:0": 3}, ValueError, "was passed int32 from"),
    "a malformed name": (lambda: {"x:y": 3.0}, ValueError, "Cannot convert 'x:y' to a tensor name"),
    "a key that is no string": (lambda: {3: 3.0}, TypeError, "strings"),
    "no dictionary": (lambda: [3], TypeError, "must be a dictionary"),
}


@pytest.mark.parametrize("case", sorted(WRONG_MAPS))
def test_a_wrong_input_map_is_refused(case):
    make, error, phrase = WRONG_MAPS[case]

    with pytest.raises(error, match=re.escape(phrase)):
        tf.import_graph_def(parsed(X + node("a", "x")), input_map=make())
    assert tf.get_default_graph().get_operations() == []


@pytest.mark.tensorflow
@pytest.mark.parametrize("case", sorted(WRONG_MAPS))
def test_tensorflow_refuses_the_same_input_maps(tensorflow, case):
    make, error, phrase = WRONG_MAPS[case]
    message = parsed(X + node("a", "x"), tensorflow)

    with tensorflow.Graph().as_default(), pytest.raises(error, match=re.escape(phrase)):
        tensorflow.import_graph_def(message, input_map=make())


def test_python_values_in_input_map_need_a_scope_for_their_constants():
    with pytest.raises(ValueError, match="requires a non-empty `name` if `input_map` contains"):
        tf.import_graph_def(parsed(X + node("a", "x")), input_map={"x": 3.0}, name="")


def test_input_map_takes_tensors_of_this_graph_only():
    with tf.Graph().as_default():
        other = ops.placeholder_op(dtype=dtypes.float32)

    with pytest.raises(ValueError, match="is not an element of this graph"):
        tf.import_graph_def(parsed(X + node("a", "x")), input_map={"x": other})


@pytest.mark.tensorflow
def test_return_elements_are_operations_and_tensors_in_the_order_asked_for(tensorflow):
    found = []
    for api in (tf, tensorflow):
        with api.Graph().as_default():
            elements = api.import_graph_def(
                _graph_def(api, X + node("a", "x")), return_elements=["a", "a:0", "x:0", b"x", "x"]
            )
        found.append([(type(each).__name__, each.name) for each in elements])

    assert [name for _, name in found[0]] == [name for _, name in found[1]]


def test_a_returned_element_that_was_mapped_is_what_took_its_place():
    mine = ops.placeholder_op(dtype=dtypes.float32)
    message = parsed(X + node("a", "x"))
    found = tf.import_graph_def(message, {"x:0": mine}, ["x:0", "x"])

    assert found[0] is mine
    assert found[1].name == "import/x"


@pytest.mark.parametrize(
    ("names", "error", "phrase"),
    [
        (["zz"], ValueError, "Requested return node 'zz' not found in graph def"),
        (["x:3"], ValueError, "Invalid return output 3 of node 'x', which has 1 output(s)"),
        (["x:y"], ValueError, "Cannot convert 'x:y' to a tensor name"),
        ([3], TypeError, "must be a list of strings"),
        (3, TypeError, "not iterable"),
    ],
)
def test_return_elements_that_are_not_there_are_refused(names, error, phrase):
    with pytest.raises(error, match=re.escape(phrase)):
        tf.import_graph_def(parsed(X), return_elements=names)
    assert tf.get_default_graph().get_operations() == []


# --- versions, libraries, writers that know more ------------------------------------------------


def test_a_graph_keeps_the_oldest_writer_and_the_youngest_reader_it_was_given():
    tf.import_graph_def(parsed("versions { producer: 27 min_consumer: 12 bad_consumers: 3 }"))
    tf.import_graph_def(parsed("versions { producer: 30 min_consumer: 11 bad_consumers: 2 }"))
    versions = tf.get_default_graph().graph_def_versions

    assert (versions.producer, versions.min_consumer) == (27, 12)
    assert list(versions.bad_consumers) == [2, 3]


FUNCTION = 'library { function { signature { name: "f" %s } } gradient { function_name: "f" } }'


def test_functions_pass_through():
    message = parsed(FUNCTION % "")
    tf.import_graph_def(message)
    tf.import_graph_def(message)

    assert tf.get_default_graph().as_graph_def().library == message.library


def test_two_functions_of_one_name_are_refused():
    tf.import_graph_def(parsed(FUNCTION % ""))

    with pytest.raises(ValueError, match="Cannot add function 'f' because a different function"):
        tf.import_graph_def(parsed(FUNCTION % "is_stateful: true"))


def test_attributes_of_a_newer_writer_are_left_out_where_they_have_their_default():
    newer = 'op { name: "Neg" attr { name: "speed" type: "int" default_value { i: 3 } } }'
    op_list = text_format.Parse(newer, protos.OpList())
    fast = parsed(X + node("a", "x", attrs=attr("speed", "i: 3")))
    blank = parsed(X + node("a", "x", attrs=attr("grad_x", "b: false") + attr("names", "list {}")))

    tf.import_graph_def(fast, producer_op_list=op_list)
    tf.import_graph_def(blank)
    with pytest.raises(ValueError, match="mentions attr 'speed'"):
        tf.import_graph_def(
            parsed(X + node("a", "x", attrs=attr("speed", "i: 4"))), producer_op_list=op_list
        )


def test_missing_attributes_get_their_defaults():
    text = 'node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } }'
    (x,) = tf.import_graph_def(parsed(text), return_elements=["x:0"])

    assert x.op.attrs == {"dtype": dtypes.float32, "shape": Shape.unknown()}


def test_shapes_that_the_writer_knew_are_kept_as_knowledge_not_as_an_attribute():
    shapes = attr("_output_shapes", "list { shape { dim { size: 3 } dim { size: -1 } } }")
    (a,) = tf.import_graph_def(parsed(X + node("a", "x", attrs=shapes)), return_elements=["a:0"])

    assert a.shape.as_list() == [3, None]
    assert "_output_shapes" not in a.op.attrs


def test_functions_as_attributes_pass_through():
    value = Function("g", (("T", dtypes.float32),))
    x = ops.placeholder_op(dtype=dtypes.float32, name="x")
    x.op._set_attr("_f", value)
    again = tf.Graph()
    message = tf.get_default_graph().as_graph_def()
    with again.as_default():
        tf.import_graph_def(message, name="")

    assert again.get_operation_by_name("x").attrs["_f"] == value


# --- loops --------------------------------------------------------------------------------------


LOOP = (
    X
    + node("next", "merge", op="NextIteration")
    + node("merge", "x", "next", op="Merge", attrs=attr("N", "i: 2"))
)


@pytest.mark.paper("W-01")
def test_the_back_edge_of_a_loop_is_joined_last():
    merge, following = tf.import_graph_def(parsed(LOOP), return_elements=["merge", "next"])

    assert list(merge.inputs) == [
        merge.graph.get_tensor_by_name("import/x:0"),
        following.outputs[0],
    ]
    assert following.inputs[0] is merge.outputs[0]
    assert following.outputs[0].consumers() == [merge]


def test_a_loop_that_is_written_can_be_read_again():
    tf.import_graph_def(parsed(LOOP), name="")
    message = tf.get_default_graph().as_graph_def()
    with tf.Graph().as_default() as again:
        tf.import_graph_def(message, name="")

    assert sorted(facts(again)) == sorted(facts(tf.get_default_graph()))


def test_a_back_edge_of_another_type_is_refused():
    text = (
        X
        + placeholder("y").replace("DT_FLOAT", "DT_INT32")
        + node("next", "y", op="NextIteration", T="DT_INT32")
        + node("merge", "x", "next", op="Merge", attrs=attr("N", "i: 2"))
    )

    with pytest.raises(ValueError, match="was passed int32 from import/next:0 incompatible"):
        tf.import_graph_def(parsed(text))
    assert tf.get_default_graph().get_operations() == []
