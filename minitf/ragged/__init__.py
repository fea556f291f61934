"""`tf.ragged`: tensors of rows of different lengths.

The class is in `tensor`, the ways to make one in `factories`, `constants` and `conversions`; what
the public functions of other rooms mean for it stands in `dispatching`.
"""

from minitf import lazy

_NAMES = {
    "minitf.ragged.arrays": "boolean_mask stack_dynamic_partitions",
    "minitf.ragged.constants": (
        "constant=ragged_constant constant_value placeholder=ragged_placeholder"
    ),
    "minitf.ragged.elementwise": "map_flat_values",
    "minitf.ragged.joining": "stack",
    "minitf.ragged.reductions": "range=ragged_range",
    "minitf.ragged.segments": "row_splits_to_segment_ids segment_ids_to_row_splits",
    "minitf.ragged.value": "RaggedTensorValue",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
