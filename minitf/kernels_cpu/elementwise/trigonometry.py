"""CPU kernels of `minitf.ops.elementwise.trigonometry`: one pass each.

Sin and Cos of float32 stay NumPy's, whose loops reduce small arguments faster.
"""

from minitf.dtypes import float64
from minitf.kernels_cpu.elementwise.loops import attach
from minitf.ops.elementwise import trigonometry

attach(
    trigonometry.acos_op,
    trigonometry.acosh_op,
    trigonometry.asin_op,
    trigonometry.asinh_op,
    trigonometry.atan2_op,
    trigonometry.atan_op,
    trigonometry.atanh_op,
    trigonometry.cosh_op,
    trigonometry.sinh_op,
    trigonometry.tan_op,
)
attach(trigonometry.cos_op, trigonometry.sin_op, types=(float64,))
