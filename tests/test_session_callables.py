"""Functions of a session, classes that it learns to run, and what it says of its devices."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf import protos
from minitf.session import conversions
from minitf.session.described import device_attributes


@pytest.fixture
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def test_callable_options_name_feeds_fetches_and_targets(session):
    x = tf.placeholder(tf.float32)
    counter = tf.Variable(0)
    count = counter.assign_add(1)
    session.run(counter.initializer)
    options = protos.CallableOptions(
        feed=[x.name], fetch=[(x + 1).name, x.name], target=[count.op.name]
    )
    call = session._make_callable_from_options(options)

    assert call(np.float32(2)) == [3, 2]
    assert call(np.float32(5)) == [6, 5]
    assert session.run(counter) == 2


def test_a_callable_of_options_reports_what_they_ask_for(session):
    options = protos.CallableOptions(fetch=[tf.constant(1).name])
    options.run_options.trace_level = protos.RunOptions.FULL_TRACE
    report = protos.RunMetadata()

    assert session._make_callable_from_options(options)(run_metadata=report) == [1]
    assert report.step_stats.dev_stats


class Squared:
    """A thing that a session knows by what is registered for it."""

    def __init__(self, value):
        self.tensor = tf.square(value)


@pytest.fixture
def squares(monkeypatch):
    monkeypatch.setattr(conversions, "_REGISTERED", [])
    register = conversions.register_session_run_conversion_functions
    functions = (
        lambda squared: ([squared.tensor], lambda values: values[0]),
        lambda squared, value: [(squared.tensor, value)],
        lambda squared: [squared.tensor],
    )
    register(Squared, *functions)
    with pytest.raises(ValueError, match="has already been registered"):
        register(Squared, *functions)


@pytest.mark.usefixtures("squares")
def test_a_registered_class_is_fetched_and_fed(session):
    squared = Squared(3.0)

    assert session.run({"a": [squared]}) == {"a": [9]}
    assert session.run(squared, {squared: 5.0}) == 5
    assert session.run(squared.tensor + 1, {squared: 5.0}) == 6


@pytest.mark.usefixtures("squares")
def test_a_partial_run_knows_what_a_registered_class_feeds(session):
    squared = Squared(3.0)
    twice = squared.tensor * 2
    handle = session.partial_run_setup([twice], [squared])

    assert session.partial_run(handle, twice, {squared: 5.0}) == 10


def test_a_session_is_entered_once_at_a_time(session):
    with pytest.raises(RuntimeError, match="not re-entrant"), session:
        pass
    with session.as_default():
        assert tf.constant(1).eval() == 1


@pytest.mark.parametrize("wanted", [False, True])
def test_the_graph_def_of_a_session_has_shapes_if_asked(wanted):
    tf.constant([[1, 2]])
    config = tf.ConfigProto(graph_options=tf.GraphOptions(infer_shapes=wanted))
    with tf.Session(config=config) as session:
        assert ("_output_shapes" in session.graph_def.node[0].attr) is wanted


def test_texts_in_a_fed_array_become_bytes(session):
    x = tf.placeholder(tf.string)
    fed = np.array(["a", "é", b"c"], object)

    assert session.run([x, tf.identity(x)], {x: fed})[1].tolist() == [b"a", "é".encode(), b"c"]
    assert fed.tolist() == ["a", "é", b"c"]


def test_attributes_of_a_device_have_its_full_name():
    made = device_attributes("/job:w/cpu:1", "CPU", 3, 4)

    assert made.name == "/job:w/device:CPU:1"
    assert str(made).startswith("_DeviceAttributes(")


def test_values_of_enums_are_names_of_their_modules():
    assert protos.INVALID_ARGUMENT == protos.Code.Value("INVALID_ARGUMENT") == 3
    assert protos.DT_FLOAT == 1
    with pytest.raises(AttributeError, match="NOTHING"):
        protos.NOTHING  # noqa: B018
