"""The kernel of a cluster: finds, by the shapes of its inputs, the function that computes it.

**State**: `launches`, shapes of the inputs -> a function of the inputs that allocates what is
needed and calls compiled code.  Where shapes or types are not compiled the launch is `plain`, which
runs the cluster's operations one by one and raises their errors.

**Invariants**
1. Which source a launch runs depends on the pattern of shapes; sizes are arguments.
2. A launch checks that arrays are packed; types and ranks follow from the graph and from the key.
3. Parts of a stage depend on shapes alone: the bits of results do not depend on threads.

Source: no paper; measured: a launch costs about 0.5 us and 0.1 us per array.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minitf.devices import Cluster
from minitf.errors import OpError
from minitf.kernels_cpu.fusion.axes import Axial, in_axes
from minitf.kernels_cpu.fusion.compiling import generated
from minitf.kernels_cpu.fusion.launches import Callee, Launch, code_of, make_launch
from minitf.kernels_cpu.fusion.passes import plan_passes
from minitf.kernels_cpu.fusion.programs import Output, program_of
from minitf.kernels_cpu.fusion.schedule import Schedule
from minitf.kernels_cpu.fusion.source import Text, source_of
from minitf.kernels_cpu.fusion.values import NotFusedError, Value

Shape = tuple[int, ...]
Allocate = Callable[[Shape, Any], Any]
_MOST_LAUNCHES = 64  # a launch takes a millisecond to make: too much for each round of a loop


def fused(cluster: Cluster, plain: Launch, allocate: Allocate = np.empty) -> Launch:
    """Return the kernel of a cluster: its inputs in, its outputs out, a tuple if there are several.

    Args:
        cluster: what it computes.
        plain: computes the same by the operations' own kernels.
        allocate: makes arrays, as `numpy.empty` does.

    Returns:
        A function with attributes `prepare`, `source` and `callee`, the methods of `Fused`.
    """
    made = Fused(cluster, plain, allocate)
    kernel: Any = made.kernel()
    kernel.prepare, kernel.source, kernel.callee = made.prepare, made.source, made.callee
    return kernel  # type: ignore[no-any-return]


class Fused:
    """What a kernel knows; the module's docstring tells its state."""

    def __init__(self, cluster: Cluster, plain: Launch, allocate: Allocate = np.empty) -> None:
        self.cluster = cluster
        self.launches: dict[tuple[Shape, ...], Launch] = {}
        self._plain = plain
        self._allocate = allocate
        self._lock = threading.Lock()

    def kernel(self) -> Launch:
        """Return the function of arrays; it is text, as launches are, for its speed."""
        names = [f"x{i}" for i in range(len(self.cluster.inputs))]
        shapes = f"({''.join(f'{name}.shape, ' for name in names)})"
        space: dict[str, Any] = {"launches": self.launches, "launch_for": self.launch_for}
        source = (
            f"def kernel({', '.join(names)}):\n"
            f"    launch = launches.get({shapes}) or launch_for({shapes})\n"
            f"    return launch({', '.join(names)})\n"
        )
        exec(code_of(source), space)  # noqa: S102 written above
        kernel: Launch = space["kernel"]
        return kernel

    def prepare(self, types: Sequence[tuple[Any, Sequence[int]]]) -> None:
        """Compile for inputs of some types and shapes before they come.

        Args:
            types: dtype and shape of each input.
        """
        self.launch_for(tuple([tuple(shape) for _, shape in types]))

    def source(self, *shapes: Shape) -> str:
        """Return the text of the loops that compute the cluster for inputs of some shapes.

        Raises:
            NotFusedError: if there is none.
        """
        return self._written(shapes)[0].source

    def launch_for(self, shapes: tuple[Shape, ...]) -> Launch:
        """Return what computes the cluster for inputs of some shapes, made the first time.

        Where arrays have ever other shapes, as in a loop that lets them grow, it is `plain`.
        """
        with self._lock:
            launch = self.launches.get(shapes)
            if launch is None:
                if len(self.launches) >= _MOST_LAUNCHES:
                    return self._plain
                launch = self.launches[shapes] = self._made(shapes)
        return launch

    def callee(self, shapes: tuple[Shape, ...]) -> Callee | None:
        """Return the loops for inputs of some shapes, and their arguments; None without loops."""
        try:
            text, axial, numbers, outputs, names = self._written(shapes)
        except (NotFusedError, OpError, ValueError):  # the operations tell what is wrong
            return None
        return Callee(generated(text), text, axial.sizes, numbers, outputs, names, len(shapes))

    def _made(self, shapes: tuple[Shape, ...]) -> Launch:
        callee = self.callee(shapes)
        if callee is None:
            return self._plain
        run = callee.loops.entry(_types(callee, shapes, self.cluster.inputs))
        return make_launch(callee, run, self._allocate, self._plain)

    def _written(
        self, shapes: Sequence[Shape]
    ) -> tuple[Text, Axial, list[Any], list[Output], list[str]]:
        """Return the source for inputs of some shapes, and what there is to know of it."""
        program, outputs = program_of(self.cluster, shapes)
        arrays: dict[Value, str] = {}
        for output in outputs:
            if output.input is None:
                arrays.setdefault(output.value, f"out{len(arrays)}")
        names = ["" if each.input is not None else arrays[each.value] for each in outputs]
        made = {each.value: each.layout for each in outputs if each.input is None}
        axial = in_axes(program, list(made.items()))
        schedule = Schedule(axial, list(arrays.items()))
        nests = plan_passes(schedule)
        text = source_of(axial, schedule, nests, list(arrays.values()))
        return text, axial, program.numbers, outputs, names


def _types(callee: Callee, shapes: Sequence[Shape], inputs: Sequence[Any]) -> tuple[Any, ...]:
    """Return Numba's types of a function's arguments."""
    from numba import from_dtype, types

    def array(dtype: Any, rank: int, *, readonly: bool = False) -> Any:
        return types.Array(from_dtype(dtype), rank, "C", readonly=readonly)

    text, names = callee.text, callee.names
    dtypes = [tensor.dtype.base_dtype.numpy for tensor in inputs]
    found: list[Any] = [types.intp] * (4 + len(callee.sizes))
    found += [from_dtype(dtype) for dtype in text.numbers.values()]
    found += [from_dtype(dtypes[i]) for i in text.scalars]
    found += [array(dtypes[i], len(shapes[i]), readonly=True) for i in text.packed]
    first = dict(zip(reversed(names), reversed(callee.outputs), strict=True))
    kept = dict.fromkeys(name for name in names if name)
    found += [array(first[name].value.dtype, len(first[name].shape)) for name in kept]
    found += [array(each.dtype, 1) for each in text.arrays]
    return tuple(found)
