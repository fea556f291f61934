"""What is computed of a whole dataset: its only element, what is left of all, how many they are.

Source: TensorFlow 1.15, `tf.data.Dataset.reduce`, `tf.data.experimental`.
"""

from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.errors import invalid
from minitf.grammar import Function
from minitf.op_def import op
from minitf.ops.data.functional import CAPTURED
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.ops.functions.calls import caller
from minitf.resources import Context
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Targuments, Tstate, TypeList, int64, output_types, variant

Array = np.ndarray[Any, Any]

# --- ReduceDataset -------------------------------------------------------------------------------


@op(
    "ReduceDataset",
    "stateful",
    Tstate=TYPES,
    Targuments=CAPTURED,
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("components",),
)
def reduce_dataset_op(
    input_dataset: variant,
    initial_state: TypeList[Tstate],
    other_arguments: TypeList[Targuments],
    *,
    f: Function,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    use_inter_op_parallelism: bool = True,
    metadata: str = "",
    context: Context,
) -> TypeList[output_types]:
    """Let a function renew a state with each element, and give the last state.

    Args:
        input_dataset: whose elements the function gets, after the state.
        initial_state: the first state.
        other_arguments: what the function gets besides.
        f: gives the new state.
        output_types, output_shapes: of the state.
        use_inter_op_parallelism, metadata: accepted for compatibility.

    Returns:
        The last state.

    Source: TensorFlow's op of the same name.
    """
    call = caller(context, f)
    state = list(initial_state)
    for element in input_dataset.begin():
        state = call(*state, *element, *other_arguments)
    return state


@reduce_dataset_op.shape
def reduce_dataset_shape(*_: Any, output_shapes: tuple[Shape, ...], **__: Any) -> list[Shape]:
    return list(output_shapes)


reduce_dataset_op.no_gradient("nothing flows through an iteration", refuse=True)

# --- DatasetToSingleElement ----------------------------------------------------------------------


@op(
    "DatasetToSingleElement",
    "stateful",
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("components",),
)
def dataset_to_single_element_op(
    dataset: variant,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> TypeList[output_types]:
    """Give the only element of a dataset.

    Args:
        dataset: the dataset.
        output_types, output_shapes: of the element.
        metadata: accepted for compatibility.

    Returns:
        The element.

    Raises:
        InvalidArgumentError: if there is none, or more than one.

    Source: TensorFlow's op of the same name.
    """
    elements = dataset.begin()
    first = next(elements, None)
    if first is None:
        raise invalid("Dataset was empty.")
    if next(elements, None) is not None:
        raise invalid("Dataset had more than one element.")
    return list(first)


@dataset_to_single_element_op.shape
def dataset_to_single_element_shape(
    dataset: Shape, *, output_shapes: tuple[Shape, ...], **_: Any
) -> list[Shape]:
    return list(output_shapes)


dataset_to_single_element_op.no_gradient("a dataset is no number")

# --- DatasetCardinality --------------------------------------------------------------------------


@op("DatasetCardinality", outputs=("cardinality",))
def dataset_cardinality_op(input_dataset: variant, *, cardinality_options: str = "") -> int64:
    """Tell how many elements a dataset has.

    Args:
        input_dataset: the dataset.
        cardinality_options: accepted for compatibility.

    Returns:
        int64 scalar; -1 if there is no end, -2 if it is not known.

    Source: TensorFlow's op of the same name.
    """
    return np.array(input_dataset.size, np.int64)


@dataset_cardinality_op.shape
def dataset_cardinality_shape(input_dataset: Shape, **_: Any) -> Shape:
    return SCALAR


dataset_cardinality_op.no_gradient("a dataset is no number")
