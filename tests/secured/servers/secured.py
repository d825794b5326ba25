"""The secured servers as a test sees them: where they are, who they know, and everybody's password."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import secrets
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.local import ports
from services.runtime.settings import Settings, load_settings
from tests.secured.rendered import SUPERUSER, accounts

if TYPE_CHECKING:
    from pathlib import Path

    from services.local.places import Home
    from tests.secured.servers.certificates import Certificates

STEPS = 10_000
PARTITIONS = 2


@dataclass(slots=True)
class Secured:
    """The servers, and everybody's password."""

    home: Home
    ports: ports.Ports
    certificates: Certificates
    stranger: Certificates
    kafka_passwords: dict[str, str]
    elasticsearch_passwords: dict[str, str]
    _line: http.client.HTTPSConnection | None = None

    @property
    def logs(self) -> tuple[Path, Path]:
        return self.home.kafka_log, self.home.elasticsearch_log

    def settings(self, user: str | None, account: str | None = None, **more: Any) -> Settings:
        """The settings of a process that is `user` on Kafka and `account` (if left out, the same) on Elasticsearch."""
        return load_settings(**{**self.variables(user, account), **more})

    def variables(self, user: str | None, account: str | None = None) -> dict[str, Any]:
        known = user if account is None and user in self.elasticsearch_passwords else account
        found: dict[str, Any] = {
            "kafka": f"{ports.HOST}:{self.ports.kafka}",
            "kafka_ca": self.certificates.authority,
            "elasticsearch": self.elasticsearch,
            "elasticsearch_ca": self.certificates.authority,
            "partitions": PARTITIONS,
            # On a busy machine a heartbeat is late by seconds, and a worker that lost its place starts its batch again.
            "session_timeout": 30,
        }
        if user is not None:
            found |= {"kafka_user": user, "kafka_password": self.kafka_passwords[user]}
        if known is not None:
            found |= {"elasticsearch_user": known, "elasticsearch_password": self.elasticsearch_passwords[known]}
        return found

    @property
    def elasticsearch(self) -> str:
        return f"https://{ports.HOST}:{self.ports.elasticsearch}"

    def superuser(self) -> Settings:
        return self.settings(SUPERUSER, SUPERUSER)

    def ask(
        self, account: str, method: str, path: str, body: object = None, *, password: str | None = None
    ) -> tuple[int, Any]:
        """Send a request to Elasticsearch as an account; return the status and the answer."""
        told = f"{account}:{password or self.elasticsearch_passwords[account]}".encode()
        headers = {"authorization": f"Basic {base64.b64encode(told).decode()}", "content-type": "application/json"}
        if isinstance(body, list):
            data: str | None = "".join(json.dumps(one) + "\n" for one in body)
        else:
            data = None if body is None else json.dumps(body)
        if self._line is None:
            context = ssl.create_default_context(cafile=str(self.certificates.authority))
            self._line = http.client.HTTPSConnection(ports.HOST, self.ports.elasticsearch, timeout=120, context=context)
        try:
            self._line.request(method, f"/{path}", data, headers)
            answer = self._line.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def remove_indices(self) -> None:
        """Remove every index of ours, as on a new cluster."""
        _, found = self.ask(SUPERUSER, "GET", "_all?expand_wildcards=all")
        for index in found:
            if not index.startswith("."):
                self.ask(SUPERUSER, "DELETE", index)

    def close(self) -> None:
        """Close the connection that `ask` keeps."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def write_users(self) -> None:
        """Write Elasticsearch's accounts as its file realm has them; a running server takes them up by itself."""
        place = self.home.elasticsearch.resolve() / "config"
        for name, text in self.realm().items():
            (place / name).write_text(text, "utf-8")

    def realm(self) -> dict[str, str]:
        """The files of the file realm, and the roles."""
        known = {SUPERUSER: "superuser", **{one: one for one in accounts()}}
        hashes = {one: _hashed(self.elasticsearch_passwords[one]) for one in known}
        return {
            "users": "".join(f"{one}:{hashed}\n" for one, hashed in hashes.items()),
            "users_roles": "".join(f"{role}:{one}\n" for one, role in known.items()),
        }


def _hashed(password: str) -> str:
    """As `elasticsearch-users` writes it with the hasher pbkdf2 (PBKDF2 with HMAC-SHA-512, 256 bits)."""
    salt = secrets.token_bytes(32)
    derived = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, STEPS, 32)
    return f"{{PBKDF2}}{STEPS}${base64.b64encode(salt).decode()}${base64.b64encode(derived).decode()}"


def new_password() -> str:
    return f"geheim-{secrets.token_hex(12)}"
