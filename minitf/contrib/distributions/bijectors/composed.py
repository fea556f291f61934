"""Bijectors of bijectors and of functions.

Source: TensorFlow 1.15's classes of the same names in tf.contrib.distributions.bijectors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf import ops
from minitf.api.constants import zeros
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.contrib.distributions.bijectors.conditional import ConditionalBijector
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


class Invert(ConditionalBijector):
    """The inverse of a bijector.

    Args:
        bijector: the bijector.
        validate_args: accepted: the bijector checks.
        name: name scope of all operations.

    Raises:
        NotImplementedError: if several x may have one y.
    """

    def __init__(
        self, bijector: Bijector, validate_args: bool = False, name: str | None = None
    ) -> None:
        if not bijector._is_injective:  # noqa: SLF001 a hook of the same class
            raise NotImplementedError("Invert is not implemented for non-injective bijectors.")
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

    def _forward(self, x: Tensor, **conditions: Any) -> Tensor:
        return self._bijector.inverse(x, **conditions)

    def _inverse(self, y: Tensor, **conditions: Any) -> Tensor:
        return self._bijector.forward(y, **conditions)

    def _forward_log_det_jacobian(self, x: Tensor, **conditions: Any) -> Tensor:
        least = self._bijector.inverse_min_event_ndims
        return self._bijector.inverse_log_det_jacobian(x, least, **conditions)

    def _inverse_log_det_jacobian(self, y: Tensor, **conditions: Any) -> Tensor:
        least = self._bijector.forward_min_event_ndims
        return self._bijector.forward_log_det_jacobian(y, least, **conditions)

    def _forward_event_shape(self, input_shape: TensorShape) -> TensorShape:
        return self._bijector.inverse_event_shape(input_shape)

    def _inverse_event_shape(self, output_shape: TensorShape) -> TensorShape:
        return self._bijector.forward_event_shape(output_shape)

    def _forward_event_shape_tensor(self, input_shape: Tensor) -> Tensor:
        return self._bijector.inverse_event_shape_tensor(input_shape)

    def _inverse_event_shape_tensor(self, output_shape: Tensor) -> Tensor:
        return self._bijector.forward_event_shape_tensor(output_shape)


class Chain(ConditionalBijector):
    """Bijectors after each other, the last one first: y = b[0](b[1](... x)).

    Conditions are given by the names of the bijectors: `chain.forward(x, name_of_one={...})`.

    Args:
        bijectors: the bijectors.
        validate_args: accepted: the bijectors check.
        name: name scope of all operations.
    """

    def __init__(
        self,
        bijectors: Sequence[Bijector] | None = None,
        validate_args: bool = False,
        name: str | None = None,
    ) -> None:
        self._bijectors = list(bijectors or ())
        least = more = 0
        self._ranks: list[tuple[Bijector, int]] = []  # of the first, by how many dimensions more
        for each in reversed(self._bijectors):
            self._ranks.append((each, more))
            least = max(least, each.forward_min_event_ndims - more)
            more += each.inverse_min_event_ndims - each.forward_min_event_ndims
        shown = "_of_".join(each.name for each in self._bijectors)
        super().__init__(
            graph_parents=[tensor for each in self._bijectors for tensor in each.graph_parents],
            is_constant_jacobian=all(each.is_constant_jacobian for each in self._bijectors),
            validate_args=validate_args,
            dtype=next((each.dtype for each in self._bijectors if each.dtype is not None), None),
            forward_min_event_ndims=least,
            inverse_min_event_ndims=least + more,
            name=name or (f"chain_of_{shown}" if shown else "identity"),
        )

    @property
    def bijectors(self) -> list[Bijector]:
        """The bijectors."""
        return self._bijectors

    def _forward(self, x: Tensor, **conditions: Any) -> Tensor:
        for each in reversed(self._bijectors):
            x = each.forward(x, **conditions.get(each.name, {}))
        return x

    def _inverse(self, y: Tensor, **conditions: Any) -> Tensor:
        for each in self._bijectors:
            y = each.inverse(y, **conditions.get(each.name, {}))
        return y

    def _forward_log_det_jacobian(self, x: Tensor, **conditions: Any) -> Tensor:
        least = self.forward_min_event_ndims
        found: Tensor = zeros([], x.dtype.base_dtype)
        for each, more in self._ranks:
            under = conditions.get(each.name, {})
            found = found + each.forward_log_det_jacobian(x, least + more, **under)
            x = each.forward(x, **under)
        return found

    def _inverse_log_det_jacobian(self, y: Tensor, **conditions: Any) -> Tensor:
        least = self.forward_min_event_ndims
        found: Tensor = zeros([], y.dtype.base_dtype)
        for each, more in reversed(self._ranks):
            under = conditions.get(each.name, {})
            rank = least + more + each.inverse_min_event_ndims - each.forward_min_event_ndims
            found = found + each.inverse_log_det_jacobian(y, rank, **under)
            y = each.inverse(y, **under)
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


class Inline(ConditionalBijector):
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

    def _call(self, name: str, value: Any, **conditions: Any) -> Any:
        function = self._functions[name]
        if function is None:
            raise NotImplementedError(f"Cannot call {name} because {name}_fn was not given")
        return function(value, **conditions)

    def _forward(self, x: Tensor, **conditions: Any) -> Tensor:
        return self._call("forward", x, **conditions)

    def _inverse(self, y: Tensor, **conditions: Any) -> Tensor:
        return self._call("inverse", y, **conditions)

    def _forward_log_det_jacobian(self, x: Tensor, **conditions: Any) -> Tensor:
        if self._functions["forward_log_det_jacobian"] is None:
            return -self._call(
                "inverse_log_det_jacobian", self._forward(x, **conditions), **conditions
            )
        return self._call("forward_log_det_jacobian", x, **conditions)

    def _inverse_log_det_jacobian(self, y: Tensor, **conditions: Any) -> Tensor:
        if self._functions["inverse_log_det_jacobian"] is None:
            return -self._call(
                "forward_log_det_jacobian", self._inverse(y, **conditions), **conditions
            )
        return self._call("inverse_log_det_jacobian", y, **conditions)

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
