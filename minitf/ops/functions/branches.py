"""One of several functions, chosen by a value.

Source: OSDI §3.4 (conditional execution); TensorFlow 1.15's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType
from minitf.grammar import Function
from minitf.op_def import op
from minitf.ops.functions.calls import DIFFERENTIATED, caller
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import Tcond, Tin, Tout, TypeList, dtype, int32

Array = np.ndarray[Any, Any]


def is_true(value: Any) -> bool:
    """Tell whether a condition holds: a scalar that is not 0 or "", or an array with elements."""
    return bool(value) if np.ndim(value) == 0 else bool(np.size(value))


# --- If, StatelessIf ------------------------------------------------------------------------------


@op("If", "stateful", Tcond=ANY, Tin=ANY.at_least(0), Tout=ANY.at_least(0))
def if_op(
    cond: Tcond,
    input: TypeList[Tin],
    *,
    Tout: tuple[DType, ...],
    then_branch: Function,
    else_branch: Function,
    output_shapes: tuple[Shape, ...] = (),
    context: Context,
) -> TypeList[Tout]:
    """Call one function where a condition holds, else another.

    Args:
        cond: a scalar that is not 0 or ""; of any other rank: whether it has elements.
        input: what the function is called with.
        Tout: the types of its results.
        then_branch, else_branch: the functions.
        output_shapes: what is known of the shapes of the results.

    Returns:
        Its results.

    Source: TensorFlow's op of the same name.
    """
    return caller(context, then_branch if is_true(cond) else else_branch)(*input)


@op("StatelessIf", Tcond=ANY, Tin=ANY.at_least(0), Tout=ANY.at_least(0))
def stateless_if_op(
    cond: Tcond,
    input: TypeList[Tin],
    *,
    Tout: tuple[DType, ...],
    then_branch: Function,
    else_branch: Function,
    output_shapes: tuple[Shape, ...] = (),
    context: Context,
) -> TypeList[Tout]:
    """Call one function without effects where a condition holds, else another.

    Args:
        cond: a scalar that is not 0 or ""; of any other rank: whether it has elements.
        input: what the function is called with.
        Tout: the types of its results.
        then_branch, else_branch: the functions.
        output_shapes: what is known of the shapes of the results.

    Returns:
        Its results.

    Source: TensorFlow's op of the same name.
    """
    return caller(context, then_branch if is_true(cond) else else_branch)(*input)


# --- Case, StatelessCase --------------------------------------------------------------------------


@op("Case", "stateful", Tin=ANY.at_least(0), Tout=ANY.at_least(0), branches=ANY.at_least(1))
def case_op(
    branch_index: int32,
    input: TypeList[Tin],
    *,
    Tout: tuple[DType, ...],
    branches: tuple[Function, ...],
    output_shapes: tuple[Shape, ...] = (),
    context: Context,
) -> TypeList[Tout]:
    """Call the function of a number; the last one for a number that is none.

    Args:
        branch_index: scalar.
        input: what the function is called with.
        Tout: the types of its results.
        branches: the functions.
        output_shapes: what is known of the shapes of the results.

    Returns:
        Its results.

    Source: TensorFlow's op of the same name.
    """
    return caller(context, _chosen(branch_index, branches))(*input)


@op("StatelessCase", Tin=ANY.at_least(0), Tout=ANY.at_least(0), branches=ANY.at_least(1))
def stateless_case_op(
    branch_index: int32,
    input: TypeList[Tin],
    *,
    Tout: tuple[DType, ...],
    branches: tuple[Function, ...],
    output_shapes: tuple[Shape, ...] = (),
    context: Context,
) -> TypeList[Tout]:
    """Call the function without effects of a number; the last one for a number that is none.

    Args:
        branch_index: scalar.
        input: what the function is called with.
        Tout: the types of its results.
        branches: the functions.
        output_shapes: what is known of the shapes of the results.

    Returns:
        Its results.

    Source: TensorFlow's op of the same name.
    """
    return caller(context, _chosen(branch_index, branches))(*input)


def _chosen(index: Any, branches: tuple[Function, ...]) -> Function:
    return branches[int(index)] if 0 <= int(index) < len(branches) else branches[-1]


# --- FakeParam ------------------------------------------------------------------------------------


@op("FakeParam")
def fake_param_op(*, dtype: DType, shape: Shape) -> dtype:
    """Stand for a result that a branch does not compute: nobody looks at its value.

    Args:
        dtype: its type.
        shape: what is known of its shape.

    Returns:
        An array of that shape, without elements where sizes are unknown.

    Source: TensorFlow's op of the same name.
    """
    sizes = [] if shape.dims is None else [size or 0 for size in shape.as_list() or ()]
    return np.zeros(sizes, dtype.numpy)


@fake_param_op.shape
def fake_param_shape(*, dtype: DType, shape: Shape) -> Shape:
    return shape


fake_param_op.no_gradient("it has no input")

# --- rules ----------------------------------------------------------------------------------------


@if_op.shape
@stateless_if_op.shape
@case_op.shape
@stateless_case_op.shape
def branch_shape(
    *_: Any, Tout: tuple[DType, ...], output_shapes: tuple[Shape, ...], **__: Any
) -> list[Shape]:
    return list(output_shapes or (Shape.unknown(),) * len(Tout))


for _op in (if_op, stateless_if_op, case_op, stateless_case_op):
    _op.no_gradient(DIFFERENTIATED)
