"""Values made of several Tensors: IndexedSlices (some rows of a tensor), SparseTensor (COO).

A gradient of `tf.gather` touches few rows of a large table; it stays a pair (values, indices) until
an op needs it dense, and then becomes a Tensor by adding its slices up, so an index may repeat:

    slices = IndexedSlices(values=[[1., 2.], [3., 4.]], indices=[4, 0], dense_shape=[5, 2])
    tf.convert_to_tensor(slices)      # UnsortedSegmentSum: rows 4 and 0 filled, the others zero

A session runs each and gives its `...Value`, a tuple of arrays.

Source: OSDI §4.2 (sparse embedding layers); OSDI §3.1 (sparse tensors as tuples of dense ones).
"""

from __future__ import annotations

import collections
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from minitf.convert import convert_to_tensor, register_tensor_conversion_function
from minitf.default_graph import entered, graph_of
from minitf.dtypes import DType, int64
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.shapes import Dim, Shape, Unknown, merge, shape_of_value
from minitf.static_value import rule_argument
from minitf.tensor import Tensor, hooks, session_for
from minitf.tensor_shape import TensorShape
from minitf.type_spec import CompositeTensor, TypeSpec

IndexedSlicesValue = collections.namedtuple(  # noqa: PYI024 its fields are any arrays
    "IndexedSlicesValue", ["values", "indices", "dense_shape"]
)

LARGE = 100_000_000  # elements: a dense copy of this many is worth a warning


class IndexedSlices(CompositeTensor):
    """Rows of a larger tensor: `dense[indices[i]]` is the sum of the `values[i]` of that index.

    Attributes:
        values: Tensor[D, ...], the rows.
        indices: Tensor[D], where each stands.
        dense_shape: Tensor[rank], the shape of the whole, or None if nobody knows it.

    Source: OSDI §4.2.
    """

    def __init__(self, values: Tensor, indices: Tensor, dense_shape: Tensor | None = None) -> None:
        self.values = values
        self.indices = indices
        self.dense_shape = dense_shape

    @property
    def shape(self) -> TensorShape:
        """What is known of the shape of the whole."""
        return _shape_named_by(self.dense_shape)

    @property
    def name(self) -> str:
        """The name of `values`."""
        return self.values.name

    @property
    def device(self) -> str:
        """The device of `values`."""
        return self.values.device

    @property
    def op(self) -> Operation:
        """The operation that makes `values`."""
        return self.values.op

    @property
    def dtype(self) -> DType:
        """The type of `values`."""
        return self.values.dtype

    @property
    def graph(self) -> Graph:
        """The graph of `values`."""
        return self.values.graph

    @property
    def _type_spec(self) -> TypeSpec:
        from minitf.composite_specs import spec_of_slices

        return spec_of_slices(self)

    def consumers(self) -> list[Operation]:
        """Return the operations that take one of the parts as an input."""
        return _consumers(self.values, self.indices, self.dense_shape)

    def __neg__(self) -> IndexedSlices:
        """Negate the rows."""
        return IndexedSlices(-self.values, self.indices, self.dense_shape)

    def __repr__(self) -> str:
        """Show the parts."""
        shape = "" if self.dense_shape is None else f", dense_shape={self.dense_shape}"
        return f"IndexedSlices(indices={self.indices}, values={self.values}{shape})"


def densify(slices: IndexedSlices, name: str | None = None) -> Tensor:
    """Add the slices up to a Tensor.

    Raises:
        ValueError: if the shape of the whole is not known even as a Tensor.
    """
    from minitf import ops

    if slices.dense_shape is None:
        raise ValueError(
            f"Tensor conversion requested for IndexedSlices without dense_shape: {slices}"
        )
    rows = slices.dense_shape[0]
    add_up = ops.find_op("UnsortedSegmentSum")
    dense: Tensor = add_up(slices.values, slices.indices, rows, name=name)
    return dense


def on_values(gradient: Any, change: Callable[[Any], Any]) -> Any:
    """Change a gradient, or the rows of a sparse one; None stays None."""
    if gradient is None:
        return None
    if isinstance(gradient, IndexedSlices):
        return IndexedSlices(change(gradient.values), gradient.indices, gradient.dense_shape)
    return change(gradient)


def _indexed_slices_to_tensor(
    value: IndexedSlices, dtype: DType | None = None, name: str | None = None, as_ref: bool = False
) -> Tensor:
    if dtype is not None and not dtype.is_compatible_with(value.dtype):
        raise ValueError(
            f"Tensor conversion requested dtype {dtype.name} for IndexedSlices with dtype "
            f"{value.dtype.name}"
        )
    if value.dense_shape is not None:
        _warn_if_large(value.shape.static_shape.size)
    return densify(value, name)


