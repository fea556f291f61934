"""Any operations as one cluster, whatever the search for clusters would make of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from executor.clustered import CPU, optimized, plain_of

import minitf as tf
from minitf.devices import Cluster
from minitf.executor.fusion import _Search
from minitf.kernels_cpu.fusion.kernel import Fused


def whole_cluster(fetched: Sequence[Any], feeds: Sequence[Any]) -> Cluster:
    """Return the cluster of all operations between feeds and fetches."""
    search = _Search(optimized(fetched, feeds), CPU.fuses)
    members = [op for op in search._order if search._may_join(op)]
    (cluster,) = search._made([members])
    assert set(cluster.inputs) <= set(feeds), "not every operation is fused"
    return cluster


class Trial:
    """A function of tensors as a fused kernel, and as single operations."""

    def __init__(self, build: Callable[..., Any], arrays: Sequence[Any], shapes: Any = None):
        """Build the function of placeholders for arrays.

        Args:
            build: tensors in, a tensor or a list of them out.
            arrays: what they may be.
            shapes: static shapes of the placeholders, those of the arrays if None.
        """
        self.arrays = [np.asarray(array) for array in arrays]
        shapes = shapes or [array.shape for array in self.arrays]
        with tf.Graph().as_default():
            inputs = [
                tf.placeholder(tf.as_dtype(array.dtype), shape)
                for array, shape in zip(self.arrays, shapes, strict=True)
            ]
            made = build(*inputs)
            fetched = list(made) if isinstance(made, (list, tuple)) else [made]
            self.cluster = whole_cluster(fetched, inputs)
        self.order = [inputs.index(tensor) for tensor in self.cluster.inputs]
        self.fused = Fused(self.cluster, plain_of(self.cluster), np.empty)
        self.plain = plain_of(self.cluster)

    @property
    def inputs(self) -> list[Any]:
        """The arrays in the order of the cluster's inputs."""
        return [self.arrays[i] for i in self.order]

    def is_compiled(self) -> bool:
        """Tell whether arrays of these shapes run in compiled loops."""
        shapes = tuple([array.shape for array in self.inputs])
        return self.fused.launch_for(shapes) is not self.fused._plain

    def both(self) -> list[tuple[Any, Any]]:
        """Return the fused and the plain value of each output."""
        assert self.is_compiled()
        with np.errstate(all="ignore"):  # as in a step
            got, want = self.fused.kernel()(*self.inputs), self.plain(*self.inputs)
        if len(self.cluster.outputs) == 1:
            got, want = (got,), (want,)
        return list(zip(got, want, strict=True))

    def source(self) -> str:
        """Return the text that is run."""
        return self.fused.source(*[array.shape for array in self.inputs])


def assert_same_bits(trial: Trial) -> None:
    """Check that the loops give the bits of the operations."""
    for got, want in trial.both():
        assert_equal_bits(got, want)


def assert_equal_bits(got: Any, want: Any, what: str = "") -> None:
    """Check that two arrays have the same bits; any NaN is as good as another."""
    want = np.asarray(want)
    assert (got.dtype, got.shape) == (want.dtype, want.shape), what
    if want.dtype.kind == "f":
        bits = f"u{want.itemsize}"
        got, want = (np.where(np.isnan(x), x.dtype.type(np.nan), x) for x in (got, want))
        got, want = got.view(bits), want.view(bits)
    np.testing.assert_array_equal(got, want, what)
