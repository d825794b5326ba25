"""Kafka's requests as the tests send them: single ones, each of which asks for one right.

A request for something that does not exist, such as partition 9999, has no effect: Kafka decides first whether the user
may ask. Schemas: Kafka's message definitions (clients/src/main/resources/common/message).
"""

from __future__ import annotations

from typing import Any

from aiokafka.protocol.api import RequestStruct, Response
from aiokafka.protocol.types import CompactString, Int16, Schema, String

TEXT = String("utf-8")
COMPACT = CompactString("utf-8")
NOWHERE = 9999
"""A partition that no topic has."""

FAULT = (("error_code", Int16), ("message", TEXT))


class Raw:
    """A request of one version, in the form that aiokafka's connection takes."""

    def __init__(self, struct: RequestStruct) -> None:
        self.API_KEY = struct.API_KEY
        self._struct = struct

    def prepare(self, _versions: object) -> RequestStruct:
        return self._struct


def request(key: int, version: int, asked: Schema, answered: Schema, *, flexible: bool = False) -> type[Any]:
    """Return the class of a request; calling it with the fields gives a `Raw`."""
    answer = type("Answer", (Response,), {"API_KEY": key, "API_VERSION": version, "SCHEMA": answered})
    body = {"API_KEY": key, "API_VERSION": version, "SCHEMA": asked, "RESPONSE_TYPE": answer}
    struct = type("Struct", (RequestStruct,), body | {"FLEXIBLE_VERSION": flexible})

    class Built(Raw):
        def __init__(self, *fields: Any) -> None:
            super().__init__(struct(*fields))

    return Built
