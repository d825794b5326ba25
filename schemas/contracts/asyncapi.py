"""The AsyncAPI 3.1 document of our topics, with Kafka bindings, made from the same models as the JSON Schemas."""

from __future__ import annotations

from typing import Any, Final

from schemas.contracts.ids import MAJOR

BINDING: Final = "0.5.0"
JSON_SCHEMA: Final = "application/schema+json;version=draft/2020-12"

COMPACTED: Final = ("issues", "articles", "articles.tagged", "taxonomy")
RECEIVED: Final = ("issues.raw", "corrections")
"""The topics that others write to. Everything else we write, and others read."""

KEYS: Final = {"articles": "article id, or issue id for the record", "taxonomy": "the word taxonomy"}
KEYS_OF: Final = {**KEYS, "articles.tagged": KEYS["articles"]}

HEADERS: Final[dict[str, tuple[str, str]]] = {
    "ce_specversion": ("The version of CloudEvents: 1.0.", "1.0"),
    "ce_type": ("The type of message: broadsheet. and the field type of the value.", "broadsheet.tagged_article"),
    "ce_source": (
        "The stage that made it: broadsheet/INSTALLATION/STAGE, by BROADSHEET_INSTALLATION or BROADSHEET_PREFIX.",
        "broadsheet/maoming/tag",
    ),
    "ce_id": (
        "The event. A message that is made again has the same id, so source and id together tell a repeat.",
        "茂名日报/2023-08-15/552182f6e550/3465333964800000/1-3f2a9c0d7b1e",
    ),
    "ce_time": (
        "When the page or the correction that led to it was published, RFC 3339 in UTC.",
        "2023-08-15T00:00:00.000Z",
    ),
    "ce_subject": ("The article's id; of an issue's record, the issue's id.", "茂名日报/2023-08-15/552182f6e550"),
    "ce_dataschema": ("The $id of the JSON Schema that the value fits.", "urn:broadsheet:schema:articles.tagged:1"),
    "ce_difference": ("The field difference.kind of the value. Issues and records have none.", "changed"),
    "content-type": ("The media type of the value.", "application/json"),
    "traceparent": (
        "W3C Trace Context. It is the newsroom's, if the record on issues.raw had one.",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ),
}
"""The record headers of the messages that we write: name -> meaning, example."""


def document(release: str, titles: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """Return the document.

    Args:
        release: the version of Broadsheet.
        titles: topic -> title and description of its values.
    """
    return {
        "asyncapi": "3.1.0",
        "id": "urn:broadsheet",
        "info": {
            "title": "Broadsheet",
            "version": release,
            "description": "Pages of Chinese newspapers in, articles with topics out. Read with the isolation level "
            "read_committed. A null value never occurs: a withdrawal is a value. Keep the greatest version and "
            "generation of each key, and of equal ones the last. BROADSHEET_PREFIX comes before every address.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "kafka": {
                "host": "{bootstrap}",
                "protocol": "kafka",
                "description": "The installation's Kafka (BROADSHEET_KAFKA).",
                "variables": {"bootstrap": {"default": "127.0.0.1:19092", "description": "Host and port."}},
            }
        },
        "channels": {topic: _channel(topic, *titles[topic]) for topic in titles},
        "operations": {_operation(topic): _operation_of(topic) for topic in titles},
        "components": {"messages": {topic: _message(topic, *titles[topic]) for topic in titles}},
    }


def _channel(topic: str, title: str, description: str) -> dict[str, Any]:
    policy = ["compact"] if topic in COMPACTED else ["delete"]
    settings: dict[str, Any] = {"cleanup.policy": policy}
    if topic not in COMPACTED:
        settings["retention.ms"] = -1
    return {
        "address": topic,
        "title": title,
        "description": description,
        "servers": [{"$ref": "#/servers/kafka"}],
        "messages": {topic: {"$ref": f"#/components/messages/{topic}"}},
        "bindings": {"kafka": {"topic": topic, "topicConfiguration": settings, "bindingVersion": BINDING}},
    }


def _operation(topic: str) -> str:
    return f"{'receive' if topic in RECEIVED else 'send'}-{topic}"


def _operation_of(topic: str) -> dict[str, Any]:
    receives = topic in RECEIVED
    return {
        "action": "receive" if receives else "send",
        "channel": {"$ref": f"#/channels/{topic}"},
        "summary": "Newsrooms and editors write, Broadsheet reads." if receives else "Broadsheet writes, you may read.",
        "messages": [{"$ref": f"#/channels/{topic}/messages/{topic}"}],
    }


def _message(topic: str, title: str, description: str) -> dict[str, Any]:
    headers = {
        name: {"type": "string", "description": says, "examples": [one]} for name, (says, one) in HEADERS.items()
    }
    required = [name for name in headers if name != "ce_difference"]
    key = {"type": "string", "description": KEYS_OF.get(topic, "issue id: paper/date")}
    told = {} if topic in RECEIVED else {"headers": {"type": "object", "properties": headers, "required": required}}
    return {
        "name": topic,
        "title": title,
        "summary": description,
        "contentType": "application/json",
        **told,
        "payload": {"schemaFormat": JSON_SCHEMA, "schema": {"$ref": f"../json/{topic}.schema.json"}},
        "correlationId": {"location": "$message.header#/traceparent", "description": "The trace."},
        "bindings": {"kafka": {"key": key, "bindingVersion": BINDING}},
        "tags": [{"name": f"schema {MAJOR[topic]}"}],
    }
