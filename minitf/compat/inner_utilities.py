"""Which names the modules below `tensorflow.python.util` have besides those of ours.

Source: no paper; the names of TensorFlow 1.15.
"""

from __future__ import annotations

OF_UTILITIES: dict[str, dict[str, str]] = {
    "util.nest": {
        "minitf.compat.internal.nest": (
            "assert_shallow_structure flatten_dict_items flatten_up_to "
            "flatten_with_joined_string_paths flatten_with_tuple_paths "
            "get_traverse_shallow_structure is_sequence is_sequence_or_composite "
            "map_structure_up_to map_structure_with_paths map_structure_with_tuple_paths "
            "yield_flat_paths _is_namedtuple=is_namedtuple flatten_with_tuple_paths_up_to "
            "map_structure_with_tuple_paths_up_to "
            "_IF_SHALLOW_IS_SEQ_INPUT_MUST_BE_SEQ=IF_SHALLOW_IS_SEQ_INPUT_MUST_BE_SEQ "
            "_INPUT_TREE_SMALLER_THAN_SHALLOW_TREE=INPUT_TREE_SMALLER_THAN_SHALLOW_TREE "
            "_SHALLOW_TREE_HAS_INVALID_KEYS=SHALLOW_TREE_HAS_INVALID_KEYS "
            "_STRUCTURES_HAVE_MISMATCHING_LENGTHS=STRUCTURES_HAVE_MISMATCHING_LENGTHS "
            "_STRUCTURES_HAVE_MISMATCHING_TYPES=STRUCTURES_HAVE_MISMATCHING_TYPES"
        ),
    },
    "util.tf_inspect": {
        "minitf.compat.internal.tf_inspect": (
            "ArgSpec FullArgSpec _inspect=inspect getargspec getfullargspec"
        ),
    },
}
"""Import path below `tensorflow.python` -> module -> names, as in `minitf.lazy`."""
