"""`tf.contrib.slim.dataset_data_provider`: the items of a data set, read by several threads.

    provider = slim.dataset_data_provider.DatasetDataProvider(dataset, num_readers=4)
    image, label = provider.get(["image", "label"])

Source: TensorFlow 1.15's tf.contrib.slim.dataset_data_provider.
"""

from __future__ import annotations

from typing import Any

from minitf.contrib.slim.data_provider import DataProvider
from minitf.contrib.slim.dataset import Dataset
from minitf.contrib.slim.parallel_reader import parallel_read


class DatasetDataProvider(DataProvider):
    """The items of a data set; all those of a step come from one record.

    Args:
        dataset: the data set.
        num_readers: how many readers there are.
        reader_kwargs: arguments of the reader's class.
        shuffle: whether files and records come in random order.
        num_epochs: how often each file is read; without end if None.
        common_queue_capacity: how many records wait at most.
        common_queue_min: how many stay behind when one leaves, so that it may be any of many.
        record_key: the name of the item that says where a record stood.
        seed: seed of the random order.
        scope: name of the name scope.

    Raises:
        ValueError: if the data set has an item of the name `record_key`.
    """

    def __init__(
        self,
        dataset: Dataset,
        num_readers: int = 1,
        reader_kwargs: dict[str, Any] | None = None,
        shuffle: bool = True,
        num_epochs: int | None = None,
        common_queue_capacity: int = 256,
        common_queue_min: int = 128,
        record_key: str = "record_key",
        seed: int | None = None,
        scope: str | None = None,
    ) -> None:
        key, data = parallel_read(
            dataset.data_sources,
            reader_class=dataset.reader,
            num_epochs=num_epochs,
            num_readers=num_readers,
            reader_kwargs=reader_kwargs,
            shuffle=shuffle,
            capacity=common_queue_capacity,
            min_after_dequeue=common_queue_min,
            seed=seed,
            scope=scope,
        )
        items = dataset.decoder.list_items()
        tensors = dict(zip(items, dataset.decoder.decode(data, items), strict=True))
        if record_key in tensors:
            raise ValueError(
                "The item name used for `record_key` cannot also be used for a dataset item: "
                f"{record_key}"
            )
        super().__init__({**tensors, record_key: key}, dataset.num_samples)
