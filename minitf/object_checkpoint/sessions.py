"""The session that checkpoints of objects run in where none is given.

Source: TensorFlow 1.15, `training/tracking/util.py`.
"""

from __future__ import annotations

from typing import Any

from minitf.tensor import hooks


def get_session() -> Any:
    """Return the default session; where there is none, that of Keras."""
    session = hooks.default_session()
    if session is None:
        from minitf.keras.backend.sessions import get_session as session_of_keras

        session = session_of_keras()
    return session
