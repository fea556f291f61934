"""Steps of optimizers: each changes a variable and its slots in one atomic step.

Source: 2015 Table 1 row "Stateful operations"; OSDI §4.1 (optimizers are user-level graph code;
these ops fuse the common ones).
"""

from typing import Any

import numpy as np

from minitf.dtypes import INDICES, NUMBERS
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.state.scatter import check_rows
from minitf.ops.state.twins import resource_twin
from minitf.ops.state.variables import must_have_shape
from minitf.resources import Variable, modifying, updating
from minitf.shapes import Shape, merge
from minitf.symbols import Ref, T, Tindices, n

Array = np.ndarray[Any, Any]

# --- ApplyGradientDescent ------------------------------------------------------------------------


@op("ApplyGradientDescent", T=NUMBERS, outputs=("out",))
def apply_gradient_descent_op(
    var: Ref[T], alpha: T[()], delta: T, *, use_locking: bool = False
) -> Ref[T]:
    """Go one step against the gradient.

    var -= alpha * delta

    Args:
        var: the variable.
        alpha: learning rate.
        delta: T[...], the gradient; of the variable's shape.
        use_locking: accepted for compatibility: an update always excludes others.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: 2015 §4.1.
    """
    must_have_shape(var, delta)
    var.update(lambda old, out: np.subtract(old, alpha * delta, out=out))
    return var


@apply_gradient_descent_op.shape
def apply_gradient_descent_shape(
    var: Shape, alpha: Shape, delta: Shape, *, use_locking: bool
) -> Shape:
    return merge(var, delta)


resource_apply_gradient_descent_op = resource_twin(
    "ResourceApplyGradientDescent", apply_gradient_descent_op
)

# --- ApplyMomentum -------------------------------------------------------------------------------


@op("ApplyMomentum", T=NUMBERS, outputs=("out",))
def apply_momentum_op(
    var: Ref[T],
    accum: Ref[T],
    lr: T[()],
    grad: T,
    momentum: T[()],
    *,
    use_locking: bool = False,
    use_nesterov: bool = False,
) -> Ref[T]:
    """Go one step along a decaying sum of gradients.

    accum = momentum * accum + grad
    var  -= lr * accum                          or, by Nesterov's look-ahead,
    var  -= lr * (grad + momentum * accum)

    Args:
        var: the variable.
        accum: the sum; a variable of the same shape.
        lr: learning rate.
        grad: T[...], the gradient; of the same shape.
        momentum: how much of the sum remains, in [0, 1).
        use_locking: accepted for compatibility: an update always excludes others.
        use_nesterov: whether to look ahead.

    Returns:
        The handle of `var`.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: OSDI §4.1 (Momentum).
    """
    must_have_shape(accum, grad)
    must_have_shape(var, grad)
    with updating(var, accum) as ((old, new), (old_accum, new_accum)):
        np.add(old_accum * momentum, grad, out=new_accum)
        ahead = grad + new_accum * momentum if use_nesterov else new_accum
        np.subtract(old, ahead * lr, out=new)
    return var


@apply_momentum_op.shape
def apply_momentum_shape(
    var: Shape,
    accum: Shape,
    lr: Shape,
    grad: Shape,
    momentum: Shape,
    *,
    use_locking: bool,
    use_nesterov: bool,
) -> Shape:
    return merge(merge(var, accum), grad)


resource_apply_momentum_op = resource_twin("ResourceApplyMomentum", apply_momentum_op)

# --- SparseApplyMomentum -------------------------------------------------------------------------


@op("SparseApplyMomentum", T=NUMBERS, Tindices=INDICES, outputs=("out",))
def sparse_apply_momentum_op(
    var: Ref[T],
    accum: Ref[T],
    lr: T[()],
    grad: T,
    indices: Tindices[n],
    momentum: T[()],
    *,
    use_locking: bool = False,
    use_nesterov: bool = False,
) -> Ref[T]:
    """Do ApplyMomentum to some rows, one after the other; the others stay.

    Args:
        var: the variable, of shape [rows, ...].
        accum: a variable of the same shape.
        lr: learning rate.
        grad: T[n, ...], a gradient for each index.
        indices: the rows, each in [0, rows).
        momentum: how much of the sum remains, in [0, 1).
        use_locking: accepted for compatibility: an update always excludes others.
        use_nesterov: whether to look ahead.

    Returns:
        The handle of `var`.

    Raises:
        InvalidArgumentError: if a row does not exist, or the shapes do not fit.

    Source: OSDI §4.1, §4.2 (sparse updates).
    """
    must_have_rows(var, accum, grad, indices)
    with modifying(var, accum) as (values, sums):
        for row, slope in zip(indices, grad, strict=True):
            sums[row] = sums[row] * momentum + slope
            ahead = slope + sums[row] * momentum if use_nesterov else sums[row]
            values[row] -= ahead * lr
    return var


