"""Staging areas: values that wait beside a device until a step wants them.

    area = StagingArea([tf.float32], shapes=[[28, 28]], capacity=2)
    put, (image,) = area.put([next_image]), area.get()
    # a training loop runs `put` once before it, then both in each step

TensorFlow keeps the class in `tensorflow.python.ops.data_flow_ops`, with an alias in tf.contrib.

Source: 2015 §4.6 (prefetching); TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from minitf import ops
from minitf.api.control import identity, no_op
from minitf.api.framework import colocate_with, get_default_graph, name_scope
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType, as_dtype
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class BaseStagingArea:
    """What all staging areas have in common.

    Args:
        dtypes: the type of each component of an element.
        shapes: the shape of each component, or None.
        names: the name of each component, or None; with names, elements are dicts.
        shared_name: areas of one name are one area.
        capacity: how many elements it may hold; 0 for any number.
        memory_limit: how many bytes; 0 for any number.

    Raises:
        ValueError: if the lists differ in length, or the name is no string.

    Source: 2015 §4.6.
    """

    def __init__(
        self,
        dtypes: Any,
        shapes: Any = None,
        names: Any = None,
        shared_name: str | None = None,
        capacity: int = 0,
        memory_limit: int = 0,
    ) -> None:
        if shared_name is not None and not isinstance(shared_name, str):
            raise ValueError(f"shared_name must be a string, got {shared_name}")
        for what, given in (("shapes", shapes), ("names", names)):
            if given is not None and len(given) != len(dtypes):
                raise ValueError(f"StagingArea {what} must be the same length as dtypes")
        self._name = shared_name or get_default_graph().unique_name(type(self).__name__)
        self._dtypes: list[DType] = list(map(as_dtype, dtypes))
        unknown = [None] * len(self._dtypes)
        self._shapes = [TensorShape(shape) for shape in (unknown if shapes is None else shapes)]
        self._names: list[str] | None = names
        self._capacity = capacity
        self._memory_limit = memory_limit
        with name_scope(f"{self._name}_root"):
            self._root = no_op()  # its operations stand where this one stands

    @property
    def name(self) -> str:
        """Its name, which all its operations share."""
        return self._name

    @property
    def dtypes(self) -> list[DType]:
        """The type of each component."""
        return self._dtypes

    @property
    def shapes(self) -> list[TensorShape]:
        """The shape of each component."""
        return self._shapes

    @property
    def names(self) -> list[str] | None:
        """The name of each component, None if they have none."""
        return self._names

    @property
    def capacity(self) -> int:
        """How many elements it may hold; 0 for any number."""
        return self._capacity

    @property
    def memory_limit(self) -> int:
        """How many bytes it may hold; 0 for any number."""
        return self._memory_limit

    @property
    def _shared(self) -> dict[str, Any]:
        """The attributes that all its operations have."""
        return {
            "shared_name": self._name,
            "capacity": self._capacity,
            "memory_limit": self._memory_limit,
        }

    def _checked(
        self, vals: Any, indices: Sequence[int] | None
    ) -> tuple[list[Tensor], Sequence[int]]:
        """Return the components that are put, as Tensors, and which ones they are."""
        if isinstance(vals, Mapping):
            names = self._names
            if not names:
                raise ValueError("Staging areas must have names to enqueue a dictionary")
            if not set(vals) <= set(names):
                raise ValueError(
                    "Keys in dictionary to put do not match names of staging area. "
                    f"Dictionary: {sorted(vals)}Queue: {sorted(names)}"
                )
            indices = [i for i, name in enumerate(names) if name in vals]
            vals = [vals[names[i]] for i in indices]
        elif self._names:
            raise ValueError("You must enqueue a dictionary in a staging area with names")
        elif indices is None:
            raise ValueError("Indices must be supplied when inserting a list of tensors")
        if len(indices) != len(vals):
            raise ValueError(
                f"Number of indices {len(indices)} doesn't match number of values {len(vals)}"
            )
        if len(vals) > len(self._dtypes):
            raise ValueError(f"Unexpected number of inputs {len(vals)} vs {len(self._dtypes)}")
        return [self._component(value, i) for value, i in zip(vals, indices, strict=True)], indices

    def _component(self, value: Any, index: int) -> Tensor:
        dtype = self._dtypes[index]
        given = getattr(value, "dtype", dtype)
        if given != dtype:
            raise ValueError(
                f"Datatypes do not match. Received val.dtype {given} and dtype {dtype}"
            )
        tensor = convert_to_tensor(value, dtype, f"component_{index}")
        tensor.shape.assert_is_compatible_with(self._shapes[index])
        return tensor

    def _moved(self, tensors: Sequence[Tensor]) -> list[Tensor]:
        """Return what was got, on the device that is asked for here."""
        if no_op().device == self._root.device:
            return list(tensors)
        return [identity(tensor) for tensor in tensors]

    def _got(self, tensors: Sequence[Tensor], indices: Sequence[int]) -> Any:
        """Return what was got in the form that the user wants, with its static shapes."""
        moved = self._moved(tensors)
        for tensor, i in zip(moved, indices, strict=True):
            tensor.set_shape(self._shapes[i])
        if self._names:
            return {self._names[i]: tensor for tensor, i in zip(moved, indices, strict=True)}
        return moved


class StagingArea(BaseStagingArea):
    """A line of elements beside a device.

    Source: 2015 §4.6.
    """

    def put(self, values: Any, name: str | None = None) -> Operation:
        """Return an operation that puts an element; it waits while there is no room.

        Args:
            values: the element: a Tensor, a list of them, or a dict.
            name: name of the operation.

        Raises:
            ValueError: if it does not fit.
        """
        if not isinstance(values, (list, tuple, Mapping)):
            values = [values]
        parts = list(values.values()) if isinstance(values, Mapping) else values
        with name_scope(name, f"{self._name}_put", parts) as scope:
            tensors, _ = self._checked(values, range(len(values)))
            with colocate_with(self._root):
                return ops.stage_op(tensors, name=scope, **self._shared)

    def get(self, name: str | None = None) -> Any:
        """Return the first element, taken out of the area; a run waits for one."""
        with colocate_with(self._root):
            got = ops.unstage_op(
                dtypes=self._dtypes, name=name or f"{self._name}_get", **self._shared
            )
        return self._got(got, range(len(self._dtypes)))

    def peek(self, index: Any, name: str | None = None) -> Any:
        """Return the element of an index, which stays; a run waits until it has come.

        Args:
            index: an int scalar.
            name: name of the operation.
        """
        with colocate_with(self._root):
            seen = ops.stage_peek_op(
                index, dtypes=self._dtypes, name=name or f"{self._name}_peek", **self._shared
            )
        return self._got(seen, range(len(self._dtypes)))

    def size(self, name: str | None = None) -> Tensor:
        """Return how many elements it holds: an int32 scalar."""
        name = name or f"{self._name}_size"
        return ops.stage_size_op(dtypes=self._dtypes, name=name, **self._shared)

    def clear(self, name: str | None = None) -> Operation:
        """Return an operation that drops all elements."""
        name = name or f"{self._name}_clear"
        return ops.stage_clear_op(dtypes=self._dtypes, name=name, **self._shared)


class MapStagingArea(BaseStagingArea):
    """Elements beside a device that are got by their key, whole or in parts.

    Args:
        dtypes: the type of each component of an element.
        shapes: the shape of each component, or None.
        names: the name of each component, or None; with names, elements are dicts.
        shared_name: areas of one name are one area.
        ordered: whether a get of any key takes the smallest.
        capacity: how many complete elements it may hold; 0 for any number.
        memory_limit: how many bytes; 0 for any number.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        dtypes: Any,
        shapes: Any = None,
        names: Any = None,
        shared_name: str | None = None,
        ordered: bool = False,
        capacity: int = 0,
        memory_limit: int = 0,
    ) -> None:
        super().__init__(dtypes, shapes, names, shared_name, capacity, memory_limit)
        self._prefix = "ordered_map" if ordered else "map"

    def put(
        self, key: Any, vals: Any, indices: Sequence[int] | None = None, name: str | None = None
    ) -> Operation:
        """Return an operation that puts components of an element; it waits while there is no room.

        Args:
            key: the element's key, an int64 scalar.
            vals: Tensors, or with names a dict of them.
            indices: which components a list of Tensors is.
            name: name of the operation.

        Raises:
            ValueError: if they do not fit.
        """
        parts = list(vals.values()) if isinstance(vals, Mapping) else list(vals)
        with name_scope(name, f"{self._name}_put", parts) as scope:
            tensors, chosen = self._checked(vals, indices)
            with colocate_with(self._root):
                return self._op("stage")(
                    key, list(chosen), tensors, dtypes=self._dtypes, name=scope, **self._shared
                )

    def get(
        self, key: Any = None, indices: Sequence[Any] | None = None, name: str | None = None
    ) -> tuple[Any, Any]:
        """Return (key, components), taken out of the area; a run waits for them.

        Args:
            key: the element's key; None for any.
            indices: which components, by number or name; all by default.
            name: name of the operation.
        """
        chosen, types = self._chosen(indices)
        with colocate_with(self._root):
            if key is not None:
                name = name or f"{self._name}_get"
                op = self._op("unstage")
                got = op(key, chosen, dtypes=types, name=name, **self._shared)
                return key, self._got(got, chosen)
            name = name or f"{self._name}_get_nokey"
            op = self._op("unstage_no_key")
            found, got = op(chosen, dtypes=types, name=name, **self._shared)
        return self._moved([found])[0], self._got(got, chosen)

    def peek(self, key: Any, indices: Sequence[Any] | None = None, name: str | None = None) -> Any:
        """Return components of the element of a key, which stay; a run waits until it has come.

        Args:
            key: the element's key.
            indices: which components, by number or name; all by default.
            name: name of the operation.
        """
        chosen, types = self._chosen(indices)
        name = name or f"{self._name}_pop"  # TensorFlow's name
        with colocate_with(self._root):
            seen = self._op("peek")(key, chosen, dtypes=types, name=name, **self._shared)
        return self._got(seen, chosen)

    def size(self, name: str | None = None) -> Tensor:
        """Return how many complete elements it holds: an int32 scalar."""
        name = name or f"{self._name}_size"
        return self._op("size")(dtypes=self._dtypes, name=name, **self._shared)

    def incomplete_size(self, name: str | None = None) -> Tensor:
        """Return how many elements lack components: an int32 scalar."""
        name = name or f"{self._name}_incomplete_size"
        return self._op("incomplete_size")(dtypes=self._dtypes, name=name, **self._shared)

    def clear(self, name: str | None = None) -> Operation:
        """Return an operation that drops all elements."""
        name = name or f"{self._name}_clear"
        return self._op("clear")(dtypes=self._dtypes, name=name, **self._shared)

    def _op(self, verb: str) -> Any:
        return getattr(ops, f"{self._prefix}_{verb}_op")

    def _chosen(self, indices: Sequence[Any] | None) -> tuple[list[int], list[DType]]:
        """Return the numbers and types of the components that are asked for."""
        wanted = list(range(len(self._dtypes))) if indices is None else indices
        if not isinstance(wanted, (list, tuple)):
            raise TypeError(f"Invalid indices type {type(wanted)}")
        if not wanted:
            raise ValueError("Empty indices")
        if all(isinstance(each, str) for each in wanted):
            if self._names is None:
                raise ValueError(
                    f"String indices provided {wanted}, but this Staging Area was not created with "
                    "names."
                )
            if not set(wanted) <= set(self._names):
                raise ValueError(f"Named index not in Staging Area names {self._names}")
            wanted = [self._names.index(each) for each in wanted]
        elif not all(isinstance(each, int) for each in wanted):
            raise TypeError(f"Mixed types in indices {wanted}. May only be str or int")
        return list(wanted), [self._dtypes[i] for i in wanted]
