"""Cases of the op of `minitf.ops.array.slice_update`."""

from minitf.testing.cases.array.slicing import strided

CASES = {"TensorStridedSliceUpdate": strided(update=True)}
