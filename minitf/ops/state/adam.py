"""Steps along a decaying mean of gradients, scaled by a measure of their size: Adam and AdaMax.

Each function gives what the variable and its slots shall hold (see `minitf.ops.state.steps`).

Source: OSDI §4.1 (Adam); Kingma and Ba 2015.
"""

import numpy as np

from minitf.dtypes import NUMBERS
from minitf.op_def import op
from minitf.ops.state.steps import step
from minitf.ops.state.twins import resource_twin
from minitf.symbols import Ref, T

# --- ApplyAdam -----------------------------------------------------------------------------------


@step()
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
    rate = lr * np.sqrt(1.0 - beta2_power) / (1.0 - beta1_power)
    m = m + (grad - m) * (1.0 - beta1)
    v = v + (grad * grad - v) * (1.0 - beta2)
    ahead = m * beta1 + grad * (1.0 - beta1) if use_nesterov else m
    return var - ahead * rate / (np.sqrt(v) + epsilon), m, v


resource_apply_adam_op = resource_twin("ResourceApplyAdam", apply_adam_op)

# --- ApplyAdaMax ---------------------------------------------------------------------------------


@step()
@op("ApplyAdaMax", T=NUMBERS, outputs=("out",))
def apply_ada_max_op(
    var: Ref[T],
    m: Ref[T],
    v: Ref[T],
    beta1_power: T[()],
    lr: T[()],
    beta1: T[()],
    beta2: T[()],
    epsilon: T[()],
    grad: T,
    *,
    use_locking: bool = False,
) -> Ref[T]:
    """Go one step along a decaying mean of gradients, scaled by their decaying maximum.

    m   += (1 - beta1) * (grad - m)
    v    = max(beta2 * v, |grad|)
    var -= lr / (1 - beta1_power) * m / (v + epsilon)

    Args:
        var: the variable.
        m: mean of gradients; a variable of the same shape.
        v: the maximum; a variable of the same shape.
        beta1_power: beta1 to the power of the step's number.
        lr: learning rate.
        beta1: how much of `m` remains, in [0, 1).
        beta2: how much of `v` remains, in [0, 1).
        epsilon: keeps the divisor from 0.
        grad: T[...], the gradient; of the same shape.
        use_locking: accepted for compatibility: an update always excludes others.

    Returns:
        The handle of `var`.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: Kingma and Ba 2015, section 7.1; TensorFlow's op of the same name.
    """
    m = m + (grad - m) * (1.0 - beta1)
    v = np.maximum(beta2 * v, np.abs(grad))
    return var - lr / (1.0 - beta1_power) * (m / (v + epsilon)), m, v


resource_apply_ada_max_op = resource_twin("ResourceApplyAdaMax", apply_ada_max_op)
