"""`tf.TensorArraySpec`: what is known of a TensorArray.

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_shape import TensorShape
from minitf.tensor_spec import TensorSpec
from minitf.type_spec import TypeSpec, register_type_spec_from_value_converter


class TensorArraySpec(TypeSpec):
    """The types and shapes that a TensorArray shall have; it travels as its flow.

    Args:
        element_shape: what is known of the elements' shape.
        dtype: the type of the elements.
        dynamic_size: whether a write behind the end makes it longer.
        infer_shape: whether all elements must have the same shape.
    """

    def __init__(
        self,
        element_shape: Any = None,
        dtype: Any = dtypes.float32,
        dynamic_size: bool = False,
        infer_shape: bool = True,
    ) -> None:
        self._element_shape = TensorShape(element_shape)
        self._dtype = dtypes.as_dtype(dtype)
        self._dynamic_size = dynamic_size
        self._infer_shape = infer_shape

    @staticmethod
    def from_value(value: Any) -> TensorArraySpec:
        """Return that of a TensorArray.

        Raises:
            TypeError: if it is none.
        """
        if not isinstance(value, TensorArray):
            raise TypeError(f"Expected value to be a TensorArray, but got {type(value).__name__}")
        return TensorArraySpec(
            value.element_shape,
            value.dtype,
            value.dynamic_size,
            value._infer_shape,  # noqa: SLF001 TensorArrays tell nobody else
        )

    @property
    def value_type(self) -> type[TensorArray]:
        """TensorArray."""
        return TensorArray

    def is_compatible_with(self, other: Any) -> bool:
        """Tell whether a TensorArray, or one of another spec, may be one of this."""
        if not isinstance(other, TypeSpec):
            other = TensorArraySpec.from_value(other) if isinstance(other, TensorArray) else None
        if not isinstance(other, TensorArraySpec):
            return False
        shape, dtype, dynamic_size, _ = other._serialize()  # noqa: SLF001 its own class
        return bool(
            self._dtype.is_compatible_with(dtype)
            and self._element_shape.is_compatible_with(shape)
            and self._dynamic_size == dynamic_size
        )

    def most_specific_compatible_type(self, other: Any) -> TensorArraySpec:
        """Return the spec that knows most of what both know.

        Raises:
            ValueError: if no spec is compatible with both.
        """
        if not self.is_compatible_with(other):
            raise ValueError(f"Types are not compatible: {self!r} vs {other!r}")
        shape, _, _, infer_shape = other._serialize()  # noqa: SLF001 its own class
        merged = self._element_shape.most_specific_compatible_shape(shape)
        same = self._infer_shape and infer_shape
        return TensorArraySpec(merged, self._dtype, self._dynamic_size, same)

    def _serialize(self) -> tuple[Any, ...]:
        return self._element_shape, self._dtype, self._dynamic_size, self._infer_shape

    @property
    def _component_specs(self) -> list[TensorSpec]:
        return [TensorSpec([], dtypes.float32)]

    def _to_components(self, value: Any) -> list[Tensor]:
        return [value.flow]

    def _from_components(self, components: Any) -> TensorArray:
        """Refuse where there is no handle to go on with: the flow alone names no elements."""
        (flow,) = components
        made = flow.op.inputs[0] if flow.op.inputs else flow.op.outputs[0]
        return TensorArray(
            self._dtype,
            handle=made,
            flow=flow,
            element_shape=None,
            infer_shape=self._infer_shape,
        )

    def _to_legacy_output_types(self) -> Any:
        return self._dtype

    def _to_legacy_output_shapes(self) -> Any:
        """Return the elements' shape, and before it whether the size may change and is inferred."""
        sizes = [self._dynamic_size, self._infer_shape]
        return TensorShape(sizes).concatenate(self._element_shape)


register_type_spec_from_value_converter(
    TensorArray, TensorArraySpec.from_value, allow_subclass=True
)
