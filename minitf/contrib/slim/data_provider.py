"""`tf.contrib.slim.data_provider`: tensors by the names of items.

Source: TensorFlow 1.15's tf.contrib.slim.data_provider.
"""

from __future__ import annotations

from collections.abc import KeysView, Sequence
from typing import Any


class DataProvider:
    """Tensors by the names of items.

    Args:
        items_to_tensors: name -> tensor.
        num_samples: how many records the data set has.
    """

    def __init__(self, items_to_tensors: dict[str, Any], num_samples: int) -> None:
        self._items_to_tensors = items_to_tensors
        self._num_samples = num_samples

    def get(self, items: Sequence[str]) -> list[Any]:
        """Return the tensors of some items.

        Args:
            items: their names, in a list or tuple.

        Raises:
            ValueError: if `items` is another thing, or there is no item of a name.
        """
        if not isinstance(items, (list, tuple)):
            raise ValueError("items must be a list or tuple")
        for item in items:
            if item not in self._items_to_tensors:
                known = list(self._items_to_tensors)
                raise ValueError(f"Item [{item}] is invalid. Valid entries include: {known}")
        return [self._items_to_tensors[item] for item in items]

    def list_items(self) -> KeysView[str]:
        """Return the names of all items."""
        return self._items_to_tensors.keys()

    def num_samples(self) -> int:
        """Return how many records the data set has."""
        return self._num_samples
