# `tf.strings` of TensorFlow 2.

from minitf.namespaces.strings import as_string as as_string
from minitf.namespaces.strings import format as format
from minitf.namespaces.strings import join as join
from minitf.namespaces.strings import lower as lower
from minitf.namespaces.strings import regex_full_match as regex_full_match
from minitf.namespaces.strings import regex_replace as regex_replace
from minitf.namespaces.strings import split as split
from minitf.namespaces.strings import strip as strip
from minitf.namespaces.strings import to_hash_bucket_fast as to_hash_bucket_fast
from minitf.namespaces.strings import to_hash_bucket_strong as to_hash_bucket_strong
from minitf.namespaces.strings import unicode_transcode as unicode_transcode
from minitf.namespaces.strings import unsorted_segment_join as unsorted_segment_join
from minitf.namespaces.strings import upper as upper
from minitf.v2.text import string_length as length
from minitf.v2.text import reduce_join as reduce_join
from minitf.v2.text import substr as substr
from minitf.v2.text import string_to_hash_bucket as to_hash_bucket
from minitf.v2.text import string_to_number as to_number
__all__ = ['as_string', 'format', 'join', 'length', 'lower', 'reduce_join', 'regex_full_match', 'regex_replace', 'split', 'strip', 'substr', 'to_hash_bucket', 'to_hash_bucket_fast', 'to_hash_bucket_strong', 'to_number', 'unicode_transcode', 'unsorted_segment_join', 'upper']
