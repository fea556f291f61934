"""The key that the tasks of a cluster know, and how two of them prove to each other that they do.

    listener -> caller      "MTF1" and a number that was never used before
    caller -> listener      one of its own, and HMAC(key, "caller", both numbers)
    listener -> caller      HMAC(key, "listener", both numbers); zeros if the caller's was wrong

Neither says anything else before the other has proved it, and the key itself never travels.

Where the key is: in the environment variable `MINITF_CLUSTER_KEY`, else in the file `cluster.key`
of the user's configuration, which the first task makes and only its owner may read.  So tasks of
one user on one machine need no setup, and nobody else can talk to them.

Source: no paper; 2015's tasks trust their network.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import socket
import stat
import tempfile
from pathlib import Path

from minitf.distributed import wire
from minitf.errors import PermissionDeniedError, UnauthenticatedError

_NONCE = 32  # bytes
_PROOF = 32
_REFUSAL = bytes(_PROOF)
_PATIENCE_S = 10.0  # for a proof: a silent caller holds nothing for longer
_LEAST = 16  # bytes of a key


def cluster_key() -> bytes:
    """Return the key, made if this user has none.

    Raises:
        PermissionDeniedError: if others may read its file, or it is too short.
    """
    given = os.environ.get("MINITF_CLUSTER_KEY", "")
    if given:
        return _checked(given.encode(), "the environment variable MINITF_CLUSTER_KEY")
    path = key_path()
    with contextlib.suppress(FileNotFoundError):
        return _read(path)
    _make(path)
    return _read(path)


def key_path() -> Path:
    """Return where this user's key is kept."""
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "minitf" / "cluster.key"


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        held = os.fstat(file.fileno())
        if hasattr(os, "getuid"):
            if held.st_uid != os.getuid():
                raise PermissionDeniedError(None, None, f"{path} belongs to another user")
            if held.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise PermissionDeniedError(
                    None, None, f"Others may read {path}\n  hint: chmod 600 {path}"
                )
        return _checked(file.read().strip(), str(path))


def _make(path: Path) -> None:
    """Write a key, unless another process has just done so."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=path.parent)  # 0600
    try:
        with os.fdopen(number, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(name, path)  # whole, and never over another
    finally:
        Path(name).unlink()


def _checked(key: bytes, where: str) -> bytes:
    if len(key) < _LEAST:
        raise PermissionDeniedError(
            None, None, f"The key in {where} has {len(key)} bytes; {_LEAST} are the least"
        )
    return key


def welcome(caller: socket.socket, key: bytes) -> None:
    """Let a caller prove that it knows the key, and prove it to the caller.

    Raises:
        UnauthenticatedError: if it does not know it.
        UnavailableError: if it says nothing, or leaves.
    """
    caller.settimeout(_PATIENCE_S)
    own = secrets.token_bytes(_NONCE)
    wire.write(caller, [wire.MAGIC + own])
    said = bytearray(_NONCE + _PROOF)
    wire.read_into(caller, memoryview(said))
    other, proof = bytes(said[:_NONCE]), bytes(said[_NONCE:])
    if not hmac.compare_digest(proof, _proof(key, b"caller", own, other)):
        wire.write(caller, [_REFUSAL])
        raise UnauthenticatedError(None, None, "A caller does not know the key of this cluster")
    wire.write(caller, [_proof(key, b"listener", own, other)])
    caller.settimeout(None)


def introduce(listener: socket.socket, key: bytes) -> None:
    """Prove to a listener that this process knows the key, and let it prove the same.

    Raises:
        UnauthenticatedError: if one of the two does not know the other's key.
        UnavailableError: if it says nothing, or leaves.
    """
    listener.settimeout(_PATIENCE_S)
    said = bytearray(len(wire.MAGIC) + _NONCE)
    wire.read_into(listener, memoryview(said))
    if not said.startswith(wire.MAGIC):
        raise UnauthenticatedError(None, None, "What listens there is no task of MiniTF")
    other, own = bytes(said[len(wire.MAGIC) :]), secrets.token_bytes(_NONCE)
    wire.write(listener, [own + _proof(key, b"caller", other, own)])
    proof = bytearray(_PROOF)
    wire.read_into(listener, memoryview(proof))
    if proof == _REFUSAL:
        raise UnauthenticatedError(None, None, "The task there knows another key")
    if not hmac.compare_digest(bytes(proof), _proof(key, b"listener", other, own)):
        raise UnauthenticatedError(None, None, "The task there does not know the key")
    listener.settimeout(None)


def _proof(key: bytes, role: bytes, listeners: bytes, callers: bytes) -> bytes:
    return hmac.digest(key, role + listeners + callers, "sha256")
