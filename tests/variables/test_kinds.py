"""Variables of both kinds: what they build, as TensorFlow builds it, and what they do."""

from __future__ import annotations

import numpy as np
import pytest
from variables.scenarios import outcome

import minitf as tf


def both(scenario):
    """Give a scenario both kinds of variables."""
    return [
        pytest.param(lambda lib, r=r: scenario(lib, r), id=f"{scenario.__name__}-{name}")
        for name, r in (("ref", False), ("resource", True))
    ]


def from_a_value(lib, resource):
    v = lib.Variable([1.0, 2.0], name="v", use_resource=resource)
    return v.name, v.op.name, v.initializer.name, v.initial_value.name, v.dtype.name, repr(v)


def from_a_function(lib, resource):
    v = lib.Variable(lambda: lib.fill([2], 1.0), use_resource=resource)
    return v.name, v.shape.as_list(), v.value().name


def in_scopes(lib, resource):
    with lib.name_scope("a"), lib.device("/cpu:0"), lib.variable_scope("b"):
        v = lib.Variable(1.0, use_resource=resource)
        w = lib.Variable(1, name="w", dtype=lib.int64, use_resource=resource, trainable=False)
    return v.name, w.name, w.dtype.name, v.device, w.device


def on_a_caching_device(lib, resource):
    with lib.device("/cpu:0"):
        v = lib.Variable(lambda: lib.ones([2]), caching_device="/cpu:1", use_resource=resource)
    return v.value().name, (v + 1.0).name


def under_control_dependencies(lib, resource):
    with lib.control_dependencies([lib.no_op("before")]):
        v = lib.Variable(1.0, use_resource=resource)
        return lib.identity(v).name


def assigned(lib, resource):
    v = lib.Variable([1.0, 2.0], name="v", use_resource=resource)
    made = [
        v.assign([3.0, 4.0]),
        v.assign_add([1.0, 1.0], name="grow"),
        v.assign_sub([1.0, 1.0], read_value=False),
        lib.assign(v, [0.0, 0.0], name="zero"),
        lib.assign_add(v, [0.0, 0.0]),
        lib.assign_sub(v, [0.0, 0.0]),
    ]
    return [each.name for each in made]


def scattered(lib, resource):
    v = lib.Variable([1.0, 2.0], use_resource=resource)
    rows = lib.IndexedSlices(lib.constant([1.0]), lib.constant([0]))
    kinds = ("update", "add", "sub", "mul", "div", "min", "max")
    made = [getattr(v, f"scatter_{kind}")(rows) for kind in kinds]
    made += [getattr(lib, f"scatter_{kind}")(v, [1], [2.0]) for kind in kinds]
    return [each.name for each in made]


def sliced(lib, resource):
    v = lib.Variable([[1.0, 2.0], [3.0, 4.0]], use_resource=resource)
    v[:, 1].assign([5.0, 6.0])
    v[1, 1].assign(7.0, name="one")
    return v[0].name


def read(lib, resource):
    v = lib.Variable([1.0, 2.0], use_resource=resource)
    return v.read_value().name, (v * v).name, (2.0 - v).name, (-v).name, lib.identity(v).name


def in_collections(lib, resource):
    v = lib.Variable(1.0, collections=["mine"], use_resource=resource)
    w = lib.Variable(1.0, trainable=False, use_resource=resource)
    keys = ("mine", "variables", "trainable_variables")
    names = {v.name: "v", w.name: "w"}
    return [[names[each.name] for each in lib.get_collection(key)] for key in keys]


def initialised_and_reported(lib, resource):
    v = lib.Variable(1.0, use_resource=resource)
    w = lib.Variable(1.0, collections=["local_variables"], use_resource=resource)
    made = (
        lib.global_variables_initializer(),
        lib.local_variables_initializer(),
        lib.variables_initializer([v, w], name="both"),
        lib.variables_initializer([]),
        lib.is_variable_initialized(v),
        lib.initialize_all_variables(),
    )
    return [each.name for each in made]


SCENARIOS = [
    param
    for scenario in (
        *(from_a_value, from_a_function, in_scopes, on_a_caching_device),
        *(under_control_dependencies, assigned, scattered, sliced, read, in_collections),
        initialised_and_reported,
    )
    for param in both(scenario)
]


