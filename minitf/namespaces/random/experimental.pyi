# `tf.random.experimental`: generators of random numbers whose state is a variable.

from minitf.variables.generators import Generator as Generator
from minitf.variables.generators import create_rng_state as create_rng_state
from minitf.variables.generators import get_global_generator as get_global_generator
from minitf.variables.generators import set_global_generator as set_global_generator
__all__ = ['Generator', 'create_rng_state', 'get_global_generator', 'set_global_generator']
