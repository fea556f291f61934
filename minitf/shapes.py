"""Dimensions, UNKNOWN and Shape: what is known of a tensor's sizes while the graph is built.

A dimension is an int >= 0 or UNKNOWN; a Shape is a tuple of them, or of unknown rank.  UNKNOWN
propagates through `+ - * //` (0 * UNKNOWN is 0).  Whoever compares it gets a TypeError, so that a
shape rule cannot decide by accident: rules ask `known(...)`, or use `must_equal`, `must_fit`,
`dim_max`, `merge`, `broadcast`.  Shapes are immutable and shared.

    >>> Shape([2, None]).size * 3
    ?
    >>> broadcast(Shape([None, 1]), Shape([7]))
    [?, 7]

Source: 2015 §2 (types and shapes are inferred while the graph is built).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from minitf.errors import invalid


class Unknown:
    """The size that nobody knows yet; there is one object, UNKNOWN."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Show as TensorFlow does."""
        return "?"

    def _same(self, other: object = None) -> Unknown:  # operators pass the other side
        return self

    def __mul__(self, other: object) -> Any:
        """Give 0 for a factor 0, else UNKNOWN."""
        return 0 if other is not self and other == 0 else self

    __add__ = __radd__ = __sub__ = __rsub__ = __floordiv__ = __rfloordiv__ = _same
    __mod__ = __rmod__ = __neg__ = __pos__ = _same
    __rmul__ = __mul__

    def _refuse(self, other: object = None) -> Any:
        raise TypeError(
            "a comparison with an unknown size has no answer: use known(), must_equal or dim_max"
        )

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __bool__ = __index__ = __int__ = _refuse
    __hash__ = object.__hash__

    def __reduce__(self) -> str:
        """Pickle as the one object."""
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
Dim = int | Unknown


def known(*dims: Any) -> bool:
    """Tell whether none of the sizes is UNKNOWN."""
    return all(dim is not UNKNOWN for dim in dims)


class Shape:
    """A tuple of dimensions; `dims` is None where not even the rank is known."""

    __slots__ = ("dims",)

    def __init__(self, dims: Iterable[Dim | None] | None) -> None:
        self.dims: tuple[Dim, ...] | None = (
            None
            if dims is None
            else tuple([UNKNOWN if d is None or d is UNKNOWN else int(d) for d in dims])
        )

    @classmethod
    def unknown(cls, rank: int | None = None) -> Shape:
        """Return a shape of which at most the rank is known."""
        return _UNKNOWN_RANK if rank is None else cls([UNKNOWN] * rank)

    @property
    def rank(self) -> int | None:
        """The number of dimensions, None if not known."""
        return None if self.dims is None else len(self.dims)

    @property
    def is_full(self) -> bool:
        """Whether every size is known."""
        return self.dims is not None and UNKNOWN not in _Identities(self.dims)

    @property
    def size(self) -> Dim:
        """The number of elements, or UNKNOWN."""
        if self.dims is None:
            return UNKNOWN
        total: Dim = 1
        for dim in self.dims:
            total = total * dim
        return total

    def __iter__(self) -> Iterator[Dim]:
        """Walk the dimensions; TypeError for an unknown rank."""
        if self.dims is None:
            raise TypeError("a shape of unknown rank has no dimensions to walk")
        return iter(self.dims)

    def __len__(self) -> int:
        """Return the rank; TypeError for an unknown one."""
        if self.dims is None:
            raise TypeError("a shape of unknown rank has no length")
        return len(self.dims)

    def __getitem__(self, index: Any) -> Any:
        """Return a dimension, or a tuple of them for a slice; UNKNOWN for an unknown rank."""
        return UNKNOWN if self.dims is None else self.dims[index]

    def __eq__(self, other: object) -> bool:
        """Compare what is known, not sizes: two unknown sizes are equal knowledge."""
        return isinstance(other, Shape) and self.as_list() == other.as_list()

    def __hash__(self) -> int:
        """Hash by what is known."""
        return hash(self.dims)

    def __repr__(self) -> str:
        """Show as `[?, 784]`, `<unknown>` for an unknown rank."""
        return "<unknown>" if self.dims is None else f"[{', '.join(map(str, self.dims))}]"

    def as_list(self) -> list[int | None] | None:
        """Return sizes with None for UNKNOWN; None for an unknown rank."""
        if self.dims is None:
            return None
        return [None if isinstance(d, Unknown) else d for d in self.dims]

    def replaced(self, axis: int, dim: Dim) -> Shape:
        """Return the same shape with another size along `axis`."""
        dims = list(self)
        dims[axis] = dim
        return Shape(dims)

    def without(self, axis: int) -> Shape:
        """Return the shape without dimension `axis` (which may count from the end)."""
        axis %= len(self)
        return Shape(d for i, d in enumerate(self) if i != axis)

    def with_rank(self, rank: int, what: str = "Shape") -> Shape:
        """Return itself if it can have that rank; `rank` UNKNOWNs for an unknown one."""
        if self.dims is None:
            return Shape.unknown(rank)
        if len(self.dims) != rank:
            raise invalid(f"{what} must be rank {rank} but is rank {len(self.dims)}")
        return self

    def at_least(self, rank: int) -> Shape:
        """Return itself unless it is known to have a smaller rank."""
        if self.dims is not None and len(self.dims) < rank:
            raise invalid(f"Shape must be at least rank {rank} but is rank {len(self.dims)}")
        return self

    def at_most(self, rank: int) -> Shape:
        """Return itself unless it is known to have a greater rank."""
        if self.dims is not None and len(self.dims) > rank:
            raise invalid(f"Shape must be at most rank {rank} but is rank {len(self.dims)}")
        return self

    def accepts(self, sizes: Iterable[int]) -> bool:
        """Tell whether an array of these sizes has this shape, as far as it is known."""
        if self.dims is None:
            return True
        sizes = tuple(sizes)
        return len(sizes) == len(self.dims) and all(
            d is UNKNOWN or d == size for d, size in zip(self.dims, sizes, strict=True)
        )


