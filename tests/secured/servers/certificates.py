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


def new_certificates(folder: Path, name: str) -> Certificates:
    """Make an authority called `name`, and a certificate that it signed."""
    authority, key, certificate = (folder / f"{name}-{file}" for file in ("ca.crt", "server.key", "server.crt"))
    made = ("-keyout", authority.with_suffix(".key"), "-out", authority, "-subj", f"/CN={name}", "-days", "2")
    _openssl("req", "-x509", *CURVE, *made)
    certificates = Certificates(authority, key, certificate)
    renew(certificates)
    return certificates


def renew(certificates: Certificates, *dates: str) -> None:
    """Replace the server's key and certificate by new ones of the same authority.

    Args:
        certificates: the files.
        dates: options of `openssl x509` that say how long the certificate is valid; without them, two days.
    """
    request, extensions = certificates.key.with_suffix(".csr"), certificates.key.with_suffix(".ext")
    _openssl("req", *CURVE, "-keyout", certificates.key, "-out", request, "-subj", "/CN=broadsheet-test")
    extensions.write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n", "ascii")
    authority = ("-CA", certificates.authority, "-CAkey", certificates.authority.with_suffix(".key"))
    signed = (*authority, "-CAcreateserial", *(dates or ("-days", "2")), "-extfile", extensions)
    _openssl("x509", "-req", "-in", request, "-out", certificates.certificate, *signed)


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
