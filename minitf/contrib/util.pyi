# `tf.contrib.util`: tensors as messages and arrays, and what is known of them.

from minitf.api.framework import get_static_value as constant_value
from minitf.api.tensor_util import make_ndarray as make_ndarray
from minitf.api.tensor_util import make_tensor_proto as make_tensor_proto
__all__ = ['constant_value', 'make_ndarray', 'make_tensor_proto']
