"""Optimizers: where they go, what they build, what they refuse."""

from __future__ import annotations

import pytest
from train.optimizers import OPTIMIZERS

import minitf

optimizers = pytest.mark.parametrize("name", OPTIMIZERS)
both_kinds = pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])

# --- the life of an optimizer --------------------------------------------------------------------


@optimizers
def test_slots_go_with_their_variable(name):
    tf = minitf
    with tf.device("/job:ps/task:1"):
        w = tf.get_variable("w", [2])
    optimizer = OPTIMIZERS[name](tf)
    optimizer.minimize(w * 2.0)
    slots = [optimizer.get_slot(w, slot) for slot in optimizer.get_slot_names()]

    assert all(slot.device == w.device for slot in slots)
    assert all(not slot.trainable for slot in slots)
    assert optimizer.get_slot(w, "no such slot") is None
    assert tf.trainable_variables() == [w]


def test_one_optimizer_serves_several_graphs():
    tf = minitf
    optimizer = tf.train.AdamOptimizer(0.1)
    for _ in range(2):
        with tf.Graph().as_default(), tf.Session() as session:
            w = tf.Variable([1.0], name="w")
            train = optimizer.minimize(w * 2.0)
            session.run(tf.global_variables_initializer())
            session.run(train)

            assert [v.graph for v in optimizer.variables()] == [w.graph] * 4


def test_a_second_update_shares_the_slots():
    tf = minitf
    w = tf.Variable([1.0])
    optimizer = tf.train.MomentumOptimizer(0.1, 0.9)
    optimizer.minimize(w * 2.0)
    before = len(tf.global_variables())
    optimizer.minimize(w * 3.0)

    assert len(tf.global_variables()) == before


def test_the_global_step_counts_finished_updates():
    tf = minitf
    w = tf.Variable(1.0)
    step = tf.train.create_global_step()
    train = tf.train.GradientDescentOptimizer(0.5).minimize(w * w, global_step=step)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for i in range(3):
            assert tf.train.global_step(session, step) == i
            session.run(train)
    assert tf.get_collection(tf.GraphKeys.TRAIN_OP) == [train]


@pytest.mark.parametrize("gate", ["GATE_NONE", "GATE_OP", "GATE_GRAPH"])
def test_gates_change_no_number(gate):
    tf = minitf
    v, w = tf.Variable(2.0), tf.Variable(3.0)
    optimizer = tf.train.GradientDescentOptimizer(1.0)
    train = optimizer.minimize(v * w, gate_gradients=getattr(tf.train.Optimizer, gate))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)

        assert session.run([v, w]) == [-1, 1]


def test_gradients_may_be_changed_on_the_way():
    tf = minitf
    v, w = tf.Variable(2.0), tf.Variable(3.0)
    optimizer = tf.train.GradientDescentOptimizer(1.0)
    pairs = optimizer.compute_gradients(v * 5.0 + w, var_list=[v, w], grad_loss=tf.constant(2.0))
    train = optimizer.apply_gradients([(pairs[0][0] / 10.0, v), (None, w)])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)

        assert session.run([v, w]) == [1, 3]


@both_kinds
def test_a_constraint_holds_after_each_update(use_resource):
    tf = minitf
    w = tf.get_variable(
        "w",
        initializer=[1.0, 5.0],
        constraint=lambda v: tf.minimum(v, 4.0),
        use_resource=use_resource,
    )
    train = tf.train.GradientDescentOptimizer(1.0).minimize(-w)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)

        assert session.run(w).tolist() == [2, 4]


def test_a_rate_may_be_fed_or_a_function():
    tf = minitf
    w = tf.Variable(1.0)
    rate = tf.placeholder(tf.float32, [])
    fed = tf.train.GradientDescentOptimizer(rate).minimize(w * 2.0)
    called = tf.train.GradientDescentOptimizer(lambda: 0.25).minimize(w * 2.0)
    with tf.Session() as session:
        session.run(w.initializer)
        session.run(fed, {rate: 1.0})
        session.run(called)

        assert session.run(w) == -1.5


