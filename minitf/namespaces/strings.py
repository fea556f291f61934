"""`tf.strings`: the string ops under the names of TensorFlow 1.12 and later."""

from minitf import lazy

_NAMES = {
    "minitf.api.printing": "format",
    "minitf.api.string_codes": (
        "to_hash_bucket=string_to_hash_bucket to_hash_bucket_fast=string_to_hash_bucket_fast "
        "to_hash_bucket_strong=string_to_hash_bucket_strong"
    ),
    "minitf.api.strings": (
        "as_string join=string_join length=string_length lower=string_lower reduce_join "
        "regex_full_match regex_replace strip=string_strip substr "
        "to_number=string_to_number unicode_transcode unsorted_segment_join upper=string_upper"
    ),
    "minitf.ragged.strings": "bytes_split=string_bytes_split ngrams split=string_split_v2",
    "minitf.ragged.unicode": (
        "unicode_decode unicode_decode_with_offsets unicode_encode unicode_script unicode_split "
        "unicode_split_with_offsets"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
