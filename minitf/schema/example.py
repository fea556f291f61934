"""Examples: named features, the records of training data.

Source: TensorFlow 1.15, `example.proto`, `feature.proto`.
"""

from __future__ import annotations

from minitf.schema.grammar import Message, OneOf, bytes_, float_, int64, mapping, repeated, string


class BytesList(Message):
    """Strings."""

    value = repeated(bytes_(1))


class FloatList(Message):
    """Floats."""

    value = repeated(float_(1))


class Int64List(Message):
    """Whole numbers."""

    value = repeated(int64(1))


class Feature(Message):
    """A list of one of the three types."""

    kind = OneOf(
        bytes_list=BytesList(1),
        float_list=FloatList(2),
        int64_list=Int64List(3),
    )


class Features(Message):
    """Features by name."""

    feature = mapping(string, Feature(1))


class FeatureList(Message):
    """One feature at each step of a sequence."""

    feature = repeated(Feature(1))


class FeatureLists(Message):
    """Sequences of features by name."""

    feature_list = mapping(string, FeatureList(1))


class Example(Message):
    """One example."""

    features = Features(1)


class SequenceExample(Message):
    """One sequence, with features of the whole in `context`."""

    context = Features(1)
    feature_lists = FeatureLists(2)
