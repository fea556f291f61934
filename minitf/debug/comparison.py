"""Compare part of a graph with another implementation, and say how far apart they are.

    outputs = tf.nn.softmax(logits)
    difference = tf.debug.compare(session, outputs, {logits: rows}, torch_softmax)
    assert difference.most_ulps <= 4

An *ulp* is the distance between two neighbouring floats: 1 is the least that can differ.  The sizes
of differences tell their kind: a few ulps are the order of sums, a millionth another function.
Any tensor may be fed, so a network is compared layer by layer, from what the layer below gave.

Source: 2015 §6 lessons 2 and 5 ("start small", "sub-networks ... known error magnitude").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.graph_keys import GraphKeys

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Comparison:
    """How far two arrays are apart.

    Attributes:
        name: of what was compared.
        most_ulps, mean_ulps: the distance in ulps of the wider type's neighbour; of NaN to a
            number, and of one shape to another, it is infinite.
        most: the greatest absolute difference.
        worst: where the distance in ulps is greatest.
        ours, theirs: the values there.

    Source: 2015 §6.
    """

    name: str
    most_ulps: float
    mean_ulps: float
    most: float
    worst: tuple[int, ...]
    ours: Any
    theirs: Any

    def __str__(self) -> str:
        """Say it in a line."""
        if self.most_ulps == 0:
            return f"{self.name}: equal"
        return (
            f"{self.name}: at most {self.most_ulps:g} ulps apart, {self.mean_ulps:.3g} on average, "
            f"at most {self.most:g} in value; at {list(self.worst)} {self.ours} and {self.theirs}"
        )


def compare(
    session: Any,
    outputs: Any,
    inputs: Mapping[Any, Any],
    reference: Callable[..., Any],
) -> Any:
    """Run part of a graph and a function on the same values, and compare what they give.

    Args:
        session: with its variables initialised.
        outputs: a Tensor, or a list of them.
        inputs: Tensor -> its value: what the part of the graph begins with, fed or computed.
        reference: takes the values of `inputs` in their order, and returns an array, or as many as
            there are outputs.

    Returns:
        A Comparison, or a list of them.

    Raises:
        ValueError: if the function returns another number of arrays.

    Source: 2015 §6.
    """
    several = isinstance(outputs, list | tuple)
    tensors = list(outputs) if several else [outputs]
    ours = session.run(tensors, dict(inputs))
    theirs = reference(*inputs.values())
    theirs = list(theirs) if several else [theirs]
    if len(theirs) != len(ours):
        raise ValueError(f"the reference returned {len(theirs)} arrays for {len(ours)} outputs")
    found = [
        _compared(tensor.name, mine, np.asarray(other))
        for tensor, mine, other in zip(tensors, ours, theirs, strict=True)
    ]
    return found if several else found[0]


def compare_variables(one: Any, other: Any) -> dict[str, Comparison]:
    """Compare the variables of two sessions that have the same names, worst first.

    Train on one machine and on many, or in two ways that should be one, and see which variable
    parts first.

    Args:
        one: a session.
        other: another, whose graph may be another.

    Raises:
        ValueError: if there is no variable that both graphs have.

    Source: 2015 §6 lesson 4 ("make a single machine implementation match before debugging a
        distributed implementation").
    """
    names = [
        {each.op.name: each for each in session.graph.get_collection(GraphKeys.GLOBAL_VARIABLES)}
        for session in (one, other)
    ]
    common = [name for name in names[0] if name in names[1]]
    if not common:
        raise ValueError("the graphs of the two sessions have no variable of the same name")
    found = [_compared(name, one.run(names[0][name]), other.run(names[1][name])) for name in common]
    return {each.name: each for each in sorted(found, key=lambda each: -each.most_ulps)}


def _compared(name: str, ours: Any, theirs: Any) -> Comparison:
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    if ours.shape != theirs.shape:
        return Comparison(name, np.inf, np.inf, np.inf, (), ours.shape, theirs.shape)
    if not ours.size:
        return Comparison(name, 0.0, 0.0, 0.0, (), None, None)
    ulps = _ulps(ours, theirs)
    worst = tuple(int(i) for i in np.unravel_index(int(ulps.argmax()), ours.shape))
    with np.errstate(invalid="ignore"):
        apart = np.abs(ours.astype(_wide(ours)) - theirs.astype(_wide(ours)))
    most = float(np.nan_to_num(apart, nan=0.0).max())
    average = float(ulps.mean())
    return Comparison(name, float(ulps.max()), average, most, worst, ours[worst], theirs[worst])


def _wide(array: Array) -> Any:
    return np.complex128 if array.dtype.kind == "c" else np.float64


def _ulps(ours: Array, theirs: Array) -> Array:
    """Return the distances in units of the last place of the greater value, in ours' type."""
    wide = _wide(ours)
    a, b = ours.astype(wide), theirs.astype(wide)
    unit = np.finfo(ours.real.dtype) if ours.dtype.kind in "fc" else None
    equal = (a == b) | (np.isnan(a) & np.isnan(b))
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(a), np.abs(b))
        spacing = 1.0 if unit is None else _spacing(size, unit)
        apart = np.abs(a - b) / spacing
    return np.where(equal, 0.0, np.where(np.isfinite(apart), apart, np.inf))


def _spacing(size: Array, unit: Any) -> Array:
    """Return the distance of neighbouring floats at a size."""
    exponent = np.floor(np.log2(np.maximum(size, float(unit.tiny))))
    spacing: Array = np.exp2(exponent) * float(unit.eps)
    return spacing
