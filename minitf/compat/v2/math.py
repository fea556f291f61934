"""`tf.math` of TensorFlow 2."""

from minitf import lazy

_NAMES = {
    "minitf.api.counting": "bincount=bincount_v2",
    "minitf.v2.math": "argmax argmin confusion_matrix count_nonzero scalar_mul",
    "minitf.v2.nn": "in_top_k l2_normalize log_softmax softmax",
    "minitf.v2.reductions": (
        "reduce_all reduce_any reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod "
        "reduce_sum"
    ),
    **lazy.present(
        "minitf.namespaces.math",
        (
            "abs accumulate_n acos acosh add add_n angle asin asinh atan atan2 atanh bessel_i0 "
            "bessel_i0e bessel_i1 bessel_i1e betainc ceil conj cos cosh cumprod cumsum "
            "cumulative_logsumexp digamma divide divide_no_nan equal erf erfc exp expm1 floor "
            "floordiv floormod greater greater_equal igamma igammac imag invert_permutation "
            "is_finite is_inf is_nan is_non_decreasing is_strictly_increasing lbeta less "
            "less_equal lgamma log log1p log_sigmoid logical_and logical_not logical_or "
            "logical_xor maximum minimum mod multiply multiply_no_nan negative nextafter "
            "not_equal polygamma polyval pow real reciprocal reciprocal_no_nan "
            "reduce_euclidean_norm reduce_std reduce_variance rint round rsqrt segment_max "
            "segment_mean segment_min segment_prod segment_sum sigmoid sign sin sinh softplus "
            "softsign sqrt square squared_difference subtract tan tanh top_k truediv "
            "unsorted_segment_max unsorted_segment_mean unsorted_segment_min "
            "unsorted_segment_prod unsorted_segment_sqrt_n unsorted_segment_sum xdivy xlogy "
            "zero_fraction zeta"
        ),
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
