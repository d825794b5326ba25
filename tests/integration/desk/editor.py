"""An editor's browser and an editor's program, and what they put on the topic of corrections."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from schemas.contract import decode
from schemas.correction import (
    Correction,
)
from tests.integration.desk.archive import settings_for
from tests.kafka import read_all
from tests.unit.desk.edition import article, teas

if TYPE_CHECKING:
    from tests.integration.desk.archive import Answer, Desk
    from tests.servers import Servers

ARTICLE = f"/articles/{quote(article().article_id)}"
POSTED = f"{ARTICLE}/corrections"
API = f"/api{POSTED}"
FORM = "application/x-www-form-urlencoded"
CHOSEN = ("checkbox", "radio")
KIND = {"change": "kind", "kind": "brief"}
TEAS = f"/articles/{quote(teas().article_id)}"


class FormReader(HTMLParser):
    """Reads what a browser would send of the form to correct an article."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self._inside = False
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "details" and given.get("id") == "correct":
            self._inside = True
        elif self._inside and tag == "select":
            self._select = given["name"] or ""
        elif self._inside and tag == "option" and "selected" in given:
            self.pairs.append((self._select, given["value"] or ""))
        elif self._inside and tag == "input" and (given.get("type") not in CHOSEN or "checked" in given):
            self.pairs.append((given["name"] or "", given.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self._inside = False


@dataclass(slots=True)
class Editor:
    """A browser without JavaScript: it keeps cookies and sends forms."""

    desk: Desk
    cookies: dict[str, str] = field(default_factory=dict)

    def go(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.desk.get(path, method, body, **({"accept_language": "en"} | headers))
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def form(self, path: str = ARTICLE) -> dict[str, Any]:
        """Return the fields of the form on an article's page as they are sent unchanged."""
        reader = FormReader()
        reader.feed(self.go(path).text)
        fields: dict[str, Any] = {}
        for name, value in reader.pairs:
            if name in {"topic", "seen_topic"}:
                fields.setdefault(name, []).append(value)
            else:
                fields[name] = value
        return fields

    def send(self, fields: dict[str, Any], path: str = POSTED, **headers: str) -> Answer:
        given = {"content_type": FORM, "origin": self.desk.address} | headers
        return self.go(path, "POST", urlencode(fields, doseq=True).encode(), **given)


def on_topic(servers: Servers, prefix: str) -> list[tuple[str, Correction]]:
    """Return the corrections on the topic with their keys, in the order of their times."""
    settings = settings_for(servers, prefix)
    records = read_all(settings, settings.names.corrections)
    found = [((record.key or b"").decode(), decode(Correction, record.value)) for record in records]
    return sorted(found, key=lambda one: one[1].at)


def program(desk: Desk, asked: dict[str, Any], path: str = API, **headers: str) -> Answer:
    return desk.get(path, "POST", json.dumps(asked).encode(), content_type="application/json", **headers)
