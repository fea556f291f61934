"""The methods of variables that write: each adds an operation; only `load` acts at once.

Source: 2015 §2 "Variables"; OSDI §3.1, §4.2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.composite import IndexedSlices
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType
from minitf.operation import Operation
from minitf.tensor import Tensor, hooks


def _scatter(kind: str, doing: str) -> Callable[..., Any]:
    def method(
        self: Writable, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        if not isinstance(sparse_delta, IndexedSlices):
            raise TypeError(f"sparse_delta is not IndexedSlices: {sparse_delta}")
        values = convert_to_tensor(sparse_delta.values, self.dtype.base_dtype)
        return self._write(kind, sparse_delta.indices, values, name=name, use_locking=use_locking)

    method.__doc__ = f"{doing} the rows that the IndexedSlices `sparse_delta` names."
    method.__name__ = kind
    return method


def _scatter_nd(kind: str, doing: str) -> Callable[..., Any]:
    def method(self: Writable, indices: Any, updates: Any, name: str | None = None) -> Any:
        values = convert_to_tensor(updates, self.dtype.base_dtype)
        return self._write(kind, indices, values, name=name, use_locking=True)

    method.__doc__ = f"{doing} the parts that the index vectors in `indices` name."
    method.__name__ = kind
    return method


class Writable:
    """What can be assigned and scattered to; a kind of variable says how by `_write`.

    Source: 2015 §2 "Variables".
    """

    @property
    def dtype(self) -> DType:
        """The type of its elements; a ref type of a RefVariable."""
        raise NotImplementedError

    @property
    def initializer(self) -> Operation:
        """The operation that gives it its initial value."""
        raise NotImplementedError

    def _write(
        self,
        kind: str,
        *inputs: Any,
        name: str | None,
        use_locking: bool,
        read_value: bool = True,
    ) -> Any:
        """Add the op of that kind that changes it.

        Returns:
            What stands for the changed value; the Operation if not `read_value`.
        """
        raise NotImplementedError

    def assign(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Add an operation that gives it a value.

        Args:
            value: the value.
            use_locking: accepted for compatibility: a write always excludes others.
            name: name of the operation.
            read_value: whether to return something that stands for the changed value; else the
                Operation is returned.
        """
        return self._write(
            "assign", value, name=name, use_locking=use_locking, read_value=read_value
        )

    def assign_add(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Add an operation that adds to it; arguments as of `assign`."""
        return self._write(
            "assign_add", delta, name=name, use_locking=use_locking, read_value=read_value
        )

    def assign_sub(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Add an operation that subtracts from it; arguments as of `assign`."""
        return self._write(
            "assign_sub", delta, name=name, use_locking=use_locking, read_value=read_value
        )

    def load(self, value: Any, session: Any = None) -> None:
        """Give it a value at once, in a session (the default one if None is given).

        Raises:
            ValueError: if there is no session.
        """
        session = session or hooks.default_session()
        if session is None:
            raise ValueError(
                "Either session argument should be provided or default session should be "
                "established"
            )
        session.run(self.initializer, {self.initializer.inputs[1]: value})

    def count_up_to(self, limit: int) -> Tensor:
        """Return a Tensor that adds one and gives the value before, until `limit` is reached."""
        from minitf.api.state import count_up_to

        return count_up_to(self, limit)

    def batch_scatter_update(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        """Replace rows in each matrix of a batch: `self[b, indices[b, i]] = values[b, i]`."""
        from minitf.api.scattering import batch_scatter_update

        return batch_scatter_update(
            self, sparse_delta.indices, sparse_delta.values, use_locking=use_locking, name=name
        )

    scatter_update = _scatter("scatter_update", "Replace")
    scatter_add = _scatter("scatter_add", "Add to")
    scatter_sub = _scatter("scatter_sub", "Subtract from")
    scatter_mul = _scatter("scatter_mul", "Multiply")
    scatter_div = _scatter("scatter_div", "Divide")
    scatter_min = _scatter("scatter_min", "Take the lesser of")
    scatter_max = _scatter("scatter_max", "Take the greater of")
    scatter_nd_update = _scatter_nd("scatter_nd_update", "Replace")
    scatter_nd_add = _scatter_nd("scatter_nd_add", "Add to")
    scatter_nd_sub = _scatter_nd("scatter_nd_sub", "Subtract from")
