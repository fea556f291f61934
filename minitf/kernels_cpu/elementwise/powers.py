"""CPU kernels of `minitf.ops.elementwise.powers`: powers, and what takes NumPy several passes."""

from minitf.kernels_cpu.elementwise.loops import attach
from minitf.ops.elementwise import powers

attach(
    powers.inv_grad_op,
    powers.pow_op,
    powers.reciprocal_grad_op,
    powers.rsqrt_grad_op,
    powers.rsqrt_op,
    powers.sqrt_grad_op,
)