class Halving(minitf.train.Optimizer):
    """A user's optimizer: halves a variable, adds up the gradients of each row."""

    def __init__(self):
        super().__init__(use_locking=False, name="Halving")
        self.prepared = self.finished = 0

    def _create_slots(self, var_list):
        for v in var_list:
            self._get_or_make_slot(v, minitf.constant(7.0), "seven", self._name)
            self._get_or_make_slot_with_initializer(
                v, minitf.ones_initializer(), v.shape, v.dtype, "ones", "Ones"
            )

    def _prepare(self):
        self.prepared += 1

    def _apply_dense(self, grad, var):
        return var.assign(var / 2.0)

    def _resource_apply_dense(self, grad, handle):
        return handle.assign(handle / 2.0, read_value=False)

    def _apply_sparse(self, grad, var):
        return var.scatter_sub(grad)

    def _resource_apply_sparse(self, grad, handle, indices):
        return handle.scatter_sub(minitf.IndexedSlices(grad, indices))

    def _finish(self, update_ops, name_scope):
        self.finished += 1
        return super()._finish(update_ops, name_scope)


@both_kinds
def test_a_user_may_write_an_optimizer(use_resource):
    tf = minitf
    w = tf.Variable([4.0, 8.0], use_resource=use_resource)
    table = tf.Variable([[1.0], [2.0], [3.0]], use_resource=use_resource)
    optimizer = Halving()
    train = optimizer.minimize(tf.reduce_sum(w) + tf.reduce_sum(tf.gather(table, [2, 0, 2])))
    slots = [optimizer.get_slot(w, slot) for slot in optimizer.get_slot_names()]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)

        assert session.run(w).tolist() == [2, 4]
        assert session.run(table).tolist() == [[0], [2], [1]]
        assert [each.tolist() for each in session.run(slots)] == [[1, 1], 7]
    assert (optimizer.prepared, optimizer.finished) == (1, 1)


# --- refusals ------------------------------------------------------------------------------------


def test_each_variable_is_told_why_it_has_no_gradient():
    tf = minitf
    aside = tf.Variable(1.0, name="aside")
    floored = tf.Variable(1.0, name="floored")
    stopped = tf.Variable(1.0, name="stopped")
    counted = tf.Variable(1.0, name="counted")
    whole = tf.cast(counted, tf.int32)  # the cast
    loss = tf.floor(floored) + tf.stop_gradient(stopped) + tf.cast(whole, tf.float32)
    with pytest.raises(ValueError, match="No gradients provided for any variable") as refused:
        tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    reasons = dict(
        line.strip().split(": ", 1) for line in str(refused.value).split("\n") if ": " in line
    )

    assert aside.op.name in reasons
    assert reasons["aside"].startswith("no path leads from it to the loss")
    assert reasons["floored"].startswith("path broken at op 'Floor' (Floor), which has no gradient")
    assert reasons["stopped"].startswith("path broken at op 'StopGradient' (StopGradient)")
    assert "whose output is int32" in reasons["counted"] or "Cast" in reasons["counted"]
    assert "# the cast" in reasons["counted"]
    assert all(f"{__file__}:" in reasons[name] for name in ("floored", "stopped", "counted"))


def test_a_path_through_indices_is_told_so():
    tf = minitf
    picked = tf.Variable([1.0, 2.0], name="picked", trainable=False)
    loss = tf.gather(picked, tf.Variable(1))
    index = tf.trainable_variables()
    with pytest.raises(ValueError, match=r"through an input that has no gradient|not real"):
        tf.train.GradientDescentOptimizer(0.1).minimize(loss, var_list=index)


