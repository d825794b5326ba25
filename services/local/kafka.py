"""Kafka as a single node that is broker and controller (KRaft): its files, its commands, and when it is ready."""

import base64
import os
import shutil
import socket
import struct
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

from services.local.errors import ServerDied
from services.local.places import Home
from services.local.ports import HOST, Ports
from services.local.process import Command, tail

NAME = "Kafka"
READY_SECONDS = 120.0
STOP_SECONDS = 30.0
_FORMAT_SECONDS = 120.0
_JVM = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8")
_LOG4J = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %-5p %c{1.} %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""


def settings(ports: Ports, more: Mapping[str, str] | None = None) -> str:
    """Render server.properties with relative paths, because the home directory's name may contain any character."""
    listeners = f"PLAINTEXT://{HOST}:{ports.kafka},CONTROLLER://{HOST}:{ports.controller}"
    values = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.bootstrap.servers": f"{HOST}:{ports.controller}",
        "listeners": listeners,
        "advertised.listeners": listeners,
        "inter.broker.listener.name": "PLAINTEXT",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "log.dirs": "log",
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": "0",
        # A single node has the only replica of everything, and its internal topics need few partitions.
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "8",
        # Kafka reads this complete topic at the start, and never compacts the segment that it still writes to. By
        # default that segment has 100 MB.
        "offsets.topic.segment.bytes": str(1024 * 1024),
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "transaction.state.log.num.partitions": "8",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "share.coordinator.state.topic.num.partitions": "8",
        # After a SIGKILL the next start waits for the old session to run out: 7 s in all, against 14 s.
        "broker.session.timeout.ms": "3000",
        "broker.heartbeat.interval.ms": "1000",
        # The default would take half of the small heap.
        "log.cleaner.dedupe.buffer.size": str(32 * 1024 * 1024),
    }
    return "".join(f"{key}={value}\n" for key, value in (values | dict(more or {})).items())


def prepare(  # noqa: PLR0913 - each is a place, a size or a choice of its own
    home: Home,
    ports: Ports,
    *,
    java: Path,
    jars: list[Path],
    heap: str,
    more: Mapping[str, str] | None = None,
    formatted_with: Sequence[str] = (),
) -> Command:
    """Write the configuration, format the storage if it is new, and return the command that starts Kafka.

    Args:
        home: the place for its data and log.
        ports: the ports it listens on.
        java: the Java runtime's directory.
        jars: its libraries.
        heap: the most memory for its objects, as Java writes it: "256m".
        more: settings that are added to server.properties or replace its own, such as those of a secured server.
        formatted_with: more arguments of the command that formats the storage, such as those that add users.

    Raises:
        ServerDied: the storage could not be formatted.
    """
    home.kafka.mkdir(parents=True, exist_ok=True)
    (home.kafka / "server.properties").write_text(settings(ports, more), "ascii")
    (home.kafka / "log4j2.properties").write_text(_LOG4J, "ascii")
    run = (
        str(java / "bin" / "java"),
        *_JVM,
        "-Dlog4j2.configurationFile=log4j2.properties",
        "-cp",
        os.pathsep.join(str(jar) for jar in jars),
    )
    # Kafka writes this file last when it formats.
    if not (home.kafka / "log" / "meta.properties").exists():
        _format(home, run, formatted_with)
    return Command(
        server=NAME,
        arguments=(run[0], "-Xms64m", f"-Xmx{heap}", *run[1:], "kafka.Kafka", "server.properties"),
        directory=home.kafka,
        environment=_environment(),
        log=home.kafka_log,
    )


def is_ready(ports: Ports) -> bool:
    """Return whether Kafka answers a metadata request (version 1, about no topic) and names a broker."""
    request = struct.pack(">hhih i", 3, 1, 0, -1, 0)
    try:
        with socket.create_connection((HOST, ports.kafka), timeout=5) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            with connection.makefile("rb") as answer:
                head = answer.read(12)
    except OSError:
        return False
    return len(head) == 12 and struct.unpack(">iii", head)[2] > 0  # noqa: PLR2004 - length, correlation id, brokers


def _format(home: Home, run: tuple[str, ...], more: Sequence[str]) -> None:
    shutil.rmtree(home.kafka / "log", ignore_errors=True)
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode("ascii").rstrip("=")
    arguments = ("format", f"--cluster-id={cluster}", "--config=server.properties", "--standalone", *more)
    home.kafka_log.parent.mkdir(parents=True, exist_ok=True)
    with home.kafka_log.open("wb") as log:
        done = subprocess.run(  # noqa: S603 - the command is made by this package alone
            (*run, "kafka.tools.StorageTool", *arguments),
            cwd=home.kafka,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            timeout=_FORMAT_SECONDS,
            check=False,
        )
    if done.returncode:
        raise ServerDied(NAME, "could not format its storage", home.kafka_log, tail(home.kafka_log))


def _environment() -> dict[str, str]:
    # Java takes the encoding of file names from the locale.
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
