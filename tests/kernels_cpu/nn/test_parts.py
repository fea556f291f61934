"""Kernels of neural-net ops cut their work into parts: the parts never show in the result."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.kernels_cpu import threads
from minitf.kernels_cpu.conv import conv2d
from minitf.kernels_cpu.device import import_mirror
from minitf.testing.calls import attributes
from minitf.testing.case import flat_outputs
from minitf.testing.op_catalogue import cases_of, catalogue

NAMES = [
    name
    for name, op_def in sorted(catalogue().items())
    if op_def.__module__.startswith(("minitf.ops.nn.", "minitf.ops.conv."))
    and (import_mirror(op_def.__module__) or op_def.kernels)
]


def run(name, case, *, part, block, count):
    """Run a kernel with parts of `part` operations, blocks of `block` bytes, `count` threads."""
    op_def = catalogue()[name]
    kernel = op_def.find_kernel("CPU", attributes(op_def, case))
    if kernel is None:
        return None
    with (
        patch.object(threads, "PART", part),
        patch.object(threads, "thread_count", lambda: count),
        patch.object(conv2d, "BLOCK", block),
        np.errstate(all="ignore"),  # as the executor does
    ):
        return flat_outputs(op_def, kernel.function(*case.inputs, **case.attrs))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_many_small_parts_agree_with_the_body(name, data):
    case = data.draw(cases_of(name))

    got = run(name, case, part=8, block=256, count=3)

    if got is not None:
        case.assert_agrees(catalogue()[name], got, case.run(catalogue()[name]))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_the_bits_do_not_depend_on_the_number_of_threads(name, data):
    case = data.draw(cases_of(name))

    alone = run(name, case, part=8, block=256, count=1)
    together = run(name, case, part=8, block=256, count=3)

    for one, other in zip(alone or (), together or (), strict=True):
        assert (one.shape, one.dtype) == (other.shape, other.dtype)
        assert one.tobytes() == other.tobytes()


def test_there_are_kernels_for_what_training_uses():
    assert {
        *("Softmax", "LogSoftmax", "SoftmaxCrossEntropyWithLogits"),
        *("SparseSoftmaxCrossEntropyWithLogits", "BiasAdd", "BiasAddGrad"),
        *("Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter"),
        *("Conv3D", "Conv3DBackpropInputV2", "Conv3DBackpropFilterV2"),
        *("DepthwiseConv2dNative", "DepthwiseConv2dNativeBackpropInput"),
        "DepthwiseConv2dNativeBackpropFilter",
        *("MaxPool", "MaxPoolGrad", "AvgPool", "AvgPoolGrad"),
        *("MaxPool3D", "MaxPool3DGrad", "AvgPool3D", "AvgPool3DGrad"),
        *("FusedBatchNormV3", "FusedBatchNormGradV3", "LRN", "LRNGrad"),
    } <= set(NAMES)
