"""Bijectors of bijectors and of functions.

Source: TensorFlow 1.15's classes of the same names in tf.contrib.distributions.bijectors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf import ops
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class Identity(Bijector):
    """y = x.

    Args:
        validate_args: accepted: every x has a y.
        name: name scope of all operations.
    """

    def __init__(self, validate_args: bool = False, name: str = "identity") -> None:
        super().__init__(
            is_constant_jacobian=True,
            validate_args=validate_args,
            forward_min_event_ndims=0,
            name=name,
        )

    def _forward(self, x: Tensor) -> Tensor:
        return x

    def _inverse(self, y: Tensor) -> Tensor:
        return y

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        return ops.zeros_like_op(x)


class Invert(Bijector):
    """The inverse of a bijector.

    Args:
        bijector: the bijector.
        validate_args: accepted: the bijector checks.
        name: name scope of all operations.
    """

    def __init__(
        self, bijector: Bijector, validate_args: bool = False, name: str | None = None
    ) -> None:
        self._bijector = bijector
        super().__init__(
            graph_parents=bijector.graph_parents,
            is_constant_jacobian=bijector.is_constant_jacobian,
            validate_args=validate_args,
            dtype=bijector.dtype,
            forward_min_event_ndims=bijector.inverse_min_event_ndims,
            inverse_min_event_ndims=bijector.forward_min_event_ndims,
            name=name or f"invert_{bijector.name}",
        )

    @property
    def bijector(self) -> Bijector:
        """The bijector whose inverse this is."""
        return self._bijector

    def _forward(self, x: Tensor) -> Tensor:
        return self._bijector.inverse(x)

    def _inverse(self, y: Tensor) -> Tensor:
        return self._bijector.forward(y)

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        least = self._bijector.inverse_min_event_ndims
        return self._bijector.inverse_log_det_jacobian(x, least)

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        least = self._bijector.forward_min_event_ndims
        return self._bijector.forward_log_det_jacobian(y, least)

    def _forward_event_shape(self, input_shape: TensorShape) -> TensorShape:
        return self._bijector.inverse_event_shape(input_shape)

    def _inverse_event_shape(self, output_shape: TensorShape) -> TensorShape:
        return self._bijector.forward_event_shape(output_shape)

    def _forward_event_shape_tensor(self, input_shape: Tensor) -> Tensor:
        return self._bijector.inverse_event_shape_tensor(input_shape)

    def _inverse_event_shape_tensor(self, output_shape: Tensor) -> Tensor:
        return self._bijector.forward_event_shape_tensor(output_shape)


class Chain(Bijector):
    """Bijectors after each other, the last one first: y = b[0](b[1](... x)).

    Args:
        bijectors: the bijectors, which keep the number of an event's dimensions.
        validate_args: accepted: the bijectors check.
        name: name scope of all operations.

    Raises:
        ValueError: if one changes the number of dimensions.
    """

    def __init__(
        self,
        bijectors: Sequence[Bijector] | None = None,
        validate_args: bool = False,
        name: str | None = None,
    ) -> None:
        self._bijectors = list(bijectors or ())
        for each in self._bijectors:
            if each.forward_min_event_ndims != each.inverse_min_event_ndims:
                raise ValueError(f"{each.name} changes the number of an event's dimensions")
        shown = "_of_".join(each.name for each in self._bijectors)
        super().__init__(
            graph_parents=[tensor for each in self._bijectors for tensor in each.graph_parents],
            is_constant_jacobian=all(each.is_constant_jacobian for each in self._bijectors),
            validate_args=validate_args,
            dtype=next((each.dtype for each in self._bijectors if each.dtype is not None), None),
            forward_min_event_ndims=max(
                (each.forward_min_event_ndims for each in self._bijectors), default=0
            ),
            name=name or (f"chain_of_{shown}" if shown else "identity"),
        )

    @property
    def bijectors(self) -> list[Bijector]:
        """The bijectors."""
        return self._bijectors

    def _forward(self, x: Tensor) -> Tensor:
        for each in reversed(self._bijectors):
            x = each.forward(x)
        return x

    def _inverse(self, y: Tensor) -> Tensor:
        for each in self._bijectors:
            y = each.inverse(y)
        return y

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        least = self.forward_min_event_ndims
        found = Identity().forward_log_det_jacobian(x, least)
        for each in reversed(self._bijectors):
            found = found + each.forward_log_det_jacobian(x, least)
            x = each.forward(x)
        return found

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        least = self.inverse_min_event_ndims
        found = Identity().inverse_log_det_jacobian(y, least)
        for each in self._bijectors:
            found = found + each.inverse_log_det_jacobian(y, least)
            y = each.inverse(y)
        return found

    def _forward_event_shape(self, input_shape: TensorShape) -> TensorShape:
        for each in reversed(self._bijectors):
            input_shape = each.forward_event_shape(input_shape)
        return input_shape

    def _inverse_event_shape(self, output_shape: TensorShape) -> TensorShape:
        for each in self._bijectors:
            output_shape = each.inverse_event_shape(output_shape)
        return output_shape

    def _forward_event_shape_tensor(self, input_shape: Tensor) -> Tensor:
        for each in reversed(self._bijectors):
            input_shape = each.forward_event_shape_tensor(input_shape)
        return input_shape

    def _inverse_event_shape_tensor(self, output_shape: Tensor) -> Tensor:
        for each in self._bijectors:
            output_shape = each.inverse_event_shape_tensor(output_shape)
        return output_shape


class Inline(Bijector):
    """A bijector of functions; each is needed only if it is asked for.

    Args:
        forward_fn: y of x.
        inverse_fn: x of y.
        inverse_log_det_jacobian_fn: log |det dx/dy| of y.
        forward_log_det_jacobian_fn: log |det dy/dx| of x.
        forward_event_shape_fn: the shape of an event y; the same as of x if None.
        forward_event_shape_tensor_fn: likewise, while the graph runs.
        inverse_event_shape_fn: the shape of an event x; the same as of y if None.
        inverse_event_shape_tensor_fn: likewise, while the graph runs.
        is_constant_jacobian: whether it stretches space equally everywhere.
        validate_args: accepted: functions check.
        forward_min_event_ndims: the least number of dimensions of an event x.
        inverse_min_event_ndims: that of an event y; the same if None.
        name: name scope of all operations.
    """

    def __init__(
        self,
        forward_fn: Callable[[Any], Any] | None = None,
        inverse_fn: Callable[[Any], Any] | None = None,
        inverse_log_det_jacobian_fn: Callable[[Any], Any] | None = None,
        forward_log_det_jacobian_fn: Callable[[Any], Any] | None = None,
        forward_event_shape_fn: Callable[[Any], Any] | None = None,
        forward_event_shape_tensor_fn: Callable[[Any], Any] | None = None,
        inverse_event_shape_fn: Callable[[Any], Any] | None = None,
        inverse_event_shape_tensor_fn: Callable[[Any], Any] | None = None,
        is_constant_jacobian: bool = False,
        validate_args: bool = False,
        forward_min_event_ndims: int | None = None,
        inverse_min_event_ndims: int | None = None,
        name: str = "inline",
    ) -> None:
        super().__init__(
            is_constant_jacobian=is_constant_jacobian,
            validate_args=validate_args,
            forward_min_event_ndims=forward_min_event_ndims,
            inverse_min_event_ndims=inverse_min_event_ndims,
            name=name,
        )
        self._functions = {
            "forward": forward_fn,
            "inverse": inverse_fn,
            "inverse_log_det_jacobian": inverse_log_det_jacobian_fn,
            "forward_log_det_jacobian": forward_log_det_jacobian_fn,
            "forward_event_shape": forward_event_shape_fn,
            "forward_event_shape_tensor": forward_event_shape_tensor_fn,
            "inverse_event_shape": inverse_event_shape_fn,
            "inverse_event_shape_tensor": inverse_event_shape_tensor_fn,
        }

    def _call(self, name: str, value: Any) -> Any:
        function = self._functions[name]
        if function is None:
            raise NotImplementedError(f"Cannot call {name} because {name}_fn was not given")
        return function(value)

    def _forward(self, x: Tensor) -> Tensor:
        return self._call("forward", x)

    def _inverse(self, y: Tensor) -> Tensor:
        return self._call("inverse", y)

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        if self._functions["forward_log_det_jacobian"] is None:
            return -self._call("inverse_log_det_jacobian", self._forward(x))
        return self._call("forward_log_det_jacobian", x)

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        if self._functions["inverse_log_det_jacobian"] is None:
            return -self._call("forward_log_det_jacobian", self._inverse(y))
        return self._call("inverse_log_det_jacobian", y)

    def _shape(self, name: str, sizes: Any) -> Any:
        return sizes if self._functions[name] is None else self._call(name, sizes)

    def _forward_event_shape(self, input_shape: TensorShape) -> TensorShape:
        return TensorShape(self._shape("forward_event_shape", input_shape))

    def _inverse_event_shape(self, output_shape: TensorShape) -> TensorShape:
        return TensorShape(self._shape("inverse_event_shape", output_shape))

    def _forward_event_shape_tensor(self, input_shape: Tensor) -> Tensor:
        return self._shape("forward_event_shape_tensor", input_shape)

    def _inverse_event_shape_tensor(self, output_shape: Tensor) -> Tensor:
        return self._shape("inverse_event_shape_tensor", output_shape)
