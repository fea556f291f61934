"""`tensorflow.python.ops.lookup_ops`: tables, what fills them, and what starts them."""

from minitf import lazy

_NAMES = {
    "minitf.lookup.index_tables": (
        "FastHashSpec HasherSpec StrongHashSpec index_table_from_file index_table_from_tensor "
        "index_to_string_table_from_file index_to_string_table_from_tensor"
    ),
    "minitf.contrib.mutable_tables": ("DenseHashTable MutableDenseHashTable MutableHashTable"),
    "minitf.lookup.hash_buckets": "IdTableWithHashBuckets",
    "minitf.lookup.sources": (
        "KeyValueTensorInitializer TableInitializerBase=TableInitializer TextFileIndex "
        "TextFileIdTableInitializer TextFileInitializer TextFileStringTableInitializer"
    ),
    "minitf.lookup.tables": (
        "HashTable StaticHashTable "
        "StaticHashTableV1=StaticHashTable StaticVocabularyTable "
        "StaticVocabularyTableV1=StaticVocabularyTable"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES, beyond=("minitf",))
