"""A vocabulary: categories and their numbers, by the order in which they came.

Source: TensorFlow 1.15's `tf.contrib.learn.preprocessing.CategoricalVocabulary`.
"""

from __future__ import annotations

from typing import Any


class CategoricalVocabulary:
    """Categories and their numbers, by the order in which they came.

    Number 0 stands for categories that are not known.

    Args:
        unknown_token: what 0 is called.
        support_reverse: whether categories can be had by their numbers.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        unknown_token: Any = "<UNK>",  # noqa: S107 a word, not a password
        support_reverse: bool = True,
    ) -> None:
        self._unknown_token = unknown_token
        self._mapping: dict[Any, int] = {unknown_token: 0}
        self._support_reverse = support_reverse
        self._reverse_mapping: list[Any] = [unknown_token]
        self._freq: dict[Any, int] = {}
        self._freeze = False

    def __len__(self) -> int:
        """Return how many categories there are, the unknown one too."""
        return len(self._mapping)

    def freeze(self, freeze: bool = True) -> None:
        """Take in no category any more; or do again."""
        self._freeze = freeze

    def get(self, category: Any) -> int:
        """Return the number of a category, which gets one if it has none; 0 once frozen."""
        if category not in self._mapping:
            if self._freeze:
                return 0
            self._mapping[category] = len(self._mapping)
            self._reverse_mapping.append(category)
        return self._mapping[category]

    def add(self, category: Any, count: int = 1) -> None:
        """Count a category; a frozen vocabulary counts none.

        Args:
            category: the category.
            count: how often it is there.
        """
        category_id = self.get(category)
        if category_id > 0:
            self._freq[category] = self._freq.get(category, 0) + count

    def trim(self, min_frequency: float, max_frequency: float = -1) -> None:
        """Keep categories by how often they were counted, and number them by that.

        Args:
            min_frequency: those that were counted as often or less are dropped.
            max_frequency: those that were counted as often or more are dropped, if it is not -1.
        """
        by_name = sorted(self._freq.items(), key=lambda item: (isinstance(item[0], str), item[0]))
        ranked = sorted(by_name, key=lambda item: item[1], reverse=True)
        kept = {
            category: count
            for category, count in ranked
            if count > min_frequency and (max_frequency <= 0 or count < max_frequency)
        }
        self._freq = kept
        self._reverse_mapping = [self._unknown_token, *kept]
        self._mapping = {category: number for number, category in enumerate(self._reverse_mapping)}

    def reverse(self, class_id: int) -> Any:
        """Return the category of a number.

        Raises:
            ValueError: if the vocabulary was made without that.
        """
        if not self._support_reverse:
            raise ValueError(
                "This vocabulary wasn't initialized with support_reverse to support reverse() "
                "function."
            )
        return self._reverse_mapping[class_id]

    # --- what a file holds of it ------------------------------------------------------------------

    def content(self) -> dict[str, Any]:
        """Return what `of_content` makes it of again: text and numbers in lists and dicts.

        Raises:
            TypeError: if a category is neither text nor a number.
        """
        for category in self._reverse_mapping:
            if not isinstance(category, (str, int, float)):
                raise TypeError(f"A category that is no text and no number: {category!r}")
        return {
            "categories": self._reverse_mapping,
            "counts": [self._freq.get(category, 0) for category in self._reverse_mapping],
            "frozen": self._freeze,
            "support_reverse": self._support_reverse,
        }

    @classmethod
    def of_content(cls, content: dict[str, Any]) -> CategoricalVocabulary:
        """Return the vocabulary of which `content` is the content."""
        unknown, *others = content["categories"]
        made = cls(unknown, content["support_reverse"])
        for category, count in zip(others, content["counts"][1:], strict=True):
            made.add(category, count)
        made.freeze(content["frozen"])
        return made
