"""The laws of linear_operator_test_util, kept by operators that programs make with it."""

from __future__ import annotations

import unittest

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
