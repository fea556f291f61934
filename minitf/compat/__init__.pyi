# `tf.compat`, and the modules that TensorFlow 1.x programs expect beside the graph.

from minitf.compat.internal.forward_compatibility import forward_compatibility_horizon as forward_compatibility_horizon
from minitf.compat.internal.forward_compatibility import forward_compatible as forward_compatible
from minitf.compat.text import as_bytes as as_bytes
from minitf.compat.text import as_str as as_str
from minitf.compat.text import as_str_any as as_str_any
from minitf.compat.text import as_text as as_text
from minitf.compat.text import bytes_or_text_types as bytes_or_text_types
from minitf.compat.text import complex_types as complex_types
from minitf.compat.text import integral_types as integral_types
from minitf.compat.text import path_to_str as path_to_str
from minitf.compat.text import real_types as real_types
from minitf.tensor_shape import dimension_at_index as dimension_at_index
from minitf.tensor_shape import dimension_value as dimension_value
from minitf.compat import v1 as v1
from minitf.compat import v2 as v2
__all__ = ['as_bytes', 'as_str', 'as_str_any', 'as_text', 'bytes_or_text_types', 'complex_types', 'dimension_at_index', 'dimension_value', 'forward_compatibility_horizon', 'forward_compatible', 'integral_types', 'path_to_str', 'real_types', 'v1', 'v2']
