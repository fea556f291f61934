"""Foreign functions against the meaning of an op: what is accepted, and how a failure reads."""

from __future__ import annotations

import numpy as np
import pytest

from minitf import testing
from minitf.errors import InvalidArgumentError, NotFoundError

REALS = {"float32", "float64"}
FEW = 20  # examples, where the point is not what is drawn


def matmul(a, b, *, transpose_a, transpose_b):
    return (a.T if transpose_a else a) @ (b.T if transpose_b else b)


def matmul_gradient(a, b, grad, *, transpose_a, transpose_b):
    left, right = (a.T if transpose_a else a), (b.T if transpose_b else b)
    of_a, of_b = grad @ right.conj().T, left.conj().T @ grad
    return (of_a.T if transpose_a else of_a), (of_b.T if transpose_b else of_b)


def test_a_right_function_conforms():
    testing.assert_conforms(matmul, op="MatMul", dtypes=REALS)


def test_attributes_that_a_function_does_not_take_keep_their_defaults():
    testing.assert_conforms(np.matmul, op="MatMul", dtypes=REALS, examples=FEW)

    def half(a, b, *, transpose_b):
        return matmul(a, b, transpose_a=False, transpose_b=transpose_b)

    testing.assert_conforms(half, op="MatMul", dtypes=REALS, examples=FEW)


def test_lists_and_several_outputs_have_the_form_of_the_op():
    testing.assert_conforms(np.concatenate, op="ConcatV2", examples=FEW)
    testing.assert_conforms(
        lambda axis, value, *, num_split: np.split(value, num_split, axis),
        op="Split",
        examples=FEW,
    )


def test_a_failure_shows_a_small_call():
    with pytest.raises(AssertionError, match="wanted") as failure:
        testing.assert_conforms(lambda x: np.maximum(x, 0.5).astype(x.dtype), "Relu", dtypes=REALS)

    assert "<call with array(" in "".join(failure.value.__notes__)


def test_types_shapes_and_counts_of_outputs_are_compared():
    with pytest.raises(AssertionError, match="float64 numbers, not float32"):
        testing.assert_conforms(np.float64, "Neg", dtypes={"float32"})
    with pytest.raises(AssertionError, match="shape"):
        testing.assert_conforms(np.ravel, "Identity", dtypes={"float32"})
    with pytest.raises(AssertionError, match="Unique has 2 outputs, not 1"):
        testing.assert_conforms(lambda x: (x,), "Unique", dtypes={"float32"})


def test_a_bound_may_be_widened():
    def rough(x):
        return (np.exp(x.astype(np.float64)) * (1 + 1e-5)).astype(np.float32)

    chosen = {"dtypes": {"float32"}, "where": lambda case: np.isfinite(case.inputs[0]).all()}
    with pytest.raises(AssertionError):
        testing.assert_conforms(rough, "Exp", **chosen)
    testing.assert_conforms(rough, "Exp", ulps=1000, examples=FEW, **chosen)


def test_what_has_no_meaning_to_compare_with_is_said():
    with pytest.raises(NotFoundError, match="not registered 'Matmul'"):
        testing.assert_conforms(matmul, op="Matmul")
    with pytest.raises(NotFoundError, match="random"):
        testing.assert_conforms(np.ones, op="RandomUniform")
    with pytest.raises(InvalidArgumentError, match="no attributes \\['strides'\\]"):
        testing.assert_conforms(matmul, op="MatMul", attrs={"strides"})


def test_a_right_gradient_is_the_derivative():
    testing.assert_gradient(matmul, matmul_gradient, "MatMul")
    testing.assert_gradient(np.sin, lambda x, grad: grad * np.cos(x), inputs=[[1.0, 2.0]])


def test_a_wrong_gradient_is_told_beside_the_differences():
    with pytest.raises(AssertionError, match=r"the gradient says .* differences say"):
        testing.assert_gradient(np.sin, lambda x, grad: grad, inputs=[[1.0, 2.0]])
    with pytest.raises(InvalidArgumentError, match="takes an op or inputs"):
        testing.assert_gradient(np.sin, np.cos)


@testing.parametrize({"Maximum": np.maximum, "Sqrt": np.sqrt})
def test_a_table_of_functions_gives_a_test_each(op, function):
    testing.assert_conforms(function, op, dtypes=REALS)


def test_a_table_names_ops_that_have_cases():
    with pytest.raises(NotFoundError, match="no cases"):
        testing.parametrize({"VariableV2": np.ones})
