"""The embedded servers: a real Kafka and a real Elasticsearch as child processes; only Python must be installed."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from services.local import elasticsearch, kafka, places, ports
from services.local.artifacts import Artifact, fetch, pinned
from services.local.errors import HomeUnusable, NotSupported, StartCancelled
from services.local.lock import HomeLock
from services.local.places import Home
from services.local.process import Server, Spawner
from services.local.progress import Event, OnProgress, Ready, Starting, Stopped, silent

DEFAULT_HOME = Path(".broadsheet")
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0


@dataclass(slots=True)
class _Kept:
    """A server, how long it may take to stop, and when to start it again after it ended by itself."""

    server: Server
    patience: float
    pause: float = FIRST_PAUSE_SECONDS
    due: float | None = None


class LocalStack:
    """Kafka and Elasticsearch on this machine, for as long as this process lives.

    As a context manager it starts them and stops them. The servers listen on 127.0.0.1 only, keep their data in the
    home directory between runs, and end with this process, even if it is killed. Their files are downloaded once.
    """

    def __init__(  # noqa: PLR0913 - each with a default that suits
        self,
        home: Path = DEFAULT_HOME,
        *,
        cache: Path | None = None,
        kafka_port: int | None = None,
        elasticsearch_port: int | None = None,
        kafka_heap: str = "256m",
        elasticsearch_heap: str = "512m",
        with_kafka: bool = True,
        snapshots: Path | None = None,
        on_progress: OnProgress = silent,
    ) -> None:
        """Describe the servers; nothing is started yet.

        Args:
            home: the directory for their data and logs; created if it does not exist.
            cache: the directory for the downloads; None: see `services.local.places.cache_directory`.
            kafka_port: None means 19092, 0 means any free port.
            elasticsearch_port: None means 19200, 0 means any free port.
            kafka_heap: memory for Kafka's objects, as Java writes it.
            elasticsearch_heap: the same for Elasticsearch.
            with_kafka: False starts Elasticsearch alone, for work that needs no stream.
            snapshots: a directory where Elasticsearch may keep snapshots, in a repository of type `fs`; None: nowhere.
            on_progress: receives an event for each download, and when a server starts, is ready, or stops.
        """
        self._home = Home(home.absolute())
        self._cache = cache
        self._wanted = (kafka_port, elasticsearch_port)
        self._heaps = (kafka_heap, elasticsearch_heap)
        self._with_kafka = with_kafka
        self._snapshots = snapshots
        self._on_progress = on_progress
        self._telling = threading.Lock()
        self._ports = ports.Ports(0, 0, 0)
        self._lock: HomeLock | None = None
        self._spawner: Spawner | None = None
        self._servers: list[_Kept] = []

    @property
    def kafka(self) -> str:
        """Kafka's bootstrap address, host:port; known after the start."""
        return f"{ports.HOST}:{self._ports.kafka}"

    @property
    def elasticsearch(self) -> str:
        """Elasticsearch's URL; known after the start."""
        return f"http://{ports.HOST}:{self._ports.elasticsearch}"

    @property
    def logs(self) -> tuple[Path, Path]:
        """The log files of Kafka and Elasticsearch in this run."""
        return (self._home.kafka_log, self._home.elasticsearch_log)

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The process ids of the servers; every server leads its own process group."""
        return tuple(kept.server.process_id for kept in self._servers)

    def start(self) -> Self:
        """Download missing files, start both servers at the same time, and return when both are ready.

        Raises:
            LocalStackError: a server cannot start; no server is left running (see `services.local.errors`).
        """
        if self._lock is not None:
            raise RuntimeError("the servers are started already")
        try:
            with _in_plain_words():
                self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def tend(self) -> list[str]:
        """Restart a server that ended by itself, but only as often as its pauses allow; do not wait for it.

        Returns:
            The name of every server that has ended and how it ended, for people.
        """
        ended = []
        for kept in self._servers:
            if not kept.server.alive and kept.due is None:
                ended.append(f"{kept.server.command.server} ended with {kept.server.ending}")
                kept.due = time.monotonic() + kept.pause
                kept.pause = min(kept.pause * 2, LONGEST_PAUSE_SECONDS)
            if kept.due is not None and time.monotonic() >= kept.due and self._spawner is not None:
                kept.due = None
                kept.server = self._spawner.start(kept.server.command)
        return ended

    def check(self) -> None:
        """Do nothing if both servers run.

        Raises:
            ServerDied: a server ended by itself.
        """
        for kept in self._servers:
            kept.server.check()

    def stop(self) -> None:
        """Stop both servers and wait until they are gone; do nothing if they were not started."""
        asked = time.monotonic()
        for kept in self._servers:
            kept.server.terminate()
        for kept in self._servers:
            kept.server.wait_gone(kept.patience)
            self._tell(Stopped(kept.server.command.server, time.monotonic() - asked))
        self._servers.clear()
        if self._spawner is not None:
            self._spawner.close()
            self._spawner = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _start(self) -> None:
        user = places.server_user()
        java = places.java_home(user)
        self._home.root.mkdir(parents=True, exist_ok=True)
        self._lock = HomeLock(self._home.root)
        self._spawner = spawner = Spawner(self._lock.inherited)
        self._ports = ports.choose(*self._wanted)
        cache = (self._cache or places.cache_directory()).absolute()
        cancel = threading.Event()
        kafka_heap, elasticsearch_heap = self._heaps

        def download(wanted: Callable[[Artifact], bool]) -> list[Path]:
            return fetch([each for each in pinned() if wanted(each)], cache, _download, self._tell, cancel)

        def start_kafka() -> None:
            jars = download(lambda each: each.packaging == "jar")
            command = kafka.prepare(self._home, self._ports, java=java, jars=jars, heap=kafka_heap)
            self._tell(Starting(kafka.NAME))
            server = self._keep(spawner.start(command), kafka.STOP_SECONDS)
            seconds = server.wait_ready(lambda: kafka.is_ready(self._ports), kafka.READY_SECONDS, cancel)
            self._tell(Ready(kafka.NAME, self.kafka, seconds))

        def start_elasticsearch() -> None:
            archive = download(lambda each: each.packaging == "zip")[0]
            distribution = elasticsearch.unpack(archive, cache, user)
            command = elasticsearch.prepare(
                self._home,
                self._ports,
                java=java,
                distribution=distribution,
                heap=elasticsearch_heap,
                user=user,
                more={"path.repo": str(self._snapshots.absolute())} if self._snapshots else None,
            )
            self._tell(Starting(elasticsearch.NAME))
            server = self._keep(spawner.start(command), elasticsearch.STOP_SECONDS)
            seconds = server.wait_ready(
                lambda: elasticsearch.is_ready(self._ports), elasticsearch.READY_SECONDS, cancel
            )
            self._tell(Ready(elasticsearch.NAME, self.elasticsearch, seconds))

        starts = (start_kafka, start_elasticsearch) if self._with_kafka else (start_elasticsearch,)
        with ThreadPoolExecutor(2) as side_by_side:
            started: list[Future[None]] = [side_by_side.submit(each) for each in starts]
            try:
                wait(started, return_when=FIRST_EXCEPTION)
            finally:
                cancel.set()
        failures = [failure for each in started if (failure := each.exception())]
        if failures:
            # Raise the cause first: an error in one server also cancels the other, which tells nothing new.
            raise min(failures, key=lambda failure: isinstance(failure, StartCancelled))

    def _keep(self, server: Server, patience: float) -> Server:
        self._servers.append(_Kept(server, patience))
        return server

    def _tell(self, event: Event, /) -> None:
        with self._telling:
            self._on_progress(event)


def _download(artifact: Artifact, folder: Path, received: Callable[[int], None], /) -> Path:
    from services.local.maven import download  # noqa: PLC0415 - needed only when a file is missing; takes 0.3 s

    return download(artifact, folder, received)


@contextmanager
def _in_plain_words() -> Iterator[None]:
    """Turn the system's errors about this machine or its directories into our own errors."""
    if sys.platform not in {"linux", "darwin"}:
        raise NotSupported(f"The embedded servers run on Linux and macOS, not on {sys.platform}.")
    try:
        yield
    except ModuleNotFoundError as error:
        reason = f"The embedded servers need the package {error.name}: pip install 'broadsheet[local]'."
        raise NotSupported(reason) from error
    except OSError as error:
        if error.filename is None:
            raise
        raise HomeUnusable(error) from error
