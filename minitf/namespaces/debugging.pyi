# `tf.debugging`: checks in the graph.

from minitf.api.checks import Assert as Assert
from minitf.api.checks import check_numerics as check_numerics
from minitf.api.comparison import is_finite as is_finite
from minitf.api.comparison import is_inf as is_inf
from minitf.api.comparison import is_nan as is_nan
__all__ = ['Assert', 'check_numerics', 'is_finite', 'is_inf', 'is_nan']
