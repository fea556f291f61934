"""Cases of the op of `minitf.ops.strings.scripts`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.case import Case

POINTS = st.integers(-2, 0x110001) | st.integers(0, 0x3FF)

CASES = {
    "UnicodeScript": st.builds(
        lambda points: Case((np.array(points, np.int32),)), st.lists(POINTS, max_size=4)
    )
}
