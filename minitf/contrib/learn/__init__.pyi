# `tf.contrib.learn`: its data sets and preprocessing, and names of `tf.estimator`.

from minitf.contrib.learn.modes import ModeKeys as ModeKeys
from minitf.estimator.run_config import RunConfig as RunConfig
from minitf.contrib.learn import datasets as datasets
from minitf.contrib.learn import preprocessing as preprocessing
__all__ = ['ModeKeys', 'RunConfig', 'datasets', 'preprocessing']
