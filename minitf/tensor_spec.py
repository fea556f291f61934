"""`tf.TensorSpec`: the shape and type that a tensor shall have.

Source: TensorFlow 1.15's `tf.TensorSpec`.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class TensorSpec:
    """A shape, a type and a name.

    Args:
        shape: what is known of the shape.
        dtype: the type.
        name: of the tensor, if it has one.
    """

    def __init__(self, shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> None:
        self._shape = TensorShape(shape)
        self._dtype = dtypes.as_dtype(dtype)
        self._name = name

    @classmethod
    def from_spec(cls, spec: Any, name: str | None = None) -> TensorSpec:
        """Return one like another, of another name if one is given."""
        return cls(spec.shape, spec.dtype, name or spec.name)

    @classmethod
    def from_tensor(cls, tensor: Tensor, name: str | None = None) -> TensorSpec:
        """Return that of a Tensor, with its operation's name unless another is given."""
        return cls(tensor.shape, tensor.dtype, name or tensor.op.name)

    @property
    def shape(self) -> TensorShape:
        """What is known of the shape."""
        return self._shape

    @property
    def dtype(self) -> dtypes.DType:
        """The type."""
        return self._dtype

    @property
    def name(self) -> str | None:
        """The name; None if there is none."""
        return self._name

    def is_compatible_with(self, spec_or_tensor: Any) -> bool:
        """Tell whether a Tensor, or one of another spec, may be one of this."""
        return bool(
            self._dtype.is_compatible_with(spec_or_tensor.dtype)
            and self._shape.is_compatible_with(spec_or_tensor.shape)
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TensorSpec) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key()[1:])

    def __repr__(self) -> str:
        return f"TensorSpec(shape={self._shape}, dtype={self._dtype!r}, name={self._name!r})"

    def __reduce__(self) -> Any:
        return TensorSpec, (self._shape, self._dtype, self._name)

    def _key(self) -> tuple[Any, ...]:
        sizes = self._shape.as_list() if self._shape.ndims is not None else None
        return sizes, self._dtype, self._name
