# `tf.manip`: changes of shape and order under the names of TensorFlow 1.7 and later.

from minitf.api.array import reshape as reshape
from minitf.api.array import reverse as reverse
from minitf.api.array import roll as roll
from minitf.api.array import tile as tile
from minitf.api.gathering import gather_nd as gather_nd
from minitf.api.gathering import scatter_nd as scatter_nd
from minitf.api.space_batch import batch_to_space_nd as batch_to_space_nd
from minitf.api.space_batch import space_to_batch_nd as space_to_batch_nd
__all__ = ['batch_to_space_nd', 'gather_nd', 'reshape', 'reverse', 'roll', 'scatter_nd', 'space_to_batch_nd', 'tile']
