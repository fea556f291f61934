"""`for_loop`, `pfor`, `tf.vectorized_map`, and Jacobians by them: a function of each number.

The iterations are a while loop, whose results are stacked; they may run at once as those of any
loop.  TensorFlow's `pfor` rewrites the function to work on all numbers at once: with the same
results.

Source: TensorFlow 1.15, `ops/parallel_for`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.api.array import concat, reshape, transpose
from minitf.api.constants import fill
from minitf.api.framework import name_scope
from minitf.api.gathering import gather
from minitf.api.gradients import gradients
from minitf.api.reductions import reduce_prod
from minitf.api.sequences import one_hot
from minitf.api.sizes import shape
from minitf.control_flow.func_graph import FuncGraph
from minitf.control_flow.while_loop import while_loop
from minitf.convert import convert_to_tensor
from minitf.default_graph import entered
from minitf.dtypes import int32
from minitf.function_library import unique_function_name
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_shape import TensorShape

PFOR_CONFIG_ARG = "pfor_config"


def for_loop(
    loop_fn: Callable[[Any], Any],
    loop_fn_dtypes: Any,
    iters: Any,
    parallel_iterations: int | None = None,
) -> Any:
    """Call a function of each number from 0 to `iters` - 1; stack what it gives.

    Args:
        loop_fn: of an int32 scalar; returns a nested structure of Tensors and None.
        loop_fn_dtypes: the types of what it returns, in the same structure.
        iters: how often.
        parallel_iterations: how many iterations may be under way at once; 10 if None.

    Returns:
        The structure with stacked Tensors; None where the function gave None.
    """
    types = nest.flatten(loop_fn_dtypes)
    missing: list[bool] = []

    def step(i: Any, *arrays: TensorArray) -> list[Any]:
        found = loop_fn(i)
        nest.assert_same_structure(found, loop_fn_dtypes)
        flat = nest.flatten(found)
        missing[:] = [each is None for each in flat]
        written = [
            array if each is None else array.write(i, each)
            for array, each in zip(arrays, flat, strict=True)
        ]
        return [i + 1, *written]

    arrays = [TensorArray(dtype.base_dtype, iters) for dtype in types]
    if not arrays:
        return nest.pack_sequence_as(loop_fn_dtypes, [])
    _, *made = while_loop(
        lambda i, *_: i < iters,
        step,
        [0, *arrays],
        parallel_iterations=parallel_iterations or 10,
    )
    stacked = [
        None if absent else array.stack() for array, absent in zip(made, missing, strict=True)
    ]
    return nest.pack_sequence_as(loop_fn_dtypes, stacked)


def pfor(loop_fn: Callable[..., Any], iters: Any, parallel_iterations: int | None = None) -> Any:
    """Call a function of each number from 0 to `iters` - 1; stack what it gives.

    Args:
        loop_fn: of an int32 scalar; returns a nested structure of Tensors.  It is called twice, the
            first time to see what it returns.
        iters: how often.
        parallel_iterations: how many iterations may be under way at once.

    Raises:
        ValueError: if the number of parallel iterations is not above 1.
    """
    if parallel_iterations is not None and parallel_iterations < 1:
        raise ValueError("parallel_iterations must be None or a positive integer")
    scratch = FuncGraph(unique_function_name("pfor"))
    with entered(scratch):
        number = scratch.add_input(int32, convert_to_tensor(0).static_shape, "i")
        seen = nest.map_structure(convert_to_tensor, loop_fn(number))
    types = nest.map_structure(lambda each: each.dtype.base_dtype, seen)
    with name_scope("pfor"):
        found = for_loop(
            lambda i: nest.map_structure(convert_to_tensor, loop_fn(i)),
            types,
            iters,
            parallel_iterations,
        )
    count = constant_value(convert_to_tensor(iters))
    for before, after in zip(nest.flatten(seen), nest.flatten(found), strict=True):
        if before.shape.dims is not None:
            after.set_shape([None if count is None else int(count), *before.shape.as_list()])
    return found


def vectorized_map(fn: Callable[[Any], Any], elems: Any) -> Any:
    """Apply a function to each element along the first axis; stack what it gives.

    Args:
        fn: function of one element, in the structure of `elems`.
        elems: a Tensor, or a nested structure of Tensors of one first size.
    """
    elems = nest.map_structure(convert_to_tensor, elems)
    first = nest.flatten(elems)[0]
    known = first.shape.dims[0].value if first.shape.dims else None
    count = shape(first)[0] if known is None else known
    return pfor(lambda i: fn(nest.map_structure(lambda each: gather(each, i), elems)), count)


# --- Jacobians ------------------------------------------------------------------------------------


def jacobian(
    output: Any, inputs: Any, use_pfor: bool = True, parallel_iterations: int | None = None
) -> Any:
    """Return the derivative of each element of a tensor with respect to each element of others.

    Args:
        output: the tensor.
        inputs: a Tensor, or a nested structure of Tensors.
        use_pfor: accepted: the results are the same.
        parallel_iterations: how many elements may be worked on at once.

    Returns:
        For each input a Tensor of shape output.shape + input.shape, None if it is not connected.
    """
    flat, output = nest.flatten(inputs), convert_to_tensor(output)
    rows = jacobian_by(
        lambda grad: gradients(output, flat, grad), output, flat, parallel_iterations
    )
    return nest.pack_sequence_as(inputs, rows)


def jacobian_by(
    derive: Callable[[Tensor], list[Any]],
    output: Tensor,
    inputs: list[Any],
    parallel_iterations: int | None,
) -> list[Any]:
    """Return Jacobians, row by row.

    Args:
        derive: takes a gradient of the output; returns those of the inputs.
        output: whose elements are differentiated, one after the other.
        inputs: Tensors or variables.
        parallel_iterations: how many rows may be worked on at once.
    """
    sizes = shape(output)
    count = _count(output.shape, reduce_prod(sizes))

    def row(i: Tensor) -> list[Any]:
        picked = reshape(one_hot(i, count, dtype=output.dtype.base_dtype), sizes)
        picked.set_shape(output.shape)
        return derive(picked)

    types = [each.dtype.base_dtype for each in inputs]
    found = for_loop(row, types, count, parallel_iterations)
    made: list[Any] = []
    for each, rows in zip(inputs, found, strict=True):
        if rows is None:
            made.append(None)
            continue
        matrix = reshape(rows, concat([sizes, shape(rows)[1:]], axis=0))
        matrix.set_shape(output.shape.concatenate(each.shape))
        made.append(matrix)
    return made


def _count(known: TensorShape, computed: Any) -> Any:
    return known.num_elements() if known.is_fully_defined() else computed


def batch_jacobian(
    output: Any, inp: Any, use_pfor: bool = True, parallel_iterations: int | None = None
) -> Any:
    """Return the Jacobian of each row of a tensor with respect to the same row of another.

    Args:
        output: Tensor of shape [batch, ...]; its row i depends on row i of `inp` only.
        inp: Tensor of shape [batch, ...].
        use_pfor: accepted: the results are the same.
        parallel_iterations: how many elements may be worked on at once.

    Returns:
        Tensor of shape [batch, ..., ...]; None if they are not connected.

    Raises:
        ValueError: if the first sizes differ.
    """
    output, inp = convert_to_tensor(output), convert_to_tensor(inp)
    return batch_jacobian_by(
        lambda grad: gradients(output, inp, grad)[0], output, inp, parallel_iterations
    )


def batch_jacobian_by(
    derive: Callable[[Tensor], Any], output: Tensor, inp: Tensor, parallel_iterations: int | None
) -> Any:
    """Return Jacobians of rows; see `jacobian_by` for the arguments.

    Raises:
        ValueError: if the first sizes differ.
    """
    if not output.shape[:1].is_compatible_with(inp.shape[:1]):
        raise ValueError(
            f"Need first dimension of output shape ({output.shape}) and inp shape ({inp.shape}) to "
            "match."
        )
    sizes = shape(output)
    batch = sizes[0]
    count = _count(output.shape[1:], reduce_prod(sizes[1:]))

    def row(i: Tensor) -> list[Any]:
        picked = one_hot(fill([batch], i), count, dtype=output.dtype.base_dtype)
        picked = reshape(picked, sizes)
        picked.set_shape(output.shape)
        return [derive(picked)]

    (found,) = for_loop(row, [inp.dtype.base_dtype], count, parallel_iterations)
    if found is None:
        return None
    rows = transpose(reshape(found, concat([[count, batch], [-1]], axis=0)), [1, 0, 2])
    made = reshape(rows, concat([sizes, shape(inp)[1:]], axis=0))
    made.set_shape(output.shape.concatenate(inp.shape[1:]))
    return made
