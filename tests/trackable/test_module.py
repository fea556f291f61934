"""`tf.Module`: names, scopes, and what is found in attributes and in which order."""

from __future__ import annotations

import pytest

import minitf

tf = minitf


class Dense(tf.Module):
    def __init__(self, n, m, name=None):
        super().__init__(name=name)
        with self.name_scope:
            self.w = tf.Variable(tf.ones([n, m]), name="w")
            self.b = tf.Variable(tf.zeros([m]), name="b", trainable=False)

    @tf.Module.with_name_scope
    def __call__(self, x):
        return tf.add(tf.matmul(x, self.w), self.b, name="out")


class Stack(tf.Module):
    def __init__(self):
        super().__init__(name="stack")
        with self.name_scope:
            self.second = Dense(2, 2)
            self.first = [Dense(3, 2), {"inner": Dense(2, 2, name="named")}]
            self.again = self.second
            self.nothing, self.number = None, 5


def test_the_name_is_that_of_the_class_and_prefixes_variables():
    layer, other = Dense(2, 3), Dense(2, 3)

    assert (layer.name, other.name) == ("dense", "dense")
    assert layer.w.name == "dense/w:0"
    assert other.w.name == "dense_1/w:0"
    assert layer(tf.ones([1, 2])).name == "dense/out:0"
    with layer.name_scope as scope:
        assert scope == "dense/"


@pytest.mark.parametrize("name", ["my/module", "1x", "a b", ""])
def test_a_name_must_be_an_identifier(name):
    with pytest.raises(ValueError, match="is not a valid module name"):
        tf.Module(name=name)


def test_class_names_become_snakes():
    class HTTPServer2Go(tf.Module):
        pass

    assert HTTPServer2Go().name == "http_server2_go"


def test_attributes_are_walked_by_name_and_own_ones_come_before_those_within():
    stack = Stack()
    found = [each.op.name for each in stack.variables]

    assert found == [
        *("stack/dense/b", "stack/dense/w"),
        *("stack/dense_1/b", "stack/dense_1/w"),
        *("stack/named/b", "stack/named/w"),
    ]
    assert [each.op.name for each in stack.trainable_variables] == found[1::2]
    assert stack.submodules == (stack.second, stack.first[0], stack.first[1]["inner"])
    assert isinstance(stack.variables, tuple)


def test_everything_can_be_walked_with_its_path():
    stack = Stack()
    walked = dict(stack._flatten(with_path=True, predicate=lambda each: each == 5 or each is None))

    assert walked == {("nothing",): None, ("number",): 5}
    paths = [path for path, _ in stack._flatten(with_path=True)]
    assert ("first", 1, "inner", "w") in paths
    assert ("second", "w") in paths
    assert ("again", "w") in paths  # by each way to it


def test_layers_are_modules():
    class Mine(tf.Module):
        def __init__(self):
            super().__init__()
            self.dense = tf.layers.Dense(2)
            self.model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(2,))])

    mine = Mine()
    mine.model(mine.dense(tf.ones([1, 3])))

    assert mine.submodules[:2] == (mine.dense, mine.model)
    assert mine.model.layers[0] in mine.submodules
    assert len(mine.trainable_variables) == 4


@pytest.mark.tensorflow
def test_names_and_orders_are_tensorflows(tensorflow):
    def described(t):
        class Inner(t.Module):
            def __init__(self, name=None):
                super().__init__(name=name)
                with self.name_scope:
                    self.z, self.a = t.Variable(1.0, name="z"), t.Variable(2.0, name="a")

        class Outer(t.Module):
            def __init__(self):
                super().__init__()
                with self.name_scope:
                    self.parts = {"y": Inner(), "x": [Inner(), Inner("own")]}
                    self.alone = t.Variable([1.0], trainable=False, name="alone")

        with t.Graph().as_default():
            outer = Outer()
            return (
                [each.op.name for each in outer.variables],
                [each.op.name for each in outer.trainable_variables],
                [each.name for each in outer.submodules],
            )

    assert described(tf) == described(tensorflow)
