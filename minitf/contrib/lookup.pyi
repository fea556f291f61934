# `tf.contrib.lookup`: tables of the numbers of words.

from minitf.contrib.mutable_tables import MutableDenseHashTable as MutableDenseHashTable
from minitf.contrib.mutable_tables import MutableHashTable as MutableHashTable
from minitf.lookup.hash_buckets import IdTableWithHashBuckets as IdTableWithHashBuckets
from minitf.lookup.index_tables import FastHashSpec as FastHashSpec
from minitf.lookup.index_tables import HasherSpec as HasherSpec
from minitf.lookup.index_tables import StrongHashSpec as StrongHashSpec
from minitf.lookup.index_tables import index_table_from_file as index_table_from_file
from minitf.lookup.index_tables import index_table_from_tensor as index_table_from_tensor
from minitf.lookup.index_tables import index_to_string_table_from_file as index_to_string_table_from_file
from minitf.lookup.index_tables import index_to_string_table_from_tensor as index_to_string_table_from_tensor
from minitf.lookup.sources import KeyValueTensorInitializer as KeyValueTensorInitializer
from minitf.lookup.sources import TableInitializer as TableInitializerBase
from minitf.lookup.sources import TextFileIdTableInitializer as TextFileIdTableInitializer
from minitf.lookup.sources import TextFileIndex as TextFileIndex
from minitf.lookup.sources import TextFileInitializer as TextFileInitializer
from minitf.lookup.sources import TextFileStringTableInitializer as TextFileStringTableInitializer
from minitf.lookup.tables import HashTable as HashTable
__all__ = ['FastHashSpec', 'HashTable', 'HasherSpec', 'IdTableWithHashBuckets', 'KeyValueTensorInitializer', 'MutableDenseHashTable', 'MutableHashTable', 'StrongHashSpec', 'TableInitializerBase', 'TextFileIdTableInitializer', 'TextFileIndex', 'TextFileInitializer', 'TextFileStringTableInitializer', 'index_table_from_file', 'index_table_from_tensor', 'index_to_string_table_from_file', 'index_to_string_table_from_tensor']
