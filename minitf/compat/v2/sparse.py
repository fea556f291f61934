"""`tf.sparse` of TensorFlow 2."""

from minitf import lazy

_NAMES = {
    "minitf.v2.math": (
        "segment_mean=sparse_segment_mean segment_sqrt_n=sparse_segment_sqrt_n "
        "segment_sum=sparse_segment_sum"
    ),
    "minitf.v2.sparse": "add concat reduce_max reduce_sum split",
    **lazy.present(
        "minitf.namespaces.sparse",
        (
            "SparseTensor cross cross_hashed expand_dims eye fill_empty_rows from_dense mask "
            "maximum minimum reorder reset_shape reshape retain slice softmax sparse_dense_matmul "
            "to_dense to_indicator transpose"
        ),
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
