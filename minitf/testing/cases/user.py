"""Cases of the ops of `minitf.ops.user`."""

from hypothesis import strategies as st

from minitf.testing.case import Case

CASES = {"Fact": st.just(Case(()))}
