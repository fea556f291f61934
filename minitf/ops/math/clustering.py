"""Which centers of clusters are nearest to points.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf.errors import invalid
from minitf.op_def import op
from minitf.shapes import Shape
from minitf.symbols import float32, int64

Array = np.ndarray[Any, Any]

# --- NearestNeighbors ----------------------------------------------------------------------------


@op("NearestNeighbors", outputs=("nearest_center_indices", "nearest_center_distances"))
def nearest_neighbors_op(points: float32, centers: float32, k: int64) -> tuple[int64, float32]:
    """Find the nearest centers of each point: those of the least |point - center|^2.

    The squares are |point|^2 - 2 point.center + |center|^2, one product of matrices; what rounding
    makes negative is 0.

    Args:
        points: float32[n, d], with at least one point.
        centers: float32[m, d].
        k: int64[], how many centers are wanted of each point.

    Returns:
        Two arrays of [n, min(k, m)]: the rows of the centers, int64, nearest first and of equally
        near ones the first; and the squares of their distances, float32.

    Raises:
        InvalidArgumentError: if points and centers are no matrices of equally wide rows, k is no
            scalar or negative, or there is no point.

    Source: TensorFlow's op of the same name.
    """
    _check(points, centers, k)
    squares = (points * points).sum(axis=1)[:, None] - 2 * (points @ centers.T)
    squares = np.maximum(squares + (centers * centers).sum(axis=1), np.float32(0))
    nearest = np.argsort(squares, axis=1, kind="stable")[:, : int(k)]
    return nearest.astype(np.int64), np.take_along_axis(squares, nearest, axis=1)


def _check(points: Array, centers: Array, k: Array) -> None:
    for name, array in (("points", points), ("centers", centers)):
        if array.ndim != 2:
            raise invalid(f"Input {name} should be a matrix.", shape=array.shape)
    if k.ndim:
        raise invalid("Input k should be a scalar.", shape=k.shape)
    if not len(points):
        raise invalid("Expected points.rows() > 0.", shape=points.shape)
    if points.shape[1] != centers.shape[1]:
        raise invalid(
            "Expected point_dimensions == center_dimensions: "
            f"{points.shape[1]} vs {centers.shape[1]}."
        )
    if k < 0:
        raise invalid("Expected k >= 0.", k=int(k))


@nearest_neighbors_op.shape
def nearest_neighbors_shape(points: Shape, centers: Shape, k: Shape) -> tuple[Shape, Shape]:
    return Shape(None), Shape(None)


nearest_neighbors_op.no_gradient("TensorFlow defines none", refuse=True)
