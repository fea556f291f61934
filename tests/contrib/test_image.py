"""Images turned, moved and warped, and pairs (tf.contrib.image)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.contrib import image
from minitf.testing.strategies import real

SQUARES = st.integers(1, 4).flatmap(lambda n: real((2, n, n, 1), np.float32))


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def run(tensor):
    with tf.Graph().as_default(), tf.Session() as session:
        return session.run(tensor())


@given(images=SQUARES, quarters=st.integers(-3, 3))
def test_quarter_turns_are_those_of_numpy(images, quarters):
    turned = run(lambda: image.rotate(images, quarters * np.pi / 2))

    np.testing.assert_array_equal(turned, np.rot90(images, quarters, (1, 2)))


@given(images=SQUARES, dx=st.integers(-2, 2), dy=st.integers(-2, 2))
def test_a_move_and_its_opposite_leave_what_stayed_inside(images, dx, dy):
    there_and_back = run(
        lambda: image.translate(image.translate(images, [dx, dy]), [-dx, -dy], "BILINEAR")
    )
    n = images.shape[1]
    kept = np.zeros_like(images)
    rows, columns = (slice(max(-d, 0), max(n - max(d, 0), 0)) for d in (dy, dx))
    kept[:, rows, columns] = images[:, rows, columns]

    np.testing.assert_array_equal(there_and_back, kept)


def test_composed_transforms_do_one_after_the_other():
    x = np.arange(30, dtype=np.float32).reshape(1, 5, 6, 1)
    first, second = ([1, 0, a, 0, 1, b, 0, 0] for a, b in ((1, 2), (-2, 1)))
    at_once = run(lambda: image.transform(x, image.compose_transforms(first, second)))
    in_turn = run(lambda: image.transform(image.transform(x, first), second))

    np.testing.assert_array_equal(at_once[:, 2:3, 3:4], in_turn[:, 2:3, 3:4])


@pytest.mark.parametrize("shape", [(3, 4), (3, 4, 2), (1, 3, 4, 2)])
def test_ranks_and_output_shapes_are_kept(shape):
    made = image.transform(np.zeros(shape, np.uint8), [1, 0, 0, 0, 1, 0, 0, 0], output_shape=[5, 6])
    whole = image.rotate(np.zeros(shape, np.uint8), 0.1)

    assert made.dtype == tf.uint8
    assert made.shape == tuple({3: 5, 4: 6}.get(size, size) for size in shape)
    assert whole.shape == shape


def test_what_cannot_be_transformed_is_refused():
    with pytest.raises(TypeError, match="Invalid dtype"):
        image.rotate(np.zeros((3, 3), np.complex64), 0.0)
    with pytest.raises(TypeError, match="rank between 2 and 4"):
        image.transform(np.zeros((1, 1, 1, 1, 1), np.float32), np.zeros(8))
    with pytest.raises(TypeError, match="rank 1 or 2"):
        image.transform(np.zeros((3, 3), np.float32), np.zeros((1, 1, 8)))
    with pytest.raises(TypeError, match="statically known"):
        image.rotate(tf.placeholder(tf.float32), 0.0)
    with pytest.raises(ValueError, match="new_height, new_width"):
        image.transform(np.zeros((3, 3), np.float32), np.zeros(8), output_shape=[1, 2, 3])
    with pytest.raises(ValueError, match="cannot be empty"):
        image.compose_transforms()


def test_the_gradient_is_seen_through_the_inverse_map():
    x = tf.constant(np.arange(9, dtype=np.float32).reshape(3, 3))
    weights = np.arange(9, dtype=np.float32).reshape(3, 3)
    (back,) = tf.gradients(image.translate(x, [1, 0]) * weights, x)
    with tf.Session() as session:
        found = session.run(back)

    np.testing.assert_array_equal(found, [[1, 2, 0], [4, 5, 0], [7, 8, 0]])


def test_a_flow_reads_between_pixels_and_at_the_edges():
    x = np.arange(12, dtype=np.float64).reshape(1, 3, 4, 1)
    flow = np.zeros((1, 3, 4, 2))
    flow[..., 0], flow[..., 1] = 0.5, -1
    warped = run(lambda: image.dense_image_warp(x, flow))[0, :, :, 0]

    np.testing.assert_allclose(warped, [[1, 2, 3, 3], [3, 4, 5, 5], [7, 8, 9, 9]])


@given(data=st.data(), rows=st.integers(1, 4), columns=st.integers(1, 4))
def test_no_free_row_and_column_are_nearer_than_a_pair(data, rows, columns):
    seed = data.draw(st.integers(0, 2**32))
    distances = np.random.default_rng(seed).permutation(rows * columns).reshape(rows, columns)
    of_rows, of_columns = run(lambda: image.bipartite_match(np.float32(distances), -1))
    pairs = [(row, column) for row, column in enumerate(of_rows) if column >= 0]

    assert len(pairs) == min(rows, columns)
    assert all(of_columns[column] == row for row, column in pairs)
    pairs.sort(key=lambda pair: distances[pair])
    for i, (row, column) in enumerate(pairs):
        later_rows = [r for r in range(rows) if r not in {p[0] for p in pairs[:i]}]
        later_columns = [c for c in range(columns) if c not in {p[1] for p in pairs[:i]}]
        assert distances[row, column] == distances[np.ix_(later_rows, later_columns)].min()
