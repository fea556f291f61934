"""Changes of element type: by value (Cast), by bits (Bitcast).

Source: 2015 §3 "Tensors" (element types); TensorFlow's ops of the same names.
"""

from typing import Any

import ml_dtypes
import numpy as np

from minitf import ops
from minitf.dtypes import ANY, COMPLEX, FLOATS, INTEGERS, QUANTIZED, DType, by_numpy, c_name
from minitf.errors import UnimplementedError, invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.shapes import Shape, known
from minitf.static_value import constant_value, static_value
from minitf.symbols import DstT, SrcT, T, type
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- Cast --------------------------------------------------------------------------------------


@op("Cast", SrcT=ANY, DstT=ANY, outputs=("y",))
def cast_op(x: SrcT, *, DstT: DType, Truncate: bool = False) -> DstT:
    """Convert each element to another type.

    A float becomes an int by dropping its fraction, a complex number a real one by dropping its
    imaginary part, a number a bool by `!= 0`.

    Args:
        x: SrcT[...], numbers or bools.
        DstT: the type wanted.
        Truncate: round to a narrower float by dropping bits, not to the nearest.

    Returns:
        DstT[...] of the same shape.

    Raises:
        UnimplementedError: from or to strings.

    Source: 2015 §3.
    """
    if x.dtype == DstT.numpy and x.dtype != object:
        return x
    if object in (x.dtype, DstT.numpy):
        source = c_name(by_numpy(x.dtype))
        raise UnimplementedError(None, None, f"Cast {source} to {c_name(DstT)} is not supported")
    if x.dtype.kind == "c" and not DstT.is_complex:
        x = x.real
    if Truncate and DstT.is_floating:
        x = _without_low_bits(x, DstT)
    if x.dtype.kind in "biu" and DstT.size > 2:
        return x.astype(DstT.numpy)  # no float is too small for it
    with np.errstate(invalid="ignore", over="ignore"):  # what does not fit is not defined
        return x.astype(DstT.numpy)


def _without_low_bits(x: Array, narrow: DType) -> Array:
    """Clear the bits of a float's fraction that a narrower type has no room for."""
    if by_numpy(x.dtype) not in FLOATS:
        return x
    surplus = ml_dtypes.finfo(x.dtype).nmant - ml_dtypes.finfo(narrow.numpy).nmant
    if surplus <= 0:
        return x
    bits = np.dtype(f"u{x.dtype.itemsize}")
    return (x.view(bits) >> bits.type(surplus) << bits.type(surplus)).view(x.dtype)


@cast_op.shape
def cast_shape(x: Shape, *, DstT: DType, Truncate: bool) -> Shape:
    return x


@cast_op.value
def cast_value(op: Operation) -> Array | None:
    (x,), target = op.inputs, op.attrs["DstT"]
    value = static_value(x)
    if value is None or not target.is_integer or not x.dtype.is_integer or known(*value.flat):
        array = constant_value(x)
        if array is None or object in (array.dtype, target.numpy):
            return None
        cast: Array = cast_op.body(array, DstT=target)
        return cast.astype(object) if target.is_integer else cast
    return value


@cast_op.gradient
def cast_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    continuous = FLOATS | COMPLEX
    source = op.inputs[0].dtype.base_dtype
    if source not in continuous or grad.dtype.base_dtype not in continuous:
        return [None]
    return [ops.cast_op(grad, DstT=source)]


# --- Bitcast -----------------------------------------------------------------------------------

_PLAIN = FLOATS | COMPLEX | INTEGERS | QUANTIZED


@op("Bitcast", T=_PLAIN, type=_PLAIN)
def bitcast_op(input: T, *, type: DType) -> type:
    """Read the same bytes as elements of another type.

    Args:
        input: T[...]; if T is the smaller type, the last size must be the ratio of the two.
        type: the type wanted.

    Returns:
        type[...]; if it is the smaller type, the ratio is added as a last size.

    Raises:
        InvalidArgumentError: if the last size does not fit.

    Source: TensorFlow's op of the same name.
    """
    sizes = bitcast_shape(Shape(input.shape), T=by_numpy(input.dtype), type=type)
    return np.ascontiguousarray(input).reshape(-1).view(type.numpy).reshape(tuple(sizes))


@bitcast_op.shape
def bitcast_shape(input: Shape, *, T: DType, type: DType) -> Shape:
    if input.dims is None or T.size == type.size:
        return input
    if T.size > type.size:
        return Shape((*input, T.size // type.size))
    ratio = type.size // T.size
    if not input.dims or (known(input[-1]) and input[-1] != ratio):
        last = input[-1] if input.dims else "a scalar"
        raise invalid(f"Cannot bitcast due to shape. {last} does not match {ratio}")
    return Shape(input[:-1])


bitcast_op.no_gradient("bits are no numbers", refuse=True)
