"""Cases of the op of `minitf.ops.strings.ngrams`."""

from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.ragged_cases import splits_of
from minitf.testing.text_cases import TEXT, text_arrays


@st.composite
def windows(draw):
    splits = draw(splits_of(draw(st.integers(0, 3))))
    attrs = {
        "separator": "|",
        "ngram_widths": tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=2))),
        "left_pad": "L",
        "right_pad": draw(st.sampled_from(["", "R"])),
        "pad_width": draw(st.integers(-1, 2)),
        "preserve_short_sequences": draw(st.booleans()),
    }
    return Case((draw(text_arrays((int(splits[-1]),), TEXT)), splits), attrs)


CASES = {"StringNGrams": windows()}