class _Identities(tuple[Any, ...]):
    """A tuple whose `in` compares by identity, since UNKNOWN refuses `==`."""

    __slots__ = ()

    def __contains__(self, item: object) -> bool:
        return any(each is item for each in self)


_UNKNOWN_RANK = Shape(None)
SCALAR: Final = Shape(())


def as_shape(value: Any) -> Shape:
    """Convert a Shape, a TensorShape, None, an int or a sequence of sizes to a Shape."""
    if isinstance(value, Shape):
        return value
    if hasattr(value, "static_shape"):
        return value.static_shape  # type: ignore[no-any-return]
    if value is None:
        return _UNKNOWN_RANK
    if not hasattr(value, "__iter__"):
        value = (value,)
    return Shape(getattr(size, "value", size) for size in value)


def shape_of_value(sizes: Any) -> Shape:
    """Turn the static value of an integer vector, as shape rules get it, into the Shape it names.

    Args:
        sizes: a tuple of ints and UNKNOWN, in which -1 is unknown too; None for an unknown rank.
    """
    if sizes is None:
        return _UNKNOWN_RANK
    for size in sizes:
        if known(size) and size < -1:
            raise invalid(f"Invalid value in tensor used for shape: {size}")
    return Shape(UNKNOWN if not known(size) or size == -1 else size for size in sizes)


def must_equal(a: Dim, b: Dim, message: str = "Dimensions must be equal, but are") -> Dim:
    """Return the better known of two sizes that must agree."""
    if known(a, b) and a != b:
        raise invalid(f"{message} {a} and {b}")
    return b if a is UNKNOWN else a


def must_fit(small: Dim, large: Dim, message: str) -> None:
    """Check that `small <= large` as far as both are known."""
    if not isinstance(small, Unknown) and not isinstance(large, Unknown) and small > large:
        raise invalid(f"{message} ({small} > {large})")


def dim_max(*dims: Dim) -> Dim:
    """Return the greatest size, UNKNOWN if one is unknown."""
    sizes = [d for d in dims if not isinstance(d, Unknown)]
    return max(sizes) if len(sizes) == len(dims) else UNKNOWN


def normal_axis(axis: int, rank: int, what: str = "axis") -> int:
    """Turn an axis in [-rank, rank) into one in [0, rank)."""
    if not -rank <= axis < rank:
        raise invalid(f"{what} {axis} is out of range: expected dimension in [{-rank}, {rank})")
    return axis % rank


def merge(a: Shape, b: Shape, message: str = "") -> Shape:
    """Return what two shapes that must agree say together."""
    if a is b or b.dims is None:
        return a
    if a.dims is None:
        return b
    if len(a.dims) != len(b.dims):
        raise invalid(
            message or f"Shapes must be equal rank, but are {len(a.dims)} and {len(b.dims)}"
        )
    sizes: list[Dim] = []
    for axis, (x, y) in enumerate(zip(a.dims, b.dims, strict=True)):
        if known(x, y) and x != y:
            what = message and f"{message}: "
            one, other = (str(each).replace(" ", "") for each in (a, b))
            raise invalid(
                f"{what}Dimension {axis} in both shapes must be equal, but are {x} and {y}. "
                f"Shapes are {one} and {other}."
            )
        sizes.append(y if x is UNKNOWN else x)
    return Shape(sizes)


def broadcast(a: Shape, b: Shape) -> Shape:
    """Return the shape of an elementwise result, by NumPy's rule with unknown sizes."""
    if a is b and a.dims is not None:
        return a
    if a.dims is None or b.dims is None:
        return _UNKNOWN_RANK
    if not a.dims or not b.dims:
        return a if not b.dims else b
    rank = max(len(a.dims), len(b.dims))
    left = (1,) * (rank - len(a.dims)) + a.dims
    right = (1,) * (rank - len(b.dims)) + b.dims
    out: list[Dim] = []
    for x, y in zip(left, right, strict=True):
        if isinstance(x, Unknown) or isinstance(y, Unknown):
            # ? with 7 is 7; ? with 1 or with ? stays ?
            other = y if isinstance(x, Unknown) else x
            out.append(UNKNOWN if isinstance(other, Unknown) or other == 1 else other)
        elif y in (x, 1):
            out.append(x)
        elif x == 1:
            out.append(y)
        else:
            raise invalid(f"Dimensions must be equal, but are {x} and {y}")
    return Shape(out)
