"""get_variable and variable_scope: names, sharing, defaults, refusals, as in TensorFlow."""

from __future__ import annotations

import sys
import threading
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from variables.scenarios import outcome

import minitf as tf

# --- one program, two libraries ------------------------------------------------------------------


def zeros(shape, dtype=None, partition_info=None):
    """Make an initial value without random nodes."""
    return [0.0] * shape[0] if shape else 0.0


def nested_names(lib):
    names = []
    with lib.variable_scope("a") as a, lib.name_scope("n"):
        names.append(lib.get_variable("v", [2], initializer=zeros).name)
        with lib.variable_scope("b"):
            v = lib.get_variable("v", [2], initializer=zeros)
            names += [v.name, (v + 1.0).name, lib.get_variable_scope().name]
    with lib.variable_scope(a):
        names.append(lib.get_variable("w", [2], initializer=zeros).name)
        names += [lib.no_op("x").name, lib.get_variable_scope().original_name_scope]
    return names


def default_names(lib):
    names = []
    for _ in range(3):
        with lib.variable_scope(None, "layer") as scope:
            names += [scope.name, lib.get_variable("v", [], initializer=zeros).name]
            with lib.variable_scope(None, "layer") as inner:
                names.append(inner.name)
    with lib.variable_scope("layer_1"), lib.variable_scope(None, "layer") as scope:
        names.append(scope.name)
    return names


def without_a_name_scope(lib):
    with lib.name_scope("n"), lib.variable_scope("a", auxiliary_name_scope=False):
        return lib.get_variable("v", [], initializer=zeros).name, lib.no_op("x").name


def entered_again(lib):
    scope = lib.variable_scope("a")
    names = []
    for i in range(2):
        with scope as inner:
            names += [lib.get_variable(f"v{i}", [], initializer=zeros).name, lib.no_op("x").name]
            names.append(inner.name)
    return names


def shared(lib):
    with lib.variable_scope("a"):
        v = lib.get_variable("v", [2], initializer=zeros)
    found = []
    with lib.variable_scope("a", reuse=True):
        found.append(lib.get_variable("v") is v)
        with lib.variable_scope("b", reuse=False):
            found.append(lib.get_variable_scope().reuse)
    with lib.variable_scope("a") as scope:
        scope.reuse_variables()
        found.append(lib.get_variable("v", [2]) is v)
    for _ in range(2):
        with lib.variable_scope("c", reuse=lib.AUTO_REUSE):
            found.append(lib.get_variable("v", [2], initializer=zeros).name)
    return found


def defaults(lib):
    with lib.variable_scope(
        "a",
        initializer=lib.constant_initializer(3.0),
        dtype=lib.float64,
        use_resource=True,
        caching_device="/cpu:1",
    ) as scope:
        v = lib.get_variable("v", [2])
        with lib.variable_scope("b", use_resource=False):
            w = lib.get_variable("w", [2], dtype=lib.float32)
        scope.set_use_resource(False)
        scope.set_initializer(zeros)
        scope.set_dtype(lib.float32)
        scope.set_caching_device(None)
        x = lib.get_variable("x", [2])
    return [(each.name, each.dtype.name) for each in (v, w, x)]


def collections_of_a_scope(lib):
    with lib.variable_scope("a") as scope:
        lib.get_variable("v", [], initializer=zeros)
        lib.get_variable("w", [], initializer=zeros, trainable=False)
        lib.get_local_variable("x", [], initializer=zeros)
    lib.get_variable("ab", [], initializer=zeros)
    lists = scope.global_variables(), scope.trainable_variables(), scope.local_variables()
    found = lib.global_variables("a/"), lib.trainable_variables(), lib.local_variables()
    return [[v.name for v in each] for each in (*lists, *found)]


def custom_getters(lib):
    calls = []

    def getter(label):
        def get(getter, name, *args, **kwargs):
            calls.append((label, name, kwargs["trainable"]))
            return getter(f"{name}_{label}", *args, **kwargs)

        return get

    with lib.variable_scope("a", custom_getter=getter("outer")):
        with lib.variable_scope("b", custom_getter=getter("inner")):
            v = lib.get_variable("v", [], initializer=zeros)
        w = lib.get_variable("w", [], initializer=zeros, custom_getter=getter("own"))
    return calls, v.name, w.name


def from_values(lib):
    v = lib.get_variable("v", initializer=[1.0, 2.0])
    w = lib.get_variable("w", initializer=lambda: lib.fill([3], 4))
    x = lib.get_variable("x", initializer=lib.constant(5, lib.int64))
    y = lib.get_variable("y", [2], initializer=lib.zeros_initializer)
    z = lib.get_variable("z", [2], lib.int32)
    return [(each.name, each.shape.as_list(), each.dtype.name) for each in (v, w, x, y, z)]


