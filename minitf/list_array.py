"""A TensorArray in a functional loop: its flow is the list of its elements.

A loop that is a function has no resources of its own that live from one iteration to the next, so
the elements travel as a value, a `variant` tensor, and are differentiated as any value is.

Source: OSDI §3.4; TensorFlow 1.15, `_GraphTensorArrayV2`.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.casting import cast
from minitf.api.framework import name_scope
from minitf.convert import convert_to_tensor
from minitf.dtypes import as_dtype, int32, int64
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray
from minitf.tensor_shape import TensorShape


class ListArray(TensorArray):
    """A TensorArray whose elements are a list; see there for the arguments."""

    def __init__(
        self,
        dtype: Any,
        size: Any = None,
        dynamic_size: bool | None = None,
        clear_after_read: bool | None = None,
        tensor_array_name: str | None = None,
        handle: Tensor | None = None,
        flow: Tensor | None = None,
        infer_shape: bool = True,
        element_shape: Any = None,
        colocate_with_first_write_call: bool = True,
        name: str | None = None,
    ) -> None:
        self._dtype = as_dtype(dtype).base_dtype
        self._size = size
        self._dynamic_size = bool(dynamic_size)
        self._infer_shape = infer_shape
        self._shared_shape = [TensorShape(element_shape)]
        self._beside = None
        if flow is not None:
            self._flow = flow
            return
        if size is None:
            raise ValueError("Size must be provided if flow is not provided")
        with name_scope(name, "TensorArrayV2", [size]) as scope:
            self._flow = ops.tensor_list_reserve_op(
                _sizes(self.element_shape), size, element_dtype=self._dtype, name=scope
            )

    @property
    def handle(self) -> Any:
        """None: there is nothing but the list."""
        return None

    @property
    def graph(self) -> Any:
        """The graph that it is in."""
        return self._flow.graph

    def with_flow(self, flow: Tensor) -> TensorArray:
        """Return the array whose elements are another list."""
        made = ListArray(self._dtype, flow=flow, infer_shape=self._infer_shape)
        made._size, made._dynamic_size = self._size, self._dynamic_size
        made._shared_shape = self._shared_shape
        return made

    def size(self, name: str | None = None) -> Tensor:
        """Return how many elements there are, an int32 scalar."""
        if not self._dynamic_size and self._size is not None:
            return convert_to_tensor(self._size, int32)
        made: Tensor = ops.tensor_list_length_op(self._flow, name=name)
        return made

    def close(self, name: str | None = None) -> Operation:
        """Return an operation that does nothing: the elements go with the list."""
        made: Operation = ops.no_op_op(name=name)
        return made

    def read(self, index: Any, name: str | None = None) -> Tensor:
        """Return an element; see `TensorArray.read`."""
        with name_scope(name, "TensorArrayV2Read", [self._flow, index]):
            value: Tensor = ops.tensor_list_get_item_op(
                self._flow, index, _sizes(self.element_shape), element_dtype=self._dtype, name=name
            )
            value.set_shape(self.element_shape)
            return value

    def stack(self, name: str | None = None) -> Tensor:
        """Return all elements, stacked along a new first axis."""
        with name_scope(name, "TensorArrayV2Stack", [self._flow]):
            known = self._size if isinstance(self._size, int) and not self._dynamic_size else -1
            made: Tensor = ops.tensor_list_stack_op(
                self._flow,
                _sizes(self.element_shape),
                element_dtype=self._dtype,
                num_elements=known,
            )
            return made

    def gather(self, indices: Any, name: str | None = None) -> Tensor:
        """Return some elements, stacked; see `TensorArray.gather`."""
        made: Tensor = ops.tensor_list_gather_op(
            self._flow, indices, _sizes(self.element_shape), element_dtype=self._dtype, name=name
        )
        return made

    def concat(self, name: str | None = None) -> Tensor:
        """Return all elements, joined along their first axis."""
        dims = self.element_shape.dims
        shape = TensorShape(None) if dims is None else TensorShape([None, *dims[1:]])
        joined: Tensor = ops.tensor_list_concat_v2_op(
            self._flow,
            _sizes(shape),
            convert_to_tensor([], int64),
            element_dtype=self._dtype,
            name=name,
        ).tensor
        return joined

    def write(self, index: Any, value: Any, name: str | None = None) -> TensorArray:
        """Return the array with an element written; see `TensorArray.write`."""
        with name_scope(name, "TensorArrayV2Write", [self._flow, index, value]):
            value = self._checked(value)
            self._learn_shape(value.shape)
            return self.with_flow(
                ops.tensor_list_set_item_op(
                    self._flow,
                    index,
                    value,
                    resize_if_index_out_of_bounds=self._dynamic_size,
                    name=name,
                )
            )

    def unstack(self, value: Any, name: str | None = None) -> TensorArray:
        """Return the array whose elements are the rows of a tensor."""
        with name_scope(name, "TensorArrayUnstack", [self._flow, value]):
            value = self._checked(value)
            self._learn_shape(value.shape[1:])
            made = ops.tensor_list_from_tensor_op(value, _sizes(value.shape[1:]))
            return self.with_flow(made)

    def scatter(self, indices: Any, value: Any, name: str | None = None) -> TensorArray:
        """Return the array with rows written to some elements; see `TensorArray.scatter`."""
        with name_scope(name, "TensorArrayScatter", [self._flow, value, indices]):
            value = self._checked(value)
            self._learn_shape(value.shape[1:])
            made = ops.tensor_list_scatter_into_existing_list_op(self._flow, value, indices)
            return self.with_flow(made)

    def split(self, value: Any, lengths: Any, name: str | None = None) -> TensorArray:
        """Return the array whose elements are the pieces of a tensor."""
        with name_scope(name, "TensorArraySplit", [self._flow, value, lengths]):
            value = self._checked(value)
            dims = value.shape.dims
            shape = TensorShape(None) if dims is None else TensorShape([None, *dims[1:]])
            made = ops.tensor_list_split_op(value, _sizes(shape), cast(lengths, int64))
            return self.with_flow(made)

    def grad(self, source: str, flow: Tensor | None = None, name: str | None = None) -> TensorArray:
        """Refuse: lists are differentiated as values.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError("TensorArrays of functional loops have no gradient arrays")


def _sizes(shape: TensorShape) -> Any:
    sizes = None if shape.dims is None else shape.as_list()
    return (
        -1 if sizes is None else convert_to_tensor([-1 if n is None else n for n in sizes], int32)
    )
