"""`tf.TensorArray`: a list of tensors that loops write and read, element by element.

    array = tf.TensorArray(tf.float32, size=n)
    _, array = tf.while_loop(
        lambda i, a: i < n, lambda i, a: (i + 1, a.write(i, f(i))), [0, array])
    array.stack()

What writes returns a new TensorArray, which stands for the elements with the write done: it carries
another *flow*, a tensor without meaning that orders what comes after behind the write.

**State**: handle and flow; what the arrays made of one share: the static shape of their elements,
and what their operations are colocated with.

Source: OSDI §3.4; TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Self

from minitf import ops
from minitf.api.casting import cast
from minitf.api.framework import control_dependencies, get_default_graph, name_scope
from minitf.api.sequences import range as range_
from minitf.api.sizes import shape as shape_of
from minitf.contexts.toggles import makes_functions
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType, as_dtype, c_name, int32, int64
from minitf.errors import InvalidArgumentError
from minitf.operation import Operation
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


class TensorArray:
    """A list of tensors of one type, of a length that is known when the graph runs.

    Args:
        dtype: type of the elements.
        size: an int32 scalar: how many elements.
        dynamic_size: whether a write behind the end makes it longer.
        clear_after_read: whether an element is freed once it was read, and may not be read again;
            True if None.
        tensor_array_name: a name for messages when the graph runs.
        handle: of a TensorArray that exists, instead of a size.
        flow: the flow to go on with, if there is a handle.
        infer_shape: whether all elements must have the same static shape, that of the first write.
        element_shape: what is known of the elements' shape.
        colocate_with_first_write_call: whether it is where the first value is that is written.
        name: name of the scope.

    Raises:
        ValueError: if neither a size nor a handle is given, or both, or options of a new one beside
            a handle.
        TypeError: if the handle is no Tensor.

    Source: TensorFlow 1.15's class of the same name.
    """

    def __new__(cls, *_: Any, handle: Tensor | None = None, **__: Any) -> Self:
        """Make one whose elements are a list where loops are functions."""
        if cls is TensorArray and handle is None and makes_functions(get_default_graph()):
            from minitf.list_array import ListArray  # other programs do not load it

            return super().__new__(ListArray)  # type: ignore[return-value]  # a TensorArray too
        return super().__new__(cls)

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
        _check_arguments(
            handle,
            tensor_array_name=tensor_array_name or None,
            size=size,
            element_shape=element_shape,
            dynamic_size=dynamic_size,
            clear_after_read=clear_after_read,
        )
        self._dtype = as_dtype(dtype).base_dtype
        self._size = size
        self._dynamic_size = bool(dynamic_size)
        self._infer_shape = infer_shape
        self._shared_shape = [TensorShape(element_shape)]
        self._beside: list[Any] | None = [] if colocate_with_first_write_call else None
        graph = get_default_graph()
        with name_scope(name, "TensorArray", [handle, size, flow]) as scope:
            if handle is not None:
                if flow is None:
                    raise ValueError("flow must not be None if handle is not None.")
                self._handle, self._flow = handle, flow
                return
            with contextlib.ExitStack() as anywhere:
                if colocate_with_first_write_call:
                    anywhere.enter_context(graph.device(None))
                    anywhere.enter_context(graph.colocate_with(None, ignore_existing=True))
                self._handle, self._flow = ops.tensor_array_v3_op(
                    size,
                    dtype=self._dtype,
                    element_shape=self.element_shape,
                    dynamic_size=self._dynamic_size,
                    clear_after_read=clear_after_read is not False,
                    identical_element_shapes=infer_shape,
                    tensor_array_name=tensor_array_name or "",
                    name=scope,
                )

    # --- what it is ------------------------------------------------------------------------------

    @property
    def flow(self) -> Tensor:
        """The flow: what takes it comes after what was written so far."""
        return self._flow

    @property
    def handle(self) -> Tensor:
        """The handle, the same for all that were made of one array."""
        return self._handle

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._dtype

    @property
    def dynamic_size(self) -> bool:
        """Whether a write behind the end makes it longer."""
        return self._dynamic_size

    @property
    def element_shape(self) -> TensorShape:
        """What is known of the elements' shape."""
        return self._shared_shape[0]

    @property
    def graph(self) -> Any:
        """The graph that it is in."""
        return self._handle.graph

    def with_flow(self, flow: Tensor) -> TensorArray:
        """Return the same elements as they are behind another flow."""
        made = TensorArray(
            self._dtype,
            handle=self._handle,
            flow=flow,
            infer_shape=self._infer_shape,
            colocate_with_first_write_call=self._beside is not None,
        )
        made._dynamic_size = self._dynamic_size
        made._size = self._size
        made._beside = self._beside
        made._shared_shape = self._shared_shape
        return made

    def identity(self) -> TensorArray:
        """Return the same elements, behind an Identity of the flow: it waits as scopes say."""
        return self.with_flow(ops.identity_op(self._flow))

    def size(self, name: str | None = None) -> Tensor:
        """Return how many elements there are, an int32 scalar."""
        if not self._dynamic_size and self._size is not None:
            return convert_to_tensor(self._size, int32)
        made: Tensor = ops.tensor_array_size_v3_op(self._handle, self._flow, name=name)
        return made

    def close(self, name: str | None = None) -> Operation:
        """Return an operation that drops the elements."""
        made: Operation = ops.tensor_array_close_v3_op(self._handle, name=name)
        return made

    # --- reading ---------------------------------------------------------------------------------

    def read(self, index: Any, name: str | None = None) -> Tensor:
        """Return an element.

        Args:
            index: an int32 scalar.
        """
        value: Tensor = ops.tensor_array_read_v3_op(
            self._handle, index, self._flow, dtype=self._dtype, name=name
        )
        value.set_shape(self.element_shape)
        return value

    def stack(self, name: str | None = None) -> Tensor:
        """Return all elements, stacked along a new first axis."""
        graph = self.graph
        with (
            graph.colocate_with(self._handle),
            name_scope(name, "TensorArrayStack", [self._handle]),
        ):
            value = self.gather(range_(0, self.size()), name=name)
            if self.element_shape.dims is not None and not self._dynamic_size:
                known = None if self._size is None else _constant(self._size)
                value.set_shape([known, *self.element_shape.dims])
            return value

    def gather(self, indices: Any, name: str | None = None) -> Tensor:
        """Return some elements, stacked along a new first axis.

        Args:
            indices: an int32 vector.
        """
        value: Tensor = ops.tensor_array_gather_v3_op(
            self._handle,
            indices,
            self._flow,
            dtype=self._dtype,
            element_shape=self.element_shape,
            name=name,
        )
        if self.element_shape.dims is not None:
            value.set_shape([None, *self.element_shape.dims])
        return value

    def concat(self, name: str | None = None) -> Tensor:
        """Return all elements, joined along their first axis."""
        dims = self.element_shape.dims
        rest = None if dims is None else dims[1:]
        value: Tensor = ops.tensor_array_concat_v3_op(
            self._handle,
            self._flow,
            dtype=self._dtype,
            element_shape_except0=TensorShape(rest),
            name=name,
        ).value
        if rest is not None:
            value.set_shape([None, *rest])
        return value

    # --- writing ---------------------------------------------------------------------------------

    def write(self, index: Any, value: Any, name: str | None = None) -> TensorArray:
        """Return the array with an element written.

        Args:
            index: an int32 scalar.
            value: a tensor of the array's type.

        Raises:
            ValueError: if its shape is not that of the other elements.
        """
        with name_scope(name, "TensorArrayWrite", [self._handle, index, value]):
            value = self._checked(value)
            self._learn_shape(value.shape)
            with self._placed_with(value):
                flow = ops.tensor_array_write_v3_op(
                    self._handle, index, value, self._flow, name=name
                )
            return self.with_flow(flow)

    def unstack(self, value: Any, name: str | None = None) -> TensorArray:
        """Return the array with the rows of a tensor written, from element 0 on.

        Args:
            value: a tensor of the array's type.
        """
        with name_scope(name, "TensorArrayUnstack", [self._handle, value]):
            count = shape_of(value)[0]
            return self.scatter(range_(0, count), value, name=name)

    def scatter(self, indices: Any, value: Any, name: str | None = None) -> TensorArray:
        """Return the array with the rows of a tensor written to some elements.

        Args:
            indices: an int32 vector: which element each row goes to.
            value: a tensor of the array's type.

        Raises:
            ValueError: if the shape of a row is not that of the other elements.
        """
        with name_scope(name, "TensorArrayScatter", [self._handle, value, indices]):
            value = self._checked(value)
            self._learn_shape(value.shape[1:])
            with self._placed_with(value):
                flow = ops.tensor_array_scatter_v3_op(
                    self._handle, indices, value, self._flow, name=name
                )
            return self.with_flow(flow)

    def split(self, value: Any, lengths: Any, name: str | None = None) -> TensorArray:
        """Return the array with a tensor written in pieces, cut along its first axis.

        Args:
            value: a tensor of the array's type.
            lengths: an integer vector: how long each piece is.
        """
        with name_scope(name, "TensorArraySplit", [self._handle, value, lengths]):
            value = convert_to_tensor(value, self._dtype, name="value")
            with self._placed_with(value):
                lengths = cast(lengths, int64)
                known = constant_value(lengths)
                dims = value.shape.dims
                if dims is not None and known is not None and len(set(known.tolist())) == 1:
                    self._learn_shape(TensorShape([int(known[0]), *dims[1:]]))
                flow = ops.tensor_array_split_v3_op(
                    self._handle, value, lengths, self._flow, name=name
                )
            return self.with_flow(flow)

    def _checked(self, value: Any) -> Tensor:
        """Return what is to be written as a tensor.

        Raises:
            InvalidArgumentError: if it has another type than the elements.
        """
        tensor = convert_to_tensor(value, name="value", preferred_dtype=self._dtype)
        if tensor.dtype.base_dtype is not self._dtype:
            raise InvalidArgumentError(
                None,
                None,
                f"TensorArray dtype is {c_name(self._dtype)} but Op is trying to write dtype "
                f"{c_name(tensor.dtype)}: {tensor.name}\n"
                f"  hint: tf.cast({tensor.op.name}, tf.{self._dtype.name})",
            )
        return tensor

    def _learn_shape(self, shape: TensorShape) -> None:
        if not shape.is_compatible_with(self.element_shape):
            raise ValueError(f"Inconsistent shapes: saw {shape} but expected {self.element_shape} ")
        if self._infer_shape:
            self._shared_shape[0] = self.element_shape.merge_with(shape)

    @contextlib.contextmanager
    def _placed_with(self, value: Tensor) -> Iterator[None]:
        """Place operations beside the first value that was written, if they are placed at all."""
        if self._beside is None:
            yield
            return
        if not self._beside:
            self._beside.append(value)
        with self.graph.colocate_with(self._beside[0]):
            yield

    # --- its gradient ----------------------------------------------------------------------------

    def grad(self, source: str, flow: Tensor | None = None, name: str | None = None) -> TensorArray:
        """Return the array that collects the gradients of the elements.

        Args:
            source: which gradient: calls of one source give the same elements.
            flow: orders this; the array's own if None.
        """
        flow = self._flow if flow is None else flow
        graph = self.graph
        with (
            name_scope(name, "TensorArrayGrad", [self._handle]),
            graph.colocate_with(self._handle),
        ):
            handle, _ = ops.tensor_array_grad_v3_op(self._handle, flow, source=source, name=name)
            with control_dependencies([handle]):
                flow = ops.identity_op(flow, name="gradient_flow")
            made = TensorArray(
                self._dtype,
                handle=handle,
                flow=flow,
                infer_shape=self._infer_shape,
                colocate_with_first_write_call=False,
            )
            made._shared_shape = self._shared_shape
            return made


def _check_arguments(handle: Any, *, size: Any, **others: Any) -> None:
    if handle is None:
        if size is None:
            raise ValueError("Size must be provided if handle is not provided")
        return
    if not isinstance(handle, Tensor):
        raise TypeError("Handle must be a Tensor")
    for name, value in {"size": size, **others}.items():
        if value is not None:
            raise ValueError(f"Cannot provide both a handle and {name} at the same time")


def _constant(size: Any) -> int | None:
    value = constant_value(size) if isinstance(size, Tensor) else size
    return None if value is None else int(value)
