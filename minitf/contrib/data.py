"""`tf.contrib.data`: what became `tf.data`, under its names before 1.4 and after."""

from minitf import lazy

_NAMES = {
    "minitf.contrib.data_transformations": (
        "assert_element_shape batch_and_drop_remainder padded_batch_and_drop_remainder "
        "read_batch_features reduce_dataset sliding_window_batch sloppy_interleave"
    ),
    "minitf.data.batches_of_files": "make_batched_features_dataset",
    "minitf.data.csv_batches": "make_csv_dataset",
    "minitf.data.csv_files": "CsvDataset",
    "minitf.data.dataset": "AUTOTUNE Dataset",
    "minitf.data.devices": "copy_to_device prefetch_to_device",
    "minitf.data.files": "FixedLengthRecordDataset LMDBDataset TFRecordDataset TextLineDataset",
    "minitf.data.grouping": "bucket_by_sequence_length group_by_window",
    "minitf.data.iterator": "Iterator",
    "minitf.data.mixing": "choose_from_datasets sample_from_datasets",
    "minitf.data.optional": "Optional get_next_as_optional",
    "minitf.data.reducing": "Reducer group_by_reducer",
    "minitf.data.resampling": "rejection_resample",
    "minitf.data.storing": "SqlDataset TFRecordWriter",
    "minitf.data.transformations": (
        "Counter RandomDataset dense_to_sparse_batch enumerate_dataset get_single_element "
        "ignore_errors map_and_batch parallel_interleave parse_example_dataset scan "
        "shuffle_and_repeat unbatch unique"
    ),
    "minitf.train.input_checkpoints": "CheckpointInputPipelineHook make_saveable_from_iterator",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
