# `tf.linalg`: matrices.

from minitf.api.diagonals import matrix_band_part as band_part
from minitf.api.diagonals import matrix_diag as diag
from minitf.api.diagonals import matrix_diag_part as diag_part
from minitf.api.diagonals import matrix_set_diag as set_diag
from minitf.api.diagonals import diag as tensor_diag
from minitf.api.diagonals import diag_part as tensor_diag_part
from minitf.api.matmul import matmul as matmul
from minitf.api.matmul import tensordot as tensordot
from minitf.api.sequences import eye as eye
__all__ = ['band_part', 'diag', 'diag_part', 'eye', 'matmul', 'set_diag', 'tensor_diag', 'tensor_diag_part', 'tensordot']
