"""ClusterSpec and replica_device_setter: who is in a cluster, and where operations go."""

from __future__ import annotations

import pytest

import minitf as tf
from minitf import protos

JOBS = {
    "worker": ["w0:2222", "w1:2222", "w2:2222"],
    "ps": ["ps0:2222", "ps1:2222"],
    "sparse": {7: "s7:1", 2: "s2:1"},
    "none": [],
}


def asked(tf, cluster):
    """What a ClusterSpec answers."""
    spec = tf.train.ClusterSpec(cluster)
    return [
        spec.as_dict(),
        spec.jobs,
        repr(spec),
        bool(spec),
        [spec.num_tasks(job) for job in spec.jobs],
        [spec.task_indices(job) for job in spec.jobs],
        spec.job_tasks("sparse"),
        spec.task_address("sparse", 7),
        spec.as_cluster_def().SerializeToString(deterministic=True),
    ]


def test_a_cluster_tells_its_tasks():
    spec = tf.train.ClusterSpec(JOBS)

    assert spec.as_dict() == {**JOBS, "none": {}}
    assert spec.job_tasks("sparse") == [None, None, "s2:1", None, None, None, None, "s7:1"]
    assert (spec.num_tasks("sparse"), spec.task_indices("sparse")) == (2, [2, 7])
    assert spec.task_address("ps", 1) == "ps1:2222"
    assert not tf.train.ClusterSpec({})
    assert spec.job_tasks("none") == []
    assert repr(tf.train.ClusterSpec({"b": ["x"], "a": {1: "y"}})) == (
        "ClusterSpec({'a': {1: 'y'}, 'b': ['x']})"
    )


def test_a_cluster_is_made_of_messages_and_of_clusters():
    spec = tf.train.ClusterSpec(JOBS)
    message = spec.as_cluster_def()

    assert [job.name for job in message.job] == ["none", "ps", "sparse", "worker"]
    for other in (message, spec):
        assert tf.train.ClusterSpec(other) == spec
        assert tf.train.ClusterSpec(other).as_dict() == spec.as_dict()
    assert spec != tf.train.ClusterSpec({"ps": ["a"]})
    assert tf.train.ClusterSpec({"ps": ["a"]}) == {"ps": {0: "a"}}
    server = tf.train.ServerDef(cluster=message, job_name="ps", task_index=1, protocol="grpc")
    assert tf.train.ClusterSpec(server.cluster) == spec


@pytest.mark.tensorflow
def test_tensorflow_tells_the_same(tensorflow):
    jobs = {name: tasks for name, tasks in JOBS.items() if tasks}  # TensorFlow fails on empty jobs

    assert asked(tf, jobs) == asked(tensorflow, jobs)
    theirs = tensorflow.train.ClusterSpec(jobs).as_cluster_def()
    assert tf.train.ClusterSpec(theirs).as_dict() == jobs


def test_what_is_no_cluster_or_not_in_it_is_refused():
    spec = tf.train.ClusterSpec(JOBS)
    for ask in (spec.num_tasks, spec.task_indices, spec.job_tasks):
        with pytest.raises(ValueError, match="No such job in cluster: 'chief'"):
            ask("chief")
    with pytest.raises(ValueError, match="No task with index 2 in job 'ps'"):
        spec.task_address("ps", 2)
    for wrong, words in (
        (["a"], "must be a dictionary mapping one or more job names"),
        ({"ps": "a:1"}, "must be a list or a dictionary from integers"),
        ({"ps": [1]}, "Task address 1 must be bytes or unicode"),
        ({1: ["a"]}, "Job name 1 must be bytes or unicode"),
        (protos.ConfigProto(), "must be a ClusterDef"),
    ):
        with pytest.raises(TypeError, match=words):
            tf.train.ClusterSpec(wrong)


# --- where operations go -------------------------------------------------------------------------


def placed(tf, **options):
    """Return the devices of a small model's operations."""
    inner = options.pop("inner", "")
    with tf.Graph().as_default() as graph, tf.device(tf.train.replica_device_setter(**options)):
        with tf.device(inner):
            v = tf.Variable(tf.zeros([2]), name="v")
            tf.get_variable("w", [3, 4], initializer=tf.zeros_initializer(), use_resource=True)
        u = tf.Variable(1.0, name="u")
        tf.add(u, v[0], name="sum")
    return {op.name: op.device for op in graph.get_operations()}


