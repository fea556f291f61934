"""Steps of Adagrad: each element's rate shrinks with the squares of its own gradients.

Each function gives what the variable and its slots shall hold (see `minitf.ops.state.steps`).

Source: OSDI §4.1 (optimizers), Figure 1; Duchi, Hazan and Singer 2011.
"""

import numpy as np

from minitf.dtypes import NUMBERS
from minitf.op_def import op
from minitf.ops.state.steps import sparse_twin, step
from minitf.ops.state.twins import resource_twin
from minitf.symbols import Ref, T, int64

# --- ApplyAdagrad --------------------------------------------------------------------------------


@step()
@op("ApplyAdagrad", T=NUMBERS, outputs=("out",))
def apply_adagrad_op(
    var: Ref[T],
    accum: Ref[T],
    lr: T[()],
    grad: T,
    *,
    use_locking: bool = False,
    update_slots: bool = True,
) -> Ref[T]:
    """Go one step against the gradient, each element the shorter the more it has moved.

    accum += grad^2
    var   -= lr * grad / sqrt(accum)

    Args:
        var: the variable.
        accum: the sum of squares, which starts above 0; a variable of the same shape.
        lr: learning rate.
        grad: T[...], the gradient; of the same shape.
        use_locking: accepted for compatibility: an update always excludes others.
        update_slots: whether `accum` grows.

    Returns:
        The handle of `var`.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: OSDI §4.1, Figure 1 (Adagrad).
    """
    accum = accum + grad * grad if update_slots else accum
    return var - grad * lr / np.sqrt(accum), accum


sparse_apply_adagrad_op = sparse_twin("SparseApplyAdagrad", apply_adagrad_op)
resource_apply_adagrad_op = resource_twin("ResourceApplyAdagrad", apply_adagrad_op)
resource_sparse_apply_adagrad_op = resource_twin(
    "ResourceSparseApplyAdagrad", sparse_apply_adagrad_op
)

# --- ApplyAdagradV2 ------------------------------------------------------------------------------


@step()
@op("ApplyAdagradV2", T=NUMBERS, outputs=("out",))
def apply_adagrad_v2_op(
    var: Ref[T],
    accum: Ref[T],
    lr: T[()],
    epsilon: T[()],
    grad: T,
    *,
    use_locking: bool = False,
    update_slots: bool = True,
) -> Ref[T]:
    """Do ApplyAdagrad with a divisor that is kept from 0.

    accum += grad^2
    var   -= lr * grad / (sqrt(accum) + epsilon)

    Args:
        var: the variable.
        accum: the sum of squares; a variable of the same shape.
        lr: learning rate.
        epsilon: keeps the divisor from 0.
        grad: T[...], the gradient; of the same shape.
        use_locking: accepted for compatibility: an update always excludes others.
        update_slots: whether `accum` grows.

    Returns:
        The handle of `var`.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: TensorFlow's op of the same name.
    """
    accum = accum + grad * grad if update_slots else accum
    return var - grad * lr / (np.sqrt(accum) + epsilon), accum


sparse_apply_adagrad_v2_op = sparse_twin("SparseApplyAdagradV2", apply_adagrad_v2_op)
resource_apply_adagrad_v2_op = resource_twin("ResourceApplyAdagradV2", apply_adagrad_v2_op)
resource_sparse_apply_adagrad_v2_op = resource_twin(
    "ResourceSparseApplyAdagradV2", sparse_apply_adagrad_v2_op
)

# --- ApplyProximalAdagrad ------------------------------------------------------------------------


@step(lr="positive", l1="non-negative", l2="non-negative")
@op("ApplyProximalAdagrad", T=NUMBERS, outputs=("out",))
def apply_proximal_adagrad_op(
    var: Ref[T],
    accum: Ref[T],
    lr: T[()],
    l1: T[()],
    l2: T[()],
    grad: T,
    *,
    use_locking: bool = False,
) -> Ref[T]:
    """Do ApplyAdagrad, then go towards 0 as far as two penalties ask for.

    accum += grad^2
    rate   = lr / sqrt(accum)
    ahead  = var - rate * grad
    var    = sign(ahead) * max(|ahead| - rate * l1, 0) / (1 + rate * l2)

    Args:
        var: the variable.
        accum: the sum of squares, which starts above 0; a variable of the same shape.
        lr: learning rate, > 0.
        l1: weight of the sum of absolute values, >= 0.
        l2: weight of half the sum of squares, >= 0.
        grad: T[...], the gradient; of the same shape.
        use_locking: accepted for compatibility: an update always excludes others.

    Returns:
        The handle of `var`.

    Raises:
        InvalidArgumentError: if the shapes differ, or a scalar is out of bounds.

    Source: Duchi, Hazan and Singer 2011; TensorFlow's op of the same name.
    """
    accum = accum + grad * grad
    rate = lr / np.sqrt(accum)
    ahead = var - rate * grad
    left = np.maximum(np.abs(ahead) - rate * l1, 0.0)
    return np.copysign(left, ahead) / (1.0 + rate * l2), accum


sparse_apply_proximal_adagrad_op = sparse_twin(
    "SparseApplyProximalAdagrad", apply_proximal_adagrad_op
)
resource_apply_proximal_adagrad_op = resource_twin(
    "ResourceApplyProximalAdagrad", apply_proximal_adagrad_op
)
resource_sparse_apply_proximal_adagrad_op = resource_twin(
    "ResourceSparseApplyProximalAdagrad", sparse_apply_proximal_adagrad_op
)

# --- ApplyAdagradDA ------------------------------------------------------------------------------


@step()
@op("ApplyAdagradDA", T=NUMBERS, outputs=("out",))
def apply_adagrad_da_op(
    var: Ref[T],
    gradient_accumulator: Ref[T],
    gradient_squared_accumulator: Ref[T],
    grad: T,
    lr: T[()],
    l1: T[()],
    l2: T[()],
    global_step: int64[()],
    *,
    use_locking: bool = False,
) -> Ref[T]:
    """Go to where all gradients so far, added up, and two penalties balance: dual averaging.

    sum     += grad
    squares += grad^2
    var      = -lr * sign(sum) * max(|sum| - step * l1, 0) / (sqrt(squares) + step * lr * l2)

    Args:
        var: the variable.
        gradient_accumulator: the sum; a variable of the same shape.
        gradient_squared_accumulator: the squares, which start above 0; likewise.
        grad: T[...], the gradient; of the same shape.
        lr: learning rate.
        l1: weight of the sum of absolute values; if it is negative, 0 is meant.
        l2: weight of half the sum of squares.
        global_step: the step's number, from 1.
        use_locking: accepted for compatibility: an update always excludes others.

    Returns:
        The handle of `var`.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: Duchi, Hazan and Singer 2011, section 2; TensorFlow's op of the same name.
    """
    total = gradient_accumulator + grad
    squares = gradient_squared_accumulator + grad * grad
    left = np.maximum(np.abs(total) - global_step * np.maximum(l1, 0.0), 0.0)
    divisor = global_step * lr * l2 + np.sqrt(squares)
    return -lr * np.copysign(left, total) / divisor, total, squares


sparse_apply_adagrad_da_op = sparse_twin("SparseApplyAdagradDA", apply_adagrad_da_op)
resource_apply_adagrad_da_op = resource_twin("ResourceApplyAdagradDA", apply_adagrad_da_op)
resource_sparse_apply_adagrad_da_op = resource_twin(
    "ResourceSparseApplyAdagradDA", sparse_apply_adagrad_da_op
)
