"""Ops under the names that they had while they were experimental: of the same meaning.

Source: TensorFlow 1.14 and 1.15, the ops whose names begin with "Experimental".
"""

from dataclasses import replace
from typing import Any

from minitf.op_def import CATALOGUE, OpDef
from minitf.ops.data.batching import map_and_batch_dataset_op, unbatch_dataset_op
from minitf.ops.data.cutting import (
    dense_to_sparse_batch_dataset_op,
    rebatch_dataset_op,
    sliding_window_dataset_op,
)
from minitf.ops.data.files import lmdb_dataset_op
from minitf.ops.data.functional import map_dataset_op, scan_dataset_op, take_while_dataset_op
from minitf.ops.data.interleaving import parallel_interleave_dataset_op
from minitf.ops.data.iterator_handles import iterator_get_device_op
from minitf.ops.data.joining import directed_interleave_dataset_op
from minitf.ops.data.keeping import ignore_errors_dataset_op, unique_dataset_op
from minitf.ops.data.parsing import parse_example_dataset_op
from minitf.ops.data.passing import (
    choose_fastest_dataset_op,
    max_intra_op_parallelism_dataset_op,
    non_serializable_dataset_op,
    private_thread_pool_dataset_op,
    sleep_dataset_op,
    thread_pool_dataset_op,
    thread_pool_handle_op,
)
from minitf.ops.data.reducing import group_by_reducer_dataset_op
from minitf.ops.data.results import dataset_cardinality_op
from minitf.ops.data.sources import random_dataset_op
from minitf.ops.data.statistics import (
    bytes_produced_stats_dataset_op,
    latency_stats_dataset_op,
    set_stats_aggregator_dataset_op,
    stats_aggregator_handle_op,
    stats_aggregator_summary_op,
)
from minitf.ops.data.stored import (
    dataset_to_tf_record_op,
    matching_files_dataset_op,
    sql_dataset_op,
)
from minitf.ops.data.windows import group_by_window_dataset_op


def older(name: str, of: OpDef, *left_out: str) -> OpDef:
    """Register an op under an older name.

    Args:
        name: the older name.
        of: the op, complete with its rules.
        left_out: attributes that it has not, all with a default.
    """
    function = of.body

    def body(*inputs: Any, **attrs: Any) -> Any:
        return function(*inputs, **attrs)

    body.__name__ = f"experimental_{function.__name__}"
    body.__module__ = __name__
    body.__doc__ = f"Do as {of.name}.\n\nSource: TensorFlow's op of the same name."
    attrs = {each.name: replace(each) for each in of.attrs.values() if each.name not in left_out}
    made = replace(of, name=name, body=body, attrs=attrs, kernels=[])
    if of.shape_rule is not None:
        made.shape(of.shape_rule)
    CATALOGUE[name] = made
    return made


experimental_bytes_produced_stats_dataset_op = older(
    "ExperimentalBytesProducedStatsDataset", bytes_produced_stats_dataset_op
)
experimental_choose_fastest_dataset_op = older(
    "ExperimentalChooseFastestDataset", choose_fastest_dataset_op
)
experimental_dataset_cardinality_op = older(
    "ExperimentalDatasetCardinality", dataset_cardinality_op, "cardinality_options"
)
experimental_dataset_to_tf_record_op = older(
    "ExperimentalDatasetToTFRecord", dataset_to_tf_record_op
)
experimental_dense_to_sparse_batch_dataset_op = older(
    "ExperimentalDenseToSparseBatchDataset", dense_to_sparse_batch_dataset_op
)
experimental_directed_interleave_dataset_op = older(
    "ExperimentalDirectedInterleaveDataset",
    directed_interleave_dataset_op,
    "stop_on_empty_dataset",
)
experimental_group_by_reducer_dataset_op = older(
    "ExperimentalGroupByReducerDataset", group_by_reducer_dataset_op
)
experimental_group_by_window_dataset_op = older(
    "ExperimentalGroupByWindowDataset", group_by_window_dataset_op, "metadata"
)
experimental_ignore_errors_dataset_op = older(
    "ExperimentalIgnoreErrorsDataset", ignore_errors_dataset_op
)
experimental_iterator_get_device_op = older("ExperimentalIteratorGetDevice", iterator_get_device_op)
experimental_latency_stats_dataset_op = older(
    "ExperimentalLatencyStatsDataset", latency_stats_dataset_op
)
experimental_map_and_batch_dataset_op = older(
    "ExperimentalMapAndBatchDataset", map_and_batch_dataset_op, "metadata"
)
experimental_lmdb_dataset_op = older("ExperimentalLMDBDataset", lmdb_dataset_op)
experimental_map_dataset_op = older("ExperimentalMapDataset", map_dataset_op, "metadata")
experimental_matching_files_dataset_op = older(
    "ExperimentalMatchingFilesDataset", matching_files_dataset_op
)
experimental_max_intra_op_parallelism_dataset_op = older(
    "ExperimentalMaxIntraOpParallelismDataset", max_intra_op_parallelism_dataset_op
)
experimental_non_serializable_dataset_op = older(
    "ExperimentalNonSerializableDataset", non_serializable_dataset_op
)
experimental_parallel_interleave_dataset_op = older(
    "ExperimentalParallelInterleaveDataset", parallel_interleave_dataset_op, "metadata"
)
experimental_parse_example_dataset_op = older(
    "ExperimentalParseExampleDataset",
    parse_example_dataset_op,
    "ragged_keys",
    "ragged_value_types",
    "ragged_split_types",
)
experimental_private_thread_pool_dataset_op = older(
    "ExperimentalPrivateThreadPoolDataset", private_thread_pool_dataset_op
)
experimental_random_dataset_op = older("ExperimentalRandomDataset", random_dataset_op, "metadata")
experimental_rebatch_dataset_op = older("ExperimentalRebatchDataset", rebatch_dataset_op)
experimental_scan_dataset_op = older(
    "ExperimentalScanDataset", scan_dataset_op, "metadata", "use_default_device"
)
experimental_set_stats_aggregator_dataset_op = older(
    "ExperimentalSetStatsAggregatorDataset", set_stats_aggregator_dataset_op
)
experimental_sleep_dataset_op = older("ExperimentalSleepDataset", sleep_dataset_op)
experimental_sliding_window_dataset_op = older(
    "ExperimentalSlidingWindowDataset", sliding_window_dataset_op, "drop_remainder"
)
experimental_sql_dataset_op = older("ExperimentalSqlDataset", sql_dataset_op)
experimental_stats_aggregator_handle_op = older(
    "ExperimentalStatsAggregatorHandle", stats_aggregator_handle_op
)
experimental_stats_aggregator_summary_op = older(
    "ExperimentalStatsAggregatorSummary", stats_aggregator_summary_op
)
experimental_take_while_dataset_op = older(
    "ExperimentalTakeWhileDataset", take_while_dataset_op, "metadata"
)
experimental_thread_pool_dataset_op = older("ExperimentalThreadPoolDataset", thread_pool_dataset_op)
experimental_thread_pool_handle_op = older("ExperimentalThreadPoolHandle", thread_pool_handle_op)
experimental_unbatch_dataset_op = older(
    "ExperimentalUnbatchDataset", unbatch_dataset_op, "metadata"
)
experimental_unique_dataset_op = older("ExperimentalUniqueDataset", unique_dataset_op, "metadata")
