"""Bundles: TensorFlow's bytes, all types, boxes, merging, damage, crashes."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from io_faults import Crash, FaultyFiles

from minitf import protos
from minitf.dtypes import DTYPES, float32
from minitf.errors import DataLossError, InvalidArgumentError, NotFoundError
from minitf.io import tensor_bundle, write_behind
from minitf.io.bundle_files import data_path, index_path, promised, replaced
from minitf.io.bundle_reader import BundleReader
from minitf.io.checkpoints import open_checkpoint
from minitf.io.table import TableWriter, read_table
from minitf.io.tensor_bundle import BundleWriter, merge_bundles
from minitf.io.tensor_slice import TensorSlice
from minitf.io.write_behind import LARGE
from minitf.resources import Variable
from minitf.testing.strategies import anything, shapes

TYPES = sorted(
    name for name, dtype in DTYPES.items() if dtype.is_numpy_compatible and not name.startswith("q")
)


def saved(prefix, tensors):
    with BundleWriter(str(prefix)) as writer:
        for name in sorted(tensors):
            writer.add(name, tensors[name])
    return str(prefix)


def strings(values, shape=None):
    array = np.empty(len(values), object)
    array[:] = values
    return array.reshape((len(values),) if shape is None else shape)


def some_tensors():
    rng = np.random.default_rng(0)
    bfloat16 = DTYPES["bfloat16"].numpy
    return {
        **{f"layer{i:03d}/w": rng.normal(size=(17, i)).astype(np.float32) for i in range(40)},
        "bfloat16": rng.normal(size=(2, 3)).astype(bfloat16),
        "bool": np.array([True, False]),
        "complex": np.array([1 + 2j], np.complex64),
        "empty": np.zeros((0, 3), np.float32),
        "half": rng.normal(size=3).astype(np.float16),
        "number": np.array(123),
        "strings": strings([b"a", b"", b"x" * 300, bytes(range(256))], (2, 2)),
        "string": strings([b"alone"], ()),
    }


def same(one, other):
    if one.dtype == object:
        return one.shape == other.shape and one.tolist() == other.tolist()
    return (
        one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("bundles")


@given(data=st.data())
def test_tensors_of_every_type_come_back(folder, data):
    names = data.draw(st.lists(st.text(st.characters(exclude_characters="\0"), min_size=1)))
    tensors = {
        name: np.ascontiguousarray(
            data.draw(anything(data.draw(shapes(max_dims=3)), data.draw(st.sampled_from(TYPES))))
        )
        for name in names
        if name.encode("utf-8", "ignore").decode() == name
    }
    reader = BundleReader(saved(folder / "any", tensors))

    assert reader.names() == sorted(tensors, key=str.encode)
    assert all(same(reader.read(name), tensors[name]) for name in tensors)


@st.composite
def partitions(draw):
    """Draw a shape and boxes that cover it: each axis is cut at some places."""
    shape = tuple(draw(st.lists(st.integers(1, 6), min_size=1, max_size=3)))
    boxes = [()]
    for size in shape:
        cuts = sorted(draw(st.sets(st.integers(1, size - 1))) if size > 1 else ())
        ends = zip([0, *cuts], [*cuts, size], strict=True)
        pieces = [(start, end - start) for start, end in ends]
        boxes = [(*box, piece) for box in boxes for piece in pieces]
    return shape, [TensorSlice(box) for box in boxes]


def part(whole, box):
    return whole[tuple(slice(start, start + n) for start, n in box.within(whole.shape))]


@given(kept=partitions(), data=st.data())
def test_any_box_of_a_partitioned_tensor_is_put_together(folder, kept, data):
    shape, boxes = kept
    whole = np.arange(np.prod(shape), dtype=np.int64).reshape(shape)
    with BundleWriter(str(folder / "parts")) as writer:
        for box in data.draw(st.permutations(boxes)):
            writer.add_slice("w", shape, box, part(whole, box))
    extents = []
    for size in shape:
        start = data.draw(st.integers(0, size - 1))
        extents.append((start, data.draw(st.integers(1, size - start))))
    wanted = TensorSlice(tuple(extents))
    reader = BundleReader(str(folder / "parts"))

    assert reader.names() == ["w"]
    assert reader.shape("w") == shape
    assert np.array_equal(reader.read("w"), whole)
    assert np.array_equal(reader.read_slice("w", wanted), part(whole, wanted))


def test_a_box_of_a_whole_tensor_is_read(tmp_path):
    whole = np.arange(12).reshape(3, 4)
    reader = BundleReader(saved(tmp_path / "whole", {"w": whole}))

    assert np.array_equal(reader.read_slice("w", TensorSlice.parse("1,2:-")), whole[1:])


def test_boxes_that_do_not_cover_what_is_wanted(tmp_path):
    prefix = str(tmp_path / "gaps")
    with BundleWriter(prefix) as writer:
        writer.add_slice("w", (4,), TensorSlice.parse("0,3"), np.arange(3))
    reader = BundleReader(prefix)

    assert reader.read_slice("w", TensorSlice.parse("1,2")).tolist() == [1, 2]
    with pytest.raises(NotFoundError, match=r"the slices of tensor w in .*gaps do not cover"):
        reader.read("w")


def test_a_name_is_written_once(tmp_path):
    def twice():
        with BundleWriter(str(tmp_path / "twice")) as writer:
            writer.add("w", np.ones(1))
            writer.add("w", np.ones(1))

    with pytest.raises(InvalidArgumentError, match="Adding duplicate key: w"):
        twice()

    assert list(tmp_path.iterdir()) == []


def test_boxes_of_one_tensor_agree_about_the_whole(tmp_path):
    with BundleWriter(str(tmp_path / "boxes")) as writer:
        writer.add_slice("w", (4,), TensorSlice.parse("0,1"), np.ones(1))
        with pytest.raises(InvalidArgumentError, match="differ in type or shape"):
            writer.add_slice("w", (5,), TensorSlice.parse("1,1"), np.ones(1))


# --- TensorFlow -----------------------------------------------------------------------------------


@pytest.mark.tensorflow
@pytest.mark.paper("O-22")
def test_the_files_are_tensorflows_byte_for_byte(tmp_path, tensorflow):
    tensors, whole = some_tensors(), np.arange(20, dtype=np.float32).reshape(5, 4)
    names = sorted(tensors)
    boxes = [TensorSlice.parse(text) for text in ("0,3:-", "3,2:-")]
    with BundleWriter(str(tmp_path / "ours")) as writer:
        for name in names:
            writer.add(name, tensors[name])
        for box in boxes:
            writer.add_slice("zz", (5, 4), box, part(whole, box))
    with tensorflow.Graph().as_default(), tensorflow.Session() as session:
        values = [
            tensorflow.constant(x.tolist(), tensorflow.string) if x.dtype == object else x
            for x in (tensors[name] for name in names)
        ]
        save = tensorflow.raw_ops.SaveV2(
            prefix=str(tmp_path / "theirs"),
            tensor_names=[*names, "zz", "zz"],
            shape_and_slices=[""] * len(names) + [f"5 4 {box}" for box in boxes],
            tensors=[*values, *[part(whole, box) for box in boxes]],
        )
        session.run(save)

    for path in (index_path, lambda prefix: data_path(prefix, 0, 1)):
        ours, theirs = (path(str(tmp_path / name)).read_bytes() for name in ("ours", "theirs"))
        assert ours == theirs


@pytest.mark.tensorflow
def test_tensorflow_reads_our_bundles(tmp_path, tensorflow):
    tensors = some_tensors()
    for i in range(2000):  # several blocks of the table
        tensors[f"block/of/an/index/{i}"] = np.array(i)
    prefix = saved(tmp_path / "ours", tensors)
    reader = tensorflow.train.load_checkpoint(prefix)

    assert reader.get_variable_to_shape_map() == {k: list(v.shape) for k, v in tensors.items()}
    for name, tensor in tensors.items():
        found = np.asarray(reader.get_tensor(name), tensor.dtype)
        assert same(found, tensor), name


# --- several bundles into one ---------------------------------------------------------------------


def test_bundles_of_several_tasks_become_one(tmp_path):
    whole = np.arange(10).reshape(5, 2)
    prefixes = [str(tmp_path / "temp" / f"part-{i}") for i in range(3)]
    for i, prefix in enumerate(prefixes):
        with BundleWriter(prefix) as writer:
            writer.add(f"own{i}", np.full(3, i))
            if i:
                box = TensorSlice.parse(["", "0,2:-", "2,3:-"][i])
                writer.add_slice("shared", (5, 2), box, part(whole, box))
    merge_bundles(prefixes, str(tmp_path / "model"))
    reader = BundleReader(str(tmp_path / "model"))

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *(f"model.data-0000{i}-of-00003" for i in range(3)),
        "model.index",
        "temp",
    ]
    assert list((tmp_path / "temp").iterdir()) == []
    assert reader.names() == ["own0", "own1", "own2", "shared"]
    assert [reader.read(f"own{i}").tolist() for i in range(3)] == [[i] * 3 for i in range(3)]
    assert np.array_equal(reader.read("shared"), whole)


def test_one_tensor_in_two_bundles_is_refused(tmp_path):
    prefixes = [saved(tmp_path / name, {"w": np.ones(2)}) for name in "ab"]
    with pytest.raises(InvalidArgumentError, match="tensor w is in two of them"):
        merge_bundles(prefixes, str(tmp_path / "model"))

    assert BundleReader(prefixes[0]).names() == ["w"]


# --- damage ---------------------------------------------------------------------------------------


def test_no_bundle_is_not_found(tmp_path):
    words = "Unsuccessful TensorSliceReader constructor: Failed to find any matching files for "
    for name in ("none", "no/folder"):
        with pytest.raises(NotFoundError) as missing:
            open_checkpoint(str(tmp_path / name))
        assert words + str(tmp_path / name) in str(missing.value)
    reader = BundleReader(saved(tmp_path / "some", {"w": np.ones(2)}))
    with pytest.raises(NotFoundError, match="Key v not found in checkpoint"):
        reader.read("v")


@given(place=st.integers(0, 15), mask=st.integers(1, 255))
def test_a_changed_byte_of_a_tensor_is_found(folder, place, mask):
    prefix = saved(folder / "damaged", {"layer/w": np.ones(2), "x": np.ones(2)})
    path = data_path(prefix, 0, 1)
    data = bytearray(path.read_bytes())
    data[place] ^= mask
    path.write_bytes(data)
    reader = BundleReader(prefix)
    with pytest.raises(DataLossError, match="Checksum does not match") as damage:
        reader.read("layer/w")

    assert "tensor: layer/w" in str(damage.value)
    assert f"file: {path}" in str(damage.value)
    assert reader.read("x").tolist() == [1, 1]


@given(place=st.integers(0, 8), mask=st.integers(1, 255))
def test_a_changed_byte_of_strings_is_found(folder, place, mask):
    prefix = saved(folder / "damaged", {"s": strings([b"ab", b"c"])})
    path = data_path(prefix, 0, 1)
    data = bytearray(path.read_bytes())
    data[place] ^= mask
    path.write_bytes(data)
    with pytest.raises(DataLossError, match="tensor: s"):
        BundleReader(prefix).read("s")


def test_a_data_file_cut_short_or_gone_is_told(tmp_path):
    prefix = saved(tmp_path / "short", {"w": np.ones(4)})
    path = data_path(prefix, 0, 1)
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(DataLossError, match="the file ends 12 bytes too early"):
        BundleReader(prefix).read("w")
    path.unlink()
    with pytest.raises(NotFoundError, match="No such file"):
        BundleReader(prefix).read("w")


@pytest.mark.parametrize(
    "change",
    [
        {"offset": -4},
        {"size": -2},
        {"dtype": 99},
        {"shape": (-1, -2)},
        {"dtype": 7, "shape": (1 << 40,)},  # strings
    ],
)
def test_an_entry_that_cannot_be_is_damage(tmp_path, change):
    prefix = saved(tmp_path / "made", {"w": np.ones((1, 2))})
    pairs = dict(read_table(index_path(prefix)))
    entry = protos.BundleEntryProto.FromString(pairs[b"w"])
    change = dict(change)
    for dim, size in itertools.zip_longest(entry.shape.dim, change.pop("shape", (1, 2))):
        dim.size = size or 1
    for field, value in change.items():
        setattr(entry, field, value)
    pairs[b"w"] = entry.SerializeToString()
    with index_path(prefix).open("wb") as file:
        table = TableWriter(file)
        for each in sorted(pairs.items()):
            table.add(*each)
        table.finish()

    with pytest.raises(DataLossError):
        BundleReader(prefix).read("w")


def test_a_table_that_is_no_bundle_is_told(tmp_path):
    index_path(str(tmp_path / "bad")).write_bytes(b"no table at all, and not a short one either")
    with pytest.raises(DataLossError, match="too short to be an sstable"):
        BundleReader(str(tmp_path / "bad"))


# --- crashes --------------------------------------------------------------------------------------

OLD, NEW = {"w": np.zeros(6), "old": np.ones(1)}, {"w": np.ones(9), "new": np.ones(1)}


def state(prefix):
    """Return which of the two bundles there is, under the first or the second name."""
    try:
        reader = open_checkpoint(str(prefix))
    except NotFoundError:
        reader = open_checkpoint(replaced(str(prefix)))
    found = {name: reader.read(name) for name in reader.names()}
    return next(
        kind
        for kind, tensors in (("old", OLD), ("new", NEW))
        if found.keys() == tensors.keys() and all(same(found[k], tensors[k]) for k in found)
    )


def changes_of(action, tmp_path, monkeypatch):
    """Return how many changes of files an action makes."""
    with monkeypatch.context() as patch:
        faults = FaultyFiles(patch, np.inf, Crash())
        action(tmp_path / "count")
    return faults.count


@pytest.mark.paper("O-22")
@pytest.mark.parametrize("error", [Crash(), OSError(errno.ENOSPC, "No space left on device")])
def test_a_crash_at_any_change_of_files_leaves_the_old_bundle_or_the_new(
    tmp_path, monkeypatch, error
):
    saved(tmp_path / "count", OLD)
    count = changes_of(lambda prefix: saved(prefix, NEW), tmp_path, monkeypatch)
    seen = []
    for limit in range(count):
        prefix = tmp_path / f"at{limit}"
        saved(prefix, OLD)
        with monkeypatch.context() as patch:
            FaultyFiles(patch, limit, error)
            with pytest.raises(type(error)):
                saved(prefix, NEW)
        seen.append(state(prefix))

    assert count > 12
    assert seen == sorted(seen, key=["old", "new"].index)  # and never anything else
    assert set(seen) == {"old", "new"}


@pytest.mark.paper("O-22")
def test_a_crash_while_a_promised_bundle_is_written_leaves_the_old_one_or_the_new(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(tensor_bundle, "_LONG_TO_SYNC", 0)

    def written(prefix, tensors):
        with promised(str(prefix)):
            saved(prefix, tensors)

    saved(tmp_path / "count", OLD)
    count = changes_of(lambda prefix: written(prefix, NEW), tmp_path, monkeypatch)
    seen = []
    for limit in range(count):
        prefix = tmp_path / f"at{limit}"
        saved(prefix, OLD)
        with monkeypatch.context() as patch:
            FaultyFiles(patch, limit, Crash())
            with pytest.raises(Crash):
                written(prefix, NEW)
        seen.append(state(prefix))

    assert seen == sorted(seen, key=["old", "new"].index)
    assert set(seen) == {"old", "new"}
    assert state(tmp_path / "count") == "new"
    assert BundleReader(replaced(str(tmp_path / "count"))).names() == sorted(OLD)


@pytest.mark.paper("O-22")
def test_a_bundle_that_is_left_under_its_second_name_stays_until_another_is_on_the_disk(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(tensor_bundle, "_LONG_TO_SYNC", 0)
    prefix = str(tmp_path / "x")
    saved(prefix, OLD)
    with promised(prefix):
        saved(prefix, NEW)
        assert BundleReader(replaced(prefix)).names() == sorted(OLD)
        saved(prefix, {"third": np.ones(1)})

    assert BundleReader(prefix).names() == ["third"]
    assert not index_path(replaced(prefix)).exists()


@pytest.mark.paper("O-22")
def test_without_second_names_the_new_bundle_is_on_the_disk_first(tmp_path, monkeypatch):
    monkeypatch.setattr(tensor_bundle, "_LONG_TO_SYNC", 0)

    def link(*_):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    prefix = str(tmp_path / "x")
    saved(prefix, OLD)
    synced, sync = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(sync(handle)))
    with promised(prefix):
        saved(prefix, NEW)

    assert len(synced) >= 3
    assert BundleReader(prefix).names() == sorted(NEW)


@pytest.mark.paper("O-22")
def test_a_crash_while_bundles_are_merged_leaves_the_old_one_or_the_new(tmp_path, monkeypatch):
    def merged(prefix, tensors):
        parts = [
            saved(f"{prefix}_temp/part-{i}", {name: tensors[name]})
            for i, name in enumerate(tensors)
        ]
        return lambda: merge_bundles(parts, str(prefix))

    merged(tmp_path / "count", OLD)()
    merge = merged(tmp_path / "count", NEW)
    count = changes_of(lambda _: merge(), tmp_path, monkeypatch)
    seen = []
    for limit in range(count):
        prefix = tmp_path / f"at{limit}"
        merged(prefix, OLD)()
        merge = merged(prefix, NEW)
        with monkeypatch.context() as patch:
            FaultyFiles(patch, limit, Crash())
            with pytest.raises(Crash):
                merge()
        seen.append(state(prefix))

    assert seen == sorted(seen, key=["old", "new"].index)
    assert set(seen) == {"old", "new"}


@pytest.mark.parametrize("size", [3, LARGE])
def test_what_could_not_be_written_is_removed(tmp_path, monkeypatch, size):
    full = OSError(errno.ENOSPC, "No space left on device")

    def write(faults):
        with BundleWriter(str(tmp_path / "x")) as writer:
            writer.add("w", np.ones(size, np.uint8))
            writer.add("v", np.ones(size, np.uint8))
            try:
                writer.finish()
            finally:
                faults.limit = np.inf  # there is room again, for the removal of what was begun

    with monkeypatch.context() as patch:
        faults = FaultyFiles(patch, 1, full)  # the folder and no write
        with pytest.raises(OSError, match="No space left"):
            write(faults)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "fdatasync"), reason="this system syncs at the end only")
def test_an_error_of_the_disk_is_told_whichever_sync_was_the_first_to_hear_of_it(
    tmp_path, monkeypatch
):
    errors = [OSError(errno.EIO, "Input/output error")]

    def fdatasync(_):
        if errors:
            raise errors.pop()

    monkeypatch.setattr(os, "fdatasync", fdatasync)
    monkeypatch.setattr(write_behind, "_SYNC_EVERY", LARGE)
    with pytest.raises(OSError, match="Input/output error"):
        saved(tmp_path / "x", {f"t{i}": np.ones(LARGE, np.uint8) for i in range(3)})

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("promises", [contextlib.nullcontext, promised])
def test_small_and_large_tensors_stand_in_the_order_in_which_they_came(tmp_path, promises):
    sizes = [5, LARGE, 0, 7, LARGE + 3, LARGE - 1, 9, LARGE]
    tensors = {f"t{i}": np.full(size, i, np.uint8) for i, size in enumerate(sizes)}
    prefix = str(tmp_path / "mixed")
    with promises(prefix):
        saved(prefix, tensors)
    reader = BundleReader(prefix)

    assert data_path(prefix, 0, 1).read_bytes() == b"".join(x.tobytes() for x in tensors.values())
    assert all(same(reader.read(name), tensors[name]) for name in reversed(tensors))


def test_nobody_can_write_to_what_was_read(tmp_path):
    w = BundleReader(saved(tmp_path / "x", {"w": np.zeros(3)})).read("w")
    with pytest.raises(ValueError, match="WRITEABLE"):
        w.flags.writeable = True

    assert not w.flags.writeable


def test_a_large_tensor_becomes_a_variables_value_without_a_copy(tmp_path):
    """Its memory is filled once, so that nobody can change what the variable holds."""
    x = np.arange(1 << 15, dtype=np.float32).reshape(2, -1)
    read = BundleReader(saved(tmp_path / "b", {"x": x})).read("x")
    variable = Variable("v", float32)
    variable.write(read)

    assert (read == x).all()
    assert np.shares_memory(variable.read(), read)
    assert not read.flags.writeable
    with pytest.raises(ValueError, match="WRITEABLE"):
        read.flags.writeable = True
    with variable.lock:
        assert not np.shares_memory(variable.exclusive(), read)  # an update takes a copy
