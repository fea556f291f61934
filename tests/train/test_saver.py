"""Saver: what it saves and restores, under which names, and which checkpoints it keeps."""

from __future__ import annotations

import time

import numpy as np
import pytest
from variables.scenarios import nodes

import minitf
from minitf.train.saver_builder import BaseSaverBuilder

tf = minitf
both_kinds = pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])
W = np.arange(6, dtype=np.float32).reshape(2, 3)


def model(tf=minitf, *, use_resource=False):
    """Make variables of several kinds; return them and a way to change them all."""
    with tf.variable_scope("net", use_resource=use_resource):
        v = tf.get_variable("v", initializer=tf.constant([1.0, 2.0]))
        w = tf.get_variable("w", initializer=tf.constant(W))
        s = tf.get_variable("s", initializer=tf.constant([b"a", b"bc"]))
        n = tf.get_variable("n", initializer=tf.constant(7, tf.int64), trainable=False)
        b = tf.get_variable("b", initializer=tf.constant(True), trainable=False)
    with tf.variable_scope("parts", partitioner=tf.fixed_size_partitioner(2)):
        p = tf.get_variable("p", [5, 2], initializer=tf.random_uniform_initializer(seed=1))
    return [v, w, s, n, b, *p]


def values(session, variables):
    return [np.asarray(each).tolist() for each in session.run(variables)]


KINDS = {
    "plain": {},
    "sharded": {"sharded": True},
    "first format": {"write_version": tf.train.SaverDef.V1},
    "first format, sharded": {"write_version": tf.train.SaverDef.V1, "sharded": True},
    "one after the other": {"restore_sequentially": True},
}


@pytest.mark.paper("O-22", "W-25")
@both_kinds
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_saved_is_restored(kind, use_resource, tmp_path):
    variables = model(use_resource=use_resource)
    saver = tf.train.Saver(**KINDS[kind])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        want = values(session, variables)
        path = saver.save(session, str(tmp_path / "m"), global_step=3)
    with tf.Session() as session:  # nothing is initialized here
        saver.restore(session, path)

        assert values(session, variables) == want
    assert tf.train.latest_checkpoint(tmp_path) == path
    assert [name for name, _ in tf.train.list_variables(path)] == [
        *(f"net/{name}" for name in "bnsvw"),
        "parts/p",
    ]


@pytest.mark.paper("O-22")
def test_each_device_writes_a_file_of_its_own(tmp_path):
    for task in range(3):
        with tf.device(f"/job:localhost/device:CPU:{task}"):
            tf.Variable([float(task)], name=f"v{task}")
    saver = tf.train.Saver(sharded=True)
    graph = tf.get_default_graph()
    devices = {op.device for op in graph.get_operations() if op.type == "SaveV2"}
    assert len(devices) == 1  # three devices of one task, whose first CPU writes all files
    with tf.Session(config=tf.ConfigProto(device_count={"CPU": 3})) as session:
        session.run(tf.global_variables_initializer())
        path = saver.save(session, str(tmp_path / "m"), write_meta_graph=False)
        session.run(tf.global_variables()[0].assign([9.0]))
        saver.restore(session, path)

        assert values(session, tf.global_variables()) == [[0], [1], [2]]
    assert {each.name for each in tmp_path.iterdir()} == {
        *("checkpoint", "m.index"),
        *(f"m.data-0000{i}-of-00003" for i in range(3)),
    }


def test_names_in_the_file_may_be_others(tmp_path):
    v, w = tf.Variable(1.0, name="v"), tf.Variable(2.0, name="w")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        path = tf.train.Saver({"one": v, "two": w}).save(session, str(tmp_path / "m"))
        tf.train.Saver({"one": w, "two": v}).restore(session, path)

        assert values(session, [v, w]) == [2, 1]
        tf.train.Saver({"one": v}).restore(session, path)  # a part of it is enough
        assert values(session, [v, w]) == [1, 1]


