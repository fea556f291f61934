"""`tf.lookup.experimental`: tables in open addressing."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.mutable_tables": "DenseHashTable",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
