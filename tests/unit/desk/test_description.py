"""The OpenAPI description says what the desk answers, and nothing in it leads nowhere."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from services.desk.app import create_app
from services.runtime.settings import load_settings


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return create_app(load_settings()).openapi()


def operations(described: dict[str, Any]) -> dict[str, Any]:
    """Return method and path -> operation."""
    return {f"{method} {path}": one for path, by in described["paths"].items() for method, one in by.items()}


def test_every_schema_that_is_named_is_there(described: dict[str, Any]) -> None:
    """Those of bodies are not FastAPI's own."""
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(described)))
    assert named <= set(described["components"]["schemas"])
    assert {"RawIssue", "CorrectionRequest", "Problem"} <= named


def test_what_the_doors_answer_is_described(described: dict[str, Any]) -> None:
    """A request for another host, and one too many."""
    found = operations(described)
    assert all("421" in one["responses"] for one in found.values())
    limited = {name for name, one in found.items() if "429" in one["responses"]}
    assert {"get /api/search", "get /feeds/topics/{topic}", "get /api/export/{form}", "post /api/issues"} <= limited
    assert "get /api/articles/{article_id}" not in limited


def test_a_body_that_is_late_is_described(described: dict[str, Any]) -> None:
    """Both that take one wait for it for a time."""
    for name, one in operations(described).items():
        assert ("408" in one["responses"]) == name.startswith("post "), name


def test_every_error_is_a_problem(described: dict[str, Any]) -> None:
    """RFC 9457, with our code; a feed's too."""
    for name, one in operations(described).items():
        for status, answer in one["responses"].items():
            if status >= "4":
                assert set(answer["content"]) == {"application/problem+json"}, (name, status)
