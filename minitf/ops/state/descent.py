"""Steps along the gradient, or along a decaying sum of gradients.

Each function gives what the variable and its slots shall hold (see `minitf.ops.state.steps`).

Source: 2015 §4.1; OSDI §4.1 (SGD, Momentum).
"""

import numpy as np

from minitf.dtypes import NUMBERS
from minitf.op_def import op
from minitf.ops.state.steps import sparse_twin, step
from minitf.ops.state.twins import resource_twin
from minitf.symbols import Ref, T

# --- ApplyGradientDescent ------------------------------------------------------------------------


@step()
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
    return (var - alpha * delta,)


resource_apply_gradient_descent_op = resource_twin(
    "ResourceApplyGradientDescent", apply_gradient_descent_op
)

# --- ApplyProximalGradientDescent ----------------------------------------------------------------


@step()
@op("ApplyProximalGradientDescent", T=NUMBERS, outputs=("out",))
def apply_proximal_gradient_descent_op(
    var: Ref[T], alpha: T[()], l1: T[()], l2: T[()], delta: T, *, use_locking: bool = False
) -> Ref[T]:
    """Go one step against the gradient, then towards 0 as far as two penalties ask for.

    ahead = var - alpha * delta
    var   = sign(ahead) * max(|ahead| - alpha * l1, 0) / (1 + alpha * l2)

    Args:
        var: the variable.
        alpha: learning rate.
        l1: weight of the sum of absolute values; if it is negative, 0 is meant.
        l2: weight of half the sum of squares.
        delta: T[...], the gradient; of the variable's shape.
        use_locking: accepted for compatibility: an update always excludes others.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: Duchi and Singer 2009; TensorFlow's op of the same name.
    """
    ahead = var - alpha * delta
    left = np.maximum(np.abs(ahead) - alpha * np.maximum(l1, 0.0), 0.0)
    return (np.copysign(left, ahead) / (1.0 + alpha * l2),)


sparse_apply_proximal_gradient_descent_op = sparse_twin(
    "SparseApplyProximalGradientDescent", apply_proximal_gradient_descent_op
)
resource_apply_proximal_gradient_descent_op = resource_twin(
    "ResourceApplyProximalGradientDescent", apply_proximal_gradient_descent_op
)
resource_sparse_apply_proximal_gradient_descent_op = resource_twin(
    "ResourceSparseApplyProximalGradientDescent", sparse_apply_proximal_gradient_descent_op
)

# --- ApplyMomentum -------------------------------------------------------------------------------


@step()
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

    Source: OSDI §4.1 (Momentum); Sutskever et al. 2013.
    """
    accum = accum * momentum + grad
    return var - (grad + accum * momentum if use_nesterov else accum) * lr, accum


sparse_apply_momentum_op = sparse_twin("SparseApplyMomentum", apply_momentum_op)
resource_apply_momentum_op = resource_twin("ResourceApplyMomentum", apply_momentum_op)
resource_sparse_apply_momentum_op = resource_twin(
    "ResourceSparseApplyMomentum", sparse_apply_momentum_op
)
