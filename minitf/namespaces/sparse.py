"""`tf.sparse`: tensors that list only some of their values."""

from minitf import lazy

_NAMES = {
    "minitf.api.accumulators": "SparseConditionalAccumulator",
    "minitf.api.constants": "placeholder=sparse_placeholder",
    "minitf.api.segments": (
        "segment_mean=sparse_segment_mean segment_sqrt_n=sparse_segment_sqrt_n "
        "segment_sum=sparse_segment_sum"
    ),
    "minitf.api.sparse": (
        "expand_dims=sparse_expand_dims eye=sparse_eye reorder=sparse_reorder "
        "reset_shape=sparse_reset_shape reshape=sparse_reshape transpose=sparse_transpose"
    ),
    "minitf.api.sparse_crossing": "cross=sparse_cross cross_hashed=sparse_cross_hashed",
    "minitf.api.sparse_dense": (
        "fill_empty_rows=sparse_fill_empty_rows from_dense merge=sparse_merge "
        "to_dense=sparse_tensor_to_dense to_indicator=sparse_to_indicator"
    ),
    "minitf.api.sparse_math": (
        "add=sparse_add matmul=sparse_tensor_dense_matmul maximum=sparse_maximum "
        "minimum=sparse_minimum reduce_max=sparse_reduce_max "
        "reduce_max_sparse=sparse_reduce_max_sparse reduce_sum=sparse_reduce_sum "
        "reduce_sum_sparse=sparse_reduce_sum_sparse softmax=sparse_softmax "
        "sparse_dense_matmul=sparse_tensor_dense_matmul"
    ),
    "minitf.api.sparse_slicing": (
        "concat=sparse_concat mask=sparse_mask retain=sparse_retain slice=sparse_slice "
        "split=sparse_split"
    ),
    "minitf.composite": "SparseTensor",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
