"""The settings: BROADSHEET_* environment variables, one list for every service and the command line."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from services.runtime.errors import BroadsheetError
from services.runtime.names import Names

LOCAL_HOST = "127.0.0.1"
HOST = re.compile(r"\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+")


def _is_prefix(value: str) -> str:
    if value and not (value[0].isalnum() and all(c.isascii() and (c.isalnum() or c in "._-") for c in value)):
        raise ValueError("use ASCII letters, digits, dot, dash and underscore, and begin with a letter or digit")
    if value != value.lower():
        raise ValueError("use lower case: Elasticsearch refuses capitals in index names")
    return value


def _split(value: Any) -> Any:
    return tuple(part for each in value.split(",") if (part := each.strip())) if isinstance(value, str) else value


def _are_hosts(value: tuple[str, ...]) -> tuple[str, ...]:
    for host in value:
        if not HOST.fullmatch(host):
            raise ValueError(f"{host!r} is not a host; write names without scheme and port, such as desk.example.com")
    return value


def _are_networks(value: tuple[str, ...]) -> tuple[str, ...]:
    for network in value:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise ValueError(
                f"{network!r} is neither an address nor a network; write such as 192.0.2.7 or 10.0.0.0/8"
            ) from None
    return value


Hosts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_are_hosts)]
Networks = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_are_networks)]


class Settings(BaseSettings):
    """Everything that can be configured; without a server address, Broadsheet uses the embedded server."""

    model_config = SettingsConfigDict(env_prefix="BROADSHEET_", frozen=True, env_ignore_empty=True)

    kafka: str | None = Field(None, description="Kafka's bootstrap servers; unset: the embedded Kafka.")
    kafka_user: str | None = Field(None, description="User name for Kafka (SCRAM-SHA-512); unset: no authentication.")
    kafka_password: SecretStr | None = Field(None, description="Password for BROADSHEET_KAFKA_USER.")
    kafka_ca: Path | None = Field(
        None, description="PEM file of the authority that signed Kafka's certificate; set: TLS is used."
    )
    elasticsearch: str | None = Field(None, description="Elasticsearch's URL; unset: the embedded Elasticsearch.")
    elasticsearch_user: str | None = Field(None, description="User name for Elasticsearch; unset: no authentication.")
    elasticsearch_password: SecretStr | None = Field(None, description="Password for BROADSHEET_ELASTICSEARCH_USER.")
    elasticsearch_ca: Path | None = Field(
        None, description="PEM file of the authority that signed Elasticsearch's certificate."
    )
    prefix: Annotated[str, AfterValidator(_is_prefix)] = Field(
        "", description="Begins the name of every topic, consumer group and index."
    )
    installation: str = Field(
        "",
        pattern=r"^[a-z0-9._-]{0,60}$",
        description="Names this installation in its messages' ce_source, such as maoming; unset: the prefix.",
    )
    partitions: int = Field(8, ge=1, le=1000, description="How many partitions a new topic gets.")
    replication: int = Field(1, ge=1, le=9, description="How many copies a new topic or index gets.")
    batch_records: int = Field(500, ge=1, le=10_000, description="How many records a stage processes in one batch.")
    issue_seconds: float = Field(
        30.0, gt=0, description="Processor time that segmenting one issue may take; past it, it goes to quarantine."
    )
    session_timeout: float = Field(
        12.0, ge=6, le=300, description="After how many seconds another worker takes over a dead worker's partitions."
    )
    http_port: int = Field(
        0,
        ge=0,
        le=65_535,
        description="Port of a stage's /live, /ready and /metrics, and of the desk's /metrics; 0: not served.",
    )
    http_host: str = Field(LOCAL_HOST, min_length=1, description="Address of BROADSHEET_HTTP_PORT.")
    desk_host: str = Field(LOCAL_HOST, min_length=1, description="Address on which the desk listens.")
    desk_port: int = Field(18080, ge=0, le=65_535, description="Port of the desk; 0: any free port.")
    desk_hosts: Hosts = Field(
        (),
        description=(
            "Names under which the desk answers, with commas, such as desk.example.com; "
            "localhost, 127.0.0.1, [::1] and BROADSHEET_DESK_HOST are always among them."
        ),
    )
    desk_proxies: Networks = Field(
        (),
        description=(
            "Addresses and networks, with commas, of the proxies whose X-Forwarded-For and X-Forwarded-Proto the desk "
            "believes; unset: none."
        ),
    )
    desk_searches_per_minute: int = Field(
        300, ge=0, le=1_000_000, description="How many searches and suggestions a client may ask for; 0: any number."
    )
    desk_exports_per_minute: int = Field(
        20, ge=0, le=1_000_000, description="How many files a client may ask for; 0: any number."
    )
    desk_corrections_per_minute: int = Field(
        120, ge=0, le=1_000_000, description="How many corrections a client may send; 0: any number."
    )
    desk_corrections: bool = Field(
        True, description="Whether editors may correct articles on the desk; false: they can only read."
    )
    desk_issues_per_minute: int = Field(
        600, ge=0, le=1_000_000, description="How many issues a client may publish on the desk; 0: any number."
    )
    desk_publishers: Path | None = Field(
        None,
        description="YAML file of the accounts that may publish on the desk; unset: nobody publishes there.",
    )
    desk_editor_header: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9-]{1,60}$",
        description="Request header in which your sign-on service names the editor; unset: editors type their name.",
    )
    traces: str | None = Field(
        None,
        pattern=r"^https?://[^\s/]+/\S*$",
        description=(
            "Address to which the stages send OpenTelemetry spans (OTLP/HTTP), such as "
            "http://collector:4318/v1/traces; unset: they send none."
        ),
    )
    log_format: Literal["auto", "ecs", "console"] = Field(
        "auto", description="ecs: JSON lines; console: readable; auto: console on a terminal, else ecs."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The lowest level that is logged."
    )
    home: Path = Field(Path(".broadsheet"), description="Folder for the data of the embedded servers and for logs.")
    local_kafka_port: int = Field(19092, ge=1, le=65_535, description="Port of the embedded Kafka.")
    local_elasticsearch_port: int = Field(19200, ge=1, le=65_535, description="Port of the embedded Elasticsearch.")
    cache: Path | None = Field(None, description="Folder for the downloaded servers; unset: ~/.cache/broadsheet.")

    @property
    def names(self) -> Names:
        """The names of topics, groups and indices."""
        return Names(self.prefix)

    def source_of(self, stage: str) -> str:
        """Return the `ce_source` of a stage's messages, such as broadsheet/maoming/segment."""
        return "/".join(part for part in ("broadsheet", self.installation or self.prefix.strip("-._"), stage) if part)

    @property
    def kafka_address(self) -> str:
        """The address of Kafka, configured or embedded."""
        return self.kafka or f"{LOCAL_HOST}:{self.local_kafka_port}"

    @property
    def elasticsearch_address(self) -> str:
        """The address of Elasticsearch, configured or embedded."""
        return self.elasticsearch or f"http://{LOCAL_HOST}:{self.local_elasticsearch_port}"


def load_settings(**given: Any) -> Settings:
    """Return the settings from the environment; `given` takes precedence.

    Raises:
        BroadsheetError: a variable is wrong; the text names the variable and the values it accepts.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        lines = [
            f"BROADSHEET_{'_'.join(str(step) for step in item['loc']).upper()}: {item['msg']}"
            for item in error.errors(include_url=False, include_input=False)
        ]
        raise BroadsheetError("\n".join(lines)) from None


@lru_cache(maxsize=1)
def variables() -> tuple[tuple[str, str, str], ...]:
    """Return the documented list: (variable, default, meaning) for every setting."""
    rows = []
    for name, info in Settings.model_fields.items():
        default = "" if info.default in (None, ()) else str(info.default)
        rows.append((f"BROADSHEET_{name.upper()}", default, info.description or ""))
    return tuple(rows)
