"""What tests of training sessions share."""

from __future__ import annotations

import pytest
from event_logs import EventLog, replace_event_files


@pytest.fixture
def event_logs(monkeypatch: pytest.MonkeyPatch) -> dict[str, EventLog]:
    """Let event files be lists; return them by folder."""
    return replace_event_files(monkeypatch)
