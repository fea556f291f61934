"""CPU kernels of `minitf.ops.elementwise.transcendental`: one pass each."""

from minitf.kernels_cpu.elementwise.loops import attach
from minitf.ops.elementwise import transcendental

attach(
    transcendental.erf_op,
    transcendental.erfc_op,
    transcendental.exp_op,
    transcendental.expm1_op,
    transcendental.log1p_op,
    transcendental.log_op,
    transcendental.sigmoid_grad_op,
    transcendental.sigmoid_op,
    transcendental.tanh_grad_op,
    transcendental.tanh_op,
    transcendental.xdivy_op,
    transcendental.xlogy_op,
)
