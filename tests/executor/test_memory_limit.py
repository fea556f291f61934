"""A device with little memory: a step that needs more says which operation had none."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.kernels_cpu import buffers

SIDE = 512  # a matrix of 1 MiB


@pytest.fixture
def small_device(monkeypatch):
    """Let large arrays take 3 matrices on top of what is in use."""
    monkeypatch.setenv("MINITF_JIT", "eager")
    used_bytes = buffers.in_use()[0]
    monkeypatch.setattr(buffers._BUFFERS, "most_bytes", used_bytes + 3 * 4 * SIDE**2)


def chain(length):
    """Return products of which two live at a time, and those of which all live until the end."""
    x = tf.placeholder(tf.float32, [SIDE, SIDE])
    found = [tf.matmul(x, x, name="product")]
    for _ in range(length):
        found.append(tf.matmul(found[-1], x, name="product"))
    return x, found


@pytest.mark.paper("W-13")
@pytest.mark.thorough
@pytest.mark.usefixtures("small_device")
def test_a_step_that_needs_more_memory_names_the_operation():
    x, products = chain(8)
    feeds = {x: np.ones((SIDE, SIDE), np.float32)}
    with tf.Session() as session:
        session.run(products[-1].op, feeds)
        with pytest.raises(tf.errors.ResourceExhaustedError) as caught:
            session.run(products, feeds)

        assert "OOM when allocating tensor with shape[512,512] and type float32" in str(
            caught.value
        )
        assert caught.value.op is products[3].op
        assert "MINITF_MEMORY_LIMIT" in str(caught.value)
        session.run(products[-1].op, feeds)  # and nothing is lost


def test_what_is_refused_does_not_count_as_used():
    small = buffers.Buffers(most_bytes=100_000)
    kept = small.take(70_000)
    with pytest.raises(MemoryError, match=r"70,000 bytes on top of 70,000"):
        small.take(70_000)
    assert small.used_bytes == 70_000

    small.give_back(kept)
    assert len(small.take(90_000)) == 90_000


@pytest.mark.parametrize("text", ["", "1.5", "-1", "much"])
def test_a_limit_is_a_whole_number_of_megabytes(monkeypatch, text):
    monkeypatch.setenv("MINITF_MEMORY_LIMIT", text)
    with pytest.raises(ValueError, match="must be a whole number of MB"):
        buffers._limit()

    monkeypatch.setenv("MINITF_MEMORY_LIMIT", "20")
    assert buffers._limit() == 20_000_000
