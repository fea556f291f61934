"""`tensorflow.python.framework.composite_tensor`: values that are several tensors.

Source: TensorFlow 1.15's module of the same name.
"""

import abc

from minitf import nest
from minitf.composite import IndexedSlices, SparseTensor


class CompositeTensor(abc.ABC):  # noqa: B024 what `isinstance` takes; it asks for nothing
    """A value that is several tensors: IndexedSlices and SparseTensors are."""


CompositeTensor.register(IndexedSlices)
CompositeTensor.register(SparseTensor)


def replace_composites_with_components(structure: object) -> object:
    """Return a structure with the tensors of its composite values in their places."""
    if isinstance(structure, (IndexedSlices, SparseTensor)):
        return nest.flatten(structure, expand_composites=True)
    if not nest.is_nested(structure):
        return structure
    return nest.map_structure(replace_composites_with_components, structure)
