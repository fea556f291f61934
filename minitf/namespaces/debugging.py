"""`tf.debugging`: checks in the graph."""

from minitf import lazy

_NAMES = {
    "minitf.api.assertions": (
        "assert_equal assert_greater assert_greater_equal assert_less assert_less_equal "
        "assert_near assert_negative assert_non_negative assert_non_positive assert_none_equal "
        "assert_positive is_non_decreasing is_numeric_tensor is_strictly_increasing"
    ),
    "minitf.api.checks": "Assert assert_all_finite=verify_tensor_all_finite check_numerics",
    "minitf.api.comparison": "is_finite is_inf is_nan",
    "minitf.session.settings": "get_log_device_placement set_log_device_placement",
    "minitf.api.static_checks": (
        "assert_integer assert_proper_iterable assert_rank assert_rank_at_least assert_rank_in "
        "assert_same_float_dtype assert_scalar assert_shapes assert_type"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
