"""CPU kernels of `minitf.ops.elementwise.division`: of the ops that take NumPy several passes."""

from minitf.kernels_cpu.elementwise.loops import attach
from minitf.ops.elementwise import division

attach(
    division.div_no_nan_op,
    division.mul_no_nan_op,
)
