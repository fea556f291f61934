"""Steps whose rate follows the decaying mean square of each element's gradients.

Each function gives what the variable and its slots shall hold (see `minitf.ops.state.steps`).

Source: OSDI §4.1 (RMSProp, AdaDelta); Hinton, Srivastava and Swersky 2012; Zeiler 2012.
"""

import numpy as np

from minitf.dtypes import NUMBERS
from minitf.op_def import op
from minitf.ops.state.steps import sparse_twin, step
from minitf.ops.state.twins import resource_twin
from minitf.symbols import Ref, T

# --- ApplyRMSProp --------------------------------------------------------------------------------


@step()
@op("ApplyRMSProp", T=NUMBERS, outputs=("out",))
def apply_rms_prop_op(
    var: Ref[T],
    ms: Ref[T],
    mom: Ref[T],
    lr: T[()],
    rho: T[()],
    momentum: T[()],
    epsilon: T[()],
    grad: T,
    *,
    use_locking: bool = False,
) -> Ref[T]:
    """Go one step along a decaying sum of gradients, each divided by the root of its mean square.

    ms  += (1 - rho) * (grad^2 - ms)
    mom  = momentum * mom + lr * grad / sqrt(ms + epsilon)
    var -= mom

    Args:
        var: the variable.
        ms: mean of the squares; a variable of the same shape.
        mom: the sum; a variable of the same shape.
        lr: learning rate.
        rho: how much of `ms` remains, in [0, 1).
        momentum: how much of `mom` remains, in [0, 1).
        epsilon: keeps the divisor from 0.
        grad: T[...], the gradient; of the same shape.
        use_locking: accepted for compatibility: an update always excludes others.

    Returns:
        The handle of `var`.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: OSDI §4.1 (RMSProp).
    """
    ms = ms + (grad * grad - ms) * (1.0 - rho)
    mom = mom * momentum + grad * lr / np.sqrt(ms + epsilon)
    return var - mom, ms, mom


sparse_apply_rms_prop_op = sparse_twin("SparseApplyRMSProp", apply_rms_prop_op)
resource_apply_rms_prop_op = resource_twin("ResourceApplyRMSProp", apply_rms_prop_op)
resource_sparse_apply_rms_prop_op = resource_twin(
    "ResourceSparseApplyRMSProp", sparse_apply_rms_prop_op
)

# --- ApplyCenteredRMSProp ------------------------------------------------------------------------


@step()
@op("ApplyCenteredRMSProp", T=NUMBERS, outputs=("out",))
def apply_centered_rms_prop_op(
    var: Ref[T],
    mg: Ref[T],
    ms: Ref[T],
    mom: Ref[T],
    lr: T[()],
    rho: T[()],
    momentum: T[()],
    epsilon: T[()],
    grad: T,
    *,
    use_locking: bool = False,
) -> Ref[T]:
    """Do ApplyRMSProp with the variance of gradients in the place of their mean square.

    mg  += (1 - rho) * (grad - mg)
    ms  += (1 - rho) * (grad^2 - ms)
    mom  = momentum * mom + lr * grad / sqrt(ms - mg^2 + epsilon)
    var -= mom

    Args:
        var: the variable.
        mg: mean of the gradients; a variable of the same shape.
        ms: mean of their squares; a variable of the same shape.
        mom: the sum; a variable of the same shape.
        lr: learning rate.
        rho: how much of `mg` and `ms` remains, in [0, 1).
        momentum: how much of `mom` remains, in [0, 1).
        epsilon: keeps the divisor from 0.
        grad: T[...], the gradient; of the same shape.
        use_locking: accepted for compatibility: an update always excludes others.

    Returns:
        The handle of `var`.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: Graves 2013, equations 38 to 45; TensorFlow's op of the same name.
    """
    mg = mg + (grad - mg) * (1.0 - rho)
    ms = ms + (grad * grad - ms) * (1.0 - rho)
    mom = mom * momentum + grad * lr / np.sqrt(ms - mg * mg + epsilon)
    return var - mom, mg, ms, mom


sparse_apply_centered_rms_prop_op = sparse_twin(
    "SparseApplyCenteredRMSProp", apply_centered_rms_prop_op
)
resource_apply_centered_rms_prop_op = resource_twin(
    "ResourceApplyCenteredRMSProp", apply_centered_rms_prop_op
)
resource_sparse_apply_centered_rms_prop_op = resource_twin(
    "ResourceSparseApplyCenteredRMSProp", sparse_apply_centered_rms_prop_op
)

# --- ApplyAdadelta -------------------------------------------------------------------------------


@step()
@op("ApplyAdadelta", T=NUMBERS, outputs=("out",))
def apply_adadelta_op(
    var: Ref[T],
    accum: Ref[T],
    accum_update: Ref[T],
    lr: T[()],
    rho: T[()],
    epsilon: T[()],
    grad: T,
    *,
    use_locking: bool = False,
) -> Ref[T]:
    """Go one step of about the size of the last steps, whatever the unit of the gradient.

    accum        = rho * accum + (1 - rho) * grad^2
    update       = grad * sqrt(accum_update + epsilon) / sqrt(accum + epsilon)
    accum_update = rho * accum_update + (1 - rho) * update^2
    var         -= lr * update

    Args:
        var: the variable.
        accum: mean square of gradients; a variable of the same shape.
        accum_update: mean square of updates; a variable of the same shape.
        lr: learning rate.
        rho: how much of the means remains, in [0, 1).
        epsilon: keeps the divisor from 0, and the first steps from being 0.
        grad: T[...], the gradient; of the same shape.
        use_locking: accepted for compatibility: an update always excludes others.

    Returns:
        The handle of `var`.

    Raises:
        InvalidArgumentError: if the shapes differ.

    Source: OSDI §4.1 (AdaDelta); Zeiler 2012, algorithm 1.
    """
    accum = accum * rho + grad * grad * (1.0 - rho)
    update = np.sqrt(accum_update + epsilon) / np.sqrt(accum + epsilon) * grad
    accum_update = accum_update * rho + update * update * (1.0 - rho)
    return var - update * lr, accum, accum_update


sparse_apply_adadelta_op = sparse_twin("SparseApplyAdadelta", apply_adadelta_op)
resource_apply_adadelta_op = resource_twin("ResourceApplyAdadelta", apply_adadelta_op)
resource_sparse_apply_adadelta_op = resource_twin(
    "ResourceSparseApplyAdadelta", sparse_apply_adadelta_op
)
