"""What all scores of a row have in common changes no bit: sums may be reordered, shifts may not."""

import numpy as np
import pytest

from minitf import ops
from minitf.dtypes import by_numpy, int32
from minitf.kernels_cpu.device import import_mirror
from minitf.testing.case import flat_outputs

SCORES = np.random.default_rng(0).integers(-9, 9, (7, 37))  # whole, so that shifts are exact
SHARES = np.random.default_rng(1).random((7, 37))
LABELS = np.arange(7, dtype=np.int32)


@pytest.mark.parametrize("offset", [2.0**12, -(2.0**20)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("op_def", "targets"),
    [
        (ops.softmax_op, None),
        (ops.log_softmax_op, None),
        (ops.softmax_cross_entropy_with_logits_op, SHARES),
        (ops.sparse_softmax_cross_entropy_with_logits_op, LABELS),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_common_offset_changes_no_bit(op_def, targets, dtype, offset):
    import_mirror(op_def.__module__)
    kernel = op_def.find_kernel("CPU", {"T": by_numpy(np.dtype(dtype)), "Tlabels": int32}).function
    scores = SCORES.astype(dtype)
    if targets is SHARES:
        targets = SHARES.astype(dtype)
    others = [] if targets is None else [targets]

    plain, shifted = kernel(scores, *others), kernel(scores + dtype(offset), *others)

    for one, other in zip(flat_outputs(op_def, plain), flat_outputs(op_def, shifted), strict=True):
        np.testing.assert_array_equal(one, other)
