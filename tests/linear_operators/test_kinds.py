"""Every kind of operator against its dense matrix, and against TensorFlow's operator."""

from __future__ import annotations

import logging

import numpy as np
import pytest
from linear_operators.operator_cases import SQUARE, TALL, Case, Maker, adjoint

import minitf as tf

_TOLERANCE = {"float32": 2e-4, "complex64": 2e-4, "float64": 1e-9, "complex128": 1e-9}


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level(logging.ERROR, logger="tensorflow")


def _tensors(case: Case, hidden: str) -> tuple[dict, dict]:
    """Return the parts as Tensors whose shapes are known, of known rank or unknown; and feeds."""
    if hidden == "known":
        return {name: tf.constant(part) for name, part in case.parts.items()}, {}
    shape = (lambda part: [None] * part.ndim) if hidden == "sizes" else (lambda _: None)
    held = {name: tf.placeholder(part.dtype, shape(part)) for name, part in case.parts.items()}
    return held, {held[name]: part for name, part in case.parts.items()}


def _claims(operator, case: Case, maker: Maker, *, square: bool) -> dict[str, tuple]:
    """Return what an operator says, and what the matrix says, in double precision."""
    a = case.matrix.astype(np.result_type(case.matrix, np.float64))
    rows, columns = a.shape[-2:]
    x = maker.numbers(3, *maker.batch, columns, 4)
    other = maker.numbers(rows, 2)
    added = np.ones(a.shape[-2:], maker.dtype)
    claims = {
        "to_dense": (operator.to_dense(), a),
        "matmul": (operator.matmul(x), a @ x),
        "matmul, adjoint": (operator.matmul(other, adjoint=True), adjoint(a) @ other),
        "matmul of an adjoint": (operator.matmul(adjoint(x), adjoint_arg=True), a @ x),
        "matvec": (operator.matvec(x[..., 0]), (a @ x)[..., 0]),
        "diag_part": (operator.diag_part(), np.diagonal(a, axis1=-2, axis2=-1)),
        "add_to_tensor": (operator.add_to_tensor(added), a + added),
        "H": (operator.H.to_dense(), adjoint(a)),
        "shape": (operator.shape_tensor(), a.shape),
        "batch shape": (operator.batch_shape_tensor(), a.shape[:-2]),
        "dimensions": (
            [operator.range_dimension_tensor(), operator.domain_dimension_tensor()],
            [rows, columns],
        ),
        "rank": (operator.tensor_rank_tensor(), a.ndim),
        "trace": (operator.trace(), np.trace(a, axis1=-2, axis2=-1)),
    }
    if square:
        b = np.linalg.inv(a)
        determinant = np.linalg.det(a)
        claims |= {
            "solve": (operator.solve(x), b @ x),
            "solve, adjoint": (operator.solve(x, adjoint=True), adjoint(b) @ x),
            "solve of an adjoint": (operator.solve(adjoint(x), adjoint_arg=True), b @ x),
            "solvevec": (operator.solvevec(x[..., 0]), (b @ x)[..., 0]),
            "determinant": (operator.determinant(), determinant),
            "log_abs_determinant": (operator.log_abs_determinant(), np.log(abs(determinant))),
            "inverse": (operator.inverse().to_dense(), b),
            "solve of itself": (operator.solve(operator).to_dense(), b @ a),
            "matmul of itself": (operator.matmul(operator).to_dense(), a @ a),
        }
        if operator.is_self_adjoint and operator.is_positive_definite:
            claims["cholesky"] = operator.cholesky().to_dense(), np.linalg.cholesky(a)
    return claims


def _check(kind: str, dtype: str, batch: tuple[int, ...], hidden: str) -> None:
    maker = Maker(7, dtype, batch)
    case = maker.case(kind)
    tensors, feeds = _tensors(case, hidden)
    operator = case.make(tf.linalg, tensors)
    claims = _claims(operator, case, maker, square=kind in SQUARE)
    with tf.Session() as sess:
        found = sess.run({name: claim[0] for name, claim in claims.items()}, feeds)
    for name, (tensor, wanted) in claims.items():
        value, wanted = np.asarray(found[name]), np.asarray(wanted)  # noqa: PLW2901
        assert value.shape == wanted.shape, name
        if name != "dimensions":
            assert tensor.shape.is_compatible_with(value.shape), name
            assert hidden != "known" or tensor.shape.is_fully_defined(), name
        close = dict.fromkeys(("rtol", "atol"), _TOLERANCE[dtype] * 10)
        np.testing.assert_allclose(value, wanted, **close, err_msg=name)


