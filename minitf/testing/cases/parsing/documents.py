"""Cases of the ops of `minitf.ops.parsing.documents`."""

import gzip
import zlib

import numpy as np
from google.protobuf import json_format
from hypothesis import strategies as st

from minitf import protos, tensor_proto
from minitf.dtypes import DTYPES
from minitf.testing.array_cases import EVERY, arrays_of, elements
from minitf.testing.case import Case
from minitf.testing.example_cases import examples, texts, wishes
from minitf.testing.strategies import shapes
from minitf.testing.text_cases import text_arrays

_COMPRESS = {"": bytes, "ZLIB": zlib.compress, "GZIP": gzip.compress}


@st.composite
def tensors(draw):
    return Case((draw(arrays_of()),), ulps=0)


@st.composite
def serialized_tensors(draw):
    name = draw(st.sampled_from(EVERY))
    array = draw(elements(draw(shapes()), name))
    dtype = DTYPES[name]
    encode = draw(st.sampled_from([tensor_proto.encode, tensor_proto.encode_content]))
    return Case(
        (texts([encode(array, dtype).SerializeToString()], ()),), {"out_type": dtype}, ulps=0
    )


@st.composite
def json_examples(draw):
    """Draw examples of at most one feature: TensorFlow writes several in any order."""
    found = [
        protos.Example.FromString(draw(examples(draw(wishes(("sparse",), keys=("a",)))[:1])))
        for _ in range(draw(st.integers(0, 2)))
    ]
    for each in found:
        each.features.feature.pop("unwanted", None)
    inputs = (texts([json_format.MessageToJson(each) for each in found]),)
    return Case(inputs, ulps=0, align=_with_equal_messages)


def _with_equal_messages(outputs, others):
    """Take the other's bytes where they are the same Examples: numbers may be packed or not."""
    messages = [list(map(protos.Example.FromString, each[0])) for each in (outputs, others)]
    return others if messages[0] == messages[1] else outputs


@st.composite
def compressed(draw):
    kind = draw(st.sampled_from(list(_COMPRESS)))
    array = draw(text_arrays())
    packed = np.frompyfunc(_COMPRESS[kind], 1, 1)(array)
    return Case((np.asarray(packed, object),), {"compression_type": kind}, ulps=0)


CASES = {
    "DecodeCompressed": compressed(),
    "DecodeJSONExample": json_examples(),
    "ParseTensor": serialized_tensors(),
    "SerializeTensor": tensors(),
}
