"""`tensorflow.python.framework.composite_tensor`: values that are several tensors.

Source: TensorFlow 1.15's module of the same name.
"""

from minitf import nest
from minitf.composite import IndexedSlices, SparseTensor

CompositeTensor = (IndexedSlices, SparseTensor)
"""What `isinstance` takes: the kinds of such values that there are."""


def replace_composites_with_components(structure: object) -> object:
    """Return a structure with the tensors of its composite values in their places."""
    if isinstance(structure, CompositeTensor):
        return nest.flatten(structure, expand_composites=True)
    if not nest.is_nested(structure):
        return structure
    return nest.map_structure(replace_composites_with_components, structure)
