"""Functions of the user's Python program as operations.

An operation names its function by a token.  **State**: `FUNCTIONS`, token -> function, of this
process; a graph keeps the functions of its own operations alive (`Graph.functions`), so a function
is forgotten with its graph.  A graph imported in another process finds no function: its run says
so.

Source: TensorFlow 1.15's ops and functions of these names.
"""

import itertools
import traceback
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType, by_numpy, c_name
from minitf.errors import (
    InvalidArgumentError,
    OpError,
    OutOfRangeError,
    ResourceExhaustedError,
    UnimplementedError,
    UnknownError,
    invalid,
)
from minitf.op_def import op
from minitf.shapes import Shape
from minitf.symbols import Tin, Tout, TypeList

Array = np.ndarray[Any, Any]


class PythonFunction:
    """A function that operations may name; it lives as long as a graph holds it."""

    _tokens = itertools.count()

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.token = f"pyfunc_{next(self._tokens)}"
        FUNCTIONS[self.token] = self


FUNCTIONS: weakref.WeakValueDictionary[str, PythonFunction] = weakref.WeakValueDictionary()

# What an exception of the user's becomes; any other is an UnknownError.
_ERRORS: dict[type[Exception], type[OpError]] = {
    ValueError: InvalidArgumentError,
    TypeError: InvalidArgumentError,
    StopIteration: OutOfRangeError,
    MemoryError: ResourceExhaustedError,
    NotImplementedError: UnimplementedError,
}


@op("PyFunc", "stateful", Tin=ANY.at_least(0), Tout=ANY.at_least(0))
def py_func_op(input: TypeList[Tin], *, token: str, Tout: tuple[DType, ...]) -> TypeList[Tout]:
    """Call a function of the program with arrays; it runs at each step.

    Args:
        input: what it is called with: arrays, NumPy scalars for scalars, bytes for a string.
        token: names the function.
        Tout: the types of what it returns.

    Returns:
        Tout: what it returned.

    Raises:
        InvalidArgumentError: if it returns other types or another number of values, raises
            ValueError or TypeError, or is not a function of this process.
        UnknownError: if it raises an exception that no status code describes.

    Source: TensorFlow's op.
    """
    held = FUNCTIONS.get(token)
    if held is None:
        raise invalid(
            f"ValueError: callback {token} is not found",
            hint="a graph with tf.py_func runs only in the process that built it",
        )
    arguments = [np.array(each)[()] for each in input]  # its own: it may write into them
    try:
        returned = held.function(*arguments)
    except Exception as error:  # the user's function may raise anything
        raise _as_status(error) from error
    return _values(returned, token, Tout)


def _as_status(error: Exception) -> OpError:
    kind = next((own for theirs, own in _ERRORS.items() if isinstance(error, theirs)), UnknownError)
    frames = error.__traceback__.tb_next if error.__traceback__ else None  # the user's own
    text = "".join(traceback.format_tb(frames)).rstrip()
    return kind(None, None, f"{type(error).__name__}: {error}\n{text}")


def _values(returned: Any, token: str, wanted: tuple[DType, ...]) -> list[Array]:
    """Return what a function returned as arrays of the types wanted."""
    if returned is None:
        values = []
    else:
        values = list(returned) if isinstance(returned, (list, tuple)) else [returned]
    if len(values) != len(wanted):
        raise invalid(
            f"{token} returns {len(values)} values, but expects to see {len(wanted)} values."
        )
    arrays = [_array(value) for value in values]
    for i, (array, dtype) in enumerate(zip(arrays, wanted, strict=True)):
        if array.dtype != dtype.numpy:
            found = c_name(by_numpy(array.dtype))
            raise invalid(
                f"{i}-th value returned by {token} is {found}, but expects {c_name(dtype)}"
            )
    return arrays


def _array(value: Any) -> Array:
    """Return a returned value as an array of its own; text as bytes."""
    array = np.array(value, object if isinstance(value, (str, bytes)) else None, order="C")
    if array.dtype.kind not in "SUO":
        return array
    text = np.empty(array.shape, object)
    text[...] = np.frompyfunc(lambda x: x.encode() if isinstance(x, str) else x, 1, 1)(
        array.astype(object)
    )
    return text


@op("PyFuncStateless", Tin=ANY.at_least(0), Tout=ANY.at_least(0))
def py_func_stateless_op(
    input: TypeList[Tin], *, token: str, Tout: tuple[DType, ...]
) -> TypeList[Tout]:
    """Call a pure function of the program with arrays; equal calls may be merged.

    Args:
        input: what it is called with.
        token: names the function.
        Tout: the types of what it returns.

    Returns:
        Tout: what it returned.

    Raises:
        InvalidArgumentError: as PyFunc.
        UnknownError: likewise.

    Source: TensorFlow's op.
    """
    return py_func_op.body(input, token=token, Tout=Tout)


# --- EagerPyFunc ----------------------------------------------------------------------------------


@op("EagerPyFunc", "stateful", Tin=ANY.at_least(0), Tout=ANY.at_least(0))
def eager_py_func_op(
    input: TypeList[Tin], *, token: str, is_async: bool = False, Tout: tuple[DType, ...]
) -> TypeList[Tout]:
    """Call a function of the program that computes with tensors; it runs at each step.

    Args:
        input: what it is called with.
        token: names the function, which `tf.py_function` has made one of arrays.
        is_async: accepted for compatibility.
        Tout: the types of what it returns.

    Returns:
        Tout: what it returned.

    Raises:
        InvalidArgumentError: as PyFunc.
        UnknownError: likewise.

    Source: TensorFlow's op.
    """
    return py_func_op.body(input, token=token, Tout=Tout)


@eager_py_func_op.shape
def eager_py_func_shape(
    *input: Any, token: str, is_async: bool, Tout: tuple[DType, ...]
) -> list[Shape]:
    return [Shape.unknown()] * len(Tout)


eager_py_func_op.no_gradient("minitf.functional.py_function gives each call its own")

# --- rules ----------------------------------------------------------------------------------------


@py_func_op.shape
@py_func_stateless_op.shape
def py_func_shape(*input: Any, token: str, Tout: tuple[DType, ...]) -> list[Shape]:
    return [Shape.unknown()] * len(Tout)


py_func_op.no_gradient("a function of the program has no derivative")
py_func_stateless_op.no_gradient("a function of the program has no derivative")
