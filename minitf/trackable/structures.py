"""Lists, dicts and tuples whose elements are parts: "0", "1", ... of a list, the keys of a dict.

    model.layers = [a, b]       model.layers is a ListWrapper: a list still
    model.layers.append(c)      the part "2"
    model.names = {"x": w}      a _DictWrapper, with the part "x"
    model.raw = NoDependency([a, b])   a plain list, no part

**Invariants**
1. A wrapper is a list or dict with the elements of what it stands for; what is changed in one
   through the wrapper is changed in the other.
2. A wrapper whose elements were moved or deleted cannot be saved: the names of the others would be
   other ones after it.  Nor can one be whose list was changed behind its back.

Source: TensorFlow 1.15, `training/tracking/data_structures.py`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any

from minitf.trackable.base import Trackable, TrackableReference
from minitf.trackable.holding import TrackableDataStructure


class NoDependency:
    """Wraps the value of an attribute that shall be no part; the attribute is the value alone.

    Args:
        value: the value.

    Source: TensorFlow 1.15.
    """

    def __init__(self, value: Any) -> None:
        self.value = value


def wrap_or_unwrap(value: Any) -> Any:
    """Return a wrapper for a plain list or dict, what a NoDependency holds, others as they are."""
    if isinstance(value, NoDependency):
        return value.value
    if isinstance(value, Trackable):
        return value
    if type(value) in {dict, OrderedDict}:
        from minitf.trackable.mappings import _DictWrapper

        return _DictWrapper(value)
    if type(value) is list:
        return ListWrapper(value)
    return value


def sticky_attribute_assignment(trackable: Any, value: Any, name: str) -> Any:
    """Make the value of an attribute a part, if it can be one; return what the attribute shall be.

    Args:
        trackable: whose attribute.
        value: the value.
        name: of the attribute.
    """
    is_part = not isinstance(value, NoDependency)
    value = wrap_or_unwrap(value)
    if is_part and isinstance(value, Trackable):
        trackable._track_trackable(value, name=name, overwrite=True)  # noqa: SLF001 one of us
    return value


class List(TrackableDataStructure):
    """A list that only grows, whose elements are parts.

    Args:
        *args: the elements: Trackables, or lists and dicts of them.
        name: accepted for compatibility.
        wrapped: ignored; kept for TensorFlow's keyword.

    Raises:
        ValueError: if an element is none of these.

    Source: TensorFlow 1.15.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._name = kwargs.pop("name", None)
        super().__init__()
        self._storage: list[Any] = []
        for each in args:
            self.append(each)

    @property
    def _values(self) -> Iterable[Any]:
        return self._storage

    def _tracked(self, value: Any, number: int) -> Any:
        return self._track_value(value, name=self._name_element(number))

    def _name_element(self, index: int) -> str:
        return str(index)

    def append(self, value: Any) -> None:
        """Add an element."""
        self._storage.append(self._tracked(value, len(self._storage)))

    def extend(self, values: Iterable[Any]) -> None:
        """Add elements."""
        for each in values:
            self.append(each)

    def copy(self) -> Any:
        """Return a list with the same elements."""
        return type(self)(*self._storage)

    def __iadd__(self, values: Iterable[Any]) -> Any:
        self.extend(values)
        return self

    def __add__(self, other: Iterable[Any]) -> Any:
        return type(self)(*self._storage, *other)

    def __radd__(self, other: Iterable[Any]) -> Any:
        return type(self)(*other, *self._storage)

    def __mul__(self, n: int) -> Any:
        return type(self)(*(self._storage * n))

    __rmul__ = __mul__

    def __imul__(self, y: int) -> Any:
        if y <= 0:
            raise ValueError(f"List only supports append, multiplying in place by {y} removes.")
        for each in self._storage * (y - 1):
            self.append(each)
        return self

    def __getitem__(self, key: Any) -> Any:
        return self._storage[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._storage)

    def __contains__(self, item: Any) -> bool:
        return item in self._storage

    def __len__(self) -> int:
        return len(self._storage)

    def __repr__(self) -> str:
        return f"List({self._storage!r})"

    def __eq__(self, other: object) -> bool:
        return self._storage == (other._storage if isinstance(other, List) else other)

    __hash__ = TrackableDataStructure.__hash__


