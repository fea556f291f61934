"""Cluster resolvers tell what TensorFlow's tell."""

from __future__ import annotations

import json

import pytest

import minitf as tf

JOBS = {"worker": ["a:1", "b:2"], "ps": ["p:1"]}
CALLS = [
    lambda r: r.cluster_spec().as_dict(),
    lambda r: r.master(),
    lambda r: r.master("worker", 1),
    lambda r: r.master("worker", 1, "rpc"),
    lambda r: r.master(rpc_layer="rpc"),
    lambda r: r.master("foo", 1),
    lambda r: r.master("worker", 9),
    lambda r: r.environment,
    lambda r: r.task_type,
    lambda r: r.task_id,
    lambda r: r.rpc_layer,
]


def simple(lib, jobs, *args, **kwargs):
    spec = lib.train.ClusterSpec(jobs)
    return lib.distribute.cluster_resolver.SimpleClusterResolver(spec, *args, **kwargs)


def union(lib, *members, **kwargs):
    return lib.distribute.cluster_resolver.UnionResolver(*members, **kwargs)


def told(make, lib):
    """What a resolver tells, errors by their type."""
    found = []
    try:
        resolver = make(lib)
    except Exception as error:  # noqa: BLE001 errors are compared
        return type(error).__name__
    for call in CALLS:
        try:
            found.append(call(resolver))
        except Exception as error:  # noqa: BLE001 likewise
            found.append(type(error).__name__)
    return found


def changed(lib):
    made = simple(lib, JOBS)
    made.task_type, made.task_id, made.rpc_layer = "worker", 1, "q"
    return made


def first(lib):
    return simple(lib, JOBS, "m", "worker", 0, "env", rpc_layer="a")


def second(lib):
    return simple(lib, {"worker": ["c:3"], "chief": ["d:4"]}, rpc_layer="b")


def sparse(number):
    return lambda lib: simple(lib, {"worker": {number: f"a:{number}"}})


RESOLVERS = {
    "plain": lambda lib: simple(lib, JOBS),
    "named": first,
    "no spec": lambda lib: lib.distribute.cluster_resolver.SimpleClusterResolver(JOBS),
    "changed": changed,
    "union": lambda lib: union(lib, first(lib), second(lib)),
    "union of other order": lambda lib: union(lib, second(lib), first(lib)),
    "union that is told": lambda lib: union(
        lib, first(lib), second(lib), rpc_layer="R", task_type="chief", task_id=3
    ),
    "union of none": union,
    "union of no resolver": lambda lib: union(lib, 3),
    "union with more": lambda lib: union(lib, first(lib), foo=1),
    "union of numbered tasks": lambda lib: union(lib, sparse(1)(lib), sparse(2)(lib)),
    "union of one number twice": lambda lib: union(lib, sparse(1)(lib), sparse(1)(lib)),
    "union of both": lambda lib: union(lib, first(lib), sparse(1)(lib)),
}
OF_WORKERS = {"worker": ["a:1", "b:2"]}
ENVIRONMENTS = [
    ({}, {}),
    ({"cluster": OF_WORKERS, "task": {"type": "worker", "index": "1"}, "rpc_layer": "r"}, {}),
    (
        {"cluster": OF_WORKERS, "task": {"type": "worker", "index": 1}},
        {"task_type": "worker", "task_id": 0, "rpc_layer": "g", "environment": "e"},
    ),
    ({"cluster": {"worker": ["a:1"]}}, {}),
    ({"cluster": OF_WORKERS}, {}),
    ({"cluster": OF_WORKERS, "session_master": "m", "rpc_layer": "x"}, {}),
    ({"task": {"type": "worker", "index": 1}}, {}),
]


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", RESOLVERS)
def test_a_resolver_tells_what_tensorflows_tells(tensorflow, name):
    assert told(RESOLVERS[name], tf) == told(RESOLVERS[name], tensorflow)


@pytest.mark.tensorflow
@pytest.mark.parametrize(("environment", "arguments"), ENVIRONMENTS)
def test_tf_config_is_read_as_by_tensorflow(tensorflow, monkeypatch, environment, arguments):
    monkeypatch.setenv("TF_CONFIG", json.dumps(environment))

    def make(lib):
        return lib.distribute.cluster_resolver.TFConfigClusterResolver(**arguments)

    assert told(make, tf) == told(make, tensorflow)


def test_there_is_no_tpu():
    with pytest.raises(ValueError, match="provide a TPU Name"):
        tf.distribute.cluster_resolver.TPUClusterResolver()
    with pytest.raises(tf.errors.UnimplementedError, match="no TPU system yet"):
        tf.contrib.cluster_resolver.TPUClusterResolver("my-tpu", zone="us-central1-b")


def test_a_simple_resolver_tells_the_devices_that_it_was_told():
    spec = tf.train.ClusterSpec(JOBS)
    made = tf.contrib.cluster_resolver.SimpleClusterResolver(spec, num_accelerators={"GPU": 2})

    assert made.num_accelerators() == {"GPU": 2}
    assert tf.contrib.cluster_resolver.UnionClusterResolver(made).num_accelerators() == {"GPU": 2}
