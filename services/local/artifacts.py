"""The pinned files of Kafka and Elasticsearch, and their download into the cache.

`artifacts.lock` lists every file with our own SHA-256. A registry's SHA-1 is not enough, because a mismatch only causes
a warning. `python -m services.local.relock` writes the list.
"""

import hashlib
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Protocol

from services.local.errors import DownloadFailed, StartCancelled
from services.local.progress import Downloading, OnProgress

_ATTEMPTS = 3
_PARALLEL = 8
_PARTIAL = "partial-"
_LEFT_BEHIND_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Artifact:
    """A pinned file: Maven coordinates, size in bytes, SHA-256 in hexadecimal."""

    group: str
    name: str
    version: str
    packaging: str
    size: int
    sha256: str

    @property
    def file(self) -> str:
        """The file's name, in the registry and in the cache."""
        return f"{self.name}-{self.version}.{self.packaging}"


class Download(Protocol):
    """How a file is downloaded from a registry."""

    def __call__(self, artifact: Artifact, folder: Path, received: Callable[[int], None], /) -> Path:
        """Download one file.

        Args:
            artifact: the file to download.
            folder: an empty directory for the file.
            received: called with the number of bytes of each chunk; if it raises an error, the download ends.

        Returns:
            The file's path; nothing has checked the file yet.

        Raises:
            OSError: the network failed.
            RuntimeError: the registry does not have the file.
        """


def pinned() -> tuple[Artifact, ...]:
    """Return every pinned file, in the order of the list."""
    text = files("services.local").joinpath("artifacts.lock").read_text("utf-8")
    return parse(text)


def parse(text: str) -> tuple[Artifact, ...]:
    """Read a list of lines `sha256  size  group:name:version:packaging`; lines with # are comments."""
    artifacts = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            sha256, size, coordinate = line.split()
            group, name, version, packaging = coordinate.split(":")
            artifacts.append(Artifact(group, name, version, packaging, int(size), sha256))
    return tuple(artifacts)


def render(artifacts: Iterable[Artifact]) -> str:
    """Write the list that `parse` reads."""
    return "".join(
        f"{each.sha256} {each.size:>9} {each.group}:{each.name}:{each.version}:{each.packaging}\n" for each in artifacts
    )


def fetch(
    artifacts: Sequence[Artifact], cache: Path, download: Download, on_progress: OnProgress, cancel: threading.Event
) -> list[Path]:
    """Download files into the cache, several at a time, and return their paths in the order of `artifacts`.

    This checks the SHA-256 of every file, even if the file was in the cache. A file appears in the cache only when it
    is complete. So an interrupted run loses only the files in progress, and several runs may share a cache.

    Raises:
        DownloadFailed: three times, a file could not be downloaded or was not the pinned file.
        StartCancelled: `cancel` was set.
    """
    cache.mkdir(parents=True, exist_ok=True)
    _sweep(cache)
    paths = [cache / each.file for each in artifacts]
    with ThreadPoolExecutor(_PARALLEL) as pool:
        whole = list(pool.map(_is_whole, artifacts, paths))
        missing = [
            pair for pair, is_whole in zip(zip(artifacts, paths, strict=True), whole, strict=True) if not is_whole
        ]
        for artifact, _ in missing:
            on_progress(Downloading(artifact.file, 0, artifact.size))
        pending = [pool.submit(_fetch_one, artifact, path, download, on_progress, cancel) for artifact, path in missing]
        try:
            for future in pending:
                future.result()
        except BaseException:
            cancel.set()
            raise
    return paths


def _sweep(cache: Path) -> None:
    """Remove the remains of killed downloads, but no file that another run may be downloading."""
    for partial in cache.glob(f"{_PARTIAL}*"):
        if time.time() - partial.stat().st_mtime > _LEFT_BEHIND_SECONDS:
            shutil.rmtree(partial, ignore_errors=True)


def _fetch_one(
    artifact: Artifact, path: Path, download: Download, on_progress: OnProgress, cancel: threading.Event
) -> None:
    reason = ""
    for _ in range(_ATTEMPTS):
        total = 0

        def received(count: int) -> None:
            nonlocal total
            total += count
            if cancel.is_set():
                raise StartCancelled
            on_progress(Downloading(artifact.file, min(total, artifact.size), artifact.size))

        if cancel.is_set():
            raise StartCancelled
        folder = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=path.parent))
        try:
            arrived = download(artifact, folder, received)
            if _is_whole(artifact, arrived):
                arrived.chmod(0o644)
                arrived.replace(path)
                on_progress(Downloading(artifact.file, artifact.size, artifact.size))
                return
            reason = f"what arrived is not the pinned file (SHA-256 {artifact.sha256[:12]}…)."
        except (OSError, RuntimeError) as error:
            reason = f"{str(error) or type(error).__name__}."
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    raise DownloadFailed(artifact.file, reason)


def _is_whole(artifact: Artifact, path: Path) -> bool:
    if not path.is_file() or path.stat().st_size != artifact.size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == artifact.sha256
