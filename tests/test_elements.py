"""Finding what a user means by an object or a name, and TensorFlow's errors where nothing is."""

import pytest

import minitf as tf
from minitf import dtypes, ops


class Handle:
    """Stands for an element, as a Variable does."""

    def __init__(self, element):
        self._element = element

    def _as_graph_element(self):
        return self._element


NAMES = (
    *("x", "x:0", "x:1", "x:01", "x:", ":0", "x:a", "x:-1", "x:0:0", "y", "y:0", "", "no", "no:0"),
    *("^x", "a/x", "a/x:0", "X", b"x", b"x:0", "stop", "stop:0", "x:0 ", "x ", ":", "a/"),
)


def build(api):
    """Make x, stop (without outputs) and a/x."""
    if api is tf:
        x = ops.placeholder_op(dtype=dtypes.float32, name="x")
        ops.no_op_op(name="stop")
        ops.placeholder_op(dtype=dtypes.float32, name="a/x")
    else:
        x = api.placeholder(api.float32, name="x")
        api.no_op(name="stop")
        api.placeholder(api.float32, name="a/x")
    return x


def outcome(call):
    """Return the name of what is found, or the error's type and phrase."""
    try:
        return call().name
    except (TypeError, ValueError, KeyError) as error:
        kind = type(error).__mro__[-4] if isinstance(error, KeyError) else type(error)
        phrase = str(error).split("\n")[0]
        return kind.__name__, phrase.replace("SymbolicTensor", "Tensor")


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("allow", [(True, True), (True, False), (False, True)])
def test_a_name_means_what_it_means_in_tensorflow(tensorflow, name, allow):
    found = []
    for api in (tf, tensorflow):
        with api.Graph().as_default() as graph:
            build(api)
            found.append(outcome(lambda graph=graph: graph.as_graph_element(name, *allow)))

    assert found[0] == found[1]


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", [*NAMES, 3, None])
@pytest.mark.parametrize("method", ["get_tensor_by_name", "get_operation_by_name"])
def test_lookups_by_name_answer_as_in_tensorflow(tensorflow, name, method):
    found = []
    for api in (tf, tensorflow):
        with api.Graph().as_default() as graph:
            build(api)
            found.append(outcome(lambda graph=graph: getattr(graph, method)(name)))

    assert found[0] == found[1]


@pytest.mark.tensorflow
@pytest.mark.parametrize("allow", [(True, True), (True, False), (False, True)])
@pytest.mark.parametrize(
    "make",
    [
        lambda x: x,
        lambda x: x.op,
        Handle,
        lambda x: Handle(x.op),
        lambda x: 3,
        lambda x: None,
        lambda x: [x],
    ],
)
def test_an_object_means_what_it_means_in_tensorflow(tensorflow, make, allow):
    found = []
    for api in (tf, tensorflow):
        with api.Graph().as_default() as graph:
            obj = make(build(api))
            found.append(outcome(lambda graph=graph, o=obj: graph.as_graph_element(o, *allow)))

    assert found[0] == found[1]


def test_an_element_of_another_graph_names_both_graphs_and_their_lines():
    with tf.Graph().as_default():
        x = build(tf)

    with pytest.raises(ValueError, match="is not an element of this graph") as caught:
        tf.Graph().as_graph_element(x)
    assert str(caught.value).count("test_elements.py") == 3


def test_nothing_can_be_found_where_neither_kind_is_allowed():
    with pytest.raises(ValueError, match="allow_tensor and allow_operation can't both be False"):
        tf.get_default_graph().as_graph_element("x", allow_tensor=False, allow_operation=False)
