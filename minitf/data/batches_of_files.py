"""Batches of what is in files of records, read, shuffled, repeated and parsed as is usual.

Source: TensorFlow 1.15, `tf.data.experimental.make_batched_features_dataset`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from minitf.data.dataset import AUTOTUNE, Dataset
from minitf.data.files import TFRecordDataset
from minitf.data.transformations import (
    parallel_interleave,
    parse_example_dataset,
    shuffle_and_repeat,
)
from minitf.dtypes import string

_SHUFFLED = 10000  # records that wait to be drawn


def shuffled_and_repeated(
    dataset: Any, num_epochs: int | None, shuffle: bool, buffer_size: Any, seed: int | None
) -> Any:
    """Return a dataset in random order if that is wanted, as often as is wanted."""
    if shuffle and num_epochs != 1:
        return dataset.apply(shuffle_and_repeat(buffer_size, num_epochs, seed))
    if shuffle:
        return dataset.shuffle(buffer_size, seed)
    return dataset if num_epochs == 1 else dataset.repeat(num_epochs)


def read_in_turns(names: Any, read: Callable[[Any], Any], files_at_once: int, sloppy: bool) -> Any:
    """Return the elements of the datasets that are read of files, some files at once."""
    if files_at_once == AUTOTUNE:
        return names.interleave(read, num_parallel_calls=AUTOTUNE)
    return names.apply(parallel_interleave(read, files_at_once, sloppy=sloppy))


def make_tf_record_dataset(
    file_pattern: Any,
    batch_size: int,
    parser_fn: Callable[..., Any] | None = None,
    num_epochs: int | None = None,
    shuffle: bool = True,
    shuffle_buffer_size: int | None = None,
    shuffle_seed: int | None = None,
    prefetch_buffer_size: int | None = None,
    num_parallel_reads: int | None = None,
    num_parallel_parser_calls: int | None = None,
    drop_final_batch: bool = False,
) -> Any:
    """Return batches of the records of TFRecord files.

    Args:
        file_pattern: names or patterns of files.
        batch_size: how many records a batch has.
        parser_fn: makes an element of a record; records stay as they are if None.
        num_epochs: how often all records come; None is without end.
        shuffle: whether they come in random order.
        shuffle_buffer_size: how many wait to be drawn; None is 10000.
        shuffle_seed: of the order.
        prefetch_buffer_size: how many batches may be ahead; None leaves the choice.
        num_parallel_reads: how many files are read at once; None is 24.
        num_parallel_parser_calls: how many records are parsed at once; None is a batch.
        drop_final_batch: whether to leave out a last batch that would be smaller.
    """
    files = Dataset.list_files(file_pattern, shuffle=shuffle, seed=shuffle_seed)
    reads = 24 if num_parallel_reads is None else num_parallel_reads
    records = shuffled_and_repeated(
        TFRecordDataset(files, num_parallel_reads=reads),
        num_epochs,
        shuffle,
        _SHUFFLED if shuffle_buffer_size is None else shuffle_buffer_size,
        shuffle_seed,
    )
    if parser_fn is not None:
        calls = batch_size if num_parallel_parser_calls is None else num_parallel_parser_calls
        records = records.map(parser_fn, calls)
    batches = records.batch(batch_size, drop_final_batch or num_epochs is None)
    ahead = AUTOTUNE if prefetch_buffer_size is None else prefetch_buffer_size
    return batches.prefetch(ahead) if ahead else batches


def make_batched_features_dataset(
    file_pattern: Any,
    batch_size: int,
    features: Mapping[str, Any],
    reader: Callable[..., Any] = TFRecordDataset,
    label_key: str | None = None,
    reader_args: Any = None,
    num_epochs: int | None = None,
    shuffle: bool = True,
    shuffle_buffer_size: int = _SHUFFLED,
    shuffle_seed: int | None = None,
    prefetch_buffer_size: int | None = None,
    reader_num_threads: int | None = None,
    parser_num_threads: int | None = None,
    sloppy_ordering: bool = False,
    drop_final_batch: bool = False,
) -> Any:
    """Return the features of batches of the Examples in files.

    Args:
        file_pattern: names or patterns of files.
        batch_size: how many Examples a batch has.
        features: as of `tf.parse_example`.
        reader: makes a dataset of serialized Examples of a file's name.
        label_key: which feature is the label; None for no label.
        reader_args: what `reader` gets besides.
        num_epochs: how often all Examples come; None is without end.
        shuffle: whether they come in random order.
        shuffle_buffer_size: how many wait to be drawn.
        shuffle_seed: of the order.
        prefetch_buffer_size: how many batches may be ahead; None leaves the choice.
        reader_num_threads: how many files are read at once; None is 1.
        parser_num_threads: how many batches are parsed at once; None is 2.
        sloppy_ordering: accepted for compatibility.
        drop_final_batch: whether to leave out a last batch that would be smaller.

    Returns:
        A dataset of dicts of features, or of pairs of such a dict and the label.

    Raises:
        TypeError: if `reader` is one of `tf.ReaderBase`.
        ValueError: if the label is no feature.
    """
    if isinstance(reader, type) and any(each.__name__ == "ReaderBase" for each in reader.__mro__):
        raise TypeError(
            "The `reader` argument must return a `Dataset` object. `tf.ReaderBase` subclasses are "
            "not supported. For example, pass `tf.data.TFRecordDataset` instead of "
            "`tf.TFRecordReader`."
        )
    if label_key and label_key not in features:
        raise ValueError(
            f"The `label_key` provided ({label_key!r}) must be one of the `features` keys."
        )
    extra = reader_args or []
    records = read_in_turns(
        Dataset.list_files(file_pattern, shuffle=shuffle, seed=shuffle_seed),
        lambda name: reader(name, *extra),
        1 if reader_num_threads is None else reader_num_threads,
        sloppy_ordering,
    )
    if records.output_types == (string, string):  # keys and values
        records = records.map(lambda _, value: value)
    records = shuffled_and_repeated(records, num_epochs, shuffle, shuffle_buffer_size, shuffle_seed)
    batches = records.batch(batch_size, drop_final_batch or num_epochs is None)
    parsed = batches.apply(
        parse_example_dataset(features, 2 if parser_num_threads is None else parser_num_threads)
    )
    if label_key:
        parsed = parsed.map(lambda found: (found, found.pop(label_key)))
    return parsed.prefetch(AUTOTUNE if prefetch_buffer_size is None else prefetch_buffer_size)
