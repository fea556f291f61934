"""Cases of the ops of `minitf.ops.strings.splitting`."""

from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.text_cases import LINES, scalar, text_arrays

SEPARATORS = st.sampled_from([b"", b" ", b", "])


@st.composite
def cuts(draw, **attrs):
    texts = draw(text_arrays((draw(st.integers(0, 3)),), LINES))
    return Case((texts, scalar(draw(SEPARATORS))), draw(st.fixed_dictionaries(attrs)))


CASES = {
    "StringSplit": cuts(skip_empty=st.booleans()),
    "StringSplitV2": cuts(maxsplit=st.integers(-1, 3)),
}