@pytest.mark.tensorflow
@pytest.mark.paper("W-09", "O-08")
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_variables_build_what_tensorflow_builds(scenario, tensorflow):
    assert outcome(tf, scenario) == outcome(tensorflow, scenario)


both_kinds = pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])


REFUSED = {
    "initial_value must be specified": lambda lib: lib.Variable(),
    "collections argument to Variable constructor must be a list, tuple, or set": (
        lambda lib: lib.Variable(1.0, collections="mine")
    ),
    "The `constraint` argument must be a callable": lambda lib: lib.Variable(1.0, constraint=3),
    "initial_value must have a shape specified": (
        lambda lib: lib.Variable(lib.placeholder(lib.float32, [None]))
    ),
    "sparse_delta is not IndexedSlices: 3": lambda lib: lib.Variable([1.0]).scatter_add(3),
    "Incompatible type conversion requested to type 'int32' for variable of type 'float32": (
        lambda lib: lib.convert_to_tensor(lib.Variable(1.0), lib.int32)
    ),
    "variable_def and initial_value are mutually exclusive": (
        lambda lib: lib.Variable(1.0, variable_def=lib.Variable(1.0).to_proto())
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("words", REFUSED)
def test_variables_refuse_what_tensorflow_refuses_with_its_words(words, tensorflow):
    for lib in (tf, tensorflow):
        kind, message = outcome(lib, REFUSED[words])

        assert kind is (TypeError if "IndexedSlices" in words else ValueError)
        assert words in message


def test_a_variable_has_no_elements_to_walk():
    with pytest.raises(TypeError, match="'Variable' object is not iterable"):
        iter(tf.Variable([1.0]))


@both_kinds
def test_a_variable_is_a_variable_of_either_kind(use_resource):
    v = tf.Variable(1.0, use_resource=use_resource)

    assert isinstance(v, tf.Variable)
    assert type(v).__name__ == ("ResourceVariable" if use_resource else "RefVariable")


@both_kinds
def test_arithmetic_of_a_variable_is_that_of_its_value(use_resource):
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]], use_resource=use_resource)
    a = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
    i = tf.Variable([6, 3], use_resource=use_resource)
    b = tf.Variable([True, False], use_resource=use_resource)
    results = {
        v + 1.0: a + 1,
        a + v: a + a,
        1.0 - v: 1 - a,
        v * v: a * a,
        v / 2.0: a / 2,
        2.0 / v: 2 / a,
        v // 2.0: a // 2,
        v % 2.0: a % 2,
        v**2.0: a**2,
        v @ v: a @ a,
        v < 2.0: a < 2,
        v >= 2.0: a >= 2,
        -v: -a,
        abs(v): abs(a),
        ~b: np.array([False, True]),
        b | True: np.array([True, True]),
        b & True: np.array([True, False]),
        b ^ True: np.array([False, True]),
        i[0]: 6,
    }
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for got, want in zip(session.run(list(results)), results.values(), strict=True):
            np.testing.assert_array_equal(got, want)


@both_kinds
@pytest.mark.paper("W-09")
def test_load_and_eval_act_in_the_default_session(use_resource):
    v = tf.Variable([1.0, 2.0], use_resource=use_resource)
    with pytest.raises(ValueError, match="default session should be established"):
        v.load([0.0, 0.0])
    with tf.Session():
        v.load([5.0, 6.0])

        assert v.eval().tolist() == [5, 6]


@both_kinds
def test_a_write_gives_the_changed_value(use_resource):
    v = tf.Variable([1.0, 2.0], use_resource=use_resource)
    grown = v.assign_add([1.0, 1.0])
    with tf.control_dependencies([grown]):
        later = tf.identity(v.read_value())
    with tf.Session() as session:
        session.run(v.initializer)

        assert session.run([grown, later])[1].tolist() == [2, 3]
        assert session.run(grown * 10.0).tolist() == [30, 40]


@both_kinds
def test_one_initial_value_may_depend_on_another_variable(use_resource):
    v = tf.Variable(tf.random_uniform([3]), use_resource=use_resource)
    w = tf.Variable(v * 2.0, use_resource=use_resource)
    x = tf.Variable(w.initialized_value() + v, use_resource=use_resource)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        first, twice, thrice = session.run([v, w, x])

    np.testing.assert_array_equal(twice, first * 2)
    np.testing.assert_array_equal(thrice, twice + first)


