"""What import paths of `tensorflow.python.data` have besides the public names.

As in `minitf.compat.inner_names`: import path -> module -> names.

Source: no paper; what the unit tests of TensorFlow 1.x import.
"""

from __future__ import annotations

OF_DATA: dict[str, dict[str, str]] = {
    "data.experimental.ops.cardinality": {
        "minitf.data.transformations": "INFINITE=INFINITE_CARDINALITY UNKNOWN=UNKNOWN_CARDINALITY",
    },
    "data.experimental.ops.counter": {
        "minitf.data.transformations": "CounterV1=Counter CounterV2=Counter",
    },
    "data.experimental.ops.distribute": {
        "minitf.data.running": "_RebatchDataset=rebatch",
    },
    "data.experimental.ops.matching_files": {
        "minitf.data.storing": "MatchingFilesDataset",
    },
    "data.experimental.ops.optimization": {
        "minitf.data.running": "model non_serializable optimize",
    },
    "data.experimental.ops.readers": {
        "minitf.data.batches_of_files": (
            "make_batched_features_dataset_v1=make_batched_features_dataset "
            "make_batched_features_dataset_v2=make_batched_features_dataset make_tf_record_dataset"
        ),
        "minitf.data.csv_batches": (
            "make_csv_dataset_v1=make_csv_dataset make_csv_dataset_v2=make_csv_dataset"
        ),
        "minitf.data.csv_files": "CsvDatasetV1=CsvDataset CsvDatasetV2=CsvDataset",
        "minitf.data.storing": "SqlDatasetV1=SqlDataset SqlDatasetV2=SqlDataset",
    },
    "data.experimental.ops.stats_aggregator": {
        "minitf.data.statistics": "StatsAggregatorV1=StatsAggregator StatsAggregatorV2",
    },
    "data.experimental.ops.stats_ops": {
        "minitf.data.statistics": "set_stats_aggregator",
    },
    "data.experimental.ops.threadpool": {
        "minitf.data.running": "PrivateThreadPool override_threadpool",
    },
    "data.experimental.ops.interleave_ops": {
        "minitf.data.mixing": (
            "choose_from_datasets_v1=choose_from_datasets "
            "choose_from_datasets_v2=choose_from_datasets "
            "sample_from_datasets_v1=sample_from_datasets "
            "sample_from_datasets_v2=sample_from_datasets"
        ),
    },
    "data.experimental.ops.random_ops": {
        "minitf.data.transformations": (
            "RandomDatasetV1=RandomDataset RandomDatasetV2=RandomDataset"
        ),
    },
    "data.ops.dataset_ops": {
        "minitf.compat.internal.dataset_ops": (
            "BatchDataset CacheDataset ConcatenateDataset DatasetV1Adapter FilterDataset "
            "FlatMapDataset InterleaveDataset MapDataset PaddedBatchDataset "
            "ParallelInterleaveDataset ParallelMapDataset PrefetchDataset RangeDataset "
            "RepeatDataset ShardDataset ShuffleDataset SkipDataset SparseTensorSliceDataset "
            "StructuredFunctionWrapper TakeDataset TensorDataset TensorSliceDataset WindowDataset "
            "ZipDataset _UnbatchDataset=UnbatchDataset _VariantDataset=VariantDataset "
            "make_initializable_iterator make_one_shot_iterator"
        ),
        "minitf.data.dataset": "AUTOTUNE DatasetV1=Dataset DatasetV2=Dataset",
        "minitf.data.transformations": "from_variant to_variant",
        "minitf.data.queries": (
            "get_structure "
            "get_legacy_output_classes=get_output_classes "
            "get_legacy_output_shapes=get_output_shapes get_legacy_output_types=get_output_types"
        ),
    },
    "data.ops.iterator_ops": {
        "minitf.data.iterator": "GLOBAL_ITERATORS IteratorV1=Iterator",
        "minitf.data.optional": "get_next_as_optional",
        "minitf.train.input_checkpoints": "_IteratorSaveable=IteratorSaveable",
    },
    "data.ops.optional_ops": {
        "minitf.data.optional": "Optional _OptionalImpl=OptionalOfTensor",
        "minitf.data.specs": "OptionalSpec",
    },
    "data.ops.readers": {
        "minitf.data.files": (
            "FixedLengthRecordDatasetV1=FixedLengthRecordDataset "
            "FixedLengthRecordDatasetV2=FixedLengthRecordDataset TFRecordDatasetV1=TFRecordDataset "
            "TFRecordDatasetV2=TFRecordDataset TextLineDatasetV1=TextLineDataset "
            "TextLineDatasetV2=TextLineDataset"
        ),
    },
}
