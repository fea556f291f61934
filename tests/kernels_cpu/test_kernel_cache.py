"""Where compiled loops are kept, and which directories are not trusted."""

import os
from pathlib import Path

import pytest

from minitf.kernels_cpu import kernel_cache

posix = pytest.mark.skipif(os.name != "posix", reason="owners and modes are POSIX's")


@pytest.fixture
def directory(monkeypatch):
    """Return a function that asks anew where the cache is."""

    def ask(**environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, str(value))
        kernel_cache.cache_directory.cache_clear()
        return kernel_cache.cache_directory()

    yield ask
    kernel_cache.cache_directory.cache_clear()


def test_the_named_directory_is_made_and_used(directory, tmp_path):
    wanted = tmp_path / "a" / "b"

    assert directory(MINITF_CACHE_DIR=wanted) == wanted
    assert wanted.is_dir()


@posix
def test_a_directory_that_others_may_write_is_not_trusted(directory, tmp_path):
    tmp_path.chmod(0o777)

    assert directory(MINITF_CACHE_DIR=tmp_path) is None


@posix
def test_a_directory_of_someone_else_is_not_trusted(directory, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)

    assert directory(MINITF_CACHE_DIR=tmp_path) is None


@posix
def test_a_home_that_cannot_be_written_gives_way_to_the_temporary_directory(
    directory, tmp_path, monkeypatch
):
    monkeypatch.delenv("MINITF_CACHE_DIR", raising=False)
    monkeypatch.setattr(kernel_cache, "_users_caches", lambda: Path("/dev/null/home"))
    monkeypatch.setattr(kernel_cache.tempfile, "gettempdir", lambda: str(tmp_path))

    found = directory()

    assert found == tmp_path / f"minitf-{os.getuid()}"
    assert found.stat().st_mode & 0o777 == 0o700
