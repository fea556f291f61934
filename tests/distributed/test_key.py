"""The key of a cluster: made once, kept from others, proved and never sent."""

import os
import socket
import threading

import pytest

from minitf.distributed import key as keys
from minitf.distributed import wire
from minitf.errors import PermissionDeniedError, UnauthenticatedError, UnavailableError

KEY = b"0123456789abcdef"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("MINITF_CLUSTER_KEY", raising=False)
    return tmp_path


@pytest.fixture
def pair():
    left, right = socket.socketpair()
    with left, right:
        yield left, right


def met(pair, callers, listeners):
    """Let a caller and a listener meet; return the error of each, None if it has none."""
    errors = [None, None]

    def one(place, act, key):
        try:
            act(pair[place], key)
        except (UnauthenticatedError, UnavailableError) as error:
            errors[place] = error
            pair[place].close()

    threads = [
        threading.Thread(target=one, args=arguments)
        for arguments in ((0, keys.introduce, callers), (1, keys.welcome, listeners))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_a_user_has_one_key_that_others_may_not_read(home):
    found = keys.cluster_key()

    assert keys.cluster_key() == found
    assert len(found) == 64
    assert keys.key_path().stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (home / "minitf").iterdir()] == ["cluster.key"]


def test_tasks_that_start_at_once_agree_on_a_key(home):
    found = []
    threads = [threading.Thread(target=lambda: found.append(keys.cluster_key())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1


def test_the_environment_comes_first(home, monkeypatch):
    monkeypatch.setenv("MINITF_CLUSTER_KEY", "a sentence as a key")

    assert keys.cluster_key() == b"a sentence as a key"
    assert not keys.key_path().exists()


def test_a_key_that_others_may_read_is_refused(home):
    keys.cluster_key()
    keys.key_path().chmod(0o640)

    with pytest.raises(PermissionDeniedError, match="chmod 600"):
        keys.cluster_key()


def test_a_short_key_is_refused(home, monkeypatch):
    monkeypatch.setenv("MINITF_CLUSTER_KEY", "secret")

    with pytest.raises(PermissionDeniedError, match="has 6 bytes; 16 are the least"):
        keys.cluster_key()


def test_two_that_know_the_key_meet(pair):
    assert met(pair, KEY, KEY) == [None, None]
    pair[0].sendall(b"free to speak")
    assert pair[1].recv(100) == b"free to speak"


def test_whoever_knows_another_key_is_refused_by_both(pair):
    caller, listener = met(pair, KEY, KEY[::-1])

    assert isinstance(listener, UnauthenticatedError)
    assert isinstance(caller, UnauthenticatedError)
    assert "knows another key" in caller.message


def test_a_proof_serves_once(pair):
    """What a caller said to one listener convinces no second one."""
    said = []

    class Recorder:
        """A socket that notes what is written to it."""

        def __init__(self, inner):
            self._inner = inner

        def sendmsg(self, buffers, *options):
            said.append(b"".join(buffers))
            return self._inner.sendmsg(buffers, *options)

        def __getattr__(self, name):
            return getattr(self._inner, name)

    assert met((Recorder(pair[0]), pair[1]), KEY, KEY) == [None, None]

    left, right = socket.socketpair()
    with left, right:
        left.sendall(said[0])
        with pytest.raises(UnauthenticatedError, match="does not know the key"):
            keys.welcome(right, KEY)


def test_a_listener_that_mirrors_the_proof_is_refused(pair):
    """A listener without the key that sends back what it got proves nothing."""

    def mirror():
        wire.write(pair[1], [wire.MAGIC + bytes(32)])
        said = bytearray(64)
        wire.read_into(pair[1], memoryview(said))
        wire.write(pair[1], [bytes(said[32:])])

    thread = threading.Thread(target=mirror)
    thread.start()
    with pytest.raises(UnauthenticatedError, match="does not know the key"):
        keys.introduce(pair[0], KEY)
    thread.join()


def test_what_is_no_task_is_told_apart(pair):
    pair[1].sendall(b"220 mail.example.org ESMTP ready, how do you do?")

    with pytest.raises(UnauthenticatedError, match="no task of MiniTF"):
        keys.introduce(pair[0], KEY)


def test_a_caller_who_says_nothing_is_not_waited_for(pair, monkeypatch):
    monkeypatch.setattr(keys, "_PATIENCE_S", 0.05)

    with pytest.raises(UnavailableError, match="timed out"):
        keys.welcome(pair[1], KEY)


def test_a_listener_that_ends_meanwhile_is_not_taken_for_one_with_another_key(pair):
    pair[1].sendall(wire.MAGIC + bytes(32))
    pair[1].shutdown(socket.SHUT_WR)

    with pytest.raises(UnavailableError, match="Socket closed"):
        keys.introduce(pair[0], KEY)


def test_a_listener_that_falls_silent_is_not_taken_for_one_with_another_key(pair, monkeypatch):
    monkeypatch.setattr(keys, "_PATIENCE_S", 0.05)
    pair[1].sendall(wire.MAGIC + bytes(32))

    with pytest.raises(UnavailableError, match="timed out"):
        keys.introduce(pair[0], KEY)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have owners on POSIX systems only")
def test_a_key_of_another_user_is_refused(home, monkeypatch):
    keys.cluster_key()
    monkeypatch.setattr(os, "getuid", lambda: -1)

    with pytest.raises(PermissionDeniedError, match="belongs to another user"):
        keys.cluster_key()
