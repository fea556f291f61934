# `tf.random`: the random ops under the names of TensorFlow 1.13 and later.

from minitf.api.random import categorical as categorical
from minitf.api.random import random_gamma as gamma
from minitf.api.random import get_seed as get_seed
from minitf.api.random import multinomial as multinomial
from minitf.api.random import random_normal as normal
from minitf.api.random import random_poisson as poisson
from minitf.api.random import set_random_seed as set_random_seed
from minitf.api.random import random_shuffle as shuffle
from minitf.api.random import truncated_normal as truncated_normal
from minitf.api.random import random_uniform as uniform
__all__ = ['categorical', 'gamma', 'get_seed', 'multinomial', 'normal', 'poisson', 'set_random_seed', 'shuffle', 'truncated_normal', 'uniform']
