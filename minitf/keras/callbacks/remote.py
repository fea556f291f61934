"""RemoteMonitor: the logs of each epoch, sent to a server.

Source: TensorFlow 1.15's `tf.keras.callbacks.RemoteMonitor`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from minitf.compat import logging
from minitf.keras.callbacks.base import Callback, Logs

_SECONDS = 10.0  # that a server may take


class RemoteMonitor(Callback):
    """Posts the logs of each epoch, with its number, as JSON.

    Args:
        root: of the server's address: http or https.
        path: that is joined to it.
        field: of the form that holds the logs.
        headers: of the request.
        send_as_json: whether the logs are the body of the request, not a field of a form.

    Raises:
        ValueError: if it is no address of that kind.
    """

    def __init__(
        self,
        root: str = "http://localhost:9000",
        path: str = "/publish/epoch/end/",
        field: str = "data",
        headers: Mapping[str, str] | None = None,
        send_as_json: bool = False,
    ) -> None:
        super().__init__()
        if not root.startswith(("http://", "https://")):
            raise ValueError(f"The root of a RemoteMonitor must be an address of HTTP: {root}")
        self.root = root
        self.path = path
        self.field = field
        self.headers = headers
        self.send_as_json = send_as_json

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Send the logs; a server that does not answer is warned of."""
        sent: dict[str, Any] = {"epoch": epoch}
        sent |= {name: getattr(value, "item", lambda v=value: v)() for name, value in _all(logs)}
        text = json.dumps(sent)
        body = text if self.send_as_json else urlencode({self.field: text})
        kind = "application/json" if self.send_as_json else "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind, **(self.headers or {})}
        try:
            request = Request(self.root + self.path, body.encode(), headers)  # noqa: S310 - checked
            with urlopen(request, timeout=_SECONDS):  # noqa: S310 - checked
                pass
        except (URLError, OSError):
            logging.warning("Warning: could not reach RemoteMonitor root server at %s", self.root)


def _all(logs: Logs) -> list[tuple[str, Any]]:
    return list((logs or {}).items())
