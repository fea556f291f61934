"""Rows of categories as rows of numbers.

Source: TensorFlow 1.15's `tf.contrib.learn.preprocessing.CategoricalProcessor`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from minitf.contrib.learn.preprocessing.vocabulary import CategoricalVocabulary

Array = np.ndarray[Any, Any]


class CategoricalProcessor:
    """Makes rows of categories rows of numbers; NaN is unknown, which is 0.

    Args:
        min_frequency: categories that are there as often or less are unknown.
        share: whether all columns have one vocabulary.
        vocabularies: the vocabulary of each column; made at the first row if None.

    Attributes:
        vocabularies_: the vocabulary of each column.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        min_frequency: int = 0,
        share: bool = False,
        vocabularies: list[CategoricalVocabulary] | None = None,
    ) -> None:
        self.min_frequency = min_frequency
        self.share = share
        self.vocabularies_ = vocabularies

    def freeze(self, freeze: bool = True) -> None:
        """Take in no category any more; or do again."""
        for vocabulary in self.vocabularies_ or ():
            vocabulary.freeze(freeze)

    def fit(self, x: Iterable[Any], unused_y: Any = None) -> CategoricalProcessor:
        """Learn the categories of rows; later ones are unknown."""
        for row in x:
            vocabularies = self._of(row)
            for value, vocabulary in zip(row, vocabularies, strict=True):
                if not _is_nan(value):
                    vocabulary.add(value)
        if self.min_frequency > 0:
            for vocabulary in dict.fromkeys(self.vocabularies_ or ()):
                vocabulary.trim(self.min_frequency)
        self.freeze()
        return self

    def fit_transform(self, x: Iterable[Any], unused_y: Any = None) -> Iterator[Array]:
        """Learn the categories of rows, and do as `transform`."""
        self.fit(x)
        return self.transform(x)

    def transform(self, x: Iterable[Any]) -> Iterator[Array]:
        """Yield the numbers of each row's categories: int64."""
        self.freeze()
        for row in x:
            pairs = zip(row, self._of(row), strict=True)
            yield np.array([0 if _is_nan(v) else words.get(v) for v, words in pairs], np.int64)

    def _of(self, row: Any) -> list[CategoricalVocabulary]:
        """Return the vocabulary of each column."""
        if self.vocabularies_ is None:
            shared = CategoricalVocabulary()
            self.vocabularies_ = [shared if self.share else CategoricalVocabulary() for _ in row]
        return self.vocabularies_


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and value != value  # noqa: PLR0124 only NaN is unlike itself
