"""`tf.sysconfig`: what a build of TensorFlow has, and MiniTF, which is Python, has not.

Source: TensorFlow 1.15's tf.sysconfig.
"""

from __future__ import annotations

from minitf.compat.version import CXX11_ABI_FLAG, MONOLITHIC_BUILD
from minitf.errors import UnimplementedError

__all__ = [
    "CXX11_ABI_FLAG",
    "MONOLITHIC_BUILD",
    "get_compile_flags",
    "get_include",
    "get_lib",
    "get_link_flags",
]


def get_include() -> str:
    """Refuse: there are no header files.

    Raises:
        UnimplementedError: always.
    """
    raise _nothing_to_build_with("header files")


def get_lib() -> str:
    """Refuse: there is no shared library.

    Raises:
        UnimplementedError: always.
    """
    raise _nothing_to_build_with("a shared library")


def get_compile_flags() -> list[str]:
    """Refuse: there is nothing to compile against.

    Raises:
        UnimplementedError: always.
    """
    raise _nothing_to_build_with("header files")


def get_link_flags() -> list[str]:
    """Refuse: there is nothing to link with.

    Raises:
        UnimplementedError: always.
    """
    raise _nothing_to_build_with("a shared library")


def _nothing_to_build_with(what: str) -> UnimplementedError:
    """Return the error, which says what an op is here."""
    return UnimplementedError(
        None, None, f"MiniTF is Python and has no {what}: an op is a NumPy function under @op"
    )
