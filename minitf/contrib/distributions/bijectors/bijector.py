"""Bijector: a differentiable function with an inverse, and by how much it stretches space.

    y = bijector.forward(x);  x = bijector.inverse(y)
    bijector.forward_log_det_jacobian(x, event_ndims) == log |det dy/dx|

A subclass defines the hooks `_forward`, `_inverse`, and `_forward_log_det_jacobian` or
`_inverse_log_det_jacobian`, of which each follows from the other.  A hook's Jacobian is that of the
least event that it can take (a number, if `forward_min_event_ndims` is 0); for events of more
dimensions it is summed.

**State**: what was computed of which Tensor, in both directions, so that a y that `forward` made is
never turned back: the inverse may be slow (an autoregressive flow) or lose digits.  Tensors of a
branch or loop are found there only.

A function that is no bijection, several x having one y, has `_is_injective = False`; its
`_inverse` returns a tuple, as many x as y has, and `_inverse_log_det_jacobian` likewise.

Source: Dillon et al. 2017, "TensorFlow Distributions" §4; TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from minitf import ops
from minitf.api.framework import name_scope
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import broadcast_dynamic_shape, broadcast_to, shape
from minitf.contrib.distributions.bijectors.cache import Cache, Pair
from minitf.convert import convert_to_tensor
from minitf.dtypes import int32
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


def _unknown(message: str) -> Callable[..., Any]:
    """Return a hook that a subclass does not define."""

    def hook(self: Bijector, *args: Any, **conditions: Any) -> Any:
        raise NotImplementedError(message)

    return hook


class Bijector:
    """A differentiable function with an inverse.

    Args:
        graph_parents: the Tensors among its parameters.
        is_constant_jacobian: whether it stretches space equally everywhere.
        validate_args: check values while the graph runs.
        dtype: of the values; any if None.
        forward_min_event_ndims: the least number of dimensions of an event x.
        inverse_min_event_ndims: that of an event y; the same if None.
        name: name scope of all operations; the class's name by default.

    Raises:
        ValueError: if a graph parent is no Tensor, or neither number of dimensions is given.
    """

    def __init__(
        self,
        graph_parents: Sequence[Tensor] | None = None,
        is_constant_jacobian: bool = False,
        validate_args: bool = False,
        dtype: Any = None,
        forward_min_event_ndims: int | None = None,
        inverse_min_event_ndims: int | None = None,
        name: str | None = None,
    ) -> None:
        for i, parent in enumerate(graph_parents or ()):
            if not isinstance(parent, Tensor):
                raise ValueError(f"Graph parent item {i} is not a Tensor; {parent}.")
        least = [forward_min_event_ndims, inverse_min_event_ndims]
        if least == [None, None]:
            raise ValueError(
                "Must specify at least one of `forward_min_event_ndims` and "
                "`inverse_min_event_ndims`."
            )
        forward, inverse = least
        self._forward_min_event_ndims = inverse if forward is None else forward
        self._inverse_min_event_ndims = forward if inverse is None else inverse
        self._graph_parents = list(graph_parents or ())
        self._is_constant_jacobian = is_constant_jacobian
        self._validate_args = validate_args
        self._dtype = dtype
        self._name = name or _snake(type(self).__name__)
        self._cache = Cache()

    @property
    def graph_parents(self) -> list[Tensor]:
        """The Tensors among its parameters."""
        return self._graph_parents

    @property
    def forward_min_event_ndims(self) -> int:
        """The least number of dimensions of an event x."""
        assert self._forward_min_event_ndims is not None
        return self._forward_min_event_ndims

    @property
    def inverse_min_event_ndims(self) -> int:
        """The least number of dimensions of an event y."""
        assert self._inverse_min_event_ndims is not None
        return self._inverse_min_event_ndims

    @property
    def is_constant_jacobian(self) -> bool:
        """Whether it stretches space equally everywhere."""
        return self._is_constant_jacobian

    @property
    def validate_args(self) -> bool:
        """Whether values are checked while the graph runs."""
        return self._validate_args

    @property
    def dtype(self) -> Any:
        """The type of the values; None for any."""
        return self._dtype

    @property
    def name(self) -> str:
        """The name scope."""
        return self._name

    # --- hooks ------------------------------------------------------------------------------------

    _forward = _unknown("forward not implemented.")
    _inverse = _unknown("inverse not implemented")
    _forward_log_det_jacobian = _unknown("forward_log_det_jacobian not implemented.")
    _inverse_log_det_jacobian = _unknown("inverse_log_det_jacobian not implemented.")

    def _forward_event_shape(self, input_shape: TensorShape) -> TensorShape:
        return input_shape

    def _inverse_event_shape(self, output_shape: TensorShape) -> TensorShape:
        return output_shape

    def _forward_event_shape_tensor(self, input_shape: Tensor) -> Tensor:
        return input_shape

    def _inverse_event_shape_tensor(self, output_shape: Tensor) -> Tensor:
        return output_shape

    # --- shapes -----------------------------------------------------------------------------------

    def forward_event_shape(self, input_shape: Any) -> TensorShape:
        """Return the shape of an event y, as far as it is known."""
        return self._forward_event_shape(TensorShape(input_shape))

    def inverse_event_shape(self, output_shape: Any) -> TensorShape:
        """Return the shape of an event x, as far as it is known."""
        return self._inverse_event_shape(TensorShape(output_shape))

    def forward_event_shape_tensor(
        self, input_shape: Any, name: str = "forward_event_shape_tensor"
    ) -> Tensor:
        """Return the shape of an event y."""
        with self._scope(name, input_shape):
            return self._forward_event_shape_tensor(convert_to_tensor(input_shape, int32))

    def inverse_event_shape_tensor(
        self, output_shape: Any, name: str = "inverse_event_shape_tensor"
    ) -> Tensor:
        """Return the shape of an event x."""
        with self._scope(name, output_shape):
            return self._inverse_event_shape_tensor(convert_to_tensor(output_shape, int32))

    # --- values -----------------------------------------------------------------------------------

    @property
    def _is_injective(self) -> bool:
        """Whether no two x have one y."""
        return True

    def forward(self, x: Any, name: str = "forward") -> Tensor:
        """Return y of x.

        Raises:
            TypeError: if x has another type than the bijector.
        """
        return self._call_forward(x, name)

    def inverse(self, y: Any, name: str = "inverse") -> Any:
        """Return x of y; a tuple of all x if there may be several.

        Raises:
            TypeError: if y has another type than the bijector.
        """
        return self._call_inverse(y, name)

    def forward_log_det_jacobian(
        self, x: Any, event_ndims: Any, name: str = "forward_log_det_jacobian"
    ) -> Tensor:
        """Return log |det dy/dx| of events x.

        Args:
            x: [*batch, *event].
            event_ndims: how many dimensions an event has.
            name: name of the operation.

        Raises:
            NotImplementedError: if several x may have one y.
            TypeError: if x has another type than the bijector.
            ValueError: if events have fewer dimensions than the bijector can take.
        """
        return self._call_forward_log_det_jacobian(x, event_ndims, name)

    def inverse_log_det_jacobian(
        self, y: Any, event_ndims: Any, name: str = "inverse_log_det_jacobian"
    ) -> Any:
        """Return log |det dx/dy| of events y, for each x; arguments as of the forward one.

        Raises:
            TypeError: if y has another type than the bijector.
            ValueError: if events have fewer dimensions than the bijector can take.
        """
        return self._call_inverse_log_det_jacobian(y, event_ndims, name)

    def _call_forward(self, x: Any, name: str, **conditions: Any) -> Tensor:
        with self._scope(name, x):
            return self._y(self._checked(x, "x"), conditions).y

    def _call_inverse(self, y: Any, name: str, **conditions: Any) -> Any:
        with self._scope(name, y):
            return self._x(self._checked(y, "y"), conditions).x

    def _call_forward_log_det_jacobian(
        self, x: Any, event_ndims: Any, name: str, **conditions: Any
    ) -> Tensor:
        if not self._is_injective:
            raise NotImplementedError(
                "forward_log_det_jacobian cannot be implemented for non-injective transforms."
            )
        with self._scope(name, x):
            x = self._checked(x, "x")
            least = self.forward_min_event_ndims
            _check_ndims(event_ndims, least)
            pair = self._cache.find("x", x, conditions) or Pair(x=x)
            if pair.stretch is None and _is_own(self, "_forward_log_det_jacobian"):
                pair.stretch = self._forward_log_det_jacobian(x, **conditions)
            elif pair.stretch is None:
                pair = self._y(x, conditions)
                pair.stretch = -self._inverse_log_det_jacobian(pair.y, **conditions)
            return _summed(pair.stretch, least, event_ndims, x)

    def _call_inverse_log_det_jacobian(
        self, y: Any, event_ndims: Any, name: str, **conditions: Any
    ) -> Any:
        with self._scope(name, y):
            y = self._checked(y, "y")
            least = self.inverse_min_event_ndims
            _check_ndims(event_ndims, least)
            if not self._is_injective:
                each = self._inverse_log_det_jacobian(y, **conditions)
                return tuple(_summed(one, least, event_ndims, y) for one in each)
            pair = self._cache.find("y", y, conditions) or Pair(y=y)
            if pair.stretch is None and _is_own(self, "_inverse_log_det_jacobian"):
                pair.stretch = -self._inverse_log_det_jacobian(y, **conditions)
            elif pair.stretch is None:
                pair = self._x(y, conditions)
                pair.stretch = self._forward_log_det_jacobian(pair.x, **conditions)
            return _summed(-pair.stretch, least, event_ndims, y)

    def _y(self, x: Tensor, conditions: dict[str, Any]) -> Pair:
        """Return x with its y."""
        found = self._cache.find("x", x, conditions)
        if found:
            return found
        return self._cache.keep(Pair(x, self._forward(x, **conditions)), conditions)

    def _x(self, y: Tensor, conditions: dict[str, Any]) -> Pair:
        """Return y with its x."""
        found = self._cache.find("y", y, conditions)
        if found:
            return found
        pair = Pair(self._inverse(y, **conditions), y)
        return self._cache.keep(pair, conditions) if self._is_injective else pair

    def _checked(self, value: Any, name: str) -> Tensor:
        made = convert_to_tensor(value, name=name, preferred_dtype=self.dtype)
        if self.dtype is not None and made.dtype.base_dtype != self.dtype:
            raise TypeError(
                f"Input had dtype {made.dtype.base_dtype} but expected {self.dtype}: {self.name}"
            )
        return made

    @contextmanager
    def _scope(self, name: str, *values: Any) -> Iterator[str]:
        with name_scope(self.name), name_scope(name, values=[*values, *self.graph_parents]) as it:
            yield it


def _is_own(bijector: Bijector, hook: str) -> bool:
    """Tell whether a subclass defines a hook."""
    return getattr(type(bijector), hook) is not getattr(Bijector, hook)


def _check_ndims(event_ndims: Any, least: int) -> int:
    """Return how many dimensions more than the least an event has.

    Raises:
        ValueError: if that is not known while the graph is built, or there are fewer.
    """
    known = constant_value(event_ndims) if isinstance(event_ndims, Tensor) else event_ndims
    if known is None:
        raise ValueError("event_ndims must be known while the graph is built")
    if known < least:
        raise ValueError(f"event_ndims ({known}) must be larger than min_event_ndims ({least})")
    return int(known) - least


def _summed(found: Tensor, least: int, event_ndims: Any, value: Tensor) -> Tensor:
    """Return log-determinants of least events, summed over the other dimensions of an event.

    A Jacobian that is constant may lack them; it counts once for each least event.
    """
    more = _check_ndims(event_ndims, least)
    if not more:
        return found
    every = shape(value)
    sizes = every[: ops.rank_op(value) - least] if least else every
    full = broadcast_to(found, broadcast_dynamic_shape(shape(found), sizes))
    return reduce_sum(full, list(range(-more, 0)))


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
