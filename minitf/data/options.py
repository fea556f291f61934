"""Options of datasets.

    options = tf.data.Options()
    options.experimental_threading.private_threadpool_size = 4
    dataset = dataset.with_options(options)

They are checked and kept; those of statistics and numbers of threads are obeyed, the others change
nothing: elements come in the same order however they are made.

Source: TensorFlow 1.15, `tf.data.Options`.
"""

from __future__ import annotations

from typing import Any

from minitf.data.option_base import OptionsBase, create_option, merge_options
from minitf.data.statistics import StatsAggregator, StatsAggregatorV2


class MapVectorizationOptions(OptionsBase):
    """Whether a map is made one of batches."""

    enabled = create_option("enabled", bool, "Whether maps are vectorized.")
    use_choose_fastest = create_option(
        "use_choose_fastest", bool, "Whether the faster of both forms is taken."
    )

    def _static_optimizations(self) -> list[str]:
        return ["map_vectorization"] if self.enabled else []

    def _static_optimization_configs(self) -> list[str]:
        if not self.enabled:
            return []
        chosen = "true" if self.use_choose_fastest else "false"
        return [f"map_vectorization:use_choose_fastest:{chosen}"]


_BY_DEFAULT = ("map_and_batch_fusion", "noop_elimination", "shuffle_and_repeat_fusion")
_REWRITINGS = (
    "filter_fusion",
    "filter_with_random_uniform_fusion",
    "hoist_random_uniform",
    "map_and_batch_fusion",
    "map_and_filter_fusion",
    "map_fusion",
    "map_parallelization",
    "noop_elimination",
    "parallel_batch",
    "shuffle_and_repeat_fusion",
)


class OptimizationOptions(OptionsBase):
    """How a pipeline is rewritten to one that gives the same."""

    apply_default_optimizations = create_option(
        "apply_default_optimizations", bool, "Whether to rewrite at all; None is true."
    )
    autotune = create_option("autotune", bool, "Whether numbers of threads are tuned.")
    autotune_algorithm = create_option("autotune_algorithm", int, "How they are tuned.")
    autotune_buffers = create_option("autotune_buffers", bool, "Whether buffers are tuned.")
    autotune_cpu_budget = create_option("autotune_cpu_budget", int, "How many CPUs count.")
    filter_fusion = create_option("filter_fusion", bool, "Whether filters become one.")
    filter_with_random_uniform_fusion = create_option(
        "filter_with_random_uniform_fusion", bool, "Whether random filters become samples."
    )
    hoist_random_uniform = create_option(
        "hoist_random_uniform", bool, "Whether random numbers leave maps."
    )
    map_and_batch_fusion = create_option(
        "map_and_batch_fusion", bool, "Whether map and batch become one."
    )
    map_and_filter_fusion = create_option(
        "map_and_filter_fusion", bool, "Whether map and filter become one."
    )
    map_fusion = create_option("map_fusion", bool, "Whether maps become one.")
    map_parallelization = create_option("map_parallelization", bool, "Whether maps run on threads.")
    map_vectorization = create_option(
        "map_vectorization",
        MapVectorizationOptions,
        "Whether maps become maps of batches.",
        MapVectorizationOptions,
    )
    noop_elimination = create_option(
        "noop_elimination", bool, "Whether what changes nothing is left out."
    )
    parallel_batch = create_option("parallel_batch", bool, "Whether batches are copied on threads.")
    shuffle_and_repeat_fusion = create_option(
        "shuffle_and_repeat_fusion", bool, "Whether shuffle and repeat become one."
    )

    def _static_optimizations(self) -> list[str]:
        chosen = {name for name in _REWRITINGS if getattr(self, name)}
        if self.apply_default_optimizations is not False:
            chosen |= {name for name in _BY_DEFAULT if getattr(self, name) is not False}
        chosen |= set(self.map_vectorization._static_optimizations())
        if self.autotune is not False and self.autotune_buffers:
            chosen.add("inject_prefetch")
        return sorted(chosen)

    def _static_optimization_configs(self) -> list[str]:
        found: list[str] = self.map_vectorization._static_optimization_configs()
        return found


class ThreadingOptions(OptionsBase):
    """On how many threads elements are made."""

    max_intra_op_parallelism = create_option(
        "max_intra_op_parallelism", int, "How many threads one op may use."
    )
    private_threadpool_size = create_option(
        "private_threadpool_size", int, "How many threads the pipeline has of its own."
    )


class StatsOptions(OptionsBase):
    """What is measured, and to whom it is told."""

    aggregator = create_option(
        "aggregator", (StatsAggregatorV2, StatsAggregator), "Who is told what is measured."
    )
    prefix = create_option("prefix", str, "Stands before the names of numbers.", lambda: "")
    counter_prefix = create_option(
        "counter_prefix", str, "Stands before the names of counters.", lambda: ""
    )
    latency_all_edges = create_option(
        "latency_all_edges", bool, "Whether the time of every step is measured."
    )


class DistributeOptions(OptionsBase):
    """How a dataset is shared by workers and devices."""

    auto_shard = create_option(
        "auto_shard", bool, "Whether each worker gets a share.", lambda: True
    )
    _make_stateless = create_option("_make_stateless", bool, "Whether state is left behind.")
    num_devices = create_option("num_devices", int, "How many devices share a worker's elements.")


class Options(OptionsBase):
    """Options of a dataset; those that nobody sets are None, or a group of further options."""

    experimental_deterministic = create_option(
        "experimental_deterministic", bool, "Whether the order is always the same."
    )
    experimental_distribute = create_option(
        "experimental_distribute", DistributeOptions, "How it is shared.", DistributeOptions
    )
    experimental_optimization = create_option(
        "experimental_optimization",
        OptimizationOptions,
        "How it is rewritten.",
        OptimizationOptions,
    )
    experimental_slack = create_option(
        "experimental_slack", bool, "Whether the last prefetch leaves the CPU free for a while."
    )
    experimental_stats = create_option(
        "experimental_stats", StatsOptions, "What is measured.", StatsOptions
    )
    experimental_threading = create_option(
        "experimental_threading", ThreadingOptions, "On how many threads.", ThreadingOptions
    )
    experimental_stateful_whitelist = create_option(
        "experimental_stateful_whitelist", list, "Ops whose state a checkpoint may leave out."
    )

    def _static_optimizations(self) -> list[str]:
        found: list[str] = self.experimental_optimization._static_optimizations()
        extra = {
            "make_sloppy": self.experimental_deterministic is False,
            "latency_all_edges": self.experimental_stats.latency_all_edges,
            "slack": self.experimental_slack,
            "make_stateless": self.experimental_distribute._make_stateless,
        }
        return [*found, *[name for name, wanted in extra.items() if wanted]]

    def _static_optimization_configs(self) -> list[str]:
        found: list[str] = self.experimental_optimization._static_optimization_configs()
        if not self.experimental_slack:
            return found
        devices = self.experimental_distribute.num_devices
        return [*found, f"slack:slack_period:{1 if devices is None else devices}"]

    def merge(self, options: Options) -> Any:
        """Return both together.

        Args:
            options: the other.

        Raises:
            ValueError: if both set one option to different values.
        """
        return merge_options(self, options)
