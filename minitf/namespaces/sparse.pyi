# `tf.sparse`: tensors that list only some of their values.

from minitf.api.accumulators import SparseConditionalAccumulator as SparseConditionalAccumulator
from minitf.api.constants import sparse_placeholder as placeholder
from minitf.api.segments import sparse_segment_mean as segment_mean
from minitf.api.segments import sparse_segment_sqrt_n as segment_sqrt_n
from minitf.api.segments import sparse_segment_sum as segment_sum
from minitf.api.sparse import sparse_expand_dims as expand_dims
from minitf.api.sparse import sparse_eye as eye
from minitf.api.sparse import sparse_reorder as reorder
from minitf.api.sparse import sparse_reset_shape as reset_shape
from minitf.api.sparse import sparse_reshape as reshape
from minitf.api.sparse import sparse_transpose as transpose
from minitf.api.sparse_crossing import sparse_cross as cross
from minitf.api.sparse_crossing import sparse_cross_hashed as cross_hashed
from minitf.api.sparse_dense import sparse_fill_empty_rows as fill_empty_rows
from minitf.api.sparse_dense import from_dense as from_dense
from minitf.api.sparse_dense import sparse_merge as merge
from minitf.api.sparse_dense import sparse_tensor_to_dense as to_dense
from minitf.api.sparse_dense import sparse_to_indicator as to_indicator
from minitf.api.sparse_math import sparse_add as add
from minitf.api.sparse_math import sparse_tensor_dense_matmul as matmul
from minitf.api.sparse_math import sparse_maximum as maximum
from minitf.api.sparse_math import sparse_minimum as minimum
from minitf.api.sparse_math import sparse_reduce_max as reduce_max
from minitf.api.sparse_math import sparse_reduce_max_sparse as reduce_max_sparse
from minitf.api.sparse_math import sparse_reduce_sum as reduce_sum
from minitf.api.sparse_math import sparse_reduce_sum_sparse as reduce_sum_sparse
from minitf.api.sparse_math import sparse_softmax as softmax
from minitf.api.sparse_math import sparse_tensor_dense_matmul as sparse_dense_matmul
from minitf.api.sparse_slicing import sparse_concat as concat
from minitf.api.sparse_slicing import sparse_mask as mask
from minitf.api.sparse_slicing import sparse_retain as retain
from minitf.api.sparse_slicing import sparse_slice as slice
from minitf.api.sparse_slicing import sparse_split as split
from minitf.composite import SparseTensor as SparseTensor
__all__ = ['SparseConditionalAccumulator', 'SparseTensor', 'add', 'concat', 'cross', 'cross_hashed', 'expand_dims', 'eye', 'fill_empty_rows', 'from_dense', 'mask', 'matmul', 'maximum', 'merge', 'minimum', 'placeholder', 'reduce_max', 'reduce_max_sparse', 'reduce_sum', 'reduce_sum_sparse', 'reorder', 'reset_shape', 'reshape', 'retain', 'segment_mean', 'segment_sqrt_n', 'segment_sum', 'slice', 'softmax', 'sparse_dense_matmul', 'split', 'to_dense', 'to_indicator', 'transpose']
