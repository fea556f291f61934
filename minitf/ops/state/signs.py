"""Steps that are longer where a gradient has the sign of its decaying mean: AddSign, PowerSign.

Each function gives what the variable and its slots shall hold (see `minitf.ops.state.steps`).

Source: Bello, Zoph, Vasudevan and Le 2017; TensorFlow's ops of the same names.
"""

import numpy as np

from minitf.dtypes import NUMBERS
from minitf.op_def import op
from minitf.ops.state.steps import select, step
from minitf.ops.state.twins import resource_twin
from minitf.symbols import Ref, T

# --- ApplyAddSign --------------------------------------------------------------------------------


@step()
@op("ApplyAddSign", T=NUMBERS, outputs=("out",))
def apply_add_sign_op(
    var: Ref[T],
    m: Ref[T],
    lr: T[()],
    alpha: T[()],
    sign_decay: T[()],
    beta: T[()],
    grad: T,
    *,
    use_locking: bool = False,
) -> Ref[T]:
    """Go one step against the gradient, alpha + sign_decay times as far where the signs agree.

    m    = beta * m + (1 - beta) * grad
    var -= lr * (alpha + sign_decay * sign(grad) * sign(m)) * grad

    Args:
        var: the variable.
        m: mean of gradients; a variable of the same shape.
        lr: learning rate.
        alpha: how far if `m` were 0.
        sign_decay: how much farther where the signs agree, and less far where they differ.
        beta: how much of `m` remains, in [0, 1).
        grad: T[...], the gradient; of the same shape.
        use_locking: accepted for compatibility: an update always excludes others.

    Returns:
        The handle of `var`.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: TensorFlow's op of the same name.
    """
    m = m * beta + grad * (1.0 - beta)
    agree = np.sign(grad) * np.sign(m)
    return var - lr * (alpha + sign_decay * agree) * grad, m


resource_apply_add_sign_op = resource_twin("ResourceApplyAddSign", apply_add_sign_op)

# --- ApplyPowerSign ------------------------------------------------------------------------------


@step()
@op("ApplyPowerSign", T=NUMBERS, outputs=("out",))
def apply_power_sign_op(
    var: Ref[T],
    m: Ref[T],
    lr: T[()],
    logbase: T[()],
    sign_decay: T[()],
    beta: T[()],
    grad: T,
    *,
    use_locking: bool = False,
) -> Ref[T]:
    """Go one step against the gradient, a power of a base times as far where the signs agree.

    m    = beta * m + (1 - beta) * grad
    var -= lr * exp(logbase * sign_decay * sign(grad) * sign(m)) * grad

    Args:
        var: the variable.
        m: mean of gradients; a variable of the same shape.
        lr: learning rate.
        logbase: logarithm of the base.
        sign_decay: the exponent where the signs agree; its negative where they differ.
        beta: how much of `m` remains, in [0, 1).
        grad: T[...], the gradient; of the same shape.
        use_locking: accepted for compatibility: an update always excludes others.

    Returns:
        The handle of `var`.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: TensorFlow's op of the same name.
    """
    m = m * beta + grad * (1.0 - beta)
    agree = np.sign(grad) * np.sign(m)
    exponent = logbase * sign_decay
    # of three values, two of which are the same for all elements: no exponential for each
    other = select(agree < 0.0, np.exp(-exponent), 1.0 + agree)
    return var - lr * select(agree > 0.0, np.exp(exponent), other) * grad, m


resource_apply_power_sign_op = resource_twin("ResourceApplyPowerSign", apply_power_sign_op)
