"""`tf.lookup`: tables that answer with a value for each key."""

from minitf import lazy

_NAMES = {
    "minitf.lookup.sources": "KeyValueTensorInitializer TextFileIndex TextFileInitializer",
    "minitf.lookup.tables": "StaticHashTable StaticVocabularyTable",
}

_SUBMODULES = "experimental"

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, _SUBMODULES)
