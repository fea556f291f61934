"""Schedules of rates, Ftrl, a constraint of windows, and logs that are sent away."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import numpy as np
import pytest

import minitf as tf

K = tf.keras
schedules = K.optimizers.schedules


def test_a_schedule_is_the_rate_of_each_step():
    rate = schedules.ExponentialDecay(0.5, decay_steps=1, decay_rate=0.5)
    optimizer = K.optimizers.SGD(rate)
    w = tf.Variable(8.0, use_resource=True)
    step = optimizer.minimize(lambda: 1.0 * w, [w])
    seen = []
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(3):
            session.run(step)
            seen.append(session.run(w))

    assert seen == [7.5, 7.25, 7.125]
    config = optimizer.get_config()
    assert K.optimizers.SGD.from_config(config).get_config() == config


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        (schedules.InverseTimeDecay(1.0, 2, 1.0), [1.0, 2 / 3, 0.5]),
        (schedules.PolynomialDecay(1.0, 2, 0.0), [1.0, 0.5, 0.0]),
        (schedules.PiecewiseConstantDecay([0, 1], [3.0, 2.0, 1.0]), [3.0, 2.0, 1.0]),
        (K.experimental.CosineDecay(1.0, 2), [1.0, 0.5, 0.0]),
        (K.experimental.CosineDecayRestarts(1.0, 2), [1.0, 0.5, 1.0]),
        (K.experimental.LinearCosineDecay(1.0, 2, beta=0.0), [1.0, 0.25, 0.0]),
        (K.experimental.NoisyLinearCosineDecay(1.0, 2, 0.0, beta=0.0), [1.0, 0.25, 0.0]),
    ],
)
def test_a_schedule_comes_back_from_its_configuration(schedule, rates):
    again = schedules.deserialize(schedules.serialize(schedule))
    with tf.Session() as session:
        found = [session.run(again(step)) for step in range(3)]

    np.testing.assert_allclose(found, rates, atol=1e-6)
    assert again.get_config() == schedule.get_config()


def test_a_schedule_of_a_program_must_say_what_it_does():
    with pytest.raises(NotImplementedError, match="must override __call__"):
        schedules.LearningRateSchedule()(1)
    with pytest.raises(NotImplementedError, match="must override get_config"):
        schedules.LearningRateSchedule().get_config()
    with pytest.raises(ValueError, match="length of boundaries should be 1 less"):
        schedules.PiecewiseConstantDecay([1], [1.0])


@pytest.mark.parametrize("shrinkage", [0.0, 0.1])
def test_ftrl_is_that_of_tf_train(shrinkage):
    options = {
        "l1_regularization_strength": 0.01,
        "l2_shrinkage_regularization_strength": shrinkage,
    }

    def loss(w, table):
        return tf.reduce_sum(w * w) + tf.reduce_sum(tf.gather(table, [1, 1]) ** 2)

    def made():
        w = tf.Variable([1.0, -2.0], use_resource=True)
        return w, tf.Variable([[1.0], [2.0]], use_resource=True)

    ours, theirs = made(), made()
    optimizer = K.optimizers.Ftrl(0.1, **options)
    steps = [
        optimizer.minimize(lambda: loss(*ours), ours),
        tf.train.FtrlOptimizer(0.1, **options).minimize(loss(*theirs), var_list=theirs),
    ]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(3):
            session.run(steps)
        for a, b in zip(*session.run([ours, theirs]), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-6)


def test_ftrl_checks_its_numbers_and_has_a_name():
    with pytest.raises(ValueError, match=r"learning_rate_power .* needs to be negative"):
        K.optimizers.Ftrl(learning_rate_power=1.0)
    with pytest.raises(ValueError, match=r"initial_accumulator_value .* needs to be pos"):
        K.optimizers.Ftrl(initial_accumulator_value=-1.0)
    assert isinstance(K.optimizers.get("ftrl"), K.optimizers.Ftrl)


def test_windows_are_made_alike_on_squares_around_the_middle():
    constraint = K.constraints.get("radial_constraint")
    with tf.Session() as session:
        three, four = (
            session.run(constraint(np.arange(n * n, dtype=np.float32).reshape(n, n, 1, 1)))
            for n in (3, 4)
        )

    assert three[..., 0, 0].tolist() == [[4, 4, 4], [4, 0, 4], [4, 4, 4]]
    assert four[..., 0, 0].tolist() == [[15] * 4, [15, 5, 5, 15], [15, 5, 5, 15], [15] * 4]
    with pytest.raises(ValueError, match="must be of rank 4"):
        constraint(np.ones([2, 3, 1, 1]))


@pytest.mark.parametrize("as_json", [True, False])
def test_logs_are_sent_to_a_server(as_json):
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            received.append((self.path, self.headers["X"], self.rfile.read(length).decode()))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        monitor = K.callbacks.RemoteMonitor(
            f"http://127.0.0.1:{server.server_port}", headers={"X": "y"}, send_as_json=as_json
        )
        monitor.on_epoch_end(3, {"loss": np.float32(0.5)})
        thread.join(30)
    path, header, body = received[0]

    assert (path, header) == ("/publish/epoch/end/", "y")
    text = body if as_json else parse_qs(body)["data"][0]
    assert json.loads(text) == {"epoch": 3, "loss": 0.5}


def test_a_server_that_is_not_there_is_warned_of(caplog):
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        address = f"http://127.0.0.1:{server.server_port}"
    with caplog.at_level("WARNING", "tensorflow"):
        K.callbacks.RemoteMonitor(address).on_epoch_end(0)

    assert "could not reach RemoteMonitor root server" in caplog.text
    with pytest.raises(ValueError, match="must be an address of HTTP"):
        K.callbacks.RemoteMonitor("file:///x")
