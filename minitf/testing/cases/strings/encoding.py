"""Cases of the ops of `minitf.ops.strings.encoding`."""

import base64

import numpy as np
from hypothesis import strategies as st

from minitf import dtypes
from minitf.testing.case import Case
from minitf.testing.strategies import shapes
from minitf.testing.text_cases import of_texts, text_arrays

PADDED = (
    *("int8", "int16", "int32", "int64", "uint8", "uint16"),
    *("float16", "bfloat16", "float32", "float64"),
)
BYTES = st.binary(max_size=5)


@st.composite
def numbers(draw):
    dtype = dtypes.DTYPES[draw(st.sampled_from([*PADDED, "complex64", "complex128"]))]
    length = draw(st.integers(0, 3)) * np.dtype(dtype.numpy).itemsize
    texts = draw(text_arrays(draw(shapes(max_dims=2)), st.binary(min_size=length, max_size=length)))
    return Case((texts,), {"out_type": dtype, "little_endian": draw(st.booleans())}, ulps=0)


@st.composite
def padded(draw):
    dtype = dtypes.DTYPES[draw(st.sampled_from(PADDED))]
    length = draw(st.integers(1, 3)) * np.dtype(dtype.numpy).itemsize
    texts = draw(text_arrays(draw(shapes(max_dims=2)), st.binary(max_size=20)))
    attrs = {"out_type": dtype, "little_endian": draw(st.booleans())}
    return Case((texts, np.array(length, np.int32)), attrs, ulps=0)


@st.composite
def base64_texts(draw):
    text = base64.urlsafe_b64encode(draw(BYTES))
    return text if draw(st.booleans()) else text.rstrip(b"=")


CASES = {
    "DecodeRaw": numbers(),
    "DecodePaddedRaw": padded(),
    "EncodeBase64": of_texts(BYTES, pad=st.booleans()),
    "DecodeBase64": of_texts(base64_texts()),
}
