"""Build the image of the Dockerfile, and run the pipeline from it: `python -m benchmarks.image`, or `make image`.

It needs root, and buildah and crun of Debian. Where no registry can be reached, debootstrap makes the base: Debian 13
with its Python 3.13, in the place of `python:3.13` and `python:3.13-slim`. The Dockerfile stays as it is.

The program prints the size, and compares what is installed inside with requirements.lock. Then each process runs in a
container of its own, as the image's user, with a root that can only be read, a small /tmp, no capability, and the
limits of docker-compose.yml. The servers are embedded ones outside. A page is published, and searched for at the desk.
The exit code is 1 if the contents differ, or if the page does not arrive.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import quote

import typer
from rich.console import Console

from services.local.ports import HOST, free
from services.local.progress import TerminalProgress
from services.local.stack import LocalStack
from services.runtime.names import STAGES
from tests.servers import temporary_home

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[1]
WORK: Final = ROOT / "build" / "image"
PYTHON: Final = "3.13"
IMAGE: Final = "localhost/broadsheet:local"
BASES: Final = (f"docker.io/library/python:{PYTHON}", f"docker.io/library/python:{PYTHON}-slim")
RELEASE: Final = "trixie"
LIMIT_BYTES: Final = 1 << 30
"""Memory of each container, as in docker-compose.yml."""
PATIENCE_SECONDS: Final = 240.0
INSIDE: Final = "import importlib.metadata as m; print(*sorted(f'{d.name}=={d.version}' for d in m.distributions()))"
PROBE: Final = (
    "id -u; for place in / /opt/broadsheet /etc; do touch $place/x 2>/dev/null && echo writable $place; done; true"
)


def buildah(*arguments: str) -> str:
    """Run buildah on a store of our own; return what it prints.

    Raises:
        subprocess.CalledProcessError: it fails.
    """
    store = ("--storage-driver", os.environ.get("STORAGE_DRIVER", "overlay"))
    place = ("--root", str(WORK / "store"), "--runroot", str(WORK / "run"))
    done = subprocess.run(["buildah", *store, *place, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def ensure_bases(console: Console) -> None:
    """Get both base images from the registry, or make them from Debian's packages."""
    with contextlib.suppress(subprocess.CalledProcessError):
        for base in BASES:
            buildah("pull", "--quiet", "--policy", "missing", base)
        return
    console.print("no registry can be reached: debootstrap makes the base")
    root = WORK / "base"
    shutil.rmtree(root, ignore_errors=True)
    packages = "python3,python3-venv,ca-certificates"
    subprocess.run(
        ["debootstrap", "--variant=minbase", f"--include={packages}", RELEASE, str(root)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (root / "usr/bin/python").symlink_to("python3")
    for used in ("var/cache/apt/archives", "var/lib/apt/lists"):
        shutil.rmtree(root / used)
    container = buildah("from", "scratch")
    buildah("add", "--quiet", container, str(root), "/")
    for base in BASES:
        buildah("commit", "--quiet", container, base)
    buildah("rm", container)


def build() -> str:
    """Build the image; return the folder where its files are mounted."""
    volumes = [f"{given}:/etc/ssl/certs/ca-certificates.crt:ro" for given in (os.environ.get("PIP_CERT"),) if given]
    if volumes:
        settings = WORK / "pip.conf"
        settings.write_text("[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n", "utf-8")
        volumes.append(f"{settings}:/etc/pip.conf:ro")
    given = [part for volume in volumes for part in ("--volume", volume)]
    buildah("build", "--quiet", "--isolation", "chroot", "--pull-never", *given, "--tag", IMAGE, str(ROOT))
    return buildah("mount", buildah("from", "--pull-never", IMAGE))


def contents(files: Path, console: Console) -> bool:
    """Print the image's size and packages; return whether they are those of the lock, and ours."""
    size = sum(one.lstat().st_size for one in files.rglob("*") if one.is_file() and not one.is_symlink())
    ours = sum(one.lstat().st_size for one in (files / "opt").rglob("*") if one.is_file() and not one.is_symlink())
    said = subprocess.run(
        ["chroot", str(files), "/opt/broadsheet/bin/python", "-c", INSIDE], check=True, capture_output=True, text=True
    )
    installed = {normal(one) for one in said.stdout.split()}
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    locked = set(re.findall(r"^([a-z0-9-]+==[^ ]+)", lock, re.MULTILINE))
    elsewhere = set(re.findall(r"^([a-z0-9-]+==[^ ]+) ;", lock, re.MULTILINE))
    extra = {one for one in installed - locked if not one.startswith("broadsheet==")}
    missing = locked - installed - elsewhere
    console.print(
        f"{size / 1e6:.0f} MB, of them {ours / 1e6:.0f} MB Broadsheet and its {len(installed) - 1} packages; "
        f"not in the lock: {extra or 'none'}; missing: {missing or 'none'}"
    )
    return not (extra or missing)


def normal(pinned: str) -> str:
    """Return `name==version` with the name as the lock writes it (PEP 503)."""
    name, version = pinned.split("==")
    return f"{re.sub('[-_.]+', '-', name).lower()}=={version}"


def container(files: str, name: str, settings: dict[str, str], *command: str) -> subprocess.Popen[str]:
    """Start a command in a container of its own, as the image says and docker-compose.yml limits it."""
    config: dict[str, Any] = json.loads(buildah("inspect", "--type", "image", IMAGE))["OCIv1"]["config"]
    user, group = map(int, config["User"].split(":"))
    tmp = {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "nodev", "mode=1777"]}  # noqa: S108  # the container's
    bundle = WORK / "bundles" / name
    shutil.rmtree(bundle, ignore_errors=True)
    bundle.mkdir(parents=True)
    subprocess.run(["crun", "spec"], check=True, cwd=bundle)
    spec = json.loads((bundle / "config.json").read_text("utf-8"))
    spec["root"] = {"path": files, "readonly": True}
    spec["process"] |= {
        "terminal": False,
        "user": {"uid": user, "gid": group},
        "args": list(command),
        "env": [*config["Env"], *(f"{key}={value}" for key, value in settings.items())],
        "cwd": config["WorkingDir"],
        "capabilities": {},
        "noNewPrivileges": True,
    }
    spec["mounts"].append(tmp)
    # The servers listen on this machine's loopback address.
    spec["linux"]["namespaces"] = [one for one in spec["linux"]["namespaces"] if one["type"] != "network"]
    spec["linux"]["resources"] = {"memory": {"limit": LIMIT_BYTES}, "pids": {"limit": 256}}
    (bundle / "config.json").write_text(json.dumps(spec), "utf-8")
    # crun refuses a machine with both generations of control groups; in a mount namespace of its own it sees one.
    run = "umount /sys/fs/cgroup/unified 2>/dev/null; exec crun run --bundle $0 $1"
    with (bundle / "log").open("w") as log:
        return subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", run, str(bundle), f"broadsheet-{name}-{os.getpid()}"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )


@contextlib.contextmanager
def running(files: str, settings: dict[str, str], ports: dict[str, int]) -> Iterator[None]:
    """Run every process in a container of its own."""
    started = [
        container(files, name, settings | {"BROADSHEET_HTTP_PORT": str(port)}, "python", "-m", f"services.{name}")
        for name, port in ports.items()
    ]
    try:
        yield
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.wait(60)


def once(files: str, name: str, settings: dict[str, str], *command: str) -> str:
    """Run a command in a container until it ends; return what it prints.

    Raises:
        RuntimeError: it fails.
    """
    process = container(files, name, settings, *command)
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    if process.returncode:
        log = (WORK / "bundles" / name / "log").read_text("utf-8")
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {said}{log}")
    return said


def answer(url: str) -> str:
    """Return what an address answers; empty: it does not answer, or not with 200."""
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=10) as got:  # noqa: S310  # our own address
        return str(got.read().decode())
    return ""


