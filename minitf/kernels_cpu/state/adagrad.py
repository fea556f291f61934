"""CPU kernels of `minitf.ops.state.adagrad`: one pass over variable, slots and gradient."""

from minitf.kernels_cpu.state.steps import attach
from minitf.ops.state import adagrad

attach(
    adagrad.apply_adagrad_op,
    adagrad.apply_adagrad_v2_op,
    adagrad.apply_proximal_adagrad_op,
    adagrad.apply_adagrad_da_op,
)
