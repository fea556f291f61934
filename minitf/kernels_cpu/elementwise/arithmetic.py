"""CPU kernels of `minitf.ops.elementwise.arithmetic`: of the ops that take NumPy several passes."""

from minitf.kernels_cpu.elementwise.loops import attach
from minitf.ops.elementwise import arithmetic

attach(
    arithmetic.sign_op,
    arithmetic.squared_difference_op,
)
