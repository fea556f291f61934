"""Cases of the ops of `minitf.ops.strings.hashing`."""

from hypothesis import strategies as st

from minitf.testing import skips
from minitf.testing.array_cases import elements
from minitf.testing.case import Case
from minitf.testing.strategies import shapes
from minitf.testing.text_cases import of_texts, scalar

BYTES = st.binary(max_size=200)  # beyond 64 FarmHash works block by block
BUCKETS = st.sampled_from([1, 2, 10, 1000, 2**62])
WORDS = st.integers(-(2**63), 2**63 - 1)


@st.composite
def rows(draw):
    names = ("bool", "int8", "int32", "int64", "float32", "float64", "complex64", "string")
    shape = draw(shapes(min_dims=1, max_dims=3))
    data = draw(elements(shape, draw(st.sampled_from(names))))
    oracle = skips.LEAVES_GARBAGE if data.dtype == object and data.size < len(data) else ""
    return Case((data, scalar(b"farmhash64")), oracle=oracle)


CASES = {
    "StringToHashBucket": of_texts(BYTES, num_buckets=BUCKETS),
    "StringToHashBucketFast": of_texts(BYTES, num_buckets=BUCKETS),
    "StringToHashBucketStrong": of_texts(BYTES, num_buckets=BUCKETS, key=st.tuples(WORDS, WORDS)),
    "Fingerprint": rows(),
}
