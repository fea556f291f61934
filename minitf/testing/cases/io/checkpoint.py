"""Cases of the ops of `minitf.ops.io.checkpoint` that are functions of their inputs."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.strategies import anything

NUMBERS = st.integers(0, 123456)


@st.composite
def names(draw):
    shard, count = (np.array(draw(NUMBERS), np.int32) for _ in range(2))
    return Case((draw(anything((), "string")), shard, count))


@st.composite
def patterns(draw):
    return Case((draw(anything((), "string")), np.array(draw(NUMBERS), np.int32)))


CASES = {"ShardedFilename": names(), "ShardedFilespec": patterns()}
