"""`tf.keras.preprocessing.text`, of the package keras-preprocessing."""

from __future__ import annotations

from minitf.keras.utils.extra import library

_text = library("keras_preprocessing.text")

Tokenizer = _text.Tokenizer
hashing_trick = _text.hashing_trick
one_hot = _text.one_hot
text_to_word_sequence = _text.text_to_word_sequence
tokenizer_from_json = _text.tokenizer_from_json
