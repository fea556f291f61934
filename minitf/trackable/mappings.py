"""Dicts whose values are parts, by their keys.

Source: TensorFlow 1.15, `training/tracking/data_structures.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from minitf.trackable.base import Trackable, TrackableReference
from minitf.trackable.holding import TrackableDataStructure
from minitf.trackable.structures import wrap_or_unwrap


class Mapping(TrackableDataStructure):
    """A dict that only grows, whose values are parts by their keys, which are strings.

    Args:
        *args: as of `dict`.
        **kwargs: likewise.

    Source: TensorFlow 1.15.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        self._storage: dict[str, Any] = {}
        self.update(*args, **kwargs)

    @property
    def _values(self) -> Iterable[Any]:
        return [self._storage[key] for key in sorted(self._storage)]

    def _name_element(self, key: Any) -> str:
        if not isinstance(key, str):
            raise TypeError(f"Mapping accepts only string keys, but got a key {key!r}.")
        return key

    def __setitem__(self, key: str, value: Any) -> None:
        name = self._name_element(key)
        value = self._track_value(value, name=name)
        known = self._storage.setdefault(key, value)
        if known is not value:
            raise ValueError(
                "Mappings are an append-only data structure. Tried to overwrite the key "
                f"'{key}' with value {value}, but it already contains {known}"
            )

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Add values by their keys."""
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    def __getitem__(self, key: str) -> Any:
        return self._storage[key]

    def get(self, key: str, default: Any = None) -> Any:
        """Return a value, or `default`."""
        return self._storage.get(key, default)

    def keys(self) -> Iterable[str]:
        """Return the keys."""
        return self._storage.keys()

    def values(self) -> Iterable[Any]:
        """Return the values."""
        return self._storage.values()

    def items(self) -> Iterable[tuple[str, Any]]:
        """Return the keys with their values."""
        return self._storage.items()

    def __contains__(self, key: object) -> bool:
        return key in self._storage

    def __len__(self) -> int:
        return len(self._storage)

    def __iter__(self) -> Iterator[str]:
        return iter(self._storage)

    def __repr__(self) -> str:
        return f"Mapping({self._storage!r})"

    def __eq__(self, other: object) -> bool:
        return self._storage == (other._storage if isinstance(other, Mapping) else other)

    __hash__ = TrackableDataStructure.__hash__


class _DictWrapper(TrackableDataStructure, dict[Any, Any]):
    """A dict that stands for another one, whose Trackable values are parts by their keys.

    Args:
        wrapped_dict: the dict.

    Source: TensorFlow 1.15.
    """

    def __init__(self, wrapped_dict: dict[Any, Any] | None = None) -> None:
        dict.__init__(self)
        super().__init__()
        self._storage: dict[Any, Any] = {} if wrapped_dict is None else wrapped_dict
        self._non_string_key = False
        self._non_append_mutation = False
        for key, value in self._storage.items():
            self._storage[key] = self._tracked(value, key)
        self._settle()

    def _settle(self) -> None:
        dict.clear(self)
        dict.update(self, self._storage)

    @property
    def _values(self) -> Iterable[Any]:
        return [self[key] for key in sorted(self, key=str)]

    def _tracked(self, value: Any, key: Any) -> Any:
        is_named = isinstance(key, str)
        value = wrap_or_unwrap(value)
        if not isinstance(value, Trackable):
            return value
        if not is_named:
            self._non_string_key = True
            return value
        return self._track_trackable(value, name=key, overwrite=True)

    @property
    def _changed_outside(self) -> bool:
        return dict.keys(self) != self._storage.keys() or any(
            dict.__getitem__(self, key) is not value for key, value in self._storage.items()
        )

    @property
    def _checkpoint_dependencies(self) -> list[TrackableReference]:
        why = "This dictionary maps a non-string key to a trackable object, so no name for it lasts"
        if not self._non_string_key:
            why = self._why_no_names_last()
        if why:
            raise ValueError(
                f"Unable to save the object {dict(self)!r} (a dictionary wrapper constructed "
                f"automatically on attribute assignment). {why}.\n\nIf you don't need this "
                "dictionary checkpointed, wrap it in a non-trackable object; it will be "
                "subsequently ignored."
            )
        return super()._checkpoint_dependencies

    def _why_no_names_last(self) -> str:
        if self._non_append_mutation:
            return (
                "A key mapped to a trackable object was overwritten or deleted, which breaks "
                "restoration on object creation"
            )
        if self._changed_outside:
            return (
                "The wrapped dictionary was modified outside the wrapper, which breaks restoration "
                "on object creation"
            )
        return ""

    # --- changes ---------------------------------------------------------------------------------

    def __setitem__(self, key: Any, value: Any) -> None:
        old = self._storage.get(key)
        value = self._tracked(value, key)
        if isinstance(old, Trackable) and old is not value:
            self._non_append_mutation = True
        self._storage[key] = value
        dict.__setitem__(self, key, value)

    def __delitem__(self, key: Any) -> None:
        if isinstance(self._storage.get(key), Trackable):
            self._non_append_mutation = True
        del self._storage[key]
        dict.pop(self, key, None)

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Add values by their keys."""
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """Return the value of a key, which becomes `default` if there is none."""
        if key not in self:
            self[key] = default
        return self[key]

    def pop(self, key: Any, *default: Any) -> Any:
        """Remove a key and return its value."""
        if key not in self and default:
            return default[0]
        found = self[key]
        del self[key]
        return found

    def popitem(self) -> tuple[Any, Any]:
        """Remove the last key and return it with its value."""
        if not self:
            raise KeyError("popitem(): dictionary is empty")
        key = next(reversed(self))
        return key, self.pop(key)

    def clear(self) -> None:
        """Remove all keys."""
        for key in list(self):
            del self[key]

    # --- the rest is a dict's --------------------------------------------------------------------

    def __hash__(self) -> int:  # type: ignore[override]
        raise TypeError("unhashable type: 'DictWrapper'")

    def __repr__(self) -> str:
        return f"DictWrapper({self._storage!r})"

    def __copy__(self) -> _DictWrapper:
        return _DictWrapper(dict(self._storage))

    def __deepcopy__(self, memo: dict[int, Any]) -> _DictWrapper:
        import copy

        return _DictWrapper(copy.deepcopy(self._storage, memo))

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _DictWrapper, (dict(self._storage),)
