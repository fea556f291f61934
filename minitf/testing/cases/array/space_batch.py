"""Cases of the ops of `minitf.ops.array.space_batch`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.array_cases import COMMON, elements, index_types, moving, types

BORDER = st.integers(0, 2)


@st.composite
def blocked(draw, *, back=False, images=False):
    """Draw an array, the sides of a block and a border per dimension, that fit each other."""
    count = 2 if images else draw(st.integers(0, 3))
    sides = [draw(st.integers(2, 3))] * 2 if images else draw(_list(st.integers(1, 3), count))
    borders = [[draw(BORDER), draw(BORDER)] for _ in range(count)]
    outer = draw(_list(st.integers(1 if back else 0, 3), count))
    space = []
    for size, side, border in zip(outer, sides, borders, strict=True):
        if back:
            spare = size * side - sum(border)
            border[:] = border if spare >= 0 else [0, 0]
            space.append(size)
        else:
            whole = size * side
            border[:] = border if whole >= sum(border) else [0, 0]
            space.append(whole - sum(border))
    batch = draw(st.integers(0, 2)) * (int(np.prod(sides)) if back else 1)
    rest = draw(_list(st.integers(0, 3), 1 if images else draw(st.integers(0, 2))))
    array = draw(elements((batch, *space, *rest), draw(types(COMMON))))
    borders = np.array(borders, draw(index_types())).reshape(count, 2)
    if images:
        return moving((array, borders), {"block_size": sides[0]})
    return moving((array, np.array(sides, draw(index_types())), borders))


def _list(items, count):
    return st.lists(items, min_size=count, max_size=count)


CASES = {
    "SpaceToBatchND": blocked(),
    "BatchToSpaceND": blocked(back=True),
    "SpaceToBatch": blocked(images=True),
    "BatchToSpace": blocked(back=True, images=True),
}
