"""`tf.data.experimental`: further ways to make datasets of others."""

from minitf import lazy

_NAMES = {
    "minitf.data.batches_of_files": "make_batched_features_dataset",
    "minitf.data.csv_batches": "make_csv_dataset",
    "minitf.data.csv_files": "CsvDataset",
    "minitf.data.dataset": "AUTOTUNE",
    "minitf.data.devices": "copy_to_device prefetch_to_device",
    "minitf.data.grouping": "bucket_by_sequence_length group_by_window",
    "minitf.data.mixing": "choose_from_datasets sample_from_datasets",
    "minitf.data.optional": "Optional get_next_as_optional",
    "minitf.data.options": (
        "DistributeOptions MapVectorizationOptions OptimizationOptions StatsOptions "
        "ThreadingOptions"
    ),
    "minitf.data.queries": "get_structure",
    "minitf.data.reducing": "Reducer group_by_reducer",
    "minitf.data.resampling": "rejection_resample",
    "minitf.data.specs": "DatasetStructure=DatasetSpec OptionalStructure=OptionalSpec",
    "minitf.data.statistics": "StatsAggregator bytes_produced_stats latency_stats",
    "minitf.data.storing": "SqlDataset TFRecordWriter",
    "minitf.ragged.spec": "RaggedTensorStructure",
    "minitf.data.structure_names": ("SparseTensorStructure TensorArrayStructure TensorStructure"),
    "minitf.data.transformations": (
        "Counter RandomDataset cardinality dense_to_sparse_batch enumerate_dataset from_variant "
        "get_single_element ignore_errors map_and_batch "
        "map_and_batch_with_legacy_function=map_and_batch parallel_interleave "
        "parse_example_dataset scan shuffle_and_repeat take_while to_variant unbatch unique "
        "INFINITE_CARDINALITY UNKNOWN_CARDINALITY"
    ),
    "minitf.train.input_checkpoints": "CheckpointInputPipelineHook make_saveable_from_iterator",
    "minitf.type_spec": "Structure=TypeSpec",
}

__getattr__, __dir__, __all__ = lazy.attach(__name__, _NAMES)
