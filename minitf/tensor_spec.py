"""`tf.TensorSpec` and BoundedTensorSpec: the shape and type that a tensor shall have.

    spec = tf.TensorSpec([None, 3], tf.float32, "x")
    spec.is_compatible_with(tf.zeros([2, 3]))     # True

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType
from minitf.errors import InvalidArgumentError
from minitf.shapes import Shape, broadcast
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.type_spec import BatchableTypeSpec


class TensorSpec(BatchableTypeSpec):
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
    def from_tensor(cls, tensor: Any, name: str | None = None) -> TensorSpec:
        """Return that of a Tensor, with its operation's name unless another is given.

        Raises:
            ValueError: if it is no Tensor.
        """
        if not isinstance(tensor, Tensor) and not hasattr(tensor, "_as_graph_element"):
            raise ValueError(f"`tensor` should be a tf.Tensor, got {tensor!r}")
        return cls(tensor.shape, tensor.dtype, name or tensor.op.name)

    @property
    def shape(self) -> TensorShape:
        """What is known of the shape."""
        return self._shape

    @property
    def dtype(self) -> DType:
        """The type."""
        return self._dtype

    @property
    def name(self) -> str | None:
        """The name; None if there is none."""
        return self._name

    @property
    def value_type(self) -> type[Tensor]:
        """Tensor."""
        return Tensor

    def is_compatible_with(self, spec_or_tensor: Any) -> bool:
        """Tell whether a Tensor, or one of another spec, may be one of this."""
        if hasattr(spec_or_tensor, "dtype") and hasattr(spec_or_tensor, "shape"):
            return bool(
                self._dtype.is_compatible_with(spec_or_tensor.dtype)
                and self._shape.is_compatible_with(spec_or_tensor.shape)
            )
        return super().is_compatible_with(spec_or_tensor)

    def most_specific_compatible_type(self, other: Any) -> TensorSpec:
        """Return the spec that knows most of what both know.

        Raises:
            ValueError: if their types differ, or the other is no TensorSpec.
        """
        if not isinstance(other, TensorSpec) or self._dtype != other.dtype:
            raise ValueError(f"Types are not compatible: {self!r} vs {other!r}")
        shape = self._shape.most_specific_compatible_shape(other.shape)
        name = self._name if self._name == other.name else None
        return TensorSpec(shape, self._dtype, name)

    # --- what every spec says --------------------------------------------------------------------

    def _serialize(self) -> tuple[Any, ...]:
        return self._shape, self._dtype, self._name

    @property
    def _component_specs(self) -> TensorSpec:
        return self

    def _to_components(self, value: Any) -> Tensor:
        made = convert_to_tensor(value, self._dtype)
        if not self._shape.is_compatible_with(made.shape):
            raise ValueError(f"Value {made} is not convertible to a tensor with {self!r}")
        return made

    def _from_components(self, components: Tensor) -> Tensor:
        return components

    def _from_compatible_tensor_list(self, tensor_list: Any) -> Tensor:
        tensor: Tensor = tensor_list[0]
        tensor.set_shape(self._shape)
        return tensor

    def _flat_tensor_specs(self) -> list[Any]:
        return [self]

    def _to_tensor_list(self, value: Any) -> list[Tensor]:
        return [self._to_components(value)]

    def _to_batched_tensor_list(self, value: Any) -> list[Tensor]:
        made = self._to_components(value)
        if made.static_shape.rank == 0:
            raise ValueError(f"Unbatching a tensor is only supported for rank >= 1: {made}")
        return [made]

    def _to_legacy_output_types(self) -> DType:
        return self._dtype

    def _to_legacy_output_shapes(self) -> TensorShape:
        return self._shape

    def _batch(self, batch_size: int | None) -> TensorSpec:
        return TensorSpec(TensorShape([batch_size]).concatenate(self._shape), self._dtype)

    def _unbatch(self) -> TensorSpec:
        if self._shape.ndims == 0:
            raise ValueError("Unbatching a tensor is only supported for rank >= 1")
        return TensorSpec(self._shape[1:], self._dtype)

    def __eq__(self, other: object) -> bool:
        """Tell whether both know the same."""
        return isinstance(other, TensorSpec) and self._parts() == other._parts()

    def __hash__(self) -> int:
        """Hash by shape and type."""
        return hash(self._parts()[:2])

    def __repr__(self) -> str:
        """Show shape, type and name."""
        return f"TensorSpec(shape={self._shape}, dtype={self._dtype!r}, name={self._name!r})"

    def _parts(self) -> tuple[Any, ...]:
        sizes = None if self._shape.ndims is None else tuple(self._shape.as_list())
        return sizes, self._dtype, self._name


class BoundedTensorSpec(TensorSpec):
    """A TensorSpec with the least and the greatest value that an element may have.

    Args:
        shape: what is known of the shape.
        dtype: the type.
        minimum: the least value, or one for each element.
        maximum: the greatest value, or one for each element.
        name: of the tensor, if it has one.

    Raises:
        ValueError: if there is no bound, or the bounds do not fit the shape.
    """

    def __init__(
        self, shape: Any, dtype: Any, minimum: Any, maximum: Any, name: str | None = None
    ) -> None:
        super().__init__(shape, dtype, name)
        kind = self._dtype.as_numpy_dtype
        self._minimum = self._bound("minimum", minimum, kind)
        self._maximum = self._bound("maximum", maximum, kind)

    def _bound(self, what: str, value: Any, kind: Any) -> np.ndarray[Any, Any]:
        if value is None:
            raise ValueError(f"{what} must be provided; got None")
        bound = np.array(value, kind)
        try:
            broadcast(Shape(bound.shape), self._shape.static_shape)
        except InvalidArgumentError as error:
            raise ValueError(f"{what} is not compatible with shape. Message: {error}.") from None
        bound.setflags(write=False)
        return bound

    @classmethod
    def from_spec(cls, spec: Any, name: str | None = None) -> BoundedTensorSpec:
        """Return one like another, with the bounds of its type if it has none."""
        dtype = dtypes.as_dtype(spec.dtype)
        return cls(
            spec.shape,
            dtype,
            getattr(spec, "minimum", dtype.min),
            getattr(spec, "maximum", dtype.max),
            name or spec.name,
        )

    @property
    def minimum(self) -> np.ndarray[Any, Any]:
        """The least value, read-only."""
        return self._minimum

    @property
    def maximum(self) -> np.ndarray[Any, Any]:
        """The greatest value, read-only."""
        return self._maximum

    def _serialize(self) -> tuple[Any, ...]:
        return self._shape, self._dtype, self._minimum, self._maximum, self._name

    def __eq__(self, other: object) -> bool:
        """Tell whether both know the same, and have the same bounds."""
        return (
            isinstance(other, BoundedTensorSpec)
            and self._parts() == other._parts()
            and bool(np.allclose(self._minimum, other.minimum))
            and bool(np.allclose(self._maximum, other.maximum))
        )

    def __hash__(self) -> int:
        """Hash by shape and type."""
        return super().__hash__()

    def __repr__(self) -> str:
        """Show shape, type, name and bounds."""
        return (
            f"BoundedTensorSpec(shape={self._shape}, dtype={self._dtype!r}, name={self._name!r}, "
            f"minimum={self._minimum!r}, maximum={self._maximum!r})"
        )
