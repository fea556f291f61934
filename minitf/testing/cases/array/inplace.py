"""Cases of the ops of `minitf.ops.array.inplace`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.array_cases import moving
from minitf.testing.strategies import shapes, whole

TYPES = st.sampled_from([np.int32, np.int64, np.float32, np.float64])


@st.composite
def changes(draw):
    shape = draw(shapes(min_dims=1, max_dims=3, min_side=1))
    kind = draw(TYPES)
    rows = draw(st.lists(st.integers(0, shape[0] - 1), min_size=1, max_size=4, unique=True))
    x, v = draw(whole(shape, kind)), draw(whole((len(rows), *shape[1:]), kind))
    return moving((x, np.array(rows, np.int32), v))


CASES = {"InplaceUpdate": changes(), "InplaceAdd": changes(), "InplaceSub": changes()}
