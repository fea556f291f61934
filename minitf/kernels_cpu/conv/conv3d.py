"""CPU kernels of convolution of volumes: those of images, whose functions do the work.

Source: 2015 Table 1; docs/kernels.md has the figures.
"""

from __future__ import annotations

import numpy as np

from minitf.dtypes import FLOATS
from minitf.kernels_cpu.conv.conv2d import correlate, pair, spread
from minitf.ops.conv.conv3d import (
    FIRST_TYPES,
    conv3d_backprop_filter_op,
    conv3d_backprop_filter_v2_op,
    conv3d_backprop_input_op,
    conv3d_backprop_input_v2_op,
    conv3d_op,
    volume_frame,
)
from minitf.ops.conv.grouped import convolve, convolve_filter, convolve_input


@conv3d_op.kernel("CPU", T=FLOATS)
def conv3d(input, filter, **attrs):
    """Convolve block by block."""
    return convolve(volume_frame(**attrs), input, filter, correlate)


@conv3d_backprop_input_v2_op.kernel("CPU", T=FLOATS)
def conv3d_backprop_input_v2(input_sizes, filter, out_backprop, **attrs):
    """Carry the gradient back to the input block by block."""
    return convolve_input(volume_frame(**attrs), input_sizes, filter, out_backprop, spread)


@conv3d_backprop_filter_v2_op.kernel("CPU", T=FLOATS)
def conv3d_backprop_filter_v2(input, filter_sizes, out_backprop, **attrs):
    """Carry the gradient back to the filter block by block."""
    return convolve_filter(volume_frame(**attrs), input, filter_sizes, out_backprop, pair)


@conv3d_backprop_input_op.kernel("CPU", T=FIRST_TYPES)
def conv3d_backprop_input(input, filter, out_backprop, **attrs):
    """Carry the gradient back to an input of which only the shape counts."""
    frame = volume_frame(**attrs)
    return convolve_input(frame, np.array(input.shape), filter, out_backprop, spread)


@conv3d_backprop_filter_op.kernel("CPU", T=FIRST_TYPES)
def conv3d_backprop_filter(input, filter, out_backprop, **attrs):
    """Carry the gradient back to a filter of which only the shape counts."""
    frame = volume_frame(**attrs)
    return convolve_filter(frame, input, np.array(filter.shape), out_backprop, pair)
