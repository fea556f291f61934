# `tf.strings`: the string ops under the names of TensorFlow 1.12 and later.

from minitf.api.printing import format as format
from minitf.api.string_codes import string_to_hash_bucket as to_hash_bucket
from minitf.api.string_codes import string_to_hash_bucket_fast as to_hash_bucket_fast
from minitf.api.string_codes import string_to_hash_bucket_strong as to_hash_bucket_strong
from minitf.api.strings import as_string as as_string
from minitf.api.strings import string_join as join
from minitf.api.strings import string_length as length
from minitf.api.strings import string_lower as lower
from minitf.api.strings import reduce_join as reduce_join
from minitf.api.strings import regex_full_match as regex_full_match
from minitf.api.strings import regex_replace as regex_replace
from minitf.api.strings import string_strip as strip
from minitf.api.strings import substr as substr
from minitf.api.strings import string_to_number as to_number
from minitf.api.strings import unicode_transcode as unicode_transcode
from minitf.api.strings import unsorted_segment_join as unsorted_segment_join
from minitf.api.strings import string_upper as upper
from minitf.ragged.strings import string_bytes_split as bytes_split
from minitf.ragged.strings import ngrams as ngrams
from minitf.ragged.strings import string_split_v2 as split
from minitf.ragged.unicode import unicode_decode as unicode_decode
from minitf.ragged.unicode import unicode_decode_with_offsets as unicode_decode_with_offsets
from minitf.ragged.unicode import unicode_encode as unicode_encode
from minitf.ragged.unicode import unicode_script as unicode_script
from minitf.ragged.unicode import unicode_split as unicode_split
from minitf.ragged.unicode import unicode_split_with_offsets as unicode_split_with_offsets
__all__ = ['as_string', 'bytes_split', 'format', 'join', 'length', 'lower', 'ngrams', 'reduce_join', 'regex_full_match', 'regex_replace', 'split', 'strip', 'substr', 'to_hash_bucket', 'to_hash_bucket_fast', 'to_hash_bucket_strong', 'to_number', 'unicode_decode', 'unicode_decode_with_offsets', 'unicode_encode', 'unicode_script', 'unicode_split', 'unicode_split_with_offsets', 'unicode_transcode', 'unsorted_segment_join', 'upper']
