"""`tf.foldl` and `tf.foldr`: a value that takes in one element after the other.

    foldl(f, [a, b, c], x)    f(f(f(x, a), b), c)
    foldr(f, [a, b, c], x)    f(f(f(x, c), b), a)

Source: OSDI §3.4; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.api.constants import constant
from minitf.api.framework import name_scope
from minitf.control_flow.while_loop import while_loop
from minitf.functional import elements
from minitf.tensor import Tensor

Step = Callable[[Any, Any], Any]


def foldl(
    fn: Step,
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """Combine all elements along the first axis, from the first to the last.

    Args:
        fn: function of the value so far and one element; returns the next value.
        elems: a tensor, or a nested structure of tensors of one first size.
        initializer: the first value; the first element if None.
        parallel_iterations: how many steps may be under way at once.
        back_prop: whether it may be differentiated.
        swap_memory: whether what the gradient needs may be moved to the host.
        name: name of the scope.

    Raises:
        TypeError: if `fn` is no function.
        ValueError: if there are no elements.
    """
    elements.check_callable(fn)
    with name_scope(name, "foldl", nest.flatten(elems)), elements.variables_read_once():
        count, sources = _taken_apart(elems)
        if initializer is None:
            value = nest.map_structure(lambda source: source.read(0), sources)
            start = constant(1)
        else:
            value, start = initializer, constant(0)

        def take_in(i: Tensor, value: Any) -> list[Any]:
            element = nest.map_structure(lambda source: source.read(i), sources)
            value = fn(value, element)
            return [i + 1, value]

        return while_loop(
            lambda i, _: i < count,
            take_in,
            [start, value],
            parallel_iterations=parallel_iterations,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=count,
        )[1]


def foldr(
    fn: Step,
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """Combine all elements along the first axis, from the last to the first.

    Args:
        fn: function of the value so far and one element; returns the next value.
        elems: a tensor, or a nested structure of tensors of one first size.
        initializer: the first value; the last element if None.
        parallel_iterations: how many steps may be under way at once.
        back_prop: whether it may be differentiated.
        swap_memory: whether what the gradient needs may be moved to the host.
        name: name of the scope.

    Raises:
        TypeError: if `fn` is no function.
        ValueError: if there are no elements.
    """
    elements.check_callable(fn)
    with name_scope(name, "foldr", nest.flatten(elems)), elements.variables_read_once():
        count, sources = _taken_apart(elems)
        if initializer is None:
            start = count - 1
            value = nest.map_structure(lambda source: source.read(start), sources)
        else:
            value, start = initializer, count

        def take_in(i: Tensor, value: Any) -> list[Any]:
            before = i - 1
            element = nest.map_structure(lambda source: source.read(before), sources)
            return [before, fn(value, element)]

        return while_loop(
            lambda i, _: i > 0,
            take_in,
            [start, value],
            parallel_iterations=parallel_iterations,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=count,
        )[1]


def _taken_apart(elems: Any) -> tuple[Any, Any]:
    """Return how many elements there are, and TensorArrays of them in the structure of `elems`."""
    tensors = elements.as_tensors(elems)
    count = elements.element_count(tensors)
    arrays = [elements.array_of(each, count, infer_shape=True) for each in tensors]
    return count, nest.pack_sequence_as(elems, arrays)
