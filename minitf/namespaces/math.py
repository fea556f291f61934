"""`tf.math`: arithmetic, functions, reductions."""

from minitf import lazy

_NAMES = {
    "minitf.api.array": "invert_permutation",
    "minitf.api.assertions": "is_non_decreasing is_strictly_increasing",
    "minitf.api.comparison": (
        "equal greater greater_equal is_finite is_inf is_nan less less_equal logical_and "
        "logical_not logical_or logical_xor not_equal"
    ),
    "minitf.api.counting": "bincount confusion_matrix",
    "minitf.api.elementary": (
        "acos acosh angle asin asinh atan atan2 atanh ceil conj cos cosh erf erfc exp expm1 floor "
        "imag log log1p log_sigmoid real reciprocal rint round rsqrt sigmoid sin sinh sqrt square "
        "tan tanh xdivy xlogy"
    ),
    "minitf.api.math": (
        "abs accumulate_n add add_n divide divide_no_nan=div_no_nan floordiv floormod maximum "
        "minimum mod multiply multiply_no_nan negative pow scalar_mul sign squared_difference "
        "subtract truediv"
    ),
    "minitf.api.nn_activations": "softplus softsign",
    "minitf.api.nn_layers": "in_top_k top_k zero_fraction",
    "minitf.api.nn_losses": "log_softmax softmax",
    "minitf.api.nn_normalisation": "l2_normalize",
    "minitf.api.reductions": (
        "argmax argmin count_nonzero cumprod cumsum cumulative_logsumexp reduce_all reduce_any "
        "reduce_euclidean_norm reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod "
        "reduce_std reduce_sum reduce_variance"
    ),
    "minitf.api.segments": (
        "segment_max segment_mean segment_min segment_prod segment_sum unsorted_segment_max "
        "unsorted_segment_mean unsorted_segment_min unsorted_segment_prod "
        "unsorted_segment_sqrt_n unsorted_segment_sum"
    ),
    "minitf.api.special": (
        "bessel_i0 bessel_i0e bessel_i1 bessel_i1e betainc digamma igamma igammac lbeta lgamma "
        "nextafter polygamma polyval reciprocal_no_nan zeta"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
