"""Documents as sequences of numbers, of words or of bytes.

    processor = VocabularyProcessor(max_document_length=4)
    list(processor.fit_transform(["to be or", "not to be"]))   # [[1, 2, 3, 0], [4, 1, 2, 0]]

**Departures**: `save` writes JSON, and `restore` reads no pickled file, as such may run any code.
A function that splits documents does not stand in the file: `restore` takes it.

Source: TensorFlow 1.15's `tf.contrib.learn.preprocessing`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from minitf.contrib.learn.preprocessing.vocabulary import CategoricalVocabulary

Array = np.ndarray[Any, Any]
# words: capitals, the capitalized word before a capital, or letters, digits, ', _ and -
_WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|[\w'-]+")


def tokenizer(iterator: Iterable[str]) -> Iterator[list[str]]:
    """Yield the words of each document."""
    for document in iterator:
        yield _WORD.findall(document)


class ByteProcessor:
    """Makes documents sequences of their bytes in UTF-8.

    Args:
        max_document_length: how long sequences are: longer documents are cut, shorter ones get
            zeros.

    Source: TensorFlow 1.15.
    """

    def __init__(self, max_document_length: int) -> None:
        self.max_document_length = max_document_length

    def fit(self, x: Any) -> None:
        """Do nothing: there is nothing to learn."""

    def fit_transform(self, x: Iterable[Any]) -> Iterator[Array]:
        """Do as `transform`."""
        return self.transform(x)

    def transform(self, x: Iterable[Any]) -> Iterator[Array]:
        """Yield the bytes of each document: uint8[max_document_length]."""
        for document in x:
            text = document.encode() if isinstance(document, str) else bytes(document)
            found = np.zeros(self.max_document_length, np.uint8)
            kept = text[: self.max_document_length]
            found[: len(kept)] = np.frombuffer(kept, np.uint8)
            yield found

    def reverse(self, x: Iterable[Any]) -> Iterator[str]:
        """Yield the text of each sequence of bytes; "" where it is none in UTF-8."""
        for numbers in x:
            text = np.trim_zeros(np.asarray(numbers).astype(np.uint8), trim="b").tobytes()
            try:
                yield text.decode()
            except UnicodeDecodeError:
                yield ""


class VocabularyProcessor:
    """Makes documents sequences of the numbers of their words.

    Args:
        max_document_length: how long sequences are: longer documents are cut, shorter ones get
            zeros.
        min_frequency: words that are there as often or less are unknown.
        vocabulary: the words that are known already.
        tokenizer_fn: gives the words of each of several documents; `tokenizer` by default.

    Attributes:
        vocabulary_: the CategoricalVocabulary.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        max_document_length: int,
        min_frequency: int = 0,
        vocabulary: CategoricalVocabulary | None = None,
        tokenizer_fn: Callable[[Any], Iterable[Any]] | None = None,
    ) -> None:
        self.max_document_length = max_document_length
        self.min_frequency = min_frequency
        self.vocabulary_ = CategoricalVocabulary() if vocabulary is None else vocabulary
        self._tokenizer = tokenizer_fn or tokenizer

    def fit(self, raw_documents: Iterable[Any], unused_y: Any = None) -> VocabularyProcessor:
        """Learn the words of documents; later ones are unknown."""
        for words in self._tokenizer(raw_documents):
            for word in words:
                self.vocabulary_.add(word)
        if self.min_frequency > 0:
            self.vocabulary_.trim(self.min_frequency)
        self.vocabulary_.freeze()
        return self

    def fit_transform(self, raw_documents: Iterable[Any], unused_y: Any = None) -> Iterator[Array]:
        """Learn the words of documents, and do as `transform`."""
        self.fit(raw_documents)
        return self.transform(raw_documents)

    def transform(self, raw_documents: Iterable[Any]) -> Iterator[Array]:
        """Yield the numbers of each document's words: int64[max_document_length]."""
        for words in self._tokenizer(raw_documents):
            found = np.zeros(self.max_document_length, np.int64)
            for place, word in zip(range(self.max_document_length), words, strict=False):
                found[place] = self.vocabulary_.get(word)
            yield found

    def reverse(self, documents: Iterable[Any]) -> Iterator[str]:
        """Yield the words of each sequence of numbers, with spaces between them."""
        for numbers in documents:
            yield " ".join(str(self.vocabulary_.reverse(number)) for number in numbers)

    # --- files ------------------------------------------------------------------------------------

    def save(self, filename: Any) -> None:
        """Write what was learned to a file.

        Raises:
            TypeError: if words are neither text nor numbers.
        """
        own = None if self._tokenizer is tokenizer else getattr(self._tokenizer, "__name__", "?")
        content = {
            "max_document_length": self.max_document_length,
            "min_frequency": self.min_frequency,
            "tokenizer_fn": own,
            "vocabulary": self.vocabulary_.content(),
        }
        Path(filename).write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def restore(
        cls, filename: Any, tokenizer_fn: Callable[[Any], Iterable[Any]] | None = None
    ) -> VocabularyProcessor:
        """Return what `save` wrote to a file.

        Args:
            filename: the file.
            tokenizer_fn: the function that splits documents, if the processor had one of its own.

        Raises:
            ValueError: if it is no such file, or lacks the function.
        """
        try:
            content = json.loads(Path(filename).read_bytes())
        except ValueError:
            raise ValueError(
                f"{filename} is no file that VocabularyProcessor.save of MiniTF wrote: pickled "
                "files are not read, as they may run any code"
            ) from None
        if content["tokenizer_fn"] and tokenizer_fn is None:
            raise ValueError(
                f"{filename} was written by a processor with a tokenizer_fn of its own, "
                f"{content['tokenizer_fn']}: pass it to restore(filename, tokenizer_fn)"
            )
        return cls(
            content["max_document_length"],
            content["min_frequency"],
            CategoricalVocabulary.of_content(content["vocabulary"]),
            tokenizer_fn,
        )
