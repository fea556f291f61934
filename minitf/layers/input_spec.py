"""InputSpec: what a layer expects of its inputs, and the check.

Source: TensorFlow 1.15's `tf.layers.InputSpec`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from minitf import nest
from minitf.dtypes import as_dtype
from minitf.tensor_shape import TensorShape


class InputSpec:
    """Type, shape, rank and sizes that an input must have; None stands for any.

    Args:
        dtype: the type.
        shape: the shape, None in it for any size; it says the rank as well.
        ndim: the rank.
        max_ndim: the greatest rank.
        min_ndim: the least rank.
        axes: axis -> size.
    """

    def __init__(
        self,
        dtype: Any = None,
        shape: Any = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: Mapping[int, int | None] | None = None,
    ) -> None:
        self.dtype = None if dtype is None else as_dtype(dtype)
        self.shape = shape
        self.ndim = ndim if shape is None else len(shape)
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        self.axes = dict(axes or {})

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {
            "dtype": None if self.dtype is None else self.dtype.name,
            "shape": self.shape,
            "ndim": self.ndim,
            "max_ndim": self.max_ndim,
            "min_ndim": self.min_ndim,
            "axes": self.axes,
        }

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Return what `get_config` describes."""
        return cls(**config)

    def __repr__(self) -> str:
        """Show what is limited."""
        limits = {"dtype": self.dtype, "shape": self.shape, "ndim": self.ndim}
        limits |= {"max_ndim": self.max_ndim, "min_ndim": self.min_ndim, "axes": self.axes}
        shown = (f"{name}={value}" for name, value in limits.items() if value)
        return f"InputSpec({', '.join(shown)})"


def check_inputs(specs: Any, inputs: Any, layer: str) -> None:
    """Check inputs against a layer's expectations.

    Args:
        specs: None, an InputSpec, or a structure of them, one for each input.
        inputs: a tensor or a structure of them.
        layer: name of the layer, for the message.

    Raises:
        ValueError: if they do not fit.
    """
    if not specs:
        return
    given, expected = nest.flatten(inputs), nest.flatten(specs)
    if len(given) != len(expected):
        raise ValueError(
            f"Layer {layer} expects {len(expected)} inputs, but it received {len(given)} input "
            f"tensors. Inputs received: {inputs}"
        )
    for i, (tensor, spec) in enumerate(zip(given, expected, strict=True)):
        if spec is not None and (problem := _problem(tensor, spec)):
            raise ValueError(
                f"Input {i} of layer {layer} is incompatible with the layer: {problem}"
            )


def _problem(tensor: Any, spec: InputSpec) -> str | None:
    """Return what is wrong with an input, None if nothing is."""
    shape: TensorShape = tensor.shape
    rank = shape.ndims
    if rank is None:
        if spec.ndim is None and spec.min_ndim is None and spec.max_ndim is None:
            return None
        return "its rank is undefined, but the layer requires a defined rank."
    sizes = shape.as_list()
    found = f"found ndim={rank}"
    if spec.ndim not in (None, rank):
        return f"expected ndim={spec.ndim}, {found}. Full shape received: {sizes}"
    if spec.max_ndim is not None and rank > spec.max_ndim:
        return f"expected max_ndim={spec.max_ndim}, {found}"
    if spec.min_ndim is not None and rank < spec.min_ndim:
        return f": expected min_ndim={spec.min_ndim}, {found}. Full shape received: {sizes}"
    if spec.dtype not in (None, tensor.dtype.base_dtype):
        return f"expected dtype={spec.dtype}, found dtype={tensor.dtype}"
    for axis, size in spec.axes.items():
        if size is not None and sizes[int(axis)] not in (size, None):
            return (
                f"expected axis {axis} of input shape to have value {size} but received input "
                f"with shape {sizes}"
            )
    wanted = spec.shape or ()
    if any(a not in (b, None) and b is not None for a, b in zip(wanted, sizes, strict=False)):
        return f"expected shape={spec.shape}, found shape={sizes}"
    return None
