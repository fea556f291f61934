# `tf.strings` of TensorFlow 2.

from minitf.namespaces.strings import as_string as as_string
from minitf.namespaces.strings import bytes_split as bytes_split
from minitf.namespaces.strings import format as format
from minitf.namespaces.strings import join as join
from minitf.namespaces.strings import lower as lower
from minitf.namespaces.strings import ngrams as ngrams
from minitf.namespaces.strings import regex_full_match as regex_full_match
from minitf.namespaces.strings import regex_replace as regex_replace
from minitf.namespaces.strings import split as split
from minitf.namespaces.strings import strip as strip
from minitf.namespaces.strings import to_hash_bucket_fast as to_hash_bucket_fast
from minitf.namespaces.strings import to_hash_bucket_strong as to_hash_bucket_strong
from minitf.namespaces.strings import unicode_decode as unicode_decode
from minitf.namespaces.strings import unicode_decode_with_offsets as unicode_decode_with_offsets
from minitf.namespaces.strings import unicode_encode as unicode_encode
from minitf.namespaces.strings import unicode_script as unicode_script
from minitf.namespaces.strings import unicode_split as unicode_split
from minitf.namespaces.strings import unicode_split_with_offsets as unicode_split_with_offsets
from minitf.namespaces.strings import unicode_transcode as unicode_transcode
from minitf.namespaces.strings import unsorted_segment_join as unsorted_segment_join
from minitf.namespaces.strings import upper as upper
from minitf.v2.text import string_length as length
from minitf.v2.text import reduce_join as reduce_join
from minitf.v2.text import substr as substr
from minitf.v2.text import string_to_hash_bucket as to_hash_bucket
from minitf.v2.text import string_to_number as to_number
__all__ = ['as_string', 'bytes_split', 'format', 'join', 'length', 'lower', 'ngrams', 'reduce_join', 'regex_full_match', 'regex_replace', 'split', 'strip', 'substr', 'to_hash_bucket', 'to_hash_bucket_fast', 'to_hash_bucket_strong', 'to_number', 'unicode_decode', 'unicode_decode_with_offsets', 'unicode_encode', 'unicode_script', 'unicode_split', 'unicode_split_with_offsets', 'unicode_transcode', 'unsorted_segment_join', 'upper']