@sparse_apply_momentum_op.shape
def sparse_apply_momentum_shape(
    var: Shape,
    accum: Shape,
    lr: Shape,
    grad: Shape,
    indices: Shape,
    momentum: Shape,
    *,
    use_locking: bool,
    use_nesterov: bool,
) -> Shape:
    return rows_shape(merge(var, accum), grad, indices)


resource_sparse_apply_momentum_op = resource_twin(
    "ResourceSparseApplyMomentum", sparse_apply_momentum_op
)


def rows_shape(var: Shape, grad: Shape, indices: Shape) -> Shape:
    """Return the variable's shape, checked against gradients of some of its rows."""
    if var.rank == 0:
        raise invalid("var must be at least 1 dimensional")
    if var.dims is not None:
        merge(grad, Shape((*indices, *var.dims[1:])))
    return var


def must_have_rows(var: Variable, slot: Variable, grad: Array, indices: Array) -> None:
    """Check gradients of some rows against the variable and its slot.

    Raises:
        InvalidArgumentError: if a row does not exist, or the shapes do not fit.
    """
    shape = var.read().shape
    if slot.read().shape != shape:
        raise invalid(
            f"var and {slot.name} do not have the same shape {Shape(shape)} {slot.present_shape}"
        )
    if grad.shape != (len(indices), *shape[1:]):
        raise invalid(
            f"grad must have shape {Shape((len(indices), *shape[1:]))}, got {Shape(grad.shape)}"
        )
    check_rows(indices, shape[0])


# --- ApplyAdam -----------------------------------------------------------------------------------


@op("ApplyAdam", T=NUMBERS, outputs=("out",))
def apply_adam_op(
    var: Ref[T],
    m: Ref[T],
    v: Ref[T],
    beta1_power: T[()],
    beta2_power: T[()],
    lr: T[()],
    beta1: T[()],
    beta2: T[()],
    epsilon: T[()],
    grad: T,
    *,
    use_locking: bool = False,
    use_nesterov: bool = False,
) -> Ref[T]:
    """Go one step along a decaying mean of gradients, scaled by their decaying mean square.

    m   += (1 - beta1) * (grad - m)
    v   += (1 - beta2) * (grad^2 - v)
    rate = lr * sqrt(1 - beta2_power) / (1 - beta1_power)      means start at 0: correct for it
    var -= rate * m / (sqrt(v) + epsilon)       by Nesterov, beta1 * m + (1 - beta1) * grad for m

    Args:
        var: the variable.
        m: mean of gradients; a variable of the same shape.
        v: mean of their squares; a variable of the same shape.
        beta1_power: beta1 to the power of the step's number.
        beta2_power: beta2 to that power.
        lr: learning rate.
        beta1: how much of `m` remains, in [0, 1).
        beta2: how much of `v` remains, in [0, 1).
        epsilon: keeps the divisor from 0.
        grad: T[...], the gradient; of the same shape.
        use_locking: accepted for compatibility: an update always excludes others.
        use_nesterov: whether to look ahead.

    Returns:
        The handle of `var`.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: OSDI §4.1 (Adam).
    """
    for each in (var, m, v):
        must_have_shape(each, grad)
    rate = lr * np.sqrt(1 - beta2_power) / (1 - beta1_power)
    with updating(var, m, v) as ((old, new), (old_m, new_m), (old_v, new_v)):
        np.add(old_m, (grad - old_m) * (1 - beta1), out=new_m)
        np.add(old_v, (grad * grad - old_v) * (1 - beta2), out=new_v)
        ahead = new_m * beta1 + grad * (1 - beta1) if use_nesterov else new_m
        np.subtract(old, ahead * rate / (np.sqrt(new_v) + epsilon), out=new)
    return var


@apply_adam_op.shape
def apply_adam_shape(
    var: Shape, m: Shape, v: Shape, *rest: Shape, use_locking: bool, use_nesterov: bool
) -> Shape:
    *_, grad = rest
    return merge(merge(merge(var, m), v), grad)


resource_apply_adam_op = resource_twin("ResourceApplyAdam", apply_adam_op)

for _op in (
    apply_gradient_descent_op,
    apply_momentum_op,
    sparse_apply_momentum_op,
    apply_adam_op,
):
    _op.no_gradient("a write is no function of the value that it leaves behind")
