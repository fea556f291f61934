"""Scopes of arguments: what a call says wins over inner scopes, these over outer ones."""

from __future__ import annotations

import threading

import pytest

import minitf as tf

framework = tf.contrib.framework
arg_scope = framework.arg_scope


@framework.add_arg_scope
def shown(x, a=1, *, b=2):
    """Show the arguments."""
    return x, a, b


@framework.add_arg_scope
def other(a=0):
    return a


def test_a_scope_gives_what_a_call_leaves_out():
    with arg_scope([shown, other], a=5):
        assert shown(0) == (0, 5, 2)
        assert shown(0, a=7) == (0, 7, 2)
        with arg_scope([shown], b=6):
            assert shown(0) == (0, 5, 6)
            assert other() == 5
        assert shown(0) == (0, 5, 2)
    assert shown(0) == (0, 1, 2)


def test_a_scope_ends_with_an_error():
    def fail():
        with arg_scope((shown,), a=5):
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert framework.current_arg_scope() == {}


def test_what_a_scope_yields_can_be_opened_again_in_place_of_others():
    with arg_scope([shown], a=5) as scope:
        pass
    with arg_scope([shown], b=9), arg_scope(scope) as again:
        assert shown(0) == (0, 5, 2)
        assert again == scope == {framework.arg_scope_func_key(shown): {"a": 5}}


def test_another_thread_begins_without_arguments():
    found = []
    with arg_scope([shown], a=5):
        thread = threading.Thread(target=lambda: found.append(shown(0)))
        thread.start()
        thread.join()

    assert found == [(0, 1, 2)]


def test_a_decorated_function_keeps_its_name_and_tells_its_defaults():
    assert (shown.__name__, shown.__doc__) == ("shown", "Show the arguments.")
    assert framework.arg_scoped_arguments(shown) == ("a", "b")
    assert framework.has_arg_scope(shown)
    assert not framework.has_arg_scope(len)


def test_bad_scopes_are_refused():
    with pytest.raises(ValueError, match=r"builtins\.len is not decorated with @add_arg_scope"):
        framework.arg_scoped_arguments(len)
    for arguments, kind, message in (
        (([len],), ValueError, "builtins.len is not decorated with @add_arg_scope"),
        ((shown,), TypeError, "must either be a list/tuple or reused scope"),
    ):
        with pytest.raises(kind, match=message), arg_scope(*arguments, a=1):
            pass
    with pytest.raises(ValueError, match="kwargs must be empty"), arg_scope({}, a=1):
        pass
