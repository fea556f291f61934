"""How a pipeline runs: what is rewritten, on which threads, and functions of rows.

Source: TensorFlow 1.15, `tensorflow.python.data.experimental.ops`: `optimization`, `threadpool`,
`sleep`, `map_defun`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minitf import ops
from minitf.convert import convert_to_tensor
from minitf.data.structure import (
    flat_attrs,
    from_types,
    sliced_structure,
    stacked_structure,
)
from minitf.dtypes import string
from minitf.function_graph import trace
from minitf.function_library import unique_function_name
from minitf.grammar import Function
from minitf.shapes import UNKNOWN
from minitf.tensor import Tensor

Transformation = Callable[[Any], Any]


def model() -> Transformation:
    """Let numbers of threads be tuned."""
    return lambda dataset: dataset.made_by(ops.model_dataset_op)


def optimize(optimizations: Sequence[str] | None = None) -> Transformation:
    """Let a pipeline be rewritten to one that gives the same.

    Args:
        optimizations: names of rewritings.
    """
    names = [each.encode() for each in optimizations or ()]
    return lambda dataset: dataset.made_by(
        ops.optimize_dataset_op, convert_to_tensor(np.array(names, object), string)
    )


def non_serializable() -> Transformation:
    """Let nothing be rewritten across this place."""
    return lambda dataset: dataset.made_by(ops.non_serializable_dataset_op)


def sleep(sleep_microseconds: Any) -> Transformation:
    """Wait for a while before each element."""
    return lambda dataset: dataset.made_by(ops.sleep_dataset_op, sleep_microseconds)


def rebatch(dataset: Any, num_replicas: Any, use_fallback: bool = True) -> Any:
    """Return a dataset of the parts of batches, each in turn for one of several replicas.

    Args:
        dataset: of batches.
        num_replicas: how many parts a batch has.
        use_fallback: accepted for compatibility.
    """
    structure = stacked_structure(sliced_structure(dataset.structure), UNKNOWN)
    return dataset.made_by(
        ops.rebatch_dataset_op, num_replicas, use_fallback=use_fallback, structure=structure
    )


class PrivateThreadPool:
    """Threads that serve one pipeline.

    Args:
        num_threads: how many.
        display_name: their name for people.
        max_intra_op_parallelism: how many threads one op may use.
    """

    def __init__(
        self, num_threads: int, display_name: str | None = None, max_intra_op_parallelism: int = 1
    ) -> None:
        self._resource = ops.thread_pool_handle_op(
            num_threads=num_threads,
            max_intra_op_parallelism=max_intra_op_parallelism,
            display_name=display_name or "",
        )


def override_threadpool(dataset: Any, thread_pool: PrivateThreadPool) -> Any:
    """Return a dataset whose elements are made on the threads of a pool."""
    return dataset.made_by(ops.thread_pool_dataset_op, thread_pool._resource)


def map_defun(
    fn: Callable[..., Any],
    elems: list[Any],
    output_dtypes: list[Any],
    output_shapes: list[Any],
    max_intra_op_parallelism: int = 1,
) -> list[Tensor]:
    """Call a function for each row of several tensors, and stack what it gives.

    Args:
        fn: gets a row of each.
        elems: the tensors, of equally many rows.
        output_dtypes: the types of what it gives.
        output_shapes: their shapes.
        max_intra_op_parallelism: accepted for compatibility.

    Raises:
        ValueError: if one of the last four is no list.
    """
    if not isinstance(elems, list):
        raise ValueError("`elems` must be a list of tensors.")
    if not isinstance(output_dtypes, list):
        raise ValueError("`output_dtypes` must be a list of `tf.DType` objects.")
    if not isinstance(output_shapes, list):
        raise ValueError("`output_shapes` must be a list of `tf.TensorShape` objects.")
    arguments = [convert_to_tensor(each, name="elems") for each in elems]
    structure = from_types(tuple(output_dtypes), tuple(output_shapes))
    rows = [(each.dtype, each.static_shape.without(0)) for each in arguments]

    def flat(*tensors: Tensor) -> list[Tensor]:
        found = fn(*tensors)
        return list(found) if isinstance(found, (list, tuple)) else [found]

    name = unique_function_name("map_defun")
    graph = trace(flat, rows, arguments[0].graph, name)
    made: list[Tensor] = ops.map_defun_op(
        arguments,
        graph.captured,
        f=Function(name),
        max_intra_op_parallelism=max_intra_op_parallelism,
        **flat_attrs(structure),
    )
    return made
