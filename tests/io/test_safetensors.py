"""safetensors files: the bytes of the format's own library, all types, damaged files."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st
from io_faults import Crash, FaultyFiles

from minitf.dtypes import DTYPES, by_numpy, string
from minitf.errors import DataLossError, InvalidArgumentError, NotFoundError
from minitf.io.safetensors import SafetensorsFile, write
from minitf.testing.strategies import anything, shapes

TYPES = [
    *("bool", "uint8", "int8", "int16", "uint16", "float16", "bfloat16", "int32", "uint32"),
    *("float32", "complex64", "float64", "int64", "uint64"),
]


def written(path, arrays, metadata=None):
    described = {name: (by_numpy(array.dtype), array.shape) for name, array in arrays.items()}
    write(path, described, arrays.__getitem__, metadata)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("safetensors")


@given(data=st.data())
def test_arrays_of_every_type_come_back(folder, data):
    names = data.draw(st.lists(st.text(st.characters(codec="utf-8")), unique=True, max_size=4))
    arrays = {
        name: data.draw(anything(data.draw(shapes(max_dims=3)), data.draw(st.sampled_from(TYPES))))
        for name in names
    }
    file = SafetensorsFile(written(folder / "any", arrays))

    assert file.names() == sorted(arrays)
    for name, array in arrays.items():
        found = file.read(name)
        assert file.find(name) == (by_numpy(array.dtype), array.shape)
        assert (found.dtype, found.shape) == (array.dtype, array.shape)
        assert found.tobytes() == array.tobytes()


def test_the_bytes_are_those_of_the_formats_own_library(tmp_path):
    arrays = {
        f"{name}/ä": np.ones((2, 3), DTYPES[name].numpy) for name in TYPES if name != "bfloat16"
    }
    arrays |= {"scalar": np.array(2.5), "empty": np.ones((0, 3), np.float32), "b": np.ones(5, bool)}
    for metadata in (None, {"by": "a test"}):
        path = written(tmp_path / "ours", arrays, metadata)

        assert path.read_bytes() == safetensors.numpy.save(arrays, metadata)


def test_its_library_reads_bfloat16_of_ours(tmp_path):
    array = np.arange(6).reshape(2, 3).astype(DTYPES["bfloat16"].numpy)
    ((name, found),) = safetensors.deserialize(
        written(tmp_path / "b", {"w": array}, {"by": "us"}).read_bytes()
    )

    assert (name, found["dtype"], list(found["shape"])) == ("w", "BF16", [2, 3])
    assert bytes(found["data"]) == array.tobytes()
    assert SafetensorsFile(tmp_path / "b").metadata == {"by": "us"}


def test_what_the_format_lacks_is_told(tmp_path):
    for dtype in (string, DTYPES["complex128"], DTYPES["qint8"]):
        with pytest.raises(InvalidArgumentError, match=f"no type {dtype.name}, which w has"):
            write(tmp_path / "x", {"w": (dtype, (1,))}, {}.get)
    with pytest.raises(InvalidArgumentError, match="keeps the name __metadata__"):
        written(tmp_path / "x", {"__metadata__": np.ones(1)})

    assert list(tmp_path.iterdir()) == []


def test_no_file_is_not_found(tmp_path):
    for path in (tmp_path / "none", tmp_path, tmp_path / "none" / "x"):
        with pytest.raises(NotFoundError, match="No such file"):
            SafetensorsFile(path)
    with pytest.raises(NotFoundError, match="Key v not found in"):
        SafetensorsFile(written(tmp_path / "x", {"w": np.ones(1)})).read("v")


def test_nobody_can_write_to_what_was_read(tmp_path):
    w = SafetensorsFile(written(tmp_path / "x", {"w": np.ones(2)})).read("w")
    with pytest.raises(ValueError, match="WRITEABLE"):
        w.flags.writeable = True


# --- foreign and damaged files --------------------------------------------------------------------


def made(path, header, size=8):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(size))
    return path


def entry(code="F32", shape=(2,), offsets=(0, 8)):
    return {"dtype": code, "shape": list(shape), "data_offsets": list(offsets)}


def test_a_type_that_tensorflow_lacks_matters_only_where_it_is_read(tmp_path):
    header = {"f8": entry("F8_E4M3", (4,), (0, 4)), "w": entry("F32", (1,), (4, 8))}
    file = SafetensorsFile(made(tmp_path / "x", header))

    assert file.names() == ["f8", "w"]
    assert file.read("w").tolist() == [0]
    with pytest.raises(InvalidArgumentError, match="no type F8_E4M3, which f8 in"):
        file.read("f8")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (b"{", "cannot be read"),
        (b"[]", "no object"),
        (b"[" * 100_000, "cannot be read"),
        (b'{"w": 1, "w": 2}', "a name comes twice"),
        (b"\xff\xff", "cannot be read"),
        ({"w": []}, "does not say what w is"),
        ({"w": entry(code=3)}, "does not say what w is"),
        ({"w": entry(shape=["2"])}, "does not say what w is"),
        ({"w": entry(offsets=(-8, 0))}, "does not say what w is"),
        ({"w": entry(offsets=(0, 8, 9))}, "does not say what w is"),
        ({"w": entry(shape=(3,))}, "8 bytes are no F32"),
        ({"w": entry(), "v": entry()}, "begins at 0, not at 8"),
        ({"w": entry(offsets=(4, 12))}, "begins at 4, not at 0"),
        ({"w": entry("F8_E4M3", offsets=(0, 9))}, "8 bytes of arrays, not 9"),
        ({"w": entry(shape=(1,), offsets=(0, 4))}, "8 bytes of arrays, not 4"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path, header, message):
    with pytest.raises(DataLossError, match=message):
        SafetensorsFile(made(tmp_path / "x", header))


@given(data=st.data())
def test_a_file_cut_short_is_refused(folder, data):
    path = written(folder / "cut", {"w": np.ones(4, np.float32)})
    whole = path.read_bytes()
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(DataLossError, match="no whole safetensors file"):
        SafetensorsFile(path)


def test_a_crash_at_any_change_of_files_leaves_the_old_file_or_the_new(tmp_path, monkeypatch):
    old, new = {"w": np.zeros(3)}, {"w": np.ones(3)}
    path = tmp_path / "x"
    with monkeypatch.context() as patch:
        faults = FaultyFiles(patch, np.inf, Crash())
        written(path, old)
    seen = []
    for limit in range(faults.count):
        written(path, old)
        with monkeypatch.context() as patch:
            FaultyFiles(patch, limit, Crash())
            with pytest.raises(Crash):
                written(path, new)
        seen.append(SafetensorsFile(path).read("w")[0])

    assert seen == sorted(seen)
    assert set(seen) == {0, 1}
