"""CPU kernels of optimizer steps: variable and slots are read and written in one pass.

A body makes an array for each product and sum, so it moves through memory three to ten times as
much.  Loops do the same operations in the same order, and give the same bits.

Source: OSDI §4.1; 2015 Table 1.
"""

from __future__ import annotations

import numpy as np

from minitf.dtypes import float32, float64
from minitf.kernels_cpu import threads
from minitf.kernels_cpu.jit import loops
from minitf.ops.state import training
from minitf.ops.state.twins import on_handles
from minitf.ops.state.variables import must_have_shape
from minitf.resources import modifying, updating

TYPES = (float32, float64)
ADAM = 8  # simple operations that a step of one element costs, above all a root and a quotient


def kernel_of(op_def, resource_op_def):
    """Attach a kernel to an op on refs and to its resource twin."""

    def attach(function):
        op_def.kernel("CPU", T=TYPES)(function)
        resource_op_def.kernel("CPU", T=TYPES)(on_handles(op_def, function))
        return function

    return attach


def flat(array):
    """Return an array as a vector; of a contiguous one, it is a view."""
    return np.ascontiguousarray(array).reshape(-1)


# --- ApplyGradientDescent ------------------------------------------------------------------------


@kernel_of(training.apply_gradient_descent_op, training.resource_apply_gradient_descent_op)
def apply_gradient_descent(var, alpha, delta, *, use_locking=False):
    """Go one step against the gradient."""
    must_have_shape(var, delta)
    with updating(var) as ((old, new),):
        threads.split(
            gradient_descent_loops, new.size, flat(old), alpha[()], flat(delta), new.reshape(-1)
        )
    return var


@loops
def gradient_descent_loops(first, last, var, alpha, delta, out):
    """Elements first..last."""
    var, delta, out = var[first:last], delta[first:last], out[first:last]
    for i in range(out.size):
        out[i] = var[i] - alpha * delta[i]


# --- ApplyMomentum -------------------------------------------------------------------------------


@kernel_of(training.apply_momentum_op, training.resource_apply_momentum_op)
def apply_momentum(var, accum, lr, grad, momentum, *, use_locking=False, use_nesterov=False):
    """Go one step along a decaying sum of gradients."""
    must_have_shape(accum, grad)
    must_have_shape(var, grad)
    step = nesterov_loops if use_nesterov else momentum_loops
    with updating(var, accum) as ((old, new), (old_accum, new_accum)):
        threads.split(
            step,
            new.size,
            *(flat(old), flat(old_accum), lr[()], flat(grad), momentum[()]),
            *(new.reshape(-1), new_accum.reshape(-1)),
        )
    return var


@loops
def momentum_loops(first, last, var, accum, lr, grad, momentum, out, out_accum):
    """Elements first..last."""
    var, accum, grad = var[first:last], accum[first:last], grad[first:last]
    out, out_accum = out[first:last], out_accum[first:last]
    for i in range(out.size):
        ahead = accum[i] * momentum + grad[i]
        out_accum[i] = ahead
        out[i] = var[i] - ahead * lr


@loops
def nesterov_loops(first, last, var, accum, lr, grad, momentum, out, out_accum):
    """Elements first..last, with a look ahead."""
    var, accum, grad = var[first:last], accum[first:last], grad[first:last]
    out, out_accum = out[first:last], out_accum[first:last]
    for i in range(out.size):
        total = accum[i] * momentum + grad[i]
        out_accum[i] = total
        out[i] = var[i] - (grad[i] + total * momentum) * lr


# --- SparseApplyMomentum -------------------------------------------------------------------------


@kernel_of(training.sparse_apply_momentum_op, training.resource_sparse_apply_momentum_op)
def sparse_apply_momentum(
    var, accum, lr, grad, indices, momentum, *, use_locking=False, use_nesterov=False
):
    """Do ApplyMomentum to some rows, one after the other: an index may occur twice."""
    training.must_have_rows(var, accum, grad, indices)
    rows = len(indices), -1
    with modifying(var, accum) as (values, sums):
        if indices.size:
            sparse_momentum_loops(
                *(lr[()], np.ascontiguousarray(grad).reshape(rows), indices, momentum[()]),
                *(use_nesterov, values.reshape(len(values), -1), sums.reshape(len(sums), -1)),
            )
    return var


@loops
def sparse_momentum_loops(lr, grad, indices, momentum, use_nesterov, out, out_accum):
    """Change row indices[i] by grad[i]; neighbouring elements of a row are neighbours in memory."""
    for i in range(grad.shape[0]):
        row = indices[i]
        for j in range(grad.shape[1]):
            total = out_accum[row, j] * momentum + grad[i, j]
            out_accum[row, j] = total
            ahead = grad[i, j] + total * momentum if use_nesterov else total
            out[row, j] -= ahead * lr


# --- ApplyAdam -----------------------------------------------------------------------------------


@kernel_of(training.apply_adam_op, training.resource_apply_adam_op)
def apply_adam(
    var,
    m,
    v,
    beta1_power,
    beta2_power,
    lr,
    beta1,
    beta2,
    epsilon,
    grad,
    *,
    use_locking=False,
    use_nesterov=False,
):
    """Go one step along the mean of gradients, scaled by their mean square."""
    for each in (var, m, v):
        must_have_shape(each, grad)
    rate = lr * np.sqrt(1 - beta2_power) / (1 - beta1_power)
    with updating(var, m, v) as ((old, new), (old_m, new_m), (old_v, new_v)):
        threads.split(
            adam_loops,
            new.size,
            *(flat(old), flat(old_m), flat(old_v), rate[()], beta1[()], epsilon[()]),
            *(
                (1 - beta1)[()],
                (1 - beta2)[()],
                flat(grad),
                use_nesterov,
                new.reshape(-1),
                new_m.reshape(-1),
                new_v.reshape(-1),
            ),
            cost=ADAM,
        )
    return var


@loops
def adam_loops(
    first,
    last,
    var,
    m,
    v,
    rate,
    beta1,
    epsilon,
    share1,
    share2,
    grad,
    use_nesterov,
    out,
    out_m,
    out_v,
):
    """Elements first..last; share1 = 1 - beta1, share2 = 1 - beta2, in the type of the elements."""
    var, m, v, grad = var[first:last], m[first:last], v[first:last], grad[first:last]
    out, out_m, out_v = out[first:last], out_m[first:last], out_v[first:last]
    for i in range(out.size):
        mean = m[i] + (grad[i] - m[i]) * share1
        square = v[i] + (grad[i] * grad[i] - v[i]) * share2
        out_m[i] = mean
        out_v[i] = square
        ahead = mean * beta1 + grad[i] * share1 if use_nesterov else mean
        out[i] = var[i] - ahead * rate / (np.sqrt(square) + epsilon)
