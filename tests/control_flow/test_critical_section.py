"""CriticalSection: what is in one runs alone, and what it uses is its own."""

from __future__ import annotations

import threading

import pytest

import minitf

tf = minitf


def counting(v):
    """Return a function that reads a variable and writes what follows, in two steps."""

    def add():
        value = v.read_value()
        with tf.control_dependencies([v.assign(value + 1)]):
            return tf.identity(value, name="seen")

    return add


def test_functions_in_a_section_never_overlap():
    v = tf.Variable(0, use_resource=True)
    section = tf.CriticalSection(name="mine")
    seen = [section.execute(counting(v)) for _ in range(4)]
    with tf.Session() as session:
        session.run(v.initializer)
        found = session.run(seen)
        threads = [
            threading.Thread(target=lambda: [session.run(seen[0]) for _ in range(10)])
            for _ in range(3)
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        total = session.run(v)

    assert section.name == "mine"
    assert sorted(found) == [0, 1, 2, 3]
    assert total == 34


def test_what_a_function_needs_is_made_before_the_lock_is_taken():
    v = tf.Variable(0, use_resource=True)
    section = tf.CriticalSection()
    inner = section.execute(counting(v))
    outer = section.execute(lambda: inner + 1)  # would wait for itself inside the lock
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(outer) == 1


def test_structures_and_operations_come_out_as_they_are():
    v = tf.Variable(3, use_resource=True)
    section = tf.CriticalSection()
    result = section.execute(lambda: {"a": v.read_value(), "b": [tf.constant(2)]})
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(result) == {"a": 3, "b": [2]}


def test_a_section_within_itself_is_refused():
    v = tf.Variable(0, use_resource=True)
    section = tf.CriticalSection()

    with pytest.raises(ValueError, match="would cause deadlocks"):
        section.execute(lambda: section.execute(counting(v)))


def test_a_resource_belongs_to_one_section_unless_both_agree():
    v = tf.Variable(0, use_resource=True)
    first, second = tf.CriticalSection(), tf.CriticalSection()
    first.execute(counting(v))

    with pytest.raises(ValueError, match="requested exclusive resource access"):
        second.execute(counting(v))
    w = tf.Variable(0, use_resource=True)
    for section in (first, second):
        section.execute(counting(w), exclusive_resource_access=False)


def test_sections_of_one_shared_name_are_one():
    first, second = (tf.CriticalSection(shared_name="one") for _ in range(2))

    assert first._is_self_handle(second._handle)
    assert not first._is_self_handle(tf.CriticalSection()._handle)
