"""Statistics are told to the aggregator that stands behind what is measured."""

from __future__ import annotations

import minitf as tf
from minitf.data.statistics import set_stats_aggregator

Dataset = tf.data.Dataset
experimental = tf.data.experimental


def summary_after(data, aggregator, steps):
    iterator = data.make_initializable_iterator()
    following, summary = iterator.get_next(), aggregator.get_summary()
    with tf.Session() as session:
        session.run(iterator.initializer)
        for _ in range(steps):
            session.run(following)
        values = tf.Summary.FromString(session.run(summary)).value
        return {each.tag: each.histo for each in values}


def test_bytes_of_elements_are_counted():
    aggregator = experimental.StatsAggregator()
    data = Dataset.range(1, 9).map(lambda n: (tf.zeros([n]), tf.constant("four")))
    options = tf.data.Options()
    options.experimental_stats.aggregator = aggregator
    options.experimental_stats.prefix = "input"
    measured = data.apply(experimental.bytes_produced_stats("bytes")).with_options(options)

    found = summary_after(measured, aggregator, 3)

    assert set(found) == {"input_bytes"}
    assert found["input_bytes"].num == 3
    assert found["input_bytes"].sum == (1 + 2 + 3) * 4 + 3 * 4


def test_every_step_has_a_latency_also_on_other_threads():
    aggregator = experimental.StatsAggregator()
    data = Dataset.range(5).apply(experimental.latency_stats("time")).prefetch(5)

    found = summary_after(data.apply(set_stats_aggregator(aggregator)), aggregator, 5)

    assert found["time"].num >= 5
    assert found["time"].min >= 0


def test_what_nobody_asks_for_is_told_to_nobody():
    aggregator = experimental.StatsAggregator()

    assert (
        summary_after(
            Dataset.range(5).apply(experimental.bytes_produced_stats("bytes")), aggregator, 2
        )
        == {}
    )


def test_all_edges_are_one_more_latency():
    aggregator = experimental.StatsAggregator()
    options = tf.data.Options()
    options.experimental_stats.aggregator = aggregator
    options.experimental_stats.latency_all_edges = True

    found = summary_after(Dataset.range(3).with_options(options), aggregator, 2)

    assert found["record_latency"].num == 2
