# `tf.lookup`: tables that answer with a value for each key.

from minitf.lookup.sources import KeyValueTensorInitializer as KeyValueTensorInitializer
from minitf.lookup.sources import TextFileIndex as TextFileIndex
from minitf.lookup.sources import TextFileInitializer as TextFileInitializer
from minitf.lookup.tables import StaticHashTable as StaticHashTable
from minitf.lookup.tables import StaticVocabularyTable as StaticVocabularyTable
from minitf.lookup import experimental as experimental
__all__ = ['KeyValueTensorInitializer', 'StaticHashTable', 'StaticVocabularyTable', 'TextFileIndex', 'TextFileInitializer', 'experimental']
