"""NearestNeighbors: an example, a law, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.math.clustering import nearest_neighbors_op
from minitf.testing.strategies import whole

POINTS = np.float32([[0, 0], [1, 1], [2, 0], [5, 5]])
CENTERS = np.float32([[1, 0], [0, 1], [5, 4], [0, 1]])


def nearest(points, centers, k):
    return nearest_neighbors_op.body(points, centers, np.array(k))


def test_the_nearest_centers_come_first_and_of_equal_ones_the_first():
    indices, squares = nearest(POINTS, CENTERS, 2)

    assert indices.tolist() == [[0, 1], [0, 1], [0, 1], [2, 0]]
    assert squares.tolist() == [[1, 1], [1, 1], [1, 5], [1, 41]]


@given(points=whole((4, 3)), centers=whole((5, 3)), k=st.integers(0, 7))
def test_no_center_that_is_left_out_is_nearer(points, centers, k):
    points, centers = points.astype(np.float32), centers.astype(np.float32)
    indices, squares = nearest(points, centers, k)
    all_squares = np.square(points[:, None] - centers).sum(axis=-1)

    assert indices.shape == (4, min(k, 5))
    np.testing.assert_array_equal(squares, np.sort(all_squares)[:, :k])
    np.testing.assert_array_equal(squares, np.take_along_axis(all_squares, indices, axis=1))


@pytest.mark.parametrize(
    ("points", "centers", "k", "phrase"),
    [
        (POINTS[0], CENTERS, 1, "Input points should be a matrix"),
        (POINTS, CENTERS[0], 1, "Input centers should be a matrix"),
        (POINTS, CENTERS, [1], "Input k should be a scalar"),
        (POINTS[:0], CENTERS, 1, r"Expected points\.rows\(\) > 0"),
        (POINTS, CENTERS[:, :1], 1, "Expected point_dimensions == center_dimensions: 2 vs 1"),
        (POINTS, CENTERS, -1, "Expected k >= 0"),
    ],
)
def test_what_is_no_clustering_is_refused(points, centers, k, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        nearest(points, centers, k)
