"""Checkpoints of objects have TensorFlow's keys, and are read by it and from it."""

from __future__ import annotations

import numpy as np
import pytest

import minitf

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore"),  # of TensorFlow and of the packages that it loads
]


def functional(t):
    layers, x = t.keras.layers, t.keras.layers.Input((4,))
    hidden = layers.BatchNormalization()(layers.Dense(3)(x))
    model = t.keras.Model(x, layers.Dense(2, use_bias=False)(hidden))
    optimizer = t.train.AdamOptimizer(0.1)
    optimizer.minimize(t.reduce_sum(model(t.ones([2, 4]))))
    return {"model": model, "optimizer": optimizer}


def subclassed(t):
    layers = t.keras.layers

    class Mine(t.keras.Model):
        def __init__(self):
            super().__init__()
            self.first = layers.Dense(3)
            self.blocks = [layers.Dense(2), layers.Dense(1)]
            self.named = {"a": layers.Dense(1), "b/c": layers.Dense(1)}
            self._hidden = layers.Dense(2)

        def call(self, x):
            x = self.first(x)
            for block in self.blocks:
                x = block(x)
            return self._hidden(x) + self.named["a"](x) + self.named["b/c"](x)

    model, optimizer = Mine(), t.keras.optimizers.Adam(0.1)
    loss = t.reduce_sum(model(t.ones([2, 4])))
    weights = model.trainable_weights
    optimizer.apply_gradients(zip(t.gradients(loss, weights), weights, strict=True))
    return {"model": model, "optimizer": optimizer}


def cells(t):
    stack = t.nn.rnn_cell.MultiRNNCell([t.nn.rnn_cell.LSTMCell(3), t.nn.rnn_cell.GRUCell(2)])
    dropped = t.nn.rnn_cell.DropoutWrapper(t.nn.rnn_cell.BasicLSTMCell(3), 0.5)
    for name, cell in (("a", stack), ("b", dropped)):
        with t.variable_scope(name):
            t.nn.dynamic_rnn(cell, t.ones([2, 3, 4]), dtype=t.float32)
    return {"stack": stack, "dropped": dropped}


def recurrent(t):
    layers, x = t.keras.layers, t.ones([2, 3, 4])
    made = {
        "lstm": layers.LSTM(3),
        "both": layers.Bidirectional(layers.GRU(2)),
        "each": layers.TimeDistributed(layers.Dense(2)),
        "stack": layers.RNN([layers.LSTMCell(2), layers.SimpleRNNCell(3)]),
        "prelu": layers.PReLU(),
    }
    for layer in made.values():
        layer(x)
    return made


def metrics(t):
    of = t.keras.metrics
    made = {"mean": of.Mean(), "area": of.AUC(num_thresholds=3), "exact": of.Precision()}
    made["mean"](1.0)
    made["area"]([0.0, 1.0], [0.0, 1.0])
    made["exact"]([0.0, 1.0], [0.0, 1.0])
    return made


def optimizers(t):
    w = t.Variable([1.0, 2.0], name="w")
    r = t.Variable([1.0, 2.0], use_resource=True, name="r")
    held = {"w": w, "r": r}
    loss, of_keras = t.reduce_sum(w * r), t.keras.optimizers
    for name, made, variables in (
        ("ada", t.train.AdagradOptimizer(0.1), [w, r]),
        ("ftrl", t.train.FtrlOptimizer(0.1), [w, r]),
        ("rms", t.train.RMSPropOptimizer(0.1, centered=True), [w, r]),
        ("momentum", t.train.MomentumOptimizer(0.1, 0.1), [w, r]),
        ("nadam", of_keras.Nadam(), [r]),
        ("amsgrad", of_keras.Adam(amsgrad=True), [r]),
        ("sgd", of_keras.SGD(0.1, momentum=0.9), [r]),
        ("delta", of_keras.Adadelta(), [r]),
    ):
        made.apply_gradients(zip(t.gradients(loss, variables), variables, strict=True))
        held[name] = made
    return held


