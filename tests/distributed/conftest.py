"""What tests of clusters share: a key, the processes and the servers, once per module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from distributed.clusters import Forge, Processes, Servers

KEY = "a key for the clusters of tests"


@pytest.fixture(scope="module", autouse=True)
def _key() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINITF_CLUSTER_KEY", KEY)
        yield


@pytest.fixture(scope="module")
def forge(_key: None) -> Iterator[Forge]:
    """Return what makes processes."""
    made = Forge()
    yield made
    made.close()


@pytest.fixture(scope="module")
def cluster(forge: Forge) -> Iterator[Processes]:
    """Return a cluster of three processes that nobody kills."""
    made = Processes(forge)
    yield made
    made.close()


@pytest.fixture(scope="module")
def servers(_key: None) -> Iterator[Servers]:
    """Return a cluster of three servers of this process, connected by TCP."""
    made = Servers()
    yield made
    made.close()
