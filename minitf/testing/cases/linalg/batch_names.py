"""Cases of the ops of `minitf.ops.linalg.batch_names`: those of the ops that took their places."""

from dataclasses import replace

import numpy as np

from minitf.dtypes import by_numpy
from minitf.op_def import CATALOGUE
from minitf.ops.linalg import batch_names
from minitf.testing.op_catalogue import cases_of


def older(name):
    """Return the cases of the newer op whose types the older one takes, as it takes them."""
    op_def = CATALOGUE[name]

    def changed(case):
        pairs = zip(op_def.inputs, case.inputs, strict=True)
        inputs = tuple(np.asarray(x, arg.dtype and arg.dtype.numpy) for arg, x in pairs)
        return replace(case, inputs=inputs, smooth=False)

    def fits(case):
        allowed = op_def.attrs["T"].allowed if "T" in op_def.attrs else None
        return not allowed or by_numpy(case.inputs[0].dtype) in allowed

    return cases_of(name.removeprefix("Batch")).filter(fits).map(changed)


CASES = {
    name: older(name)
    for name, op_def in list(CATALOGUE.items())
    if op_def.__module__ == batch_names.__name__
}
