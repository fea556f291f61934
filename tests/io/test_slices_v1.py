"""Checkpoint files of the first format: what is written is read, by TensorFlow too."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.dtypes import DTYPES
from minitf.errors import DataLossError, InvalidArgumentError, NotFoundError
from minitf.io.checkpoints import open_checkpoint
from minitf.io.slices_v1 import Slice, SliceReader, write_slices
from minitf.io.tensor_slice import TensorSlice
from minitf.testing.strategies import anything, shapes

TYPES = sorted(
    name for name, dtype in DTYPES.items() if dtype.is_numpy_compatible and not name.startswith("q")
)


def whole(name, array):
    return Slice(name, array.shape, TensorSlice.full(array.ndim), array)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return str(tmp_path_factory.mktemp("v1") / "model.ckpt")


@pytest.mark.thorough
@given(data=st.data())
def test_tensors_of_every_type_come_back(path, data):
    tensors = {
        name: np.ascontiguousarray(data.draw(anything(data.draw(shapes(max_dims=3)), name)))
        for name in data.draw(st.lists(st.sampled_from(TYPES), unique=True, min_size=1))
    }
    write_slices(path, [whole(name, tensors[name]) for name in sorted(tensors)])
    reader = SliceReader(path)

    assert reader.names() == sorted(tensors)
    for name, tensor in tensors.items():
        found = reader.read(name)
        assert (reader.dtype(name).name, reader.shape(name)) == (name, tensor.shape)
        assert found.dtype == tensor.dtype
        np.testing.assert_array_equal(_bits(found), _bits(tensor))


def _bits(array):
    return array if array.dtype == object else array.view(np.uint8)


def test_boxes_in_several_files_are_put_together(tmp_path):
    array = np.arange(20, dtype=np.float32).reshape(5, 4)
    boxes = [TensorSlice.parse(text) for text in ("0,3:-", "3,2:0,1", "3,2:1,3")]
    parts = [array[:3], array[3:, :1], array[3:, 1:]]
    for i, (box, part) in enumerate(zip(boxes, parts, strict=True)):
        write_slices(str(tmp_path / f"m-0000{i}-of-00003"), [Slice("w", (5, 4), box, part)])
    reader = open_checkpoint(str(tmp_path / "m-?????-of-00003"))

    assert np.array_equal(reader.read("w"), array)
    assert np.array_equal(reader.read_slice("w", TensorSlice.parse("2,2:-")), array[2:4])


def test_what_is_not_there_is_told(tmp_path):
    with pytest.raises(NotFoundError, match="Failed to find any matching files for"):
        SliceReader(str(tmp_path / "none"))
    path = str(tmp_path / "some")
    write_slices(path, [whole("w", np.ones(2))])
    with pytest.raises(NotFoundError, match="Key v not found in checkpoint"):
        SliceReader(path).read("v")


def test_boxes_of_one_tensor_agree_about_the_whole(tmp_path):
    box = TensorSlice.parse("0,1")
    with pytest.raises(InvalidArgumentError, match="differ in type or shape of the whole"):
        write_slices(
            str(tmp_path / "bad"),
            [Slice("w", (2,), box, np.ones(1)), Slice("w", (3,), box, np.ones(1))],
        )


def test_damage_is_told(tmp_path):
    path = tmp_path / "bad"
    write_slices(str(path), [whole("w", np.ones(50))])
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(data)
    with pytest.raises(DataLossError, match="block checksum mismatch"):
        SliceReader(str(path))


@pytest.mark.tensorflow
def test_the_files_are_tensorflows_byte_for_byte(tmp_path, tensorflow):
    tensors = {
        "bool": np.array([True, False]),
        "complex": np.array([1 + 2j], np.complex64),
        "double": np.array(2.5),
        "float": np.arange(2000, dtype=np.float32).reshape(100, 20),
        "half": np.array([1.5], np.float16),
        "int8": np.array([1, -2], np.int8),
        "int64": np.array([1, -2]),
        "none": np.zeros((0, 2), np.float32),
    }
    names = sorted(tensors)
    array = np.arange(10, dtype=np.float32).reshape(5, 2)
    boxes = [TensorSlice.parse(text) for text in ("0,3:-", "3,2:-")]
    parts = [Slice("zz", (5, 2), boxes[0], array[:3]), Slice("zz", (5, 2), boxes[1], array[3:])]
    write_slices(str(tmp_path / "ours"), [*[whole(n, tensors[n]) for n in names], *parts])
    with tensorflow.Graph().as_default(), tensorflow.Session() as session:
        save = tensorflow.raw_ops.SaveSlices(
            filename=str(tmp_path / "theirs"),
            tensor_names=[*names, "zz", "zz"],
            shapes_and_slices=[""] * len(names) + [f"5 2 {box}" for box in boxes],
            data=[*[tensors[name] for name in names], array[:3], array[3:]],
        )
        session.run(save)

    assert (tmp_path / "ours").read_bytes() == (tmp_path / "theirs").read_bytes()
