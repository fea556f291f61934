# `tf.contrib.stateless`: random numbers that a seed determines, under their first names.

from minitf.api.random_stateless import stateless_multinomial as stateless_multinomial
from minitf.api.random_stateless import stateless_random_normal as stateless_random_normal
from minitf.api.random_stateless import stateless_random_uniform as stateless_random_uniform
from minitf.api.random_stateless import stateless_truncated_normal as stateless_truncated_normal
__all__ = ['stateless_multinomial', 'stateless_random_normal', 'stateless_random_uniform', 'stateless_truncated_normal']
