"""What tests of training sessions share."""

from __future__ import annotations

import sys

import pytest
from event_logs import EventLog, lists_for_event_files


@pytest.fixture
def event_logs(monkeypatch: pytest.MonkeyPatch) -> dict[str, EventLog]:
    """Let event files be lists; return them by folder."""
    logs, module = lists_for_event_files()
    monkeypatch.setitem(sys.modules, "minitf.summary.file_writer", module)
    return logs