CLUSTER = {"ps": ["ps0:1", "ps1:1"], "worker": ["w0:1"]}
SETTINGS = {
    "no servers": {},
    "two servers": {"ps_tasks": 2},
    "a cluster": {"cluster": CLUSTER},
    "a cluster without servers": {"cluster": {"worker": ["w0:1"]}},
    "other jobs": {
        "ps_tasks": 3,
        "ps_device": "/job:params/cpu:0",
        "worker_device": "/job:w/task:4",
    },
    "servers without a job": {"ps_tasks": 2, "ps_device": "/device:CPU:1"},
    "no device for workers": {"ps_tasks": 2, "worker_device": ""},
    "no device for servers": {"ps_tasks": 2, "ps_device": ""},
    "other operations": {"ps_tasks": 2, "ps_ops": ["Const"]},
    "a strategy": {"ps_tasks": 9, "ps_strategy": lambda op: len(op.name)},
    "an inner device": {"ps_tasks": 2, "inner": "/device:CPU:3"},
    "an inner job": {"ps_tasks": 2, "inner": "/job:chief"},
    "an inner task of the job": {"ps_tasks": 2, "inner": "/job:ps/task:7"},
    "not merged": {"ps_tasks": 2, "inner": "/device:CPU:3", "merge_devices": False},
}


def test_variables_go_to_servers_in_turn_and_the_rest_to_workers():
    devices = placed(tf, cluster=tf.train.ClusterSpec(CLUSTER))

    assert [devices[name] for name in ("v", "w", "u", "sum")] == [
        *("/job:ps/task:0", "/job:ps/task:1", "/job:ps/task:0"),
        "/job:worker",
    ]
    assert devices["v/Assign"] == devices["v/read"] == "/job:ps/task:0"  # with their variable
    assert set(placed(tf).values()) == {""}


@pytest.mark.tensorflow
@pytest.mark.parametrize("setting", SETTINGS)
def test_every_device_is_the_one_that_tensorflow_requests(setting, tensorflow, caplog):
    caplog.set_level("WARNING", "tensorflow")
    options = SETTINGS[setting]

    assert placed(tf, **options) == placed(tensorflow, **options)
    assert ("merge_devices=true" in caplog.text) == ("merge_devices" in options)


def test_a_strategy_is_a_function():
    with pytest.raises(TypeError, match="ps_strategy must be callable"):
        tf.train.replica_device_setter(2, ps_strategy="greedy")


def test_the_least_loaded_server_gets_the_next_variable():
    training = tf.contrib.training
    strategy = training.GreedyLoadBalancingStrategy(2, training.byte_size_load_fn)
    shapes = [[8], [2], [3], [1], [4]]
    with tf.device(tf.train.replica_device_setter(2, ps_strategy=strategy)):
        made = [
            tf.get_variable(f"v{i}", shape, use_resource=bool(i % 2))
            for i, shape in enumerate(shapes)
        ]

    #                                        8: 0  2: 1  3: 1  1: 1  4: 1 (6 < 8)
    assert [v.device[-1] for v in made] == ["0", "1", "1", "1", "1"]
    assert training.byte_size_load_fn(made[0].op) == 32
    assert training.byte_size_load_fn(made[1].op) == 8
    with pytest.raises(ValueError, match="must have a single output"):
        training.byte_size_load_fn(tf.no_op())
    with pytest.raises(ValueError, match="not fully defined"):
        training.byte_size_load_fn(tf.placeholder(tf.float32, [None]).op)


def test_tasks_by_a_hash_are_the_same_in_every_program():
    strategies = [tf.contrib.training.RandomStrategy(3, seed) for seed in (0, 0, 1)]
    ops = [tf.no_op(name=f"op{i}") for i in range(20)]
    found = [[strategy(op) for op in ops] for strategy in strategies]

    assert found[0] == found[1] != found[2]
    assert set(found[0]) == {0, 1, 2}
