"""`tf.contrib.learn.preprocessing`: documents and categories turned into numbers."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.learn.preprocessing.categories": "CategoricalProcessor",
    "minitf.contrib.learn.preprocessing.texts": "ByteProcessor VocabularyProcessor tokenizer",
    "minitf.contrib.learn.preprocessing.vocabulary": "CategoricalVocabulary",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
