"""Elements for other devices: moved there, fetched ahead, or shared by several.

Elements stay in the memory of the host until an operation of the other device takes them.

Source: TensorFlow 1.15, `tf.data.experimental.copy_to_device`, `MultiDeviceIterator`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf import ops
from minitf.api.constants import constant
from minitf.api.framework import device as on_device
from minitf.data.dataset import AUTOTUNE
from minitf.data.functions import traced
from minitf.data.optional import OptionalOfTensor
from minitf.data.parts import Structure
from minitf.data.structure import (
    NUMBER,
    element_of,
    filled,
    flat_attrs,
    specs_of,
)
from minitf.dtypes import int64
from minitf.function_library import unique_function_name
from minitf.operation import Operation
from minitf.tensor import Tensor

Transformation = Callable[[Any], Any]


def copy_to_device(target_device: Any, source_device: str = "/cpu:0") -> Transformation:
    """Move elements to a device.

    Args:
        target_device: the device.
        source_device: where they are made.
    """

    def transform(dataset: Any) -> Any:
        with on_device(source_device):
            wrapped = ops.wrap_dataset_variant_op(dataset.variant_tensor)
            moved = ops.unwrap_dataset_variant_op(wrapped)
        return dataset._dataset(moved, dataset.structure)

    return transform


def prefetch_to_device(device: Any, buffer_size: Any = None) -> Transformation:
    """Move elements to a device before they are asked for.

    Args:
        device: the device.
        buffer_size: how many may be ahead; None leaves the choice.
    """
    size = AUTOTUNE if buffer_size is None else buffer_size
    return lambda dataset: dataset.apply(copy_to_device(device)).prefetch(size)


class MultiDeviceIterator:
    """Gives the elements of a dataset to several devices in turn.

    Args:
        dataset: the dataset.
        devices: the devices.
        max_buffer_size: accepted for compatibility.
        prefetch_buffer_size: accepted for compatibility.
        source_device: where elements are made.
    """

    def __init__(
        self,
        dataset: Any,
        devices: Sequence[str],
        max_buffer_size: int = 1,
        prefetch_buffer_size: int = 1,
        source_device: str = "/cpu:0",
    ) -> None:
        applied = dataset.with_applied_options()
        self._devices = list(devices)
        self.structure: Structure = applied.structure
        attrs = flat_attrs(self.structure)
        with on_device(source_device):
            name = unique_function_name("multi_device_iterator").replace("__", "")
            self._resource: Tensor = ops.multi_device_iterator_op(
                devices=tuple(self._devices), shared_name=name, container="", **attrs
            )
            incarnation = ops.multi_device_iterator_init_op(
                applied.variant_tensor, self._resource, max_buffer_size
            )
        self._shards = [
            self._shard(number, where, incarnation) for number, where in enumerate(self._devices)
        ]
        with applied.variant_tensor.graph.control_dependencies([s[1] for s in self._shards]):
            self._initializer: Operation = ops.no_op_op()

    def _shard(self, number: int, where: str, incarnation: Tensor) -> tuple[Tensor, Operation]:
        """Return the iterator of a device and what begins it."""
        attrs = flat_attrs(self.structure)
        with on_device(where):
            iterator = ops.iterator_v2_op(shared_name="", container="", **attrs)
            dataset = _shard_dataset(self._resource, number, incarnation, self.structure)
            return iterator, ops.make_iterator_op(dataset, iterator)

    def get_next(self, device: str | None = None) -> Any:
        """Return the next element of a device, or a list of that of each."""
        if device is not None:
            return self._next(self._devices.index(device))
        return [self._next(number) for number in range(len(self._devices))]

    def _next(self, number: int) -> Any:
        with on_device(self._devices[number]):
            attrs = flat_attrs(self.structure)
            found = ops.iterator_get_next_op(self._shards[number][0], **attrs)
            return element_of(self.structure, found)

    def get_next_as_optional(self) -> list[Any]:
        """Return the next element of each device, as optionals that have none at the end."""
        found = []
        for (iterator, _), where in zip(self._shards, self._devices, strict=True):
            with on_device(where):
                made = ops.iterator_get_next_as_optional_op(iterator, **flat_attrs(self.structure))
                found.append(OptionalOfTensor(made, self.structure))
        return found

    @property
    def initializer(self) -> Operation:
        """The operation that begins an iteration."""
        return self._initializer

    @property
    def element_spec(self) -> Any:
        """The specs of an element, in its structure."""
        return specs_of(self.structure)


def _shard_dataset(
    iterator: Tensor, number: int, incarnation: Tensor, structure: Structure
) -> Tensor:
    """Return a dataset of the elements of one device: it ends where they do."""
    attrs = flat_attrs(structure)

    def following(_: Tensor) -> Any:
        found = ops.multi_device_iterator_get_next_from_shard_op(
            iterator, number, incarnation, **attrs
        )
        return filled(structure, found)

    # the state that a generator has is nothing here: the iterator keeps where it stands
    first = traced(lambda: constant(0, int64), "multi_device_begin")
    after = traced(following, "multi_device_next", NUMBER)
    last = traced(lambda state: state, "multi_device_end", NUMBER)
    made: Tensor = ops.generator_dataset_op(
        first.captured,
        after.captured,
        last.captured,
        init_func=first.function,
        next_func=after.function,
        finalize_func=last.function,
        **attrs,
    )
    return made
