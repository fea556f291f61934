"""How much of its memory the device uses on which the operation runs: `Device.memory` tells.

Source: TensorFlow 1.15's ops of the same names, of tf.contrib.memory_stats.
"""

import numpy as np

from minitf.devices import MemoryUse
from minitf.op_def import op
from minitf.resources import Context
from minitf.shapes import SCALAR
from minitf.symbols import int64

# --- BytesInUse ----------------------------------------------------------------------------------


@op("BytesInUse", "stateful", outputs=("out",))
def bytes_in_use_op(*, context: Context) -> int64:
    """Tell how many bytes of arrays the device holds.

    Returns:
        A scalar.

    Source: TensorFlow 1.15's op of the same name.
    """
    return np.int64(_use(context).used_bytes)


bytes_in_use_op.shape(lambda: SCALAR)
bytes_in_use_op.no_gradient("it has no inputs")


# --- BytesLimit ----------------------------------------------------------------------------------


@op("BytesLimit", "stateful", outputs=("out",))
def bytes_limit_op(*, context: Context) -> int64:
    """Tell how many bytes of arrays the device can hold.

    Returns:
        A scalar.

    Source: TensorFlow 1.15's op of the same name.
    """
    return np.int64(_use(context).limit_bytes)


bytes_limit_op.shape(lambda: SCALAR)
bytes_limit_op.no_gradient("it has no inputs")


# --- MaxBytesInUse -------------------------------------------------------------------------------


@op("MaxBytesInUse", "stateful", outputs=("out",))
def max_bytes_in_use_op(*, context: Context) -> int64:
    """Tell how many bytes of arrays the device held at most since the process began.

    Returns:
        A scalar.

    Source: TensorFlow 1.15's op of the same name.
    """
    return np.int64(_use(context).peak_bytes)


max_bytes_in_use_op.shape(lambda: SCALAR)
max_bytes_in_use_op.no_gradient("it has no inputs")


def _use(context: Context) -> MemoryUse:
    assert context.memory is not None  # of every context but those that stand in while compiling
    return context.memory()
