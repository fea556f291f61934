"""A kernel computes what the op's body computes: bit for bit, or within a bound.

The bound is the kernel's own, if it approximates the op by other means, else the case's.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np

from minitf.kernels_cpu.device import import_mirror
from minitf.testing import skips
from minitf.testing.calls import attributes
from minitf.testing.case import Case, flat_outputs
from minitf.testing.derivatives import flat
from minitf.testing.property import Draw, Property, not_a_function


def _not_for(op_def: Any) -> str:
    import_mirror(op_def.__module__)
    return not_a_function(op_def) or ("" if op_def.kernels else skips.BODY_RUNS)


def _check(op_def: Any, case: Case, _: Draw) -> str:
    kernel = op_def.find_kernel("CPU", attributes(op_def, case))
    if kernel is None:
        return skips.BODY_RUNS
    inputs = copy.deepcopy(case.inputs)

    with np.errstate(all="ignore"):  # as the executor does
        got = flat_outputs(op_def, kernel.function(*inputs, **case.attrs))

    want = case.run(op_def)
    if kernel.ulps is not None:
        case = replace(case, ulps=kernel.ulps, terms=None, scale=0)
    case.assert_agrees(op_def, got, want)
    for left, given in zip(flat(inputs), flat(case.inputs), strict=True):
        assert _bits(left) == _bits(given), "the kernel writes into its input"
    return ""


def _bits(value: Any) -> Any:
    array = np.asarray(value)
    return array.tolist() if array.dtype == object else array.tobytes()


AGREES = Property("kernel", "A CPU kernel computes what the body computes.", _not_for, _check)
