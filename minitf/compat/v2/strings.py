"""`tf.strings` of TensorFlow 2."""

from minitf import lazy

_NAMES = {
    "minitf.v2.text": (
        "length=string_length reduce_join substr to_hash_bucket=string_to_hash_bucket "
        "to_number=string_to_number"
    ),
    **lazy.present(
        "minitf.namespaces.strings",
        (
            "as_string bytes_split format join lower ngrams regex_full_match regex_replace strip "
            "to_hash_bucket_fast to_hash_bucket_strong unicode_decode unicode_decode_with_offsets "
            "unicode_encode unicode_script unicode_split unicode_split_with_offsets "
            "unicode_transcode unsorted_segment_join upper split"
        ),
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
