"""CPU kernels of `minitf.ops.state.rms_prop`: one pass over variable, slots and gradient."""

from minitf.kernels_cpu.state.steps import attach
from minitf.ops.state import rms_prop

attach(
    rms_prop.apply_rms_prop_op,
    rms_prop.apply_centered_rms_prop_op,
    rms_prop.apply_adadelta_op,
)
