"""MNIST as the tutorials of TensorFlow 1.x read it, from files or from the packaged digits."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest

import minitf as tf
from minitf.examples.tutorials.mnist.input_data import read_data_sets


def test_without_files_the_packaged_digits_are_used_with_a_note(tmp_path, capsys):
    mnist = read_data_sets(str(tmp_path), one_hot=True)

    assert "using the 5,000 packaged digits" in capsys.readouterr().err
    assert mnist.train.images.shape == (3667, 784)
    assert mnist.validation.num_examples == 333  # as great a share as 5,000 of 60,000
    assert mnist.test.images.shape == (1000, 784)
    assert mnist.train.labels.shape == (3667, 10)
    assert mnist.train.images.max() == 1


def test_files_in_the_folder_are_used(tmp_path, capsys):
    for part, count in (("train", 20), ("t10k", 5)):
        images = bytes((0, 0, 8, 3)) + struct.pack(">3I", count, 28, 28) + bytes(count * 784)
        labels = bytes((0, 0, 8, 1)) + struct.pack(">I", count) + bytes(range(5)) * (count // 5)
        (tmp_path / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(images))
        (tmp_path / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(labels))
    mnist = read_data_sets(str(tmp_path), validation_size=5)

    assert capsys.readouterr().err == ""
    assert (mnist.train.num_examples, mnist.validation.num_examples) == (15, 5)
    assert mnist.test.labels.tolist() == [0, 1, 2, 3, 4]


def test_images_keep_their_rows_and_bytes_if_asked(tmp_path):
    plain = read_data_sets(str(tmp_path), validation_size=0)
    images = read_data_sets(str(tmp_path), validation_size=0, reshape=False, dtype=tf.uint8)

    assert images.train.images.shape == (4000, 28, 28, 1)
    assert images.train.images.dtype == np.uint8
    assert np.allclose(images.train.images.reshape(4000, 784) / 255, plain.train.images)
    with pytest.raises(TypeError, match="Invalid image dtype"):
        read_data_sets(str(tmp_path), dtype=tf.int32)


def test_fake_data_needs_no_files(tmp_path, capsys):
    mnist = read_data_sets(str(tmp_path), fake_data=True, one_hot=True)
    images, labels = mnist.train.next_batch(7, fake_data=True)

    assert capsys.readouterr().err == ""
    assert mnist.train.num_examples == 10_000
    assert images.shape == (7, 784)
    assert (images == 1).all()
    assert labels.argmax(1).tolist() == [0] * 7
