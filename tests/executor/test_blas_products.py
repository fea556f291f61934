"""Products in machine code that BLAS makes, called by its address."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.kernels_cpu.device import CpuDevice
from minitf.kernels_cpu.native import blas_products

ROWS, TERMS, COLUMNS = 100, 300, 10  # no small product: it goes to BLAS


def factors(dtype, *, transpose_a, transpose_b):
    """Return two matrices of small whole numbers, whose product is exact."""
    random = np.random.RandomState(0)
    shapes = (TERMS, ROWS) if transpose_a else (ROWS, TERMS), (TERMS, COLUMNS)
    a, b = (random.randint(-8, 9, shape).astype(dtype) for shape in shapes)
    return a, np.ascontiguousarray(b.T) if transpose_b else b


@pytest.fixture
def native(monkeypatch):
    """Let steps be native at once; return the functions that the device has made."""
    monkeypatch.setenv("MINITF_JIT", "eager")
    made, make = [], CpuDevice.native

    def spied(device, routine, otherwise):
        made.append(make(device, routine, otherwise))
        return made[-1]

    monkeypatch.setattr(CpuDevice, "native", spied)
    return made


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("transpose_a", [False, True])
@pytest.mark.parametrize("transpose_b", [False, True])
def test_blas_multiplies_in_a_native_step(native, dtype, transpose_a, transpose_b):
    a, b = factors(dtype, transpose_a=transpose_a, transpose_b=transpose_b)
    x, y = tf.placeholder(dtype, a.shape), tf.placeholder(dtype, b.shape)
    product = tf.matmul(x, y, transpose_a=transpose_a, transpose_b=transpose_b)
    with tf.Session() as session:
        for _ in range(6):
            found = session.run(product, {x: a, y: b})

    assert native[-1] is not None
    assert (found == (a.T if transpose_a else a) @ (b.T if transpose_b else b)).all()


def test_without_an_address_the_step_stays_as_it_is(native, monkeypatch):
    monkeypatch.setattr(blas_products, "address", lambda dtype: None)
    a, b = factors("float32", transpose_a=False, transpose_b=False)
    x = tf.placeholder("float32", a.shape)
    with tf.Session() as session:
        product = tf.matmul(x, b)
        for _ in range(6):
            found = session.run(product, {x: a})

    assert native[-1] is None
    assert (found == a @ b).all()


def test_an_address_is_of_a_function_that_multiplies(monkeypatch):
    find = blas_products.address.__wrapped__  # without its memory
    assert find(np.dtype("float32")) is not None

    monkeypatch.setattr(blas_products, "_multiplies", lambda function, dtype: False)
    assert find(np.dtype("float32")) is None


def test_without_a_blas_there_is_no_address(monkeypatch):
    monkeypatch.setattr(blas_products, "_NAMES", ("no_such_{}gemm",))
    assert blas_products.address.__wrapped__(np.dtype("float64")) is None
