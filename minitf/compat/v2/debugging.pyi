# `tf.debugging` of TensorFlow 2.

from minitf.namespaces.debugging import Assert as Assert
from minitf.namespaces.debugging import assert_proper_iterable as assert_proper_iterable
from minitf.namespaces.debugging import assert_same_float_dtype as assert_same_float_dtype
from minitf.namespaces.debugging import check_numerics as check_numerics
from minitf.namespaces.debugging import get_log_device_placement as get_log_device_placement
from minitf.namespaces.debugging import is_numeric_tensor as is_numeric_tensor
from minitf.namespaces.debugging import set_log_device_placement as set_log_device_placement
from minitf.v2.checks import assert_all_finite as assert_all_finite
from minitf.v2.checks import assert_equal as assert_equal
from minitf.v2.checks import assert_greater as assert_greater
from minitf.v2.checks import assert_greater_equal as assert_greater_equal
from minitf.v2.checks import assert_integer as assert_integer
from minitf.v2.checks import assert_less as assert_less
from minitf.v2.checks import assert_less_equal as assert_less_equal
from minitf.v2.checks import assert_near as assert_near
from minitf.v2.checks import assert_negative as assert_negative
from minitf.v2.checks import assert_non_negative as assert_non_negative
from minitf.v2.checks import assert_non_positive as assert_non_positive
from minitf.v2.checks import assert_none_equal as assert_none_equal
from minitf.v2.checks import assert_positive as assert_positive
from minitf.v2.checks import assert_rank as assert_rank
from minitf.v2.checks import assert_rank_at_least as assert_rank_at_least
from minitf.v2.checks import assert_rank_in as assert_rank_in
from minitf.v2.checks import assert_scalar as assert_scalar
from minitf.v2.checks import assert_shapes as assert_shapes
from minitf.v2.checks import assert_type as assert_type
__all__ = ['Assert', 'assert_all_finite', 'assert_equal', 'assert_greater', 'assert_greater_equal', 'assert_integer', 'assert_less', 'assert_less_equal', 'assert_near', 'assert_negative', 'assert_non_negative', 'assert_non_positive', 'assert_none_equal', 'assert_positive', 'assert_proper_iterable', 'assert_rank', 'assert_rank_at_least', 'assert_rank_in', 'assert_same_float_dtype', 'assert_scalar', 'assert_shapes', 'assert_type', 'check_numerics', 'get_log_device_placement', 'is_numeric_tensor', 'set_log_device_placement']
