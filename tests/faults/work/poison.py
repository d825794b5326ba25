"""Messages that cannot be processed: each must end in quarantine and must not stop anything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    import random

    from services.runtime.messages.records import Headers

Topic = Literal["raw", "corrections", "issues", "articles", "tagged"]
"""A field of `services.runtime.names.Names`."""

JSON: Headers = (("content-type", b"application/json"),)
TEXT = ("content-type", b"text/plain")

PAGE = "长堤码头昨日完工\n■记者 陈海\n本报讯 码头添置了新设备。\n"


def poison_for(chance: random.Random, paper: str, date: str) -> tuple[bytes | None, Headers]:
    """Return the value and headers of a raw message that has an issue's key but is not an issue."""
    good: dict[str, Any] = {"paper": paper, "date": date, "revision": 7, "pages": [{"page": 1, "text": PAGE}]}
    named: Headers = (TEXT, ("paper", paper.encode()), ("date", date.encode()))
    kinds: tuple[tuple[bytes | None, Headers], ...] = (
        (b"{not json", JSON),
        (_json(good)[:-20], JSON),
        (_json(good | {"publisher": "x"}), JSON),
        (_json(good | {"date": "2023-02-30"}), JSON),
        (_json(good | {"date": "2001-01-01"}), JSON),
        (_json(good | {"revision": -1}), JSON),
        (_json(good | {"pages": []}), JSON),
        (_json(good | {"pages": good["pages"] * 2}), JSON),
        (_json(good | {"pages": [{"page": 0, "text": PAGE}]}), JSON),
        (_json(good | {"pages": [{"page": 1, "text": " \n\n"}]}), JSON),
        (_json(good | {"withdrawn": True}), JSON),
        (_json({"pages": good["pages"]}), JSON),
        (b"[1, 2, 3]", JSON),
        (None, ()),
        (b"", JSON),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\xff\xfe", (*named, ("page", b"1"))),
        (PAGE.encode("utf-16"), (*named, ("page", b"1"))),
        (PAGE.encode("gb18030"), (*named, ("page", b"1"), ("encoding", b"utf-8"))),
        (PAGE.encode(), (*named, ("page", b"one"))),
        (PAGE.encode(), (*named, ("pages", b"1-3"))),
        (PAGE.encode(), named),
        (PAGE.encode(), (*named, ("page", b"1"), ("complete", b"perhaps"))),
    )
    return chance.choice(kinds)


def poison_anywhere(chance: random.Random, number: int) -> tuple[Topic, bytes, bytes]:
    """Return the topic, key and value of a message that a program wrote to a wrong topic."""
    topics = get_args(Topic)
    values = (b"{", b"\xff\xfe\x00", b'{"type": "unheard of"}', _json({"type": "article", "number": number}), b"\x00")
    return topics[number % len(topics)], f"stray-{number}".encode(), chance.choice(values) + b" " * chance.randint(0, 9)


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()
