"""Variables hold snapshots: what a reader has seen never changes, whoever writes afterwards."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from minitf import dtypes
from minitf.errors import FailedPreconditionError
from minitf.resources import ResourceStore, Variable, modifying, updating
from minitf.shapes import Shape


def variable(value, name="w") -> Variable:
    made = Variable(name, dtypes.float32)
    made.write(value)
    return made


class Snapshots(RuleBasedStateMachine):
    """Any order of reads, writes and updates: a snapshot keeps what it saw."""

    @initialize()
    def make(self):
        self.value = np.zeros(3, np.float32)
        self.variable = variable(self.value)
        self.snapshots = []

    @rule()
    def read(self):
        self.snapshots.append((self.variable.read(), self.value.copy()))

    @rule()
    def forget(self):
        self.snapshots.clear()

    @rule(number=st.integers(-8, 8))
    def write(self, number):
        self.value = np.full(3, number, np.float32)
        self.variable.write(self.value)

    @rule(number=st.integers(-8, 8))
    def add(self, number):
        self.value = self.value + number
        self.variable.update(lambda old, out: np.add(old, number, out=out))

    @rule(number=st.integers(-8, 8), at=st.integers(0, 2))
    def set_one(self, number, at):
        self.value = self.value.copy()
        self.value[at] = number
        self.variable.modify(lambda array: array.__setitem__(at, number))

    @invariant()
    def nobody_sees_a_later_write(self):
        for seen, expected in self.snapshots:
            np.testing.assert_array_equal(seen, expected)
            assert not seen.flags.writeable

    @invariant()
    def the_variable_has_the_last_value(self):
        np.testing.assert_array_equal(self.variable.read(), self.value)


TestSnapshots = Snapshots.TestCase


@pytest.mark.paper("W-09", "O-08")
def test_a_read_keeps_its_value_when_the_variable_changes():
    w = variable([1, 2])
    before = w.read()
    w.update(lambda old, out: np.add(old, 1, out=out))

    assert before.tolist() == [1, 2]
    assert w.read().tolist() == [2, 3]


def test_an_update_reuses_memory_only_if_nobody_holds_the_old_version():
    w = variable([1, 2])
    address = w.read().__array_interface__["data"]
    w.update(lambda old, out: np.add(old, 1, out=out))
    unshared = w.read().__array_interface__["data"]
    view = w.read()[1:]  # a view holds the version too
    w.update(lambda old, out: np.add(old, 1, out=out))

    assert unshared == address
    assert w.read().__array_interface__["data"] != address
    assert view.tolist() == [3]


def test_a_written_array_stays_the_callers_own():
    mine = np.ones(2, np.float32)
    w = variable(mine)
    mine[0] = 7

    assert w.read().tolist() == [1, 1]
    assert mine.flags.writeable


def test_a_version_is_in_c_order_whatever_was_written():
    w = variable(np.asfortranarray(np.arange(6).reshape(2, 3)))

    assert w.read().flags.c_contiguous


@pytest.mark.paper("W-09")
def test_a_read_before_the_first_write_is_refused():
    w = Variable("layer/w", dtypes.float32, Shape([2]))

    assert not w.is_initialized
    assert w.present_shape == Shape([2])
    with pytest.raises(FailedPreconditionError, match="uninitialized value layer/w"):
        w.read()
    with pytest.raises(FailedPreconditionError, match="uninitialized value layer/w"):
        w.update(lambda old, out: None)


def test_an_update_that_raises_leaves_the_old_version():
    w = variable([1, 2])
    held = w.read()

    def fail(old, out):
        out[:] = 9
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        w.update(fail)

    assert w.read() is held
    assert not held.flags.writeable
    assert held.tolist() == [1, 2]


def test_two_variables_change_in_one_step():
    w, m = variable([1, 2]), variable([0, 0], "m")
    with updating(w, m) as ((old, new), (old_m, new_m)):
        np.add(old_m, 1, out=new_m)
        np.subtract(old, new_m, out=new)
    with modifying(m, w) as (sums, values):
        sums[0] = values[1]

    assert w.read().tolist() == [0, 1]
    assert m.read().tolist() == [1, 1]


@pytest.mark.paper("O-12")
def test_updates_of_several_threads_are_all_there():
    w, m = variable([0]), variable([0], "m")

    def work(first, second):
        for _ in range(500):
            with updating(first, second) as pairs:
                for old, out in pairs:
                    np.add(old, 1, out=out)

    pairs = [(w, m), (m, w)] * 4  # in both orders: nobody may wait in a circle
    threads = [threading.Thread(target=work, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert w.read().tolist() == m.read().tolist() == [500 * len(pairs)]


@pytest.mark.paper("W-39")
def test_a_store_finds_a_resource_by_container_kind_and_name():
    store = ResourceStore()
    one = store.find_or_create("a", "w", lambda: Variable("w", dtypes.float32), Variable)

    assert store.find_or_create("a", "w", lambda: Variable("w", dtypes.int32), Variable) is one
    assert store.find("b", "w", Variable) is None
    assert store.find("a", "w", dict) is None


@pytest.mark.paper("W-39")
def test_a_reset_of_one_container_leaves_the_others():
    store = ResourceStore()
    for container in ("a", "b"):
        store.find_or_create(container, "w", lambda: Variable("w", dtypes.float32), Variable)
    store.reset(("a",))

    assert store.find("a", "w", Variable) is None
    assert store.find("b", "w", Variable) is not None


@given(names=st.lists(st.sampled_from("abc"), max_size=6))
def test_what_is_removed_is_gone_and_only_once(names):
    store = ResourceStore()
    for name in names:
        store.find_or_create("", name, lambda name=name: Variable(name, dtypes.float32), Variable)

    assert [store.remove("", name, Variable) for name in "abc"] == [n in names for n in "abc"]
    assert not any(store.remove("", name, Variable) for name in "abc")


def test_a_value_in_bytes_is_held_as_it_is_and_never_written_to():
    data = np.arange(3, dtype=np.float32).tobytes()
    value = np.frombuffer(data, np.float32)
    variable = Variable("v", dtypes.float32)
    for change in (
        lambda: variable.update(lambda old, out: np.add(old, 1, out=out)),
        lambda: variable.modify(lambda array: array.__iadd__(1)),
    ):
        variable.write(value)

        assert np.shares_memory(variable.read(), value)
        change()
        assert variable.read().tolist() == [1, 2, 3]
    assert np.frombuffer(data, np.float32).tolist() == [0, 1, 2]


def test_a_read_only_value_that_somebody_may_write_to_is_copied():
    value = np.zeros(2, np.float32)
    value.flags.writeable = False
    variable = Variable("v", dtypes.float32)
    variable.write(value)
    value.flags.writeable = True
    value[0] = 1

    assert variable.read().tolist() == [0, 0]