def _warn_if_large(size: Dim) -> None:
    if isinstance(size, Unknown):
        extent = "of unknown shape"
    elif size >= LARGE:
        extent = f"with {size} elements"
    else:
        return
    warnings.warn(
        f"Converting sparse IndexedSlices to a dense Tensor {extent}. This may consume a large "
        "amount of memory.",
        stacklevel=3,
    )


register_tensor_conversion_function(IndexedSlices, _indexed_slices_to_tensor)


SparseTensorValue = collections.namedtuple(  # noqa: PYI024 its fields are any arrays
    "SparseTensorValue", ["indices", "values", "dense_shape"]
)


class SparseTensor(CompositeTensor):
    """A tensor as coordinates and values; what is not listed is zero.

    Attributes:
        indices: int64[N, rank], the place of each value.
        values: T[N].
        dense_shape: int64[rank].
        given_shape: what is known of its shape besides the value of `dense_shape`.

    Raises:
        ValueError: if the parts' static shapes do not fit together.

    Source: OSDI §3.1.
    """

    def __init__(self, indices: Any, values: Any, dense_shape: Any) -> None:
        graph = graph_of([indices, values, dense_shape])
        with entered(graph), graph.name_scope("SparseTensor"):
            self.indices = convert_to_tensor(indices, int64, "indices")
            self.values = convert_to_tensor(values, name="values", as_ref=True)
            self.dense_shape = convert_to_tensor(dense_shape, int64, "dense_shape")
        self.given_shape = Shape.unknown()
        try:
            count, rank = self.indices.shape.with_rank(2)
            count.assert_is_compatible_with(self.values.shape.with_rank(1)[0])
            rank.assert_is_compatible_with(self.dense_shape.shape.with_rank(1)[0])
        except ValueError as error:
            raise ValueError(f"{error}\n  {self}") from None

    @classmethod
    def from_value(cls, sparse_tensor_value: Any) -> SparseTensor:
        """Return a SparseTensor as it is, or make one of a SparseTensorValue."""
        if isinstance(sparse_tensor_value, SparseTensor):
            return sparse_tensor_value
        if not isinstance(sparse_tensor_value, SparseTensorValue):
            raise TypeError(f"Neither a SparseTensor nor SparseTensorValue: {sparse_tensor_value}.")
        return cls(*sparse_tensor_value)

    @property
    def shape(self) -> TensorShape:
        """What is known of its shape."""
        named = _shape_named_by(self.dense_shape)
        return TensorShape(merge(self.given_shape, named.static_shape))

    def get_shape(self) -> TensorShape:
        """Return what is known of its shape."""
        return self.shape

    @property
    def op(self) -> Operation:
        """The operation that makes `values`."""
        return self.values.op

    @property
    def dtype(self) -> DType:
        """The type of `values`."""
        return self.values.dtype

    @property
    def graph(self) -> Graph:
        """The graph of its parts."""
        return self.indices.graph

    @property
    def _type_spec(self) -> TypeSpec:
        from minitf.composite_specs import SparseTensorSpec

        return SparseTensorSpec(self.shape, self.dtype)

    def consumers(self) -> list[Operation]:
        """Return the operations that take one of the parts as an input."""
        return _consumers(self.indices, self.values, self.dense_shape)

    def eval(self, feed_dict: Any = None, session: Any = None) -> SparseTensorValue:
        """Compute its value in a session (the default one if None is given)."""
        parts: Sequence[Any] = session_for(self.graph, session).run(
            [self.indices, self.values, self.dense_shape], feed_dict
        )
        return SparseTensorValue(*parts)

    def __mul__(self, other: Any) -> SparseTensor:
        """Multiply each value by the element of a dense tensor in its place."""
        return hooks.binary_operator("mul", self, other)  # type: ignore[no-any-return]

    def __rmul__(self, other: Any) -> SparseTensor:
        """Multiply each value by the element of a dense tensor in its place."""
        return hooks.binary_operator("mul", other, self)  # type: ignore[no-any-return]

    def __truediv__(self, other: Any) -> SparseTensor:
        """Divide each value by the element of a dense tensor in its place."""
        return hooks.binary_operator("truediv", self, other)  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        """Show the parts."""
        return (
            f"SparseTensor(indices={self.indices}, values={self.values}, "
            f"dense_shape={self.dense_shape})"
        )


def _shape_named_by(sizes: Tensor | None) -> TensorShape:
    return TensorShape(None if sizes is None else shape_of_value(rule_argument(sizes)))


def _consumers(*parts: Tensor | None) -> list[Operation]:
    found = [op for part in parts if part is not None for op in part.consumers()]
    return list(dict.fromkeys(found))