class ListWrapper(TrackableDataStructure, list[Any]):
    """A list that stands for another one, whose Trackable elements are parts; see the module.

    Args:
        wrapped_list: the list.

    Source: TensorFlow 1.15.
    """

    def __init__(self, wrapped_list: list[Any]) -> None:
        list.__init__(self)
        super().__init__()
        self._storage = wrapped_list
        self._non_append_mutation = False
        for number, each in enumerate(wrapped_list):
            wrapped_list[number] = self._tracked(each, number)
        self._settle()

    def _settle(self) -> None:
        """Have the elements of the list that it stands for, as of now."""
        list.__setitem__(self, slice(None), self._storage)

    @property
    def _values(self) -> Iterable[Any]:
        return self._storage

    def _tracked(self, value: Any, number: int) -> Any:
        value = wrap_or_unwrap(value)
        return self._track_value(value, str(number)) if isinstance(value, Trackable) else value

    @property
    def _changed_outside(self) -> bool:
        return len(self) != len(self._storage) or any(
            own is not other for own, other in zip(self, self._storage, strict=True)
        )

    @property
    def _checkpoint_dependencies(self) -> list[TrackableReference]:
        if self._non_append_mutation:
            raise ValueError(
                f"Unable to save the object {self!r} (a list wrapper constructed to track "
                "trackable TensorFlow objects). A list element was replaced (__setitem__, "
                "__setslice__), deleted (__delitem__, __delslice__), or moved (sort). In order to "
                "support restoration on object creation, tracking is exclusively for append-only "
                "data structures.\n\nIf you don't need this list checkpointed, wrap it in a "
                "non-trackable object; it will be subsequently ignored."
            )
        if self._changed_outside:
            raise ValueError(
                f"Unable to save the object {self!r} (a list wrapper constructed to track "
                "trackable TensorFlow objects). The wrapped list was modified outside the wrapper "
                f"(its final value was {self._storage}, its value when a checkpoint dependency was "
                f"added was {list(self)}), which breaks restoration on object creation.\n\nIf you "
                "don't need this list checkpointed, wrap it in a NoDependency object; it will be "
                "subsequently ignored."
            )
        return super()._checkpoint_dependencies

    def _mutated(self) -> None:
        """Note that elements were moved; parts have no names then that last."""
        self._non_append_mutation = True
        self._settle()

    # --- growth ----------------------------------------------------------------------------------

    def append(self, value: Any) -> None:
        """Add an element."""
        self._storage.append(self._tracked(value, len(self._storage)))
        list.append(self, self._storage[-1])

    def extend(self, values: Iterable[Any]) -> None:
        """Add elements."""
        for each in values:
            self.append(each)

    def __iadd__(self, values: Iterable[Any]) -> Any:  # type: ignore[misc]
        self.extend(values)
        return self

    def __imul__(self, n: Any) -> Any:  # type: ignore[misc]
        if n <= 0:
            self._storage.clear()
            self._mutated()
        else:
            self.extend(list(self._storage) * (n - 1))
        return self

    def copy(self) -> list[Any]:
        """Return a plain list of the elements."""
        return list(self._storage)

    # --- other changes ---------------------------------------------------------------------------

    def __setitem__(self, key: Any, value: Any) -> None:
        if isinstance(key, slice):
            self._storage[key] = [wrap_or_unwrap(each) for each in value]
            self._mutated()
            return
        number = range(len(self._storage))[key]
        value = wrap_or_unwrap(value)
        old = self._storage[number]
        self._storage[number] = value
        if isinstance(old, Trackable) or isinstance(value, Trackable):
            self._mutated()
        else:
            self._settle()  # no part was or is there

    def __delitem__(self, key: Any) -> None:
        del self._storage[key]
        self._mutated()

    def insert(self, index: Any, obj: Any) -> None:
        """Put an element before another one."""
        self._storage.insert(index, wrap_or_unwrap(obj))
        self._mutated()

    def sort(self, **kwargs: Any) -> None:
        """Sort the elements."""
        self._storage.sort(**kwargs)
        self._mutated()

    def reverse(self) -> None:
        """Turn the order round."""
        self._storage.reverse()
        self._mutated()

    def pop(self, index: Any = -1) -> Any:
        """Remove an element and return it."""
        found = self._storage.pop(index)
        self._mutated()
        return found

    def remove(self, value: Any) -> None:
        """Remove an element."""
        self._storage.remove(value)
        self._mutated()

    def clear(self) -> None:
        """Remove all elements."""
        self._storage.clear()
        self._mutated()

    # --- the rest is a list's --------------------------------------------------------------------

    def __hash__(self) -> int:  # type: ignore[override]
        raise TypeError("unhashable type: 'ListWrapper'")

    def __repr__(self) -> str:
        return f"ListWrapper({self._storage!r})"

    def __copy__(self) -> ListWrapper:
        return ListWrapper(list(self._storage))

    def __deepcopy__(self, memo: dict[int, Any]) -> ListWrapper:
        import copy

        return ListWrapper(copy.deepcopy(self._storage, memo))

    def __reduce_ex__(self, protocol: Any) -> Any:
        return ListWrapper, (list(self._storage),)
