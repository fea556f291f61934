"""`tf.linalg`: matrices."""

from minitf import lazy

_NAMES = {
    "minitf.api.diagonals": (
        "band_part=matrix_band_part diag=matrix_diag diag_part=matrix_diag_part "
        "set_diag=matrix_set_diag tensor_diag=diag tensor_diag_part=diag_part"
    ),
    "minitf.api.matmul": "matmul tensordot",
    "minitf.api.sequences": "eye",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
