"""Steps of Keras' optimizers, which TensorFlow has for resource variables only.

Each formula gives what the variable and its slots shall hold (see `minitf.ops.state.steps`).

Source: TensorFlow's ops of these names.
"""

import numpy as np

from minitf.dtypes import NUMBERS
from minitf.op_def import CATALOGUE, OpDef, op
from minitf.ops.state.steps import STEPS, sparse_twin, step
from minitf.ops.state.twins import resource_twin
from minitf.symbols import Ref, T


def on_resources(name: str, on_refs: OpDef) -> OpDef:
    """Register the op on resource handles, which says itself what it does."""
    made = resource_twin(name, on_refs)
    made.__doc__ = on_refs.__doc__
    return made


# --- ResourceApplyAdamWithAmsgrad ----------------------------------------------------------------


def apply_adam_with_amsgrad_op(
    var: Ref[T],
    m: Ref[T],
    v: Ref[T],
    vhat: Ref[T],
    beta1_power: T[()],
    beta2_power: T[()],
    lr: T[()],
    beta1: T[()],
    beta2: T[()],
    epsilon: T[()],
    grad: T,
    *,
    use_locking: bool = False,
) -> Ref[T]:
    """Go one step as Adam does, scaled by the greatest of all mean squares so far.

    m   += (1 - beta1) * (grad - m)
    v   += (1 - beta2) * (grad^2 - v)
    vhat = max(vhat, v)
    var -= lr * sqrt(1 - beta2_power) / (1 - beta1_power) * m / (sqrt(vhat) + epsilon)

    Args:
        var: the variable's handle.
        m: mean of gradients; a variable of the same shape.
        v: mean of their squares; a variable of the same shape.
        vhat: the greatest of these; a variable of the same shape.
        beta1_power: beta1 to the power of the step's number.
        beta2_power: beta2 to that power.
        lr: learning rate.
        beta1: how much of `m` remains, in [0, 1).
        beta2: how much of `v` remains, in [0, 1).
        epsilon: keeps the divisor from 0.
        grad: T[...], the gradient; of the same shape.
        use_locking: accepted for compatibility: an update always excludes others.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: Reddi et al. 2018; TensorFlow's op of the same name.
    """
    rate = lr * np.sqrt(1.0 - beta2_power) / (1.0 - beta1_power)
    m = m + (grad - m) * (1.0 - beta1)
    v = v + (grad * grad - v) * (1.0 - beta2)
    vhat = np.maximum(vhat, v)
    return var - m * rate / (np.sqrt(vhat) + epsilon), m, v, vhat


_AMSGRAD = step()(
    op("ApplyAdamWithAmsgrad", T=NUMBERS, outputs=("out",))(apply_adam_with_amsgrad_op)
)
resource_apply_adam_with_amsgrad_op = on_resources("ResourceApplyAdamWithAmsgrad", _AMSGRAD)

# --- ResourceApplyKerasMomentum ------------------------------------------------------------------


def apply_keras_momentum_op(
    var: Ref[T],
    accum: Ref[T],
    lr: T[()],
    grad: T,
    momentum: T[()],
    *,
    use_locking: bool = False,
    use_nesterov: bool = False,
) -> Ref[T]:
    """Go one step along a decaying sum of steps: the learning rate is in the sum.

    accum = momentum * accum - lr * grad
    var  += accum                               or, by Nesterov's look-ahead,
    var  += momentum * accum - lr * grad

    Args:
        var: the variable's handle.
        accum: the sum; a variable of the same shape.
        lr: learning rate.
        grad: T[...], the gradient; of the same shape.
        momentum: how much of the sum remains, in [0, 1).
        use_locking: accepted for compatibility: an update always excludes others.
        use_nesterov: whether to look ahead.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: Sutskever et al. 2013; TensorFlow's op of the same name.
    """
    accum = accum * momentum - grad * lr
    return var + (accum * momentum - grad * lr if use_nesterov else accum), accum


_MOMENTUM = step()(op("ApplyKerasMomentum", T=NUMBERS, outputs=("out",))(apply_keras_momentum_op))
_SPARSE_MOMENTUM = sparse_twin("SparseApplyKerasMomentum", _MOMENTUM)
resource_apply_keras_momentum_op = on_resources("ResourceApplyKerasMomentum", _MOMENTUM)
resource_sparse_apply_keras_momentum_op = on_resources(
    "ResourceSparseApplyKerasMomentum", _SPARSE_MOMENTUM
)

for _on_refs in (_AMSGRAD, _MOMENTUM, _SPARSE_MOMENTUM):
    del CATALOGUE[_on_refs.name], STEPS[_on_refs.name]  # TensorFlow has none of that name
