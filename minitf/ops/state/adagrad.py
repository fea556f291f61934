"""Steps of Adagrad: each element's rate shrinks with the squares of its own gradients.

Source: OSDI §4.1 (optimizers), Figure 1; Duchi, Hazan and Singer (2011).
"""

import numpy as np

from minitf.dtypes import INDICES, NUMBERS
from minitf.op_def import op
from minitf.ops.state.training import must_have_rows, rows_shape
from minitf.ops.state.twins import resource_twin
from minitf.ops.state.variables import must_have_shape
from minitf.resources import modifying, updating
from minitf.shapes import Shape, merge
from minitf.symbols import Ref, T, Tindices, n

# --- ApplyAdagrad --------------------------------------------------------------------------------


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
    must_have_shape(accum, grad)
    must_have_shape(var, grad)
    with updating(var, accum) as ((old, new), (old_accum, new_accum)):
        np.add(old_accum, grad * grad if update_slots else 0, out=new_accum)
        np.subtract(old, grad * lr / np.sqrt(new_accum), out=new)
    return var


@apply_adagrad_op.shape
def apply_adagrad_shape(
    var: Shape, accum: Shape, lr: Shape, grad: Shape, *, use_locking: bool, update_slots: bool
) -> Shape:
    return merge(merge(var, accum), grad)


resource_apply_adagrad_op = resource_twin("ResourceApplyAdagrad", apply_adagrad_op)

# --- SparseApplyAdagrad --------------------------------------------------------------------------


@op("SparseApplyAdagrad", T=NUMBERS, Tindices=INDICES, outputs=("out",))
def sparse_apply_adagrad_op(
    var: Ref[T],
    accum: Ref[T],
    lr: T[()],
    grad: T,
    indices: Tindices[n],
    *,
    use_locking: bool = False,
    update_slots: bool = True,
) -> Ref[T]:
    """Do ApplyAdagrad to some rows, one after the other; the others stay.

    Args:
        var: the variable, of shape [rows, ...].
        accum: the sum of squares; a variable of the same shape.
        lr: learning rate.
        grad: T[n, ...], a gradient for each index.
        indices: the rows, each in [0, rows).
        use_locking: accepted for compatibility: an update always excludes others.
        update_slots: whether `accum` grows.

    Returns:
        The handle of `var`.

    Raises:
        InvalidArgumentError: if a row does not exist, or the shapes do not fit.

    Source: OSDI §4.1, §4.2 (sparse updates).
    """
    must_have_rows(var, accum, grad, indices)
    with modifying(var, accum) as (values, squares):
        for row, slope in zip(indices, grad, strict=True):
            if update_slots:
                squares[row] += slope * slope
            values[row] -= slope * lr / np.sqrt(squares[row])
    return var


@sparse_apply_adagrad_op.shape
def sparse_apply_adagrad_shape(
    var: Shape,
    accum: Shape,
    lr: Shape,
    grad: Shape,
    indices: Shape,
    *,
    use_locking: bool,
    update_slots: bool,
) -> Shape:
    return rows_shape(merge(var, accum), grad, indices)


resource_sparse_apply_adagrad_op = resource_twin(
    "ResourceSparseApplyAdagrad", sparse_apply_adagrad_op
)

for _op in (apply_adagrad_op, sparse_apply_adagrad_op):
    _op.no_gradient("a write is no function of the value that it leaves behind")
