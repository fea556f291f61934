"""TensorShape and Dimension: the shapes that users see, with TensorFlow 1.x's three-valued rules.

A comparison with an unknown Dimension is None, neither True nor False; rules inside MiniTF use
`minitf.shapes`, where such a comparison raises.

Source: 2015 §2; TensorFlow 1.15's public class of the same name.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any, Never

from minitf.dtypes import DType
from minitf.shapes import Shape

_NO_SIZE = "unsupported operand type(s) for /: '{}' and '{}', please use // instead"


class Dimension:
    """One size of a shape; `value` is an int >= 0 or None."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        if isinstance(value, Dimension):
            value = value.value
        if isinstance(value, DType):
            raise TypeError(f"Cannot convert {value} to Dimension")
        size = None if value is None else int(value)
        if size != value and not isinstance(value, (str, bytes)):
            raise ValueError(f"Ambiguous dimension: {value}")
        if size is not None and size < 0:
            raise ValueError(f"Dimension {size} must be >= 0")
        self._value = size

    @property
    def value(self) -> int | None:
        """The size, None if unknown."""
        return self._value

    def __repr__(self) -> str:
        """Show as `Dimension(3)`."""
        return f"Dimension({self._value!r})"

    def __str__(self) -> str:
        """Show as `3` or `?`."""
        return "?" if self._value is None else str(self._value)

    def __int__(self) -> int:
        """Give the size; TypeError if unknown."""
        return int(self._value)  # type: ignore[arg-type]  # int(None) raises the TypeError wanted

    def __index__(self) -> int:
        """Give the size where an index is wanted."""
        return int(self)

    def __truediv__(self, other: object) -> Never:
        """Refuse: `/` would give a number that is no size."""
        raise TypeError(_NO_SIZE.format(type(self).__name__, type(other).__name__))

    def __rtruediv__(self, other: object) -> Never:
        """Refuse likewise."""
        raise TypeError(_NO_SIZE.format(type(other).__name__, type(self).__name__))

    def __hash__(self) -> int:
        """Hash by size."""
        return hash(self._value)

    def __eq__(self, other: object) -> bool | None:  # type: ignore[override]
        """Compare sizes; None if one is unknown."""
        try:
            other = as_dimension(other)
        except (TypeError, ValueError):
            return NotImplemented
        same: bool | None = _both(operator.eq, self, other)
        return same

    def __ne__(self, other: object) -> bool | None:  # type: ignore[override]
        """Compare sizes; None if one is unknown."""
        same = self == other
        return same if same is NotImplemented or same is None else not same

    def is_compatible_with(self, other: Any) -> bool:
        """Tell whether the sizes can be equal."""
        other = as_dimension(other)
        return self._value is None or other.value is None or self._value == other.value

    def assert_is_compatible_with(self, other: Any) -> None:
        """Raise ValueError unless the sizes can be equal."""
        if not self.is_compatible_with(other):
            raise ValueError(f"Dimensions {self} and {other} are not compatible")

    def merge_with(self, other: Any) -> Dimension:
        """Return the better known of two sizes that must agree; ValueError if they differ."""
        other = as_dimension(other)
        self.assert_is_compatible_with(other)
        return other if self._value is None else self


def _both(function: Callable[[Any, Any], Any], a: Dimension, b: Dimension) -> Any:
    return None if a.value is None or b.value is None else function(a.value, b.value)


def _arithmetic(name: str, function: Callable[[Any, Any], Any]) -> None:
    def forward(self: Dimension, other: Any) -> Any:
        try:
            other = as_dimension(other)
        except (TypeError, ValueError):
            return NotImplemented
        return Dimension(_both(function, self, other))

    def backward(self: Dimension, other: Any) -> Any:
        return forward(as_dimension(other), self)

    for special, method in ((f"__{name}__", forward), (f"__r{name}__", backward)):
        method.__doc__ = f"Apply {name} to the sizes; unknown if one is unknown."
        setattr(Dimension, special, method)


def _comparison(name: str, function: Callable[[Any, Any], Any]) -> None:
    def compare(self: Dimension, other: Any) -> bool | None:
        return _both(function, self, as_dimension(other))  # type: ignore[no-any-return]

    compare.__doc__ = f"Apply {name} to the sizes; None if one is unknown."
    setattr(Dimension, f"__{name}__", compare)