def in_a_template(lib):
    def layer(x, scale):
        return x * scale * lib.get_variable("v", [], initializer=zeros)

    template = lib.make_template("t", layer, scale=2.0)
    early = lib.make_template("u", layer, create_scope_now_=True, scale=2.0)
    y = [template(1.0), template(2.0), early(3.0), early(4.0)]
    other = lib.make_template("t", layer, scale=1.0)(1.0)
    names = [v.name for v in lib.global_variables()]
    return [each.name for each in y], other.name, names, template.variable_scope.name


def in_old_order(lib):
    with lib.variable_op_scope([lib.constant(1.0)], "a", "b") as scope:
        return scope.name, lib.get_variable("v", [], initializer=zeros).name


SCENARIOS = [
    *(nested_names, default_names, without_a_name_scope, entered_again, shared, defaults),
    *(collections_of_a_scope, custom_getters, from_values, in_a_template, in_old_order),
]


@pytest.mark.tensorflow
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda f: f.__name__)
def test_scopes_build_what_tensorflow_builds(scenario, tensorflow):
    assert outcome(tf, scenario) == outcome(tensorflow, scenario)


def twice(lib):
    lib.get_variable("v", [2])
    lib.get_variable("v", [2])


def missing(lib):
    with lib.variable_scope("a", reuse=True):
        lib.get_variable("v", [2])


def of_another_shape(lib):
    lib.get_variable("v", [2])
    with lib.variable_scope(lib.get_variable_scope(), reuse=True):
        lib.get_variable("v", [3])


def of_another_type(lib):
    lib.get_variable("v", [2])
    with lib.variable_scope(lib.get_variable_scope(), reuse=True):
        lib.get_variable("v", [2], lib.int32)


def with_value_and_shape(lib):
    lib.get_variable("v", [2], initializer=[1.0, 2.0])


def with_value_of_another_type(lib):
    lib.get_variable("v", dtype=lib.int32, initializer=[1.0, 2.0])


def of_strange_type(lib):
    lib.get_variable("v", [2], lib.complex64)


def with_a_getter_that_is_none(lib):
    lib.get_variable("v", [2], custom_getter=3)


def with_a_partitioner_that_is_none(lib):
    lib.get_variable("v", [2], partitioner=3)


def scope_without_a_name(lib):
    lib.variable_scope(None)


def scope_of_another_kind(lib):
    with lib.variable_scope(3):
        pass


def scope_reused_without_a_name(lib):
    with lib.variable_scope(None, "a", reuse=True):
        pass


def scope_with_strange_reuse(lib):
    lib.variable_scope("a", reuse="yes")


def left_in_the_wrong_order(lib):
    outer, inner = lib.variable_scope("a"), lib.variable_scope("b")
    outer.__enter__()
    inner.__enter__()
    try:
        outer.__exit__(None, None, None)
    finally:
        inner.__exit__(None, None, None)


def template_with_a_variable_of_its_own(lib):
    template = lib.make_template("t", lambda: lib.Variable(1.0))
    template()
    template()


def template_without_a_name(lib):
    lib.make_template(None, lambda: None)


REFUSED = [
    *(twice, missing, of_another_shape, of_another_type, with_value_and_shape),
    *(with_value_of_another_type, of_strange_type, with_a_getter_that_is_none),
    *(with_a_partitioner_that_is_none, scope_without_a_name, scope_of_another_kind),
    *(scope_reused_without_a_name, scope_with_strange_reuse, left_in_the_wrong_order),
    *(template_without_a_name,),
]


@pytest.mark.tensorflow
@pytest.mark.parametrize("scenario", REFUSED, ids=lambda f: f.__name__)
def test_scopes_refuse_what_tensorflow_refuses_with_its_words(scenario, tensorflow):
    (kind, message), (their_kind, their_message) = (
        outcome(lib, scenario) for lib in (tf, tensorflow)
    )

    assert kind is their_kind
    assert message[:60] == their_message[:60]


def test_a_template_makes_no_trainable_variable_twice():
    with pytest.raises(ValueError, match=r"perhaps you used tf\.Variable when you meant"):
        template_with_a_variable_of_its_own(tf)


# --- random programs -----------------------------------------------------------------------------

NAMES = st.sampled_from(["a", "b", "c"])
PROGRAMS = st.recursive(
    st.lists(st.tuples(st.just("variable"), NAMES), max_size=2),
    lambda inner: st.lists(
        st.one_of(
            st.tuples(st.just("variable"), NAMES),
            st.tuples(st.just("name_scope"), NAMES, inner),
            st.tuples(st.just("scope"), NAMES, st.sampled_from([None, True, "auto"]), inner),
            st.tuples(st.just("default"), NAMES, inner),
            st.tuples(st.just("again"), inner),
        ),
        max_size=3,
    ),
    max_leaves=8,
)


def run_program(lib, program, log, entered=None):
    """Interpret a program of scopes and variables; log what each step gives or how it fails."""
    for kind, *arguments in program:
        if kind == "variable":
            try:
                log.append(lib.get_variable(arguments[0], [], initializer=zeros).name)
            except ValueError as error:
                log.append(str(error)[:60])
            continue
        with opened(lib, kind, arguments, entered) as inner:
            log.append(getattr(inner, "name", inner))
            run_program(lib, arguments[-1], log, entered if kind == "name_scope" else inner)


