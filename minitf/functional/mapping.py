"""`tf.map_fn`: a function of each element.

Source: OSDI §3.4; TensorFlow 1.15's function of the same name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import nest
from minitf.api.constants import constant
from minitf.api.framework import name_scope
from minitf.autograph.convert import handed_on
from minitf.composite import SparseTensor
from minitf.control_flow.while_loop import while_loop
from minitf.dispatch import dispatchable
from minitf.functional import elements
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray


@dispatchable
def map_fn(
    fn: Callable[[Any], Any],
    elems: Any,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    name: str | None = None,
) -> Any:
    """Apply a function to each element along the first axis; stack what it gives.

    Args:
        fn: function of one element, in the structure of `elems`; returns tensors in the structure
            of `dtype`.
        elems: a tensor, or a nested structure of tensors of one first size.
        dtype: type of what `fn` returns, or a structure of types; that of `elems` if None.
        parallel_iterations: how many elements may be worked on at once; 10 if None.
        back_prop: whether it may be differentiated.
        swap_memory: whether what the gradient needs may be moved to the host.
        infer_shape: whether all that `fn` returns has one static shape.
        name: name of the scope.

    Returns:
        A tensor, or a structure of tensors, with an element for each.

    Raises:
        TypeError: if `fn` is no function, `elems` is sparse, or structures differ in kind.
        ValueError: if there are no elements, or `fn` returns another number of values.
    """
    elements.check_callable(fn)
    if isinstance(elems, SparseTensor):
        raise TypeError(
            "To perform a map over the values of a sparse tensor use either  "
            "SparseTensor(input.indices, fn(input.values), input.dense_shape) or "
            "SparseTensor(input.indices, map_fn(fn, input.values), input.dense_shape)"
        )
    with (
        name_scope(name, "map", nest.flatten(elems)),
        elements.variables_read_once(),
    ):
        fn = handed_on(fn)
        tensors = elements.as_tensors(elems)
        known = elements.known_count(tensors)
        count = elements.element_count(tensors)
        sources = [elements.array_of(each, count, infer_shape=True) for each in tensors]
        start = constant(0)
        like = elems if dtype is None else dtype
        types = [each.dtype for each in tensors] if dtype is None else nest.flatten(dtype)
        results = [
            TensorArray(each, count, dynamic_size=False, infer_shape=infer_shape) for each in types
        ]

        def apply(i: Tensor, arrays: Any) -> Any:
            element = nest.pack_sequence_as(elems, [source.read(i) for source in sources])
            given = fn(element)
            nest.assert_same_structure(like, given)
            pairs = zip(arrays, nest.flatten(given), strict=True)
            arrays = [array.write(i, value) for array, value in pairs]
            return i + 1, arrays

        _, results = while_loop(
            lambda i, _: i < count,
            apply,
            (start, results),
            parallel_iterations=parallel_iterations or 10,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=count,
        )
        return nest.pack_sequence_as(like, elements.stacked(results, known))
