"""A function repeated: while another says so, or a number of times.

Source: OSDI §3.4 (iteration); TensorFlow 1.15's ops of the same names.
"""

from typing import Any

from minitf.dtypes import ANY
from minitf.errors import invalid
from minitf.grammar import Function
from minitf.op_def import op
from minitf.ops.functions.branches import is_true
from minitf.ops.functions.calls import DIFFERENTIATED, caller
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import T, TypeList, int32

# --- While, StatelessWhile ------------------------------------------------------------------------


@op("While", "stateful", T=ANY.at_least(0))
def while_op(
    input: TypeList[T],
    *,
    cond: Function,
    body: Function,
    output_shapes: tuple[Shape, ...] = (),
    parallel_iterations: int = 10,
    context: Context,
) -> TypeList[T]:
    """Let a function renew values while another one of them is true.

    Args:
        input: the first values.
        cond: gives one condition (a scalar that is not 0, or any array with elements).
        body: gives the next values.
        output_shapes: what is known of the values' shapes in every iteration.
        parallel_iterations: accepted: iterations run one after the other.

    Returns:
        The last values.

    Raises:
        InvalidArgumentError: if a function gives another number of values.

    Source: TensorFlow's op of the same name.
    """
    return _repeated(context, cond, body, input)


@op("StatelessWhile", T=ANY.at_least(0))
def stateless_while_op(
    input: TypeList[T],
    *,
    cond: Function,
    body: Function,
    output_shapes: tuple[Shape, ...] = (),
    parallel_iterations: int = 10,
    context: Context,
) -> TypeList[T]:
    """Let a function without effects renew values while another one of them is true.

    Args:
        input: the first values.
        cond: gives one condition (a scalar that is not 0, or any array with elements).
        body: gives the next values.
        output_shapes: what is known of the values' shapes in every iteration.
        parallel_iterations: accepted: iterations run one after the other.

    Returns:
        The last values.

    Raises:
        InvalidArgumentError: if a function gives another number of values.

    Source: TensorFlow's op of the same name.
    """
    return _repeated(context, cond, body, input)


def _repeated(context: Context, cond: Function, body: Function, first: list[Any]) -> list[Any]:
    test, step = caller(context, cond), caller(context, body)
    values = list(first)
    while is_true(_only(test(*values))):
        values = step(*values)
        if len(values) != len(first):
            raise invalid(
                f"While loop body returned {len(values)} arguments. Expected: {len(first)}"
            )
    return values


def _only(found: list[Any]) -> Any:
    if len(found) != 1:
        raise invalid(f"Expected a single scalar return value from WhileOp cond got {len(found)}")
    return found[0]


@while_op.shape
@stateless_while_op.shape
def while_shape(input: list[Shape], *, output_shapes: tuple[Shape, ...], **_: Any) -> list[Shape]:
    return list(output_shapes or (Shape.unknown(),) * len(input))


while_op.no_gradient(DIFFERENTIATED)
stateless_while_op.no_gradient(DIFFERENTIATED)

# --- For ------------------------------------------------------------------------------------------


@op("For", T=ANY.at_least(0))
def for_op(
    start: int32,
    limit: int32,
    delta: int32,
    input: TypeList[T],
    *,
    body: Function,
    context: Context,
) -> TypeList[T]:
    """Let a function of a number and values renew the values, for each number of a range.

    Args:
        start: the first number.
        limit: the bound, not included.
        delta: the step, not 0.
        input: the first values.
        body: of a number and the values; gives the next values.

    Returns:
        The last values.

    Raises:
        InvalidArgumentError: if the range is none, or the function gives another number of values.

    Source: TensorFlow's op of the same name.
    """
    first, end, step = int(start), int(limit), int(delta)
    if step > 0 and first > end:
        raise invalid(f"start <= limit must hold if delta > 0 but start={first}, limit={end}")
    if step < 0 and first < end:
        raise invalid(f"start >= limit must hold if delta < 0 but start={first}, limit={end}")
    if step == 0 and first != end:
        raise invalid("delta must not be 0 if start != limit")
    call, values = caller(context, body), list(input)
    for number in range(first, end, step) if step else ():
        values = call(start.dtype.type(number), *values)
        if len(values) != len(input):
            raise invalid(f"For loop body returned {len(values)} arguments. Expected: {len(input)}")
    return values


@for_op.shape
def for_shape(
    start: Shape, limit: Shape, delta: Shape, input: list[Shape], *, body: Function
) -> list[Shape]:
    return [Shape.unknown()] * len(input)


for_op.no_gradient("TensorFlow defines none", refuse=True)
