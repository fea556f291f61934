"""Numbers that speak of an image's axes, from one order of axes to another: NHWC to NCHW.

Source: TensorFlow's ops of these names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import INDICES
from minitf.errors import invalid
from minitf.op_def import op
from minitf.shapes import Shape, known
from minitf.symbols import T, int32

Array = np.ndarray[Any, Any]


def _places(src_format: str, dst_format: str) -> list[int]:
    """Return where in the new order each axis of the old one stands."""
    for name, short, axes in (
        ("Source", "src", src_format),
        ("Destination", "dst", dst_format),
    ):
        if len(axes) not in (4, 5):
            raise invalid(
                f"{name} format must be of length 4 or 5, received {short}_format = {axes}"
            )
    letters = set(src_format)
    if letters != set(dst_format) or not len(letters) == len(src_format) == len(dst_format):
        raise invalid(
            "Destination and source format must determine a permutation, got "
            f"{src_format} and {dst_format}"
        )
    return [dst_format.index(axis) for axis in src_format]


# --- DataFormatDimMap ----------------------------------------------------------------------------


@op("DataFormatDimMap", T=INDICES.default(int32), outputs=("y",))
def data_format_dim_map_op(x: T, *, src_format: str = "NHWC", dst_format: str = "NCHW") -> T:
    """Give the numbers of axes in another order of them.

    Args:
        x: int[...], numbers of axes; negative ones count from the end.
        src_format: the letters of the axes in the order that `x` counts them.
        dst_format: the same letters in the order wanted.

    Returns:
        int[...], >= 0.

    Raises:
        InvalidArgumentError: if the formats are not two orders of the same 4 or 5 letters.

    Source: TensorFlow's op of the same name.
    """
    places = np.array(_places(src_format, dst_format), x.dtype)
    return places[x % len(places)]


@data_format_dim_map_op.shape
def data_format_dim_map_shape(x: Shape, *, src_format: str, dst_format: str) -> Shape:
    return x


data_format_dim_map_op.no_gradient("numbers of axes are whole numbers")

# --- DataFormatVecPermute ------------------------------------------------------------------------


@op("DataFormatVecPermute", T=INDICES.default(int32), outputs=("y",))
def data_format_vec_permute_op(x: T, *, src_format: str = "NHWC", dst_format: str = "NCHW") -> T:
    """Put numbers, one per axis, into another order of the axes.

    Args:
        x: int[A] or int[A, 2], of all A axes, or of the two of height and width only.
        src_format: the letters of the axes in the order of `x`.
        dst_format: the same letters in the order wanted.

    Returns:
        int of the same shape.

    Raises:
        InvalidArgumentError: if the formats are not two orders of the same 4 or 5 letters, or `x`
            has another shape.

    Source: TensorFlow's op of the same name.
    """
    _places(src_format, dst_format)
    shape, axes = f"[{','.join(map(str, x.shape))}]", len(src_format)
    if x.ndim not in (1, 2):
        raise invalid(f"input must be a vector or 2D tensor, but got shape {shape}")
    if len(x) not in (axes - 2, axes):
        what = "1D input" if x.ndim == 1 else "First dimension of 2D input"
        raise invalid(f"{what} must be of size {axes - 2} or {axes}, but got shape {shape}")
    if x.ndim == 2 and x.shape[1] != 2:
        raise invalid(f"Second dimension of 2D input must be of size 2, but got shape {shape}")
    if len(x) != axes:
        src_format, dst_format = (_spatial(each) for each in (src_format, dst_format))
    return x[[src_format.index(axis) for axis in dst_format]]


def _spatial(axes: str) -> str:
    return "".join(axis for axis in axes if axis not in "NC")


@data_format_vec_permute_op.shape
def data_format_vec_permute_shape(x: Shape, *, src_format: str, dst_format: str) -> Shape:
    if x.rank is not None and x.rank not in (1, 2):
        raise invalid(f"input must be a vector or 2D tensor, but got shape {x}")
    if x.rank is not None and known(x[0]) and x[0] not in (len(src_format) - 2, len(src_format)):
        raise invalid(f"input must be of size 4, but got shape {x}")
    return x


data_format_vec_permute_op.no_gradient("sizes are whole numbers")
