"""CPU kernels of max pooling whose window is an input: those of `.pooling`.

Source: 2015 Table 1.
"""

from __future__ import annotations

from minitf.kernels_cpu.conv import pooling
from minitf.ops.conv import pooling_v2


@pooling_v2.max_pool_v2_op.kernel("CPU", T=pooling.TYPES)
def max_pool_v2(input, ksize, strides, *, padding, data_format="NHWC"):
    """Take the greatest value of each window."""
    attrs = pooling_v2.sizes(ksize, strides)
    return pooling.max_pool(input, **attrs, padding=padding, data_format=data_format)


@pooling_v2.max_pool_grad_v2_op.kernel("CPU", T=pooling.TYPES)
def max_pool_grad_v2(orig_input, orig_output, grad, ksize, strides, *, padding, data_format="NHWC"):
    """Give each window's gradient to its first greatest cell."""
    attrs = pooling_v2.sizes(ksize, strides)
    return pooling.max_pool_grad(
        orig_input, orig_output, grad, **attrs, padding=padding, data_format=data_format
    )