def until(condition: Any, what: str) -> float:
    """Wait until a condition is true; return the seconds that it took.

    Raises:
        TimeoutError: it takes too long.
    """
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > PATIENCE_SECONDS:
            raise TimeoutError(f"{what} is not so after {PATIENCE_SECONDS:.0f} s; the logs are in {WORK / 'bundles'}")
        time.sleep(0.5)
    return time.monotonic() - began


def try_out(files: str, console: Console) -> None:
    """Publish a page and find it, with every process in a container."""
    ports = {name: free(0) for name in (*STAGES, "desk")}
    desk = free(0)
    with temporary_home() as home:
        progress = TerminalProgress(console)
        with LocalStack(home, kafka_port=0, elasticsearch_port=0, on_progress=progress) as stack:
            settings = {
                "BROADSHEET_KAFKA": stack.kafka,
                "BROADSHEET_ELASTICSEARCH": stack.elasticsearch,
                "BROADSHEET_PARTITIONS": "2",
                "BROADSHEET_HTTP_HOST": HOST,
                "BROADSHEET_DESK_PORT": str(desk),
            }
            user, *writable = once(files, "probe", settings, "sh", "-c", PROBE).split("\n")
            console.print(f"runs as user {user}; writable outside /tmp: {' '.join(writable).strip() or 'nothing'}")
            once(files, "setup", settings, "broadsheet", "setup")
            with running(files, settings, ports):
                took = until(
                    lambda: (
                        all(answer(f"http://{HOST}:{port}/ready") for name, port in ports.items() if name in STAGES)
                        and answer(f"http://{HOST}:{desk}/ready")
                    ),
                    "every container ready",
                )
                console.print(f"{len(ports)} containers were ready after {took:.0f} s")
                page = "/opt/broadsheet/lib/python3.13/site-packages/seeds/sample/page-01.txt"
                where = ("--paper", "茂名日报", "--date", "2023-08-15", "--page", "1")
                once(files, "publish", settings, "broadsheet", "publish", page, *where)
                found = f"http://{HOST}:{desk}/api/search?q={quote('茂名')}"
                took = until(lambda: json.loads(answer(found) or '{"total": 0}')["total"], "the page found")
                console.print(f"a page that a container published was found at the desk after {took:.1f} s")


def main(*, keep: Annotated[bool, typer.Option(help="Use the image that was built last.")] = False) -> None:
    """Build, look inside, run."""
    console = Console()
    WORK.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    if not keep:
        ensure_bases(console)
    files = build() if not keep else buildah("mount", buildah("from", "--pull-never", IMAGE))
    console.print(f"built in {time.monotonic() - began:.0f} s")
    sound = contents(Path(files), console)
    try_out(files, console)
    raise typer.Exit(not sound)


if __name__ == "__main__":
    typer.run(main)
