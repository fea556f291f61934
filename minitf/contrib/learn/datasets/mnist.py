"""MNIST as the tutorials of TensorFlow 1.x read it.

    mnist = read_data_sets("MNIST_data/", one_hot=True)
    images, labels = mnist.train.next_batch(100)      # float32[100, 784], float32[100, 10]

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np

from minitf import datasets, dtypes
from minitf.datasets import DataSet, DataSets

__all__ = ["DataSet", "load_mnist", "read_data_sets"]

_WHOLE_TRAIN = 60_000  # images to train on in the published set
_PACKAGED_TRAIN = 4_000  # and in the packaged one
_VALIDATION = 5_000  # of the published set the tutorials hold back so many
_FAKE = 10_000  # images in a fake set, as in TensorFlow


def read_data_sets(
    train_dir: str,
    fake_data: bool = False,
    one_hot: bool = False,
    dtype: dtypes.DType = dtypes.float32,
    reshape: bool = True,
    validation_size: int = _VALIDATION,
    seed: int | None = None,
    source_url: str | None = None,
) -> DataSets:
    """Return MNIST from the user's folder, or the packaged 5,000 digits if it is not there.

    Args:
        train_dir: a folder with MNIST's four IDX files, `.gz` or not.
        fake_data: return ones with the label 0 instead, without any file.
        one_hot: whether labels are rows of ten numbers.
        dtype: float32 for pixels in [0, 1], uint8 for pixels from 0 to 255.
        reshape: whether an image is a row of 784 pixels instead of [28, 28, 1].
        validation_size: how many training images to hold back, of 60,000; of the packaged digits
            as great a share.
        seed: of the order of batches; the same order in every run if None.
        source_url: has no effect: nothing is downloaded.

    Raises:
        TypeError: if dtype is neither float32 nor uint8.
    """
    dtype = dtypes.as_dtype(dtype).base_dtype
    if dtype not in (dtypes.float32, dtypes.uint8):
        raise TypeError(f"Invalid image dtype {dtype!r}, expected uint8 or float32")
    if fake_data:
        found = _fake(one_hot=one_hot)
    elif datasets.find_idx(Path(train_dir), "train-images-idx3"):
        found = datasets.mnist(
            train_dir, one_hot=one_hot, validation_size=validation_size, seed=seed
        )
    else:
        sys.stderr.write(
            f"No MNIST files in {train_dir!r}: using the 5,000 packaged digits, 4,000 to train on "
            "and 1,000 to test on.\n"
        )
        share = validation_size * _PACKAGED_TRAIN // _WHOLE_TRAIN
        found = datasets.mnist(one_hot=one_hot, validation_size=share, seed=seed)
    return DataSets(*(_shaped(each, dtype, seed, reshape=reshape) for each in found))


def load_mnist(train_dir: str = "MNIST-data") -> DataSets:
    """Return MNIST, as `read_data_sets` does by default."""
    return read_data_sets(train_dir)


def _shaped(data: DataSet, dtype: dtypes.DType, seed: int | None, *, reshape: bool) -> DataSet:
    images = data.images
    if reshape:
        images = images.reshape(data.num_examples, math.prod(images.shape[1:]))
    if dtype is dtypes.uint8:
        images = np.rint(images * 255).astype(np.uint8)
    return DataSet(images, data.labels, seed)


def _fake(*, one_hot: bool) -> DataSets:
    image = np.ones((28, 28, 1), np.float32)
    label = np.eye(datasets.CLASSES, dtype=np.float32)[0] if one_hot else np.int64(0)
    images = np.broadcast_to(image, (_FAKE, *image.shape))
    data = DataSet(images, np.broadcast_to(label, (_FAKE, *label.shape)))
    return DataSets(data, data, data)
