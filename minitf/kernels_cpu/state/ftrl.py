"""CPU kernels of `minitf.ops.state.ftrl`: one pass over variable, slots and gradient."""

from minitf.kernels_cpu.state.steps import attach
from minitf.ops.state import ftrl

attach(
    ftrl.apply_ftrl_op,
    ftrl.apply_ftrl_v2_op,
)