@both_kinds
@pytest.mark.paper("W-09")
def test_uninitialised_variables_are_reported_by_name(use_resource):
    v = tf.Variable(1.0, name="v", use_resource=use_resource)
    tf.Variable(1.0, name="w", use_resource=use_resource)
    report = tf.report_uninitialized_variables()
    with tf.Session() as session:
        assert session.run(report).tolist() == [b"v", b"w"]
        session.run(v.initializer)
        assert session.run(report).tolist() == [b"w"]
        session.run(tf.global_variables_initializer())
        assert session.run(report).tolist() == []


def test_nothing_is_reported_where_there_are_no_variables():
    with tf.Session() as session:
        assert session.run(tf.report_uninitialized_variables()).tolist() == []


@both_kinds
def test_a_variable_survives_its_proto(use_resource):
    v = tf.Variable([1.0, 2.0], name="v", use_resource=use_resource, trainable=False)
    proto = v.to_proto()
    again = tf.Variable.from_proto(proto)

    assert proto.is_resource is use_resource
    assert again.handle is v.handle
    assert again.initializer is v.initializer
    assert again.value().dtype == tf.float32
    assert again.shape.as_list() == [2]
    assert not again.trainable
    assert again.to_proto() == proto


@both_kinds
@pytest.mark.tensorflow
def test_a_proto_says_what_tensorflows_says(use_resource, tensorflow):
    with tensorflow.Graph().as_default():
        with tensorflow.variable_scope("s"):
            theirs = tensorflow.get_variable("v", [2], use_resource=use_resource)
        texts = [str(theirs.to_proto()), str(theirs.to_proto("s")), theirs.to_proto("other")]
    with tf.variable_scope("s"):
        ours = tf.get_variable("v", [2], use_resource=use_resource)

    assert [str(ours.to_proto()), str(ours.to_proto("s")), ours.to_proto("other")] == texts


@both_kinds
def test_resource_variables_can_be_the_default(use_resource):
    (tf.enable_resource_variables if use_resource else tf.disable_resource_variables)()
    try:
        v = tf.Variable(1.0)
        w = tf.get_variable("w", [])

        assert tf.resource_variables_enabled() is use_resource
        assert v.dtype.is_ref is w.dtype.is_ref is not use_resource
    finally:
        tf.disable_resource_variables()


def test_creators_see_every_variable_the_innermost_first():
    seen = []

    def creator(name):
        def make(next_creator, **arguments):
            seen.append((name, arguments["name"]))
            return next_creator(**{**arguments, "trainable": False})

        return make

    with tf.variable_creator_scope(creator("outer")), tf.variable_creator_scope(creator("inner")):
        v = tf.Variable(1.0, name="v")
        tf.get_variable("w", [])
    tf.Variable(1.0, name="x")

    assert seen == [("inner", "v"), ("outer", "v"), ("inner", "w"), ("outer", "w")]
    assert not v.trainable


def test_a_finished_write_of_a_resource_is_read_after_it():
    v = tf.Variable(1.0, use_resource=True)
    written = v.assign(5.0)
    rows = [written.value(), written.read_value(), tf.identity(written)]
    with tf.Session() as session:
        session.run(v.initializer)
        for row in rows:
            session.run(v.initializer)

            assert session.run(row) == 5


def test_a_batch_of_rows_is_replaced():
    start = np.zeros((2, 3, 2), np.float32)
    v = tf.Variable(start)
    indices = np.array([[0, 2], [1, 0]])
    updates = np.arange(8, dtype=np.float32).reshape(2, 2, 2)
    for b, i in np.ndindex(2, 2):
        start[b, indices[b, i]] = updates[b, i]
    with tf.Session() as session:
        session.run(v.initializer)

        assert session.run(tf.batch_scatter_update(v, indices, updates)).tolist() == start.tolist()


def test_a_counter_counts():
    v = tf.Variable(0)
    count = v.count_up_to(2)
    with tf.Session() as session:
        session.run(v.initializer)

        assert [session.run(count), session.run(count)] == [0, 1]
        with pytest.raises(tf.errors.OutOfRangeError):
            session.run(count)


def test_a_resource_variable_has_no_truth_and_keeps_its_rank():
    v = tf.get_variable("v", [2], use_resource=True)

    with pytest.raises(TypeError, match="as a Python `bool`"):
        bool(v)
    with pytest.raises(ValueError, match="rank"):
        v.set_shape([2, 2])
