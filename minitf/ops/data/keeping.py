"""Datasets that keep or leave out elements of another: cached, without errors, without doubles.

Source: TensorFlow 1.15, `tf.data.Dataset.cache`, `tf.data.experimental.ignore_errors`, `unique`.
"""

import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from minitf import protos, tensor_proto
from minitf.dtypes import DType
from minitf.errors import AlreadyExistsError, OpError
from minitf.io.tf_record import TFRecordWriter, tf_record_iterator
from minitf.op_def import op
from minitf.ops.data.dataset import UNKNOWN_SIZE, Dataset, Element, Elements, is_dataset
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import string, variant

Array = np.ndarray[Any, Any]

# --- CacheDataset --------------------------------------------------------------------------------


@op("CacheDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def cache_dataset_op(
    input_dataset: variant,
    filename: string,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
    context: Context,
) -> variant:
    """Make a dataset that keeps the elements of another after the first whole iteration.

    Args:
        input_dataset: the other.
        filename: where they are kept, "" in memory.  A file serves later runs of the program too.
        output_types, output_shapes: of an element.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Raises:
        AlreadyExistsError: if two iterations write one file.

    Source: TensorFlow's op of the same name.
    """
    return cached(input_dataset, filename, MemoryCache(), output_types, output_shapes)


class MemoryCache:
    """Elements in memory, once an iteration has come to its end."""

    def __init__(self) -> None:
        self._rows: list[Element] | None = None

    def kept(self) -> Iterator[Element] | None:
        """Return an iteration over what is kept, None if nothing is."""
        return None if self._rows is None else iter(self._rows)

    def filling(self, source: Iterator[Element]) -> Elements:
        """Return an iteration over a source that keeps what it gives."""
        rows: list[Element] = []

        def step() -> Element:
            element = next(source, None)
            if element is None:
                if self._rows is None:
                    self._rows = rows
                raise StopIteration
            rows.append(element)
            return element

        return Elements(step)


def cached(
    dataset: Dataset,
    filename: Array,
    memory: MemoryCache,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
) -> Dataset:
    """Return the dataset of elements that are kept: in a file, or in memory if it has no name."""
    name = filename.item().decode()
    cache = FileCache(name, output_types) if name else memory

    def begin() -> Iterator[Element]:
        kept = cache.kept()
        return cache.filling(dataset.begin()) if kept is None else kept

    return Dataset(output_types, output_shapes, begin, dataset.size)


class FileCache:
    """Elements in a file of records, a TensorProto for each component.

    While it is written it has another name, so a file of this name is whole.
    """

    def __init__(self, name: str, types: tuple[DType, ...]) -> None:
        self._path = Path(f"{name}.tfrecord")
        self._part = Path(f"{name}.tfrecord.part")
        self._types = types
        self._lock = threading.Lock()

    def kept(self) -> Iterator[Element] | None:
        """Return an iteration over what is kept, None if nothing is."""
        if not self._path.exists():
            return None
        records = tf_record_iterator(self._path)

        def step() -> Element:
            return tuple(
                [tensor_proto.decode(protos.TensorProto.FromString(next(records)))
                 for _ in self._types]
            )  # fmt: skip

        return Elements(step)

    def filling(self, source: Iterator[Element]) -> Elements:
        """Return an iteration over a source that writes what it gives."""
        with self._lock:
            if self._part.exists():
                raise AlreadyExistsError(
                    None,
                    None,
                    f"There appears to be a concurrent caching iterator running - cache lockfile "
                    f"already exists ('{self._part}'). If you are sure no other running TF "
                    "computations are using this cache prefix, delete the lockfile and "
                    "re-initialize the iterator.",
                )
            writer = TFRecordWriter(self._part)
        is_over = False

        def step() -> Element:
            nonlocal is_over
            element = None if is_over else next(source, None)
            if element is not None:
                for value, dtype in zip(element, self._types, strict=True):
                    writer.write(tensor_proto.encode_content(value, dtype).SerializeToString())
                return element
            if not is_over:
                is_over = True
                abandon.detach()
                writer.close()
                self._part.replace(self._path)
            raise StopIteration

        elements = Elements(step)
        abandon = weakref.finalize(elements, _abandon, writer, self._part)
        return elements


def _abandon(writer: TFRecordWriter, part: Path) -> None:
    """Remove a file that an iteration left off writing."""
    writer.close()
    part.unlink(missing_ok=True)


# --- IgnoreErrorsDataset -------------------------------------------------------------------------


@op("IgnoreErrorsDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def ignore_errors_dataset_op(
    input_dataset: variant,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    log_warning: bool = False,
) -> variant:
    """Make a dataset of the elements of another that can be had without an error.

    Args:
        input_dataset: the other.
        output_types, output_shapes: of an element.
        log_warning: accepted for compatibility.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """

    def begin() -> Elements:
        source = input_dataset.begin()

        def step() -> Element:
            while True:
                try:
                    element: Element = next(source)
                except OpError:
                    continue
                return element

        return Elements(step)

    size = input_dataset.size
    return Dataset(output_types, output_shapes, begin, UNKNOWN_SIZE if size >= 0 else size)


# --- UniqueDataset -------------------------------------------------------------------------------


@op("UniqueDataset", output_types=TYPES, output_shapes=SHAPES, outputs=("handle",))
def unique_dataset_op(
    input_dataset: variant,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    metadata: str = "",
) -> variant:
    """Make a dataset of the elements of another, each once.

    Args:
        input_dataset: the other.
        output_types, output_shapes: of an element.
        metadata: accepted for compatibility.

    Returns:
        The dataset.

    Source: TensorFlow's op of the same name.
    """

    def begin() -> Elements:
        source = input_dataset.begin()
        seen: set[Any] = set()

        def step() -> Element:
            while True:
                element: Element = next(source)
                key = tuple([(part.shape, tuple(part.ravel().tolist())) for part in element])
                if key not in seen:
                    seen.add(key)
                    return element

        return Elements(step)

    return Dataset(output_types, output_shapes, begin)


for _op in (cache_dataset_op, ignore_errors_dataset_op, unique_dataset_op):
    is_dataset(_op)
