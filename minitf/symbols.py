"""The words of an op's signature: `from minitf.symbols import T, N, out_idx, int32, List`.

Any name may be imported.  A DType's name gives the DType, any other name a Symbol: a type
attribute, a number attribute or a dimension letter, by the place where it stands (architecture
grammar: `input: T[N, H, W, C]`, `k: int32[()]`, `values: List[T, N]`, `ref: Ref[T]`).  Type
checkers see `Any`.

Source: OSDI §3.1 "polymorphic and variadic" operations.
"""

from __future__ import annotations

from typing import Any

from minitf.dtypes import DTYPES, resource


class Symbol:
    """A named attribute or dimension; `dims` are the dimension letters after it, if any."""

    __slots__ = ("dims", "name")

    def __init__(self, name: str, dims: tuple[Any, ...] | None = None) -> None:
        self.name = name
        self.dims = dims

    def __getitem__(self, dims: Any) -> Symbol:
        """Give the rank: `T[N, C]` is a matrix, `T[()]` a scalar."""
        return Symbol(self.name, dims if isinstance(dims, tuple) else (dims,))

    def __repr__(self) -> str:
        """Show as written."""
        dims = "" if self.dims is None else f"[{', '.join(map(str, self.dims)) or '()'}]"
        return self.name + dims


class Form:
    """`List[T, N]`, `Ref[T]` or `TypeList[Tcomponents]`."""

    __slots__ = ("items", "kind")

    def __init__(self, kind: str, items: tuple[Any, ...] = ()) -> None:
        self.kind = kind
        self.items = items

    def __getitem__(self, items: Any) -> Form:
        """Fill the form."""
        return Form(self.kind, items if isinstance(items, tuple) else (items,))

    def __repr__(self) -> str:
        """Show as written."""
        return f"{self.kind}[{', '.join(map(repr, self.items))}]"


_FORMS: dict[str, Any] = {kind: Form(kind) for kind in ("List", "Ref", "TypeList")}
_FORMS["Resource"] = resource


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    found = _FORMS.get(name) or DTYPES.get(name) or Symbol(name)
    globals()[name] = found  # one object per name
    return found
