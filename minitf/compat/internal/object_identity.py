"""`tensorflow.python.util.object_identity`: dictionaries and sets that go by identity.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping, MutableSet
from typing import Any


class ObjectIdentityDictionary(MutableMapping[Any, Any]):
    """A dictionary whose keys are objects, whether or not they are equal or can be hashed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._found: dict[int, tuple[Any, Any]] = {}  # the key is kept, so that its id stays its
        self.update(dict(*args, **kwargs))

    def __getitem__(self, key: Any) -> Any:
        try:
            return self._found[id(key)][1]
        except KeyError:
            raise KeyError(key) from None

    def __setitem__(self, key: Any, value: Any) -> None:
        self._found[id(key)] = key, value

    def __delitem__(self, key: Any) -> None:
        del self._found[id(key)]

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Any]:
        return (key for key, _ in self._found.values())


class ObjectIdentitySet(MutableSet[Any]):
    """A set of objects, whether or not they are equal or can be hashed."""

    def __init__(self, items: Iterable[Any] = ()) -> None:
        self._found = {id(each): each for each in items}

    def __contains__(self, item: object) -> bool:
        return id(item) in self._found

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._found.values())

    def add(self, value: Any) -> None:
        """Take an object in."""
        self._found[id(value)] = value

    def discard(self, value: Any) -> None:
        """Leave an object out, if it is there."""
        self._found.pop(id(value), None)

    def update(self, items: Iterable[Any]) -> None:
        """Take objects in."""
        for each in items:
            self.add(each)

    def difference(self, items: Iterable[Any]) -> ObjectIdentitySet:
        """Return a set of those that are not among the items."""
        others = ObjectIdentitySet(items)
        return ObjectIdentitySet(each for each in self if each not in others)

    def intersection(self, items: Iterable[Any]) -> ObjectIdentitySet:
        """Return a set of those that are among the items."""
        others = ObjectIdentitySet(items)
        return ObjectIdentitySet(each for each in self if each in others)
