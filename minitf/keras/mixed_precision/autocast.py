"""AutoCastVariable: a variable that is of another type where a layer computes with it.

    with casting_to(float16):
        tf.matmul(x, v)         a read of v, cast
    v.dtype                     float32 again

Source: TensorFlow 1.15, `keras/mixed_precision/experimental/autocast_variable.py`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from minitf.api.casting import cast
from minitf.dtypes import DType
from minitf.tensor import Tensor
from minitf.variables.resource import ResourceVariable

_wanted: ContextVar[DType | None] = ContextVar("wanted", default=None)


@contextlib.contextmanager
def casting_to(dtype: DType | None) -> Iterator[None]:
    """Let variables of layers be read in a type; in their own if None is given."""
    token = _wanted.set(dtype)
    try:
        yield
    finally:
        _wanted.reset(token)


class AutoCastVariable(ResourceVariable):
    """A variable of a layer whose policy has other variables than it computes with.

    Source: TensorFlow 1.15.
    """

    @property
    def true_dtype(self) -> DType:
        """The type of what it holds."""
        return super().dtype

    @property
    def dtype(self) -> DType:
        """The type in which it is read here."""
        return self._cast_dtype or super().dtype

    @property
    def _cast_dtype(self) -> DType | None:
        wanted, own = _wanted.get(), super().dtype
        return wanted if wanted is not None and wanted is not own else None

    def value(self) -> Tensor:
        """Return a read, in the type that is wanted here."""
        return self._as_wanted(super().value)

    def read_value(self) -> Tensor:
        """Return a read of its own, in the type that is wanted here."""
        return self._as_wanted(super().read_value)

    def sparse_read(self, indices: Any, name: str | None = None) -> Tensor:
        """Return rows, in the type that is wanted here."""
        return self._as_wanted(super().sparse_read, indices, name)

    def gather_nd(self, indices: Any, name: str | None = None) -> Tensor:
        """Return parts, in the type that is wanted here."""
        return self._as_wanted(super().gather_nd, indices, name)

    def _as_wanted(self, read: Any, *args: Any) -> Tensor:
        wanted = self._cast_dtype
        with casting_to(None):
            found: Tensor = read(*args)
        return found if wanted is None else cast(found, wanted)

    def _write(self, kind: str, *inputs: Any, **kwargs: Any) -> Any:
        with casting_to(None):
            return super()._write(kind, *inputs, **kwargs)

    def __repr__(self) -> str:
        shown = f"shape={self.shape} dtype={self.dtype.name} true_dtype={self.true_dtype.name}"
        return f"<AutoCastVariable {self.name!r} {shown}>"
