# `tf.contrib.learn.datasets`: small data sets by name.

from minitf.contrib.learn.datasets.base import load_boston as load_boston
from minitf.contrib.learn.datasets.base import load_iris as load_iris
from minitf.contrib.learn.datasets.named import DATASETS as DATASETS
from minitf.contrib.learn.datasets.named import load_dataset as load_dataset
from minitf.contrib.learn.datasets import base as base
from minitf.contrib.learn.datasets import mnist as mnist
__all__ = ['DATASETS', 'base', 'load_boston', 'load_dataset', 'load_iris', 'mnist']