def layers_and_templates(t):
    dense, norm = t.layers.Dense(3), t.layers.BatchNormalization()
    norm(dense(t.ones([2, 4])))
    template = t.make_template("t", lambda: t.get_variable("deep/v", [3]))
    template()
    return {"dense": dense, "norm": norm, "template": template}


PROGRAMS = [
    *(functional, subclassed, cells, metrics, optimizers, layers_and_templates),
    pytest.param(recurrent, marks=pytest.mark.long),
]


def variables_of(objects):
    found = {}
    for each in objects.values():
        own = getattr(each, "variables", each)
        for variable in (
            own() if callable(own) else own if isinstance(own, (list, tuple)) else [own]
        ):
            found[id(variable)] = variable
    return list(found.values())


def in_session(t, build, act):
    with t.Graph().as_default(), t.Session() as session:
        t.keras.backend.set_session(session)
        objects = build(t)
        session.run(t.global_variables_initializer())
        session.run([each.initializer for each in variables_of(objects)])
        return act(t.train.Checkpoint(**objects), session, variables_of(objects))


@pytest.mark.parametrize("build", PROGRAMS, ids=lambda build: build.__name__)
def test_keys_are_tensorflows_and_each_reads_the_other(build, tmp_path, tensorflow):
    def saved(checkpoint, session, variables):
        rng = np.random.default_rng(1)
        for each in variables:
            value = rng.uniform(1, 2, each.shape.as_list()).astype(each.dtype.base_dtype.name)
            each.load(value, session)
        return checkpoint.write(str(tmp_path / type(session).__module__ / "c"), session)

    def copied(checkpoint, session, variables):
        # lists without variables are objects too, but not the same ones in all versions of Keras
        status = checkpoint.restore(path).assert_nontrivial_match().expect_partial()
        session.run(checkpoint.save_counter.initializer)  # which the checkpoint has not
        status.run_restore_ops(session)
        return checkpoint.write(f"{path}-copy", session)

    keys = []
    for writer, reader in ((minitf, tensorflow), (tensorflow, minitf)):
        path = in_session(writer, build, saved)
        held = held_by(path)
        keys.append(held.keys())
        found = held_by(in_session(reader, build, copied))
        for key, want in held.items():
            np.testing.assert_array_equal(found[key], want)

    assert keys[0] == keys[1]


def held_by(path):
    """Return the values of a checkpoint by their keys, in order."""
    names = [name for name, _ in minitf.train.list_variables(path) if "/" in name]
    return {name: minitf.train.load_variable(path, name) for name in names}


def test_weights_of_models_cross(tmp_path, tensorflow):
    x, y = np.ones((2, 4), np.float32), np.ones((2, 2), np.float32)

    def made(t):
        layers = t.keras.layers
        model = t.keras.Sequential([layers.Dense(3, input_shape=(4,)), layers.Dense(2)])
        model.compile(t.train.MomentumOptimizer(0.1, 0.9), "mse")
        return model

    for writer, reader in ((minitf, tensorflow), (tensorflow, minitf)):
        path = str(tmp_path / writer.__name__ / "w")
        for t in (writer, reader):
            with t.Graph().as_default(), t.Session() as session:
                t.keras.backend.set_session(session)
                model = made(t)
                if t is writer:
                    model.fit(x, y, verbose=0)
                    model.save_weights(path)
                    want = model.predict(x)
                else:
                    model.load_weights(path)
                    np.testing.assert_allclose(model.predict(x), want, rtol=1e-6)


def test_savers_cross_with_objects(tmp_path, tensorflow):
    for writer, reader in ((minitf, tensorflow), (tensorflow, minitf)):
        path = str(tmp_path / writer.__name__ / "c")
        with writer.Graph().as_default(), writer.Session() as session:
            v = writer.Variable([1.0, 2.0], name="v")
            session.run(v.initializer)
            path = writer.train.Checkpoint(anything=v).save(path, session)
        with reader.Graph().as_default(), reader.Session() as session:
            v = reader.Variable([0.0, 0.0], name="v")
            reader.train.Saver([v]).restore(session, path)
            assert session.run(v).tolist() == [1.0, 2.0]
