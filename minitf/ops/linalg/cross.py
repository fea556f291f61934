"""The product of vectors in space.

Source: TensorFlow's op of the same name.
"""

from minitf import ops
from minitf.dtypes import FLOATS, INTEGERS
from minitf.errors import FailedPreconditionError, invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.linalg.matrices import Array, Gradients
from minitf.shapes import Shape, merge, must_equal
from minitf.symbols import T
from minitf.tensor import Tensor

# --- Cross ---------------------------------------------------------------------------------------


@op("Cross", T=FLOATS | INTEGERS, outputs=("product",))
def cross_op(a: T, b: T) -> T:
    """Give the vectors orthogonal to pairs of vectors: a x b, pair by pair.

    (a x b)[0] = a[1] b[2] - a[2] b[1], and so on in turn.

    Args:
        a: number[..., 3].
        b: number[..., 3].

    Returns:
        number[..., 3].

    Raises:
        InvalidArgumentError: if the shapes differ.
        FailedPreconditionError: if the vectors do not have three elements.

    Source: TensorFlow's op of the same name.
    """
    if a.shape != b.shape:
        raise invalid(f"Both inputs must be of same shape: {list(a.shape)} vs. {list(b.shape)}")
    if a.ndim == 0:
        raise invalid(f"Input must be at least 1D, got shape {list(a.shape)}")
    if a.shape[-1] != 3:
        raise FailedPreconditionError(
            None, None, f"Cross-products are only defined for 3-element vectors: {list(a.shape)}"
        )
    after, before = [1, 2, 0], [2, 0, 1]
    made: Array = a[..., after] * b[..., before] - a[..., before] * b[..., after]
    return made


@cross_op.shape
def cross_shape(a: Shape, b: Shape) -> Shape:
    merged = merge(a, b)
    if merged.dims is None:
        return merged
    if not merged.dims:
        raise invalid("Shape must be at least rank 1 but is rank 0")
    return merged.replaced(-1, must_equal(merged[-1], 3, "Dimension must be 3 but is"))


@cross_op.gradient
def cross_gradient(op: Operation, grad: Tensor) -> Gradients:
    a, b = op.inputs
    return [ops.cross_op(b, grad), ops.cross_op(grad, a)]
