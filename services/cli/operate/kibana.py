"""`broadsheet kibana`: import data views, saved searches and the dashboard; Kibana may still be starting."""

from __future__ import annotations

import base64
import json
import time
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import urllib3
import yaml
from urllib3.exceptions import HTTPError, LocationValueError, SSLError

from seeds.kibana.objects import ndjson, saved_objects
from services.cli.shared.console import err, out
from services.runtime.errors import BroadsheetError, Unavailable

if TYPE_CHECKING:
    from pathlib import Path

    from services.runtime.settings import Settings

PATH: Final = "/api/saved_objects/_import?overwrite=true"
REQUEST_SECONDS: Final = 60.0
PAUSE_SECONDS: Final = 2.0
STARTING: Final = frozenset({429, 502, 503, 504})
"""The answers of a Kibana that is not up yet, or of a proxy before it."""
REFUSING: Final = frozenset({401, 403})
SHOWN_CHARACTERS: Final = 200
SHOWN_FAULTS: Final = 3


def import_objects(
    settings: Settings, address: str, *, ca: Path | None = None, wait: float = 0.0, pause: float = PAUSE_SECONDS
) -> None:
    """Import every object, replacing those of an earlier import, and print a message.

    Args:
        settings: the prefix of indices and ids, and the account; Kibana uses the accounts of Elasticsearch.
        address: Kibana's URL.
        ca: a PEM file of the authority that signed Kibana's certificate, if the system does not know it.
        wait: seconds to keep trying while Kibana does not answer or is starting.
        pause: seconds between two tries.

    Raises:
        Unavailable: Kibana was not up in time.
        BroadsheetError: Kibana refuses the account or an object, or another server answers at its address.
    """
    if not address.startswith(("http://", "https://")):
        raise BroadsheetError(f"{address!r} is not a URL such as http://127.0.0.1:5601.")
    if ca is not None and not ca.is_file():
        raise BroadsheetError(f"{ca}: no such file; --ca takes the PEM file of the authority.")
    source = yaml.safe_load((files("seeds.kibana") / "newsroom.yaml").read_text(encoding="utf-8"))
    objects = saved_objects(source, settings.prefix)
    deadline = time.monotonic() + wait
    with (
        err.status("waiting for Kibana …"),
        urllib3.PoolManager(
            headers=_headers(settings), retries=False, timeout=REQUEST_SECONDS, ca_certs=str(ca) if ca else None
        ) as kibana,
    ):
        while reason := _try(kibana, settings, address, ndjson(objects)):
            if time.monotonic() >= deadline:
                raise Unavailable(
                    f"Kibana is not up at {address} ({reason}).\n"
                    "Try again when it is, or wait longer with --wait SECONDS."
                )
            time.sleep(pause)
    title = source["dashboard"]["title"]
    out.print(f"{len(objects)} objects imported into Kibana at {address}; its dashboard is {title}", soft_wrap=True)


def _headers(settings: Settings) -> dict[str, str]:
    headers = {"kbn-xsrf": "true"}
    if settings.elasticsearch_user is not None:
        password = settings.elasticsearch_password
        account = f"{settings.elasticsearch_user}:{password.get_secret_value() if password else ''}"
        headers["authorization"] = f"Basic {base64.b64encode(account.encode()).decode()}"
    return headers


def _try(kibana: urllib3.PoolManager, settings: Settings, address: str, lines: str) -> str:
    """Try one import; return why Kibana is not up, or nothing when it has accepted everything."""
    form = {"file": ("kibana.ndjson", lines, "application/ndjson")}
    try:
        answer = kibana.request("POST", address.rstrip("/") + PATH, fields=form)
    except LocationValueError:
        raise BroadsheetError(f"{address!r} is not a URL such as http://127.0.0.1:5601.") from None
    except SSLError as error:
        raise BroadsheetError(
            f"Kibana's certificate at {address} is not trusted: {error}\nName its authority's file with --ca."
        ) from None
    except HTTPError as error:
        return type(error).__name__
    if answer.status in STARTING:
        return f"it answers {answer.status}"
    _check(answer, settings, address)
    return ""


def _check(answer: urllib3.BaseHTTPResponse, settings: Settings, address: str) -> None:
    """Raise unless Kibana says that every object is there."""
    text = answer.data.decode("utf-8", "replace")
    if answer.status in REFUSING:
        account = settings.elasticsearch_user or "nobody"
        raise BroadsheetError(
            f"Kibana at {address} refuses to let {account} import (HTTP {answer.status}).\n"
            "BROADSHEET_ELASTICSEARCH_USER and _PASSWORD name the account; it must be allowed to manage saved objects."
        )
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict) or "success" not in said:
        raise BroadsheetError(
            f"What answers at {address} is no Kibana that can import (HTTP {answer.status}): "
            f"{text[:SHOWN_CHARACTERS]!r}"
        )
    if not said["success"]:
        faults = said.get("errors", [])
        named = "; ".join(_fault(fault) for fault in faults[:SHOWN_FAULTS])
        raise BroadsheetError(f"Kibana did not take {len(faults)} of the objects: {named}")


def _fault(fault: dict[str, Any]) -> str:
    return f"{fault.get('type')} {fault.get('id')}: {json.dumps(fault.get('error'), ensure_ascii=False)}"
