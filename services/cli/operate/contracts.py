"""`broadsheet contracts register`: give a schema registry the JSON Schemas of our topics.

It speaks the API of Confluent's registry (`POST /subjects/SUBJECT/versions`), which Apicurio, Karapace and Redpanda
speak, too. Nothing in Broadsheet needs a registry.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import urllib3

from schemas.contracts.ids import MAJOR
from services.cli.shared.console import out
from services.runtime.errors import BroadsheetError, Unavailable

if TYPE_CHECKING:
    from services.runtime.settings import Settings

MEDIA_TYPE: Final = "application/vnd.schemaregistry.v1+json"
SECONDS: Final = 30.0
INCOMPATIBLE: Final = 409
SHOWN: Final = 300


def register(settings: Settings, address: str, user: str | None = None, ca: str | None = None) -> None:
    """Register each topic's schema under its subject, and print the id that the registry gave it.

    A schema that the registry has already keeps its id, so you can run it again.

    Args:
        settings: the installation, whose prefix the subjects have.
        address: the registry's URL; of Apicurio, with /apis/ccompat/v7.
        user: NAME:PASSWORD, if the registry asks for it.
        ca: PEM file of the authority that signed the registry's certificate.

    Raises:
        BroadsheetError: the registry refuses a schema; the text says why and what to do.
        Unavailable: the registry does not answer.
    """
    pool = urllib3.PoolManager(ca_certs=ca, timeout=SECONDS, retries=False)
    headers = {"Content-Type": MEDIA_TYPE, "Accept": MEDIA_TYPE}
    if user is not None:
        headers |= urllib3.make_headers(basic_auth=user)
    for topic in MAJOR:
        subject = f"{settings.prefix}{topic}-value"
        text = files("schemas").joinpath("json", f"{topic}.schema.json").read_text(encoding="utf-8")
        body = {"schemaType": "JSON", "schema": text}
        url = f"{address.rstrip('/')}/subjects/{subject}/versions"
        try:
            answer = pool.request("POST", url, body=json.dumps(body).encode(), headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise Unavailable(f"The registry at {address} does not answer: {error}") from error
        out.print(f"{subject}: id {_id_in(answer, subject)}", markup=False)


def _id_in(answer: urllib3.BaseHTTPResponse, subject: str) -> int:
    if answer.status == INCOMPATIBLE:
        raise BroadsheetError(
            f"The registry refuses {subject}: {_reason(answer)}\n"
            f"Its rule for {subject} does not allow this release's schema. Messages only gain optional fields and open "
            f"values, so set the rule to NONE or FORWARD (PUT /config/{subject}), and register again."
        )
    if answer.status >= 400:  # noqa: PLR2004  # an error, in HTTP
        raise BroadsheetError(f"The registry refuses {subject} ({answer.status}): {_reason(answer)}")
    try:
        return int(_content(answer)["id"])
    except (ValueError, KeyError, TypeError):
        raise BroadsheetError(
            f"What answers for {subject} is no schema registry: {_reason(answer)}\n"
            "Give the URL of its Confluent API; Apicurio has it at /apis/ccompat/v7."
        ) from None


def _reason(answer: urllib3.BaseHTTPResponse) -> str:
    try:
        return str(_content(answer)["message"])[:SHOWN]
    except (ValueError, KeyError, TypeError):
        return answer.data[:SHOWN].decode("utf-8", "replace")


def _content(answer: urllib3.BaseHTTPResponse) -> Any:
    return json.loads(answer.data)
