"""`tensorflow.python.data.ops.dataset_ops`: datasets by the names of the classes behind methods.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.data.dataset import Dataset
from minitf.data.functions import traced
from minitf.data.structure import (
    classes_of,
    from_types,
    shapes_of,
    specs_of,
    structure_of_specs,
    types_of,
)


def _is(dataset: Any, *_: Any, **__: Any) -> Any:
    return dataset


DatasetV1Adapter = _is
TensorDataset = Dataset.from_tensors
TensorSliceDataset = Dataset.from_tensor_slices
SparseTensorSliceDataset = Dataset.from_sparse_tensor_slices
RangeDataset = Dataset.range
ZipDataset = Dataset.zip
BatchDataset = Dataset.batch
CacheDataset = Dataset.cache
ConcatenateDataset = Dataset.concatenate
FlatMapDataset = Dataset.flat_map
InterleaveDataset = Dataset.interleave
PaddedBatchDataset = Dataset.padded_batch
ParallelInterleaveDataset = Dataset.interleave
RepeatDataset = Dataset.repeat
ShardDataset = Dataset.shard
ShuffleDataset = Dataset.shuffle
SkipDataset = Dataset.skip
TakeDataset = Dataset.take
UnbatchDataset = Dataset.unbatch
WindowDataset = Dataset.window
make_one_shot_iterator = Dataset.make_one_shot_iterator
make_initializable_iterator = Dataset.make_initializable_iterator


def FilterDataset(
    input_dataset: Any, predicate: Callable[..., Any], use_legacy_function: bool = False
) -> Any:
    """Return the elements for which a function is true."""
    return input_dataset.filter(predicate)


def MapDataset(
    input_dataset: Any,
    map_func: Callable[..., Any],
    use_inter_op_parallelism: bool = True,
    preserve_cardinality: bool = False,
    use_legacy_function: bool = False,
) -> Any:
    """Return what a function makes of each element."""
    return input_dataset.map(map_func)


def ParallelMapDataset(
    input_dataset: Any,
    map_func: Callable[..., Any],
    num_parallel_calls: Any,
    use_inter_op_parallelism: bool = True,
    preserve_cardinality: bool = False,
    use_legacy_function: bool = False,
) -> Any:
    """Return what a function makes of each element, several calls at once."""
    return input_dataset.map(map_func, num_parallel_calls)


def PrefetchDataset(input_dataset: Any, buffer_size: Any, slack_period: Any = None) -> Any:
    """Return elements that are made before they are asked for."""
    return input_dataset.prefetch(buffer_size)


def VariantDataset(dataset_variant: Any, structure: Any) -> Any:
    """Return the dataset that a variant is.

    Args:
        dataset_variant: the variant.
        structure: the specs of an element, in its structure.
    """
    return Dataset(dataset_variant, structure_of_specs(structure))


class StructuredFunctionWrapper:
    """A function of elements, traced.

    Args:
        func: the function.
        transformation_name: which method it serves, for messages.
        dataset: whose elements it gets; or
        input_classes, input_shapes, input_types: what it gets; or
        input_structure: the specs of that.
        add_to_graph, use_legacy_function, defun_kwargs: accepted for compatibility.

    Raises:
        ValueError: if it is not told what the function gets.
    """

    def __init__(
        self,
        func: Callable[..., Any],
        transformation_name: str,
        dataset: Any = None,
        input_classes: Any = None,
        input_shapes: Any = None,
        input_types: Any = None,
        input_structure: Any = None,
        add_to_graph: bool = True,
        use_legacy_function: bool = False,
        defun_kwargs: Any = None,
    ) -> None:
        legacy = (input_classes, input_shapes, input_types)
        if input_structure is not None:
            structure = structure_of_specs(input_structure)
        elif dataset is not None:
            structure = dataset.structure
        elif any(each is None for each in legacy):
            raise ValueError(
                "Either `dataset`, `input_structure` or all of `input_classes`, `input_shapes`, "
                "and `input_types` must be specified."
            )
        else:
            structure = from_types(input_types, input_shapes, input_classes)
        self._traced = traced(func, transformation_name, structure)

    @property
    def function(self) -> Any:
        """The function, as an attribute of an op."""
        return self._traced.function

    @property
    def output_structure(self) -> Any:
        """The specs of what it gives."""
        return specs_of(self._traced.structure)

    @property
    def output_classes(self) -> Any:
        """The classes of what it gives."""
        return classes_of(self._traced.structure)

    @property
    def output_shapes(self) -> Any:
        """The shapes of what it gives."""
        return shapes_of(self._traced.structure)

    @property
    def output_types(self) -> Any:
        """The types of what it gives."""
        return types_of(self._traced.structure)
