"""CPU kernels of `minitf.ops.elementwise.transcendental`.

Erf and Erfc of float32 are libm's, within 3 ulp of the body, which rounds Python's float64 once;
the others give the body's bits.  Exp, Log, Tanh and Sigmoid stay NumPy's, which are vectorised.
"""

from minitf.kernels_cpu.elementwise.loops import attach
from minitf.ops.elementwise import transcendental

attach(
    transcendental.erf_op,
    transcendental.erfc_op,
    transcendental.sigmoid_grad_op,
    transcendental.tanh_grad_op,
    transcendental.xdivy_op,
)
