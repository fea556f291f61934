"""The tensors that an operator is made of: taken, checked, asserted.

Source: TensorFlow 1.15's tensorflow.python.ops.linalg.linear_operator_util.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api import assertions
from minitf.api.casting import cast
from minitf.api.control import after, no_op
from minitf.api.elementary import imag
from minitf.api.framework import name_scope
from minitf.api.math import abs as abs_
from minitf.api.sizes import shape
from minitf.api.static_checks import assert_rank
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType, as_dtype, complex64, complex128, float64, int32
from minitf.operation import Operation
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.variables.base import Variable


def base_dtype(dtype: Any) -> DType:
    """Return the type of the values of a type, which may be a reference's."""
    return as_dtype(dtype).base_dtype


def dtype_name(dtype: Any) -> str:
    """Return a type's name."""
    return as_dtype(dtype).name


def is_ref(x: Any) -> bool:
    """Tell whether a value may change between steps: a Variable or what is made of Variables."""
    return isinstance(x, Variable) or (
        hasattr(x, "dtype") and hasattr(x, "shape") and hasattr(x, "trainable_variables")
    )


def assert_not_ref_type(x: Any, arg_name: str) -> None:
    """Refuse an argument that may change between steps.

    Raises:
        TypeError: if it may.
    """
    if is_ref(x):
        raise TypeError(f"Argument {arg_name} cannot be reference type. Found: {type(x)}")


def convert_nonref_to_tensor(
    value: Any, dtype: Any = None, dtype_hint: Any = None, name: str | None = None
) -> Any:
    """Return a Tensor of a value, but a Variable as it is, so that an operator stays one of it.

    Args:
        value: the value; None stays None.
        dtype: its type; that of the value if None.
        dtype_hint: its type where the value leaves it open.
        name: name of the operation.

    Raises:
        TypeError: if a Variable is of another type.
    """
    if value is None or not is_ref(value):
        return None if value is None else convert_to_tensor(value, dtype, name, dtype_hint)
    if dtype is not None and base_dtype(dtype) is not base_dtype(value.dtype):
        wanted, found = dtype_name(base_dtype(dtype)), dtype_name(base_dtype(value.dtype))
        raise TypeError(f'Mutable type must be of dtype "{wanted}" but is "{found}".')
    return value


def must_have_rank(value: Any, rank: int, name: str) -> None:
    """Refuse an argument with too few dimensions; ValueError names it."""
    if value.shape.rank is not None and value.shape.rank < rank:
        dimensions = "dimension" if rank == 1 else "dimensions"
        raise ValueError(f"Argument {name} must have at least {rank} {dimensions}.  Found: {value}")


def shape_tensor(shape: Any, name: str | None = None) -> Tensor:
    """Return sizes as a Tensor; int32 for none."""
    empty = isinstance(shape, (tuple, list)) and not shape
    return convert_to_tensor(shape, int32 if empty else None, name)


def checked_sizes(value: Any, argument: str, rank: int, *, name: str, asserts: bool) -> Tensor:
    """Return an argument that is a size (rank 0) or a list of sizes (rank 1) as a Tensor.

    Args:
        value: the argument.
        argument: what errors call it.
        rank: 0 or 1.
        name: name of the operation.
        asserts: whether rank and sign are checked while the graph runs, too.

    Raises:
        TypeError: if it is no integer, or a Variable.
        ValueError: if its rank is another or a size is negative.
    """
    assert_not_ref_type(value, argument)
    sizes = shape_tensor(value, name=name)
    needs_rank = f"Argument {argument} must be a {rank}-D Tensor."
    needs_sign = f"Argument {argument} must be non-negative."
    if asserts:
        checks = [
            assert_rank(sizes, rank, message=needs_rank),
            assertions.assert_non_negative(sizes, message=needs_sign),
        ]
        sizes = after(checks, sizes)
    if not sizes.dtype.is_integer:
        raise TypeError(f"Argument {argument} must be integer type.  Found: {sizes}")
    known = constant_value(sizes)
    if known is not None and known.ndim != rank:
        raise ValueError(f"{needs_rank}  Found: {known}")
    if known is not None and (known < 0).any():
        raise ValueError(f"{needs_sign}  Found: {known}")
    return sizes


def static_sizes(sizes: Tensor) -> TensorShape:
    """Return a shape that is given as a Tensor, as far as it is known."""
    known = constant_value(sizes)
    if known is not None:
        return TensorShape(known)
    return TensorShape(None if sizes.shape[0].value is None else [None] * sizes.shape[0].value)


def to_complex(x: Any) -> Any:
    """Return numbers as complex ones of the same precision."""
    if x.dtype.is_complex:
        return x
    return cast(x, complex128 if x.dtype.base_dtype is float64 else complex64)


# --- assertions while the graph runs -------------------------------------------------------------


def assert_no_entries_with_modulus_zero(
    x: Any, message: str | None = None, name: str = "assert_no_entries_with_modulus_zero"
) -> Operation:
    """Return an operation that aborts the step if a number is 0."""
    with name_scope(name, values=[x]):
        x = convert_to_tensor(x, name="x")
        zero = convert_to_tensor(0, x.dtype.real_dtype.base_dtype)
        return assertions.assert_less(zero, abs_(x), message=message)


def assert_zero_imag_part(
    x: Any, message: str | None = None, name: str = "assert_zero_imag_part"
) -> Operation:
    """Return an operation that aborts the step if a number is not real."""
    with name_scope(name, values=[x]):
        x = convert_to_tensor(x, name="x")
        if x.dtype.is_floating:
            return no_op()
        zero = convert_to_tensor(0, x.dtype.real_dtype)
        return assertions.assert_equal(zero, imag(x), message=message)


def assert_compatible_matrix_dimensions(operator: Any, x: Any) -> Operation:
    """Return an operation that aborts the step if an operator does not fit a matrix."""
    message = (
        "Dimensions are not compatible.  shape[-2] of argument to be the same as this operator"
    )
    return assertions.assert_equal(
        shape(x)[-2], operator.domain_dimension_tensor(), message=message
    )


def assert_is_batch_matrix(tensor: Tensor) -> None:
    """Refuse a Tensor that is no matrix nor a batch of them: ValueError."""
    if tensor.shape.rank is not None and tensor.shape.rank < 2:
        raise ValueError(
            f"Expected [batch] matrix to have at least two dimensions.  Found: {tensor}"
        )


def same_dtype(operators: Sequence[Any]) -> DType:
    """Return the type of all of some operators.

    Raises:
        TypeError: if types differ.
    """
    if any(each.dtype != operators[0].dtype for each in operators):
        found = "   ".join(str((each.name, each.dtype)) for each in operators)
        raise TypeError(f"Expected all operators to have the same dtype.  Found {found}")
    dtype: DType = operators[0].dtype
    return dtype
