"""`tf.keras.preprocessing.text`: texts as numbers of words.

    t = Tokenizer(); t.fit_on_texts(["a cat", "a dog"])
    t.texts_to_sequences(["a dog"])      [[1, 3]]: `a` is the most frequent word

**State** of a Tokenizer: how often words were met, and in how many texts; the number of each word,
from 1 on, by falling frequency.

Source: TensorFlow 1.15's `tf.keras.preprocessing.text`.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

_FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'


def text_to_word_sequence(
    text: str, filters: str = _FILTERS, lower: bool = True, split: str = " "
) -> list[str]:
    """Return the words of a text.

    Args:
        text: the text.
        filters: characters that count as `split`.
        lower: whether capitals become small letters.
        split: what stands between words.
    """
    if lower:
        text = text.lower()
    kept = text.translate({ord(each): split for each in filters})
    return [word for word in kept.split(split) if word]


def one_hot(
    text: str, n: int, filters: str = _FILTERS, lower: bool = True, split: str = " "
) -> list[int]:
    """Return the words of a text as numbers from 1 to n - 1; see `hashing_trick`."""
    return hashing_trick(text, n, hash, filters, lower, split)


def hashing_trick(
    text: str,
    n: int,
    hash_function: Any = None,
    filters: str = _FILTERS,
    lower: bool = True,
    split: str = " ",
) -> list[int]:
    """Return the words of a text as numbers from 1 to n - 1, equal words as equal ones.

    Args:
        text: the text.
        n: one more than the greatest number.
        hash_function: word -> a whole number; Python's `hash`, which differs from run to run, by
            default, and "md5" for one that does not.
        filters: see `text_to_word_sequence`, and so are the others.
    """
    number: Callable[[str], int] = hash if hash_function is None else hash_function
    if hash_function == "md5":

        def number(word: str) -> int:
            return int(hashlib.md5(word.encode(), usedforsecurity=False).hexdigest(), 16)

    words = text_to_word_sequence(text, filters, lower, split)
    return [number(word) % (n - 1) + 1 for word in words]


class Tokenizer:
    """Numbers words by falling frequency.

    Args:
        num_words: one more than the greatest number that texts become; None for no limit.
        filters: see `text_to_word_sequence`.
        lower: likewise.
        split: likewise.
        char_level: whether characters are the words.
        oov_token: the word that stands for all that are not numbered; they are left out without it.
        **kwargs: `document_count`, in how many texts words were met before.

    Raises:
        TypeError: if there is another keyword.
    """

    def __init__(
        self,
        num_words: int | None = None,
        filters: str = _FILTERS,
        lower: bool = True,
        split: str = " ",
        char_level: bool = False,
        oov_token: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.document_count: int = kwargs.pop("document_count", 0)
        kwargs.pop("nb_words", None)
        if kwargs:
            raise TypeError(f"Unrecognized keyword arguments: {kwargs}")
        self.num_words = num_words
        self.filters = filters
        self.lower = lower
        self.split = split
        self.char_level = char_level
        self.oov_token = oov_token
        self.word_counts: OrderedDict[str, int] = OrderedDict()
        self.word_docs: dict[str, int] = {}
        self.index_docs: dict[int, int] = {}
        self.word_index: dict[str, int] = {}
        self.index_word: dict[int, str] = {}

    def _words(self, text: Any) -> Sequence[str]:
        if self.char_level or isinstance(text, list):
            if not self.lower:
                return text
            return [each.lower() for each in text] if isinstance(text, list) else text.lower()
        return text_to_word_sequence(text, self.filters, self.lower, self.split)

    def fit_on_texts(self, texts: Iterable[Any]) -> None:
        """Count the words of texts, each a string or a list of words, and number them."""
        for text in texts:
            self.document_count += 1
            words = self._words(text)
            for word in words:
                self.word_counts[word] = self.word_counts.get(word, 0) + 1
            for word in dict.fromkeys(words):
                self.word_docs[word] = self.word_docs.get(word, 0) + 1
        frequent = sorted(self.word_counts, key=lambda word: -self.word_counts[word])
        first = [] if self.oov_token is None else [self.oov_token]
        self.word_index = {word: i for i, word in enumerate([*first, *frequent], start=1)}
        self.index_word = {number: word for word, number in self.word_index.items()}
        self.index_docs = {self.word_index[word]: count for word, count in self.word_docs.items()}

    def fit_on_sequences(self, sequences: Iterable[Sequence[int]]) -> None:
        """Count in how many sequences numbers are."""
        for sequence in sequences:
            self.document_count += 1
            for number in set(sequence):
                self.index_docs[number] = self.index_docs.get(number, 0) + 1

    def texts_to_sequences(self, texts: Iterable[Any]) -> list[list[int]]:
        """Return the numbers of the words of each text."""
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts: Iterable[Any]) -> Iterator[list[int]]:
        """Give the numbers of the words of each text."""
        unknown = None if self.oov_token is None else self.word_index.get(self.oov_token)
        for text in texts:
            numbers = []
            for word in self._words(text):
                number = self.word_index.get(word)
                if number is None or (self.num_words and number >= self.num_words):
                    number = unknown
                if number is not None:
                    numbers.append(number)
            yield numbers

    def sequences_to_texts(self, sequences: Iterable[Iterable[int]]) -> list[str]:
        """Return the words of each sequence of numbers, joined by spaces."""
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(self, sequences: Iterable[Iterable[int]]) -> Iterator[str]:
        """Give the words of each sequence of numbers, joined by spaces."""
        for sequence in sequences:
            words = []
            for number in sequence:
                word = self.index_word.get(number)
                if word is None or (self.num_words and number >= self.num_words):
                    word = self.oov_token
                if word is not None:
                    words.append(word)
            yield " ".join(words)

    def texts_to_matrix(self, texts: Iterable[Any], mode: str = "binary") -> Any:
        """Return a row for each text, a column for each word; see `sequences_to_matrix`."""
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode)

    def sequences_to_matrix(self, sequences: Sequence[Sequence[int]], mode: str = "binary") -> Any:
        """Return a row for each sequence, a column for each number.

        Args:
            sequences: numbers of words.
            mode: "binary": whether a word is there; "count": how often; "freq": its share;
                "tfidf": its weight by how rare it is.

        Raises:
            ValueError: if there is no such mode, or words were not counted.
        """
        if not self.num_words and not self.word_index:
            raise ValueError(
                "Specify a dimension (`num_words` argument), or fit on some text data first."
            )
        if mode not in {"binary", "count", "freq", "tfidf"}:
            raise ValueError("Unknown vectorization mode:", mode)
        if mode == "tfidf" and not self.document_count:
            raise ValueError("Fit the Tokenizer on some data before using tfidf mode.")
        width = self.num_words or len(self.word_index) + 1
        made = np.zeros((len(sequences), width))
        for row, sequence in zip(made, sequences, strict=True):
            for number, count in Counter(each for each in sequence if each < width).items():
                row[number] = self._weight(number, count, len(sequence), mode)
        return made

    def _weight(self, number: int, count: int, length: int, mode: str) -> float:
        if mode == "binary":
            return 1.0
        if mode == "count":
            return count
        if mode == "freq":
            return count / length
        rarity = np.log(1 + self.document_count / (1 + self.index_docs.get(number, 0)))
        return float((1 + np.log(count)) * rarity)

    def get_config(self) -> dict[str, Any]:
        """Return arguments and state, tables as JSON."""
        plain = ("num_words", "filters", "lower", "split", "char_level", "oov_token")
        tables = ("word_counts", "word_docs", "index_docs", "index_word", "word_index")
        return {
            **{name: getattr(self, name) for name in plain},
            "document_count": self.document_count,
            **{name: json.dumps(getattr(self, name)) for name in tables},
        }

    def to_json(self, **kwargs: Any) -> str:
        """Return the tokenizer as JSON; see `json.dumps` for the arguments."""
        data = {"class_name": type(self).__name__, "config": self.get_config()}
        return json.dumps(data, **kwargs)


def tokenizer_from_json(json_string: str) -> Tokenizer:
    """Return the tokenizer of JSON; see `Tokenizer.to_json`."""
    config = json.loads(json_string)["config"]
    tables = {
        name: json.loads(config.pop(name))
        for name in ("word_counts", "word_docs", "index_docs", "index_word", "word_index")
    }
    made = Tokenizer(**config)
    for name, table in tables.items():
        numbered = name.startswith("index")
        setattr(made, name, {int(k): v for k, v in table.items()} if numbered else table)
    made.word_counts = OrderedDict(made.word_counts)
    return made
