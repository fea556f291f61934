"""Einsum: known sums under other names, diagonals, ellipses, and equations that are refused."""

import numpy as np
import pytest
from hypothesis import given

import minitf as tf
from minitf.errors import InvalidArgumentError
from minitf.ops.math.einsum import einsum_op
from minitf.testing.strategies import real


def einsum(equation, *inputs):
    return einsum_op.body([np.asarray(x) for x in inputs], equation=equation)


@given(x=real((2, 3)), y=real((3, 4)))
def test_a_product_of_matrices_is_a_sum_over_the_inner_axis(x, y):
    np.testing.assert_allclose(einsum("ij,jk->ik", x, y), x @ y, rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(einsum("ij,jk->ki", x, y), (x @ y).T, rtol=1e-12, atol=1e-300)


def test_a_letter_twice_is_a_diagonal_on_either_side():
    matrix = np.array([[1.0, 2], [3, 4]])

    assert einsum("ii->i", matrix).tolist() == [1, 4]
    assert einsum("ii->", matrix) == 5
    assert einsum("i->ii", [1.0, 2]).tolist() == [[1, 0], [0, 2]]
    assert einsum("ab,bc->aac", matrix, np.eye(2))[1].tolist() == [[0, 0], [3, 4]]


def test_axes_of_an_ellipsis_broadcast():
    x, y = np.ones((2, 1, 3)), np.ones((4, 3))

    assert einsum("...i,...i->...", x, y).tolist() == [[3] * 4] * 2
    assert einsum("a...,...b->ab...", np.ones((2, 3)), np.ones((3, 2))).shape == (2, 2, 3)


def test_shapes_are_known_as_far_as_the_inputs_are():
    x, y = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [3, 5])

    assert tf.raw_ops.Einsum(inputs=[x, y], equation="ij,jk->ki").shape.as_list() == [5, None]
    hidden = tf.placeholder(tf.float32)
    assert tf.raw_ops.Einsum(inputs=[hidden], equation="ij->ji").shape.dims is None


@pytest.mark.parametrize(
    ("equation", "shapes", "phrase"),
    [
        ("ij", [(2, 3)], "Expecting exactly one '->' in einsum equation: ij"),
        ("i,i,i->i", [(2,)] * 3, "Expecting 1 or 2 input subscripts in equation 'i,i,i->i'"),
        ("ij->i", [(2,)], "Expected input 0 to have rank 2 but got: 1"),
        ("ij...->i...", [(2,)], "Expected input 0 to have rank at least 2 but got: 1"),
        ("...i->i", [(2, 3)], "Output contains 1 broadcasting dimension"),
        (
            "ij,jk->ik",
            [(2, 3), (1, 2)],
            r"Expected dimension 3 at axis 0 of the input shaped \[1, ?2\] but got dimension 1",
        ),
        ("i->j", [(2,)], "are in no input"),
        ("i1->i", [(2, 2)], "Subscripts must be letters"),
        ("i,i->i", [(2,)], "Expected 2 inputs"),
    ],
)
def test_what_does_not_fit_is_told(equation, shapes, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        einsum(equation, *map(np.ones, shapes))
