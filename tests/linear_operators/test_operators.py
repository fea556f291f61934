"""Promises, errors, algebra, sums, Variables and overrides of linear operators."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.dispatch import OpDispatcher, add_dispatch_list, dispatchable
from minitf.linear_operators import addition, algebra, batches
from minitf.linear_operators.hints import is_square

of = tf.linalg


def _value(tensor, feeds=None):
    with tf.Session() as sess:
        return sess.run(tensor, feeds)


# --- promises ------------------------------------------------------------------------------------


def test_what_is_positive_definite_is_non_singular_and_square():
    operator = of.LinearOperatorFullMatrix(tf.placeholder("float32"), is_positive_definite=True)

    assert operator.is_non_singular
    assert operator.is_square


@pytest.mark.parametrize(
    ("hints", "phrase"),
    [
        ({"is_positive_definite": True, "is_non_singular": False}, "always non-singular"),
        ({"is_non_singular": True, "is_square": False}, "non-singular matrix is always square"),
        ({"is_self_adjoint": True, "is_square": False}, "self-adjoint matrix is always square"),
    ],
)
def test_promises_that_contradict_each_other_are_refused(hints, phrase):
    with pytest.raises(ValueError, match=phrase):
        of.LinearOperatorFullMatrix(np.eye(2), **hints)


def test_a_square_operator_that_is_said_not_to_be_is_found():
    operator = of.LinearOperatorFullMatrix(np.eye(2), is_square=False)

    with pytest.raises(ValueError, match="is_square hint to False"):
        _ = operator.is_square


@pytest.mark.parametrize(
    ("make", "phrase"),
    [
        (lambda: of.LinearOperatorDiag([1.0], is_self_adjoint=False), "always self adjoint"),
        (lambda: of.LinearOperatorDiag([1.0], is_square=False), "Only square diagonal"),
        (lambda: of.LinearOperatorIdentity(2, is_self_adjoint=False), "always self adjoint"),
        (lambda: of.LinearOperatorIdentity(-1), "must be non-negative"),
        (lambda: of.LinearOperatorIdentity([2]), "must be a 0-D Tensor"),
        (lambda: of.LinearOperatorIdentity(2, batch_shape=2), "must be a 1-D Tensor"),
        (lambda: of.LinearOperatorZeros(2, is_non_singular=True), "always singular"),
        (lambda: of.LinearOperatorZeros(2, 3), "is_square=True, but got"),
        (lambda: of.LinearOperatorHouseholder([1.0], is_positive_definite=True), "non-positive"),
        (lambda: of.LinearOperatorCirculant(1.0), "at least 1 dim"),
        (lambda: of.LinearOperatorToeplitz([1.0], [1.0, 2.0]), "mismatched"),
        (lambda: of.LinearOperatorComposition([]), "non-empty list"),
        (lambda: of.LinearOperatorKronecker([]), ">=1 operators"),
        (lambda: of.LinearOperatorFullMatrix([1.0]), "at least 2 dimensions"),
        (
            lambda: of.LinearOperatorLowRankUpdate(
                of.LinearOperatorIdentity(2), np.ones((2, 1), "f"), is_diag_update_positive=False
            ),
            "which is positive",
        ),
        (lambda: of.LinearOperatorInversion(of.LinearOperatorZeros(2)), "is_non_singular"),
    ],
)
def test_parts_that_do_not_fit_are_refused(make, phrase):
    with pytest.raises(ValueError, match=phrase):
        make()


def test_operators_of_different_types_do_not_compose():
    with pytest.raises(TypeError, match="same dtype"):
        of.LinearOperatorComposition(
            [of.LinearOperatorIdentity(2), of.LinearOperatorIdentity(2, dtype="float64")]
        )


def test_sizes_must_be_integers_and_no_variables():
    with pytest.raises(TypeError, match="integer type"):
        of.LinearOperatorIdentity(2.0)
    with pytest.raises(TypeError, match="cannot be reference type"):
        of.LinearOperatorIdentity(tf.Variable(2))


def test_arguments_must_fit():
    operator = of.LinearOperatorDiag([1.0, 2.0])

    with pytest.raises(TypeError, match="Expected argument to have dtype"):
        operator.matmul(np.eye(2))
    with pytest.raises(ValueError, match="not compatible"):
        operator.matmul(np.ones((3, 1), "f"))
    with pytest.raises(ValueError, match="Operators are incompatible"):
        operator.matmul(of.LinearOperatorDiag([1.0]))


def test_what_a_wide_operator_has_not_is_refused():
    operator = of.LinearOperatorFullMatrix(np.ones((2, 3)))

    with pytest.raises(NotImplementedError, match="not be square"):
        operator.solve(np.ones((2, 1)))
    with pytest.raises(NotImplementedError, match="not be square"):
        operator.determinant()
    with pytest.raises(ValueError, match="non square matrix"):
        operator.inverse()
    with pytest.raises(ValueError, match="Not a positive definite"):
        operator.cholesky()
    with pytest.raises(NotImplementedError, match="be singular"):
        of.LinearOperatorZeros(2).solve(np.ones((2, 1), "f"))


# --- assertions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "method", "phrase"),
    [
        (of.LinearOperatorDiag, "non_singular", "contained zero values"),
        (of.LinearOperatorDiag, "positive_definite", "non-positive"),
        (lambda x: of.LinearOperatorScaledIdentity(2, x[0]), "non_singular", "was singular"),
        (lambda x: of.LinearOperatorLowerTriangular(tf.diag(x)), "non_singular", "zero values"),
        (of.LinearOperatorCirculant, "non_singular", "zero values"),
        (lambda x: of.LinearOperatorFullMatrix(tf.diag(x)), "non_singular", "Singular matrix"),
        (lambda x: of.LinearOperatorFullMatrix(tf.stack([x, x])), "self_adjoint", "its adjoint"),
    ],
)
def test_a_broken_promise_aborts_the_step(operator, method, phrase):
    x = tf.placeholder("float32", [2])
    check = getattr(operator(x), f"assert_{method}")()

    with pytest.raises(tf.errors.InvalidArgumentError, match=phrase):
        _value(check, {x: [0.0, -1.0]})


def test_zeros_and_reflections_say_at_once_what_they_are_not():
    with pytest.raises(tf.errors.InvalidArgumentError, match="non-invertible"):
        of.LinearOperatorZeros(2).assert_non_singular()
    with pytest.raises(tf.errors.InvalidArgumentError, match="non-positive definite"):
        of.LinearOperatorHouseholder([1.0, 0.0]).assert_positive_definite()


def test_a_kernel_that_is_not_real_is_found():
    operator = of.LinearOperatorCirculant([1.0, 2.0j])

    with pytest.raises(tf.errors.InvalidArgumentError, match="not Hermitian"):
        _value(operator.assert_hermitian_spectrum())


# --- algebra -------------------------------------------------------------------------------------

_DIAGONAL = lambda: of.LinearOperatorDiag([1.0, 2.0])  # noqa: E731
_TRIANGLE = lambda: of.LinearOperatorLowerTriangular([[1.0, 0.0], [3.0, 4.0]])  # noqa: E731
_MULTIPLE = lambda: of.LinearOperatorScaledIdentity(2, 3.0)  # noqa: E731
_ONE = lambda: of.LinearOperatorIdentity(2)  # noqa: E731
_CIRCULANT = lambda: of.LinearOperatorCirculant(  # noqa: E731
    [2.0, 4.0], input_output_dtype="float32"
)


@pytest.mark.parametrize(
    ("left", "right", "product", "quotient"),
    [
        (_DIAGONAL, _DIAGONAL, "Diag", "Diag"),
        (_DIAGONAL, _TRIANGLE, "LowerTriangular", "LowerTriangular"),
        (_TRIANGLE, _DIAGONAL, "LowerTriangular", "Composition"),
        (_DIAGONAL, _MULTIPLE, "Diag", "Diag"),
        (_MULTIPLE, _DIAGONAL, "Diag", "Diag"),
        (_ONE, _TRIANGLE, "LowerTriangular", "LowerTriangular"),
        (_TRIANGLE, _ONE, "LowerTriangular", "Composition"),
        (_CIRCULANT, _CIRCULANT, "Circulant", "Circulant"),
        (_TRIANGLE, _CIRCULANT, "Composition", "Composition"),
    ],
)
def test_products_and_quotients_stay_as_simple_as_they_can(left, right, product, quotient):
    a, b = left(), right()
    made, over = a.matmul(b), a.solve(b)

    assert type(made).__name__ == f"LinearOperator{product}"
    assert type(over).__name__ == f"LinearOperator{quotient}"
    x, y, found, other = _value([each.to_dense() for each in (a, b, made, over)])
    np.testing.assert_allclose(found, x @ y, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(other, np.linalg.solve(x, y), rtol=1e-5, atol=1e-5)


def test_the_adjoint_of_an_adjoint_and_the_inverse_of_an_inverse_are_the_operator():
    operator = of.LinearOperatorFullMatrix([[1.0, 2.0], [3.0, 4.0]], is_non_singular=True)

    assert operator.H.H is operator
    assert operator.inverse().inverse() is operator
    assert _DIAGONAL().H.is_self_adjoint


def test_wide_times_tall_is_square():
    wide = of.LinearOperatorFullMatrix(np.ones((2, 3)))

    assert is_square(wide, wide.H) is True
    assert wide.matmul(wide.H).shape.as_list() == [2, 2]


def test_a_kind_of_ones_own_registers_its_algebra():
    class Twice(of.LinearOperatorScaledIdentity):
        def __init__(self, num_rows):
            super().__init__(num_rows, 2.0)

    @algebra.RegisterInverse(Twice)
    def _half(operator):
        return of.LinearOperatorScaledIdentity(operator.num_rows, 0.5)

    assert _value(Twice(2).inverse().trace()) == 1
    with pytest.raises(ValueError, match=r"Inverse\(Twice\) has already been registered"):
        algebra.RegisterInverse(Twice)(_half)
    with pytest.raises(TypeError, match="must be callable"):
        algebra.RegisterMatmul(Twice, Twice)("nothing")
    with pytest.raises(ValueError, match="No adjoint registered"):
        algebra.adjoint(3)


def test_a_kind_that_knows_only_how_to_multiply_can_do_all():
    class Swap(of.LinearOperator):
        def _shape(self):
            return tf.TensorShape([2, 2])

        def _shape_tensor(self):
            return tf.constant([2, 2])

        def _matmul(self, x, adjoint=False, adjoint_arg=False):
            return tf.reverse(tf.linalg.adjoint(x) if adjoint_arg else x, [-2])

    swap = Swap("float64")
    dense, solved, determinant = _value(
        [swap.to_dense(), swap.solvevec(np.array([1.0, 2.0])), swap.determinant()]
    )

    np.testing.assert_allclose(dense, [[0, 1], [1, 0]])
    np.testing.assert_allclose(solved, [2, 1])
    np.testing.assert_allclose(determinant, -1)


# --- sums ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kinds", "kind", "name"),
    [
        ([_ONE, _MULTIPLE], "ScaledIdentity", "Add/LinearOperatorIdentity__"),
        ([_ONE, _DIAGONAL, _MULTIPLE], "Diag", "Add/"),
        ([_DIAGONAL, _TRIANGLE], "LowerTriangular", "Add/"),
        ([_TRIANGLE, lambda: of.LinearOperatorFullMatrix(np.eye(2, dtype="f"))], "FullMatrix", "A"),
    ],
)
def test_a_sum_is_as_simple_as_it_can_be(kinds, kind, name):
    operators = [each() for each in kinds]
    (made,) = addition.add_operators(operators)

    assert type(made).__name__ == f"LinearOperator{kind}"
    assert made.name.startswith(name)
    found, parts = _value([made.to_dense(), [each.to_dense() for each in operators]])
    np.testing.assert_allclose(found, sum(parts))


def test_adders_that_are_left_out_leave_operators_alone():
    tiers = [[addition.AddAndReturnDiag()]]
    made = addition.add_operators([_TRIANGLE(), _DIAGONAL(), _ONE()], addition_tiers=tiers)

    assert sorted(type(each).__name__ for each in made) == [
        "LinearOperatorDiag",
        "LinearOperatorLowerTriangular",
    ]


def test_sums_of_nothing_and_of_different_sizes_are_refused():
    with pytest.raises(ValueError, match="at least one operator"):
        addition.add_operators([])
    with pytest.raises(TypeError, match="only LinearOperator"):
        addition.add_operators([1])
    with pytest.raises(ValueError, match="same domain dimension"):
        addition.add_operators([_ONE(), of.LinearOperatorIdentity(3)])


# --- Variables and overrides ---------------------------------------------------------------------


def test_an_operator_of_a_variable_follows_it():
    variable = tf.Variable([1.0, 2.0])
    operator = of.LinearOperatorDiag(variable)
    whole = of.LinearOperatorComposition([operator, _ONE()])
    determinant = operator.determinant()
    with tf.Session() as sess:
        sess.run(variable.initializer)
        before = sess.run(determinant)
        sess.run(tf.assign(variable, [3.0, 4.0]))
        after = sess.run(determinant)

    assert (before, after) == (2, 12)
    assert whole.variables == whole.trainable_variables == (variable,)
    assert operator in whole.submodules


def test_operations_stand_beneath_the_operators_name():
    operator = of.LinearOperatorDiag([1.0], name="mine")

    assert operator.matmul([[1.0]]).name == "mine/matmul/mul:0"
    with operator.name_scope:
        assert tf.constant(1).name == "mine_1/Const:0"


def test_public_functions_take_operators():
    operator = of.LinearOperatorFullMatrix(
        [[2.0, 1.0], [1.0, 3.0]], is_self_adjoint=True, is_positive_definite=True
    )
    x = np.array([[1.0], [2.0]], np.float32)
    a = np.array([[2.0, 1.0], [1.0, 3.0]])
    found = _value(
        [
            tf.matmul(operator, x),
            tf.matmul(x, operator, adjoint_a=True),
            of.solve(operator, x),
            of.det(operator),
            of.logdet(operator),
            of.trace(operator),
            of.diag_part(operator),
            of.inv(operator).to_dense(),
            of.cholesky(operator).to_dense(),
            of.adjoint(operator).to_dense(),
        ]
    )
    wanted = [
        a @ x,
        x.T @ a,
        np.linalg.solve(a, x),
        5,
        np.log(5),
        5,
        [2, 3],
        np.linalg.inv(a),
        np.linalg.cholesky(a),
        a,
    ]
    for value, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(value, other, rtol=1e-5)


def test_an_override_refuses_what_it_cannot_do():
    with pytest.raises(ValueError, match="Transposing not supported"):
        tf.matmul(_ONE(), [[1.0], [2.0]], transpose_a=True)
    with pytest.raises(ValueError, match="self-adjoint positive definite"):
        of.logdet(_DIAGONAL())
    with pytest.raises(ValueError, match="as a Tensor and `rhs` as a"):
        of.solve(np.eye(2, dtype="f"), _ONE())


def test_a_function_without_an_override_keeps_its_error():
    @dispatchable
    def refuse(x):
        raise TypeError(f"no {x}")

    with pytest.raises(TypeError, match="no 3"):
        refuse(3)
    with pytest.raises(AssertionError, match="already has"):
        add_dispatch_list(refuse)
    with pytest.raises(AssertionError, match="not enabled"):
        OpDispatcher().register(len)


# --- batches -------------------------------------------------------------------------------------


def test_batches_are_repeated_to_the_shape_they_broadcast_to():
    made = batches.broadcast_matrix_batch_dims([np.ones((2, 1, 3, 4)), np.ones((5, 1, 2))])

    assert [each.shape.as_list() for each in made] == [[2, 5, 3, 4], [2, 5, 1, 2]]


def test_a_matrix_solves_a_batch_of_systems_at_once():
    random = np.random.default_rng(2)
    a = random.normal(size=(4, 4)) + 4 * np.eye(4)
    b = random.normal(size=(3, 2, 4, 1))
    for adjoint in (False, True):
        found = batches.matrix_solve_with_broadcast(a, b, adjoint=adjoint)
        lower = batches.matrix_triangular_solve_with_broadcast(np.tril(a), b, adjoint=adjoint)
        dense = a.T if adjoint else a
        triangle = np.tril(a).T if adjoint else np.tril(a)

        np.testing.assert_allclose(_value(found), np.linalg.solve(dense, b))
        np.testing.assert_allclose(_value(lower), np.linalg.solve(triangle, b))
    assert "MatrixSolve" in {op.type for op in tf.get_default_graph().get_operations()}
