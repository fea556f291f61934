"""Products of matrices from tiles: near the exact sums, and each element the same in any tile."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.kernels_cpu import jit
from minitf.kernels_cpu.native import hot_kernel
from minitf.kernels_cpu.native.products import turned
from minitf.kernels_cpu.native.tiles import product, product_across

SIZES = st.integers(0, 9)
COLUMNS = st.integers(0, 60)
DTYPES = st.sampled_from([np.float32, np.float64])


@jit.loops
def product_loops(a, b, out):
    product(a, b, out)


@jit.loops
def across_loops(a, b, out):
    product_across(a, b, out)


def product_of(a, b, loops=product_loops):
    rows = a.shape[1] if loops is across_loops else a.shape[0]
    out = np.full((rows, b.shape[1]), np.nan, a.dtype)
    loops(a, b, out)
    return out


@given(m=SIZES, k=SIZES, n=COLUMNS, dtype=DTYPES, seed=st.integers(0, 9))
def test_products_are_as_near_the_exact_sums_as_blas_promises(m, k, n, dtype, seed):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(m, k)).astype(dtype), rng.normal(size=(k, n)).astype(dtype)
    exact = a.astype(np.float64) @ b.astype(np.float64)
    bound = max(k, 1) * np.finfo(dtype).eps * (np.abs(a).astype(np.float64) @ np.abs(b))

    assert (np.abs(product_of(a, b) - exact) <= bound).all()


@given(m=SIZES, k=SIZES, n=COLUMNS, dtype=DTYPES)
def test_a_factor_that_comes_transposed_gives_the_same_bits(m, k, n, dtype):
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(m, k)).astype(dtype), rng.normal(size=(k, n)).astype(dtype)

    across = product_of(np.ascontiguousarray(a.T), b, across_loops)
    assert across.tobytes() == product_of(a, b).tobytes()


@given(i=st.integers(0, 8), j=st.integers(0, 59), k=SIZES, dtype=DTYPES)
def test_an_element_does_not_depend_on_the_tile_that_it_is_in(i, j, k, dtype):
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(9, k)).astype(dtype), rng.normal(size=(k, 60)).astype(dtype)

    alone = product_of(a[i : i + 1].copy(), b[:, j : j + 1].copy())
    assert alone[0, 0] == product_of(a, b)[i, j]


def test_nan_and_infinity_stay_in_their_rows_and_columns():
    a, b = np.ones((5, 3), np.float32), np.ones((3, 20), np.float32)
    a[1, 2], b[0, 17] = np.nan, np.inf

    found = product_of(a, b)
    assert np.isnan(found[1]).all()
    assert (found[[0, 2, 3, 4], 17] == np.inf).all()
    assert (np.delete(np.delete(found, 1, 0), 17, 1) == 3).all()


@pytest.mark.parametrize("shape", [(1, 5), (16, 3), (37, 20)])
def test_a_turned_matrix_is_its_transpose(shape):
    a = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    out = np.empty(shape[::-1], np.float32)
    turned(*shape)(a, out)

    assert np.array_equal(out, a.T)


def never(*_):
    raise AssertionError("there is a faster kernel")


def matmul_of(a, b, **attrs):
    return tf.matmul(tf.placeholder(tf.float32, a), tf.placeholder(tf.float32, b), **attrs).op


@given(m=st.integers(2, 9), k=SIZES, n=st.integers(8, 40), across=st.booleans())
def test_a_hot_kernel_gives_the_product(m, k, n, across):
    rng = np.random.default_rng(3)
    a = rng.normal(size=(k, m) if across else (m, k)).astype(np.float32)
    b = rng.normal(size=(k, n)).astype(np.float32)
    kernel = hot_kernel(matmul_of([None, None], [None, None], transpose_a=across), never)

    np.testing.assert_allclose(kernel(a, b), (a.T if across else a) @ b, rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (np.ones((4, 6), np.float32)[:, ::2], np.ones((3, 8), np.float32)),
        (np.ones((4, 3)), np.ones((16, 3)).T),
        (np.ones((1, 3)), np.ones((3, 8))),
        (np.ones((4, 3)), np.ones((3, 7))),
        (np.ones((4, 3)), np.ones((2, 8))),
        (np.ones((4, 3)), np.ones(3)),
        (np.ones((300, 300)), np.ones((300, 300))),
    ],
    ids=["gaps", "turned", "row", "narrow", "misfit", "vector", "large"],
)
def test_what_tiles_do_not_make_or_make_slower_is_left_to_the_kernel(a, b):
    kernel = hot_kernel(matmul_of([None, None], [None, None]), lambda *_: "left")

    assert isinstance(kernel(a, b), str)


def test_operations_that_tiles_would_not_make_faster_keep_their_kernel():
    kept = [
        matmul_of([300, 300], [300, 300]),
        matmul_of([9, 8], [8, 8], transpose_b=True),
        tf.matmul([[1, 2]], [[3], [4]]).op,
        tf.tanh(tf.zeros([8, 8])).op,
    ]
    assert [hot_kernel(operation, never) for operation in kept] == [None] * len(kept)
