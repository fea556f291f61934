"""`tf.scan`: all the values of a fold.

    scan(f, [a, b, c], x)    [f(x, a), f(f(x, a), b), f(f(f(x, a), b), c)]

Source: OSDI §3.4; TensorFlow 1.15's function of the same name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.control_flow.while_loop import while_loop
from minitf.functional import elements
from minitf.tensor_array import TensorArray


def scan(
    fn: Callable[[Any, Any], Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    reverse: bool = False,
    name: str | None = None,
) -> Any:
    """Combine elements along the first axis one after the other; stack the value after each.

    Args:
        fn: function of the value so far and one element; returns the next value, in the structure
            of `initializer`.
        elems: a tensor, or a nested structure of tensors of one first size.
        initializer: the first value; the first element, which is not combined then, if None.
        parallel_iterations: how many steps may be under way at once.
        back_prop: whether it may be differentiated.
        swap_memory: whether what the gradient needs may be moved to the host.
        infer_shape: whether all values have one static shape.
        reverse: go from the last element to the first; the result is in the order of `elems`.
        name: name of the scope.

    Returns:
        A tensor, or a structure of tensors, with the value at each element.

    Raises:
        TypeError: if `fn` is no function, or structures differ in kind.
        ValueError: if there are no elements, or `fn` returns another number of values.
    """
    elements.check_callable(fn)
    like = elems if initializer is None else initializer
    with name_scope(name, "scan", nest.flatten(elems)), elements.variables_read_once():
        tensors = elements.as_tensors(elems)
        known = elements.known_count(tensors)
        count = elements.element_count(tensors)
        sources = [
            elements.array_of(each, count, element_shape=each.shape[1:], infer_shape=True)
            for each in tensors
        ]
        if initializer is None:
            values = [source.read(count - 1 if reverse else 0) for source in sources]
            done = 1
        else:
            values = [convert_to_tensor(each) for each in nest.flatten(initializer)]
            done = 0
        results = [
            TensorArray(
                value.dtype.base_dtype,
                count,
                dynamic_size=False,
                infer_shape=infer_shape,
                element_shape=value.shape if infer_shape else None,
            )
            for value in values
        ]
        if initializer is None:
            results = [
                array.write(count - 1 if reverse else 0, value)
                for array, value in zip(results, values, strict=True)
            ]

        def take_in(i: Any, values: Any, arrays: Any) -> Any:
            element = nest.pack_sequence_as(elems, [source.read(i) for source in sources])
            value = fn(nest.pack_sequence_as(like, values), element)
            nest.assert_same_structure(like, value)
            values = nest.flatten(value)
            arrays = [array.write(i, each) for array, each in zip(arrays, values, strict=True)]
            return (i - 1 if reverse else i + 1), values, arrays

        _, _, results = while_loop(
            (lambda i, *_: i >= 0) if reverse else (lambda i, *_: i < count),
            take_in,
            (count - 1 - done if reverse else done, values, results),
            parallel_iterations=parallel_iterations,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=count,
        )
        return nest.pack_sequence_as(like, elements.stacked(results, known))
