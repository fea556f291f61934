# `tf.lookup.experimental`: tables in open addressing.

from minitf.contrib.mutable_tables import DenseHashTable as DenseHashTable
__all__ = ['DenseHashTable']
