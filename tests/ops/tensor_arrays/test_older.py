"""TensorArrays whose handles are strings: the same elements behind them, in both forms."""

import numpy as np
import pytest

import minitf as tf
from minitf.errors import InvalidArgumentError

raw = tf.raw_ops


def run(fetches):
    with tf.Session() as session:
        return session.run(fetches)


def op(name, version):
    return getattr(raw, f"TensorArray{name}{version}")


@pytest.fixture(params=["", "V2"], ids=["refs", "strings"])
def version(request):
    return request.param


def array(version, size, **options):
    return op("", version)(size=size, dtype=tf.float32, **options)


def test_what_is_written_is_read(version):
    handle = array(version, 3)
    flow = op("Write", version)(handle=handle, index=1, value=[7.0], flow_in=0.0)

    read = op("Read", version)(handle=handle, index=1, flow_in=flow, dtype=tf.float32)
    size = op("Size", version)(handle=handle, flow_in=flow)
    assert [x.tolist() for x in run([read, size])] == [[7], 3]


def test_rows_are_scattered_and_gathered(version):
    handle = array(version, 2)
    rows = np.float32([[1, 2], [3, 4]])
    flow = op("Scatter", version)(handle=handle, indices=[1, 0], value=rows, flow_in=0.0)

    rows = op("Gather", version)(handle=handle, indices=[0, 1], flow_in=flow, dtype=tf.float32)
    assert run(rows).tolist() == [[3, 4], [1, 2]]


def test_pieces_are_split_and_joined(version):
    handle = array(version, 2)
    flow = op("Split", version)(handle=handle, value=[1.0, 2, 3], lengths=[1, 2], flow_in=0.0)

    joined = op("Concat", version)(handle=handle, flow_in=flow, dtype=tf.float32)
    assert [x.tolist() for x in run(joined)] == [[1, 2, 3], [1, 2]]


def test_gradients_of_one_source_are_added(version):
    handle = array(version, 1)
    flow = op("Write", version)(handle=handle, index=0, value=1.0, flow_in=0.0)
    sums = [op("Grad", version)(handle=handle, flow_in=flow, source="gradients") for _ in range(2)]
    for each in sums:
        flow = op("Write", version)(handle=each, index=0, value=2.0, flow_in=flow)

    assert run(op("Read", version)(handle=sums[0], index=0, flow_in=flow, dtype=tf.float32)) == 4


def test_what_is_closed_is_not_read(version):
    handle = array(version, 1, element_shape=[], tensor_array_name="rows")
    with tf.control_dependencies([op("Close", version)(handle=handle)]):
        read = op("Read", version)(handle=handle, index=0, flow_in=0.0, dtype=tf.float32)

    with pytest.raises(InvalidArgumentError, match=r"rows_\d+ has already been closed"):
        run(read)


def test_a_handle_shows_two_strings(version):
    container, name = run(array(version, 1, tensor_array_name="rows"))

    assert (container, name[:5]) == (b"_tensor_arrays", b"rows_")


def test_strings_that_lead_nowhere_are_refused():
    read = raw.TensorArrayReadV2(handle=["", "rows"], index=0, flow_in=0.0, dtype=tf.float32)

    with pytest.raises(InvalidArgumentError, match="wrong type"):
        run(read)


def test_all_elements_are_unpacked_and_packed():
    handle = array("", 3)
    flow = raw.TensorArrayUnpack(handle=handle, value=[1.0, 2, 3], flow_in=0.0)

    packed = raw.TensorArrayPack(handle=handle, flow_in=flow, dtype=tf.float32)
    assert run(packed).tolist() == [1, 2, 3]
    with pytest.raises(InvalidArgumentError, match="not marked as dynamically resizeable"):
        run(raw.TensorArrayUnpack(handle=handle, value=[1.0, 2], flow_in=0.0))
