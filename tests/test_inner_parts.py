"""Parts of graphs that unit tests of TensorFlow look at: references, edges, scopes, phrases."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf import dtypes
from minitf.function_graph import FunctionGraph
from minitf.shapes import UNKNOWN, Shape, merge


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


@pytest.mark.parametrize("make", [lambda: tf.constant(1), lambda: tf.Variable(1)])
def test_a_reference_leads_back_and_is_equal_to_others_to_the_same(make):
    one, other = make(), make()

    assert one.experimental_ref().deref() is one
    assert len({one.experimental_ref(), one.experimental_ref(), other.experimental_ref()}) == 2
    assert one.experimental_ref() != one


def test_a_consumer_counts_once_for_each_input():
    x, y = tf.constant(1), tf.constant(2)
    z = x + x

    assert x.consumers() == [z.op, z.op]
    z.op._update_input(0, y)
    assert x.consumers() == y.consumers() == [z.op]


def test_control_inputs_are_added_once_and_removed():
    x, y, z = (tf.constant(i).op for i in range(3))
    z._add_control_inputs([x, y, y, x])

    assert z.control_inputs == [x, y]
    assert x._control_outputs == [z]
    z._remove_all_control_inputs()
    assert not z.control_inputs
    assert not x._control_outputs


def test_a_tensor_says_its_place_and_sizes():
    parts = tf.split(tf.zeros([2, 3]), 2)

    assert parts[1]._as_node_def_input() == parts[1].name
    assert f"{parts[0]._as_node_def_input()}:0" == parts[0].name
    assert parts[0]._shape_tuple() == (1, 3)
    assert tf.placeholder(tf.float32)._shape_tuple() is None


def test_types_of_references_have_names_of_their_own():
    assert dtypes.float32_ref is tf.float32._as_ref
    assert dtypes.float32_ref._is_ref_dtype
    assert not tf.float32._is_ref_dtype
    with pytest.raises(AttributeError, match="nothing_ref"):
        dtypes.nothing_ref  # noqa: B018


def test_an_attribute_scope_gives_operations_attributes(graph):
    with graph._attr_scope({"_mark": tf.AttrValue(i=7)}):
        marked = tf.constant(1)

    assert marked.op.get_attr("_mark") == 7
    with pytest.raises(ValueError, match="no attr named '_mark'"):
        tf.constant(1).op.get_attr("_mark")


def test_an_initial_scope_is_outside_of_everything(graph):
    with tf.control_dependencies([tf.constant(1)]):
        inside = tf.constant(2)
        with tf.init_scope():
            outside = tf.constant(3)
    function = FunctionGraph("f", graph)
    with function.as_default():
        assert tf.constant(1).graph is function
        with tf.init_scope():
            assert tf.constant(1).graph is graph

    assert inside.op.control_inputs
    assert not outside.op.control_inputs


def test_a_variable_says_which_part_it_is_of_a_larger_one():
    whole = tf.get_variable("w", [3], partitioner=tf.fixed_size_partitioner(2))
    first, second = whole
    assert first._get_save_slice_info().spec == "3 0,2"
    second._set_save_slice_info(None)
    assert second._get_save_slice_info() is None
    with pytest.raises(ValueError, match="Partitioner wants 4 parts of a dimension of size 3"):
        tf.get_variable("v", [3], partitioner=lambda **_: [4])


def test_merged_shapes_say_which_dimension_differs():
    assert merge(Shape([2, UNKNOWN]), Shape([UNKNOWN, 3])) == Shape([2, 3])
    with pytest.raises(
        tf.errors.InvalidArgumentError,
        match=r"Dimension 1 in both shapes must be equal, but are 3 and 4\. "
        r"Shapes are \[\?,3\] and \[2,4\]\.",
    ):
        merge(Shape([UNKNOWN, 3]), Shape([2, 4]))


STATIC = tf.TensorShape([1, 2])
REFUSED = {
    "Fill dimensions must be >= 0": lambda: tf.fill([2, -1], 0.0),
    r"with input shapes: \[2,3\], \[2,3\]": lambda: tf.matmul(tf.ones([2, 3]), tf.ones([2, 3])),
    r"but are 2 and 3\. Shapes are \[2\] and \[3\]\.": lambda: tf.concat(
        [tf.ones([2, 2]), tf.ones([2, 3])], 0
    ),
    "but are 2 and 3.*\n.*From merging shape 0 with other": lambda: tf.stack(
        [[1, 2], [1, 2, 3]], 1
    ),
    "Dimension must be 3 but is 2": lambda: tf.unstack(tf.ones([2]), 3),
    r"squeeze_dims\[0\] not in \[-1,1\)": lambda: tf.squeeze(tf.ones([1]), [4]),
    "Indices and updates specified for empty output": lambda: tf.scatter_nd([[0]], [1.0], [0]),
    r"The inner 1 dimensions of input\.shape=": lambda: tf.scatter_nd([[0]], [[1.0, 2.0]], [3, 3]),
    r"Shapes \(\) and \(2,\) are incompatible": lambda: tf.get_variable(
        "r", [], use_resource=True
    ).assign([1.0, 2.0]),
    "Dimensions 2 and 3 are not compatible": lambda: tf.data.Dataset.from_tensor_slices(
        ([1, 2], [1, 2, 3])
    ),
    r"Shape \(1,\) must have rank 2": lambda: tf.SparseTensor([1], [1], [1]),
    "Dimensions 1 and 2 are not compatible": lambda: tf.SparseTensor([[1]], [1, 2], [1]),
    r"Shapes \(1, 2\) and \(1, 3\) are not compatible": lambda: STATIC.merge_with([1, 3]),
    "Steps are not yet handled": lambda: STATIC[::2],
    "Structure is a scalar but": lambda: tf.nest.pack_sequence_as(1, [1, 2]),
    "Argument must be a dense tensor": lambda: tf.constant([[1], [1, 2]]),
    "Expected func to be callable": lambda: tf.py_func(1, [], tf.float32),
    r"Boundaries \(<dtype: 'float32'>\) must have": lambda: tf.train.piecewise_constant(
        tf.constant(1), [1.0], [1.0, 2.0]
    ),
    "Requested return tensor 'a:0' not found": lambda: tf.import_graph_def(
        tf.GraphDef(), return_elements=["a:0"]
    ),
}


@pytest.mark.parametrize("phrase", REFUSED)
def test_values_that_do_not_fit_are_refused_in_tensorflows_phrase(phrase):
    with pytest.raises(ValueError, match=phrase):
        REFUSED[phrase]()


def test_a_resource_variable_without_a_value_says_that_it_is_one():
    variable = tf.get_variable("r", [], use_resource=True)
    with (
        tf.Session() as session,
        pytest.raises(
            tf.errors.FailedPreconditionError, match="Error while reading resource variable r"
        ),
    ):
        session.run(variable.read_value())


@pytest.mark.parametrize(
    ("misuse", "error", "phrase"),
    [
        (iter, TypeError, "iterating over a `tf.Tensor` is not allowed in Graph execution"),
        (bool, TypeError, "using it as a Python bool is not allowed in Graph execution"),
        (len, TypeError, r"not well defined for x:0"),
        (lambda x: tf.convert_to_tensor(x.op), TypeError, "Can't convert Operation 'x' to Tensor"),
        (np.array, NotImplementedError, "Cannot convert a symbolic Tensor"),
    ],
)
def test_what_a_graph_cannot_know_yet_is_refused(misuse, error, phrase):
    x = tf.placeholder(tf.float32, [2], name="x")
    with pytest.raises(error, match=phrase):
        misuse(x)
