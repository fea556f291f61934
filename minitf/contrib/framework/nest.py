"""`tf.contrib.framework.nest`: the module of structures with all its functions."""

from minitf import lazy

_NAMES = {
    "minitf.compat.internal.nest": (
        "assert_shallow_structure flatten_dict_items flatten_up_to "
        "flatten_with_joined_string_paths flatten_with_tuple_paths get_traverse_shallow_structure "
        "is_sequence is_sequence_or_composite map_structure_up_to map_structure_with_paths "
        "map_structure_with_tuple_paths yield_flat_paths"
    ),
    "minitf.nest": "assert_same_structure flatten is_nested map_structure pack_sequence_as",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