def opened(lib, kind, arguments, entered):
    """Return the scope that a step of a program opens."""
    if kind == "name_scope":
        return lib.name_scope(arguments[0])
    if kind == "default":
        return lib.variable_scope(None, arguments[0])
    if kind == "again":
        return lib.variable_scope(entered or "first")
    reuse = lib.AUTO_REUSE if arguments[1] == "auto" else arguments[1]
    return lib.variable_scope(arguments[0], reuse=reuse)


@pytest.mark.tensorflow
@pytest.mark.thorough
@given(program=PROGRAMS)
def test_random_programs_of_scopes_go_as_in_tensorflow(program, tensorflow):
    logs = []
    for lib in (tf, tensorflow):
        logs.append([])
        with lib.Graph().as_default():
            run_program(lib, program, logs[-1])

    assert logs[0] == logs[1]


def test_a_variable_without_a_shape_is_refused():
    with pytest.raises(ValueError, match=r"(?s)initializer passed is not valid.*instead was <unkn"):
        tf.get_variable("v")


# --- what is ours --------------------------------------------------------------------------------


def _message():
    with pytest.raises(ValueError, match="already exists, disallowed") as refused:
        tf.get_variable("v", [2])
    return str(refused.value)


def test_a_second_definition_names_the_first_and_the_repair():
    tf.get_variable("v", [2])  # the first definition
    message = _message()

    assert 'tf.get_variable("v", [2])  # the first definition' in message
    assert f"{__file__}:" in message
    assert "hint: to share it, enter the scope with reuse=True" in message


def test_a_line_that_runs_twice_is_told_to_reuse():
    def line():
        return tf.get_variable("v", [2])

    line()
    with pytest.raises(ValueError, match=r"the same line made it: to share it, .*AUTO_REUSE"):
        line()


def test_a_cell_that_runs_twice_is_told_to_reset_the_graph(monkeypatch):
    shell = SimpleNamespace(get_ipython=object)
    monkeypatch.setitem(sys.modules, "IPython", shell)
    cell = compile("tf.get_variable('v', [2])", "<cell>", "exec")
    exec(cell, {"tf": tf})
    with pytest.raises(ValueError, match=r"hint: this cell ran before: call tf\.reset_default_gra"):
        exec(cell, {"tf": tf})


def test_a_missing_variable_is_searched_for_by_similar_names():
    with tf.variable_scope("layer1"):
        tf.get_variable("weights", [2])
    with tf.variable_scope("", reuse=True), pytest.raises(ValueError, match="layer1/weights"):
        tf.get_variable("layer1/weight", [2])


def test_the_scope_of_one_thread_is_not_seen_by_another():
    seen = []
    graph = tf.get_default_graph()

    def look():
        with graph.as_default():
            seen.append(tf.get_variable_scope().name)

    with tf.variable_scope("mine"):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

        assert tf.get_variable_scope().name == "mine"
    assert seen == [""]


def test_an_error_inside_a_scope_leaves_it():
    with pytest.raises(KeyError), tf.variable_scope("a"):
        raise KeyError

    assert tf.get_variable_scope().name == ""
    assert tf.get_default_graph().get_name_scope() == ""


def test_a_regularizer_gives_a_loss_in_the_variables_own_scope():
    def cost(v):
        return tf.reduce_sum(v, name="cost")

    with tf.variable_scope("a", regularizer=cost), tf.name_scope("n"):
        tf.get_variable("v", [2])
        with tf.variable_scope("b", regularizer=tf.no_regularizer):
            tf.get_variable("w", [2])
        tf.get_variable("x", [2], regularizer=lambda v: None)

    losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    assert [loss.name for loss in losses] == ["a/v/Regularizer/cost:0"]
    assert losses[0].op.colocation_groups() == [b"loc:@a/v"]


def test_a_constraint_is_kept_for_the_optimizer():
    def constraint(value):
        return value

    with tf.variable_scope("a", constraint=constraint):
        v = tf.get_variable("v", [2])

    assert v.constraint is constraint


def test_a_number_is_no_mode_of_reuse():
    with (
        pytest.raises(ValueError, match="must be True or False or None"),
        tf.variable_scope("a", reuse=1),
    ):
        pass


def test_a_template_knows_its_scope_by_the_old_name_too():
    t = tf.make_template("t", lambda: tf.get_variable("v", [1]))
    t()

    assert t.var_scope is t.variable_scope


def test_a_template_lists_its_variables_by_all_their_names():
    def body():
        tf.get_variable("v", [])
        return tf.get_variable("w", [], trainable=False)

    with tf.Graph().as_default():
        made = tf.make_template("t", body)
        made()

        assert [v.op.name for v in made.trainable_weights] == ["t/v"]
        assert [v.op.name for v in made.non_trainable_weights] == ["t/w"]
        assert made.non_trainable_variables == made.non_trainable_weights
        assert made.weights == made.variables
