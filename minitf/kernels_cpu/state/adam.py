"""CPU kernels of `minitf.ops.state.adam`: one pass over variable, slots and gradient."""

from minitf.kernels_cpu.state.steps import attach
from minitf.ops.state import adam

attach(
    adam.apply_adam_op,
    adam.apply_ada_max_op,
)
