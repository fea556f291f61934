"""Cases of the ops of `minitf.ops.summary.tensors`."""

from __future__ import annotations

from hypothesis import strategies as st

from minitf import protos
from minitf.dtypes import DTYPES
from minitf.ops.strings.arrays import strings
from minitf.testing.case import Case
from minitf.testing.strategies import anything, dtype_names, shapes
from minitf.testing.text_cases import TEXT, scalar, text_arrays


@st.composite
def tensors(draw):
    dtype = draw(dtype_names(None))
    shape = draw(shapes(max_dims=3))
    array = draw(text_arrays(shape) if dtype == "string" else anything(shape, dtype))
    metadata = protos.SummaryMetadata(display_name=draw(st.text("ab")))
    inputs = scalar(draw(TEXT)), array, scalar(metadata.SerializeToString())
    return Case(inputs, quantized=("T",) if DTYPES[dtype].is_quantized else ())


@st.composite
def merged(draw):
    tags = draw(st.lists(st.text("abcdef", min_size=1), unique=True, max_size=6))
    each = [
        protos.Summary(value=[protos.Summary.Value(tag=tag, simple_value=number)])
        for number, tag in enumerate(tags)
    ]
    texts = [message.SerializeToString() for message in each]
    cut = draw(st.integers(0, len(texts)))
    inputs = [strings(part, (len(part),)) for part in (texts[:cut], texts[cut:])]
    return Case((inputs,))


CASES = {"TensorSummaryV2": tensors(), "MergeSummary": merged()}
