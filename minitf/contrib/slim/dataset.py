"""`tf.contrib.slim.dataset`: what a data set is made of.

Source: TensorFlow 1.15's tf.contrib.slim.dataset.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from minitf.contrib.slim.data_decoder import DataDecoder


class Dataset:
    """The files of a data set, and how to read them; every argument becomes an attribute.

    Args:
        data_sources: files: a path, a pattern, or a list of them.
        reader: the class of readers, such as `tf.TFRecordReader`.
        decoder: what makes items of a record.
        num_samples: how many records there are.
        items_to_descriptions: what each item is, in words.
        **kwargs: further facts of this data set.

    Source: TensorFlow 1.15.
    """

    data_sources: Any
    reader: Callable[..., Any]
    decoder: DataDecoder
    num_samples: int
    items_to_descriptions: Mapping[str, str]

    def __init__(
        self,
        data_sources: Any,
        reader: Callable[..., Any],
        decoder: DataDecoder,
        num_samples: int,
        items_to_descriptions: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        self.data_sources = data_sources
        self.reader = reader
        self.decoder = decoder
        self.num_samples = num_samples
        self.items_to_descriptions = items_to_descriptions
        vars(self).update(kwargs)
