"""Cases of the op of `minitf.ops.parsing.csv`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import DTYPES
from minitf.testing.array_cases import elements
from minitf.testing.case import Case
from minitf.testing.example_cases import texts
from minitf.testing.strategies import shapes

_TYPES = ("float32", "float64", "int32", "int64", "string")
_FIELDS = {
    "float": st.sampled_from(["0", " -1.5 ", "1e3", "inf", "7."]),
    "int": st.sampled_from(["0", " -12 ", "+7", "2147483647"]),
    "string": st.text('ab ,;"\n', max_size=4),
}


def _quoted(text, delimiter):
    if any(letter in text for letter in '"\n\r' + delimiter):
        return '"' + text.replace('"', '""') + '"'
    return text


@st.composite
def lines(draw):
    names = draw(st.lists(st.sampled_from(_TYPES), min_size=1, max_size=4))
    delimiter = draw(st.sampled_from([",", ";"]))
    may_lack = [draw(st.booleans()) for _ in names]
    defaults = [
        draw(elements((1,), name)) if lack else np.zeros(0, DTYPES[name].numpy)
        for name, lack in zip(names, may_lack, strict=True)
    ]
    shape = draw(shapes(max_dims=2))

    def line():
        fields = []
        for name, lack in zip(names, may_lack, strict=True):
            kind = name.rstrip("0123456789")
            field = draw(_FIELDS[kind])
            if lack and draw(st.booleans()):
                field = draw(st.sampled_from(["", "NA"]))
            elif field == "":
                field = "x"
            fields.append(_quoted(field, delimiter))
        # one empty field and no field are the same line
        return delimiter.join(fields) or '""'

    made = [line() for _ in range(int(np.prod(shape)))]
    attrs = {"field_delim": delimiter, "na_value": "NA"}
    if draw(st.booleans()):
        columns = sorted(draw(st.sets(st.integers(0, len(names) - 1), min_size=1)))
        attrs["select_cols"] = tuple(columns)
        defaults = [defaults[column] for column in columns]
    return Case((texts(made, shape), defaults), attrs, ulps=0)


CASES = {"DecodeCSV": lines()}
