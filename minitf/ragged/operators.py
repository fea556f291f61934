"""Python's operators on RaggedTensors: the public functions, which take them element by element.

Source: TensorFlow 1.15's overloaded operators of `tf.RaggedTensor`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

Method = Callable[[Any, Any], Any]


def _function(where: str) -> Callable[..., Any]:
    module, _, name = where.rpartition(".")
    return getattr(import_module(f"minitf.api.{module}"), name)  # type: ignore[no-any-return]


def _binary(where: str) -> tuple[Method, Method]:
    def forward(self: Any, other: Any) -> Any:
        return _function(where)(self, other)

    def backward(self: Any, other: Any) -> Any:
        return _function(where)(other, self)

    forward.__doc__ = backward.__doc__ = f"Call `tf.{where.rpartition('.')[2]}`."
    return forward, backward


def _unary(where: str) -> Callable[[Any], Any]:
    def method(self: Any) -> Any:
        return _function(where)(self)

    method.__doc__ = f"Call `tf.{where.rpartition('.')[2]}`."
    return method


class Operators:
    """Python's operators; `==` compares by identity, as Tensors' does."""

    __array_priority__ = 101  # before arrays' own and Tensors'
    __array_ufunc__ = None

    __add__, __radd__ = _binary("math.add")
    __sub__, __rsub__ = _binary("math.subtract")
    __mul__, __rmul__ = _binary("math.multiply")
    __truediv__, __rtruediv__ = _binary("math.truediv")
    __floordiv__, __rfloordiv__ = _binary("math.floordiv")
    __mod__, __rmod__ = _binary("math.floormod")
    __pow__, __rpow__ = _binary("math.pow")
    __and__, __rand__ = _binary("comparison.logical_and")
    __or__, __ror__ = _binary("comparison.logical_or")
    __xor__, __rxor__ = _binary("comparison.logical_xor")
    __lt__ = _binary("comparison.less")[0]
    __le__ = _binary("comparison.less_equal")[0]
    __gt__ = _binary("comparison.greater")[0]
    __ge__ = _binary("comparison.greater_equal")[0]
    __neg__ = _unary("math.negative")
    __abs__ = _unary("math.abs")
    __invert__ = _unary("comparison.logical_not")
