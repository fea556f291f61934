"""`tf.debugging` of TensorFlow 2."""

from minitf import lazy

_NAMES = {
    "minitf.v2.checks": (
        "assert_all_finite assert_equal assert_greater assert_greater_equal assert_integer "
        "assert_less assert_less_equal assert_near assert_negative assert_non_negative "
        "assert_non_positive assert_none_equal assert_positive assert_rank assert_rank_at_least "
        "assert_rank_in assert_scalar assert_shapes assert_type"
    ),
    **lazy.present(
        "minitf.namespaces.debugging",
        (
            "Assert assert_proper_iterable assert_same_float_dtype check_numerics "
            "get_log_device_placement is_numeric_tensor set_log_device_placement"
        ),
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
