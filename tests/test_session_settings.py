"""`tf.config`: sessions without a ConfigProto of their own run as it says."""

import copy

import pytest

import minitf as tf
from minitf.session import settings

experimental = tf.config.experimental


@pytest.fixture(autouse=True)
def _as_nobody_said_anything():
    kept = copy.deepcopy(vars(settings._SETTINGS))
    yield
    vars(settings._SETTINGS).update(kept)


def test_there_is_no_message_as_long_as_nothing_was_set():
    assert settings.present_config() is None

    tf.config.set_soft_device_placement(True)

    assert settings.present_config().allow_soft_placement


def test_what_is_set_can_be_read():
    for get, put in (
        (
            tf.config.threading.get_intra_op_parallelism_threads,
            tf.config.threading.set_intra_op_parallelism_threads,
        ),
        (
            tf.config.threading.get_inter_op_parallelism_threads,
            tf.config.threading.set_inter_op_parallelism_threads,
        ),
    ):
        assert get() == 0
        put(3)
        assert get() == 3
    for get, put in (
        (tf.config.get_soft_device_placement, tf.config.set_soft_device_placement),
        (tf.debugging.get_log_device_placement, tf.debugging.set_log_device_placement),
        (tf.config.optimizer.get_jit, tf.config.optimizer.set_jit),
    ):
        assert get() is False
        put(True)
        assert get() is True


def test_single_optimizers_are_turned_off():
    tf.config.optimizer.set_experimental_options({"constant_folding": False})
    tf.config.optimizer.set_experimental_options({"min_graph_nodes": 7})
    options = settings.present_config().graph_options.rewrite_options

    assert options.constant_folding == options.OFF
    assert options.min_graph_nodes == 7
    assert tf.config.optimizer.get_experimental_options() == {
        "constant_folding": False,
        "disable_meta_optimizer": False,
        "disable_model_pruning": False,
        "min_graph_nodes": 7,
    }
    with pytest.raises(ValueError, match="No such optimizer option: magic"):
        tf.config.optimizer.set_experimental_options({"magic": True})


def test_the_processor_is_shown_as_several_devices():
    (cpu,) = experimental.list_physical_devices()
    assert experimental.get_virtual_device_configuration(cpu) is None

    two = [experimental.VirtualDeviceConfiguration()] * 2
    experimental.set_virtual_device_configuration(cpu, two)

    assert experimental.get_virtual_device_configuration(cpu) == two
    with tf.Session(graph=tf.Graph()) as session:
        assert [each.name for each in session.list_devices()] == (
            tf.config.experimental_list_devices()
        )
    assert len(experimental.list_logical_devices("CPU")) == 2
    with tf.Session(graph=tf.Graph(), config=tf.ConfigProto()) as session:
        assert len(session.list_devices()) == 1


def test_devices_are_made_visible_by_their_type():
    (cpu,) = experimental.get_visible_devices("CPU")
    assert experimental.list_physical_devices("GPU") == []

    experimental.set_visible_devices([], "GPU")
    assert experimental.get_visible_devices() == [cpu]
    experimental.set_visible_devices([], "CPU")

    assert experimental.list_logical_devices() == []
    experimental.set_visible_devices(cpu)
    with pytest.raises(ValueError, match="Unrecognized device"):
        experimental.set_visible_devices(cpu, "GPU")


def test_what_there_is_not_is_refused():
    (cpu,) = experimental.list_physical_devices()
    with pytest.raises(ValueError, match="Unrecognized device: 'gpu'"):
        experimental.get_memory_growth("gpu")
    with pytest.raises(ValueError, match="Cannot set memory growth on non-GPU devices"):
        experimental.set_memory_growth(cpu, True)
    with pytest.raises(ValueError, match="Memory growth is a matter of GPUs"):
        experimental.get_memory_growth(cpu)
    with pytest.raises(ValueError, match="Setting memory limit on CPU"):
        experimental.set_virtual_device_configuration(
            cpu, [experimental.VirtualDeviceConfiguration(1)]
        )
    with pytest.raises(tf.errors.UnimplementedError, match="never executes eagerly"):
        tf.config.experimental_connect_to_cluster("host:1")


def test_policies_of_eager_execution_are_kept_without_effect():
    assert experimental.get_device_policy() == "silent"
    experimental.set_device_policy("explicit")
    assert experimental.get_device_policy() == "explicit"
    with pytest.raises(ValueError, match="Not a valid device policy: 'loud'"):
        experimental.set_device_policy("loud")
    experimental.set_synchronous_execution(False)
    assert experimental.get_synchronous_execution() is False
