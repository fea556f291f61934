"""What TensorFlow's functions mean for ragged tensors: functions of elements, and others by name.

`minitf.dispatch` asks `meaning_of` for each public function that is called with a ragged tensor.

Source: TensorFlow 1.15's list of operations that accept RaggedTensors.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any

from minitf.ragged import elementwise

Meaning = Callable[..., Any]

_OF_ONE = (
    "abs acos acosh angle as_string asin asinh atan atanh cast ceil check_numerics clip_by_value "
    "conj cos cosh decode_base64 decode_compressed digamma encode_base64 erf erfc exp expm1 floor "
    "identity imag invert is_finite is_inf is_nan lgamma log log1p log_sigmoid logical_not "
    "negative ones_like real reciprocal regex_full_match regex_replace rint round rsqrt "
    "saturate_cast sign sin sinh sqrt square string_length string_strip string_to_hash_bucket "
    "string_to_hash_bucket_fast string_to_hash_bucket_strong string_to_number substr tan "
    "unicode_script zeros_like"
)
_OF_LIST = "add_n string_join"
_OF_TWO = (
    "add atan2 bitwise_and bitwise_or bitwise_xor complex div_no_nan divide equal floordiv "
    "floormod greater greater_equal left_shift less less_equal logical_and logical_or logical_xor "
    "maximum minimum multiply not_equal pow realdiv right_shift squared_difference subtract "
    "truediv truncatediv truncatemod"
)
_OTHERS = {
    "arrays": ("dynamic_partition expand_dims one_hot rank size squeeze tile where where_v2=where"),
    "gathering": "batch_gather gather gather_nd",
    "joining": "concat stack",
    "mapping": "map_fn",
    "reductions": (
        "reduce_all reduce_any reduce_join reduce_max reduce_mean reduce_min reduce_prod reduce_sum"
    ),
    "segments": (
        "unsorted_segment_max=segment_max unsorted_segment_mean=segment_mean "
        "unsorted_segment_min=segment_min unsorted_segment_prod=segment_prod "
        "unsorted_segment_sqrt_n=segment_sqrt_n unsorted_segment_sum=segment_sum"
    ),
}
_OTHER_NAMES = {  # of deprecated arguments
    "dim": "axis",
    "keep_dims": "keepdims",
    "reduction_indices": "axis",
    "squeeze_dims": "axis",
}


@functools.cache
def meaning_of(function: Callable[..., Any]) -> Meaning | None:
    """Return what is called instead of a public function if an argument is ragged."""
    name = function.__name__
    if name in _OF_ONE.split():
        return functools.partial(elementwise.of_one, function)
    if name in _OF_TWO.split():
        return functools.partial(elementwise.of_two, function)
    if name in _OF_LIST.split():
        return functools.partial(elementwise.map_flat_values, function)
    for module, entries in _OTHERS.items():
        for entry in entries.split():
            theirs, _, own = entry.partition("=")
            if theirs == name:
                return _by_name(function, f"minitf.ragged.{module}", own or theirs)
    return None


def _by_name(function: Callable[..., Any], module: str, name: str) -> Meaning:
    """Return a call of our function with the arguments of a public one, each by its name."""
    signature = inspect.signature(function)

    def call(*args: Any, **kwargs: Any) -> Any:
        own = getattr(import_module(module), name)
        given = signature.bind(*args, **kwargs).arguments
        taken = inspect.signature(own).parameters
        named = {_OTHER_NAMES.get(key, key): value for key, value in given.items()}
        if unknown := [
            key for key, value in named.items() if key not in taken and value is not None
        ]:
            raise TypeError(f"{function.__name__}() of ragged tensors takes no {unknown[0]!r}")
        return own(**{key: value for key, value in named.items() if key in taken})

    return call
