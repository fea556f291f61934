"""Lists and dicts whose elements are parts: they stay lists and dicts, and keep the names."""

from __future__ import annotations

import copy
import json

import pytest

import minitf
from minitf.trackable.auto import AutoTrackable
from minitf.trackable.base import Trackable, no_automatic_dependency_tracking_scope
from minitf.trackable.mappings import Mapping
from minitf.trackable.structures import List, ListWrapper, NoDependency

tf = minitf


def parts(obj):
    """Return the names of the parts of an object and of theirs."""
    return {name: parts(each) for name, each in obj._checkpoint_dependencies}


def test_attributes_that_are_trackable_are_parts_and_others_are_not():
    root = AutoTrackable()
    root.w, root.number = tf.Variable(1.0), 3
    root.listed, root.raw = [AutoTrackable(), 5], NoDependency([AutoTrackable()])

    assert parts(root) == {"w": {}, "listed": {"0": {}}}
    assert type(root.raw) is list
    with no_automatic_dependency_tracking_scope(root):
        root.hidden = AutoTrackable()
    assert "hidden" not in parts(root)
    del root.w
    assert "w" not in parts(root)


def test_a_new_value_of_an_attribute_takes_the_place_of_the_part():
    root, second = AutoTrackable(), AutoTrackable()
    root.a, root.b = AutoTrackable(), AutoTrackable()
    root.a = second

    assert [name for name, _ in root._checkpoint_dependencies] == ["a", "b"]
    assert root._lookup_dependency("a") is second


def test_a_part_cannot_have_the_name_of_another():
    root = AutoTrackable()
    root._track_trackable(AutoTrackable(), "x")

    with pytest.raises(ValueError, match="already declared as a dependency"):
        root._track_trackable(AutoTrackable(), "x")
    with pytest.raises(TypeError, match="not a Trackable"):
        root._track_trackable(3, "y")


def test_a_list_stays_one_and_grows_parts():
    root, plain = AutoTrackable(), [AutoTrackable()]
    root.layers = plain
    root.layers.append([AutoTrackable(), 7])
    root.layers += [3]

    assert isinstance(root.layers, list)
    assert len(root.layers) == 3
    assert root.layers[1][1] == 7
    assert plain == root.layers  # the list that was given grows too
    assert parts(root) == {"layers": {"0": {}, "1": {"0": {}}}}
    assert root.layers[:1] == [plain[0]]
    assert root.layers * 2 == plain * 2


def test_numbers_in_a_list_may_change_freely():
    root = AutoTrackable()
    root.numbers = [3, 1, 2]
    root.numbers[0] = 9

    assert json.dumps(root.numbers) == "[9, 1, 2]"
    assert parts(root) == {"numbers": {}}
    assert copy.deepcopy(root.numbers) == [9, 1, 2]


@pytest.mark.parametrize(
    "change",
    [
        lambda held: held.pop(),
        lambda held: held.insert(0, AutoTrackable()),
        lambda held: held.__setitem__(0, AutoTrackable()),
        lambda held: held.__delitem__(0),
        lambda held: held.reverse(),
        lambda held: held.clear(),
        lambda held: held.sort(key=id),
        lambda held: held.remove(held[0]),
        lambda held: held.__setitem__(slice(0, 1), []),
    ],
)
def test_a_list_whose_parts_were_moved_cannot_be_saved(change):
    wrapper = ListWrapper([AutoTrackable(), AutoTrackable()])
    expected = list(wrapper)
    change(wrapper)

    assert list(wrapper) == wrapper._storage
    assert len(wrapper) != len(expected) or wrapper._non_append_mutation
    with pytest.raises(ValueError, match="A list element was replaced"):
        parts(wrapper)


def test_a_list_that_is_changed_behind_its_back_cannot_be_saved():
    root, plain = AutoTrackable(), [AutoTrackable()]
    root.layers = plain
    plain.append(AutoTrackable())

    with pytest.raises(ValueError, match="modified outside the wrapper"):
        parts(root)


def test_a_dict_stays_one_and_its_keys_are_names():
    root = AutoTrackable()
    root.named = {"a": AutoTrackable(), 3: "three"}
    root.named["b"] = {"deep": AutoTrackable()}
    root.named.update(c=1)

    assert isinstance(root.named, dict)
    assert list(root.named) == ["a", 3, "b", "c"]
    assert parts(root) == {"named": {"a": {}, "b": {"deep": {}}}}
    assert root.named.setdefault("c", 5) == 1
    assert root.named.pop("missing", None) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda held: held.__setitem__("a", AutoTrackable()), "overwritten or deleted"),
        (lambda held: held.pop("a"), "overwritten or deleted"),
        (lambda held: held.clear(), "overwritten or deleted"),
        (lambda held: held.popitem(), "overwritten or deleted"),
        (lambda held: held.__setitem__(3, AutoTrackable()), "non-string key"),
    ],
)
def test_a_dict_whose_names_do_not_last_cannot_be_saved(change, why):
    root = AutoTrackable()
    root.named = {"a": AutoTrackable()}
    change(root.named)

    with pytest.raises(ValueError, match=why):
        parts(root)


def test_lists_and_mappings_of_parts_only_grow():
    first, second = AutoTrackable(), AutoTrackable()
    listed, mapped = List(first), Mapping(a=first)
    listed.append(second)
    mapped["b"] = second

    assert parts(listed) == {"0": {}, "1": {}}
    assert parts(mapped) == {"a": {}, "b": {}}
    assert list(listed.__add__([first])) == [first, second, first]
    with pytest.raises(ValueError, match="append-only"):
        mapped["a"] = second
    with pytest.raises(TypeError, match="only string keys"):
        mapped[1] = second
    with pytest.raises(ValueError, match="Only trackable objects"):
        listed.append(3)


def test_containers_stand_for_the_layers_and_variables_within():
    root = AutoTrackable()
    layer = tf.layers.Dense(2)
    layer.build(tf.TensorShape([None, 3]))
    root.blocks = [layer, {"v": tf.Variable(1.0, trainable=False)}]
    layers, variables = root.blocks.layers, root.blocks.trainable_weights

    assert layers == [layer]
    assert variables == layer.trainable_weights
    assert root.blocks.weights == layer.weights
    assert [each.name for each in root.blocks[1].variables] == ["Variable:0"]


def test_a_class_of_a_program_can_name_its_parts_itself():
    class Pair(Trackable):
        def __init__(self):
            self.x = tf.Variable(1.0)
            self._track_trackable(self.x, "left")

    assert parts(Pair()) == {"left": {}}


def test_a_property_without_a_setter_may_be_given_its_value():
    class Seen(tf.Module):
        def __init__(self, tensor):
            super().__init__()
            self.tensor = tensor

        @property
        def shape(self):
            return self.tensor.shape

        @property
        def first(self):
            return self.tensor

    x = tf.zeros([2])
    seen = Seen(x)
    seen.first, seen.shape = x, x.shape
    with pytest.raises(AttributeError):
        seen.first = tf.zeros([2])
