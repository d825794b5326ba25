"""Elasticsearch as a single node: its files, its command, and when it is ready."""

import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

from services.local.places import Home, elasticsearch_home, install, open_place
from services.local.ports import HOST, Ports
from services.local.process import Command, responds

NAME = "Elasticsearch"
READY_SECONDS = 180.0
STOP_SECONDS = 30.0
_LAUNCHER = "org.elasticsearch.launcher.CliToolLauncher"
_LAUNCHER_JVM = ("-Xms4m", "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
LOG4J = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] [%node_name]%marker %m%consoleException%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""


def settings(place: Path, ports: Ports, more: Mapping[str, str | int | bool] | None = None) -> str:
    """Render elasticsearch.yml for a node with its data in the directory `place`."""
    values: dict[str, str | int | bool] = {
        "cluster.name": "broadsheet",
        "node.name": "local",
        "path.data": str(place / "data"),
        "path.logs": str(place / "logs"),
        "network.host": HOST,
        "http.port": ports.elasticsearch,
        "transport.port": 0,
        "discovery.type": "single-node",
        # Create an index only with its mapping, never because a client mistyped a name.
        "action.auto_create_index": False,
        # A single node with a nearly full disk has nowhere to move its shards, so refusing writes would not help.
        "cluster.routing.allocation.disk.threshold_enabled": False,
        "xpack.ml.enabled": False,
        "xpack.security.enabled": False,
        **(more or {}),
    }
    # A JSON value is also a YAML value, whatever characters it has.
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())


def jvm_options(place: Path, heap: str) -> str:
    """Render jvm.options: the shipped options without the module jdk.incubator.vector, which our Java runtime lacks."""
    options = (
        f"-Xms{heap}",
        f"-Xmx{heap}",
        "-XX:+UseSerialGC",
        # Use only the quick compiler: the start takes 6 s instead of 10 s.
        "-XX:TieredStopAtLevel=1",
        "-XX:+ExitOnOutOfMemoryError",
        f"-XX:ErrorFile={place / 'logs' / 'hs_err_pid%p.log'}",
        f"-Djava.io.tmpdir={place / 'tmp'}",
    )
    return "".join(f"{option}\n" for option in options)


def unpack(archive: Path, cache: Path, user: int | None) -> Path:
    """Unpack the distribution once, in a place that its user can read, and return its directory."""

    def fill(folder: Path) -> Path:
        with zipfile.ZipFile(archive) as content:
            content.extractall(folder)
        return folder / archive.stem

    return install(open_place(cache / archive.stem, archive.stem, user), fill)


def prepare(  # noqa: PLR0913 - each is a place, a size or a user of its own
    home: Home,
    ports: Ports,
    *,
    java: Path,
    distribution: Path,
    heap: str,
    user: int | None,
    more: Mapping[str, str | int | bool] | None = None,
    files: Mapping[str, str] | None = None,
) -> Command:
    """Write the configuration and return the command that starts Elasticsearch.

    Args:
        home: the place for its data and log.
        ports: the ports it listens on.
        java: the Java runtime's directory.
        distribution: the directory that `unpack` returned.
        heap: the memory for its objects, as Java writes it: "512m".
        user: the user and group id to run as; None means our own.
        more: settings that are added to elasticsearch.yml or replace its own, such as those of a secured server.
        files: more files of its configuration, name -> text, such as users and roles.
    """
    place = elasticsearch_home(home, user)
    configuration = place / "config"
    shutil.rmtree(place / "tmp", ignore_errors=True)
    for folder in (configuration, place / "data", place / "logs", place / "tmp"):
        folder.mkdir(exist_ok=True)
    (configuration / "elasticsearch.yml").write_text(settings(place, ports, more), "utf-8")
    (configuration / "jvm.options").write_text(jvm_options(place, heap), "utf-8")
    (configuration / "log4j2.properties").write_text(LOG4J, "ascii")
    for name, text in (files or {}).items():
        (configuration / name).write_text(text, "utf-8")
    if user is not None:
        for each in (place, *place.rglob("*")):
            os.chown(each, user, user, follow_symlinks=False)
    libraries = os.pathsep.join(str(distribution / "lib" / each) for each in ("*", "cli-launcher/*"))
    # The command that bin/elasticsearch runs in the end; it needs no bash.
    arguments = (
        str(java / "bin" / "java"),
        *_LAUNCHER_JVM,
        "-Dcli.name=server",
        f"-Dcli.script={distribution / 'bin' / 'elasticsearch'}",
        "-Dcli.libs=lib/tools/server-cli",
        f"-Des.path.home={distribution}",
        f"-Des.path.conf={configuration}",
        "-Des.distribution.type=zip",
        "-Des.java.type=ES_JAVA_HOME",
        "-cp",
        libraries,
        _LAUNCHER,
    )
    environment = {
        "PATH": os.defpath,
        "LC_ALL": "C.UTF-8",
        "HOME": str(place / "tmp"),
        "ES_JAVA_HOME": str(java),
        "ES_PATH_CONF": str(configuration),
        "ES_TMPDIR": str(place / "tmp"),
    }
    return Command(NAME, arguments, distribution, environment, home.elasticsearch_log, user)


def is_ready(ports: Ports) -> bool:
    """Return whether every primary shard is ready for searches."""
    return responds(HOST, ports.elasticsearch, "/_cluster/health?wait_for_status=yellow&timeout=1s")
