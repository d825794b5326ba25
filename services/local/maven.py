"""Download from Maven repositories with jgo, which is pure Python and needs neither Maven nor Java."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jgo.maven import MavenContext, PythonResolver

from services.local.artifacts import Artifact

MIRROR_SETTING = "BROADSHEET_MAVEN"
_TIMEOUT_SECONDS = 20


def download(artifact: Artifact, folder: Path, received: Callable[[int], None], /) -> Path:
    """Download one file by its exact coordinates into an empty folder (see `services.local.artifacts.Download`).

    The repository is jgo's default, or the mirror whose URL is in BROADSHEET_MAVEN.
    """

    @contextmanager
    def progress(_name: str, _total: int) -> Iterator[Callable[[int], None]]:
        yield received

    mirror = os.environ.get(MIRROR_SETTING)
    context = MavenContext(
        resolver=PythonResolver(progress_callback=progress),
        repo_cache=folder,
        local_repos=[],
        remote_repos={"mirror": mirror.rstrip("/")} if mirror else None,
        timeout=_TIMEOUT_SECONDS,
        offline=False,
    )
    component = context.project(artifact.group, artifact.name).at_version(artifact.version)
    try:
        return component.artifact(packaging=artifact.packaging).resolve()
    except OSError as error:
        raise OSError(f"the repository cannot be reached, or ended the connection ({type(error).__name__})") from error
    except RuntimeError as error:
        raise RuntimeError("the repository does not have this file, or refuses it") from error
