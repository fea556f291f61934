# `tf.sparse` of TensorFlow 2.

from minitf.namespaces.sparse import SparseTensor as SparseTensor
from minitf.namespaces.sparse import cross as cross
from minitf.namespaces.sparse import cross_hashed as cross_hashed
from minitf.namespaces.sparse import expand_dims as expand_dims
from minitf.namespaces.sparse import eye as eye
from minitf.namespaces.sparse import fill_empty_rows as fill_empty_rows
from minitf.namespaces.sparse import from_dense as from_dense
from minitf.namespaces.sparse import mask as mask
from minitf.namespaces.sparse import maximum as maximum
from minitf.namespaces.sparse import minimum as minimum
from minitf.namespaces.sparse import reorder as reorder
from minitf.namespaces.sparse import reset_shape as reset_shape
from minitf.namespaces.sparse import reshape as reshape
from minitf.namespaces.sparse import retain as retain
from minitf.namespaces.sparse import slice as slice
from minitf.namespaces.sparse import softmax as softmax
from minitf.namespaces.sparse import sparse_dense_matmul as sparse_dense_matmul
from minitf.namespaces.sparse import to_dense as to_dense
from minitf.namespaces.sparse import to_indicator as to_indicator
from minitf.namespaces.sparse import transpose as transpose
from minitf.v2.math import sparse_segment_mean as segment_mean
from minitf.v2.math import sparse_segment_sqrt_n as segment_sqrt_n
from minitf.v2.math import sparse_segment_sum as segment_sum
from minitf.v2.sparse import add as add
from minitf.v2.sparse import concat as concat
from minitf.v2.sparse import reduce_max as reduce_max
from minitf.v2.sparse import reduce_sum as reduce_sum
from minitf.v2.sparse import split as split
__all__ = ['SparseTensor', 'add', 'concat', 'cross', 'cross_hashed', 'expand_dims', 'eye', 'fill_empty_rows', 'from_dense', 'mask', 'maximum', 'minimum', 'reduce_max', 'reduce_sum', 'reorder', 'reset_shape', 'reshape', 'retain', 'segment_mean', 'segment_sqrt_n', 'segment_sum', 'slice', 'softmax', 'sparse_dense_matmul', 'split', 'to_dense', 'to_indicator', 'transpose']
