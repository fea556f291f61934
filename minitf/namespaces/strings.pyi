# `tf.strings`: the string ops under the names of TensorFlow 1.12 and later.

from minitf.api.strings import as_string as as_string
from minitf.api.strings import string_join as join
from minitf.api.strings import string_length as length
from minitf.api.strings import string_lower as lower
from minitf.api.strings import string_split_v2 as split
from minitf.api.strings import string_strip as strip
from minitf.api.strings import substr as substr
from minitf.api.strings import string_to_number as to_number
from minitf.api.strings import string_upper as upper
__all__ = ['as_string', 'join', 'length', 'lower', 'split', 'strip', 'substr', 'to_number', 'upper']
