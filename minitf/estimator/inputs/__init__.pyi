# `tf.estimator.inputs`: input functions of arrays and data frames.

from minitf.estimator.inputs.arrays import numpy_input_fn as numpy_input_fn
from minitf.estimator.inputs.frames import pandas_input_fn as pandas_input_fn
__all__ = ['numpy_input_fn', 'pandas_input_fn']
