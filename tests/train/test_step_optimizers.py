"""Optimizers that are one op: their arguments, slots and refusals."""

from __future__ import annotations

import numpy as np
import pytest

import minitf

SLOTS = {
    "descent": {},
    "momentum": {"momentum": "w/Momentum"},
    "adam": {"m": "w/Adam", "v": "w/Adam_1"},
    "adagrad": {"accumulator": "w/Adagrad"},
    "adagrad_da": {
        "gradient_accumulator": "w/AdagradDA",
        "gradient_squared_accumulator": "w/AdagradDA_1",
    },
    "adadelta": {"accum": "w/Adadelta", "accum_update": "w/Adadelta_1"},
    "rms_prop": {"rms": "w/RMSProp", "momentum": "w/RMSProp_1"},
    "centered": {"rms": "w/RMSProp", "mg": "w/RMSProp_1", "momentum": "w/RMSProp_2"},
    "ftrl": {"accum": "w/Ftrl", "linear": "w/Ftrl_1"},
    "ftrl_shrinkage": {"accum": "w/Squares", "linear": "w/Losses"},
    "proximal": {},
    "proximal_adagrad": {"accumulator": "w/ProximalAdagrad"},
}


@pytest.mark.paper("O-19")
@pytest.mark.parametrize("name", SLOTS)
def test_slots_have_tensorflows_names(name):
    from train.optimizers import OPTIMIZERS

    tf = minitf
    w = tf.Variable([1.0, 2.0], name="w")
    optimizer = OPTIMIZERS[name](tf)
    optimizer.minimize(tf.reduce_sum(w * w), global_step=tf.train.get_or_create_global_step())

    names = {slot: optimizer.get_slot(w, slot).op.name for slot in optimizer.get_slot_names()}
    assert names == SLOTS[name]
    own = {"beta1_power", "beta2_power"} if name == "adam" else set()
    assert {v.op.name for v in optimizer.variables()} == {*names.values()} | own


@pytest.mark.parametrize(
    "make",
    [
        lambda train, n: train.AdadeltaOptimizer(n(0.5), n(0.9), n(1e-3)),
        lambda train, n: train.RMSPropOptimizer(n(0.5), n(0.9), n(0.1), n(1e-3)),
        lambda train, n: train.MomentumOptimizer(n(0.5), n(0.9)),
        lambda train, n: train.AdamOptimizer(n(0.5), 0.9, 0.99, n(1e-3)),
    ],
)
def test_an_argument_may_be_a_number_a_tensor_or_a_function(make):
    tf = minitf
    found = []
    for kind in (lambda x: x, tf.constant, lambda x: lambda: x):
        w = tf.Variable([1.0, -2.0])
        step = make(tf.train, kind).minimize(tf.reduce_sum(w * w))
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            session.run(step)
            found.append(session.run(w).tolist())

    assert found[0] == found[1] == found[2] != [1, -2]


@pytest.mark.parametrize("name", ["AdagradOptimizer", "RMSPropOptimizer", "MomentumOptimizer"])
def test_a_variable_of_open_shape_gets_its_slots(name):
    tf = minitf
    w = tf.Variable(tf.placeholder_with_default([1.0, 2.0], [None]), validate_shape=False)
    rest = (0.5,) if name == "MomentumOptimizer" else ()
    train = getattr(tf.train, name)(0.25, *rest).minimize(tf.reduce_sum(w * w))
    with tf.Session() as session:
        session.run(w.initializer)
        session.run(tf.variables_initializer(tf.global_variables()))
        session.run(train)

        assert (session.run(w) < [1.0, 2.0]).all()


def test_dual_averaging_makes_weights_exactly_zero():
    tf = minitf
    w = tf.Variable([1.0, -3.0])
    step = tf.train.create_global_step()
    optimizer = tf.train.AdagradDAOptimizer(0.5, step, l1_regularization_strength=2.0)
    train = optimizer.apply_gradients([(tf.constant([1.0, -3.0]), w)], global_step=step)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)

        assert session.run(w).tolist() == [0, np.float32(0.5 / np.sqrt(9.1, dtype=np.float32))]
        assert session.run(step) == 1


ABOVE_ZERO = {
    "initial_accumulator_value must be positive: 0": [
        lambda train: train.AdagradOptimizer(0.1, initial_accumulator_value=0),
        lambda train: train.ProximalAdagradOptimizer(0.1, initial_accumulator_value=0),
    ],
    "initial_gradient_squared_accumulator_value must be positive: 0": [
        lambda train: train.AdagradDAOptimizer(0.1, 0, 0)
    ],
    "initial_accumulator_value -1.000000 needs to be positive or zero": [
        lambda train: train.FtrlOptimizer(0.1, initial_accumulator_value=-1.0)
    ],
    "learning_rate_power 0.500000 needs to be negative or zero": [
        lambda train: train.FtrlOptimizer(0.1, learning_rate_power=0.5)
    ],
    "l1_regularization_strength -1.000000 needs to be positive or zero": [
        lambda train: train.FtrlOptimizer(0.1, l1_regularization_strength=-1.0)
    ],
    "l2_regularization_strength -1.000000 needs to be positive or zero": [
        lambda train: train.FtrlOptimizer(0.1, l2_regularization_strength=-1.0)
    ],
    "l2_shrinkage_regularization_strength -1.000000 needs to be positive or zero": [
        lambda train: train.FtrlOptimizer(0.1, l2_shrinkage_regularization_strength=-1.0)
    ],
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("words", ABOVE_ZERO)
def test_numbers_out_of_bounds_are_refused_in_tensorflows_words(words, tensorflow):
    for make in ABOVE_ZERO[words]:
        for tf in (minitf, tensorflow):
            with pytest.raises(ValueError) as refused:  # noqa: PT011 below
                make(tf.train)

            assert words in str(refused.value)


def test_an_optimizer_is_laid_out_on_the_base_class_itself():
    kinds = {name for name in dir(minitf.train) if name.endswith("Optimizer")} - {"Optimizer"}

    assert len(kinds) > 9
    assert {getattr(minitf.train, kind).__base__ for kind in kinds} == {minitf.train.Optimizer}


def test_subclasses_of_programs_read_and_change_the_scalars():
    adam = minitf.train.AdamOptimizer(0.5, name="A")
    momentum = minitf.train.MomentumOptimizer(0.5, 0.9, use_nesterov=True)
    momentum._learning_rate = 2.0
    w = minitf.Variable(1.0)
    for each in (adam, momentum):
        each.minimize(w * w)

    assert (adam._lr, adam._beta1, adam._epsilon_t.op.name) == (0.5, 0.9, "A/epsilon")
    assert momentum._use_nesterov
    assert minitf.get_static_value(momentum._learning_rate_tensor) == 2.0