for _name in ("add", "sub", "mul", "floordiv", "mod"):
    _arithmetic(_name, getattr(operator, _name))
for _name in ("lt", "le", "gt", "ge"):
    _comparison(_name, getattr(operator, _name))


def as_dimension(value: Any) -> Dimension:
    """Convert an int, None or a Dimension to a Dimension."""
    return value if isinstance(value, Dimension) else Dimension(value)


def dimension_value(dimension: Any) -> int | None:
    """Return the int or None of a Dimension, an int or None."""
    return dimension.value if isinstance(dimension, Dimension) else dimension


def dimension_at_index(shape: TensorShape, index: int) -> Dimension:
    """Return a shape's Dimension at an index."""
    return Dimension(None) if shape.rank is None else shape.dims[index]  # type: ignore[index]


class TensorShape:
    """The shape of a tensor as far as it is known: fully, in part, or not even the rank."""

    __slots__ = ("_shape",)

    def __init__(self, dims: Any) -> None:
        if isinstance(dims, Shape):
            self._shape = dims
        elif isinstance(dims, TensorShape):
            self._shape = dims.static_shape
        elif dims is None:
            self._shape = Shape(None)
        else:
            if hasattr(dims, "dim") and hasattr(dims, "unknown_rank"):  # TensorShapeProto
                dims = (
                    None
                    if dims.unknown_rank
                    else [None if d.size == -1 else d.size for d in dims.dim]
                )
            elif not hasattr(dims, "__iter__"):
                dims = [dims]
            self._shape = Shape(None if dims is None else [Dimension(d).value for d in dims])

    @property
    def static_shape(self) -> Shape:
        """The same as a `minitf.shapes.Shape`."""
        return self._shape

    @property
    def dims(self) -> list[Dimension] | None:
        """The Dimensions, None for an unknown rank."""
        sizes = self._shape.as_list()
        return None if sizes is None else [Dimension(size) for size in sizes]

    _dims = dims  # which the package `keras` asks for

    @property
    def rank(self) -> int | None:
        """The number of dimensions, None if unknown."""
        return self._shape.rank

    ndims = rank

    def as_list(self) -> list[int | None]:
        """Return the sizes with None for unknown ones; ValueError for an unknown rank."""
        sizes = self._shape.as_list()
        if sizes is None:
            raise ValueError("as_list() is not defined on an unknown TensorShape.")
        return sizes

    def as_proto(self) -> Any:
        """Return a TensorShapeProto."""
        from minitf.protos import TensorShapeProto

        if self.rank is None:
            return TensorShapeProto(unknown_rank=True)
        dim = [TensorShapeProto.Dim(size=-1 if d is None else d) for d in self.as_list()]
        return TensorShapeProto(dim=dim)

    def num_elements(self) -> int | None:
        """Return the number of elements, None if unknown."""
        return int(self._shape.size) if self.is_fully_defined() else None

    def is_fully_defined(self) -> bool:
        """Tell whether every size is known."""
        return self._shape.is_full

    def is_compatible_with(self, other: Any) -> bool:
        """Tell whether one array could have both shapes."""
        mine, theirs = self._shape.as_list(), TensorShape(other).static_shape.as_list()
        if mine is None or theirs is None:
            return True
        return len(mine) == len(theirs) and all(
            a is None or b is None or a == b for a, b in zip(mine, theirs, strict=True)
        )

    def assert_is_compatible_with(self, other: Any) -> None:
        """Raise ValueError unless one array could have both shapes."""
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {other} are incompatible")

    def assert_is_fully_defined(self) -> None:
        """Raise ValueError unless every size is known."""
        if not self.is_fully_defined():
            raise ValueError(f"Shape {self} is not fully defined")

    def assert_has_rank(self, rank: int) -> None:
        """Raise ValueError unless the rank can be `rank`."""
        if self.rank not in (None, rank):
            raise ValueError(f"Shape {self} must have rank {rank}")

    def assert_same_rank(self, other: Any) -> None:
        """Raise ValueError unless both ranks can be equal."""
        other = TensorShape(other)
        if self.rank is not None and other.rank is not None and self.rank != other.rank:
            raise ValueError(f"Shapes {self} and {other} must have the same rank")

    def merge_with(self, other: Any) -> TensorShape:
        """Return what both shapes say together; ValueError if they contradict each other."""
        other = TensorShape(other)
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {other} are not compatible")
        if self.rank is None or other.rank is None:
            return other if self.rank is None else self
        pairs = zip(self.as_list(), other.as_list(), strict=True)
        return TensorShape([b if a is None else a for a, b in pairs])

    def most_specific_compatible_shape(self, other: Any) -> TensorShape:
        """Return the shape that both are cases of: what they do not share is unknown."""
        other = TensorShape(other)
        if self.rank is None or self.rank != other.rank:
            return TensorShape(None)
        pairs = zip(self.as_list(), other.as_list(), strict=True)
        return TensorShape([a if a == b else None for a, b in pairs])

    def concatenate(self, other: Any) -> TensorShape:
        """Return this shape's dimensions followed by the other's."""
        other = TensorShape(other)
        if self.rank is None or other.rank is None:
            return TensorShape(None)
        return TensorShape(self.as_list() + other.as_list())

    def with_rank(self, rank: int) -> TensorShape:
        """Return this shape with a known rank; ValueError if it has another."""
        try:
            return self.merge_with(TensorShape([None] * rank))
        except ValueError:
            raise ValueError(f"Shape {self} must have rank {rank}") from None

    def with_rank_at_least(self, rank: int) -> TensorShape:
        """Return this shape; ValueError if its rank is known and smaller."""
        if self.rank is not None and self.rank < rank:
            raise ValueError(f"Shape {self} must have rank at least {rank}")
        return self

    def with_rank_at_most(self, rank: int) -> TensorShape:
        """Return this shape; ValueError if its rank is known and greater."""
        if self.rank is not None and self.rank > rank:
            raise ValueError(f"Shape {self} must have rank at most {rank}")
        return self

    def __getitem__(self, key: Any) -> Any:
        """Return a Dimension, or a TensorShape for a slice."""
        if isinstance(key, slice) and key.step not in (None, 1):
            raise ValueError("Steps are not yet handled")
        if self.rank is not None:
            return TensorShape(self.as_list()[key]) if isinstance(key, slice) else self.dims[key]  # type: ignore[index]
        if not isinstance(key, slice):
            return Dimension(None)
        if key.stop is None or key.stop < 0 or (key.start or 0) < 0:
            return TensorShape(None)
        return TensorShape([None] * max(0, key.stop - (key.start or 0)))

    def __iter__(self) -> Iterator[Dimension]:
        """Walk the Dimensions; ValueError for an unknown rank."""
        if self.dims is None:
            raise ValueError("Cannot iterate over a shape with unknown rank.")
        return iter(self.dims)

    def __len__(self) -> int:
        """Return the rank; ValueError for an unknown one."""
        if self.rank is None:
            raise ValueError("Cannot take the length of Shape with unknown rank.")
        return self.rank

    def __bool__(self) -> bool:
        """Tell whether the rank is known."""
        return self.rank is not None

    def __eq__(self, other: object) -> bool:
        """Compare what is known."""
        try:
            other = TensorShape(other)
        except (TypeError, ValueError):
            return NotImplemented
        return self._shape == other._shape

    def __ne__(self, other: object) -> bool:
        """Compare two shapes that are known; ValueError if one is not, as in TensorFlow."""
        other = TensorShape(other)
        if self.rank is None or other.rank is None:
            raise ValueError("The inequality of unknown TensorShapes is undefined.")
        return self._shape != other._shape

    def __hash__(self) -> int:
        """Hash by what is known."""
        return hash(self._shape)

    def __repr__(self) -> str:
        """Show as `TensorShape([Dimension(2), Dimension(None)])`."""
        return f"TensorShape({self.dims!r})"

    def __str__(self) -> str:
        """Show as `(2, ?)`, `<unknown>` for an unknown rank."""
        if self.dims is None:
            return "<unknown>"
        return (
            f"({self.dims[0]},)" if len(self.dims) == 1 else f"({', '.join(map(str, self.dims))})"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by sizes."""
        return TensorShape, (self._shape.as_list(),)
