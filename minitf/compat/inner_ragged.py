"""What import paths of specs and ragged tensors have besides the public names.

A part of the table in `minitf.compat.inner_names`.

Source: no paper; what the unit tests of TensorFlow 1.13 to 1.15 import.
"""

from __future__ import annotations

RAGGED: dict[str, dict[str, str]] = {
    "framework.tensor_spec": {"minitf.tensor_spec": "BoundedTensorSpec"},
    "framework.tensor_like": {"minitf.compat.internal.tensor_like": "_TensorLike=TensorLike"},
    "ops.ragged.ragged_array_ops": {
        "minitf.ragged.arrays": "ragged_one_hot=one_hot stack_dynamic_partitions",
    },
    "ops.ragged.ragged_conversion_ops": {
        "minitf.ragged.conversions": "ragged_to_dense",
    },
    "ops.ragged.ragged_factory_ops": {
        "minitf.ragged.constants": (
            "constant=ragged_constant constant_value placeholder=ragged_placeholder"
        ),
    },
    "ops.ragged.ragged_math_ops": {
        "minitf.ragged.reductions": "range=ragged_range",
        "minitf.ragged.segments": (
            "segment_max segment_mean segment_min segment_prod segment_sqrt_n segment_sum"
        ),
    },
    "ops.ragged.ragged_string_ops": {
        "minitf.ragged.reductions": "reduce_join",
        "minitf.ragged.strings": (
            "string_split_v2=split_to_ragged strings_split_v1=string_split_v2"
        ),
        "minitf.ragged.unicode": (
            "unicode_decode unicode_decode_with_offsets unicode_encode unicode_script "
            "unicode_split unicode_split_with_offsets"
        ),
    },
    "ops.ragged.ragged_tensor": {
        "minitf.ragged.axes": "match_row_splits_dtypes",
        "minitf.ragged.spec": "RaggedTensorSpec",
        "minitf.ragged.value": "RaggedTensorType",
        "minitf.ragged.tensor": (
            "convert_to_tensor_or_ragged_tensor=as_tensor_or_ragged is_ragged"
        ),
    },
    "ops.ragged.ragged_util": {
        "minitf.ragged.axes": "get_positive_axis=positive_axis",
        "minitf.ragged.gathering": "repeat_ranges",
    },
    "ops.tensor_array_ops": {"minitf.tensor_array_spec": "TensorArraySpec"},
    "util.dispatch": {
        "minitf.dispatch": (
            "DISPATCH_ATTR=_DISPATCHERS _TypeBasedDispatcher=TypeBasedDispatcher "
            "add_dispatch_support=dispatchable"
        ),
    },
}
