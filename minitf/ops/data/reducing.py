"""Datasets of what functions make of groups of elements: reduced by key.

Source: TensorFlow 1.15, `tf.data.experimental.group_by_reducer`.
"""

from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.grammar import Function
from minitf.op_def import op
from minitf.ops.data.dataset import UNKNOWN_SIZE, Dataset, Element, Elements, is_dataset
from minitf.ops.data.functional import CAPTURED
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.ops.functions.calls import caller
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import (
    Tfinalize_func_other_arguments,
    Tinit_func_other_arguments,
    Tkey_func_other_arguments,
    Treduce_func_other_arguments,
    TypeList,
    variant,
)

# --- GroupByReducerDataset -----------------------------------------------------------------------


@op(
    "GroupByReducerDataset",
    "stateful",
    Tkey_func_other_arguments=CAPTURED,
    Tinit_func_other_arguments=CAPTURED,
    Treduce_func_other_arguments=CAPTURED,
    Tfinalize_func_other_arguments=CAPTURED,
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def group_by_reducer_dataset_op(
    input_dataset: variant,
    key_func_other_arguments: TypeList[Tkey_func_other_arguments],
    init_func_other_arguments: TypeList[Tinit_func_other_arguments],
    reduce_func_other_arguments: TypeList[Treduce_func_other_arguments],
    finalize_func_other_arguments: TypeList[Tfinalize_func_other_arguments],
    *,
    key_func: Function,
    init_func: Function,
    reduce_func: Function,
    finalize_func: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    context: Context,
) -> variant:
    """Make a dataset of one element for each key: what is left of the elements of that key.

    Args:
        input_dataset: whose elements they are.
        key_func_other_arguments: captured by `key_func`.
        init_func_other_arguments: captured by `init_func`.
        reduce_func_other_arguments: captured by `reduce_func`.
        finalize_func_other_arguments: captured by `finalize_func`.
        key_func: gives an element's key, an int64 scalar.
        init_func: gives the first state of a key.
        reduce_func: gives the new state for a state and an element.
        finalize_func: makes an element of the last state.
        output_types, output_shapes: of what `finalize_func` makes.

    Returns:
        The dataset, in the order of the keys.

    Source: TensorFlow's op of the same name.
    """
    key_of, first, following, last = (
        caller(context, each) for each in (key_func, init_func, reduce_func, finalize_func)
    )

    def begin() -> Elements:
        source = input_dataset.begin()
        states: dict[int, list[Any]] = {}
        keys: list[int] | None = None

        def reduce_all() -> list[int]:
            for row in source:
                key = int(key_of(*row, *key_func_other_arguments)[0])
                if key not in states:
                    states[key] = first(np.array(key, np.int64), *init_func_other_arguments)
                states[key] = following(*states[key], *row, *reduce_func_other_arguments)
            return sorted(states, reverse=True)

        def step() -> Element:
            nonlocal keys
            if keys is None:
                keys = reduce_all()
            if not keys:
                raise StopIteration
            return tuple(last(*states.pop(keys.pop()), *finalize_func_other_arguments))

        return Elements(step)

    return Dataset(output_types, output_shapes, begin, UNKNOWN_SIZE)


is_dataset(group_by_reducer_dataset_op)
