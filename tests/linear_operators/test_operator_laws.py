"""The laws of linear_operator_test_util, kept by operators that programs make with it."""

from __future__ import annotations

import unittest

import numpy as np
import pytest

import minitf as tf
from minitf.compat.internal import linear_operator_test_util as laws


class _TriangleTest(laws.SquareLinearOperatorDerivedClassTest):
    __test__ = False

    @staticmethod
    def skip_these_tests():
        return ["cholesky"]

    def operator_and_matrix(
        self, shapes_info, dtype, use_placeholder, ensure_self_adjoint_and_pd=False
    ):
        matrix = laws.random_tril_matrix(shapes_info.shape, dtype, force_well_conditioned=True)
        given = tf.placeholder_with_default(matrix, None) if use_placeholder else matrix
        return tf.linalg.LinearOperatorLowerTriangular(given), matrix


class _PositiveTest(laws.SquareLinearOperatorDerivedClassTest):
    __test__ = False

    def operator_and_matrix(
        self, shapes_info, dtype, use_placeholder, ensure_self_adjoint_and_pd=False
    ):
        matrix = laws.random_positive_definite_matrix(
            shapes_info.shape, dtype, force_well_conditioned=True
        )
        given = tf.placeholder_with_default(matrix, None) if use_placeholder else matrix
        promise = True if ensure_self_adjoint_and_pd else None
        operator = tf.linalg.LinearOperatorFullMatrix(
            given, is_self_adjoint=promise, is_positive_definite=promise, is_square=True
        )
        return operator, matrix


class _TallTest(laws.NonSquareLinearOperatorDerivedClassTest):
    __test__ = False

    def operator_and_matrix(
        self, shapes_info, dtype, use_placeholder, ensure_self_adjoint_and_pd=False
    ):
        matrix = laws.random_normal(shapes_info.shape, dtype=dtype)
        given = tf.placeholder_with_default(matrix, None) if use_placeholder else matrix
        return tf.linalg.LinearOperatorFullMatrix(given), matrix


for _each in (_TriangleTest, _PositiveTest, _TallTest):
    laws.add_tests(_each)


def _failures(case: type, pattern: str) -> list:
    names = [name for name in dir(case) if name.startswith("test_") and pattern in name]
    result = unittest.TestResult()
    unittest.TestSuite(case(name) for name in names).run(result)
    assert result.testsRun > 0
    return [*result.failures, *result.errors]


@pytest.mark.parametrize("pattern", ["_0_float32_False", "_2_complex64_True_True"])
@pytest.mark.parametrize("case", [_TriangleTest, _PositiveTest, _TallTest])
@pytest.mark.thorough
def test_operators_keep_the_laws(case, pattern):
    assert _failures(case, pattern) == []


@pytest.mark.long
@pytest.mark.parametrize("case", [_TriangleTest, _PositiveTest, _TallTest])
def test_operators_keep_the_laws_in_every_type_and_shape(case):
    assert _failures(case, "") == []


def test_a_wrong_operator_is_found():
    class _WrongTest(_TallTest):
        def operator_and_matrix(self, *args, **kwargs):
            operator, matrix = super().operator_and_matrix(*args, **kwargs)
            return operator, 2 * matrix

    assert _failures(_WrongTest, "test_to_dense_0_float32_False") != []


def test_gradients_must_flow_back_to_variables():
    case = _TallTest("check_tape_safe")
    matrix = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    case.check_tape_safe(tf.linalg.LinearOperatorFullMatrix(matrix))
    stopped = tf.linalg.LinearOperatorFullMatrix(tf.stop_gradient(matrix))
    stopped.kept = matrix

    with pytest.raises(AssertionError, match="no gradient flows from determinant"):
        case.check_tape_safe(stopped)


@pytest.mark.parametrize("dtype", ["float32", "complex64"])
def test_random_matrices_are_what_they_are_called(dtype):
    with tf.Session() as sess:
        signs, columns, positive, triangle = sess.run(
            [
                laws.random_sign_uniform([400], 1.0, 2.0, dtype, seed=1),
                laws.random_normal_correlated_columns([50, 3], dtype=dtype, seed=2),
                laws.random_positive_definite_matrix([2, 3, 3], dtype),
                laws.random_tril_matrix([2, 3, 3], dtype, force_well_conditioned=True),
            ]
        )

    assert {-1, 1} == set(np.sign(signs.real))
    assert np.all((abs(signs.real) >= 1) & (abs(signs.real) < 2))
    np.testing.assert_allclose(columns[:, 2], columns[:, 0], atol=1e-3)
    np.testing.assert_allclose(positive, np.conj(np.swapaxes(positive, -1, -2)), atol=1e-5)
    assert np.all(np.linalg.eigvalsh(positive) > 0)
    np.testing.assert_allclose(triangle, np.tril(triangle))
    diagonal = np.diagonal(triangle, axis1=-2, axis2=-1)
    assert np.all((diagonal.real >= 1) & (diagonal.real <= 2))