@pytest.mark.parametrize("kind", SQUARE + TALL)
@pytest.mark.thorough
def test_an_operator_is_its_matrix(kind):
    _check(kind, "float64", (2, 1), "known")


@pytest.mark.parametrize(("kind", "hidden"), [("low_rank", "rank"), ("circulant_2d", "sizes")])
@pytest.mark.thorough
def test_a_complex_operator_of_hidden_shape_is_its_matrix(kind, hidden):
    _check(kind, "complex64", (2,), hidden)


@pytest.mark.parametrize("hidden", ["known", "sizes", "rank"])
@pytest.mark.parametrize("batch", [(), (2,), (2, 1)])
@pytest.mark.parametrize("dtype", list(_TOLERANCE))
@pytest.mark.parametrize("kind", SQUARE + TALL)
@pytest.mark.long
def test_an_operator_of_any_type_and_batch_is_its_matrix(kind, dtype, batch, hidden):
    _check(kind, dtype, batch, hidden)


@pytest.mark.parametrize("kind", ["full_matrix", "triangle", "diagonal", "kronecker", "low_rank"])
@pytest.mark.thorough
def test_gradients_are_those_of_the_dense_matrix(kind):
    maker = Maker(5, np.float64, (2,))
    case = maker.case(kind)
    tensors, _ = _tensors(case, "known")
    operator = case.make(tf.linalg, tensors)
    dense = operator.to_dense()
    x = maker.numbers(2, case.matrix.shape[-1], 3)
    pairs = [
        (operator.matmul(x), tf.matmul(dense, x)),
        (operator.solve(x), tf.linalg.solve(dense, x)),
        (operator.log_abs_determinant(), tf.linalg.slogdet(dense)[1]),
        (operator.determinant(), tf.linalg.det(dense)),
    ]
    weights = [maker.numbers(*pair[0].shape.as_list()) for pair in pairs]
    parts = list(tensors.values())
    grads = [
        [tf.gradients(value, parts, grad_ys=w) for value in pair]
        for pair, w in zip(pairs, weights, strict=True)
    ]
    with tf.Session() as sess:
        for ours, wanted in sess.run(grads):
            for grad, other in zip(ours, wanted, strict=True):
                np.testing.assert_allclose(grad, other, rtol=1e-8, atol=1e-8)


_LATER = {  # what TensorFlow after 1.15 has otherwise
    "toeplitz": ("matmul", "to_dense", "trace"),
    "tall_kronecker": ("matmul", "diag_part", "trace"),
    "kronecker": ("matmul", "diag_part", "determinant", "log_abs_determinant", "trace"),
    "low_rank": ("diag_part",),
    "positive_low_rank": ("diag_part",),
}
"""Kind -> what is computed by other operations there, so that names differ."""


def _described(module, kind: str) -> dict[str, str]:
    """Return what an operator says of itself, and the names and shapes of what it makes."""
    case = Maker(3, np.float32, (2,)).case(kind)
    with module.Graph().as_default():
        tensors = {name: module.constant(part, name=name) for name, part in case.parts.items()}
        operator = case.make(module.linalg, tensors)
        columns = np.ones((2, case.matrix.shape[-1], 3), np.float32)
        made = {
            "to_dense": operator.to_dense(),
            "matmul": operator.matmul(columns) if kind != "toeplitz" else operator.to_dense(),
            "diag_part": operator.diag_part(),
            "trace": operator.trace(),
        }
        if kind in SQUARE:
            made["determinant"] = operator.determinant()
            made["log_abs_determinant"] = operator.log_abs_determinant()
        hints = ["is_non_singular", "is_self_adjoint", "is_positive_definite", "is_square"]
        later = _LATER.get(kind, ())
        return {
            "name": operator.name,
            "hints": str([getattr(operator, hint) for hint in hints]),
            "shape": str(operator.shape.as_list()),
            **{name: str(tensor.shape) for name, tensor in made.items()},
            **{f"{name}/op": tensor.name for name, tensor in made.items() if name not in later},
        }


_QUICK = ("positive_matrix", "scaled_identity", "block_diagonal", "inversion", "low_rank")


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    "kind",
    [
        kind if kind in _QUICK else pytest.param(kind, marks=pytest.mark.long)
        for kind in SQUARE + TALL
    ],
)
def test_an_operator_has_tensorflows_names_hints_and_shapes(kind):
    tensorflow = pytest.importorskip("tensorflow").compat.v1

    assert _described(tf, kind) == _described(tensorflow, kind)
