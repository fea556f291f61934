"""Large buffers are used again, but never while an array or a view of one lives in them."""

from __future__ import annotations

import gc
import threading

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from minitf.kernels_cpu.buffers import LEAST_BYTES, Buffers, empty, in_use

FLOAT = np.dtype(np.float32)
LARGE = (LEAST_BYTES // FLOAT.itemsize,)


def address(array):
    return array.__array_interface__["data"][0]


def test_a_buffer_that_died_is_used_again():
    first = empty(LARGE, FLOAT)
    where = address(first)
    del first
    second = empty((4, LARGE[0] // 4), FLOAT)

    assert address(second) == where
    assert second.flags.c_contiguous
    assert second.flags.writeable
    assert second.shape == (4, LARGE[0] // 4)


def test_a_view_keeps_its_buffer():
    array = empty(LARGE, FLOAT)
    view = array[8:].reshape(2, -1)[1:]
    del array
    gc.collect()

    assert not np.may_share_memory(empty(LARGE, FLOAT), view)


def test_small_arrays_and_objects_are_numpys_own():
    before = in_use()
    small, objects = empty((3,), FLOAT), empty(LARGE, np.dtype(object))

    assert in_use() == before
    assert small.flags.owndata
    assert objects.flags.owndata


@given(st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=40))
def test_what_is_kept_is_never_more_than_was_in_use(events):
    buffers = Buffers()
    blocks = []
    for pages, begins in events:
        if begins or not blocks:
            size = pages * LEAST_BYTES
            block = buffers.take(size)
            blocks.append(block)
            assert len(block) == size
        else:
            buffers.give_back(blocks.pop(0))

        used = sum(map(len, blocks))
        assert buffers.used_bytes == used
        assert used <= buffers.peak_bytes
        assert 0 <= buffers.free_bytes <= buffers.peak_bytes
        assert buffers.free_bytes == sum(n * len(b) for n, b in buffers._free.items())


def test_threads_never_get_the_same_buffer():
    wrong = []

    def work(number):
        for _ in range(200):
            mine = empty(LARGE, FLOAT)
            mine[:] = number
            other = empty(LARGE, FLOAT)
            other[:] = -number
            if not (mine == number).all():
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not wrong


def test_some_bytes_are_spared_for_arrays_of_other_sizes():
    buffers = Buffers(spare_bytes=3 * LEAST_BYTES)
    first = buffers.take(LEAST_BYTES)
    buffers.give_back(first)
    second = buffers.take(2 * LEAST_BYTES)
    buffers.give_back(second)

    assert buffers.free_bytes == 3 * LEAST_BYTES
    assert buffers.take(LEAST_BYTES) is first
