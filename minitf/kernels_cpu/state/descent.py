"""CPU kernels of `minitf.ops.state.descent`: one pass over variable, slots and gradient."""

from minitf.kernels_cpu.state.steps import attach
from minitf.ops.state import descent

attach(
    descent.apply_gradient_descent_op,
    descent.apply_proximal_gradient_descent_op,
    descent.apply_momentum_op,
)
