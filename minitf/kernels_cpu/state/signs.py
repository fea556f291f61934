"""CPU kernels of `minitf.ops.state.signs`: one pass over variable, slots and gradient."""

from minitf.kernels_cpu.state.steps import attach
from minitf.ops.state import signs

attach(
    signs.apply_add_sign_op,
    signs.apply_power_sign_op,
)
