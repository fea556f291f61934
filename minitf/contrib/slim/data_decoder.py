"""`tf.contrib.slim.data_decoder`: what makes items of a record.

Source: TensorFlow 1.15's tf.contrib.slim.data_decoder.
"""

from __future__ import annotations

import abc
from collections.abc import Sequence
from typing import Any


class DataDecoder(abc.ABC):
    """What makes items, such as an image and its label, of a record."""

    @abc.abstractmethod
    def decode(self, data: Any, items: Sequence[str] | None) -> list[Any]:
        """Return a tensor for each item.

        Args:
            data: the record, encoded.
            items: names of the items.
        """

    @abc.abstractmethod
    def list_items(self) -> list[str]:
        """Return the names of all items."""
