# `tf.bitwise`: operations on bits.

from minitf.api.bitwise import bitwise_and as bitwise_and
from minitf.api.bitwise import bitwise_or as bitwise_or
from minitf.api.bitwise import bitwise_xor as bitwise_xor
from minitf.api.bitwise import invert as invert
from minitf.api.bitwise import left_shift as left_shift
from minitf.api.bitwise import right_shift as right_shift
__all__ = ['bitwise_and', 'bitwise_or', 'bitwise_xor', 'invert', 'left_shift', 'right_shift']
