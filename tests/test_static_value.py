"""Values known while the graph is built: TensorFlow's, or less; shapes that follow from them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import dtypes, ops
from minitf.shapes import UNKNOWN, Shape, known
from minitf.static_value import MOST_ELEMENTS, constant_value, static_value


def placeholder(shape=None, dtype="float32"):
    return ops.placeholder_op(dtype=dtypes.as_dtype(dtype), shape=Shape(shape))


def constant(value, dtype=np.int32):
    return tf.convert_to_tensor(np.array(value, dtype))


# --- random sums of sizes -----------------------------------------------------------------------


@st.composite
def expressions(draw, depth=3):
    """Draw an expression over the sizes of two placeholders and constants, as nested tuples."""
    if depth == 0 or draw(st.booleans()):
        return draw(
            st.sampled_from([("size", 0), ("size", 1), ("size", 2), ("const", 3), ("const", -1)])
        )
    op = draw(st.sampled_from(["AddV2", "Sub", "Mul", "FloorDiv", "Maximum", "Minimum"]))
    return op, draw(expressions(depth - 1)), draw(expressions(depth - 1))


def build(api, expression, shape):
    """Build an expression; `shape` is the vector of sizes."""
    kind, *parts = expression
    if kind == "size":
        return api["StridedSlice"](shape, parts[0])
    if kind == "const":
        return api["constant"](parts[0])
    return api[kind](build(api, parts[0], shape), build(api, parts[1], shape))


def ours():
    names = ("AddV2", "Sub", "Mul", "FloorDiv", "Maximum", "Minimum")
    return {name: ops.find_op(name) for name in names} | {
        "constant": constant,
        "StridedSlice": lambda x, i: ops.strided_slice_op(x, [i], [i + 1], [1], shrink_axis_mask=1),
        "Pack": ops.pack_op,
        "Reshape": ops.reshape_op,
        "Shape": ops.shape_op,
    }


def theirs(tensorflow):
    return {
        "AddV2": tensorflow.add,
        "Sub": tensorflow.subtract,
        "Mul": tensorflow.multiply,
        "FloorDiv": tensorflow.floordiv,
        "Maximum": tensorflow.maximum,
        "Minimum": tensorflow.minimum,
        "constant": tensorflow.constant,
        "StridedSlice": lambda x, i: x[i],
        "Pack": tensorflow.stack,
        "Reshape": tensorflow.reshape,
        "Shape": tensorflow.shape,
    }


SIZES = st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=3, max_size=3)


@given(
    expression=expressions(),
    sizes=SIZES,
    actual=st.lists(st.integers(0, 4), min_size=3, max_size=3),
)
def test_what_is_known_is_what_the_run_gives(expression, sizes, actual):
    actual = [n if size is None else size for n, size in zip(actual, sizes, strict=True)]
    with tf.Graph().as_default() as graph:
        x = placeholder(sizes)
        value = build(ours(), expression, ops.shape_op(x))
        found = static_value(value)
        full = evaluate(graph, {x: np.zeros(actual, np.float32)}).get(value)

    assert found is None or found[()] is UNKNOWN or full is None or found[()] == full


def evaluate(graph, feeds):
    """Compute every tensor by the bodies; a division by zero ends it."""
    values = dict(feeds)
    for op in graph.get_operations():
        if op.outputs[0] in values:
            continue
        attrs = {name: op.attrs[name] for name in op.definition.explicit_attrs}
        try:
            values[op.outputs[0]] = op.definition.body(*[values[t] for t in op.inputs], **attrs)
        except tf.errors.InvalidArgumentError:
            break
    return values


@pytest.mark.tensorflow
@given(first=expressions(), second=expressions(), sizes=SIZES)
def test_shapes_computed_from_sizes_are_no_less_known_than_in_tensorflow(
    tensorflow, first, second, sizes
):
    found = []
    for api, tools in ((tf, ours()), (tensorflow, theirs(tensorflow))):
        with api.Graph().as_default():
            x = placeholder(sizes) if api is tf else api.placeholder(api.float32, sizes)
            shape = tools["Shape"](x)
            target = tools["Pack"]([build(tools, first, shape), build(tools, second, shape)])
            try:
                flat = placeholder() if api is tf else api.placeholder(api.float32)
                found.append(tools["Reshape"](flat, target).shape.as_list())
            except ValueError:
                found.append("refused")
    mine, other = found

    if other == "refused":
        return
    assert mine == "refused" or all(b is None or a == b for a, b in zip(mine, other, strict=True))
    assert mine != "refused" or None in other or min(other) < 0


# --- laws ---------------------------------------------------------------------------------------


def test_a_shape_with_an_unknown_size_is_known_in_part():
    x = placeholder([None, 784])
    rows = ops.strided_slice_op(ops.shape_op(x), [0], [1], [1], shrink_axis_mask=1)
    y = ops.reshape_op(x, ops.pack_op([rows, constant(28), constant(28)]))

    assert y.shape.as_list() == [None, 28, 28]
    assert static_value(ops.shape_op(x)).tolist() == [UNKNOWN, 784]
    assert constant_value(ops.shape_op(x)) is None
    assert constant_value(ops.shape_op(placeholder([2, 3]))).tolist() == [2, 3]


def test_an_integer_vector_of_known_length_has_as_many_unknowns():
    n = placeholder([3], "int32")

    assert [known(each) for each in static_value(n)] == [False] * 3
    assert static_value(placeholder([None], "int32")) is None
    assert static_value(placeholder([3])) is None
    assert ops.reshape_op(placeholder(), n).shape.as_list() == [None, None, None]


def test_values_are_remembered():
    x = ops.shape_op(placeholder([2, None]))

    assert static_value(x) is static_value(x)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ops.range_op(0, 10**9, 1),
        lambda: ops.fill_op([10**5, 10**5], 1),
        lambda: ops.range_op(np.int64(0), np.int64(10**15), np.int64(1)),
        lambda: constant(np.zeros(MOST_ELEMENTS + 1)),
        lambda: placeholder([10**6, 10**6], "int32"),
        lambda: ops.concat_v2_op([constant(np.zeros(MOST_ELEMENTS))] * 2, 0),
    ],
)
def test_large_values_are_not_followed(make):
    assert static_value(make()) is None


def test_what_is_known_of_both_sides_tells_whether_they_are_equal():
    sizes = ops.shape_op(placeholder([2, 3]))

    assert constant_value(tf.equal(sizes, [2, 4])).tolist() == [True, False]
    assert constant_value(tf.not_equal("a", "b")).tolist() is True
    assert constant_value(tf.equal(placeholder(), 1.0)) is None


def test_a_constant_is_known_however_large():
    large = np.arange(5000, dtype=np.float32)

    assert tf.get_static_value(constant(large, np.float32)).tolist() == large.tolist()


def test_a_long_chain_is_followed_to_its_start():
    n = constant(1)
    for _ in range(3000):
        n = ops.add_v2_op(n, 1)

    assert constant_value(n) == 3001
    assert ops.reshape_op(placeholder(), ops.pack_op([n])).shape.as_list() == [3001]


@pytest.mark.tensorflow
@pytest.mark.parametrize("partial", [False, True])
def test_the_public_function_tells_what_tensorflow_tells(tensorflow, partial):
    from tensorflow.python.framework import tensor_util

    def values(api, get, tools):
        with api.Graph().as_default():
            x = placeholder([2, None]) if api is tf else api.placeholder(api.float32, [2, None])
            shape = tools["Shape"](x)
            tensors = [
                tools["constant"](3),
                shape,
                tools["Pack"]([tools["StridedSlice"](shape, 0), tools["constant"](5)]),
                tools["AddV2"](tools["constant"](1), tools["constant"](2)),
            ]
            return [None if (v := get(t)) is None else np.asarray(v).tolist() for t in tensors]

    mine = values(tf, lambda t: tf.get_static_value(t, partial), ours())
    other = values(tensorflow, lambda t: tensor_util.constant_value(t, partial), theirs(tensorflow))

    for known_here, known_there in zip(mine, other, strict=True):
        assert known_here == known_there or known_there in (None, [None, 5])  # or more is known
    assert mine == [3, [2, None] if partial else None, [2, 5], 3]


@pytest.mark.tensorflow
def test_a_branch_knows_shapes_of_whole_numbers_that_it_captures(tensorflow):
    def shapes(tf):
        seen = []
        with tf.Graph().as_default():
            size = tf.reduce_prod(tf.constant([], tf.int32))
            flat = tf.placeholder(tf.float32, [None])

            def branch():
                made = tf.reshape(flat, [3, size, 2])
                seen.append(made.shape.as_list())
                tf.while_loop(
                    lambda i: i < 2,
                    lambda i: (seen.append(tf.reshape(flat, [size, -1]).shape.as_list()), i + 1)[1],
                    [0],
                )
                return made

            for pred in (tf.constant(6) > 1, tf.placeholder(tf.bool)):
                tf.cond(pred, branch, lambda: tf.zeros([3, 1, 2]))
        return seen

    taken, maybe = [[3, 1, 2], [1, None]], [[3, None, 2], [None, None]]
    assert shapes(tf) == shapes(tensorflow) == [*taken, *maybe]
