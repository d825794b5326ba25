"""An authority and a server's certificate for 127.0.0.1, made with the `openssl` command."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


@dataclass(frozen=True, slots=True)
class Certificates:
    """PEM files: the authority, and a server's key and certificate that it signed."""

    authority: Path
    key: Path
    certificate: Path

    @property
    def keystore(self) -> str:
        """Kafka's key store: key, certificate and authority in one text."""
        return "".join(part.read_text("ascii") for part in (self.key, self.certificate, self.authority))


def new_certificates(folder: Path, name: str, *, days: int = 2) -> Certificates:
    """Make an authority called `name` and a certificate that is valid for so many days."""
    authority, authority_key = folder / f"{name}-ca.crt", folder / f"{name}-ca.key"
    key, request, certificate = (folder / f"{name}-server.{kind}" for kind in ("key", "csr", "crt"))
    _openssl("req", "-x509", *CURVE, "-keyout", authority_key, "-out", authority, "-subj", f"/CN={name}", "-days", "2")
    _openssl("req", *CURVE, "-keyout", key, "-out", request, "-subj", "/CN=broadsheet-test")
    extensions = folder / f"{name}.ext"
    extensions.write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n", "ascii")
    signed = ("-CA", authority, "-CAkey", authority_key, "-CAcreateserial", "-days", str(days), "-extfile", extensions)
    _openssl("x509", "-req", "-in", request, "-out", certificate, *signed)
    return Certificates(authority, key, certificate)


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