def test_parts_of_a_variable_are_restored_into_other_parts(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        with tf.variable_scope("", partitioner=tf.fixed_size_partitioner(3)):
            w = tf.get_variable("w", [7, 2])
        session.run(tf.global_variables_initializer())
        want = session.run(w.as_tensor())
        path = tf.train.Saver().save(session, str(tmp_path / "m"))
    for partitioner in (None, tf.fixed_size_partitioner(2), tf.fixed_size_partitioner(2, axis=1)):
        with tf.Graph().as_default(), tf.Session() as session:
            with tf.variable_scope("", partitioner=partitioner):
                w = tf.get_variable("w", [7, 2])
            tf.train.Saver().restore(session, path)

            np.testing.assert_array_equal(session.run(tf.convert_to_tensor(w)), want)


@both_kinds
def test_a_variable_of_another_shape_is_restored_if_it_is_reshaped(use_resource, tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.Variable(W, name="w")
        session.run(tf.global_variables_initializer())
        path = tf.train.Saver().save(session, str(tmp_path / "m"))
    w = tf.Variable(np.zeros((3, 2), np.float32), name="w", use_resource=use_resource)
    with tf.Session() as session:
        tf.train.Saver(reshape=True).restore(session, path)

        assert session.run(w).tolist() == W.reshape(3, 2).tolist()
        with pytest.raises(tf.errors.InvalidArgumentError, match="Assign requires shapes"):
            tf.train.Saver().restore(session, path)


def test_a_user_may_save_something_else(tmp_path):
    class Doubled(BaseSaverBuilder.SaveableObject):
        """Saves twice the value of a variable, and restores half of what is saved."""

        def __init__(self, variable):
            self.variable = variable
            spec = BaseSaverBuilder.SaveSpec(variable.value() * 2.0, "", "doubled")
            super().__init__(variable.value(), [spec], "thing")

        def restore(self, restored_tensors, restored_shapes):
            assert restored_shapes is None
            return self.variable.assign(restored_tensors[0] / 2.0)

    v = tf.Variable(3.0, collections=[])
    tf.add_to_collection(tf.GraphKeys.SAVEABLE_OBJECTS, Doubled(v))
    saver = tf.train.Saver()
    with tf.Session() as session:
        session.run(v.initializer)
        path = saver.save(session, str(tmp_path / "m"))
        session.run(v.assign(0.0))
        saver.restore(session, path)

        assert session.run(v) == 3
    assert tf.train.load_variable(path, "doubled") == 6


# --- names and times ------------------------------------------------------------------------------


def one_variable():
    v = tf.Variable(0, name="v")
    return v, v.assign_add(1)


@pytest.mark.paper("O-23")
def test_the_last_checkpoints_are_kept(tmp_path):
    _, more = one_variable()
    saver = tf.train.Saver(max_to_keep=2)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for step in range(4):
            session.run(more)
            saver.save(session, str(tmp_path / "m"), global_step=step)

    assert saver.last_checkpoints == [str(tmp_path / f"m-{i}") for i in (2, 3)]
    assert {each.name for each in tmp_path.iterdir()} == {
        "checkpoint",
        *(f"m-{i}.{end}" for i in (2, 3) for end in ("index", "meta", "data-00000-of-00001")),
    }
    state = tf.train.get_checkpoint_state(tmp_path)
    assert state.model_checkpoint_path == str(tmp_path / "m-3")
    assert list(state.all_model_checkpoint_paths) == saver.last_checkpoints


@pytest.mark.paper("O-23")
def test_one_checkpoint_of_each_span_of_hours_is_kept_for_good(tmp_path, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    one_variable()
    saver = tf.train.Saver(max_to_keep=1, keep_checkpoint_every_n_hours=2)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for hour in range(8):
            now[0] = 1000.0 + hour * 3600 + 1
            saver.save(session, str(tmp_path / "m"), global_step=hour, write_meta_graph=False)

    # the first after two hours, the first after four, the first after six; and the last one
    kept = sorted(int(each.name[2:-6]) for each in tmp_path.glob("*.index"))
    assert kept == [2, 4, 6, 7]
    assert saver.last_checkpoints == [str(tmp_path / "m-7")]


@pytest.mark.parametrize("keep", [None, 0])
def test_all_checkpoints_are_kept_on_request(keep, tmp_path):
    one_variable()
    saver = tf.train.Saver(max_to_keep=keep)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for step in range(7):
            saver.save(session, str(tmp_path / "m"), global_step=step, write_meta_graph=False)

    assert len(list(tmp_path.glob("*.index"))) == 7
    assert saver.last_checkpoints == []
    assert tf.train.latest_checkpoint(tmp_path) == str(tmp_path / "m-6")


def test_an_earlier_programs_checkpoints_are_taken_over(tmp_path):
    one_variable()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        first = tf.train.Saver(max_to_keep=2)
        for step in range(2):
            first.save(session, str(tmp_path / "m"), global_step=step)
        second = tf.train.Saver(max_to_keep=2)
        second.recover_last_checkpoints([*first.last_checkpoints, str(tmp_path / "gone")])
        assert second.last_checkpoints == first.last_checkpoints
        second.save(session, str(tmp_path / "m"), global_step=2)

    assert sorted(each.name for each in tmp_path.glob("*.index")) == ["m-1.index", "m-2.index"]


def test_a_checkpoint_that_is_written_again_counts_once(tmp_path):
    one_variable()
    saver = tf.train.Saver(max_to_keep=2)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(5):
            saver.save(session, str(tmp_path / "m"))

    assert saver.last_checkpoints == [str(tmp_path / "m")]
    assert tf.train.latest_checkpoint(tmp_path) == str(tmp_path / "m")


def test_step_numbers_come_from_numbers_tensors_and_names_and_may_be_padded(tmp_path):
    step = tf.train.create_global_step()
    plain, padded = tf.train.Saver(), tf.train.Saver(pad_step_number=True)
    with tf.Session() as session:
        session.run(step.assign(5))
        for given in (5, np.int64(5), step, "global_step:0"):
            assert plain.save(session, str(tmp_path / "m"), global_step=given).endswith("m-5")
        assert padded.save(session, str(tmp_path / "m"), step) == str(tmp_path / "m-00000005")


def test_paths_may_be_relative_to_the_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one_variable()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        absolute = str(tmp_path / "a" / "m")
        tf.train.Saver(save_relative_paths=True).save(session, absolute)
        assert 'model_checkpoint_path: "m"' in (tmp_path / "a" / "checkpoint").read_text()
        assert tf.train.latest_checkpoint(str(tmp_path / "a")) == absolute
        tf.train.Saver().save(session, "b/m", global_step=1)
        assert 'model_checkpoint_path: "m-1"' in (tmp_path / "b" / "checkpoint").read_text()
        assert tf.train.latest_checkpoint("b") == "b/m-1"
        (tmp_path / "a").rename(tmp_path / "moved")
        assert tf.train.latest_checkpoint(str(tmp_path / "moved")) == str(tmp_path / "moved" / "m")


def test_the_state_file_and_the_meta_graph_may_have_other_names_or_be_left_out(tmp_path):
    one_variable()
    saver = tf.train.Saver(filename=str(tmp_path / "default"))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        saver.save(session, str(tmp_path / "m"), latest_filename="state", meta_graph_suffix="graph")
        saver.save(session, str(tmp_path / "n"), write_state=False, write_meta_graph=False)
        session.run(saver.saver_def.save_tensor_name)

    assert sorted(each.name for each in tmp_path.iterdir() if "data" not in each.name) == [
        *("default.index", "m.graph", "m.index", "n.index", "state"),
    ]
    assert tf.train.latest_checkpoint(tmp_path, "state") == str(tmp_path / "m")


# --- building -------------------------------------------------------------------------------------


def test_operations_may_be_added_later(tmp_path):
    saver = tf.train.Saver(defer_build=True)
    v, _ = one_variable()
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(RuntimeError, match=r"`build\(\)` should be called before save"):
            saver.save(session, str(tmp_path / "m"))
        saver.build()
        saver.build()
        assert tf.train.list_variables(saver.save(session, str(tmp_path / "m"))) == [("v", [])]
    assert sum(op.type == "SaveV2" for op in tf.get_default_graph().get_operations()) == 1


def test_nothing_to_save_is_allowed_on_request(tmp_path):
    with pytest.raises(ValueError, match="No variables to save"):
        tf.train.Saver()
    saver = tf.train.Saver(allow_empty=True)
    tf.constant(1)
    with tf.Session() as session:
        assert saver.save(session, str(tmp_path / "m"), write_meta_graph=False) is None
        saver.restore(session, str(tmp_path / "m"))
    assert list(tmp_path.iterdir()) == []


def test_a_saver_def_is_enough(tmp_path):
    v, more = one_variable()
    message = tf.train.Saver(max_to_keep=3, name="mine").as_saver_def()
    saver = tf.train.Saver(saver_def=message)
    with tf.Session() as session:
        session.run(v.initializer)
        path = saver.save(session, str(tmp_path / "m"))
        session.run(more)
        saver.restore(session, path)

        assert session.run(v) == 0
    assert (message.save_tensor_name, message.max_to_keep) == ("mine/control_dependency:0", 3)
    assert saver.to_proto() == message
    assert saver.to_proto("mine").restore_op_name == "restore_all"
    assert saver.to_proto("other") is None
    assert tf.train.Saver.from_proto(message).saver_def == message


def graph_and_def(tf, build):
    with tf.Graph().as_default() as graph:
        message = build(tf).as_saver_def()
    rows = [row for row in nodes(graph) if row[0].startswith(("save", "mine", "outer"))]
    return message.SerializeToString(), rows


def build_with(**options):
    def build(tf):
        tf.Variable([1.0, 2.0], name="v")
        tf.Variable(3, name="w")
        with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(2)):
            tf.get_variable("t", [5, 2])
        return tf.train.Saver(**options)

    return build


def build_on_devices(tf):
    for task in (1, 0):
        with tf.device(f"/job:ps/task:{task}"):
            tf.Variable([1.0], name=f"v{task}")
    return tf.train.Saver(sharded=True)


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    "build",
    [
        build_with(),
        build_with(name="mine", max_to_keep=3, filename="there"),
        build_with(reshape=True),
        build_with(write_version=1),
        build_with(write_version=1, sharded=True),
    ],
    ids=["plain", "named", "reshaping", "first format", "first format sharded"],
)
def test_the_nodes_are_tensorflows(build, tensorflow):
    (ours, our_nodes), (theirs, their_nodes) = (graph_and_def(t, build) for t in (tf, tensorflow))

    assert ours == theirs
    assert our_nodes == their_nodes


@pytest.mark.tensorflow
@pytest.mark.paper("O-22")
@pytest.mark.parametrize("kind", KINDS)
def test_tensorflow_restores_what_we_save_and_the_reverse(kind, tmp_path, tensorflow):
    want = {}
    for writer, reader in ((tf, tensorflow), (tensorflow, tf)):
        path = str(tmp_path / writer.__name__ / "m")
        for each, act in ((writer, "save"), (reader, "restore")):
            with each.Graph().as_default(), each.Session() as session:
                variables = model(each)
                saver = each.train.Saver(**KINDS[kind])
                if act == "save":
                    session.run(each.global_variables_initializer())
                    (tmp_path / writer.__name__).mkdir(exist_ok=True)
                    saver.save(session, path)
                    want = values(session, variables)
                else:
                    folder = str(tmp_path / writer.__name__)
                    saver.restore(session, each.train.latest_checkpoint(folder))
                    assert values(session, variables) == want


# --- refusals -------------------------------------------------------------------------------------


def test_what_cannot_be_saved_is_refused():
    v, w = tf.Variable(1.0, name="v"), tf.Variable(2.0, name="w")
    part = tf.get_variable("p", [4], partitioner=tf.fixed_size_partitioner(2))
    for error, words, make in (
        (TypeError, "Variable to save is not a Variable", lambda: tf.train.Saver([tf.constant(1)])),
        (TypeError, "should be passed in a dict or a list", lambda: tf.train.Saver(v)),
        (ValueError, "with two names: b", lambda: tf.train.Saver({"a": v, "b": v})),
        (ValueError, "have the same name: v", lambda: tf.train.Saver([v, v])),
        (TypeError, "Name is not a string", lambda: tf.train.Saver({1: v})),
        (ValueError, "Slices must all be slices", lambda: tf.train.Saver({"x": [v, w]})),
        (ValueError, "build cannot be deferred", lambda: tf.train.Saver([v], defer_build=True)),
        (ValueError, "must be a saver_pb2.SaverDef", lambda: tf.train.Saver(saver_def=3)),
        (
            ValueError,
            "must specify the save_tensor_name",
            lambda: tf.train.Saver(saver_def=tf.train.SaverDef(restore_op_name="x")),
        ),
        (RuntimeError, "Unexpected write_version", lambda: tf.train.Saver([v], write_version=9)),
    ):
        with pytest.raises(error, match=words):
            make()
    tf.train.Saver({"x": list(part), "y": v})


def test_a_bad_call_of_save_is_refused(tmp_path):
    one_variable()
    saver = tf.train.Saver()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with pytest.raises(TypeError, match="'sess' must be a Session"):
            saver.save(None, str(tmp_path / "m"))
        with pytest.raises(ValueError, match="must not contain path components"):
            saver.save(session, str(tmp_path / "m"), latest_filename="a/b")
        with pytest.raises(ValueError, match="collides with 'save_path'"):
            saver.save(session, str(tmp_path / "checkpoint"))
        (tmp_path / "file").touch()
        with pytest.raises(ValueError, match=r"Parent directory of .* doesn't exist, can't save"):
            saver.save(session, str(tmp_path / "file" / "m"))


def test_a_variable_without_a_value_is_not_saved(tmp_path):
    one_variable()
    with tf.Session() as session:
        saver = tf.train.Saver()
        with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value v"):
            saver.save(session, str(tmp_path / "m"))

    assert [each.name for each in tmp_path.iterdir()] == []


def test_what_is_no_checkpoint_is_not_restored(tmp_path):
    one_variable()
    saver = tf.train.Saver()
    with tf.Session() as session:
        with pytest.raises(ValueError, match="Can't load save_path when it is None"):
            saver.restore(session, None)
        with pytest.raises(ValueError, match="The passed save_path is not a valid checkpoint"):
            saver.restore(session, str(tmp_path / "none"))


def test_large_variables_are_restored_by_several_threads(tmp_path):
    large = [
        tf.get_variable(f"large{i}", initializer=tf.fill([512, 1024], float(i))) for i in range(3)
    ]
    small = tf.get_variable("small", initializer=tf.constant(7.0))
    saver = tf.train.Saver()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        path = saver.save(session, str(tmp_path / "m"))
    with tf.Session() as session:
        saver.restore(session, path)
        for i, value in enumerate(session.run(large)):
            assert (value == i).all()
        assert session.run(small) == 7
    data = tmp_path / "m.data-00000-of-00001"
    content = bytearray(data.read_bytes())
    content[3 << 20] ^= 1  # in the second one
    data.write_bytes(content)
    with tf.Session() as session, pytest.raises(tf.errors.DataLossError, match="tensor: large1"):
        saver.restore(session, path)


def test_a_damaged_checkpoint_is_told_and_changes_nothing_it_did_not_read(tmp_path):
    v, _ = one_variable()
    saver = tf.train.Saver()
    with tf.Session() as session:
        session.run(v.initializer)
        path = saver.save(session, str(tmp_path / "m"))
        data = tmp_path / "m.data-00000-of-00001"
        data.write_bytes(b"\xff" * len(data.read_bytes()))
        with pytest.raises(tf.errors.DataLossError, match="Checksum does not match") as damage:
            saver.restore(session, path)

        assert session.run(v) == 0
    assert "tensor: v" in str(damage.value)
