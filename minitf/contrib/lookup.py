"""`tf.contrib.lookup`: tables of the numbers of words."""

from minitf import lazy

_NAMES = {
    "minitf.lookup.index_tables": (
        "FastHashSpec HasherSpec StrongHashSpec index_table_from_file index_table_from_tensor "
        "index_to_string_table_from_file index_to_string_table_from_tensor"
    ),
    "minitf.lookup.sources": (
        "KeyValueTensorInitializer TableInitializerBase=TableInitializer TextFileIndex "
        "TextFileIdTableInitializer TextFileInitializer TextFileStringTableInitializer"
    ),
    "minitf.contrib.mutable_tables": "MutableDenseHashTable MutableHashTable",
    "minitf.lookup.hash_buckets": "IdTableWithHashBuckets",
    "minitf.lookup.tables": "HashTable",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
