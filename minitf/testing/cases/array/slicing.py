"""Cases of the ops of `minitf.ops.array.slicing`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.array_cases import elements, index_types, moving, types
from minitf.testing.strategies import shapes

MASKS = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")


@st.composite
def slices(draw):
    shape = draw(shapes())
    begin = [draw(st.integers(0, n)) for n in shape]
    size = [draw(st.integers(-1, n - b)) for n, b in zip(shape, begin, strict=True)]
    kind = draw(index_types())
    value = draw(elements(shape, draw(types())))
    return moving((value, np.array(begin, kind), np.array(size, kind)))


@st.composite
def indices(draw, shape):
    """Draw a NumPy index of an array: (index, begin, end, strides, masks)."""
    rank = len(shape)
    used = draw(st.integers(0, rank))
    ellipsis_at = draw(st.integers(0, used)) if draw(st.booleans()) else None
    index, rows, masks = [], [], dict.fromkeys(MASKS, 0)

    def entry(item, row=(0, 0, 1), *bits):
        for bit in bits:
            masks[bit] |= 1 << len(rows)
        index.append(item)
        rows.append(row)

    for i in range(used + 1):
        if i == ellipsis_at:
            entry(Ellipsis, (0, 0, 1), "ellipsis_mask")
        if draw(st.integers(0, 3)) == 0:
            entry(None, (0, 0, 1), "new_axis_mask")
        if i == used:
            break
        after = ellipsis_at is not None and ellipsis_at <= i
        size = shape[rank - used + i if after else i]
        if size and draw(st.booleans()):
            place = draw(st.integers(-size, size - 1))
            entry(place, (place, place + 1, 1), "shrink_axis_mask")
            continue
        first, stop = (draw(st.none() | st.integers(-6, 6)) for _ in range(2))
        step = draw(st.sampled_from([1, 1, 2, 3, -1, -2]))
        bits = [m for m, b in (("begin_mask", first), ("end_mask", stop)) if b is None]
        entry(slice(first, stop, step), (first or 0, stop or 0, step), *bits)
    return tuple(index), rows, masks


@st.composite
def strided(draw, *, gradient=False, update=False):
    shape = draw(shapes())
    index, rows, masks = draw(indices(shape))
    kind = draw(index_types())
    bounds = [np.array([row[i] for row in rows], kind) for i in range(3)]
    name = draw(
        types(("int32", "float32", "float64", "complex64")) if gradient or update else types()
    )
    if gradient or update:
        part = draw(
            elements(
                np.zeros(shape)[(*index, ...)].shape
                if Ellipsis not in index
                else np.zeros(shape)[index].shape,
                name,
            )
        )
        first = np.array(shape, kind) if gradient else draw(elements(shape, name))
        return moving((first, *bounds, part), masks)
    return moving((draw(elements(shape, name)), *bounds), masks)


CASES = {
    "Slice": slices(),
    "StridedSlice": strided(),
    "StridedSliceGrad": strided(gradient=True),
}