REFUSED = {
    "No variables to optimize": lambda tf, o: o.minimize(tf.constant(1.0)),
    "No variables provided": lambda tf, o: o.apply_gradients([]),
    "gate_gradients must be one of": lambda tf, o: o.compute_gradients(
        tf.Variable(1.0) * 2.0, gate_gradients="GATE_OP"
    ),
    "No gradients provided for any variable: [": lambda tf, o: o.apply_gradients(
        [(None, tf.Variable(1.0))]
    ),
    "Invalid type tf.int32 for": lambda tf, o: o.minimize(tf.Variable(1) * 2),
    "Must specify the optimizer name": lambda tf, o: tf.train.GradientDescentOptimizer(
        1.0, name=""
    ),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("words", REFUSED)
def test_optimizers_refuse_what_tensorflow_refuses_with_its_words(words, tensorflow):
    for tf in (minitf, tensorflow):
        with tf.Graph().as_default(), pytest.raises(ValueError) as refused:  # noqa: PT011 below
            REFUSED[words](tf, tf.train.GradientDescentOptimizer(0.1))

        assert words in str(refused.value)


def test_a_tensor_has_gradients_but_no_update():
    tf = minitf
    x = tf.constant(3.0)
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    pairs = optimizer.compute_gradients(x * x, var_list=[x])
    with pytest.raises(NotImplementedError, match="Trying to update a Tensor"):
        optimizer.apply_gradients(pairs)


def test_what_is_no_variable_is_not_optimized():
    tf = minitf
    with pytest.raises(NotImplementedError, match="Trying to optimize unsupported type"):
        tf.train.GradientDescentOptimizer(0.1).minimize(tf.constant(1.0), var_list=["w"])


@both_kinds
def test_a_function_may_give_the_loss(use_resource):
    tf = minitf
    v = tf.Variable(3.0, use_resource=use_resource)
    aside = tf.Variable(5.0, use_resource=use_resource)
    optimizer = tf.train.GradientDescentOptimizer(0.25)
    train = optimizer.minimize(lambda: v * v)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)

        assert session.run(v) == 1.5
    assert [each for _, each in optimizer.compute_gradients(lambda: v * v)] == [v]
    assert [each for _, each in optimizer.compute_gradients(lambda: v * v, [aside, v])] == [
        aside,
        v,
    ]


@pytest.mark.parametrize("form", [lambda v: v, lambda v: [v], lambda v: (v,), lambda v: {"v": v}])
def test_variables_come_in_any_form(form):
    tf = minitf
    v = tf.Variable(3.0)
    tf.Variable(1.0)
    pairs = tf.train.GradientDescentOptimizer(1.0).compute_gradients(v * v, var_list=form(v))

    assert [each for _, each in pairs] == [v]


@both_kinds
def test_a_sparse_update_has_no_constraint(use_resource):
    tf = minitf
    w = tf.Variable([[1.0]], constraint=lambda v: v, use_resource=use_resource)
    with pytest.raises(RuntimeError, match="constraint function on a sparse variable"):
        tf.train.GradientDescentOptimizer(0.1).minimize(tf.gather(w, [0]))


def test_a_gradient_must_be_convertible():
    tf = minitf
    with pytest.raises(TypeError, match="Gradient must be convertible to a Tensor"):
        tf.train.GradientDescentOptimizer(0.1).apply_gradients([(object(), tf.Variable(1.0))])


# --- the global step -----------------------------------------------------------------------------


def test_there_is_one_global_step():
    tf = minitf

    assert tf.train.get_global_step() is None
    step = tf.train.get_or_create_global_step()
    assert tf.train.get_or_create_global_step() is step
    assert tf.train.get_global_step(tf.get_default_graph()) is step
    assert (step.name, step.dtype.base_dtype, step.trainable) == ("global_step:0", tf.int64, False)
    with pytest.raises(ValueError, match='"global_step" already exists'):
        tf.train.create_global_step()


def test_a_tensor_called_global_step_is_taken_for_it():
    tf = minitf
    tf.Variable(0, name="global_step")

    assert tf.train.get_global_step().name == "global_step:0"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (lambda tf: 3, "must be a Variable or Tensor"),
        (lambda tf: tf.Variable(1.0), "does not have integer type"),
        (lambda tf: tf.Variable([1]), "is not scalar"),
    ],
)
def test_a_global_step_is_a_whole_number(step, words):
    with pytest.raises(TypeError, match=words):
        minitf.train.assert_global_step(step(minitf))
