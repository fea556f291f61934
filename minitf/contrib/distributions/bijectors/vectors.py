"""Bijectors of vectors: other orders, other shapes, ordered numbers, shares.

Source: TensorFlow 1.15's classes of the same names in tf.contrib.distributions.bijectors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.array import concat, invert_permutation, reshape
from minitf.api.constants import zeros
from minitf.api.elementary import exp, log
from minitf.api.framework import name_scope
from minitf.api.gathering import gather
from minitf.api.nn_losses import log_softmax, softmax
from minitf.api.reductions import cumsum, reduce_all, reduce_sum
from minitf.api.sizes import shape
from minitf.api.sorting import sort
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.convert import convert_to_tensor
from minitf.distributions.statistics import given
from minitf.dtypes import int32
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class _Rearranged(Bijector):
    """A bijector that moves numbers and changes none."""

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        return zeros([], x.dtype.base_dtype)


class Permute(_Rearranged):
    """y = x in another order: y_i = x of permutation_i.

    Args:
        permutation: int[size], each of 0 to size - 1 once.
        validate_args: check that while the graph runs, if it is not known before.
        name: name scope of all operations.

    Raises:
        TypeError: if it is not of integers.
        ValueError: if it is known to be no permutation.
    """

    def __init__(
        self, permutation: Any, validate_args: bool = False, name: str | None = None
    ) -> None:
        message = "Permutation over `d` must contain exactly one of each of `{0, 1, ..., d}`."
        with name_scope(name, "permute", [permutation]):
            order = convert_to_tensor(permutation, name="permutation")
            if not order.dtype.is_integer:
                raise TypeError(f"permutation.dtype ({order.dtype.name}) should be `int`-like.")
            known = constant_value(order)
            if known is not None and not np.array_equal(np.sort(known), np.arange(known.size)):
                raise ValueError(message)
            if known is None and validate_args:
                every = ops.range_op(0, ops.size_op(order), 1)
                fits = reduce_all(ops.equal_op(sort(order), ops.cast_op(every, DstT=order.dtype)))
                order = given(order, fits, message)
        self._permutation = order
        super().__init__(
            graph_parents=[order],
            is_constant_jacobian=True,
            validate_args=validate_args,
            forward_min_event_ndims=1,
            name=name or "permute",
        )

    @property
    def permutation(self) -> Tensor:
        """The order."""
        return self._permutation

    def _forward(self, x: Tensor) -> Tensor:
        return gather(x, self._permutation, axis=-1)

    def _inverse(self, y: Tensor) -> Tensor:
        return gather(y, invert_permutation(self._permutation), axis=-1)


class Reshape(_Rearranged):
    """y = x in another shape.

    Args:
        event_shape_out: the shape of an event y; a size of -1 is that which fits.
        event_shape_in: the shape of an event x, likewise.
        validate_args: check sizes that are not known before while the graph runs.
        name: name scope of all operations.

    Raises:
        TypeError: if a shape is not of integers.
        ValueError: if one is no vector, has several -1 or lower numbers, or is not fitted by x.
    """

    def __init__(
        self,
        event_shape_out: Any,
        event_shape_in: Any = (-1,),
        validate_args: bool = False,
        name: str | None = None,
    ) -> None:
        with name_scope(name, "reshape", [event_shape_out, event_shape_in]):
            self._out = _shape_of_event(event_shape_out, "event_shape_out", validate_args)
            self._in = _shape_of_event(event_shape_in, "event_shape_in", validate_args)
        super().__init__(
            graph_parents=[self._in, self._out],
            is_constant_jacobian=True,
            validate_args=validate_args,
            forward_min_event_ndims=self._in.shape[0].value,
            inverse_min_event_ndims=self._out.shape[0].value,
            name=name or "reshape",
        )

    def _forward(self, x: Tensor) -> Tensor:
        return self._reshaped(x, self._in, self._out)

    def _inverse(self, y: Tensor) -> Tensor:
        return self._reshaped(y, self._out, self._in)

    def _reshaped(self, x: Tensor, own: Tensor, other: Tensor) -> Tensor:
        count, known = own.shape[0].value, x.shape
        rank = ops.rank_op(x) - count
        sizes = shape(x)
        if known.rank is not None:
            self._fitted(known[known.rank - count :], own)
        elif self.validate_args:
            wanted = ops.select_v2_op(own < 0, sizes[rank:], own)
            fits = ops.equal_op(sizes[rank:], wanted)
            x = given(x, fits, "Input `event_shape` does not match `event_shape_in`.")
        made = reshape(x, concat([sizes[:rank], other], 0))
        if known.rank is not None:
            made.set_shape(
                known[: known.rank - count].concatenate(
                    self._known(known[known.rank - count :], own, other)
                )
            )
        return made

    def _fitted(self, sizes: TensorShape, own: Tensor) -> None:
        """Refuse an event of another shape.

        Raises:
            ValueError: if it has one.
        """
        wanted = constant_value(own)
        if wanted is None:
            return
        for size, want in zip(sizes.as_list(), wanted.tolist(), strict=True):
            if size is not None and want not in (-1, size):
                raise ValueError(
                    "Input `event_shape` does not match `event_shape_in` "
                    f"({sizes.as_list()} vs {wanted.tolist()})."
                )

    def _known(self, sizes: TensorShape, own: Tensor, other: Tensor) -> TensorShape:
        """Return the other shape of an event, as far as it is known."""
        self._fitted(sizes, own)
        wanted = constant_value(other)
        if wanted is None:
            return TensorShape([None] * other.shape[0].value)
        dims = [None if each < 0 else each for each in wanted.tolist()]
        total = sizes.num_elements()
        if None in dims and total is not None:
            rest = int(np.prod([each for each in dims if each is not None]))
            dims[dims.index(None)] = total // rest if rest else None
        return TensorShape(dims)

    def _forward_event_shape(self, input_shape: TensorShape) -> TensorShape:
        return self._event(input_shape, lambda sizes: self._known(sizes, self._in, self._out))

    def _inverse_event_shape(self, output_shape: TensorShape) -> TensorShape:
        return self._event(output_shape, lambda sizes: self._known(sizes, self._out, self._in))

    @staticmethod
    def _event(sizes: TensorShape, other: Callable[[TensorShape], TensorShape]) -> TensorShape:
        return sizes if sizes.rank is None else other(sizes)

    def _forward_event_shape_tensor(self, input_shape: Tensor) -> Tensor:
        return _filled(self._out, input_shape)

    def _inverse_event_shape_tensor(self, output_shape: Tensor) -> Tensor:
        return _filled(self._in, output_shape)


def _shape_of_event(sizes: Any, name: str, validate_args: bool) -> Tensor:
    """Return a shape as a Tensor, checked.

    Raises:
        TypeError: if it is not of integers.
        ValueError: if it is no vector, or known to have several -1 or lower numbers.
    """
    made = convert_to_tensor(sizes, name=name, preferred_dtype=int32)
    if not made.dtype.is_integer:
        raise TypeError(f"{made} dtype ({made.dtype.name}) should be `int`-like.")
    if made.shape.rank is not None and made.shape.rank > 1:
        raise ValueError(f"`{made}` rank ({made.shape.rank}) should be <= 1.")
    if made.shape.rank == 0:
        made = reshape(made, [1])
    if made.shape.rank is None or made.shape[0].value is None:
        raise ValueError(f"the length of `{name}` must be known while the graph is built")
    known = constant_value(made)
    if known is None:
        several = reduce_sum(ops.cast_op(made < 0, DstT=int32)) > 1
        fits = ops.logical_not_op(several) if validate_args else None
        made = given(made, fits, f"`{name}` elements must have at most one `-1`.")
        message = f"`{name}` elements must be either positive integers or `-1`."
        return given(made, made >= -1 if validate_args else None, message)
    if (known == -1).sum() > 1:
        raise ValueError(f"`{name}` must have at most one `-1` (given {known.tolist()})")
    if (known < -1).any():
        raise ValueError(
            f"`{name}` elements must be either positive integers or `-1`(given {known.tolist()})."
        )
    return made


def _filled(wanted: Tensor, sizes: Tensor) -> Tensor:
    """Return a shape whose -1 is what fits to another shape."""
    rest = ops.prod_op(ops.abs_op(wanted), 0)
    fitting = ops.prod_op(sizes, 0) // rest
    return ops.select_v2_op(wanted < 0, fitting + ops.zeros_like_op(wanted), wanted)


class Ordered(Bijector):
    """From vectors of increasing numbers to any: y = x_0, log(x_1 - x_0), log(x_2 - x_1), ...

    Args:
        validate_args: check that x increases while the graph runs.
        name: name scope of all operations.
    """

    def __init__(self, validate_args: bool = False, name: str = "ordered") -> None:
        super().__init__(validate_args=validate_args, forward_min_event_ndims=1, name=name)

    def _steps(self, x: Tensor) -> Tensor:
        steps = x[..., 1:] - x[..., :-1]
        message = "Forward transformation input must be strictly increasing."
        return given(steps, steps > 0 if self.validate_args else None, message)

    def _forward(self, x: Tensor) -> Tensor:
        return concat([x[..., :1], log(self._steps(x))], -1)

    def _inverse(self, y: Tensor) -> Tensor:
        return cumsum(concat([y[..., :1], exp(y[..., 1:])], -1), axis=-1)

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        return reduce_sum(y[..., 1:], -1)

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        return -reduce_sum(log(self._steps(x)), -1)


class SoftmaxCentered(Bijector):
    """From vectors to shares, of which there is one more: y = softmax([x, 0]).

    Args:
        validate_args: check that y has more than one share while the graph runs.
        name: name scope of all operations.
    """

    def __init__(self, validate_args: bool = False, name: str = "softmax_centered") -> None:
        super().__init__(validate_args=validate_args, forward_min_event_ndims=1, name=name)

    def _forward_event_shape(self, input_shape: TensorShape) -> TensorShape:
        if not input_shape.rank:
            return input_shape
        return input_shape[:-1].concatenate([input_shape[-1] + 1])

    def _inverse_event_shape(self, output_shape: TensorShape) -> TensorShape:
        if not output_shape.rank:
            return output_shape
        size = output_shape[-1].value
        if size is not None and size <= 1:
            raise ValueError(f"output_shape[-1] = {size} <= 1")
        return output_shape[:-1].concatenate([output_shape[-1] - 1])

    def _forward_event_shape_tensor(self, input_shape: Tensor) -> Tensor:
        return concat([input_shape[:-1], input_shape[-1:] + 1], 0)

    def _inverse_event_shape_tensor(self, output_shape: Tensor) -> Tensor:
        fits = output_shape[-1] > 1 if self.validate_args else None
        sizes = given(output_shape, fits, "Need last dimension greater than 1.")
        return concat([sizes[:-1], sizes[-1:] - 1], 0)

    def _forward(self, x: Tensor) -> Tensor:
        return softmax(_with_pivot(x))

    def _inverse(self, y: Tensor) -> Tensor:
        logs = log(y)
        return logs[..., :-1] - logs[..., -1:]

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        return -reduce_sum(log(y), -1)

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        return reduce_sum(log_softmax(_with_pivot(x)), -1)


def _with_pivot(x: Tensor) -> Tensor:
    return concat([x, ops.zeros_like_op(x[..., :1])], -1)
