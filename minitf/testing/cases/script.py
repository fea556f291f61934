"""Cases of the ops of `minitf.ops.script`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import by_numpy
from minitf.ops.script import PythonFunction
from minitf.testing import skips
from minitf.testing.array_cases import arrays_of
from minitf.testing.case import Case

TURNED = PythonFunction(lambda *arrays: arrays[::-1])


@st.composite
def calls(draw):
    """Draw a call of the function that gives its arguments back in reverse order."""
    arrays = draw(st.lists(arrays_of(), max_size=3))
    types = tuple(by_numpy(np.asarray(each).dtype) for each in reversed(arrays))
    attrs = {"token": TURNED.token, "Tout": types}
    return Case((arrays,), attrs, ulps=0, oracle=skips.OWN_FUNCTION)


CASES = {"PyFuncStateless": calls()}
