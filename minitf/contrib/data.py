"""`tf.contrib.data`: what became `tf.data`, under its names before 1.4 and after."""

from minitf import lazy

_NAMES = {
    "minitf.data.dataset": "AUTOTUNE Dataset",
    "minitf.data.files": "FixedLengthRecordDataset TFRecordDataset TextLineDataset",
    "minitf.data.grouping": "bucket_by_sequence_length group_by_window",
    "minitf.data.iterator": "Iterator",
    "minitf.data.mixing": "choose_from_datasets sample_from_datasets",
    "minitf.data.transformations": (
        "Counter RandomDataset enumerate_dataset get_single_element ignore_errors map_and_batch "
        "parallel_interleave scan shuffle_and_repeat unbatch unique"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
