# `tf.contrib.learn`: its data sets.

from minitf.contrib.learn import datasets as datasets
__all__ = ['datasets']
