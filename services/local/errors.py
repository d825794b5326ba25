"""What can go wrong with the embedded servers.

    LocalStackError
    ├── NotSupported     this machine, installation or account cannot run them
    ├── HomeBusy         another run uses the same home directory
    ├── HomeUnusable     the home or cache directory cannot be written
    ├── PortTaken        another program listens where a server should
    ├── DownloadFailed   a file could not be downloaded, or is not the pinned file
    ├── ServerDied       a server ended, or did not answer in time
    └── StartCancelled   the start was stopped because something else went wrong

The text of every error is one or two plain lines that say what happened and what to do: show it as it is.
"""

from pathlib import Path

from services.runtime.errors import BroadsheetError


class LocalStackError(BroadsheetError):
    """Any failure of the embedded Kafka and Elasticsearch."""


class NotSupported(LocalStackError):
    """This machine, installation or account cannot run the embedded servers."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"{reason}\n"
            "Or set BROADSHEET_KAFKA (host:port) and BROADSHEET_ELASTICSEARCH (URL) to use servers of your own."
        )


class HomeBusy(LocalStackError):
    """Another run holds the home directory.

    Args:
        home: the home directory.
        holder: the process id of the other run, 0 if unknown.
    """

    def __init__(self, home: Path, holder: int) -> None:
        self.home = home
        self.holder = holder
        who = f"process {holder}" if holder else "another process"
        super().__init__(
            f"The servers of {home} are already running ({who}).\n"
            "Stop that run first, or give this one another home directory."
        )


class HomeUnusable(LocalStackError):
    """The home or cache directory cannot be written."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            f"Cannot write {error.filename}: {error.strerror}.\n"
            "If another user owns it, change its owner or remove it; otherwise choose another directory."
        )


class PortTaken(LocalStackError):
    """Another program listens on a port that a server needs.

    Args:
        server: the server that needs the port, such as "Kafka".
        port: the port on 127.0.0.1.
        setting: the variable that chooses another port.
    """

    def __init__(self, server: str, port: int, setting: str) -> None:
        self.port = port
        super().__init__(
            f"{server} needs port {port}, which another program uses (`lsof -i :{port}` names it).\n"
            f"Stop that program, or set {setting} to another port."
        )


class DownloadFailed(LocalStackError):
    """A pinned file could not be downloaded, or another file arrived."""

    def __init__(self, file: str, reason: str) -> None:
        self.file = file
        super().__init__(
            f"Could not download {file}: {reason}\n"
            "Check the network and run it again; files that arrived are kept. HTTPS_PROXY names a proxy, "
            "BROADSHEET_MAVEN a mirror."
        )


class ServerDied(LocalStackError):
    """A server ended by itself, or did not answer before its deadline.

    Args:
        server: the server's name.
        what: what happened, e.g. "ended with exit code 1".
        log: the path of its log.
        tail: the last lines of that log.
    """

    def __init__(self, server: str, what: str, log: Path, tail: tuple[str, ...]) -> None:
        self.server = server
        self.log = log
        self.tail = tail
        last = f": {tail[-1]}" if tail else "."
        super().__init__(f"{server} {what}{last}\nIts log has the reason: {log}")


class StartCancelled(LocalStackError):
    """One server's start was stopped because the other's failed, or because the user stopped the run."""

    def __init__(self) -> None:
        super().__init__("The embedded servers were stopped while they started.\nRun it again.")
