"""Cases of the ops of `minitf.ops.strings.unicode`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.array_cases import index_types
from minitf.testing.case import Case
from minitf.testing.text_cases import TEXT, of_texts

SOURCES = st.sampled_from(["UTF-8", "UTF-16-BE", "US-ASCII", "ISO-8859-1"])
TARGETS = st.sampled_from(["UTF-8", "UTF-16-BE", "UTF-32-BE"])
BYTES = st.one_of(TEXT, st.binary(max_size=6))
POINTS = st.one_of(
    st.integers(0, 0x10FFFF), st.sampled_from([-1, 0xD800, 0xFFFE, 0xFDD0, 0x110000])
)
LENIENT = {
    "errors": st.sampled_from(["replace", "ignore"]),
    "replacement_char": st.sampled_from([65533, 63, 0x1F600]),
}
# Tsplits is left at int64: TensorFlow aborts the process at int32.
DECODING = {"input_encoding": SOURCES, "replace_control_characters": st.booleans(), **LENIENT}


@st.composite
def encodings(draw):
    rows = draw(st.lists(st.lists(POINTS, max_size=3), max_size=3))
    splits = np.cumsum([0, *map(len, rows)]).astype(draw(index_types()))
    values = np.array([point for row in rows for point in row], np.int32)
    attrs = draw(st.fixed_dictionaries({"output_encoding": TARGETS, **LENIENT}))
    return Case((values, splits), attrs)


CASES = {
    "UnicodeTranscode": of_texts(BYTES, output_encoding=TARGETS, **DECODING),
    "UnicodeDecode": of_texts(BYTES, **DECODING),
    "UnicodeDecodeWithOffsets": of_texts(BYTES, **DECODING),
    "UnicodeEncode": encodings(),
}
