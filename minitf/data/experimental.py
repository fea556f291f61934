"""`tf.data.experimental`: further ways to make datasets of others."""

from minitf import lazy

_NAMES = {
    "minitf.data.csv_files": "CsvDataset",
    "minitf.data.dataset": "AUTOTUNE",
    "minitf.data.grouping": "bucket_by_sequence_length group_by_window",
    "minitf.data.mixing": "choose_from_datasets sample_from_datasets",
    "minitf.data.transformations": (
        "Counter RandomDataset cardinality enumerate_dataset get_single_element ignore_errors "
        "map_and_batch map_and_batch_with_legacy_function=map_and_batch parallel_interleave "
        "parse_example_dataset scan shuffle_and_repeat take_while unbatch unique "
        "INFINITE_CARDINALITY UNKNOWN_CARDINALITY"
    ),
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
