"""Datasets of what is read of serialized Examples, batch by batch.

Source: TensorFlow 1.15, `tf.data.experimental.parse_example_dataset`.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.dtypes import DType, types
from minitf.dtypes import variant as variant_type
from minitf.errors import UnimplementedError
from minitf.op_def import at_least, op
from minitf.ops.data.dataset import Dataset, Element, Elements, is_dataset
from minitf.ops.data.parallel import mapped, threads_of
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.ops.parsing.examples import FEATURES, batch_of, parsed
from minitf.ops.sparse.serialising import serialize_sparse_op
from minitf.shapes import Shape
from minitf.symbols import Tdense, TypeList, int64, variant

Array = np.ndarray[Any, Any]

# --- ParseExampleDataset -------------------------------------------------------------------------


@op(
    "ParseExampleDataset",
    sparse_keys=at_least(0),
    dense_keys=at_least(0),
    sparse_types=FEATURES,
    Tdense=FEATURES,
    dense_shapes=at_least(0),
    ragged_keys=at_least(0),
    ragged_value_types=FEATURES,
    ragged_split_types=types("int32", "int64").at_least(0),
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def parse_example_dataset_op(
    input_dataset: variant,
    num_parallel_calls: int64,
    dense_defaults: TypeList[Tdense],
    *,
    sparse_keys: tuple[str, ...],
    dense_keys: tuple[str, ...],
    sparse_types: tuple[DType, ...],
    dense_shapes: tuple[Shape, ...],
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    sloppy: bool = False,
    ragged_keys: tuple[str, ...] = (),
    ragged_value_types: tuple[DType, ...] = (),
    ragged_split_types: tuple[DType, ...] = (),
) -> variant:
    """Make a dataset of the features of batches of serialized Examples.

    Args:
        input_dataset: of string vectors.
        num_parallel_calls: how many batches may be read at once; -1 leaves the choice.
        dense_defaults: for each dense feature a value for Examples that lack it, or nothing.
        sparse_keys: features of different lengths.
        dense_keys: features of one shape.
        sparse_types: of the sparse features.
        dense_shapes: of the dense features.
        output_types, output_shapes: of the features, in the order of their names.
        sloppy: accepted for compatibility.
        ragged_keys, ragged_value_types, ragged_split_types: of ragged features, of later versions.

    Returns:
        The dataset; a sparse feature is a variant[3], as SerializeSparse gives it.

    Raises:
        InvalidArgumentError: if an Example cannot be read, or lacks a feature.
        UnimplementedError: if there are ragged features.

    Source: TensorFlow's op of the same name.
    """
    if ragged_keys:
        raise UnimplementedError(None, None, "Ragged features of Examples: RaggedFeature is later")
    sparse_names, dense_names = (
        [key.encode() for key in keys] for keys in (sparse_keys, dense_keys)
    )
    keys = [*sparse_names, *dense_names]
    order = sorted(range(len(keys)), key=keys.__getitem__)

    def read(element: Element) -> Element:
        found = parsed(
            batch_of(element[0], np.array([], object)),
            sparse_names,
            sparse_types,
            dense_names,
            dense_shapes,
            list(dense_defaults),
        )
        columns = [_sparse(*each) for each in zip(*found[:3], strict=True)] + list(found[3])
        return tuple([columns[i] for i in order])

    threads = threads_of(num_parallel_calls)

    def begin() -> Iterator[Element]:
        source: Iterator[Element] = input_dataset.begin()
        return (
            Elements(lambda: read(next(source))) if threads == 1 else mapped(source, read, threads)
        )

    return Dataset(output_types, output_shapes, begin, input_dataset.size)


def _sparse(indices: Array, values: Array, shape: Array) -> Array:
    made: Array = serialize_sparse_op.body(indices, values, shape, out_type=variant_type)
    return made


is_dataset(parse_example_dataset_op)
