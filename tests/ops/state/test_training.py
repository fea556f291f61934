"""Optimizer steps: bodies against their formulas, kernels against the bodies, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from variable_steps import changed

import minitf as tf
from minitf import ops
from minitf.kernels_cpu.state import scatter, training
from minitf.testing.strategies import real

DTYPES = st.sampled_from([np.float32, np.float64])
SHAPES = st.sampled_from([(), (0,), (5,), (3, 4)])
rate = st.floats(1e-3, 1)

KERNELS = {
    "ApplyGradientDescent": training.apply_gradient_descent,
    "ApplyMomentum": training.apply_momentum,
    "ApplyAdam": training.apply_adam,
    "SparseApplyMomentum": training.sparse_apply_momentum,
    "ScatterAdd": scatter.scatter_add,
    "ScatterSub": scatter.scatter_sub,
}


@st.composite
def steps(draw, name):
    """Draw the inputs of a step: variables, gradients, and scalars in between."""
    dtype = draw(DTYPES)

    def scalars(count):
        return [np.array(draw(rate), dtype) for _ in range(count)]

    if name.startswith(("Sparse", "Scatter")):
        rows, width = draw(st.integers(1, 4)), draw(st.integers(0, 3))
        indices = np.array(draw(st.lists(st.integers(0, rows - 1), max_size=6)), np.int64)
        var, slot = (draw(real((rows, width), dtype)) for _ in range(2))
        grad = draw(real((len(indices), width), dtype))
        if name.startswith("Scatter"):
            return var, indices, grad
        lr, momentum = scalars(2)
        return var, slot, lr, grad, indices, momentum
    shape = draw(SHAPES)
    var, first, grad = (draw(real(shape, dtype)) for _ in range(3))
    if name == "ApplyGradientDescent":
        return var, *scalars(1), grad
    if name == "ApplyMomentum":
        lr, momentum = scalars(2)
        return var, first, lr, grad, momentum
    second = np.square(draw(real(shape, dtype)))
    powers = [np.array(p, dtype) for p in (draw(st.floats(0.1, 0.9)), draw(st.floats(0.1, 0.9)))]
    return var, first, second, *powers, *scalars(4), grad


nesterov = pytest.mark.parametrize("use_nesterov", [False, True])


def options(name, use_nesterov):
    return {"use_nesterov": use_nesterov} if "Momentum" in name or "Adam" in name else {}


@pytest.mark.parametrize("name", KERNELS)
@given(data=st.data(), use_nesterov=st.booleans())
def test_a_kernel_gives_the_bits_of_the_body(name, data, use_nesterov):
    op_def, case = ops.find_op(name), data.draw(steps(name))
    attrs = options(name, use_nesterov)

    got = changed(op_def, case, KERNELS[name], **attrs)

    for one, other in zip(got, changed(op_def, case, **attrs), strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", KERNELS)
@given(data=st.data(), use_nesterov=st.booleans())
def test_the_resource_twin_does_the_same(name, data, use_nesterov):
    op_def, case = ops.find_op(name), data.draw(steps(name))
    twin, attrs = ops.find_op(f"Resource{name}"), options(name, use_nesterov)
    want = changed(op_def, case, **attrs)
    dtype = tf.as_dtype(case[0].dtype)
    kernel = twin.find_kernel("CPU", {"T": dtype, "dtype": dtype})

    for function in (twin.body, kernel.function):
        for one, other in zip(changed(twin, case, function, **attrs), want, strict=True):
            np.testing.assert_array_equal(one, other)


@nesterov
@given(case=steps("ApplyMomentum"))
def test_momentum_is_a_decaying_sum(use_nesterov, case):
    var, accum, lr, grad, momentum = (np.asarray(each, np.float64) for each in case)
    total = momentum * accum + grad
    step = lr * (grad + momentum * total) if use_nesterov else lr * total

    got, got_total = changed(ops.apply_momentum_op, case, use_nesterov=use_nesterov)

    eps = 8 * np.finfo(case[0].dtype).eps
    np.testing.assert_allclose(got_total, total, rtol=eps, atol=eps * 8)
    np.testing.assert_allclose(got, var - step, rtol=eps, atol=eps * 16)


@given(case=steps("SparseApplyMomentum"))
def test_a_sparse_step_is_a_dense_step_of_each_row_in_turn(case):
    var, accum, lr, grad, indices, momentum = case
    want, sums = var.copy(), accum.copy()
    for row, slope in zip(indices, grad, strict=True):
        want[row], sums[row] = changed(
            ops.apply_momentum_op, (want[row], sums[row], lr, slope, momentum)
        )

    got, got_sums = changed(ops.sparse_apply_momentum_op, case)

    np.testing.assert_array_equal(got, want)
    np.testing.assert_array_equal(got_sums, sums)


@nesterov
@given(case=steps("ApplyAdam"))
def test_adam_scales_the_mean_by_the_root_of_the_mean_square(use_nesterov, case):
    inputs = (np.asarray(each, np.float64) for each in case)
    var, m, v, power1, power2, lr, beta1, beta2, epsilon, grad = inputs
    mean, square = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    ahead = beta1 * mean + (1 - beta1) * grad if use_nesterov else mean
    step = lr * np.sqrt(1 - power2) / (1 - power1) * ahead / (np.sqrt(square) + epsilon)

    got = changed(ops.apply_adam_op, case, use_nesterov=use_nesterov)

    eps = 32 * np.finfo(case[0].dtype).eps
    scale = 1 + np.abs(step).max(initial=0) * 1e3  # 1e3: epsilon may be that small
    for one, other in zip(got, (var - step, mean, square), strict=True):
        np.testing.assert_allclose(one, other, rtol=eps, atol=eps * 16 * scale)


@pytest.mark.parametrize("name", ["ApplyGradientDescent", "ApplyMomentum", "ApplyAdam"])
@pytest.mark.tensorflow
@pytest.mark.thorough
@given(data=st.data(), use_nesterov=st.booleans())
def test_a_step_is_tensorflows(name, data, use_nesterov, tensorflow):
    tf1, case = tensorflow, data.draw(steps(name))
    attrs, op_def = options(name, use_nesterov), ops.find_op(name)
    with tf1.Graph().as_default(), tf1.Session() as session:
        variables, inputs = [], {}
        for arg, value in zip(op_def.inputs, case, strict=True):
            inputs[arg.name] = value
            if arg.is_ref:
                variable = tf1.Variable(value, use_resource=True)
                variables.append(variable)
                inputs[arg.name] = variable.handle
        step = getattr(tf1.raw_ops, f"Resource{name}")(**inputs, **attrs)
        session.run(tf1.global_variables_initializer())
        session.run(step)
        theirs = session.run(variables)

    eps = 8 * np.finfo(case[0].dtype).eps
    for one, other in zip(changed(op_def, case, **attrs), theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=eps, atol=eps * 8)


def test_a_gradient_of_another_shape_is_refused():
    var = ops.variable_v2_op(dtype=tf.float32, shape=[2])
    with pytest.raises(ValueError, match="must be equal"):
        ops.apply_gradient_descent_op(var, 0.1, [1.0, 2.0, 3.0])
    with pytest.raises(tf.errors.InvalidArgumentError, match="must be the same size"):
        changed(ops.apply_gradient_descent_op, (np.zeros(2), np.array(0.1), np.zeros(3)))
    with pytest.raises(tf.errors.InvalidArgumentError, match="must be the same size"):
        changed(
            ops.apply_gradient_descent_op,
            (np.zeros(2), np.array(0.1), np.zeros(3)),
            training.apply_gradient_descent,
        )


def test_a_sparse_step_checks_its_rows():
    scalars = np.array(0.1), np.array(0.9)

    def step(slot, grad, indices):
        lr, momentum = scalars
        case = np.zeros((3, 2)), slot, lr, grad, np.array(indices), momentum
        return changed(ops.sparse_apply_momentum_op, case)

    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"indices\[1\] = 3 is not in \[0, 3\)"
    ):
        step(np.zeros((3, 2)), np.zeros((2, 2)), [0, 3])
    with pytest.raises(tf.errors.InvalidArgumentError, match="do not have the same shape"):
        step(np.zeros((3, 1)), np.zeros((1, 2)), [0])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"grad must have shape \[1, 2\]"):
        step(np.zeros((3, 2)), np.zeros((1, 3)), [0])
