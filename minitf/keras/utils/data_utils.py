"""Batches by number, and files of the web that are kept.

Source: TensorFlow 1.15's `tf.keras.utils`.
"""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import urllib.request
import zipfile
from abc import abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Sequence:
    """Batches by number; subclasses define `__getitem__` and `__len__`."""

    @abstractmethod
    def __getitem__(self, index: int) -> Any:
        """Return a batch by its number."""
        raise NotImplementedError

    @abstractmethod
    def __len__(self) -> int:
        """Return how many batches there are."""
        raise NotImplementedError

    def on_epoch_end(self) -> None:
        """Be told that an epoch ended."""

    def __iter__(self) -> Iterator[Any]:
        """Give all batches in order."""
        for number in range(len(self)):
            yield self[number]


def get_file(
    fname: str,
    origin: str,
    untar: bool = False,
    md5_hash: str | None = None,
    file_hash: str | None = None,
    cache_subdir: str = "datasets",
    hash_algorithm: str = "auto",
    extract: bool = False,
    archive_format: str = "auto",
    cache_dir: str | None = None,
) -> str:
    """Return the path of a file of the web, which is fetched if it is not kept.

    Args:
        fname: its name where it is kept, or a whole path.
        origin: its address.
        untar: whether it is an archive to be taken apart: `<fname>.tar.gz`.
        md5_hash: an old name of `file_hash`.
        file_hash: what its content must hash to.
        cache_subdir: the folder where it is kept, in `cache_dir`.
        hash_algorithm: "md5", "sha256" or "auto", by the length of the hash.
        extract: whether it is an archive to be taken apart.
        archive_format: accepted for compatibility: archives are tried as tar and zip.
        cache_dir: `~/.keras` by default.

    Raises:
        ValueError: if the file has another hash.
    """
    wanted = file_hash or md5_hash
    folder = Path(cache_dir or Path("~/.keras").expanduser()) / cache_subdir
    folder.mkdir(parents=True, exist_ok=True)
    base = folder / fname
    path = base.with_name(f"{base.name}.tar.gz") if untar else base
    if not path.exists() or (wanted and not _has_hash(path, wanted, hash_algorithm)):
        _fetch(origin, path)
        if wanted and not _has_hash(path, wanted, hash_algorithm):
            raise ValueError(f"{path}, fetched of {origin}, does not hash to {wanted}.")
    if untar and not base.exists():
        _take_apart(path, folder)
    if untar:
        return str(base)
    if extract:
        _take_apart(path, folder)
    return str(path)


def _fetch(origin: str, path: Path) -> None:
    if not origin.startswith(("http://", "https://", "file://", "ftp://")):
        raise ValueError(f"{origin} is no address of the web")
    print("Downloading data from", origin)
    part = path.with_name(f"{path.name}.part")
    try:
        with urllib.request.urlopen(origin) as source, part.open("wb") as target:  # noqa: S310 - checked
            shutil.copyfileobj(source, target)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _has_hash(path: Path, wanted: str, algorithm: str) -> bool:
    sha = algorithm == "sha256" or (algorithm == "auto" and len(wanted) == 64)
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256" if sha else "md5").hexdigest()
    return found == wanted


def _take_apart(path: Path, folder: Path) -> None:
    if tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            archive.extractall(folder, filter="data")
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive_:
            archive_.extractall(folder)  # noqa: S202 - which zip archives can not leave
