"""Steps of FTRL-Proximal: to where all gradients so far and the penalties balance.

Each function gives what the variable and its slots shall hold (see `minitf.ops.state.steps`).

Source: McMahan et al. 2013, algorithm 1; TensorFlow's ops of the same names.
"""

import numpy as np

from minitf.dtypes import NUMBERS
from minitf.op_def import op
from minitf.ops.state.steps import select, sparse_twin, step
from minitf.ops.state.twins import resource_twin
from minitf.symbols import Ref, T

# --- ApplyFtrl -----------------------------------------------------------------------------------


@step(lr="positive", l1="non-negative", l2="non-negative", lr_power="non-positive")
@op("ApplyFtrl", T=NUMBERS, outputs=("out",))
def apply_ftrl_op(
    var: Ref[T],
    accum: Ref[T],
    linear: Ref[T],
    grad: T,
    lr: T[()],
    l1: T[()],
    l2: T[()],
    lr_power: T[()],
    *,
    use_locking: bool = False,
    multiply_linear_by_lr: bool = False,
) -> Ref[T]:
    """Go to the minimum of all linear losses so far, two penalties, and the way gone so far.

    total   = accum + grad^2
    linear += grad - (total^-lr_power - accum^-lr_power) / lr * var
    accum   = total
    var     = -(linear - l1 sign(linear)) / (total^-lr_power / lr + 2 l2)     0 if |linear| <= l1

    Args:
        var: the variable.
        accum: the sum of squares; a variable of the same shape.
        linear: the linear losses' sum; a variable of the same shape.
        grad: T[...], the gradient; of the same shape.
        lr: learning rate, > 0.
        l1: weight of the sum of absolute values, >= 0.
        l2: weight of the sum of squares, >= 0.
        lr_power: how the rate falls with `accum`, <= 0; at -0.5 as in Adagrad.
        use_locking: accepted for compatibility: an update always excludes others.
        multiply_linear_by_lr: whether `linear` holds `lr` times the sum.

    Returns:
        The handle of `var`.

    Raises:
        InvalidArgumentError: if the shapes differ, or a scalar is out of bounds.

    Source: TensorFlow's op of the same name.
    """
    # one of the two is 1, by which nothing is rounded
    factor, divisor = (lr, 1.0) if multiply_linear_by_lr else (1.0, lr)
    total = accum + grad * grad
    before = np.sqrt(accum) if lr_power == -0.5 else accum**-lr_power
    after = np.sqrt(total) if lr_power == -0.5 else total**-lr_power
    linear = linear + grad * factor - (after - before) / divisor * var
    bound = l1 * factor
    shrunk = (np.copysign(bound, linear) - linear) / (after / divisor + 2.0 * l2 * factor)
    return select(np.abs(linear) > bound, shrunk, 0.0), total, linear


sparse_apply_ftrl_op = sparse_twin("SparseApplyFtrl", apply_ftrl_op)
resource_apply_ftrl_op = resource_twin("ResourceApplyFtrl", apply_ftrl_op)
resource_sparse_apply_ftrl_op = resource_twin("ResourceSparseApplyFtrl", sparse_apply_ftrl_op)

# --- ApplyFtrlV2 ---------------------------------------------------------------------------------


@step(
    lr="positive",
    l1="non-negative",
    l2="non-negative",
    l2_shrinkage="non-negative",
    lr_power="non-positive",
)
@op("ApplyFtrlV2", T=NUMBERS, outputs=("out",))
def apply_ftrl_v2_op(
    var: Ref[T],
    accum: Ref[T],
    linear: Ref[T],
    grad: T,
    lr: T[()],
    l1: T[()],
    l2: T[()],
    l2_shrinkage: T[()],
    lr_power: T[()],
    *,
    use_locking: bool = False,
    multiply_linear_by_lr: bool = False,
) -> Ref[T]:
    """Do ApplyFtrl with a penalty on squares in the losses too: their gradient joins `grad`.

    linear += grad + 2 l2_shrinkage var - (total^-lr_power - accum^-lr_power) / lr * var

    and everything else as there; `accum` sees `grad` alone.

    Args:
        var: the variable.
        accum: the sum of squares; a variable of the same shape.
        linear: the linear losses' sum; a variable of the same shape.
        grad: T[...], the gradient; of the same shape.
        lr: learning rate, > 0.
        l1: weight of the sum of absolute values, >= 0.
        l2: weight of the sum of squares in what is minimised, >= 0.
        l2_shrinkage: weight of the sum of squares in each loss, >= 0.
        lr_power: how the rate falls with `accum`, <= 0; at -0.5 as in Adagrad.
        use_locking: accepted for compatibility: an update always excludes others.
        multiply_linear_by_lr: whether `linear` holds `lr` times the sum.

    Returns:
        The handle of `var`.

    Raises:
        InvalidArgumentError: if the shapes differ, or a scalar is out of bounds.

    Source: TensorFlow's op of the same name.
    """
    # one of the two is 1, by which nothing is rounded
    factor, divisor = (lr, 1.0) if multiply_linear_by_lr else (1.0, lr)
    total = accum + grad * grad
    before = np.sqrt(accum) if lr_power == -0.5 else accum**-lr_power
    after = np.sqrt(total) if lr_power == -0.5 else total**-lr_power
    slope = grad + 2.0 * l2_shrinkage * var
    linear = linear + slope * factor - (after - before) / divisor * var
    bound = l1 * factor
    shrunk = (np.copysign(bound, linear) - linear) / (after / divisor + 2.0 * l2 * factor)
    return select(np.abs(linear) > bound, shrunk, 0.0), total, linear


sparse_apply_ftrl_v2_op = sparse_twin("SparseApplyFtrlV2", apply_ftrl_v2_op)
resource_apply_ftrl_v2_op = resource_twin("ResourceApplyFtrlV2", apply_ftrl_v2_op)
resource_sparse_apply_ftrl_v2_op = resource_twin(
    "ResourceSparseApplyFtrlV2", sparse_apply_ftrl_v2_op
)
