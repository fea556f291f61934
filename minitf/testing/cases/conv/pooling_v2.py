"""Cases of the ops of `minitf.ops.conv.pooling_v2`: those of the attributes, as inputs."""

from dataclasses import replace

import numpy as np

from minitf.dtypes import REAL_NUMBERS, as_dtype
from minitf.ops.conv.pooling import POOLED
from minitf.testing.cases.conv.pooling import max_pool_grad_grads, max_pool_grads, pools


def with_inputs(case):
    """Return a case whose window and strides are inputs."""
    attrs = dict(case.attrs)
    sizes = [np.int32(attrs.pop(name)) for name in ("ksize", "strides")]
    return replace(case, inputs=(*case.inputs, *sizes), attrs=attrs)


CASES = {
    "MaxPoolV2": pools(POOLED - {as_dtype("qint8")}).map(with_inputs),
    "MaxPoolGradV2": max_pool_grads(pools(REAL_NUMBERS)).map(with_inputs),
    "MaxPoolGradGradV2": max_pool_grad_grads().map(with_inputs),
}
