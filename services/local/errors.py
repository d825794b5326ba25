"""What can go wrong with the embedded servers.

    LocalStackError
    ├── NotSupported     this machine, installation or account cannot run them
    ├── HomeBusy         another run uses the same home directory
    ├── HomeUnusable     the home or cache directory cannot be written
    ├── PortTaken        another program listens where a server should
    ├── DownloadFailed   a file could not be had, or is not the one we pinned
    ├── ServerDied       a server ended, or did not answer in time
    └── StartCancelled   the start was given up because something else went wrong

The text of each is one or two plain lines that say what happened and what to do: show it as it is.
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
            "Or use servers of your own: set BROADSHEET_KAFKA (host:port) and BROADSHEET_ELASTICSEARCH (URL)."
        )


class HomeBusy(LocalStackError):
    """Another run holds the home directory.

    Args:
        home: the home directory.
        holder: process id of the other run, 0 if unknown.
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
            "If another user made it, give it back or remove it; else choose another directory."
        )


class PortTaken(LocalStackError):
    """Another program listens on a port a server needs.

    Args:
        server: for whom the port was wanted, e.g. "Kafka".
        port: the port on 127.0.0.1.
        setting: the variable that chooses another port.
    """

    def __init__(self, server: str, port: int, setting: str) -> None:
        self.port = port
        super().__init__(
            f"Port {port}, wanted for {server}, is taken by another program (`lsof -i :{port}` names it).\n"
            f"Stop that program, or choose another port: {setting}=0 takes any free one."
        )


class DownloadFailed(LocalStackError):
    """A pinned file could not be downloaded, or what came was not the pinned file."""

    def __init__(self, file: str, reason: str) -> None:
        self.file = file
        super().__init__(
            f"Could not download {file}: {reason}\n"
            "Check the network (a proxy is taken from HTTPS_PROXY, a mirror from BROADSHEET_MAVEN) and run it again; "
            "what has arrived is kept."
        )


class ServerDied(LocalStackError):
    """A server ended by itself, or did not answer before its deadline.

    Args:
        server: its name.
        what: what it did, e.g. "ended with exit code 1".
        log: where its log is.
        tail: the last lines of that log.
    """

    def __init__(self, server: str, what: str, log: Path, tail: tuple[str, ...]) -> None:
        self.server = server
        self.log = log
        self.tail = tail
        last = f": {tail[-1]}" if tail else "."
        super().__init__(f"{server} {what}{last}\nIts log has the reason: {log}")


class StartCancelled(LocalStackError):
    """One server's start was given up because the other's failed, or the user stopped the run."""

    def __init__(self) -> None:
        super().__init__("The start of the embedded servers was given up.\nRun it again.")
