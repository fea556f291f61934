"""Pairing rows with columns, such as boxes found with boxes known, nearest first.

Source: TensorFlow 1.15's op of the same name in tf.contrib.image.
"""

import numpy as np

from minitf.errors import invalid
from minitf.op_def import op
from minitf.shapes import Shape
from minitf.symbols import M, N, float32, int32

# --- BipartiteMatch ------------------------------------------------------------------------------


@op("BipartiteMatch", outputs=("row_to_col_match_indices", "col_to_row_match_indices"))
def bipartite_match_op(
    distance_mat: float32[N, M], num_valid_rows: float32[()], *, top_k: int = -1
) -> tuple[int32[N], int32[M]]:
    """Take the nearest pair of a row and a column that are free, again and again.

    Args:
        distance_mat: float32[N, M].
        num_valid_rows: scalar, how many of the first rows count; all if it is negative.
        top_k: how many pairs at most; as many as there can be if it is not positive.

    Returns:
        int32[N], each row's column, and int32[M], each column's row; -1 for those left over.

    Raises:
        InvalidArgumentError: if there are fewer rows than count.

    Source: TensorFlow 1.15's op of the same name.
    """
    rows, columns = distance_mat.shape
    counted = int(num_valid_rows) if num_valid_rows >= 0 else rows
    if counted > rows:
        raise invalid("num_valid_rows is greater than the rows of distance_mat", rows=rows)
    most = min(counted, columns)
    if top_k > 0:
        most = min(most, top_k)
    of_rows, of_columns = np.full(rows, -1, np.int32), np.full(columns, -1, np.int32)
    distances = distance_mat[:counted]
    for place in np.argsort(distances, axis=None, kind="stable"):
        if most == 0:
            break
        row, column = divmod(int(place), columns)
        if of_rows[row] < 0 and of_columns[column] < 0:
            of_rows[row], of_columns[column] = column, row
            most -= 1
    return of_rows, of_columns


@bipartite_match_op.shape
def bipartite_match_shape(
    distance_mat: Shape, num_valid_rows: Shape, *, top_k: int
) -> tuple[Shape, Shape]:
    return Shape([distance_mat[0]]), Shape([distance_mat[1]])


bipartite_match_op.no_gradient("a choice is no smooth function")
