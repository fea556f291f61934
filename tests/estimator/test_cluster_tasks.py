"""TF_CONFIG: what RunConfig makes of it, row by row as TensorFlow's does; four real processes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import types
from pathlib import Path

import pytest
from distributed.clusters import DEADLINE_S, described
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.estimator import roles
from minitf.estimator.cluster_task import task_of

PROGRAM = Path(__file__).with_name("cluster_program.py")
CHIEF = {"chief": ["h:0"], "ps": ["h:1", "h:2"], "worker": ["h:3", "h:4", "h:5"]}
MASTER = {"master": ["h:0"], "ps": ["h:1", "h:2"], "worker": ["h:3", "h:4", "h:5"]}
PROPERTIES = (
    *("master", "evaluation_master", "is_chief", "task_type", "task_id", "global_id_in_cluster"),
    *("num_worker_replicas", "num_ps_replicas"),
)
LOCAL = ["", "", True, "worker", 0, 0, 1, 0]
EVALUATOR = ["", "", False, "evaluator", 0, None, 0, 0]


def config(cluster=None, job=None, index=None, **more):
    """A TF_CONFIG."""
    task = {"type": job, "index": index}
    made = {"task": {key: value for key, value in task.items() if value is not None}, **more}
    return made if cluster is None else {"cluster": cluster, **made}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, LOCAL),
        (config({}), LOCAL),
        (config(None, "worker", 0), LOCAL),
        (config(None, session_master="m", eval_session_master="e"), ["m", "e", *LOCAL[2:]]),
        (config(CHIEF, "chief", 0), ["grpc://h:0", "", True, "chief", 0, 0, 4, 2]),
        (config(CHIEF, "worker", 0), ["grpc://h:3", "", False, "worker", 0, 1, 4, 2]),
        (config(CHIEF, "worker", "2"), ["grpc://h:5", "", False, "worker", 2, 3, 4, 2]),
        (config(CHIEF, "ps", 1), ["grpc://h:2", "", False, "ps", 1, 5, 4, 2]),
        (config(CHIEF, "evaluator", 0), EVALUATOR),
        (config(CHIEF, "evaluator", 0, session_master="m", eval_session_master="e"),
         ["", "e", *EVALUATOR[2:]]),
        (config(CHIEF, "worker", 1, session_master="m", eval_session_master="e"),
         ["m", "", False, "worker", 1, 2, 4, 2]),
        (config(MASTER, "master", 0), ["grpc://h:0", "", True, "master", 0, 0, 4, 2]),
        (config(MASTER, "ps", 0), ["grpc://h:1", "", False, "ps", 0, 4, 4, 2]),
        (config({"chief": ["h:1"]}, "chief", 0), ["", "", True, "chief", 0, 0, 1, 0]),
        (config({"chief": ["h:1"], "foo": ["h:2"]}, "foo", 0),
         ["grpc://h:2", "", False, "foo", 0, 1, 1, 0]),
        (config({"chief": ["h:1"], "evaluator": ["h:2"]}, "chief", 0),
         ["grpc://h:1", "", True, "chief", 0, 0, 1, 0]),
    ],
)  # fmt: skip
def test_a_run_config_tells_the_task_as_tensorflow_does(monkeypatch, environment, expected):
    monkeypatch.setenv("TF_CONFIG", json.dumps(environment))
    found = tf.estimator.RunConfig()

    assert [getattr(found, name) for name in PROPERTIES] == expected


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        (config(None, "evaluator", 0), "task type must be WORKER"),
        (config(None, "worker", 1), "task index must be 0"),
        (config(CHIEF), "task type must be set"),
        (config(CHIEF, "worker"), "task index must be set"),
        (config(CHIEF, "chief", 1), "1 is not a valid task_id for task_type chief"),
        (config(CHIEF, "worker", -1), "must be non-negative"),
        (config(CHIEF, "master", 0), "master is not a valid task_type"),
        (config(MASTER, "evaluator", 0), "task_type `evaluator` is not supported"),
        (config({**MASTER, "chief": ["h:9"]}, "master", 0), "job `chief` is not supported"),
        (config({"worker": ["h:1"]}, "worker", 0), 'must have one "chief" node'),
        (config({"chief": ["h:1", "h:2"]}, "chief", 0), 'must have only one "chief" node'),
        (config({"master": []}, "master", 0), 'must have only one "master" node'),
        (config(model_dir=""), "model_dir in TF_CONFIG should be non-empty"),
        ([1], "must be JSON objects"),
    ],
)
def test_a_cluster_that_does_not_fit_is_refused(monkeypatch, environment, message):
    monkeypatch.setenv("TF_CONFIG", json.dumps(environment))
    with pytest.raises(ValueError, match=re.escape(message)):
        tf.estimator.RunConfig()


def test_the_rest_of_tf_config(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", json.dumps({"model_dir": "a", "service": {"b": 1}}))

    assert tf.estimator.RunConfig().model_dir == "a"
    assert tf.estimator.RunConfig().service == {"b": 1}
    with pytest.raises(ValueError, match="must have the same value as the model_dir in TF_CONFIG"):
        tf.estimator.RunConfig(model_dir="b")
    monkeypatch.setenv("TF_CONFIG", '{"service": 3}')
    with pytest.raises(TypeError, match="it must be a dict"):
        tf.estimator.RunConfig()
    monkeypatch.setenv("TF_CONFIG", "{")
    with pytest.raises(ValueError, match="TF_CONFIG must be JSON"):
        tf.estimator.RunConfig()


@given(
    chief=st.sampled_from(["chief", "master"]),
    jobs=st.dictionaries(st.sampled_from(["worker", "ps", "a", "zz"]), st.integers(1, 4)),
)
def test_every_task_has_a_number_of_its_own_and_one_is_the_chief(chief, jobs):
    cluster = {job: [f"{job}:{i}" for i in range(n)] for job, n in {chief: 1, **jobs}.items()}
    tasks = [
        task_of(config(cluster, job, index), None)
        for job in cluster
        for index in range(len(cluster[job]))
    ]

    assert sorted(task.global_id_in_cluster for task in tasks) == [*range(len(tasks))]
    assert [task.task_type for task in tasks if task.is_chief] == [chief]
    assert {task.num_worker_replicas for task in tasks} == {1 + jobs.get("worker", 0)}
    assert {task.num_ps_replicas for task in tasks} == {jobs.get("ps", 0)}
    addresses = {task.master.removeprefix("grpc://") for task in tasks}
    assert addresses == (
        {""} if len(tasks) == 1 else {a for each in cluster.values() for a in each}
    )


def test_a_task_sees_itself_and_the_parameter_servers(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", json.dumps(config(CHIEF, "worker", 1)))
    found = tf.estimator.RunConfig().session_config

    assert list(found.device_filters) == ["/job:ps", "/job:worker/task:1"]
    assert found.allow_soft_placement
    given = tf.ConfigProto(log_device_placement=True)
    assert tf.estimator.RunConfig(session_config=given).session_config == given


def test_contrib_learn_trains_in_one_process(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", json.dumps(config(MASTER, "worker", 1)))
    with pytest.raises(tf.errors.UnimplementedError, match=r"tf\.estimator\.train_and_evaluate"):
        tf.contrib.learn.RunConfig()


@pytest.mark.parametrize(
    ("environment", "error", "message"),
    [
        (config({"chief": ["h:1"], "foo": ["h:2"]}, "foo", 0), ValueError, "Task type foo is not"),
        (config(CHIEF, "evaluator", 1), ValueError, "only be one `evaluator`"),
        (config(CHIEF, "worker", 0, session_master=""), RuntimeError, "Could not start server"),
    ],
)
def test_a_task_without_a_role_is_refused(monkeypatch, tmp_path, environment, error, message):
    monkeypatch.setenv("TF_CONFIG", json.dumps(environment))
    estimator = tf.estimator.Estimator(lambda features: None, str(tmp_path))
    specs = tf.estimator.TrainSpec(print), tf.estimator.EvalSpec(print)
    with pytest.raises(error, match=message):
        tf.estimator.train_and_evaluate(estimator, *specs)


@pytest.mark.parametrize(("most", "index", "waits"), [(None, 1, 10), (None, 99, 60), (3, 0, 3)])
def test_later_workers_begin_later(monkeypatch, tmp_path, most, index, waits):
    cluster = {**CHIEF, "worker": [f"h:{3 + number}" for number in range(100)]}
    monkeypatch.setenv("TF_CONFIG", json.dumps(config(cluster, "worker", index)))
    waited = []
    monkeypatch.setattr(roles, "time", types.SimpleNamespace(sleep=waited.append))
    monkeypatch.setattr(roles, "_start_server", lambda _: None)
    monkeypatch.setattr(tf.estimator.Estimator, "train", lambda *_, **__: None)
    settings = tf.estimator.RunConfig(experimental_max_worker_delay_secs=most)
    estimator = tf.estimator.Estimator(lambda features: None, str(tmp_path), settings)
    tf.estimator.train_and_evaluate(
        estimator, tf.estimator.TrainSpec(print), tf.estimator.EvalSpec(print)
    )

    assert waited == [waits]


@pytest.mark.thorough
def test_chief_worker_ps_and_evaluator_train_one_model(tmp_path):
    cluster = described({"chief": 1, "ps": 1, "worker": 1})
    environment = {**os.environ, "MINITF_CLUSTER_KEY": "a key for a cluster of estimators"}
    environment["PYTHONPATH"] = os.pathsep.join(each for each in sys.path if each)
    processes = {
        job: subprocess.Popen(
            [sys.executable, PROGRAM, tmp_path],
            stdout=subprocess.PIPE,
            text=True,
            env={**environment, "TF_CONFIG": json.dumps(config(cluster, job, 0))},
        )
        for job in ("ps", "worker", "evaluator", "chief")
    }
    try:
        said = {
            job: processes[job].communicate(timeout=DEADLINE_S)[0]
            for job in ("chief", "worker", "evaluator")
        }
        still_serves = processes["ps"].poll() is None
    finally:
        for process in processes.values():
            process.kill()
        processes["ps"].communicate()

    assert said["chief"].splitlines() == [
        "chief train /job:ps/task:0 /job:chief/task:0",
        "chief ends",
    ]
    assert said["worker"].splitlines() == [
        "worker train /job:ps/task:0 /job:worker/task:0",
        "worker ends",
    ]
    assert said["evaluator"].splitlines()[-1] == "evaluator ends"
    assert still_serves
    assert processes["ps"].returncode == -signal.SIGKILL
    values = {
        value.tag: value.simple_value
        for path in (tmp_path / "eval").iterdir()
        for event in tf.train.summary_iterator(str(path))
        for value in event.summary.value
    }
    assert 0 < values["error"] < 0.5  # it was 2.5
    assert len(list((tmp_path / "export" / "final").iterdir())) == 1
