"""Arithmetic, operators, reductions and products build TensorFlow's graphs; and their messages."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np
import pytest
from same_graph import assert_same_graph, assert_same_results, fed

import minitf

RNG = np.random.default_rng(7)
X = RNG.standard_normal((3, 4), np.float32)
Y = np.abs(RNG.standard_normal((3, 4), np.float32)) + 0.5
CUBE = RNG.standard_normal((2, 3, 4), np.float32)
INTS = np.int32([[7, -7, 2], [9, 4, -5]])
ONES = np.int32([[2, 2, 3], [-4, 3, 3]])
Z = (X + 1j * Y).astype(np.complex64)
TRUTHS = np.array([[True, False], [True, True]])

BINARY = [
    *("add", "subtract", "multiply", "maximum", "minimum", "squared_difference", "pow", "truediv"),
    *("divide", "div", "realdiv", "floordiv", "floor_div", "mod", "floormod", "div_no_nan"),
    *("atan2", "equal", "not_equal", "less", "less_equal", "greater", "greater_equal"),
]
UNARY = [
    *("negative", "abs", "sign", "square", "sqrt", "rsqrt", "reciprocal", "exp", "expm1", "log"),
    *("log1p", "sin", "cos", "tan", "atan", "sinh", "cosh", "asinh", "sigmoid", "tanh", "erf"),
    *("log_sigmoid", "erfc", "floor", "ceil", "round", "rint", "is_nan", "is_inf", "is_finite"),
    *("real", "imag", "conj"),
]
REDUCTIONS = ["sum", "mean", "prod", "max", "min"]


def graphs():
    """Walk (name, function of the library): what is left unknown is part of the case."""
    for name in BINARY:
        yield name, lambda tf, n=name: getattr(tf, n)(fed(tf, Y), fed(tf, np.abs(X)))
        yield f"{name} of a number", lambda tf, n=name: getattr(tf, n)(fed(tf, Y), 2.0, name="n")
    for name in UNARY:
        yield name, lambda tf, n=name: getattr(tf, n)(fed(tf, Y, [None, 4]))
        if name != "sign":  # whose constant has another name since 2.x
            yield f"{name} of a list", lambda tf, n=name: getattr(tf, n)([0.5, 2.0])
    for name in REDUCTIONS:
        reduce = f"reduce_{name}"
        yield reduce, lambda tf, n=reduce: getattr(tf, n)(fed(tf, CUBE))
        yield (
            f"{reduce} of rows",
            lambda tf, n=reduce: getattr(tf, n)(fed(tf, CUBE, [None, 3, 4]), 1, keepdims=True),
        )
        yield (
            f"{reduce} of unknown rank",
            lambda tf, n=reduce: getattr(tf, n)(fed(tf, CUBE, tf.TensorShape(None)), name="r"),
        )
        yield (
            f"{reduce} by old names",
            lambda tf, n=reduce: getattr(tf, n)(
                fed(tf, CUBE), reduction_indices=[0, -1], keep_dims=True
            ),
        )
    for name in ("all", "any"):
        yield name, lambda tf, n=name: getattr(tf, f"reduce_{n}")(fed(tf, TRUTHS), 1)
    for name in ("logical_and", "logical_or", "logical_xor"):
        yield name, lambda tf, n=name: getattr(tf, n)(fed(tf, TRUTHS), fed(tf, TRUTHS[::-1]))


def in_a_scope(tf):
    with tf.name_scope("layer"):
        x = fed(tf, X)
        return tf.sigmoid(x * 2 + 1) + (x - 1) * 2


GRAPHS = dict(graphs()) | {
    "x + 1": lambda tf: fed(tf, X) + 1,
    "1 - x": lambda tf: 1 - fed(tf, X),
    "x * y": lambda tf: fed(tf, X) * fed(tf, Y, [None, 4]),
    "x / y": lambda tf: fed(tf, X) / fed(tf, Y),
    "integers / 2": lambda tf: fed(tf, INTS) / 2,
    "7 / integers": lambda tf: 7 / fed(tf, INTS),
    "x // 2": lambda tf: fed(tf, X) // 2,
    "integers // integers": lambda tf: fed(tf, INTS) // fed(tf, ONES),
    "integers % integers": lambda tf: fed(tf, INTS) % fed(tf, ONES),
    "x ** 2": lambda tf: fed(tf, X) ** 2,
    "2 ** x": lambda tf: 2 ** fed(tf, X),
    "x @ y": lambda tf: fed(tf, X) @ fed(tf, Y.T),
    "matrix @ tensor": lambda tf: X.T @ fed(tf, X),
    "-abs(x)": lambda tf: -abs(fed(tf, X)),
    "x > 0": lambda tf: fed(tf, X) > 0,
    "0 <= x": lambda tf: 0 <= fed(tf, X),  # noqa: SIM300 the reflected operator
    "truths": lambda tf: ~fed(tf, TRUTHS) & fed(tf, TRUTHS) | True,
    "x ^ y": lambda tf: fed(tf, TRUTHS) ^ fed(tf, TRUTHS[::-1]),
    "expression in a scope": in_a_scope,
    "array + tensor": lambda tf: X + fed(tf, X),
    "float64 + number": lambda tf: fed(tf, X.astype(np.float64)) + 0.1,
    "truncatediv": lambda tf: tf.truncatediv(fed(tf, INTS), fed(tf, ONES)),
    "round of integers": lambda tf: tf.round(fed(tf, INTS)),
    "xlogy": lambda tf: tf.math.xlogy(fed(tf, X), fed(tf, Y)),
    "xdivy": lambda tf: tf.math.xdivy(fed(tf, X), fed(tf, Y), name="quotient"),
    "divide_no_nan": lambda tf: tf.math.divide_no_nan(fed(tf, X), 0.0),
    "multiply_no_nan": lambda tf: tf.math.multiply_no_nan(fed(tf, X), fed(tf, Y)),
    "scalar_mul": lambda tf: tf.scalar_mul(3.0, fed(tf, X)),
    "add_n": lambda tf: tf.add_n([fed(tf, X), X, fed(tf, Y)]),
    "add_n of one": lambda tf: tf.add_n([fed(tf, X)], name="one"),
    "complex": lambda tf: tf.complex(fed(tf, X), fed(tf, Y)),
    "abs of complex": lambda tf: abs(fed(tf, Z)),
    "parts": lambda tf: (tf.real(fed(tf, Z)), tf.imag(fed(tf, Z)), tf.angle(fed(tf, Z))),
    "conj": lambda tf: tf.conj(fed(tf, Z)),
    "is_close": lambda tf: tf.abs(fed(tf, X) - fed(tf, Y)) < 1e-3,
    "argmax": lambda tf: tf.argmax(fed(tf, X, [None, 4]), 1),
    "argmin": lambda tf: tf.argmin(fed(tf, CUBE), output_type=tf.int32, name="least"),
    "argmax by its old name": lambda tf: tf.argmax(fed(tf, CUBE), dimension=-1),
    "arg_max": lambda tf: tf.arg_max(fed(tf, X), 0),
    "cumsum": lambda tf: tf.cumsum(fed(tf, X), 1, exclusive=True, reverse=True),
    "cumprod": lambda tf: tf.cumprod(fed(tf, X)),
    "count_nonzero": lambda tf: tf.count_nonzero(fed(tf, INTS), 1, dtype=tf.int32),
    "count_nonzero of all": lambda tf: tf.count_nonzero(fed(tf, X), keepdims=True),
    "reduce_std": lambda tf: tf.math.reduce_std(fed(tf, CUBE), [0, 2]),
    "reduce_variance": lambda tf: tf.math.reduce_variance(fed(tf, X), keepdims=True, name="v"),
    "reduce_euclidean_norm": lambda tf: tf.math.reduce_euclidean_norm(fed(tf, X), 0),
    "reduce_sum of a list": lambda tf: tf.reduce_sum([1.0, 2.0]),
    "reduce_sum over a tensor's axis": lambda tf: tf.reduce_sum(
        fed(tf, CUBE), fed(tf, np.array(1, np.int32))
    ),
    "matmul": lambda tf: tf.matmul(fed(tf, X, [None, 4]), fed(tf, Y), transpose_b=True),
    "matmul of arrays": lambda tf: tf.matmul(X, Y.T, name="product"),
    "matmul adjoint": lambda tf: tf.matmul(fed(tf, Z), fed(tf, Z), adjoint_a=True),
    "matmul of batches": lambda tf: tf.matmul(fed(tf, CUBE), fed(tf, Y), transpose_b=True),
    "matmul of complex batches": lambda tf: tf.matmul(
        fed(tf, Z[None]), fed(tf, Z[None]), transpose_a=True
    ),
    "matmul of unknown rank": lambda tf: tf.matmul(fed(tf, X, tf.TensorShape(None)), Y.T),
    "tensordot": lambda tf: tf.tensordot(fed(tf, CUBE), fed(tf, Y), [[2], [1]]),
    "tensordot of the last axes": lambda tf: tf.tensordot(fed(tf, CUBE), fed(tf, X), 2),
    "outer product": lambda tf: tf.tensordot(fed(tf, X), fed(tf, Y), 0),
    "tensordot of unknown sizes": lambda tf: tf.tensordot(
        fed(tf, CUBE, [None, 3, None]), fed(tf, Y, [3, None]), [[1, 2], [0, 1]]
    ),
    "tensordot of a known and an unknown": lambda tf: tf.tensordot(
        fed(tf, CUBE, [None, 3, 4]), fed(tf, Y.T), [[2], [0]], name="dot"
    ),
    "segment_sum": lambda tf: tf.segment_sum(fed(tf, X), [0, 0, 2]),
    "unsorted_segment_sum": lambda tf: tf.unsorted_segment_sum(fed(tf, X), [1, 0, 1], 3),
}


@pytest.mark.tensorflow
@pytest.mark.paper("O-02")
@pytest.mark.parametrize("name", sorted(GRAPHS))
def test_a_function_builds_the_graph_that_tensorflow_builds(name, tensorflow):
    assert_same_graph(tensorflow, GRAPHS[name])


TABLE = Path(__file__).parents[1] / "data" / "signatures_1_15.txt"
MODULES = [
    f"minitf.api.{name}" for name in ("comparison", "elementary", "math", "matmul", "reductions")
]


def public_functions():
    """Walk (public name, function) of the modules tested here."""
    for module, names in minitf._NAMES.items():
        if module in MODULES:
            yield from ((f"tf.{entry.partition('=')[0]}") for entry in names.split())


@pytest.mark.parametrize("name", sorted(public_functions()))
def test_a_function_has_the_arguments_of_1_15(name):
    lines = [line for line in TABLE.read_text().splitlines() if line.startswith(f"{name}(")]
    function = getattr(minitf, name.removeprefix("tf."))
    shown = [
        each.name if each.default is each.empty else f"{each.name}={each.default}"
        for each in inspect.signature(function).parameters.values()
    ]

    assert [f"{name}({', '.join(shown)})"] == lines


# --- what 1.15 does otherwise than newer TensorFlow ----------------------------------------------


def test_logsumexp_builds_the_nodes_of_1_15_and_does_not_overflow():
    x = minitf.constant([[1000.0, 1000.0], [-np.inf, -np.inf]])
    total = minitf.reduce_logsumexp(x, 1)
    with minitf.Session() as session:
        values = session.run(total)

    np.testing.assert_allclose(values, [1000 + np.log(2), -np.inf], rtol=1e-6)
    assert total.op.name == "ReduceLogSumExp/Add"
    names = {op.name.removeprefix("ReduceLogSumExp/") for op in x.graph.get_operations()}
    assert {"Max", "IsFinite", "Select", "zeros_like", "StopGradient", "Exp", "Log"} <= names


def test_accumulate_n_states_the_shape_that_its_inputs_have_together():
    known, unknown = minitf.zeros([2, 3]), minitf.placeholder(minitf.float32, [None, 3])
    total = minitf.accumulate_n([unknown, known], name="total")

    assert total.op.type == "AccumulateNV2"
    assert total.shape.as_list() == [2, 3]
    with pytest.raises(TypeError, match="tensor_dtype is"):
        minitf.accumulate_n([known, known], tensor_dtype=minitf.int32)


# --- messages ------------------------------------------------------------------------------------


@pytest.mark.paper("W-04")
def test_types_that_differ_are_both_named():
    x, n = minitf.placeholder(minitf.float32), minitf.placeholder(minitf.int32)

    with pytest.raises(TypeError, match=r"has type int32 that does not match type float32 of arg"):
        x + n
    with pytest.raises(TypeError, match=r"has type float32 that does not match type int32 of arg"):
        n + 1.5
    with pytest.raises(TypeError, match="x and y must have the same dtype"):
        x / n
    with pytest.raises(TypeError, match=r"Expected int32, got 1\.5 of type 'float' instead"):
        1.5 + n


def test_an_operand_that_knows_the_operator_is_asked():
    class Knowing:
        def __radd__(self, other):
            return "asked"

    assert minitf.placeholder(minitf.float32) + Knowing() == "asked"


@pytest.mark.tensorflow
def test_functions_that_keep_zeros_map_the_values_of_sparse_tensors(tensorflow):
    def mapped(tf):
        sparse = tf.SparseTensor([[0], [2]], [0.5, 2.0], [4])
        functions = (tf.abs, tf.negative, tf.sign, tf.square, tf.sqrt, tf.erf, tf.tanh)
        results = [function(sparse, name="f") for function in functions]
        return [part for each in results for part in (each.indices, each.values, each.dense_shape)]

    assert_same_results(tensorflow, mapped)


def test_an_argument_is_not_given_under_both_its_names():
    x = minitf.placeholder(minitf.float32, [2])

    with pytest.raises(ValueError, match="Cannot specify both 'reduction_indices' and 'axis'"):
        minitf.reduce_sum(x, axis=0, reduction_indices=0)
    with pytest.raises(ValueError, match="Cannot specify both 'keep_dims' and 'keepdims'"):
        minitf.reduce_mean(x, keepdims=True, keep_dims=True)


def test_strings_are_joined_by_plus():
    with minitf.Session() as session:
        assert session.run(minitf.constant("a") + "b") == b"ab"


def test_dividing_integers_by_zero_names_the_operation_and_the_line():
    x = minitf.constant([1]) // minitf.placeholder(minitf.int32, name="divisor")
    with minitf.Session() as session, pytest.raises(minitf.errors.InvalidArgumentError) as raised:
        session.run(x, {"divisor:0": 0})

    assert "Integer division by zero" in str(raised.value)
    assert "test_math.py" in str(raised.value)
